"""Keys of the parts of a study, made by a program also where a workflow runs operation by operation."""

import jax
from jaxtyping import Array, Key

__all__ = ["fold"]


def fold(key: Key[Array, ""], *data: int) -> Key[Array, ""]:
    """`jax.random.fold_in`, number after number: written out, it is two hundred operations.

    **Args**: `key`; `data`: whole numbers from 0 to 2^32 - 1.

    **Returns**: a key.
    """
    with jax.disable_jit(False):
        for number in data:
            key = _folded(key, jax.numpy.uint32(number))
    return key


_folded = jax.jit(jax.random.fold_in)
