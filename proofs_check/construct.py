"""From names and assignments on a command line to a family and a workflow."""

import inspect
import re
from collections.abc import Mapping
from typing import Any

import collapse_jax


def kinds(module: str) -> dict[str, str]:
    """Public families or workflows (`module`) by their name on the command line; builds and imports nothing."""
    return {kebab(name): name for name in collapse_jax.exported(module) if name not in ("Family", "Workflow")}


def kebab(name: str) -> str:
    """`LinearRegression` as linear-regression."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "-", name).lower()


def build(family_name: str, workflow_name: str, values: Mapping[str, Any]) -> tuple[Any, Any]:
    """Construct both, giving each assignment to the one that has a parameter of that name."""
    family, workflow = getattr(collapse_jax, family_name), getattr(collapse_jax, workflow_name)
    of_family, of_workflow = _parameters(family), _parameters(workflow)
    own, shared = dict(values), {}
    if family.sample_name != "n" and family.sample_name in own:
        own["n"] = own.pop(family.sample_name)
    known = {**of_family, **of_workflow}
    for name in own:
        if name not in known:
            raise ValueError(
                f"--set {name}=... fits neither {family_name} ({', '.join(of_family)}) "
                f"nor {workflow_name} ({', '.join(of_workflow)})"
            )
    for needed in [*of_family, *of_workflow]:
        if known[needed].default is inspect.Parameter.empty and needed not in own:
            shared[needed] = None
    if shared:
        raise ValueError(
            f"{family_name} under {workflow_name} needs " + " ".join(f"--set {name}=..." for name in shared)
        )
    try:
        return (
            family(**{name: own[name] for name in of_family if name in own}),
            workflow(**{name: own[name] for name in of_workflow if name in own}),
        )
    except TypeError as error:
        raise ValueError(f"a value of --set has the wrong type: {error}") from None


def _parameters(kind: type) -> dict[str, inspect.Parameter]:
    return dict(inspect.signature(kind).parameters)
