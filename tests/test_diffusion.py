"""Generators that change a covariance direction by direction: diffusion, denoisers, shrunken density estimates."""

import functools
import math

import flint
import jax
import jax.numpy as jnp
import numpy as np
import pytest
import sympy

import collapse_jax as cj
from collapse_jax import testing
from collapse_jax.results.record import configuration
from proofs_check.papers.diffusion import theory
from proofs_check.papers.diffusion.workflows import Shrunken
from proofs_check.papers.zhu2024 import theory as zhu
from proofs_check.papers.zhu2024.workflows import Denoised

pytestmark = pytest.mark.usefixtures("fast_compilation")

COV = np.array([[2.0, 0.6, 0.1], [0.6, 0.5, -0.2], [0.1, -0.2, 1.0]])
MEAN = np.array([1.0, -2.0, 0.5])
INNER = cj.Replace(10)

GENERATORS = {
    "flow": (cj.Diffused(INNER, horizon=1.0, stop=0.05), lambda v: theory.ode(v, 1.0, 0.05)),
    "flow to the end": (cj.Diffused(INNER, horizon=2.0), lambda v: theory.ode(v, 2.0, 0.0)),
    "from infinity": (cj.Diffused(INNER, stop=0.1), lambda v: theory.noised(v, 0.1)),
    "reverse": (
        cj.Diffused(INNER, horizon=1.0, stop=0.05, sampler="sde"),
        lambda v: theory.sde(v, 1.0, 0.05),
    ),
    "reverse from infinity": (cj.Diffused(INNER, stop=0.1, sampler="sde"), lambda v: theory.noised(v, 0.1)),
    "guided": (cj.Diffused(INNER, guidance=0.7, against=2.0), lambda v: theory.guided(v, 2.0, 0.7)),
    "guided in between": (
        cj.Diffused(INNER, horizon=1.5, stop=0.1, guidance=0.7, against=2.0),
        lambda v: theory.guided_between(v, 2.0, 0.7, 1.5, 0.1),
    ),
    "denoised": (Denoised(INNER, sigma2=0.3), lambda v: zhu.denoised(v, 0.3)),
    "nothing": (cj.Diffused(INNER), lambda v: v),
    "no noise": (Denoised(INNER, sigma2=0.0), lambda v: v),
}


@pytest.mark.parametrize(
    ("mean", "cov", "names"),
    [(MEAN, COV, ("flow", "reverse", "denoised")), (0.5, np.array([[0.25]]), tuple(GENERATORS))],
    ids=["d=3", "d=1"],
)
def test_a_covariance_is_changed_along_its_eigenvectors(mean, cov, names):
    values, vectors = np.linalg.eigh(cov)

    @jax.jit
    def authors(model):
        return {name: GENERATORS[name][0].author(model).cov for name in names}

    with jax.enable_x64(True):
        found = authors(cj.Gaussian(mean, cov, ddof=1))
    for name in names:
        stated = (vectors * [GENERATORS[name][1](v) for v in values]) @ vectors.T
        np.testing.assert_allclose(found[name], stated, atol=1e-12, err_msg=name)


def test_means_are_forgotten_with_the_rest():
    """From T = 1 a mean m becomes m (e^-t0 - e^-T f), f the factor of a deviation."""
    stop, horizon, v, m = 0.05, 1.0, 0.25, 3.0
    flow = (theory.noised(v, stop) / theory.noised(v, horizon)) ** 0.5
    reverse = math.exp(stop - horizon) * flow**2
    workflows = [
        *(cj.Diffused(INNER, horizon=horizon, stop=stop, sampler=name) for name in ("ode", "sde")),
        Denoised(INNER),
    ]
    with jax.enable_x64(True):
        model = cj.Gaussian(m, v, ddof=1)
        found = jax.jit(lambda model: [workflow.author(model).mean[0] for workflow in workflows])(model)
    kept = [math.exp(-stop) - math.exp(-horizon) * factor for factor in (flow, reverse)]
    np.testing.assert_allclose(found, [m * kept[0], m * kept[1], m], rtol=1e-12)


def test_variances_below_the_smallest_float_have_logarithms():
    workflow = cj.Diffused(cj.Replace(50), guidance=1.0, against=2.0)
    run = cj.simulate(cj.Gaussian(cov=1.0, ddof=1), workflow, "log_det", generations=14, chains=64, engine="exact")
    mean = run["log_det"].mean
    assert np.all(np.isfinite(mean))
    assert mean[-1] < -3_000


def test_a_flat_law_stays_flat():
    """A singular covariance, whose null direction gets the variance of the noise."""

    @jax.jit
    def authors(flat):
        return cj.Diffused(INNER, stop=0.1).author(flat).cov, cj.Diffused(INNER).author(flat).cov

    with jax.enable_x64(True):
        flat = cj.Gaussian(cov=1.0, d=2, ddof=1).replace(triangle=np.array([1.0, 1.0, 0.0]))
        noised, same = authors(flat)
    np.testing.assert_allclose(np.linalg.eigvalsh(noised), [1 - math.exp(-0.2), 1 + math.exp(-0.2)], rtol=1e-12)
    np.testing.assert_allclose(same, np.ones((2, 2)), atol=1e-14)


@pytest.mark.parametrize(("engine", "d"), [("literal", 1), ("exact", 2)])
def test_a_loop_at_an_infinite_horizon_has_exact_means(engine, d):
    workflow = cj.Diffused(cj.Replace(8), stop=0.2, sampler="sde")
    run = cj.simulate(cj.Gaussian(cov=0.3, d=d, ddof=1), workflow, "trace", generations=4, chains=2048, engine=engine)
    low, high = run["trace"].band(1e-6)
    for t in range(1, 5):
        assert low[t - 1] <= d * theory.ode_sampled(t, 0.3, 0.2) <= high[t - 1]


def test_settings_may_be_traced():
    cov = COV[:2, :2]
    model = cj.Gaussian(cov=cov, ddof=1)

    def trace(stop):
        return jnp.trace(cj.Diffused(INNER, stop=stop, horizon=1.0).author(model).cov)

    def stated(stop):
        return sum(theory.ode(v, 1.0, stop) for v in np.linalg.eigvalsh(cov))

    with jax.enable_x64(True):
        values, slopes = jax.jit(jax.vmap(jax.value_and_grad(trace)))(jnp.array([0.1, 0.4]))
    for value, slope, stop in zip(values, slopes, (0.1, 0.4), strict=True):
        assert float(value) == pytest.approx(stated(stop), rel=1e-12)
        assert float(slope) == pytest.approx((stated(stop + 1e-5) - stated(stop - 1e-5)) / 2e-5, rel=1e-6)


@pytest.mark.parametrize("name", ["reverse", "guided", "denoised"])
@pytest.mark.slow
def test_generators_pass_the_checks_of_workflows(name):
    assert testing.check_workflow(GENERATORS[name][0], chains=2048)


def test_a_record_says_what_was_done():
    assert configuration(cj.Diffused(INNER, stop=0.1))["stop"] == 0.1
    run = cj.simulate(cj.Gaussian(ddof=1), cj.Diffused(INNER, stop=0.1), "variance", generations=1, chains=16)
    assert "Diffused" in str(run)
    assert run["variance"].mean.shape == (1,)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: cj.Diffused(INNER, stop=-1.0), "number >= 0"),
        (lambda: cj.Diffused(INNER, horizon=0.0), "number > 0, or infinity"),
        (lambda: cj.Diffused(INNER, horizon=1.0, stop=1.0), "use stop < horizon"),
        (lambda: cj.Diffused(INNER, sampler="sde", guidance=0.5), "sampler='ode'"),
        (lambda: cj.Diffused(INNER, guidance=-2.0), "number > -1"),
        (lambda: cj.Diffused(INNER, against=0.0), "number > 0"),
        (lambda: cj.Diffused(INNER).check(cj.Bernoulli(0.3), 2), "use Gaussian"),
        (lambda: Denoised(INNER, sigma2=-1.0), "number >= 0"),
        (lambda: Denoised(INNER).check(cj.Poisson(1.0), 2), "use Gaussian"),
        (lambda: Shrunken(INNER, keep=1.5), r"exp\(-t_0\)"),
        (lambda: Shrunken(INNER).check(cj.Gaussian(ddof=1), 2), "use KDE"),
        (lambda: theory.ode(1.0, 1.0, 2.0), "stop < T"),
    ],
)
def test_what_is_refused_says_what_to_do(call, message):
    with pytest.raises(ValueError, match=message):
        call()


@pytest.mark.parametrize("n", [1, pytest.param(4, marks=pytest.mark.slow)])
def test_a_memory_spreads_by_its_bandwidth_only(n):
    """With n = 1 all variance within the sample is gone; the law over chains stays N(0, 1)."""
    keep = math.exp(-0.3)
    family, workflow = cj.KDE((1 - keep**2) ** 0.5), Shrunken(cj.Replace(n), keep=keep)
    run = cj.simulate(family, workflow, [first_square, within], generations=4, chains=4096)
    low, high = run["first_square"].band(1e-6)
    assert np.all((low <= 1) & (high >= 1))
    low, high = run["within"].band(1e-6)
    for t in range(1, 5):
        assert low[t - 1] - 1e-9 <= theory.score_loop(t, n, 0.3, 1.0) <= high[t - 1] + 1e-9


def first_square(model, truth):
    return model.points[..., 0, 0] ** 2


def within(model, truth):
    x = model.points[..., 0]
    return ((x - x.mean(-1, keepdims=True)) ** 2).mean(-1)


def test_the_variance_of_a_memory_is_that_of_a_plain_simulation():
    n, stop, chains = 5, 0.2, 200_000
    rng, keep = np.random.default_rng(1), math.exp(-stop)
    x = rng.standard_normal((chains, n))
    for t in range(1, 5):
        if t > 1:
            x = keep * np.take_along_axis(x, rng.integers(0, n, (chains, n)), 1)
            x += (1 - keep**2) ** 0.5 * rng.standard_normal((chains, n))
        squares = (x.var(1) - theory.score_loop(t, n, stop, 1.0)) ** 2
        error = squares.std() / chains**0.5
        assert abs(squares.mean() - theory.score_loop_variance(t, n, stop)) < 5.5 * error  # 4e-8 on both sides


@pytest.mark.parametrize(
    ("value", "golden", "digits"),
    [
        (theory.ode(0.25, 1.0, 0.05), 0.3577, 4),
        (theory.sde(0.25, 1.0, 0.05), 0.3233, 4),
        (theory.ode(3.0, 1.0, 0.05), 2.211, 3),
        (theory.sde(3.0, 1.0, 0.05), 2.612, 3),
        (theory.guided(0.5, 2.0, 1.5), 0.0625, 12),
        (theory.score_loop(50, 30, 0.05, 1.0), 0.7344, 4),
        (theory.retained(30, 0.05), 0.7340, 4),
        (theory.score_loop_variance(1, 7, 0.1), 2 * 6 / 49, 12),
        (zhu.denoised_with_real(4.0, 0.25, 0.1) / (zhu.denoised_with_real(4.0, 0.25, 0.1) + 0.25), 0.8889, 4),
        (functools.reduce(lambda w, _: zhu.next_weight(w), range(5), 4 / 4.25), 0.9189, 4),
    ],
)
def test_golden_numbers(value, golden, digits):
    assert round(float(value), digits) == pytest.approx(golden, abs=0.51 * 10**-digits)


CALLS = {
    "noised": (theory.noised, (0.25, 0.5)),
    "ode": (theory.ode, (0.25, 1.0, 0.125)),
    "ode_loop": (theory.ode_loop, (3, 0.25, 1.0, 0.125)),
    "ode_rate": (theory.ode_rate, (1.0, 0.125)),
    "sde": (theory.sde, (0.25, 1.0, 0.125)),
    "sde_rate": (theory.sde_rate, (1.0, 0.125)),
    "ode_sampled": (theory.ode_sampled, (3, 0.25, 0.125)),
    "ode_sampled_variance": (theory.ode_sampled_variance, (3, 9, 0.25, 0.125)),
    "guided": (theory.guided, (0.25, 2.0, 0.5)),
    "guided_between": (theory.guided_between, (0.25, 2.0, 0.5, 1.0, 0.125)),
    "guided_loop": (theory.guided_loop, (3, 0.25, 2.0, 0.5)),
    "guided_sampled": (theory.guided_sampled, (3, 9, 0.25, 2.0, 0.5)),
    "retained": (theory.retained, (9, 0.125)),
    "score_loop": (theory.score_loop, (3, 9, 0.125, 1.5)),
    "score_loop_variance": (theory.score_loop_variance, (3, 9, 0.125)),
    "denoised": (zhu.denoised, (1.5, 0.25)),
    "denoised_clean": (zhu.denoised_clean, (1.5, 0.25)),
    "denoised_with_real": (zhu.denoised_with_real, (1.5, 0.25, 0.125)),
    "next_weight": (zhu.next_weight, (0.75,)),
    "envelope": (zhu.envelope, (3, 0.75)),
    "weight_floor": (zhu.weight_floor, (1.5, 0.25, 0.125)),
}


@pytest.mark.parametrize("name", CALLS)
def test_one_function_serves_every_kind_of_number(name):
    function, arguments = CALLS[name]
    plain = float(function(*arguments))

    def every(make):
        return [a if isinstance(a, int) else make(a) for a in arguments]

    assert float(function(*every(flint.arb))) == pytest.approx(plain, rel=1e-12)
    assert float(sympy.N(function(*every(sympy.Rational)), 20)) == pytest.approx(plain, rel=1e-12)
    with jax.enable_x64(True):
        assert float(function(*every(jnp.asarray))) == pytest.approx(plain, rel=1e-12)
