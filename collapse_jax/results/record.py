"""What a run was, as JSON holds it: the description of a family and a workflow, versions, and how two runs differ."""

import platform
from collections.abc import Mapping
from functools import cache
from importlib.metadata import version
from typing import Any, Protocol, runtime_checkable

import numpy as np

from collapse_jax.results.identity import Unidentified, fingerprint, is_users

__all__ = ["configuration", "describe", "differing", "plain", "versions"]


@runtime_checkable
class Described(Protocol):
    """A family or a workflow: it names the arguments it could be made of again."""

    @property
    def described(self) -> dict[str, Any]: ...


def configuration(module: Described) -> dict[str, Any]:
    """Class and arguments of a family or workflow, in full; a class of the user's with the fingerprint of its code.

    **Args**: `module`: a family or a workflow.

    **Returns**: a dictionary that JSON holds without loss.

    **Raises**: ValueError for an argument that can neither be written as JSON nor be told from another one.
    """
    kind = type(module).__name__
    values = {name: plain(value, f"{name} of {kind}") for name, value in module.described.items()}
    code = {"source": fingerprint(type(module))} if is_users(type(module)) else {}
    return {"type": kind, **code, **{name: value for name, value in values.items() if value is not None}}


def plain(value: Any, name: str) -> Any:
    """What `value` becomes when it is written as JSON and read again, so that a loaded run equals the one saved.

    Functions, classes and objects become their name and the fingerprint of their code.

    **Raises**: ValueError, naming the argument, for what cannot be described.
    """
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, Mapping):
        return {str(key): plain(item, name) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item, name) for item in value]
    if isinstance(value, np.generic | np.ndarray) or (hasattr(value, "shape") and hasattr(value, "dtype")):
        array = np.asarray(value)
        if array.dtype.kind in "biuf":
            return array.tolist()
    if isinstance(value, Described) and not isinstance(value, type):
        return configuration(value)
    try:
        code = fingerprint(value)
    except Unidentified as error:
        raise ValueError(
            f"{name} = {value!r} cannot be recorded ({error}); use numbers, text, functions defined with `def`, or a "
            "class with fields"
        ) from None
    named = getattr(value, "__qualname__", None) or type(value).__qualname__
    return {"code": named, "source": code}


def differing(a: Mapping[str, Any], b: Mapping[str, Any], but: tuple[str, ...] = ()) -> list[str]:
    """The keys, other than `but`, in which two configurations differ."""
    return [key for key in dict.fromkeys([*a, *b]) if key not in but and a.get(key) != b.get(key)]


def describe(config: Mapping[str, Any]) -> str:
    """A constructor-like line for a reader; long lists are shortened."""

    def show(value: Any) -> str:
        if isinstance(value, float):
            return f"{value:.6g}"
        if isinstance(value, Mapping):
            return describe(value) if "type" in value else str(value.get("code", "{..}"))
        if isinstance(value, list | tuple):
            try:
                array = np.asarray(value, float)
            except (TypeError, ValueError):
                return f"[{', '.join(map(show, value))}]"
            if array.size > 8:
                return f"<{' x '.join(map(str, array.shape))} values>"
            return np.array2string(np.asarray(value), precision=6, separator=", ").replace("\n", "")
        return repr(value)

    body = ", ".join(f"{name}={show(value)}" for name, value in config.items() if name not in ("type", "source"))
    return f"{config['type']}({body})"


@cache
def versions() -> dict[str, str]:
    """What the numbers depend on."""
    packages = {name: version(name) for name in ("jax", "jaxlib", "numpy", "equinox")}
    return {"collapse_jax": version("collapse_jax"), "python": platform.python_version(), **packages}
