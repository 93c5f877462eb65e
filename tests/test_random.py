"""Every sampler against SciPy's laws, over the range of its parameters, in both precisions and under both settings.

A continuous sample is compared with its distribution function at 4,096 quantiles by the inequality of Dvoretzky, Kiefer
and Wolfowitz with Massart's constant, and at tails of 2^-k down to 20 expected draws by exact binomial tests. A result
in float32 is a rounded one: a threshold g there is a float32 number, and P(x <= g) is the law's mass below the middle
between g and its successor; nothing else is allowed for. Counts are compared by chi-square with neighbouring cells
pooled to 20 expected draws, and by the same inequality; in float32, cells that round to one number are one.

A million draws of every case by default, ten million with `-m slow`. Each comparison has the level `ALPHA`.
"""

from functools import lru_cache

import _oracle as oracle
import jax
import jax.numpy as jnp
import numpy as np
import pytest
from scipy import special, stats

from collapse_jax import random
from collapse_jax.numerics import triangle
from collapse_jax.numerics.random import threefry
from collapse_jax.random import Settings

pytestmark = pytest.mark.usefixtures("x64")
ALPHA = oracle.alpha_of(600)  # at most 600 comparisons at either size
BLOCK = 10**6
# Name: (precision of the result, settings).
MODES = {
    "float32": ("float32", Settings()),
    "float64": ("float64", Settings()),
    "float64 of float32": ("float64", Settings(draws="float32")),
    "float32, rejection": ("float32", Settings(sampler="rejection")),
    "float64, rejection": ("float64", Settings(sampler="rejection")),
}
# Rejection in float32 is the same code as in float64, at another precision.
EVERY_MODE = [pytest.param(mode, marks=[pytest.mark.slow] * (mode == "float32, rejection")) for mode in MODES]
BY_DTYPE = ["float32", "float64"]
MADE = {}
OPTIONS = {}


@pytest.fixture(autouse=True)
def _compile_small_programs_cheaply(cheap_options):
    OPTIONS.update(cheap_options)


@pytest.fixture(params=[BLOCK, pytest.param(10 * BLOCK, marks=pytest.mark.slow)])
def size(request):
    return request.param


def draw(mode, sampler, size, seed, *parameters):
    """`size` draws of `sampler(key, *parameters, shape, dtype)` in blocks, parameters traced; one program per sampler."""
    dtype, settings = MODES[mode]
    made = mode, sampler, min(size, BLOCK)
    if made not in MADE:
        options = OPTIONS if size < BLOCK / 4 else None
        MADE[made] = jax.jit(lambda key, *values: sampler(key, *values, made[-1:], dtype), compiler_options=options)
    with random.using(settings):
        keys = random.split(random.key(seed), max(size // BLOCK, 1))
        sample = np.concatenate([np.asarray(MADE[made](key, *parameters)) for key in keys])
    assert sample.dtype == dtype
    return sample


def known(sampler, *parameters):
    """A sampler whose parameters are known when the program is made."""
    return lambda key, shape, dtype: sampler(key, *parameters, shape, dtype)


# Laws of continuous draws ---------------------------------------------------------------------------------------------


def follows(law, sample, narrow, alpha=ALPHA):
    """Whether every comparison of the sample with the law passes; `narrow`: its numbers are rounded to float32."""
    number = len(sample)
    tail = 0.5 ** np.arange(1, np.log2(number / 20))
    low, middle, high = law.ppf(tail), law.ppf(np.arange(1, 4096) / 4096), law.isf(tail)
    thresholds = np.concatenate([low, middle, high])
    if narrow:
        thresholds = thresholds.astype("float32")
        limits = (thresholds.astype(float) + np.nextafter(thresholds, np.float32(np.inf)).astype(float)) / 2
        smallest = np.finfo("float32").tiny  # below it XLA may or may not flush to zero
    else:
        limits, smallest = thresholds, np.finfo(float).tiny
    below = np.searchsorted(np.sort(sample), thresholds, side="right")
    counted = abs(limits) >= smallest
    distance = abs(below / number - law.cdf(limits))[counted].max()
    bodies = distance <= np.sqrt(np.log(2 / alpha) / (2 * number))
    tails = np.concatenate([
        _two_sided(below[: len(tail)], number, law.cdf(limits[: len(tail)]))[counted[: len(tail)]],
        _two_sided(number - below[-len(tail) :], number, law.sf(limits[-len(tail) :]))[counted[-len(tail) :]],
    ])  # fmt: skip
    return bool(np.all(np.isfinite(sample)) and bodies and tails.min(initial=1) * 2 * len(tail) > alpha)


def _two_sided(count, number, probability):
    return 2 * np.minimum(stats.binom.cdf(count, number, probability), stats.binom.sf(count - 1, number, probability))


def narrow(mode):
    dtype, settings = MODES[mode]
    return "float32" in (dtype, settings.draws)


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


@pytest.mark.parametrize("mode", EVERY_MODE)
def test_chi2(mode, size):
    for df in DF:
        assert follows(stats.chi2(df), draw(mode, random.chi2, size, 5, df), narrow(mode)), df


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


# Laws of counts -------------------------------------------------------------------------------------------------------


def follows_counts(values, probabilities, sample, alpha=ALPHA):
    """Whether the sample has this law: chi-square of pooled neighbours, the distribution function, and its support."""
    cells, place = np.unique(values.astype(sample.dtype), return_inverse=True)
    expected = len(sample) * np.bincount(place, probabilities)
    found, counts = np.unique(sample, return_counts=True)
    index = np.searchsorted(cells, found)
    if np.any(index == len(cells)) or np.any(cells[index] != found):
        return False
    observed = np.bincount(index, counts, len(cells))
    if np.any(observed[expected == 0] > 0):
        return False
    assert abs(expected.sum() / len(sample) - 1) < 1e-6, "the law of reference is incomplete"
    distance = abs(np.cumsum(observed - expected)).max() / len(sample)
    if distance > np.sqrt(np.log(2 / alpha) / (2 * len(sample))) + 1e-6:
        return False
    # A new cell begins where the expected number of draws so far passes a multiple of 20; what is left joins the last.
    observed, expected = observed[expected > 0], expected[expected > 0]
    pool = np.floor(np.cumsum(expected) / 20).astype(int)
    pool = np.minimum(np.concatenate([[0], pool[:-1]]), max(pool[-1] - 1, 0))
    observed, expected = (np.bincount(np.unique(pool, return_inverse=True)[1], x) for x in (observed, expected))
    if len(observed) == 1:
        return True
    return bool(stats.chisquare(observed, expected * observed.sum() / expected.sum()).pvalue > alpha)


def law_of_counts(law, most=np.inf):
    """The support of a binomial or Poisson law, but for 1e-20 by Bernstein's inequality, and its probabilities."""
    reach = 10 * law.std() + 50
    values = np.arange(max(np.floor(law.mean() - reach), 0), min(np.ceil(law.mean() + reach), most) + 1)
    return values, law.pmf(values)


BINOMIAL = [
    *[(1, 0.5), (2, 0.3), (12, 0.3), (12, 0.97), (12, 1e-12), (12, 1 - 1e-12), (10**8, 1e-12), (10**8, 1 - 1e-12)],
    *[(1000, 1e-4), (1000, 0.9995), (10**4, 0.5), (10**6, 0.3), (10**8, 2**-25), (10**8, 1 - 2**-25), (10**8, 0.5)],
]


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


def test_keys():
    assert not np.array_equal(jax.random.key_data(random.key(1 << 32)), jax.random.key_data(random.key(0)))
    key = random.key((1 << 64) - 1)
    again = jax.random.wrap_key_data(jax.random.key_data(key), impl=jax.random.key_impl(key))
    np.testing.assert_array_equal(jax.random.bits(key, (5,)), jax.random.bits(again, (5,)))
    with pytest.raises(ValueError, match="use 0 <= seed < 2"):
        random.key(-1)


def test_nothing_is_drawn_into_empty_arrays():
    assert random.normal(random.key(0), (0, 3), jnp.float32).shape == (0, 3)
