"""Samplers against SciPy's distribution functions."""

import _oracle as oracle
import jax
import jax.numpy as jnp
import numpy as np
import pytest
from scipy import special, stats

from collapse_jax import random

pytestmark = pytest.mark.usefixtures("x64")
N = 20_000
DF = [0.5, 1.0, 2.0, 3.0, 9.0, 99.0, 1e4, 1e8]
ALPHA = oracle.alpha_of(200)


@pytest.fixture
def draw(cheap_jit):
    """`draw(sampler, seed, ...)`: everything but the key is static, and comes back as a NumPy array."""
    return lambda sampler, seed, *arguments: np.asarray(
        cheap_jit(lambda key: sampler(key, *arguments))(jax.random.key(seed))
    )


@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_chi2(dtype, draw):
    df = jnp.asarray(DF, dtype)[:, None]
    draws = draw(random.chi2, 1, df, (len(DF), N), dtype)
    assert draws.dtype == dtype
    for nu, sample in zip(DF, draws, strict=True):
        p_value = stats.kstest(sample.astype(float), stats.chi2(nu).cdf).pvalue
        assert p_value > ALPHA, nu


@pytest.mark.parametrize("a", [0.05, 0.999, 1.0, 1.001, 40.0])
def test_gamma(a, draw):
    draws = draw(random.gamma, 2, a, (N,), jnp.float64)
    assert stats.kstest(draws, stats.gamma(a).cdf).pvalue > ALPHA


def test_gamma_elements_are_independent(draw):
    # A whole-array rejection loop that reused a proposal would correlate neighbours or rows.
    x = draw(random.gamma, 3, 0.7, (2, N), jnp.float64)
    for a, b in ((x[0, 1:], x[0, :-1]), (x[0], x[1])):
        assert stats.spearmanr(a, b).pvalue > ALPHA


def test_no_degrees_of_freedom_give_exactly_zero(draw):
    df = jnp.asarray([0.0, 1.0])
    draws = draw(random.chi2, 4, df[:, None], (2, 1000), jnp.float64)
    assert np.all(draws[0] == 0)
    assert np.all(draws[1] > 0)


@pytest.mark.parametrize("df", [3, 4, 10])
def test_bartlett(df, draw):
    d = 3
    a = draw(random.bartlett, 5, df, d, (N,), jnp.float64)
    assert np.all(np.triu(a, 1) == 0)
    wishart = a @ a.swapaxes(1, 2)
    error = wishart.std(0, ddof=1) / np.sqrt(N)
    oracle.assert_mean(wishart.mean(0), error, df * np.eye(d), ALPHA / 9, "E A A'")
    log_det = np.linalg.slogdet(wishart)[1]
    half = (df - np.arange(d)) / 2
    deviation = np.sqrt(special.polygamma(1, half).sum() / N)
    oracle.assert_mean(log_det.mean(), deviation, (special.digamma(half) + np.log(2)).sum(), ALPHA, "E log det")


@pytest.mark.parametrize("df", [0, 1, 2])
def test_bartlett_of_few_degrees_of_freedom_is_singular(df, draw):
    a = draw(random.bartlett, 6, df, 3, (N,), jnp.float64)
    assert np.all(a[:, :, df:] == 0)
    assert np.all(np.linalg.matrix_rank(a[:200]) == df)
    wishart = a @ a.swapaxes(1, 2)
    error = wishart.std(0, ddof=1) / np.sqrt(N)
    oracle.assert_mean(wishart.mean(0), error, df * np.eye(3), ALPHA / 9)


def _counts_against(law, draws):
    assert np.all(draws == np.round(draws))
    low, high = int(law.ppf(1e-13)), int(law.ppf(1 - 1e-13))
    support = np.arange(max(low, 0), high + 1)
    observed = (draws[:, None] == support).sum(0) if len(support) < 200 else np.bincount(
        (draws - support[0]).astype(int), minlength=len(support))  # fmt: skip
    assert observed.sum() == len(draws)
    oracle.assert_counts(observed, law.pmf(support), ALPHA)


BINOMIAL = [(1, 0.5), (12, 0.3), (12, 0.97), (1000, 1e-4), (1000, 0.9995), (10**4, 0.5), (10**8, 3e-8), (10**8, 1e-6)]


@pytest.mark.parametrize(("n", "p"), BINOMIAL)
def test_binomial(n, p, draw):
    draws = draw(random.binomial, 7, n, p, (N,), jnp.float64)
    _counts_against(stats.binom(n, p), draws)


def test_binomial_edges_are_absorbing(draw):
    n = jnp.asarray([0.0, 12.0, 12.0, 0.0])[:, None]
    p = jnp.asarray([0.3, 0.0, 1.0, 1.0])[:, None]
    for dtype in ("float32", "float64"):
        draws = draw(random.binomial, 8, n, p, (4, 1000), dtype)
        assert np.all(draws == np.array([0, 0, 12, 0])[:, None])


@pytest.mark.parametrize("rate", [1e-3, 0.7, 9.999, 10.0, 12.0, 1e4])
def test_poisson(rate, draw):
    _counts_against(stats.poisson(rate), draw(random.poisson, 9, rate, (N,), jnp.float64))


def _large_counts(law, draws):
    """Where a table of probabilities would be huge: the whole law by KS (its steps are negligible), and the variance."""
    assert stats.kstest(draws, law.cdf).pvalue > ALPHA
    oracle.assert_mean(draws.var() / law.var(), np.sqrt(2 / len(draws)), 1.0, ALPHA, "variance")


@pytest.mark.parametrize("rate", [1e6, 1e8, 3e9])
def test_poisson_of_a_large_rate(rate, draw):
    _large_counts(stats.poisson(rate), draw(random.poisson, 16, rate, (20 * N,), jnp.float64))


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_binomial_of_many_draws(dtype, draw):
    draws = draw(random.binomial, 17, 1e8, 0.5, (5 * N,), dtype).astype(float)
    _large_counts(stats.binom(10**8, 0.5), draws)


def test_poisson_of_rate_zero(draw):
    assert np.all(draw(random.poisson, 10, 0.0, (1000,), jnp.float64) == 0)


P = np.array([0.0, 0.5, 0.3, 0.0, 0.2, 0.0])


def test_multinomial_joint_law(draw):
    n = 3
    counts = draw(random.multinomial, 11, n, jnp.tile(P, (N, 1)), jnp.float64).astype(int)
    assert np.all(counts.sum(1) == n)
    code = counts @ (n + 1) ** np.arange(len(P))
    outcomes = np.array([o for o in np.ndindex(*(n + 1,) * len(P)) if sum(o) == n])
    observed = (code[:, None] == outcomes @ (n + 1) ** np.arange(len(P))).sum(0)
    oracle.assert_counts(observed, stats.multinomial(n, P).pmf(outcomes), ALPHA)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_multinomial_of_many_draws(dtype, draw):
    n = 10**6
    counts = draw(random.multinomial, 12, n, jnp.tile(jnp.asarray(P, dtype), (2000, 1)), dtype)
    assert np.all(counts.sum(1, dtype=float) == n)
    assert np.all(counts[:, P == 0] == 0)
    error = np.sqrt(n * P * (1 - P) / 2000)
    oracle.assert_mean(counts.mean(0, dtype=float), error, n * P, ALPHA / len(P))


def test_multinomial_of_nothing_and_of_a_point_mass(draw):
    p = jnp.asarray([[0.2, 0.8], [0.0, 1.0], [1.0, 0.0]])
    assert np.all(draw(random.multinomial, 13, 0, p, jnp.float64) == 0)
    assert np.all(draw(random.multinomial, 13, 9, p[1:], jnp.float64) == 9 * np.asarray(p[1:]))


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_categorical(dtype, draw):
    p = jnp.tile(jnp.asarray(P, dtype), (2, 1))
    symbols = draw(random.categorical, 14, p, N)
    oracle.assert_counts(np.bincount(symbols.ravel(), minlength=len(P)), P, ALPHA)


def test_integers_are_uniform_below_a_traced_bound(cheap_jit):
    draw = cheap_jit(lambda key, bound: random.integers(key, (N,), bound))
    for bound in (1, 2, 7, 1000):
        symbols = np.asarray(draw(jax.random.key(15), bound))
        oracle.assert_counts(np.bincount(symbols, minlength=bound), np.full(bound, 1 / bound), ALPHA)
