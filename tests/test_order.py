"""Order statistics by counting: those of a sort, to the bit, with the derivatives of the entries that they are."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from collapse_jax.numerics.order import neighbours

pytestmark = pytest.mark.usefixtures("x64")


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("n", [1, 19])
def test_those_of_a_sort(n, dtype):
    rng = np.random.default_rng(n)
    x = rng.normal(size=(3, 40, n)).astype(dtype)
    x[0] = x[0].round()  # ties
    x[1, :, ::2] *= 1e30
    x[2, :10, : n // 2] = np.inf
    x[2, 10:20, n // 3 :] = -np.inf
    present = rng.permutation(n) < max(1, n - 3)
    wanted = np.concatenate([np.sort(x[..., present], -1), np.full((3, 40, 1), np.inf, dtype)], -1)
    found = jax.jit(neighbours)
    for rank in {0, present.sum() // 2, present.sum() - 1}:
        low, high = found(jnp.asarray(x), jnp.asarray(present), jnp.int32(rank))
        np.testing.assert_array_equal(low, wanted[..., rank])
        np.testing.assert_array_equal(high, wanted[..., rank + 1])


def test_derivatives_are_those_of_the_entries():
    x = jnp.asarray([[3.0, 1.0, 2.0, 9.0]])
    present = jnp.asarray([True, True, True, False])
    slopes = jax.jit(jax.jacrev(lambda x: jnp.stack(neighbours(x, present, jnp.int32(1)))))(x)
    np.testing.assert_array_equal(slopes[:, 0, 0], [[0, 0, 1, 0], [1, 0, 0, 0]])
