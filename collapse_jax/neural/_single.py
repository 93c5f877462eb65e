"""Single precision, whatever the precision around it: nets and their truths are float32 also where x64 is on."""

from typing import Any

import jax.numpy as jnp
from jaxtyping import Array, Float32, Int32

F32 = jnp.float32


def single(value: Any) -> Any:
    """A number or an array as a leaf of float32, so that changing it compiles nothing anew."""
    return jnp.asarray(value, F32)


def share(condition: Array) -> Float32[Array, ""]:
    """How many of the entries are true, as a share."""
    return jnp.mean(condition.astype(F32))


def pick(u: Float32[Array, "*shape"], p: Float32[Array, "*rows choices"], row: Any = ...) -> Int32[Array, "*shape"]:
    """The index whose interval of the cumulated weights holds u, uniform on [0, 1); never one of weight 0.

    The weights are `p`, or for each u a row of them.
    """
    above = jnp.cumsum(p, -1, dtype=F32)[row]
    return jnp.sum(u[..., None] * above[..., -1:] >= above[..., :-1], -1, dtype=jnp.int32)
