"""Demystified: its protocol and family, the reference rows of figure 1a, and closed forms beside each other."""

import math

import jax.numpy as jnp
import numpy as np
import pytest

import collapse_jax as cj
from collapse_jax import laws
from collapse_jax.testing import check_workflow
from proofs_check.papers.dohmatob2024demyst import digits, theory
from proofs_check.papers.dohmatob2024demyst.claims.figure_1a import _FIGURE, at_figure_1a, best_penalty
from proofs_check.papers.dohmatob2024demyst.sampling import student_risks
from proofs_check.papers.dohmatob2024demyst.variances import fresh_variance, shared_variance
from proofs_check.papers.dohmatob2024demyst.workflows import Downstream

W = [0.5, -0.5, 0.5, 0.5]


def students(engine, T0=9, T=12, penalty=0.2, family=cj.LinearRegression, chains=1 << 12):
    truth = family(W, sigma2=0.3, ridge=penalty, penalty="per_sample", design="fresh")
    run = cj.simulate(
        truth, Downstream(T0, T=T, sigma2=0.5), "risk", generations=3, chains=chains, engine=engine, progress=False
    )
    return run["risk"]


@pytest.mark.slow
@pytest.mark.parametrize("engine", ["exact", "literal"])
def test_students_have_the_exact_risk(engine):
    from proofs_check.papers.dohmatob2024demyst.claims._setups import ridge_law

    law = ridge_law(4, 12, 9, 0.2, 0.3, 0.5)
    low, high = students(engine).band(1e-6)
    for t in range(3):
        assert low[t] <= law(t) <= high[t]


@pytest.mark.parametrize("family", [cj.Bernoulli(0.3), cj.LinearRegression(W, design="shared")])
def test_only_fresh_regressions_have_students(family):
    with pytest.raises(ValueError, match="use LinearRegression"):
        cj.simulate(family, Downstream(9, T=12), "squared_error", generations=2, chains=4)


def test_a_workflow_of_students_holds_together():
    assert check_workflow(Downstream(9, T=12, sigma2=0.5), chains=64)
    with pytest.raises(ValueError, match="is no variance"):
        Downstream(9, T=12, sigma2=-1.0)


def test_variances_are_those_of_chi_squares():
    d, T, s = 20, 10, 0.25
    one, two = s * T / 9, s**2 * T * 12 / (9 * 7)
    beta = 2 * (d - T) * T / (d**2 * (d + 2))
    assert fresh_variance([(T, s)], d, 1.0) == pytest.approx(beta + two - one**2)
    assert shared_variance(1, T, d, 1.0, s) == pytest.approx(beta + two - one**2)
    assert fresh_variance([(50, s)] * 3, d, 1.0) == pytest.approx(laws.moments.fresh_risk_variance([50] * 3, d, s))


def test_corollary_4_4_is_theorem_4_3_with_enough_rows():
    spectrum = laws.spectrum.Spectrum.power_law(50, 1.3)
    for T, T0, penalty in ((30, 60, 0.01), (200, 500, 0.3)):
        assert theory.rho(spectrum, penalty, T, T0) == pytest.approx(theory.rho_general(spectrum, penalty, T, T0))
    iso = laws.spectrum.Spectrum.isotropic(50)
    k = theory.kappa(0.2, 50 / 80)
    assert theory.rho(iso, 0.2, 80, 120) == pytest.approx(theory.rho_isotropic(k, 50 / 80, 50 / 120))


def test_isotropic_forms_are_those_of_every_number():
    import flint
    import sympy

    numbers = (3, 0.1, 0.5, 0.4, 1.0, 0.3, 0.2)
    value = theory.isotropic(*numbers)
    assert float(theory.isotropic(*map(jnp.asarray, numbers))) == pytest.approx(value, rel=1e-6)
    assert float(theory.isotropic(*(flint.arb(x) for x in numbers))) == pytest.approx(value)
    assert float(theory.isotropic(*map(sympy.Rational, map(str, numbers)))) == pytest.approx(value)
    k = theory.kappa(0.1, 0.5)
    parts = theory.bias_isotropic(k, 0.5, 1.0) + theory.variance_isotropic(k, 0.5, 0.3)
    assert value == pytest.approx(parts + 3 * 0.2 * theory.rho_isotropic(k, 0.5, 0.4))


@pytest.mark.parametrize("n", sorted(_FIGURE))
def test_the_reference_rows_of_figure_1a(n):
    risk, penalty, least = _FIGURE[n]
    found, at = best_penalty(lambda x: at_figure_1a(n, x))
    assert at_figure_1a(n, 1e-3) == pytest.approx(risk, abs=5.1e-6)
    assert found == pytest.approx(penalty, abs=5.1e-5)
    assert at == pytest.approx(least, abs=5.1e-6)


@pytest.mark.slow
def test_the_reference_rows_are_simulated_within_four_standard_errors():
    """All three columns at d = 300; the remainder, 2/d, is what the equivalents may be off by."""
    rng, d, generators = np.random.default_rng(0), 300, sorted(_FIGURE)
    penalties = [1e-3, *(_FIGURE[n][1] for n in generators)]
    values, w0 = np.ones(d), np.full(d, d**-0.5)
    drawn = np.array([student_risks(rng, values, w0, 1000, 600, penalties, generators, 0.01, 0.04) for _ in range(100)])
    mean, error = drawn.mean(0), drawn.std(0, ddof=1) / math.sqrt(len(drawn))
    for i, n in enumerate(generators):
        for j, stated in ((0, _FIGURE[n][0]), (1 + i, _FIGURE[n][2])):
            assert abs(mean[j, i] - stated) < 4 * error[j, i] + 2 / d * stated


def test_kernel_ridge_with_a_linear_kernel_is_ridge_regression():
    rng = np.random.default_rng(0)
    x, labels, rows = rng.standard_normal((40, 3)), rng.standard_normal((40, 2)), np.arange(0, 40, 2)
    fitted = digits.refit(rng, x @ x.T, len(rows), 0.3, rows)(labels, 0.0)
    design = x[rows]
    w = np.linalg.solve(design.T @ design + len(rows) * 0.3 * np.eye(3), design.T @ labels[rows])
    np.testing.assert_allclose(fitted, x @ w, rtol=1e-7, atol=1e-8)


def test_random_features_have_the_kernel_of_their_mean():
    rng = np.random.default_rng(1)
    x = rng.random((5, 4))
    norm = np.linalg.norm(x, axis=1)
    angle = np.arccos(np.clip(x @ x.T / np.outer(norm, norm), -1, 1))
    mean = np.outer(norm, norm) / (2 * np.pi) * (np.sin(angle) + (np.pi - angle) * np.cos(angle))
    many = 1 << 18
    limit = 6 * 2 * norm.max() ** 2 / math.sqrt(many)  # six deviations of a mean of bounded fourth moments
    assert np.abs(digits.rectified_features(rng, x, many) - mean).max() < limit


def test_exponents_of_a_power_law_are_read_off():
    index = np.arange(1.0, 1e5)
    beta, r = 1.8, 0.4
    source = index ** -(1 + beta * (2 * r - 1))
    found = digits.Population(laws.spectrum.Spectrum(index**-beta), source).exponents()
    assert found == pytest.approx((beta, r), rel=0.03)


def test_a_population_of_equal_directions_has_the_risk_of_an_isotropic_one():
    kernel, labels = 50 * np.eye(50), np.ones((50, 1))
    iso = laws.spectrum.Spectrum.isotropic(50)
    layers = [laws.equivalents.Layer(100, 0.1, 0.2), laws.equivalents.Layer(80, 0.3)]
    expected = laws.equivalents.excess_risk(iso, 1 / 50, laws.equivalents.chain(iso, 1 / 50, layers))
    assert digits.Population.of(kernel, labels).risk(layers) == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize("n", [0, 1, 5, 10, 20])
def test_best_penalty_is_a_root(n):
    assert theory.best_penalty(n, 0.3, 0.5, 1.0, 0.01, 0.04) == pytest.approx(_FIGURE[n][1], abs=5e-5)
    best, _ = best_penalty(lambda at: theory.isotropic(n, at, 0.3, 0.5, 1.0, 0.25, 0.25))
    assert theory.best_penalty(n, 0.3, 0.5, 1.0, 0.25, 0.25) == pytest.approx(best, rel=1e-4)
