"""Degrees of freedom and effective penalties: closed forms, Marchenko and Pastur's law, exact sums over all indices."""

import numpy as np
import pytest

from collapse_jax.laws.spectrum import Spectrum, df, df_1, df_2, effective_penalty, projected_penalty

LONG = 100_000


@pytest.mark.parametrize("penalty", [0.0, 1e-9, 1e-3, 0.1, 2.0])
@pytest.mark.parametrize("T", [50, 100, 150, 1000])
def test_the_isotropic_penalty_is_the_root_of_a_quadratic(penalty, T):
    b = penalty + 100 / T - 1
    closed = 2 * penalty / (np.sqrt(b * b + 4 * penalty) - b) if b < 0 else (b + np.sqrt(b * b + 4 * penalty)) / 2
    rel = 1e-10  # at T = d two roots meet, and digits are lost
    assert effective_penalty(Spectrum.isotropic(100), penalty, T) == pytest.approx(closed, rel=rel, abs=1e-300)


@pytest.mark.parametrize(("d", "T"), [(30, 100), (90, 100), (200, 100)])
def test_degrees_of_freedom_are_those_of_the_law_of_marchenko_and_pastur(d, T):
    """tr S (S + lam)^-1 of a sample covariance S, in the limit, is an integral over its limiting spectrum."""
    phi, penalty = d / T, 0.2
    x, w = np.polynomial.legendre.leggauss(200)
    angle = np.pi / 2 * (1 + x)  # eigenvalues low .. high by their cosine, which absorbs the roots at both edges
    value = 1 + phi + 2 * np.sqrt(phi) * np.cos(angle)
    density = 2 / np.pi * np.sin(angle) ** 2 / value * np.pi / 2 * w
    exact = d * np.sum(density * value / (value + penalty))
    kappa = effective_penalty(Spectrum.isotropic(d), penalty, T)
    assert df_1(Spectrum.isotropic(d), kappa) == pytest.approx(exact, rel=1e-10)


@pytest.mark.parametrize("beta", [1.1, 1.5, 2.0, 3.0])
def test_a_power_law_in_few_nodes_is_the_sum_over_all_indices(beta):
    short, whole = Spectrum.power_law(LONG, beta), Spectrum(np.arange(1.0, LONG + 1) ** -beta)
    assert len(short.values) < 400
    assert short.d == pytest.approx(LONG, rel=1e-12)
    for kappa in (0, 1e-10, 1e-7, 1e-4, 1e-2, 1):
        for power in (1, 2, 3):
            assert df(short, kappa, power) == pytest.approx(df(whole, kappa, power), rel=1e-8)
    assert short.trace(-1) == pytest.approx(whole.trace(-1), rel=1e-8)
    assert effective_penalty(short, 0, 1000) == pytest.approx(effective_penalty(whole, 0, 1000), rel=1e-8)


@pytest.mark.parametrize("d", [1, 2, 59, 60, 61, 62, 63, 65, 300])
def test_every_length_has_its_indices(d):
    short = Spectrum.power_law(d, 1.3)
    assert short.trace() == pytest.approx(np.sum(np.arange(1.0, d + 1) ** -1.3), rel=1e-9)
    assert short.d == pytest.approx(d, rel=1e-12)


def test_without_penalty_fewer_rows_than_features_are_all_used():
    spectrum = Spectrum.power_law(500, 1.2)
    assert df_1(spectrum, effective_penalty(spectrum, 0, 77)) == pytest.approx(77, rel=1e-12)
    assert effective_penalty(spectrum, 0, 500) == effective_penalty(spectrum, 0, 501) == 0


@pytest.mark.parametrize("penalty", [0.0, 1e-9, 0.01, 1.0])
@pytest.mark.parametrize(("T", "m"), [(80, 50), (50, 80), (200, 300), (60, 60)])
def test_the_projected_penalties_solve_their_equation(penalty, T, m):
    spectrum = Spectrum.power_law(100, 1.0)
    outer, inner = projected_penalty(spectrum, penalty, T, m)
    assert inner == pytest.approx(outer * (1 - df_1(spectrum, outer) / m), rel=1e-6, abs=1e-12)
    assert inner * (1 - df_1(spectrum, outer) / T) == pytest.approx(penalty, rel=1e-9, abs=1e-12)
    assert penalty <= inner <= outer or inner == pytest.approx(penalty)
    assert df_1(spectrum, outer) <= min(T, m) * (1 + 1e-9)


def test_many_projections_are_none():
    spectrum = Spectrum.power_law(100, 1.0)
    outer, inner = projected_penalty(spectrum, 0.01, 60, 1e12)
    assert outer == pytest.approx(effective_penalty(spectrum, 0.01, 60), rel=1e-9)
    assert inner == pytest.approx(outer, rel=1e-9)


def test_projections_without_penalty_have_the_isotropic_closed_form():
    outer, inner = projected_penalty(Spectrum.isotropic(100), 0.0, 50, 80)
    assert (outer, inner) == pytest.approx((100 / 50 - 1, (100 / 50 - 1) * (1 - 50 / 80)))


def test_a_matrix_has_its_eigenvalues():
    rng = np.random.default_rng(0)
    square = rng.normal(size=(5, 5))
    covariance = square @ square.T
    expected = np.trace(covariance @ np.linalg.inv(covariance + 0.3 * np.eye(5)))
    assert df_1(Spectrum.of(covariance), 0.3) == pytest.approx(expected)
    assert df_2(Spectrum.of(covariance), 0.0) == pytest.approx(5)


@pytest.mark.parametrize("values", [[], [1.0, 0.0], [-1.0], [np.inf]])
def test_null_spaces_are_refused(values):
    with pytest.raises(ValueError, match="leave out null spaces"):
        Spectrum(values)


def test_multiplicities_fit_the_eigenvalues():
    with pytest.raises(ValueError, match="one positive finite number per eigenvalue"):
        Spectrum([1.0, 2.0], [1])
