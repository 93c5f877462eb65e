"""Curves: bands that cover as often as they say, and means that few chains carry."""

import re

import _oracle as oracle
import numpy as np
import pytest
from scipy import stats

import collapse_jax as cj
from collapse_jax.results import Moments4, binomial_limits

pytestmark = pytest.mark.usefixtures("fast_compilation")
ALPHA = oracle.alpha_of(10)


def coordinate(model, truth):
    return model.mean[..., 0]


@pytest.mark.wide
def test_bands_cover_as_often_as_they_say():
    runs, alpha = 300, 0.2
    family = cj.Gaussian(known_cov=True)
    covered = 0
    for seed in range(runs):
        low, high = cj.simulate(family, cj.Replace(10), coordinate, generations=1, chains=512, block=512, seed=seed)[
            "coordinate"].band(alpha)  # fmt: skip
        covered += low[0] <= 0 <= high[0]
    # One generation: Bonferroni is exact, so the band must neither miss nor over-cover.
    assert stats.binomtest(int(covered), runs, 1 - alpha).pvalue > ALPHA


def test_simultaneous_bands_hold_at_all_generations():
    runs, alpha = 150, 0.2
    family = cj.Gaussian(known_cov=True)
    covered = 0
    for seed in range(runs):
        curve = cj.simulate(family, cj.Accumulate(10), coordinate, generations=5, chains=512, block=512, seed=seed)[
            "coordinate"
        ]
        low, high = curve.band(alpha)
        covered += np.all((low <= 0) & (high >= 0))
    assert stats.binomtest(int(covered), runs, 1 - alpha, alternative="less").pvalue > ALPHA


def test_bands_of_two_chains_cover_as_often_as_they_say():
    """The mean of a Gaussian sample is Gaussian, so that Student's quantiles are exact."""
    runs, family, hits = 200, cj.Gaussian(known_cov=True), {0.01: 0, 0.3: 0}
    for seed in range(runs):
        curve = cj.simulate(family, cj.Replace(4), coordinate, generations=1, chains=2, seed=seed)["coordinate"]
        for alpha in hits:
            low, high = curve.band(alpha)
            hits[alpha] += int(low[0] <= 0 <= high[0])
    for alpha, covered in hits.items():
        low, high = binomial_limits(covered, runs, ALPHA)
        assert low <= 1 - alpha <= high
    assert hits[0.01] > 0.78 * runs, "normal quantiles cover 78 % only"


def test_a_band_needs_two_chains():
    run = cj.simulate(cj.Gaussian(ddof=0), cj.Replace(5), "variance", generations=1, chains=1)
    with pytest.raises(ValueError, match="there is 1; use chains=2 or more"):
        run["variance"].band()
    from matplotlib.figure import Figure

    ax = run.plot("variance", ax=Figure().subplots())  # a line, and no band
    assert len(ax.lines) == 1
    assert not ax.collections


@pytest.mark.wide
def test_a_mean_that_few_chains_carry_says_so():
    """An infinite mean, and a mean of 1 that no chain is near; ordinary laws, however skewed or small, say nothing."""
    infinite = cj.simulate(
        cj.LinearRegression(d=10, design="fresh"), cj.Replace(11), "risk", generations=1, chains=2000
    )
    assert infinite["risk"].few.all()
    assert re.search(
        r"risk: \S+ \+- \S+ ! at t=1, .* \(! carried by about \d of 2,000 chains at t=1; .* infinite\)", repr(infinite)
    )
    assert "carried by" in infinite._repr_html_()
    product = cj.simulate(cj.Gaussian(ddof=1), cj.Replace(10), "variance", generations=300, chains=20_000)
    curve = product["variance"]
    assert not curve.few[0]
    assert curve.few[-1]
    assert " ! at t=300" in repr(product)
    assert " ! at t=1," not in repr(product)
    for chains in (2, 10, 1000):
        ordinary = cj.simulate(
            cj.Gaussian(known_cov=True), cj.Replace(4), "squared_error", generations=3, chains=chains
        )
        assert not ordinary["squared_error"].few.any()
        assert "!" not in repr(ordinary)


def test_carriers_are_values_that_carry_the_spread():
    def of(*values):
        x = np.asarray(values, float)
        d = x - x.mean()
        sums = [np.sum(d**k) for k in (2, 3, 4)]
        return Moments4(*map(np.asarray, (len(x), x.mean(), *sums, x.min(), x.max(), 0))).carriers

    np.testing.assert_allclose(of(*[0.0] * 999, 1e6), 1, rtol=0.01)
    np.testing.assert_allclose(of(*[-1.0, 1.0] * 50), 100)
    assert of(3.0, 3.0, 3.0) == 3


def test_band_rejects_a_silly_alpha():
    run = cj.simulate(cj.Gaussian(ddof=0), cj.Replace(5), "variance", generations=1, chains=2)
    with pytest.raises(ValueError, match="use 0 < alpha < 1"):
        run["variance"].band(0.0)
