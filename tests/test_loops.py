"""Loops with real data, sampling bias and correction: workflows beside exact maps, and the maps beside each other."""

from typing import Any

import jax
import numpy as np
import pytest

import collapse_jax as cj
from collapse_jax.laws import gaussian, loops, pedigree

ALPHA = 1e-6


def simulated(family, workflow, metrics, engine: Any = "exact", generations=4, chains=8192):
    return cj.simulate(family, workflow, metrics, generations=generations, chains=chains, engine=engine)


def assert_within(curve, expected):
    low, high = curve.band(ALPHA)
    assert np.all(low <= expected)
    assert np.all(expected <= high)


@pytest.mark.usefixtures("fast_compilation")
@pytest.mark.parametrize("engine", ["exact", "literal"])
def test_biased_samples_scale_the_covariance(engine):
    run = simulated(cj.Gaussian(d=2, ddof=1), cj.Biased(cj.Replace(20), bias=0.7), ["trace", "mean_error"], engine)
    assert_within(run["trace"], 2 * 0.7 ** np.arange(4))
    assert_within(run["mean_error"], 2 / 20 * np.cumsum(0.7 ** np.arange(4)))


@pytest.mark.usefixtures("fast_compilation")
def test_no_bias_changes_nothing_and_all_bias_leaves_a_point():
    plain, around = (
        simulated(cj.Gaussian(ddof=1), workflow, "variance", "literal", chains=64)["variance"].mean
        for workflow in (cj.Replace(5), cj.Biased(cj.Replace(5), bias=1.0))
    )
    np.testing.assert_allclose(plain, around, rtol=1e-12)
    run = simulated(cj.Gaussian(ddof=1), cj.Biased(cj.Replace(5), bias=0.0), "variance", chains=64)
    np.testing.assert_array_equal(run["variance"].mean[1:], 0)


@pytest.mark.slow
@pytest.mark.usefixtures("fast_compilation")
def test_fixed_and_fresh_real_data_with_bias_follow_their_maps():
    family = cj.Gaussian(ddof=1)
    run = simulated(family, cj.Biased(cj.FixedReal(12, n_real=6), bias=0.8), ["mean_error", "variance"])
    map_ = loops.fixed_real(6, 12, 4, 0.8)
    assert_within(run["mean_error"], 1 / 6 + map_[:, 0])
    assert_within(run["variance"], map_[:, 1])
    names = ["trace", "mean_error", "covariance_error"]
    run = simulated(cj.Gaussian(d=3, ddof=1), cj.Biased(cj.FreshReal(15, n_real=10), bias=0.8), names)
    moments = loops.fresh_real(10, 15, 3, 4, 0.8)
    for name, expected in zip(
        names, (moments[:, 1], moments[:, 2], moments[:, 3] - 2 * moments[:, 1] + 3), strict=True
    ):
        assert_within(run[name], expected)


def test_the_eight_moments_after_one_step_are_those_of_wishart_and_normal_draws():
    rng, chains, d, n_real, n, bias = np.random.default_rng(1), 60_000, 2, 5, 7, 0.8
    m, S = np.array([0.7, -0.2]), np.array([[1.5, 0.3], [0.3, 0.6]])
    real = rng.normal(size=(chains, n_real, d))
    made = m + bias**0.5 * rng.normal(size=(chains, n, d)) @ np.linalg.cholesky(S).T
    data = np.concatenate([real, made], 1)
    mean = data.mean(1)
    centred = data - mean[:, None]
    cov = np.einsum("rni,rnj->rij", centred, centred) / (n_real + n - 1)

    def columns(mean, cov):
        trace, norm = np.trace(cov, axis1=1, axis2=2), (mean**2).sum(1)
        within = np.einsum("ri,rij,rj->r", mean, cov, mean)
        return np.stack([trace**0, trace, norm, (cov**2).sum((1, 2)), trace**2, within, norm * trace, norm**2])

    found, expected = columns(mean, cov), loops.fresh_map(n_real, n, d, bias) @ columns(m[None], S[None])[:, 0]
    z = (found.mean(1) - expected)[1:] / (found.std(1)[1:] / chains**0.5)
    assert np.abs(z).max() < 5.4  # seven normal values: 1e-6


def test_maps_agree_where_they_meet():
    """First moments of the eight-dimensional map, of the two-moment map, of corrected data and of pedigrees."""
    one = loops.fresh_real(20, 60, 1, 30, 0.9)
    three = loops.fresh_real(20, 60, 3, 30, 0.9)
    np.testing.assert_allclose(three[:, 1:3], 3 * one[:, 1:3], rtol=1e-12)
    np.testing.assert_allclose(loops.fresh_real(20, 60, 3, 400, 0.9)[-1], loops.fresh_limit(20, 60, 3, 0.9), rtol=1e-9)
    fixed, plain = loops.fixed_real(20, 30, 9, 1.0, 0), loops.corrected_real(20, 30, 9, 0.0)
    np.testing.assert_allclose(1 / 20 + fixed[:, 0], plain[:, 1], rtol=1e-12)
    np.testing.assert_allclose(fixed[:, 1], plain[:, 2], rtol=1e-12)
    right = pedigree.quadratic_error(pedigree.of(cj.FixedReal(30, n_real=20), 9), 1.0, -1)
    np.testing.assert_allclose(plain[:, 1], right, rtol=1e-12)
    given = [loops.corrected_real(5, 7, 6, 0.4, mean, var) for mean, var in ((0.3, 0.5), (-0.3, 0.5))]
    np.testing.assert_allclose(given[0][:, 1:], given[1][:, 1:])
    np.testing.assert_allclose(given[0][:, 0], -given[1][:, 0])


def test_maps_at_recorded_numbers():
    assert loops.fresh_real(100, 900, 100, 40)[-1][2] == pytest.approx(0.529, abs=5e-4)
    moments = loops.fresh_real(100, 900, 100, 40, 0.8)[-1]
    assert moments[3] - 2 * moments[1] + 100 == pytest.approx(44.91, abs=5e-3)
    assert np.abs(np.linalg.eigvals(loops.fresh_map(20, 60, 3)[1:, 1:])).max() == pytest.approx(0.759, abs=5e-4)


def test_maps_refuse_what_has_no_limit_or_no_meaning():
    with pytest.raises(ValueError, match="without bound"):
        loops.fresh_limit(10, 90, 2, 1.5)
    with pytest.raises(ValueError, match="both, or neither"):
        loops.corrected_real(5, 5, 3, 0.1, mean=1.0)


@pytest.mark.parametrize("bias", [1.0, 0.8])
def test_law_of_the_variance_with_a_schedule(bias):
    """Equal sizes are the law before; different ones that of simulated products, by Kolmogorov's distance."""
    x = np.linspace(-4, 1, 9)
    same = gaussian.log_variance_cdf(x, 5, [8] * 7, 1, bias)
    np.testing.assert_allclose(same, gaussian.log_variance_cdf(x - 4 * np.log(bias), 5, 8, 1), atol=1e-11)
    sizes, chains = [3, 5, 10, 40], 100_000
    rng = np.random.default_rng(0)
    logs = np.sort(sum(np.log(rng.chisquare(n - 1, chains) / n) for n in sizes) + 3 * np.log(bias))
    cdf = gaussian.log_variance_cdf(logs[::200], 4, sizes, 0, bias)
    assert np.abs(cdf - np.arange(0, chains, 200) / chains).max() < (np.log(2 / ALPHA) / 2 / chains) ** 0.5 + 1 / chains


@pytest.mark.usefixtures("fast_compilation")
def test_corrected_data_follow_their_map():
    workflow = cj.Corrected(cj.FixedReal(6, n_real=4), gamma=0.5)
    assert workflow.needs_samples
    run = simulated(cj.Gaussian(ddof=0), workflow, ["mean_error", "variance"])
    expected = loops.corrected_real(4, 6, 4, 0.5)
    assert_within(run["mean_error"], expected[:, 1])
    assert_within(run["variance"], expected[:, 2])


@pytest.mark.usefixtures("fast_compilation")
def test_correction_without_strength_is_the_workflow_and_with_all_of_it_fresh_data():
    family = cj.Bernoulli(0.3)
    for gamma, other in ((0.0, cj.Accumulate(5)), (1e9, cj.Replace((5, 10, 15, 20)))):
        run = simulated(family, cj.Corrected(cj.Accumulate(5), gamma=gamma), "squared_error")
        if gamma == 0:
            assert_within(run["squared_error"], pedigree.quadratic_error(pedigree.of(other, 4), 0.21, -1))
        else:
            assert_within(run["squared_error"], 0.21 / np.array([5, 10, 15, 20]))


@pytest.mark.slow
@pytest.mark.usefixtures("fast_compilation")
@pytest.mark.parametrize("fresh", [True, False])
def test_recent_models_have_the_moments_of_their_pedigree(fresh):
    workflow = cj.RecentModels(7, n_real=3, k=2, fresh=fresh)
    right = pedigree.quadratic_error(pedigree.of(workflow, 5), 0.21, -1)
    for engine in ("exact", "literal"):
        assert_within(simulated(cj.Bernoulli(0.3), workflow, "squared_error", engine, 5)["squared_error"], right)
    one = cj.FreshReal(7, n_real=3) if fresh else cj.FixedReal(7, n_real=3)
    np.testing.assert_allclose(
        pedigree.quadratic_error(pedigree.of(cj.RecentModels(7, n_real=3, k=1, fresh=fresh), 5), 0.21, -1),
        pedigree.quadratic_error(pedigree.of(one, 5), 0.21, -1),
        rtol=1e-12,
    )


@pytest.mark.usefixtures("fast_compilation")
def test_one_generation_and_one_observation():
    for workflow in (cj.RecentModels(1, n_real=1, k=1), cj.Corrected(cj.Replace(1), gamma=1.0)):
        run = simulated(cj.Bernoulli(0.3), workflow, "squared_error", generations=1, chains=64)
        assert run["squared_error"].mean.shape == (1,)


@pytest.mark.slow
@pytest.mark.usefixtures("fast_compilation")
def test_strengths_may_be_traced():
    def mean_variance(bias):
        workflow = cj.Biased(cj.Replace(10), bias=bias)
        key, family = jax.random.key(0), cj.Gaussian(ddof=1)
        [values] = cj.trajectories(key, family, workflow, ["variance"], generations=3, chains=256)
        return jax.numpy.mean(values[-1])

    value, slope = jax.value_and_grad(mean_variance)(jax.numpy.asarray(0.8))
    assert float(slope) == pytest.approx(
        2 * float(value) / 0.8, rel=1e-5
    )  # v_3 is bias^2 times a product of chi-squares


@pytest.mark.parametrize(
    ("make", "remedy"),
    [
        (lambda: cj.Biased(cj.Replace(5), bias=-1.0), "number >= 0"),
        (lambda: cj.Corrected(cj.Replace(5), gamma=-0.1), "number >= 0"),
        (lambda: cj.Biased(cj.Replace(5)).check(cj.Bernoulli(0.3), 2), "use Gaussian"),
        (lambda: cj.RecentModels(3, n_real=2, k=4).check(cj.Bernoulli(0.3), 2), "use n >= k"),
        (
            lambda: cj.Corrected(cj.Replace(5)).check(cj.LinearRegression(d=2, design="shared"), 2),
            "design='fresh'",
        ),
    ],
)
def test_errors_name_the_remedy(make, remedy):
    with pytest.raises(ValueError, match=remedy):
        make()
