"""From names and assignments on a command line to a family and a workflow."""

import importlib.util
import inspect
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import collapse_jax
from proofs_check import papers, registry


def kinds(module: str) -> dict[str, str]:
    """Public families or workflows (`module`) by their name on the command line; builds and imports nothing."""
    return {kebab(name): name for name in collapse_jax.exported(module) if name not in _ABSTRACT}


_ABSTRACT = ("Family", "Workflow", "Around", "Spectral")


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


def protocol(name: str) -> Any:
    """The workflow with a name on the command line, or of several, as "tempered:replace", each around the next.

    **Args**: `name`: names in kebab case, joined by colons.

    **Returns**: the class, or what is called like one.

    **Raises**: ValueError for an unknown name, and for what goes around nothing or cannot go around another.
    """
    *outer, last = (find("workflows", part) for part in name.split(":"))
    for kind in outer:
        if not issubclass(kind, collapse_jax.Around):
            raise ValueError(f"{kebab(kind.__name__)} goes around no other workflow; only a name before a colon does")
    if issubclass(last, collapse_jax.Around):
        raise ValueError(f"{name} goes around another workflow; name it after a colon, as in {name}:replace")
    return _Nested(outer, last) if outer else last


class _Nested:
    """Workflows around another, called with the parameters of all of them."""

    def __init__(self, outer: Sequence[type], inner: type):
        self.__name__ = " around ".join(kind.__name__ for kind in (*outer, inner))
        self._outer, self._inner = outer, inner
        own = [item for kind in (inner, *reversed(outer)) for item in _own(kind).values()]
        named = {item.name: item.replace(kind=inspect.Parameter.KEYWORD_ONLY) for item in own}
        self.__signature__ = inspect.Signature(list(named.values()))

    def __call__(self, **values: Any) -> Any:
        def given(kind: type) -> dict[str, Any]:
            return {name: values[name] for name in _own(kind) if name in values}

        made = self._inner(**given(self._inner))
        for kind in reversed(self._outer):
            made = kind(made, **given(kind))
        return made


def _own(kind: type) -> dict[str, inspect.Parameter]:
    """Parameters besides the workflow that one goes around."""
    return {name: item for name, item in _parameters(kind).items() if name != "workflow"}


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
