"""Figures of the documentation, one function each: `python -m collapse_jax.figures` draws them.

A figure function takes axes, draws on them and returns them with every number it drew. JAX and matplotlib are imported
when one is called.
"""

from collapse_jax.figures.replace_accumulate import replace_accumulate

__all__ = ["replace_accumulate"]
