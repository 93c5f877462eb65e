"""Walker's alias method: a table of discrete laws, of which one 32-bit word draws."""

import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Int, UInt32

__all__ = ["alias_row", "look_up"]


def alias_row(mass: np.ndarray) -> np.ndarray:
    """Per column of a law on 2^b of them: the share that is kept, in the high bits, and what stands in for the rest."""
    columns = len(mass)
    bits = columns.bit_length() - 1
    left = mass / mass.sum() * columns
    alias = np.arange(columns)
    small, large = [list(np.flatnonzero(side)) for side in (left < 1, left >= 1)]
    kept = np.where(left >= 1, 1.0, left)
    while small and large:
        poor, rich = small.pop(), large[-1]
        kept[poor], alias[poor] = left[poor], rich
        left[rich] -= 1 - left[poor]
        if left[rich] < 1:
            kept[rich] = left[rich]
            small.append(large.pop())
    for rest in (*small, *large):  # rounding apart these are full
        kept[rest] = 1.0
    steps = 1 << (32 - bits)
    share = np.round(kept * steps).astype(np.int64)
    # A full column stands in for itself, since its share does not fit into the bits.
    alias = np.where(share >= steps, np.arange(columns), alias)
    return (np.minimum(share, steps - 1).astype(np.uint32) << bits) | alias.astype(np.uint32)


def look_up(
    flat: UInt32[Array, "cells"], columns: int, row: Int[Array, "*shape"], word: UInt32[Array, "*shape"]
) -> Int[Array, "*shape"]:
    """A draw from each row of a table laid out flat: b bits choose a column, 32 - b a side of it."""
    bits = columns.bit_length() - 1
    column = word >> np.uint32(32 - bits)
    entry = flat.at[row * columns + column.astype(jnp.int32)].get(mode="promise_in_bounds")
    keep = (word << np.uint32(bits)) < (entry & np.uint32(~(columns - 1) & 0xFFFFFFFF))
    return jnp.where(keep, column, entry & np.uint32(columns - 1)).astype(jnp.int32)
