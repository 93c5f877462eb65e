"""What identifies code of the user's: what it was compiled to, never its name.

A metric edited under its old name is another metric, and so is one whose helper was edited: resuming, adding or merging
runs of the two would mix numbers of different quantities. The fingerprint of a function covers its byte code, its
defaults, its closure and every global it reaches by name in code of the user's; that of a class all its methods. Code
of installed packages counts by name, since versions are recorded beside. Byte code and not text: a session that never
had a file has no text, and a file may have been edited after it was imported.
"""

import dataclasses
import dis
import functools
import hashlib
import pickle
import sys
import sysconfig
import types
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

__all__ = ["Unidentified", "fingerprint", "is_users"]

_PLAIN = (type(None), bool, int, float, complex, str, bytes, type(...))
# What a class holds besides its code: where it was written, and what Python and Equinox derive from the rest.
_DERIVED = {
    "__abstractmethods__", "__annotations__", "__dict__", "__doc__", "__firstlineno__", "__init_subclass__",
    "__module__", "__static_attributes__", "__weakref__", "__dataclass_fields__", "__dataclass_params__",
    "__match_args__", "__replace__", "_abc_impl", "__parameters__", "__orig_bases__",
    "__hash__", "__eq__", "__repr__", "__qualname__", "__slots__", "__slotnames__",
}  # fmt: skip


class Unidentified(ValueError):
    """A value that cannot be told from another one of its kind."""


def fingerprint(value: Any) -> str:
    """Sixteen hexadecimal digits that differ where the code behind `value` does.

    **Args**: `value`: a function, class or object.

    **Returns**: the same text in every process, for the same code and the same versions of what it stands on.

    **Raises**: `Unidentified` for an object that has neither code nor fields nor a state that can be written down.
    """
    return hashlib.sha256(repr(_Walk().of(value)).encode()).hexdigest()[:16]


def is_users(value: Any) -> bool:
    """Whether this function, class or object comes from neither Python nor an installed package nor this one."""
    module = getattr(value, "__module__", None)
    return _is_users(module if isinstance(module, str) else type(value).__module__)


@functools.cache
def _installed() -> tuple[Path, ...]:
    names = ("stdlib", "platstdlib", "purelib", "platlib")
    return tuple({Path(sysconfig.get_path(name)).resolve() for name in names})


def _is_users(module: str) -> bool:
    if module.partition(".")[0] in ("collapse_jax", "builtins", *sys.stdlib_module_names):
        return False
    file = getattr(sys.modules.get(module), "__file__", None)
    if file is None:  # a script, a notebook, a prompt
        return True
    path = Path(file).resolve()
    return not any(path.is_relative_to(folder) for folder in _installed())


class _Walk:
    """Nested tuples of plain values that stand for a value and all the user's code it reaches."""

    def __init__(self):
        self._seen: dict[int, tuple[int, Any]] = {}

    def of(self, value: Any) -> Any:
        if type(value) in _PLAIN:
            return type(value).__name__, repr(value)
        if id(value) in self._seen:
            return "again", self._seen[id(value)][0]
        self._seen[id(value)] = len(self._seen), value  # kept, or its id would be that of another
        if isinstance(value, types.ModuleType):
            return "module", value.__name__
        if isinstance(value, np.ndarray | np.generic) or (hasattr(value, "shape") and hasattr(value, "dtype")):
            return self._array(value)
        if isinstance(value, tuple | list):
            return type(value).__name__, self._each(value)
        if isinstance(value, set | frozenset):
            return type(value).__name__, sorted(repr(self.of(item)) for item in value)
        if isinstance(value, Mapping):
            return type(value).__name__, self._each(value.items())
        return self._code(value)

    def _each(self, values: Iterable) -> tuple:
        return tuple(self.of(item) for item in values)

    def _array(self, value: Any) -> Any:
        try:
            array = np.asarray(value)
        except Exception as error:
            raise Unidentified(f"{type(value).__name__} has no values yet") from error
        if array.dtype.hasobject:
            return "array", array.shape, self._each(array.ravel().tolist())
        return "array", array.dtype.str, array.shape, hashlib.sha256(np.ascontiguousarray(array).tobytes()).hexdigest()

    def _code(self, value: Any) -> Any:
        if (
            isinstance(getattr(value, "__qualname__", None), str)
            and "<" not in value.__qualname__
            and not is_users(value)
        ):
            return "name", str(value.__module__), value.__qualname__
        if isinstance(value, functools.partial):
            return "partial", self._each((value.func, value.args, value.keywords))
        if isinstance(value, types.MethodType):
            return "method", self._each((value.__func__, value.__self__))
        if isinstance(value, property):
            return "property", self._each((value.fget, value.fset))
        if isinstance(value, staticmethod | classmethod):
            return type(value).__name__, self.of(value.__func__)
        if isinstance(value, types.FunctionType):
            return self._function(value)
        if isinstance(value, type):
            return self._class(value)
        wrapped = getattr(value, "__wrapped__", None)
        if wrapped is not None:  # jax.jit, functools.cache and their like
            return "wrapped", type(value).__qualname__, self.of(wrapped)
        return self._object(value)

    def _function(self, value: types.FunctionType) -> Any:
        code = value.__code__
        cells = []
        for cell in value.__closure__ or ():
            try:
                cells.append(cell.cell_contents)
            except ValueError:  # not filled yet: a function that names itself
                cells.append(None)
        reached = [(name, self._reached(value.__globals__[name])) for name in _reads(code) if name in value.__globals__]
        parts = self._each((value.__defaults__, value.__kwdefaults__, cells))
        return "function", value.__name__, self._bytes(code, value.__doc__), parts, reached

    def _reached(self, value: Any) -> Any:
        """A global; of one that cannot be described, a lock or a generator, it matters only what kind it is."""
        try:
            return self.of(value)
        except Unidentified:
            return "unidentified", type(value).__qualname__

    def _bytes(self, code: types.CodeType, said: str | None = None) -> Any:
        """What a function does; neither the place where it stands nor what it says of itself is part of that."""
        known = code.co_consts[1:] if said is not None and code.co_consts[:1] == (said,) else code.co_consts
        constants = [self._bytes(item) if isinstance(item, types.CodeType) else self.of(item) for item in known]
        return code.co_code.hex(), code.co_names, code.co_varnames, code.co_freevars, code.co_argcount, constants

    def _class(self, value: type) -> Any:
        own = {name: item for name, item in vars(value).items() if name not in _DERIVED}
        bases = self._each(base for base in value.__mro__[1:] if base is not object)
        return "class", value.__name__, bases, self._each(own.items())

    def _object(self, value: Any) -> Any:
        if dataclasses.is_dataclass(value):
            held = {item.name: getattr(value, item.name, None) for item in dataclasses.fields(value)}
        elif is_users(type(value)) and hasattr(value, "__dict__"):
            held = dict(vars(value))
        else:
            try:
                held = {"state": pickle.dumps(value)}
            except Exception as error:
                raise Unidentified(f"a {type(value).__name__} has no fields to tell it by") from error
        return "object", self.of(type(value)), self._each(held.items())


def _reads(code: types.CodeType) -> list[str]:
    """The globals that a function and those inside it read, in a fixed order."""
    own = [item.argval for item in dis.get_instructions(code) if item.opname in ("LOAD_GLOBAL", "LOAD_NAME")]
    inner = [name for item in code.co_consts if isinstance(item, types.CodeType) for name in _reads(item)]
    return list(dict.fromkeys([*own, *inner]))
