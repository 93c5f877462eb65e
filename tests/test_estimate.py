"""Running moments and confidence limits against NumPy and SciPy."""

from dataclasses import fields

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from collapse_jax.results.estimate import Moments4, binomial_limits, simultaneous_z


def of(x):
    """Moments of a sample by their definition."""
    x = np.asarray(x, float)
    finite = x[np.isfinite(x)]
    centred = finite - finite.mean() if finite.size else finite
    sums = [(centred**k).sum() for k in (2, 3, 4)]
    extremes = (finite.min(), finite.max()) if finite.size else (np.inf, -np.inf)
    mean = finite.mean() if finite.size else 0.0
    return Moments4(*(np.array([v], float) for v in (finite.size, mean, *sums, *extremes, x.size - finite.size)))


def assert_same(a, b, size):
    for item in fields(a):
        power = {"m2": 2, "m3": 3, "m4": 4}.get(item.name, 1)
        np.testing.assert_allclose(getattr(a, item.name), getattr(b, item.name), rtol=1e-9, atol=1e-10 * size**power)


numbers = st.lists(st.floats(-1e3, 1e3) | st.sampled_from([np.nan, np.inf, -np.inf]), max_size=12)


@settings(deadline=None, max_examples=100)
@given(numbers, numbers, numbers)
def test_merging_is_concatenating(a, b, c):
    merged = of(a) + of(b)
    assert_same(merged, of(a + b), 1e3)
    assert_same(of(b) + of(a), merged, 1e3)
    assert_same((of(a) + of(b)) + of(c), of(a) + (of(b) + of(c)), 1e3)
    assert_same(of(a) + Moments4.none((1,)), of(a), 1e3)


def test_merging_a_constant_sample_stays_constant():
    merged = of([0.5] * 7) + of([0.5] * 5)
    assert merged.m2 == merged.m3 == merged.m4 == 0
    assert merged.variance == 0
    assert merged.skewness == 0
    assert merged.kurtosis == 1


def test_a_large_offset_does_not_cancel():
    rng = np.random.default_rng(0)
    x = rng.normal(size=3000) + 1e8
    merged = Moments4.none((1,))
    for part in np.split(x, 30):
        merged = merged + of(part)
    np.testing.assert_allclose(merged.variance, x.var(ddof=1), rtol=1e-6)


def test_shape_statistics():
    x = np.random.default_rng(1).gamma(2.0, size=500)
    moments = of(x)
    np.testing.assert_allclose(moments.variance, x.var(ddof=1))
    np.testing.assert_allclose(moments.standard_error, stats.sem(x))
    np.testing.assert_allclose(moments.skewness, stats.skew(x))
    np.testing.assert_allclose(moments.kurtosis, stats.kurtosis(x, fisher=False))


def test_too_few_values():
    assert np.isnan(of([3.0]).variance)
    assert np.isnan(of([]).standard_error)
    assert of([]).kurtosis == 1


def test_indexing_keeps_fields_together():
    table = Moments4(*(np.arange(6.0).reshape(2, 3) + i for i in range(8)))
    assert table[1].count.tolist() == [3, 4, 5]
    assert table[:, 2].nonfinite.tolist() == [9, 12]


@pytest.mark.parametrize("alpha", [0.05, 1e-6])
@pytest.mark.parametrize(("hits", "trials"), [(0, 10), (10, 10), (1, 1), (3, 50), (999, 1000), (0, 1)])
def test_clopper_pearson(hits, trials, alpha):
    low, high = binomial_limits(hits, trials, alpha)
    expected = stats.binomtest(hits, trials).proportion_ci(1 - alpha, method="exact")
    np.testing.assert_allclose([low, high], [expected.low, expected.high], rtol=1e-9, atol=1e-14)


def test_clopper_pearson_covers():
    # Summing the exact binomial law over all outcomes needs no simulation.
    trials, alpha = 30, 0.1
    hits = np.arange(trials + 1)
    low, high = binomial_limits(hits, trials, alpha)
    for p in np.linspace(0.001, 0.999, 101):
        assert stats.binom(trials, p).pmf(hits)[(low <= p) & (p <= high)].sum() >= 1 - alpha


@pytest.mark.parametrize("alpha", [0.3, 0.01, 1e-6])
@pytest.mark.parametrize("comparisons", [1, 100])
def test_simultaneous_z(alpha, comparisons):
    z = simultaneous_z(alpha, comparisons)
    np.testing.assert_allclose(2 * stats.norm.sf(z) * comparisons, alpha)
    assert z > 0


@pytest.mark.parametrize("alpha", [0.0, 1.0, -0.1, 2.0, float("nan")])
def test_alpha_is_a_probability(alpha):
    with pytest.raises(ValueError, match="use 0 < alpha < 1"):
        simultaneous_z(alpha, 3)
