"""A fence that XLA respects on a CPU."""

from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
from jax import lax


def alone(function: Callable[..., Any], *arguments: Any) -> Any:
    """`function(*arguments)` as a computation of its own, whose results are arrays in memory.

    XLA on a CPU moves slices and cheap operations into every consumer, with all that led to them: a matrix of random
    numbers whose 55 entries are used one by one would be drawn 55 times. It drops optimisation barriers before it
    fuses, but it does not fuse across a branch. So this is one, on a condition that always holds and that XLA cannot
    decide. On an accelerator, where fusion saves memory traffic, this is a plain call.
    """
    if jax.default_backend() != "cpu":
        return function(*arguments)
    first = jnp.ravel(jax.tree.leaves(arguments)[0])[:1]
    if not first.size:
        return function(*arguments)
    bits = {2: jnp.uint16, 4: jnp.uint32, 8: jnp.uint64}[first.dtype.itemsize]
    always = (lax.bitcast_convert_type(first[0], bits) | bits(1)) != 0

    def never(*arguments):
        return jax.tree.map(lambda leaf: jnp.zeros(leaf.shape, leaf.dtype), jax.eval_shape(function, *arguments))

    return lax.cond(always, function, never, *arguments)
