"""Every sampler of counts, symbols and subsets against its law, in both precisions and under both settings."""

import _samplers as samplers
import jax
import jax.numpy as jnp
import numpy as np
import pytest
from _samplers import ALPHA, BLOCK, BY_DTYPE, draw, follows_counts, law_of_counts
from scipy import stats

from collapse_jax import random

pytestmark = pytest.mark.usefixtures("x64")


@pytest.fixture(autouse=True)
def _compile_small_programs_cheaply(cheap_options):
    samplers.OPTIONS.update(cheap_options)


@pytest.fixture(params=[BLOCK, pytest.param(10 * BLOCK, marks=pytest.mark.slow)])
def size(request):
    return request.param


BINOMIAL = [
    *[(1, 0.5), (2, 0.3), (12, 0.3), (12, 0.97), (12, 1e-12), (12, 1 - 1e-12), (10**8, 1e-12), (10**8, 1 - 1e-12)],
    *[(1000, 1e-4), (1000, 0.9995), (10**4, 0.5), (10**6, 0.3), (10**8, 2**-25), (10**8, 1 - 2**-25), (10**8, 0.5)],
]


@pytest.mark.sample(6)
@pytest.mark.parametrize(("n", "p"), BINOMIAL)
def test_binomial(n, p, size):
    sample = draw("float64", random.binomial, size, 13, float(n), p)
    assert follows_counts(*law_of_counts(stats.binom(n, p), n), sample)


@pytest.mark.parametrize(("n", "p"), [(12, 0.3), (10**8, 1 - 2**-25), (10**8, 0.5)])
def test_binomial_in_float32(n, p, size):
    sample = draw("float32", random.binomial, size, 14, float(n), p)
    assert follows_counts(*law_of_counts(stats.binom(n, p), n), sample)


def test_binomial_edges_are_absorbing():
    n = np.array([0.0, 12.0, 12.0, 0.0])[:, None]
    p = np.array([0.3, 0.0, 1.0, 1.0])[:, None]
    for mode in BY_DTYPE:
        edges = draw(mode, lambda key, shape, dtype: random.binomial(key, n, p, (4, *shape), dtype), 1000, 15)
        assert np.all(edges == np.array([0, 0, 12, 0])[:, None])


@pytest.mark.sample(6)
@pytest.mark.parametrize("rate", [1e-3, 0.7, 9.999, 10.0, 12.0, 1e4, 1e6, 1e8])
def test_poisson(rate, size):
    sample = draw("float64", random.poisson, size, 16, rate)
    assert follows_counts(*law_of_counts(stats.poisson(rate)), sample)


@pytest.mark.parametrize("rate", [0.7, 12.0, 1e8])
def test_poisson_in_float32(rate, size):
    sample = draw("float32", random.poisson, size, 17, rate)
    assert follows_counts(*law_of_counts(stats.poisson(rate)), sample)


def test_poisson_of_rate_zero():
    assert np.all(draw("float64", random.poisson, 1000, 18, 0.0) == 0)


P = np.array([0.0, 0.5, 0.3, 0.0, 0.2, 0.0])


def _multinomial(n, p):
    return lambda key, shape, dtype: random.multinomial(key, n, jnp.tile(jnp.asarray(p, dtype), (*shape, 1)), dtype)


@pytest.mark.grid
@pytest.mark.parametrize(("mode", "n"), [("float32", 3), ("float64", 5), ("float64, rejection", 3)])
def test_multinomial_joint_law(mode, n, size):
    counts = draw(mode, _multinomial(n, P), size // 16, 19).astype(int)
    assert np.all(counts.sum(1) == n)
    weights = (n + 1) ** np.arange(len(P))
    outcomes = np.array([o for o in np.ndindex(*(n + 1,) * len(P)) if sum(o) == n])
    assert follows_counts(outcomes @ weights, stats.multinomial(n, P).pmf(outcomes), counts @ weights)


@pytest.mark.parametrize("mode", BY_DTYPE)
def test_multinomial_of_many_draws(mode):
    n, p = 10**6, np.array([0.0, 1e-7, 0.5, 0.3, 0.0, 0.2 - 1e-7, 0.0])
    counts = draw(mode, _multinomial(n, p), 100_000, 20)
    assert np.all(counts.sum(1, dtype=float) == n)
    held = p.astype(mode).astype(float)  # what the sampler was given
    for q, column in zip(held / held.sum(), counts.T, strict=True):
        assert follows_counts(*law_of_counts(stats.binom(n, q), n), column) if q else np.all(column == 0)


def test_multinomial_counts_draws_of_few_symbols():
    n, p = 1023, np.append(np.arange(1, 32) / 992, 1e-3) / 0.501
    p /= p.sum()
    counts = draw("float64", _multinomial(n, p), 10_000, 29)
    assert np.all(counts.sum(1) == n)
    for k in (0, 7, 30, 31):
        assert follows_counts(*law_of_counts(stats.binom(n, p[k]), n), counts[:, k])
    lost = draw("float64", lambda key, _, dtype: random.multinomial(key, 9, jnp.full((1, 3), jnp.nan), dtype), 1, 30)
    assert np.isnan(lost).all()


def test_multinomial_of_nothing_and_of_a_point_mass():
    p = np.array([[0.2, 0.8], [0.0, 1.0], [1.0, 0.0]])
    assert np.all(draw("float64", lambda key, _, dtype: random.multinomial(key, 0, jnp.asarray(p), dtype), 1, 21) == 0)
    sample = draw("float64", lambda key, _, dtype: random.multinomial(key, 9, jnp.asarray(p[1:]), dtype), 1, 22)
    assert np.all(sample == 9 * p[1:])


@pytest.mark.parametrize("mode", BY_DTYPE)
@pytest.mark.parametrize("p", [P, np.array([1e-6, 1 - 1e-6]), np.full(100, 0.01)], ids=["gaps", "rare", "many"])
def test_categorical(p, mode, size):
    with jax.enable_x64(True):
        rows = jnp.tile(jnp.asarray(p, mode), (2, 1))
        symbols = jax.jit(lambda key: random.categorical(key, rows, BLOCK // 2))
        sample = np.concatenate(
            [np.asarray(symbols(key)).ravel() for key in random.split(random.key(23), size // BLOCK)]
        )
    held = p.astype(mode).astype(float)
    assert follows_counts(np.arange(len(p)), held / held.sum(), sample)


def _integers(bound=None):
    if bound is None:
        return lambda key, bound, shape, dtype: random.integers(key, shape, bound).astype(dtype)
    return lambda key, shape, dtype: random.integers(key, shape, bound).astype(dtype)


TRACED_INTEGERS = _integers()


@pytest.mark.parametrize("bound", [1, 2, 7, 1000, 65_535, 65_536, 65_537, 10**6])
def test_integers(bound, size):
    law = np.arange(bound), np.full(bound, 1 / bound)
    assert follows_counts(*law, draw("float64", _integers(bound), size, 24))
    assert follows_counts(*law, draw("float64", TRACED_INTEGERS, size, 25, bound))
    assert follows_counts(*law, draw("float64, rejection", TRACED_INTEGERS, size, 26, bound))


@pytest.mark.slow
@pytest.mark.parametrize("sampler", ["quantile", "rejection"])
def test_subsets(sampler):
    """All subsets alike, for a size that is known or traced; the whole set; one number."""
    chains = 20_000

    def draw(m, n, most):
        with random.using(random.Settings(None, sampler)):
            return np.asarray(jax.jit(lambda m: random.subsets(random.key(3), m, n, (chains,), most))(m))

    drawn = np.sort(draw(6, 3, 6), 0)
    assert (np.diff(drawn, axis=0) > 0).all()
    _, counts = np.unique(drawn.T @ [36, 6, 1], return_counts=True)
    assert len(counts) == 20
    assert stats.chisquare(counts).pvalue > ALPHA
    np.testing.assert_array_equal(np.sort(draw(4, 4, 9), 0), np.arange(4)[:, None] + np.zeros((1, chains)))
    assert stats.chisquare(np.bincount(draw(7, 1, 1 << 17)[0], minlength=7)).pvalue > ALPHA


def test_integers_are_whole_numbers():
    assert jnp.issubdtype(random.integers(random.key(0), (3,), 5).dtype, jnp.integer)


@pytest.mark.slow
def test_power_of_the_tests_of_counts():
    """A probability off by a thousandth is found, and so are one impossible draw and a clipped tail."""
    for n, p in ((1000, 0.5), (1000, 0.02), (10**4, 0.9)):
        sample = draw("float64", random.binomial, BLOCK, 27, float(n), p + 1e-3)
        assert not follows_counts(*law_of_counts(stats.binom(n, p), n), sample)
    sample = draw("float64", random.poisson, BLOCK, 28, 12.0)
    law = law_of_counts(stats.poisson(12.0))
    assert follows_counts(*law, sample)
    assert not follows_counts(*law, np.minimum(sample, 26))
    assert not follows_counts(*law, np.append(sample, 12.5))
    assert not follows_counts(np.arange(7), np.full(7, 1 / 7), np.append(np.zeros(3), 7.0))
