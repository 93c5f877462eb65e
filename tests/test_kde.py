"""Kernel density estimates: errors by quadrature, laws without sampling, bandwidths, and what is refused."""

import math

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from scipy import integrate, stats

import collapse_jax as cj
from collapse_jax.engine.xla import compiler_options
from collapse_jax.families import KernelEstimate
from collapse_jax.laws import kde, pedigree
from collapse_jax.metrics.density import by_pairs
from collapse_jax.testing import check_family, in_precision

pytestmark = [pytest.mark.usefixtures("x64"), pytest.mark.usefixtures("fast_compilation")]

MIXTURE = cj.KDE(0.4, weights=(0.3, 0.7), means=(-1.0, 2.0), scales=(1.0, 0.5))
POINTS = np.array([[-1.3, 0.2, 0.9, 4.0, 2.5], [0.0, 0.1, -0.4, 2.2, 2.0]])[..., None]


def fitted(family, points=POINTS):
    """The estimate on these points, of (chains, n, d), as a run would hold it."""
    family = jax.tree.map(jnp.asarray, family)
    return family, family.fit(cj.Samples.of(jnp.asarray(points), 1))


def measured(names, model, truth):
    """The metrics of these names, in one program."""
    return jax.jit(lambda model, truth: {name: cj.METRICS[name](model, truth) for name in names})(model, truth)


def density(points, h, x):
    return np.mean(stats.norm.pdf(x, points[:, 0], h))


def truth_density(family, x):
    return sum(
        w * stats.norm.pdf(x, m, s)
        for w, m, s in zip(family.law.weights, family.law.means[:, 0], family.law.scales, strict=True)
    )


def by_quadrature(family, points, h):
    def square(x):
        return (density(points, h, x) - truth_density(family, x)) ** 2

    def likelihood(x):
        return -truth_density(family, x) * math.log(density(points, h, x))

    edge = 2 + 8 * float(family.scales.max())
    return [integrate.quad(f, -end, end, limit=400, epsabs=1e-12)[0] for f, end in ((square, 15), (likelihood, edge))]


@pytest.mark.grid
@pytest.mark.parametrize("family", [MIXTURE, cj.KDE("silverman", factor=0.8, scales=2.0, scaled=True)])
def test_errors_are_those_of_quadrature(family):
    truth, model = fitted(family)
    found = measured(["ise", "nll"], model, truth)
    np.testing.assert_allclose(found["ise"], jax.jit(by_pairs)(model, truth), rtol=1e-12)
    for i, points in enumerate(POINTS):
        error, likelihood = by_quadrature(family, points, float(model.bandwidth[i]))
        np.testing.assert_allclose(found["ise"][i], error, rtol=1e-9)
        np.testing.assert_allclose(found["nll"][i], likelihood, rtol=2e-5)


def test_two_dimensions_are_those_of_quadrature():
    family = cj.KDE(0.6, weights=(0.5, 0.5), means=[[0.0, 1.0], [1.0, -1.0]], scales=(0.7, 1.2))
    points = np.random.default_rng(0).normal(size=(1, 4, 2))
    truth, model = fitted(family, points)
    found = measured(["ise", "nll", "variance", "mean_error"], model, truth)
    line = np.linspace(-9, 9, 401)
    grid = np.stack(np.meshgrid(line, line), -1).reshape(-1, 2)
    f = np.exp(np.asarray(model.log_density(jnp.asarray(grid)))[0])
    p = sum(
        w * stats.multivariate_normal.pdf(grid, m, s**2)
        for w, m, s in zip(family.law.weights, family.law.means, family.law.scales, strict=True)
    )
    cell = (line[1] - line[0]) ** 2
    np.testing.assert_allclose(found["ise"][0], ((f - p) ** 2).sum() * cell, rtol=1e-10)
    np.testing.assert_allclose(found["nll"][0], -(p * np.log(f)).sum() * cell, rtol=1e-4)
    mean = (grid * f[:, None]).sum(0) * cell
    spread = (f * ((grid - mean) ** 2).sum(1)).sum() * cell
    np.testing.assert_allclose(found["variance"][0], spread / 2, rtol=1e-8)
    centre = family.law.weights @ family.law.means
    np.testing.assert_allclose(found["mean_error"][0], ((mean - centre) ** 2).sum(), rtol=1e-8)


def test_the_density_does_not_underflow_far_away():
    _, model = fitted(cj.KDE(0.01))
    far = model.log_density(jnp.asarray([[100.0]]))
    wanted = -(((100 - POINTS.max(1)) / 0.01) ** 2) / 2 - math.log(5) - math.log(0.01 * math.sqrt(2 * math.pi))
    np.testing.assert_allclose(far, wanted, rtol=1e-12)


# tests/test_battery.py has more, against an oracle
WORKFLOWS = [cj.Replace((4, 9, 6)), cj.Accumulate(5), cj.Window(6, k=2, redraw=True), cj.FixedReal(5, n_real=3)]


@pytest.mark.slow
@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda workflow: type(workflow).__name__)
def test_the_law_without_sampling_is_that_of_chains(workflow):
    curve = cj.simulate(MIXTURE, workflow, "ise", generations=3, chains=4096)["ise"]
    law = kde.integrated_squared_error(pedigree.of(workflow, 3), 0.4, MIXTURE.law)
    low, high = curve.band(1e-6 / len(WORKFLOWS))
    assert np.all((low <= law) & (law <= high))


def test_kernels_are_cycles_of_a_random_permutation():
    found = kde.kernels(pedigree.of(cj.Accumulate(3), 4))
    np.testing.assert_allclose(found[3] * 24, [6, 11, 6, 1])  # Stirling numbers of the first kind
    np.testing.assert_allclose(kde.kernels(pedigree.of(cj.Replace(3), 4)), np.eye(4))


def test_bandwidths_follow_the_size_of_the_pool():
    def bandwidth(model, truth):
        return model.bandwidth

    for rule, scale in (("scott", 1.0), ("silverman", 0.75)):
        run = cj.simulate(cj.KDE(rule), cj.Accumulate(10), bandwidth, generations=3, chains=8)["bandwidth"]
        np.testing.assert_allclose(run.mean, (scale * 10 * np.arange(1, 4)) ** -0.2, rtol=1e-6)
        assert run.standard_error.max() < 1e-9


def test_a_scaled_bandwidth_is_that_of_scipy():
    _, model = fitted(cj.KDE("scott", scaled=True))
    for i, points in enumerate(POINTS):
        estimate = stats.gaussian_kde(points[:, 0])
        np.testing.assert_allclose(
            np.exp(model.log_density(jnp.asarray([[0.3], [2.0]])))[i], estimate([0.3, 2.0]), rtol=1e-12
        )


@pytest.mark.slow
def test_unfilled_slots_do_not_count():
    truth, model = fitted(MIXTURE)
    padded = np.concatenate([np.full((2, 2, 1), 7.0), POINTS, np.full((2, 3, 1), -9.0)], 1)
    present = jnp.asarray([False] * 2 + [True] * 5 + [False] * 3)
    other = truth.fit(cj.Samples(jnp.asarray(padded), present, jnp.int32(10), 1))
    names = cj.metrics_for(MIXTURE)
    found, wanted = measured(names, other, truth), measured(names, model, truth)
    for name in names:
        np.testing.assert_allclose(found[name], wanted[name], rtol=1e-12)
    drawn = other.sample(cj.random.key(0), 4000)
    assert np.all(np.abs(np.asarray(drawn)).max((1, 2)) < 6.5)  # 4.0 + 6 h is above all draws, 7 and -9 have none


POOLS = {
    "mixture": cj.KDE("silverman", factor=0.9, weights=(0.3, 0.7), means=(-1.0, 2.0), scales=(1.0, 0.5), scaled=True),
    "too narrow for the frequencies": cj.KDE(0.002),
    "too far apart for them": cj.KDE(0.3, weights=(0.5, 0.5), means=(-400.0, 400.0)),
}


@pytest.mark.parametrize(
    ("name", "dtype", "rounding"), [*((name, "float64", 1e-9) for name in POOLS), ("mixture", "float32", 2e-4)]
)
def test_sums_over_a_pool_are_those_over_its_points(name, dtype, rounding):
    names = ["ise", "variance", "mean_error"]

    def both(family, points):
        parts = [cj.Samples.of(part, 1) for part in (points[:, :2], points[:, 2:4], points[:, 3:])]
        start = family.fit(family.reduce(parts[0]))
        pool = family.reduce(parts[0]).reserve(3).append(start.reduce(parts[1]))
        pool = pool.append(start.reduce(parts[2]).only_if(False)).append(start.reduce(parts[2].first(1)))
        models = start.fit(pool), family.fit(parts[0] + parts[1] + parts[2].first(1))
        moved = models[0].replace(points=models[0].points + 1)
        assert [model.running is None for model in (*models, moved)] == [False, True, True]
        return [measured(names, model, family) for model in models]

    arguments = in_precision(POOLS[name], dtype), jnp.asarray(POINTS, dtype)
    found, wanted = jax.jit(both).lower(*arguments).compile(compiler_options("cpu", 0))(*arguments)
    for metric in names:
        np.testing.assert_allclose(found[metric], wanted[metric], rtol=rounding, err_msg=metric)


@pytest.mark.slow
def test_derivatives_and_vmap_over_the_bandwidth():
    def mean_error(h):
        family = jax.tree.map(jnp.asarray, cj.KDE(0.4)).replace(factor=h)
        return cj.trajectories(cj.random.key(1), family, cj.Replace(4), ["ise"], generations=2, chains=32)[0].mean(1)

    h, step = jnp.asarray(0.4), 1e-5
    (_, slope), (below, above) = jax.jit(
        lambda h: (jax.jvp(mean_error, (h,), (jnp.ones(()),)), jax.vmap(mean_error)(jnp.stack([h - step, h + step])))
    )(h)
    np.testing.assert_allclose(slope, (above - below) / (2 * step), rtol=1e-4)


def test_single_points_in_single_precision():
    curve = cj.simulate(cj.KDE(0.5), cj.Replace(1), "ise", generations=2, chains=512, dtype="float32")["ise"]
    low, high = curve.band(1e-6)
    law = kde.integrated_squared_error(pedigree.of(cj.Replace(1), 2), 0.5, kde.normal())
    assert np.all((low <= law) & (law <= high))


@pytest.mark.slow
def test_the_self_test_finds_nothing_wrong():
    check_family(cj.KDE("scott", scaled=True, d=2), n=5, chains=64).require()


def test_a_record_makes_the_truth_again():
    again = cj.KDE(**cj.KDE("scott", factor=2.0, means=[[0.0, 1.0]], scaled=True).described)
    assert (again.rule, float(again.factor), again.d, again.scaled) == ("scott", 2.0, 2, True)
    again = cj.KDE(**MIXTURE.described)
    np.testing.assert_allclose(again.means, MIXTURE.means)
    assert isinstance(fitted(again)[1], KernelEstimate)


@pytest.mark.parametrize(
    ("make", "remedy"),
    [
        (lambda: cj.KDE(0.0), "number > 0"),
        (lambda: cj.KDE("tophat"), "'scott' or 'silverman'"),
        (lambda: cj.KDE(0.3, scales=0.0), "scales > 0"),
        (lambda: cj.KDE(0.3, weights=(0.5, 0.6)), "sum to 1"),
        (lambda: cj.KDE(0.3, weights=(0.5, 0.5), means=[[0.0], [1.0], [2.0]]), "do not fit 2 components"),
        (lambda: cj.simulate(cj.KDE("scott", scaled=True), cj.Replace(1), "ise", generations=1, chains=4), "n >= 2"),
        (lambda: cj.simulate(cj.KDE(0.3, d=3), cj.Replace(3), "nll", generations=1, chains=4), "not defined"),
        (lambda: kde.Mixture(np.ones(1), np.zeros(1), np.ones(1)), "do not fit"),
        (lambda: kde.integrated_squared_error(pedigree.of(cj.Replace(3), 2), 0.0, kde.normal()), "> 0"),
    ],
)
def test_what_is_refused_names_the_remedy(make, remedy):
    with pytest.raises(ValueError, match=remedy):
        make()
