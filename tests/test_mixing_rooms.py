"""Rooms on regression with mixed, weighted or edited labels: closed forms, protocols, and their edges."""

import flint
import jax
import jax.numpy as jnp
import numpy as np
import pytest
import sympy

import collapse_jax as cj
from collapse_jax import laws
from collapse_jax.laws import pedigree
from proofs_check.papers.garg2025 import theory as garg
from proofs_check.papers.garg2025.claims import _setups as setups
from proofs_check.papers.garg2025.workflows import MixedLabels
from proofs_check.papers.he2025.workflows import WeightedLikelihood
from proofs_check.papers.kazdan2024 import theory as kazdan
from proofs_check.papers.zhu2024 import regression as zhu
from proofs_check.papers.zhu2024.edited_labels import EditedLabels

pytestmark = pytest.mark.usefixtures("fast_compilation")
GOLDEN = (5**0.5 - 1) / 2

CALLS = {
    "variance": (garg.variance, (4, 0.4)),
    "minnorm": (garg.minnorm, (4, 30, 60, 1.0, 0.5, 0.3)),
    "ols": (garg.ols, (4, 40, 5, 1.0, 0.3)),
    "ridge": (garg.ridge, (4, 0.7, 40, 1.0, 0.5, 0.3, 0.4)),
    "ridge_limit": (garg.ridge_limit, (0.7, 1.0, 0.5, 0.3, 0.4)),
    "fixed_labels": (garg.fixed_labels, (4, 0.5)),
    "fresh_minnorm": (garg.fresh_minnorm, (4, 30, 60, 1.0, 0.5, 0.3)),
    "fresh_weight": (garg.fresh_weight, (30, 60, 1.0, 0.5)),
    "dynamic_step": (garg.dynamic_step, (0.7, 2.0)),
    "first_edit": (zhu.first_edit, (15, 10, 60, 1.0)),
    "as_printed": (zhu.as_printed, (15, 10, 60, 1.0)),
    "decreasing_bound": (zhu.decreasing_bound, (3, 20, 1.0, 16, 0.5)),
    "linreg_subsample": (kazdan.linreg_subsample, (5, 10, 32, 1.0)),
    "linreg_bootstrap": (kazdan.linreg_bootstrap, (5, 10, 32, 1.0)),
}


@pytest.mark.parametrize(("form", "arguments"), CALLS.values(), ids=CALLS)
def test_one_function_for_every_kind_of_number(form, arguments):
    plain = form(*arguments)
    lifted = [jnp.asarray(value) if isinstance(value, float) else value for value in arguments]
    assert float(form(*lifted)) == pytest.approx(plain, rel=1e-6)
    balls = [flint.arb(value) if isinstance(value, float) else value for value in arguments]
    assert float(form(*balls)) == pytest.approx(plain, rel=1e-12)
    exact = [sympy.Rational(str(value)) if isinstance(value, float) else value for value in arguments]
    assert float(form(*exact)) == pytest.approx(plain, rel=1e-12)


@pytest.mark.parametrize(
    ("value", "golden", "digits"),
    [
        (garg.variance(2, GOLDEN), 0.6738, 4),
        (garg.variance(3, GOLDEN), 0.6262, 4),
        (garg.variance(4, GOLDEN), 0.6192, 4),
        (garg.variance(5, GOLDEN), 0.6182, 4),
        (garg.fixed_labels(4, 0.5), 1.3281, 4),
        (garg.dynamic(2), 2 / 3, 12),
        (garg.dynamic(3), 5 / 8, 12),
        (garg.dynamic(40), GOLDEN, 12),
        (garg.minnorm(100, 30, 60, 1.0, 0.5, 0.3), 1.0882, 4),
        (garg.minnorm(100, 30, 60, 1.0, 0.5, GOLDEN), 0.8197, 4),
        (garg.fresh_minnorm(100, 30, 60, 1.0, 0.5, 0.3), 1.0596, 4),
        (garg.fresh_weight(10**6, 10**6 + 2, 0.0, 1.0), GOLDEN, 5),
        (garg.limit(GOLDEN), GOLDEN, 12),
        (kazdan.linreg_replace(100, 10, 32, 1.0), 47.62, 2),
        (kazdan.linreg_accumulate(100, 10, 32, 1.0), 0.7786, 4),
        (kazdan.linreg_subsample(5, 1, 3, 1.0), 2.3908, 4),
        (kazdan.linreg_bootstrap(10_000, 1, 3, 1.0), np.pi**2 / 3, 3),
        (zhu.first_edit(15, 10, 60, 1.0), 0.2865, 4),
        (zhu.first_edit(30, 10, 60, 1.0), 0.3479, 4),
        (zhu.first_edit(60, 10, 60, 1.0), 20 / 49, 12),
    ],
)
def test_golden_numbers(value, golden, digits):
    assert value == pytest.approx(golden, abs=10.0**-digits)


def test_ridge_is_the_recursion_of_its_moments():
    s, lam, w, n = 0.7, 0.3, 0.4, 40
    mean, spread, m = s / (s + lam), s / (n * (s + lam) ** 2), s / (s + lam)
    first = spread
    for t in range(1, 12):
        assert garg.ridge(t, s, n, 2.0, 1.0, lam, w) == pytest.approx(2 * (1 - mean) ** 2 + spread, rel=1e-12)
        mean = m * (w + (1 - w) * mean)
        spread = (m * (1 - w)) ** 2 * spread + first * (w**2 + (1 - w) ** 2)
    limit = garg.ridge_limit(s, 2.0, 1 / n, lam, w)
    assert garg.ridge(200, s, n, 2.0, 1.0, lam, w) == pytest.approx(limit, rel=1e-12)
    assert garg.ridge_mean(9, 1.0, 0.4) == pytest.approx(1.0, rel=1e-12)  # no penalty, no bias


@pytest.mark.parametrize("n", [4, 8, 30])
def test_nodes_of_two_eigenvalues(n):
    """E tr S = 2, E tr S^-1 = 2 n / (n - 3) for S = X'X / n, d = 2."""
    s, weight = setups.wishart2(n)
    assert 2 * weight @ s == pytest.approx(2, rel=1e-8)
    if n > 5:
        assert 2 * weight @ (1 / s) == pytest.approx(2 * n / (n - 3), rel=1e-4)


@pytest.mark.parametrize("ratio", [0.5, 1.0, 2.0])
def test_nodes_of_the_limit_spectrum(ratio):
    s, weight = setups.marchenko_pastur(ratio)
    assert weight.sum() == pytest.approx(min(1, 1 / ratio), rel=1e-5)
    assert weight @ s == pytest.approx(1, rel=1e-8)
    assert weight @ s**2 == pytest.approx(1 + ratio, rel=1e-8)


@pytest.mark.sample(2)
@pytest.mark.parametrize("design", ["shared", "fresh"])
@pytest.mark.parametrize("engine", ["exact", "literal"])
def test_mixed_labels_have_the_closed_form(design, engine):
    """Means of both engines, within limits of error probability 1e-6 each."""
    family = cj.LinearRegression(d=3, sigma2=2.0, design=design)
    run = cj.simulate(family, MixedLabels(20, weight=0.3), "risk", generations=5, chains=4096, engine=engine)
    low, high = run["risk"].band(1e-6)
    stated = np.array([garg.ols(t, 20, 3, 2.0, 0.3) for t in range(1, 6)])
    assert np.all((low < stated) & (stated < high))


def test_mixed_labels_are_two_samples_averaged_on_one_design():
    mixed, apart = MixedLabels(20, weight=0.3), cj.FreshReal(20, n_real=20, weight=0.3)
    one, two = (pedigree.least_squares(pedigree.of(workflow, 6), 3, 20, 1.0) for workflow in (mixed, apart))
    np.testing.assert_allclose(one, two)
    scheduled = MixedLabels(20, weight=[1, 0.3, 0.3, 0.3, 0.3, 0.3])
    np.testing.assert_array_equal(pedigree.of(mixed, 6).weights[1:], pedigree.of(scheduled, 6).weights[1:])


@pytest.mark.slow
def test_mixed_labels_compose_and_have_ends():
    """All real: every fit is a first one; all synthetic: replacement. One compilation under jit and vmap over penalties."""
    t = np.arange(1, 5)
    for weight, factor in ((1.0, np.ones(4)), (0.0, t)):
        law = pedigree.least_squares(pedigree.of(MixedLabels(20, weight=weight), 4), 3, 20, 1.0)
        np.testing.assert_allclose(law, 3 / 16 * factor)
    family = cj.LinearRegression([1.0] * 2, sigma2=1.0, design="shared", ridge=1.0, penalty="absolute")

    def risk(strength):
        return cj.trajectories(
            cj.random.key(0), family.replace(ridge=strength), MixedLabels(5), ["risk"], generations=3, chains=8
        )[0].mean()

    slopes = jax.jit(jax.vmap(jax.grad(risk)))(jnp.array([0.5, 1.0]))
    assert slopes.shape == (2,)
    assert np.all(np.isfinite(slopes))


@pytest.mark.slow
@pytest.mark.parametrize("engine", ["exact", "literal"])
def test_minimum_norm_with_one_row(engine):
    family = cj.LinearRegression([8**-0.5] * 8, sigma2=1.0, design="shared")
    run = cj.simulate(family, MixedLabels(1, weight=0.5), "risk", generations=2, chains=4096, engine=engine)
    low, high = run["risk"].band(1e-6)
    assert low[-1] < garg.minnorm(2, 1, 8, 1.0, 1.0, 0.5) < high[-1]


@pytest.mark.slow
def test_a_weight_of_one_is_the_fit_on_real_data():
    """All fits then have one law; their means are compared within limits of error probability 1e-6."""
    family = cj.LogisticRegression((1.0, -0.5), ((1, -1), (1, 0), (1, 1)))
    protocol = WeightedLikelihood(300, n_real=300, weight=1.0)
    low, high = cj.simulate(family, protocol, slope, generations=2, chains=1024)["slope"].band(1e-6)
    assert low[0] < high[1]
    assert low[1] < high[0]


def slope(model, truth):
    return model.beta[..., 1]


@pytest.mark.slow
def test_edits_of_all_rows_are_replacement_and_of_none_are_nothing():
    family = cj.LinearRegression(d=2, sigma2=1.0, design="shared")
    one = laws.identities.one_fit(2, 10, 1.0)
    for edits, factor in (([(0, 10)], [1, 2, 3]), ([(3, 3)], [1, 1, 1]), ([(0, 10), (0, 0)], [1, 2, 2])):
        run = cj.simulate(family, EditedLabels(10, edits=edits), "risk", generations=3, chains=2048)
        low, high = run["risk"].band(1e-6)
        assert np.all((low < one * np.asarray(factor)) & (one * np.asarray(factor) < high))


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: MixedLabels(5, weight=1.5), "use 0 <= weight <= 1"),
        (
            lambda: MixedLabels(5, weight=[1, 0.5]).check(cj.LinearRegression(d=1, design="shared"), 3),
            "give one per fit",
        ),
        (lambda: MixedLabels(5).check(cj.Bernoulli(0.3), 3), "use LinearRegression"),
        (lambda: EditedLabels(5, edits=[(3, 1)]), "first <= end"),
        (lambda: EditedLabels(5, edits=[(0, 6)]).check(cj.LinearRegression(d=1, design="shared"), 3), "rows below it"),
        (lambda: EditedLabels(5).check(cj.LinearRegression(d=1, design="fresh"), 3), "design='shared'"),
        (lambda: WeightedLikelihood(5, n_real=5).check(cj.LogisticRegression((1.0,), ((1,),)), 3), "give a weight"),
        (lambda: WeightedLikelihood(5, n_real=5, weight=0.5).check(cj.Bernoulli(0.3), 3), "use LogisticRegression"),
    ],
)
def test_what_is_refused_says_what_helps(make, message):
    with pytest.raises(ValueError, match=message):
        make()
