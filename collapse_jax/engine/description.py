"""What a program is traced from, as nested tuples of plain values: a description that is equal only for one program.

Reached are the byte code and the closures of functions, the fields of dataclasses, and names in hashed source or in
packages of known version. What cannot be described so, such as the code of a user, has no description.
"""

import dataclasses
import functools
import sys
import types
from typing import Any

import jax
import numpy as np

__all__ = ["OWN", "STANDS_ON", "Undescribed", "description_of"]

OWN = ("collapse_jax", "proofs_check")
STANDS_ON = ("jax", "jaxlib", "numpy", "scipy", "equinox", "optimistix", "lineax", "optax", "jaxtyping")
_PLAIN = (type(None), bool, int, float, complex, str, bytes)


class Undescribed(Exception):
    """Something has no description."""


def description_of(value: Any, seen: dict[int, tuple[int, Any]] | None = None) -> Any:
    """Nested tuples of plain values, equal only for what leads to one program.

    **Args**: `value`: whatever a program is traced from; `seen`: what was met on the way to it.

    **Returns**: tuples, strings and bytes, whose `repr` can be hashed.

    **Raises**: Undescribed if unsure.
    """
    seen = {} if seen is None else seen
    if type(value) in _PLAIN:
        return type(value).__name__, repr(value)
    if id(value) in seen:
        return "again", seen[id(value)][0]
    seen[id(value)] = len(seen), value  # kept, or its id would be that of another

    def each(values):
        return tuple(description_of(item, seen) for item in values)

    if isinstance(value, jax.ShapeDtypeStruct):
        return "shape", value.shape, str(value.dtype), value.weak_type
    if isinstance(value, np.dtype):
        return "dtype", value.str
    if isinstance(value, np.ndarray | np.generic):
        if value.dtype.hasobject:
            raise Undescribed
        return "array", value.dtype.str, value.shape, value.tobytes()
    if isinstance(value, tuple | list):
        return _reference(type(value)), each(value)
    if type(value) is dict:
        return "dict", each(value.items())
    if isinstance(value, functools.partial):
        return "partial", each((value.func, value.args, value.keywords))
    if isinstance(value, types.FunctionType) and "<locals>" in value.__qualname__:
        if value.__module__.partition(".")[0] not in OWN or value.__code__.co_filename.startswith("<"):
            raise Undescribed
        cells = each(cell.cell_contents for cell in value.__closure__ or ())
        name = (value.__module__, value.__qualname__)
        return "function", name, _code(value.__code__), each((value.__defaults__, value.__kwdefaults__)), cells
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        names = [item.name for item in dataclasses.fields(value)]
        if not set(getattr(value, "__dict__", ())) <= set(names):
            raise Undescribed
        return _reference(type(value)), tuple(names), each(getattr(value, name) for name in names)
    return _reference(value)


def _code(code: types.CodeType) -> Any:
    constants = tuple(_code(item) if isinstance(item, types.CodeType) else repr(item) for item in code.co_consts)
    return code.co_code, code.co_names, code.co_varnames, code.co_freevars, code.co_firstlineno, constants


def _reference(value: Any) -> tuple[str, str]:
    """Module and name of what hashed source or a package of known version defines under that name."""
    module, name = getattr(value, "__module__", None), getattr(value, "__qualname__", None)
    known = (*OWN, *STANDS_ON, "builtins")
    if not isinstance(module, str) or not isinstance(name, str) or module.partition(".")[0] not in known:
        raise Undescribed
    found: Any = sys.modules.get(module)
    for part in name.split("."):
        found = getattr(found, part, None)
    if found is not value:
        raise Undescribed
    return module, name
