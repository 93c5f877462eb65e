"""Ridge regression from normal equations, chains last, and from rows, chains first."""

from typing import Any

import jax.numpy as jnp
from jaxtyping import Array, Float

from collapse_jax.numerics import linalg, triangle

__all__ = ["from_normal_equations", "from_rows"]


def from_normal_equations(
    gram: Float[Array, "p *batch"], cross: Float[Array, "d *batch"], strength: Any = None
) -> Float[Array, "d *batch"]:
    r"""$(G + s I)^{-1} g$, the penalty s beside the sum of squares."""
    if strength is not None:
        unit = triangle.identity(len(cross), cross.dtype).reshape(-1, *(1,) * (cross.ndim - 1))
        gram = gram + unit * strength
    return triangle.solve_definite(gram, cross)


def from_rows(
    x: Float[Array, "*batch n d"], y: Float[Array, "*batch n"], strength: Any = None
) -> Float[Array, "*batch d"]:
    """The minimiser of the sum of squares plus the penalty; without one, the one of least norm."""
    if strength is not None:
        d = x.shape[-1]
        root = jnp.sqrt(jnp.asarray(strength))[..., None, None] * jnp.eye(d, dtype=x.dtype)
        x = jnp.concatenate([x, jnp.broadcast_to(root, (*x.shape[:-2], d, d))], -2)
        y = jnp.concatenate([y, jnp.zeros((*y.shape[:-1], d), y.dtype)], -1)
    return linalg.least_squares(x, y)
