"""Figures of the documentation, one function each: `python -m collapse_jax.figures` draws them.

A figure function takes axes, draws on them and returns them with every number it drew.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collapse_jax.figures.replace_accumulate import replace_accumulate as replace_accumulate

__all__ = ["replace_accumulate"]


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module 'collapse_jax.figures' has no attribute {name!r}")
    from importlib import import_module

    # A function and its module share a name; bind the function, which the import of the module would hide.
    globals()[name] = found = getattr(import_module(f"collapse_jax.figures.{name}"), name)
    return found
