"""A redefined method wins: short cuts that a subclass contradicts are switched off in it.

A *short cut* does what other methods do, by a faster way: `refit` what `sample` and `fit` do. It holds in a subclass if
all that the subclass redefines of these methods, and of what they call, reaches the short cut too: because it is
defined at least as far down, or because it calls the redefined method itself.
"""

import functools
import inspect
import types
from collections.abc import Iterable, Mapping
from typing import Any

__all__ = ["contradicts", "fall_back"]


def contradicts(cls: type, short_cut: str, abbreviated: Iterable[str], owner: type | None = None) -> list[str]:
    """What has been redefined since this short cut was defined, and is not part of it.

    **Args**: `cls`: the class to look at; `short_cut`: the name of a method; `abbreviated`: those that it stands for;
    `owner`: the class whose short cut is meant, by default the one that `cls` inherits from.

    **Returns**: names of methods and properties that contradict the short cut, in the order in which they are reached.
    """
    owner = cls.__mro__[_level(cls, short_cut)] if owner is None else owner
    defined = cls.__mro__.index(owner)
    known = _reached(cls, [name for code in _codes(vars(owner)[short_cut]) for name in _names(code)])
    return [name for name in _reached(cls, abbreviated) if name not in known and _level(cls, name) < defined]


def fall_back(cls: type, base: type, short_cuts: Mapping[str, tuple[str, ...]]) -> None:
    """Give a subclass of `base` the short cuts of `base` in place of those that it contradicts.

    **Args**: `cls`: a class that is being made; `base`: the abstract class, whose own short cuts always hold;
    `short_cuts`: which methods each of them stands for.
    """
    for name, abbreviated in short_cuts.items():
        if _level(cls, name) < cls.__mro__.index(base) and contradicts(cls, name, abbreviated):
            setattr(cls, name, vars(base)[name])


def _level(cls: type, name: str) -> int:
    """How far up the class stands that defines this name."""
    return next(index for index, kind in enumerate(cls.__mro__) if name in vars(kind))


def _reached(cls: type, names: Iterable[str]) -> list[str]:
    """These methods of a class, and those that they call."""
    found: dict[str, None] = {}
    todo = list(names)
    while todo:
        name = todo.pop(0)
        if name in found or not any(name in vars(kind) for kind in cls.__mro__[:-1]):
            continue
        found[name] = None
        todo += [used for code in _codes(inspect.getattr_static(cls, name)) for used in _names(code)]
    return list(found)


def _codes(value: Any) -> list[types.CodeType]:
    if isinstance(value, property):
        return [code for part in (value.fget, value.fset) for code in _codes(part)]
    if isinstance(value, functools.cached_property):
        return _codes(value.func)
    if isinstance(value, staticmethod | classmethod):
        return _codes(value.__func__)
    if not isinstance(value, types.FunctionType) and hasattr(value, "method"):  # wrapped by Equinox
        value = value.method
    code = getattr(inspect.unwrap(value), "__code__", None) if callable(value) else None
    return [code] if code is not None else []


def _names(code: types.CodeType) -> list[str]:
    inner = [name for item in code.co_consts if isinstance(item, types.CodeType) for name in _names(item)]
    return [*code.co_names, *inner]
