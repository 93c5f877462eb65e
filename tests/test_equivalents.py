"""Deterministic equivalents beside exact values of finite d, from which they differ by C/d, and beside each other."""

import numpy as np
import pytest

from collapse_jax.laws.equivalents import (
    Layer,
    Moments,
    chain,
    excess_risk,
    mix_step,
    remainder,
    replace_step,
    truth,
)
from collapse_jax.laws.spectrum import Spectrum, df_2, effective_penalty

SIZES = (20, 80, 320)


def least_squares(d):
    """Three generators and a student, all by least squares, on any spectrum: exact and equivalent."""
    spectrum, T0, T = Spectrum.power_law(d, 1.3), 2 * d, 4 * d
    layers = [Layer(T0, 0, 0.5)] * 3 + [Layer(T, 0, 1.0)]
    return 1.5 * d / (T0 - d - 1) + d / (T - d - 1), excess_risk(spectrum, 1.0, chain(spectrum, 1.0, layers))


def least_norm(d):
    """Four interpolators of least norm on fresh isotropic designs."""
    spectrum, T0, n = Spectrum.isotropic(d), d // 2, 4
    share, noise = T0 / d, 0.25 * T0 / (d - T0 - 1)
    exact = 1 - share**n + noise * (1 - share**n) / (1 - share)
    return exact, excess_risk(spectrum, 1 / d, chain(spectrum, 1 / d, [Layer(T0, 0, 0.25)] * n))


def least_norm_student(d):
    """Three generators by least squares, then an interpolator of least norm."""
    spectrum, T0, T = Spectrum.isotropic(d), 2 * d, d // 2
    exact = 1 - T / d + T / d * 3 * 0.25 * d / (T0 - d - 1) + T / (d - T - 1)
    layers = [Layer(T0, 0, 0.25)] * 3 + [Layer(T, 0, 1.0)]
    return exact, excess_risk(spectrum, 1 / d, chain(spectrum, 1 / d, layers))


def mixture(d):
    """Least squares on real and synthetic rows together, of which neither group would do alone."""
    n1, n2 = d // 2, 2 * d
    n = n1 + n2
    cross = n1 * n2 * (n * d - 2) / (n - d - 1)
    rho = (n2 * (n2 * (n + 1) + n1 - 2) + cross) / (n * (n - 1) * (n + 2))
    exact = (n1 * 0.5 + n2 * 0.25) / n * d / (n - d - 1) + 0.7 * rho
    spectrum = Spectrum.isotropic(d)
    model = Moments(np.ones(1), np.full(1, 1.7 / d))
    return exact, excess_risk(spectrum, 1 / d, mix_step(spectrum, model, 1 / d, n1, n2, 0, 0.5, 0.25))


@pytest.mark.parametrize("setting", [least_squares, least_norm, least_norm_student, mixture])
def test_the_distance_from_the_exact_value_shrinks_as_one_over_d(setting):
    values = [setting(d) for d in SIZES]
    assert all(abs(exact - value) <= remainder(value, d) for d, (exact, value) in zip(SIZES, values, strict=True))
    scaled = [d * abs(exact / value - 1) for d, (exact, value) in zip(SIZES, values, strict=True)]
    assert scaled[1] == pytest.approx(scaled[2], rel=4 / SIZES[1])  # the next term is of the order 1/d^2
    assert scaled[0] == pytest.approx(scaled[1], rel=4 / SIZES[0])


@pytest.mark.parametrize(("d", "T", "penalty"), [(100, 300, 0.1), (100, 60, 0.02), (100, 60, 0.0), (50, 400, 1.0)])
def test_synthetic_rows_alone_are_replacement(d, T, penalty):
    spectrum = Spectrum.power_law(d, 1.2)
    source = spectrum.values**0.3
    model = Moments(np.linspace(0.2, 1, len(source)), source * 1.4)
    mixed = mix_step(spectrum, model, source, 0, T, penalty, 9.0, 0.3)
    alone = replace_step(spectrum, model, T, penalty, 0.3)
    np.testing.assert_allclose(mixed.kept, alone.kept, rtol=1e-12)
    np.testing.assert_allclose(mixed.square, alone.square, rtol=1e-9)


def test_real_rows_alone_forget_the_model():
    spectrum, source = Spectrum.power_law(50, 1.2), 0.1
    one, other = (
        mix_step(spectrum, Moments(*map(np.asarray, pair)), source, 80, 0, 0.1, 0.5)
        for pair in ((0.0, 1.0), (0.7, 0.4))
    )
    np.testing.assert_allclose(one.square, other.square, rtol=1e-12)
    np.testing.assert_allclose(one.square, replace_step(spectrum, truth(spectrum, source), 80, 0.1, 0.5).square)


def test_independent_errors_of_the_labels_are_those_of_strong_collapse():
    """B + V + zeta of Dohmatob et al. (2024b), Theorem 1, written with traces."""
    n1, n2, penalty, spectrum = 70, 50, 0.05, Spectrum.power_law(90, 1.1)
    S, gamma, delta = spectrum.values, 0.3, 0.2 * spectrum.values**0.5
    n, kappa = n1 + n2, effective_penalty(spectrum, penalty, n1 + n2)
    p1, p2, df2 = n1 / n, n2 / n, df_2(spectrum, kappa)
    u = df2 / (n - df2)
    bias = kappa**2 * (1 + u) * spectrum.sum(gamma * S / (S + kappa) ** 2)
    zeta = p2**2 * (1 + p1 * u) * spectrum.sum(delta * S**3 / (S + kappa) ** 2)
    zeta += p2 * u * spectrum.sum(delta * S * ((p1 * S + kappa) / (S + kappa)) ** 2)
    stated = bias + (p1 * 0.5 + p2 * 0.25) * u + zeta
    model = Moments(np.ones_like(S), gamma + delta)
    found = excess_risk(spectrum, gamma, mix_step(spectrum, model, gamma, n1, n2, penalty, 0.5, 0.25))
    assert found == pytest.approx(stated, rel=1e-10)


@pytest.mark.parametrize("penalty", [0.01, 0.2])
def test_a_power_law_in_few_nodes_has_the_same_error(penalty):
    d = 20_000
    short, whole = Spectrum.power_law(d, 1.5), Spectrum(np.arange(1.0, d + 1) ** -1.5)
    layers = [Layer(2 * d, 0, 1.0), Layer(500, penalty, 0.1)]
    errors = [excess_risk(one, one.values**0.5, chain(one, one.values**0.5, layers)) for one in (short, whole)]
    assert errors[0] == pytest.approx(errors[1], rel=1e-8)


def test_ridge_is_what_literal_fits_give():
    """Two rounds on real and synthetic rows with a penalty; z limits at 1e-6 besides the remainder."""
    d, n1, n2, penalty, repetitions = 40, 20, 30, 0.03, 150
    rng, values = np.random.default_rng(0), np.arange(1.0, d + 1) ** -0.8
    w = rng.normal(size=d) / 6
    risks = np.empty(repetitions)
    for k in range(repetitions):
        model = np.zeros(d)
        for _ in range(2):
            x = rng.normal(size=(n1 + n2, d)) * np.sqrt(values)
            y = np.concatenate([x[:n1] @ w, x[n1:] @ model]) + 0.3 * rng.normal(size=n1 + n2)
            model = np.linalg.solve(x.T @ x / (n1 + n2) + penalty * np.eye(d), x.T @ y / (n1 + n2))
        risks[k] = np.sum(values * (model - w) ** 2)
    spectrum, moments = Spectrum(values), Moments(np.zeros(d), np.zeros(d))
    for _ in range(2):
        moments = mix_step(spectrum, moments, w**2, n1, n2, penalty, 0.09, 0.09)
    expected = excess_risk(spectrum, w**2, moments)
    assert abs(risks.mean() - expected) < 4.9 * risks.std() / np.sqrt(repetitions) + remainder(expected, d)


@pytest.mark.parametrize(
    "step", [lambda s: replace_step(s, truth(s, 1.0), 50), lambda s: mix_step(s, truth(s, 1.0), 1.0, 20, 30)]
)
def test_as_many_rows_as_features_are_refused(step):
    with pytest.raises(ValueError, match="the error is infinite; use another T"):
        step(Spectrum.isotropic(50))
