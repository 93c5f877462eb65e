"""Every sampler of numbers against SciPy's laws, over the range of its parameters, in both precisions and settings."""

from functools import lru_cache

import _oracle as oracle
import _samplers as samplers
import jax
import jax.numpy as jnp
import numpy as np
import pytest
from _samplers import (
    ALPHA,
    BLOCK,
    BY_DTYPE,
    EVERY_MODE,
    MODES,
    draw,
    follows,
    known,
    narrow,
)
from scipy import special, stats

from collapse_jax import random
from collapse_jax.numerics import triangle
from collapse_jax.numerics.random import threefry
from collapse_jax.random import Settings

pytestmark = pytest.mark.usefixtures("x64")


@pytest.fixture(autouse=True)
def _compile_small_programs_cheaply(cheap_options):
    samplers.OPTIONS.update(cheap_options)


@pytest.fixture(params=[BLOCK, pytest.param(10 * BLOCK, marks=pytest.mark.slow)])
def size(request):
    return request.param


@pytest.mark.parametrize("mode", list(MODES)[:3])
def test_normal(mode, size):
    assert follows(stats.norm(), draw(mode, random.normal, size, 1), narrow(mode))


@pytest.mark.parametrize("mode", BY_DTYPE)
def test_uniform_and_exponential(mode, size):
    sample = draw(mode, random.uniform, size, 2)
    assert np.all((sample >= 0) & (sample < 1))
    assert follows(stats.uniform(), sample, narrow(mode))
    assert follows(stats.expon(), draw(mode, random.exponential, size, 3), narrow(mode))


@pytest.mark.parametrize("mode", BY_DTYPE)
def test_normals_are_independent(mode, size):
    # Box and Muller make two of one radius: half an array apart in this library.
    z = draw(mode, random.normal, size, 4).astype(float).reshape(-1, BLOCK)
    for lag in (1, 2, BLOCK // 2):
        a, b = z[:, lag:].ravel(), z[:, :-lag].ravel()
        for f in (lambda z: z, lambda z: (z * z - 1) / np.sqrt(2), np.sign):
            for g in (lambda z: z, lambda z: (z * z - 1) / np.sqrt(2)):
                oracle.assert_mean((f(a) * g(b)).mean(), 1 / np.sqrt(len(a)), 0.0, ALPHA / 18)


DF = [1.0, 2.0, 3.0, 7.9, 8.0, 9.0, 50.0, 99.0, 1e4, 1e8]


@pytest.mark.grid
@pytest.mark.parametrize("mode", EVERY_MODE)
def test_chi2(mode, size):
    for df in DF:
        assert follows(stats.chi2(df), draw(mode, random.chi2, size, 5, df), narrow(mode)), df


@pytest.mark.sample(6)
@pytest.mark.parametrize("mode", list(MODES)[:3])
@pytest.mark.parametrize("df", [df for df in DF if df >= 8])
def test_chi2_of_known_degrees_of_freedom(df, mode, size):
    assert follows(stats.chi2(df), draw(mode, known(random.chi2, df), size, 6), narrow(mode))


@pytest.mark.parametrize("mode", BY_DTYPE)
def test_chi2_of_many_degrees_of_freedom_at_once(mode, size):
    df = np.array([0.5, 1, 2, 3, 9, 99, 1e4, 1e8])[:, None]
    part = lambda key, shape, dtype: random.chi2(key, df, (len(df), shape[0] // len(df)), dtype)  # noqa: E731
    sample = draw(mode, lambda key, shape, dtype: part(key, shape, dtype).T, size, 7)
    for nu, column in zip(df[:, 0], sample.T, strict=True):
        assert follows(stats.chi2(nu), column, narrow(mode)), nu


@pytest.mark.slow
@pytest.mark.parametrize("mode", EVERY_MODE)
def test_gamma(mode, size):
    for a in (0.05, 0.5, 0.999, 1.0, 1.001, 3.999, 4.0, 40.0):
        assert follows(stats.gamma(a), draw(mode, random.gamma, size, 8, a), narrow(mode)), a


@pytest.mark.parametrize("mode", ["float64", "float64, rejection"])
@pytest.mark.parametrize("a", [0.7, 6.0])
def test_gamma_elements_are_independent(a, mode):
    # A whole-array rejection loop that reused a proposal would correlate neighbours or rows.
    x = draw(mode, known(random.gamma, a), 200_000, 9).reshape(2, -1)
    for first, second in ((x[0, 1:], x[0, :-1]), (x[0], x[1])):
        assert stats.spearmanr(first, second).pvalue > ALPHA


@pytest.mark.parametrize("mode", ["float32", "float64", "float64, rejection"])
def test_no_degrees_of_freedom_give_exactly_zero(mode):
    assert np.all(draw(mode, known(random.chi2, 0), 1000, 10) == 0)
    assert np.all(draw(mode, random.chi2, 1000, 10, 0.0) == 0)
    both = draw(
        mode, lambda key, shape, dtype: random.chi2(key, np.array([[0.0], [1.0]]), (2, *shape), dtype), 1000, 11
    )
    assert np.all(both[0] == 0)
    assert np.all(both[1] > 0)


@lru_cache
def _bartlett(d):
    def sampler(key, df, shape, dtype):
        normal_key, gamma_key = random.split(key)
        z = random.normal(normal_key, (d * (d + 1) // 2, shape[0] // (4 if d <= 3 else 50)), dtype)
        return random.bartlett(gamma_key, df, z).T

    return sampler


@pytest.mark.sample(6)
@pytest.mark.parametrize("mode", [mode for mode in MODES if "of" not in mode])
@pytest.mark.parametrize(("df", "d"), [(0, 3), (1, 3), (2, 3), (3, 3), (12, 3), (99, 3), (30, 17)])
def test_bartlett(df, d, mode, size):
    if d > 3 and mode != "float64":
        return
    sampler = _bartlett(d)
    a = draw(mode, sampler, size, 12, df)
    if df == 12:  # also known when the program is made
        more = draw(mode, lambda key, shape, dtype: sampler(key, df, shape, dtype), size, 13)
        a = np.concatenate([a, more])
    for (i, j), column in zip(triangle.entries(d), a.T, strict=True):
        if j >= df:
            assert np.all(column == 0)
        elif i == j:
            assert follows(stats.chi(df - i), column, narrow(mode), ALPHA / 27), (i, j)
        else:
            assert follows(stats.norm(), column, narrow(mode), ALPHA / 27), (i, j)
    if not 1 <= df <= 99 or d > 3:
        return
    dense = np.zeros((len(a), d, d))
    dense[:, *np.tril_indices(d)] = a
    wishart = dense @ dense.swapaxes(1, 2)
    error = wishart.std(0, ddof=1) / np.sqrt(len(a))
    oracle.assert_mean(wishart.mean(0), error, df * np.eye(d), ALPHA / 9, "E A A'")
    assert np.all(np.linalg.matrix_rank(wishart[:200], tol=1e-4 * df, hermitian=True) <= min(df, d))
    if df >= d:
        half = (df - np.arange(d)) / 2
        log_det = 2 * np.log(np.diagonal(dense, axis1=1, axis2=2)).sum(1)
        deviation = np.sqrt(special.polygamma(1, half).sum() / len(a))
        oracle.assert_mean(log_det.mean(), deviation, (special.digamma(half) + np.log(2)).sum(), ALPHA, "E log det")


# Keys, settings, power ------------------------------------------------------------------------------------------------


def test_bits_are_those_of_threefry():
    # Known answers of Random123 for threefry2x32 with 20 rounds.
    zero = np.asarray(jax.random.bits(random.key(0), (2,), "uint32"))
    assert [hex(word) for word in zero] == ["0x6b200159", "0x99ba4efe"]
    counter, key = jnp.asarray([0x243F6A88], "uint32"), jnp.asarray([0x13198A2E, 0x03707344], "uint32")
    words = threefry._threefry(key, counter, 0x85A308D3)
    assert [hex(np.asarray(word)[0]) for word in words] == ["0xc4923a9c", "0x483df7a0"]


def test_keys_of_large_seeds_differ():
    seeds = [0, 1, 2**32, 2**32 + 1, 2**63 - 1]
    drawn = {tuple(np.asarray(jax.random.key_data(random.key(seed)))) for seed in seeds}
    assert len(drawn) == len(seeds)


def test_settings_are_restored():
    before = random.settings()
    with random.using(Settings("float32", "rejection")):
        assert random.settings() == Settings("float32", "rejection")
    assert random.settings() == before == Settings()


@pytest.mark.sample(2)
@pytest.mark.parametrize("mode", EVERY_MODE)
def test_power_of_the_continuous_tests(mode):
    """One degree of freedom more or less is found by the same comparisons of as many draws."""
    for df in (1.0, 2.0, 9.0, 50.0, 99.0):
        sample = draw(mode, random.chi2, BLOCK, 25, df)
        assert follows(stats.chi2(df), sample, narrow(mode))
        assert not follows(stats.chi2(df + 1), sample, narrow(mode))
        assert df == 1 or not follows(stats.chi2(df - 1), sample, narrow(mode))
    z = draw(mode, random.normal, BLOCK, 26)
    assert not follows(stats.norm(), z[abs(z) < 4], narrow(mode)), "the body is right, and the tails are cut"
    assert not follows(stats.norm(), 1.02 * z, narrow(mode))


def test_keys():
    assert not np.array_equal(jax.random.key_data(random.key(1 << 32)), jax.random.key_data(random.key(0)))
    key = random.key((1 << 64) - 1)
    again = jax.random.wrap_key_data(jax.random.key_data(key), impl=jax.random.key_impl(key))
    np.testing.assert_array_equal(jax.random.bits(key, (5,)), jax.random.bits(again, (5,)))
    with pytest.raises(ValueError, match="use 0 <= seed < 2"):
        random.key(-1)


def test_nothing_is_drawn_into_empty_arrays():
    assert random.normal(random.key(0), (0, 3), jnp.float32).shape == (0, 3)
