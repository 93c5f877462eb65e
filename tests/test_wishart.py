"""The mean spectrum of a white Wishart matrix beside its known moments, and ridge regression at finite size."""

import numpy as np
import pytest

from collapse_jax.laws.equivalents import Layer, chain, excess_risk, remainder
from collapse_jax.laws.spectrum import Spectrum
from collapse_jax.laws.wishart import eigenvalues, mean_trace

SIZES = [(1, 2), (1, 5), (2, 3), (3, 4), (10, 31), (11, 31), (20, 23), (40, 80), (21, 200)]


@pytest.mark.parametrize(("d", "T"), SIZES)
def test_moments_are_those_of_wishart(d, T):
    x, w = eigenvalues(d, T)
    assert w.sum() == pytest.approx(d, rel=1e-12)
    assert np.sum(w * x) == pytest.approx(d * T, rel=1e-12)
    assert np.sum(w * x**2) == pytest.approx(d * T * (T + d + 1), rel=1e-12)
    if d + 4 <= T:
        assert np.sum(w / x) == pytest.approx(d / (T - d - 1), rel=1e-11)
        square = d * (T - 1) / ((T - d) * (T - d - 1) * (T - d - 3))
        assert np.sum(w / x**2) == pytest.approx(square, rel=1e-9)


@pytest.mark.parametrize("T", [2, 3, 10])
def test_one_eigenvalue_is_chi_square(T):
    from scipy.stats import chi2

    exact = chi2.expect(lambda x: 1 / (1 + x), (T,))
    assert mean_trace(lambda x: 1 / (1 + x), 1, T) == pytest.approx(exact, rel=1e-8)


def test_fewer_rows_leave_zeros():
    assert mean_trace(lambda x: 1 / (1 + x), 31, 10) == pytest.approx(21 + mean_trace(lambda x: 1 / (1 + x), 10, 31))


def test_a_sample_agrees():
    """z limit of error probability 1e-6."""
    rng, d, T = np.random.default_rng(0), 5, 7
    x = rng.normal(size=(20_000, T, d))
    traces = np.sum(1 / (1 + np.linalg.eigvalsh(np.swapaxes(x, 1, 2) @ x)), -1)
    exact = mean_trace(lambda e: 1 / (1 + e), d, T)
    assert abs(traces.mean() - exact) < 4.9 * traces.std() / np.sqrt(len(traces))


@pytest.mark.parametrize("ratio", [0.5, 2, 4])
@pytest.mark.parametrize("penalty", [0.02, 0.5])
def test_equivalents_are_off_by_the_order_one_over_d(ratio, penalty):
    off = []
    for d in (10, 20, 40, 80):
        T = int(d * ratio)
        scale = T * penalty
        bias = mean_trace(lambda x, s=scale: (s / (x + s)) ** 2, d, T) / d
        exact = bias + 0.3 * mean_trace(lambda x, s=scale: x / (x + s) ** 2, d, T)
        iso = Spectrum.isotropic(d)
        value = excess_risk(iso, 1 / d, chain(iso, 1 / d, [Layer(T, penalty, 0.3)]))
        assert abs(exact - value) <= remainder(value, d)
        off.append(d * (exact / value - 1))
    assert abs(off[3] - off[2]) < 0.75 * abs(off[1] - off[0]) + 1e-3  # d times the distance settles


@pytest.mark.parametrize(("d", "T"), [(5, 5), (500, 900)])
def test_what_is_not_computed_is_refused(d, T):
    with pytest.raises(ValueError, match="eigenvalues is defined for"):
        eigenvalues(d, T)
