"""Samples without replacement against SciPy's laws, from three coins to ten billion, and pools of counts."""

from typing import Any

import _oracle as oracle
import jax.numpy as jnp
import numpy as np
import pytest
from scipy import stats

from collapse_jax import random

# Good, bad, picked: inversion up to a variance of 400, proposals beyond; the last three need the ratio of factorials.
CASES = [(1, 1, 1), (3, 2, 4), (30, 70, 10), (50, 50, 99), (1500, 1500, 100), (20, 10**9, 10**8), (2000, 3000, 2500),
         (900, 1100, 1800), (10**6, 3 * 10**6, 10**5), (10**10, 10**10, 10**6), (5 * 10**9, 3 * 10**9, 4 * 10**9)]  # fmt: skip
ALPHA = oracle.alpha_of(60)
DRAWS = 200_000


@pytest.fixture(scope="module")
def program():
    import jax

    def draw(key, good, bad, n):
        return random.hypergeometric(key, good, bad, n, (DRAWS,), "float64")

    with jax.enable_x64(True):
        yield jax.jit(draw)


@pytest.mark.sample(3)
@pytest.mark.usefixtures("x64")
@pytest.mark.parametrize(("good", "bad", "n"), CASES, ids=str)
def test_hypergeometric(good, bad, n, program):
    drawn = np.asarray(program(random.key(good % 97 + n % 89), float(good), float(bad), float(n)))
    law: Any = stats.hypergeom(good + bad, good, n)
    low, high = max(0, n - bad), min(n, good)
    assert np.all((drawn == np.round(drawn)) & (drawn >= low) & (drawn <= high))
    if high - low < 5000:
        k = np.arange(low, high + 1)
        oracle.assert_counts(np.bincount((drawn - low).astype(int), minlength=len(k)), law.pmf(k), ALPHA)
        at = k
        below = np.cumsum(law.pmf(k))
    else:  # the distribution function from masses relative to the mode, summed far into the tails
        mean, deviation = n * good / (good + bad), law.std()
        at = np.arange(np.floor(mean - 12 * deviation), np.ceil(mean + 12 * deviation))
        log_mass = _relative(at, good, bad, n)
        below = np.cumsum(np.exp(log_mass - log_mass.max()))
        below /= below[-1]
    share = np.searchsorted(np.sort(drawn), at, side="right") / DRAWS
    assert np.max(np.abs(share - below)) <= np.sqrt(np.log(2 / ALPHA) / (2 * DRAWS))


def _relative(k, good, bad, n):
    """Logarithms of the masses up to a constant, by sums of logarithms of ratios of neighbours."""
    steps = np.log((good - k[:-1]) / (k[:-1] + 1)) + np.log((n - k[:-1]) / (bad - n + k[:-1] + 1))
    return np.concatenate([[0], np.cumsum(steps)])


@pytest.mark.usefixtures("x64")
def test_hypergeometric_of_certain_outcomes(cheap_jit):
    good = jnp.asarray([0.0, 5, 5, 5, 0, 7, 1e12, 3])
    bad = jnp.asarray([5.0, 0, 5, 5, 0, 3, 0, np.nan])
    n = jnp.asarray([3.0, 3, 0, 10, 0, 10, 1e11, 1])
    draw = cheap_jit(lambda key: random.hypergeometric(key, good, bad, n, (8,), "float64"))
    np.testing.assert_array_equal(draw(random.key(0)), [0, 3, 0, 5, 0, 7, 1e11, np.nan])


@pytest.mark.usefixtures("x64")
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_multivariate_hypergeometric_joint_law(dtype, cheap_jit):
    counts, n, draws = np.array([2.0, 0.0, 3.0, 2.0]), 4, 100_000
    draw = cheap_jit(lambda key: random.multivariate_hypergeometric(
        key, jnp.broadcast_to(jnp.asarray(counts, dtype), (draws, 4)), n, dtype))  # fmt: skip
    drawn = np.asarray(draw(random.key(1)))
    assert drawn.dtype == dtype
    assert np.all((drawn.sum(1) == n) & (drawn <= counts).all(1) & (drawn >= 0).all(1))
    code = (drawn @ [25, 0, 5, 1]).astype(int)
    cells = [(a, 0, b, n - a - b) for a in range(3) for b in range(4) if 0 <= n - a - b <= 2]
    law = stats.multivariate_hypergeom(counts.astype(int), n)
    found = np.array([(code == np.dot(cell, [25, 0, 5, 1])).sum() for cell in cells])
    oracle.assert_counts(found, np.array([law.pmf(cell) for cell in cells]), ALPHA)
