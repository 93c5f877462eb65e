"""From names and assignments on a command line to a family and a workflow."""

import importlib.util
import inspect
import re
from collections.abc import Iterator, Mapping
from typing import Any

import collapse_jax
from proofs_check import papers, registry


def kinds(module: str) -> dict[str, str]:
    """Public families or workflows (`module`) by their name on the command line; builds and imports nothing."""
    return {kebab(name): name for name in collapse_jax.exported(module) if name not in _ABSTRACT}


_ABSTRACT = ("Family", "Workflow", "Around")


def kebab(name: str) -> str:
    """`LinearRegression` as linear-regression."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "-", name).lower()


def find(module: str, name: str) -> type:
    """The public family or workflow with a name on the command line, or the one in the room of a paper.

    **Args**: `module`: "families" or "workflows"; `name`: in kebab case.

    **Returns**: the class.

    **Raises**: ValueError for a name that neither has, naming those that there are.
    """
    known = kinds(module)
    if name in known:
        return getattr(collapse_jax, known[name])
    base = collapse_jax.Family if module == "families" else collapse_jax.Workflow
    rooms = {
        kebab(kind.__name__): kind for kind in _in_rooms(module) if isinstance(kind, type) and issubclass(kind, base)
    }
    if name not in rooms:
        raise ValueError(f"unknown {_ONE[module]} {name!r}; known are {', '.join([*known, *rooms])}")
    return rooms[name]


_ONE = {"families": "family", "workflows": "workflow"}


def metric(name: str) -> Any:
    """What `simulate` takes for the name of a metric: the name itself, or the function in the room of a paper."""
    if name in collapse_jax.METRICS:
        return name
    return next((found for found in _in_rooms("metrics") if getattr(found, "__name__", "") == name), name)


def _in_rooms(module: str) -> Iterator[Any]:
    """The public values that the rooms of the papers define in a module of this name."""
    for key in registry.papers():
        home = f"{papers.__name__}.{key}.{module}"
        if importlib.util.find_spec(home) is not None:
            there = vars(importlib.import_module(home))
            own = (value for name, value in there.items() if name in there.get("__all__", there) and name[0] != "_")
            yield from (value for value in own if str(getattr(value, "__module__", "")).startswith(home))


def build(family: Any, workflow: Any, values: Mapping[str, Any]) -> tuple[Any, Any]:
    """Construct a family and a workflow, giving each assignment to the class that has a parameter of that name."""
    family_name, workflow_name = family.__name__, workflow.__name__
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
