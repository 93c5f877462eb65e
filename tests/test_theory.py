"""Closed forms: golden numbers, limits, and the same function on floats, JAX, SymPy and Arb."""

import math

import flint
import jax
import jax.numpy as jnp
import numpy as np
import pytest
import sympy

from collapse_jax.laws import identities, special
from proofs_check.papers.barzilai2025 import theory as barzilai2025
from proofs_check.papers.bertrand2023 import theory as bertrand2023
from proofs_check.papers.gerstgrasser2024 import theory as gerstgrasser2024
from proofs_check.papers.he2025 import theory as he2025
from proofs_check.papers.kazdan2024 import theory as kazdan2024
from proofs_check.papers.seddik2024 import theory as seddik2024
from proofs_check.papers.shumailov2024 import theory as shumailov2024
from proofs_check.papers.suresh2024 import theory as suresh2024

# (d, T), limits of the risk under accumulation with fresh and with shared designs, digits given
FRESH_AND_SHARED = [
    (10, 14, 3.964, 5.483, 3),
    (10, 20, 1.506, 1.828, 3),
    (10, 32, 0.7030, 0.7833, 4),
    (10, 100, 0.1792, 0.1848, 4),
    (100, 110, 11.98, 18.28, 2),
    (100, 316, 0.693, 0.765, 3),
]


@pytest.mark.parametrize(
    ("value", "golden", "digits"),
    [
        (kazdan2024.accumulate_cov(50, 2), 0.36175, 5),
        (kazdan2024.accumulate_cov(50, 5), 0.70478, 5),
        (kazdan2024.accumulate_cov(20, 8), 0.81163, 5),
        (kazdan2024.replace_w2(10, 20, 0), 0.643, 3),
        (kazdan2024.replace_log_det(5, 12, 3, 0), -4.3460, 4),
        (kazdan2024.accumulate_subsample_cov(2, 10), 0.8313, 4),
        (kazdan2024.accumulate_subsample_cov(30, 10), 0.7461, 4),
        (bertrand2023.fully_synthetic(10, 6), 0.60847, 5),
        (identities.qvf_error(50, identities.accumulate_steps(5), -1, 0.21), 0.061995, 6),
        (identities.qvf_error(5, identities.replace_steps(5), 1, 1), 1.4883, 4),
        (identities.qvf_error(6, identities.accumulate_steps([30, 10, 10, 5, 40, 10]), -1, 0.21), 0.010478, 6),
        (gerstgrasser2024.accumulate(8, 10, 30, 1), 0.8039, 4),
        (gerstgrasser2024.accumulate_fresh(8, 10, 30, 1), 0.7304, 4),
        *(
            (law(d, T, 1), number, digits)
            for d, T, fresh, shared, digits in FRESH_AND_SHARED
            for law, number in (
                (gerstgrasser2024.accumulate_fresh_limit, fresh),
                (gerstgrasser2024.accumulate_bound, shared),
            )
        ),
        (gerstgrasser2024.replace_multiple(8, 10, 30, 1), 1.4305, 4),
        (gerstgrasser2024.replace_multiple_fresh(8, 10, 30, 1), 1.1738, 4),
        (gerstgrasser2024.fixed_real(100, 3, 300, 100, 1) / 0.01, 1.20, 2),
        (gerstgrasser2024.fixed_real(100, 3, 300, 300, 1) / 0.01, 1.3333, 4),
        (barzilai2025.rho(), 0.077477, 6),
        (barzilai2025.edge_error(), 0.690269, 6),
        (barzilai2025.second_fit_collapse(), 0.241112, 6),
        (barzilai2025.claim1_exponent(), 0.27152, 5),
        (barzilai2025.SHARP_CONSTANT, 1.814, 3),
        (barzilai2025.first_visit(1, 2000), 0.6667, 4),
        (barzilai2025.first_visit(100, 2000), 0.0196, 4),
        (seddik2024.partially_synthetic_printed(2, 10, 10, 0.38), 0.450985, 6),
        (seddik2024.partially_synthetic(2, 10, 10, 0.38), 0.455950, 6),
        (seddik2024.partially_synthetic(5, 10, 10, 0.38), 0.45995386796875, 14),
        (seddik2024.partially_synthetic_printed(5, 50, 5, 0.38), 0.505822, 6),
        (seddik2024.partially_synthetic(5, 50, 5, 0.38), 0.528572, 6),
        *(
            (seddik2024.partially_synthetic(50, n, 100, 0.1), number, 6)
            for n, number in ((1, 0.109087), (10, 0.109742), (100, 0.111960), (1000, 0.113222))
        ),
        *(
            (seddik2024.corpus_deviation(10**6, n, 100, 0.1), number, digits)
            for n, number, digits in ((1, 8.73e-5, 7), (10, 7.42e-4, 6), (100, 2.960e-3, 6), (1000, 4.223e-3, 6))
        ),
        (seddik2024.theorem3(10, 100, 600) / 1e4, 2.5, 1),
        (seddik2024.theorem3(10, 100, 52) / 1e3, 2.2, 1),
        (seddik2024.theorem3(1, 10**4, 600), 0.397, 3),
        (seddik2024.accumulate(40, 5, 0.365), 0.55202, 5),
        (seddik2024.sum_of_squares(5, 10, 0.1), 0.46856, 5),
        (seddik2024.random_pool(5, 10, 0.1), 0.22701, 5),
        (seddik2024.random_pool(100, 10, 0.1), 0.24015, 5),
        (shumailov2024.w2(2, 10), 0.30787, 5),
        (shumailov2024.w2(10, [10] * 10), 1.48422, 5),
        *((suresh2024.g(k), value, 10) for k, value in ((2, 0.6321205588), (10, 0.1722546249), (1000, 0.0019938156))),
        (suresh2024.mixed_bounds(50, 100, 0.01)[0], 0.0153, 4),
        (suresh2024.mixed_bounds(100, 100, 0.01)[0], -0.125, 3),
        (suresh2024.alive_bounds(20, 100, 0.01)[1], 0.662, 3),
        *((suresh2024.poisson_alive(k, 10, 1), p, 5) for k, p in ((20, 0.60006), (100, 0.17752), (500, 0.03899))),
        (suresh2024.gaussian_tail(100, 10, 10), 0.770, 3),
        (suresh2024.moment_tail(100, 10, 10, 0.7), 0.391, 3),
        (suresh2024.moment_tail(100, 10, 10, 0.58), 0.374, 3),
        (suresh2024.mixture_tail(100, 10, 10), 0.821, 3),
        (he2025.mean_limit(100, 100, 0.618), 0.0061803, 7),
        (he2025.mean_limit(100, 400, 0.6), 0.01 * (0.36 + 0.25 * 0.16) / (0.6 * 1.4), 12),
    ],
)
def test_golden_numbers(value, golden, digits):
    """Values published or recorded elsewhere, to the digits given there."""
    assert round(value, digits) == pytest.approx(golden, abs=0.51 * 10**-digits)


@pytest.mark.parametrize("n", [2, 3, 5, 10, 100])
def test_accumulation_tends_to_the_sine_limit(n):
    root = math.pi / math.sqrt(n)
    terms = 20_000
    tail = 1 / (n * terms)  # the product beyond `terms` is exp(-1/(n terms)) to higher order
    assert kazdan2024.accumulate_cov(terms, n) * (1 - tail) == pytest.approx(math.sin(root) / root, rel=1e-7)


def test_accumulate_mean_and_variance_are_conserved():
    for t in (1, 5, 30):
        assert kazdan2024.accumulate_cov(t, 7) + kazdan2024.accumulate_mean_error(t, 7) == pytest.approx(1, abs=1e-15)


def test_ceiling_is_the_limit_of_theorem_2():
    ratio = gerstgrasser2024.accumulate(100_000, 5, 40, 1) / gerstgrasser2024.accumulate_bound(5, 40, 1)
    assert 1 - 1e-5 < ratio < 1


def test_fresh_design_sum_tends_to_the_digamma_form():
    terms, d, T = 20_000, 10, 30
    tail = d / (T * terms)  # sum_{i > terms} d / (i (i T - d - 1)) to leading order
    total = gerstgrasser2024.accumulate_fresh(terms, d, T, 1.0) + tail
    assert total == pytest.approx(gerstgrasser2024.accumulate_fresh_limit(d, T, 1.0), rel=1e-8)


def test_he_curve_starts_at_one_real_fit_and_ends_at_the_limit():
    assert he2025.mean_error(1, 20, 10, 0.4) == pytest.approx(1 / 20)
    assert he2025.mean_error(200, 20, 10, 0.4) == pytest.approx(he2025.mean_limit(20, 10, 0.4), rel=1e-12)
    golden = (math.sqrt(5) - 1) / 2
    assert he2025.mean_limit(1, 1, golden) == pytest.approx(golden)  # C(w*, 1) = w*


def test_constant_schedules_agree_with_numbers():
    assert gerstgrasser2024.accumulate_fresh(4, 3, [20] * 4, 1.0) == gerstgrasser2024.accumulate_fresh(4, 3, 20, 1.0)
    assert shumailov2024.observation_variance(3, [10] * 3) == shumailov2024.observation_variance(3, 10)
    for t in (1, 4):
        assert identities.accumulate_steps([6] * 4)(t) == pytest.approx(identities.accumulate_steps(6)(t))


def test_the_same_formulas_are_symbolic():
    """SymPy proves the closed form of the recursion, and reads the same code the simulations are compared with."""
    n, S0, t = sympy.symbols("n S_0 t", positive=True)
    f = sympy.Function("f")
    solved = sympy.rsolve(f(t) - (1 - 1 / n) * f(t - 1), f(t), {f(0): 1 - S0})
    for k in (1, 2, 7):
        assert sympy.simplify(1 - solved.subs(t, k) - seddik2024.sum_of_squares(k, n, S0)) == 0
    expected = sympy.sqrt(2 / n) * sympy.gamma(n / 2) / sympy.gamma((n - 1) / 2)
    one_step = 1 - kazdan2024.replace_w2(1, n, 0) / 2
    assert sympy.N((one_step - expected).subs(n, 9), 30) == pytest.approx(0, abs=1e-25)


def test_the_same_formulas_are_rigorous():
    """Arb encloses the float values."""
    for value, ball in [
        (kazdan2024.replace_w2(10, 20, 0), kazdan2024.replace_w2(10, flint.arb(20), 0)),
        (kazdan2024.replace_log_det(5, 12, 3, 1), kazdan2024.replace_log_det(5, flint.arb(12), 3, 1)),
        (kazdan2024.accumulate_subsample_cov(9, 10), kazdan2024.accumulate_subsample_cov(9, flint.arb(10))),
        (
            gerstgrasser2024.accumulate_fresh_limit(10, 30, 1),
            gerstgrasser2024.accumulate_fresh_limit(flint.arb(10), flint.arb(30), flint.arb(1)),
        ),
    ]:
        assert abs(float(ball.mid()) - value) < 1e-12
        assert float(ball.rad()) < 1e-10


def test_the_same_formulas_vectorise_and_differentiate():
    n = np.array([5.0, 10.0, 20.0])
    assert kazdan2024.replace_w2(3, n, 1).shape == (3,)
    with jax.enable_x64(True):
        traced = jax.jit(lambda n: kazdan2024.replace_w2(3, n, 1))(jnp.asarray(n))
        np.testing.assert_allclose(traced, kazdan2024.replace_w2(3, n, 1), rtol=1e-12)
        slope = jax.grad(lambda sigma2: gerstgrasser2024.accumulate(4, 5, 40, sigma2))(2.0)
        assert float(slope) == pytest.approx(gerstgrasser2024.accumulate(4, 5, 40, 1.0))


@pytest.mark.parametrize("nu", [1, 4, 9, 99])
def test_chi_mean(nu):
    from scipy import stats

    assert special.chi_mean(nu) == pytest.approx(stats.chi(nu).mean(), rel=1e-12)


def test_f_law_is_the_law_of_one_fit():
    from scipy import stats

    x = np.linspace(0.1, 5, 7)
    np.testing.assert_allclose(identities.f_law(x, 5, 40), stats.f(5, 36).cdf(x), rtol=1e-12)


_T = sympy.Symbol("t", integer=True, positive=True)
_SYMBOLIC = {
    "identities.harmonic2": identities.harmonic2,
    "identities.qvf_error, v2 = 0": lambda t: identities.qvf_error(t, identities.accumulate_steps(5), 0, 2),
    "identities.qvf_error, v2 = -1": lambda t: identities.qvf_error(t, identities.accumulate_steps(5), -1, 2),
    "identities.qvf_error, replace": lambda t: identities.qvf_error(t, identities.replace_steps(5), 1, 2),
    "bertrand2023.fully_synthetic": lambda t: bertrand2023.fully_synthetic(t, 9),
    "barzilai2025.gaussian_error": lambda t: barzilai2025.gaussian_error(t, 10, 3, 2),
    "barzilai2025.step": lambda t: barzilai2025.step(t, 10, 3, 2),
    "gerstgrasser2024.replace": lambda t: gerstgrasser2024.replace(t, 5, 40, 2),
    "gerstgrasser2024.accumulate": lambda t: gerstgrasser2024.accumulate(t, 5, 40, 2),
    "gerstgrasser2024.accumulate_fresh": lambda t: gerstgrasser2024.accumulate_fresh(t, 5, 40, 2),
    "gerstgrasser2024.replace_multiple": lambda t: gerstgrasser2024.replace_multiple(t, 5, 40, 2),
    "gerstgrasser2024.replace_multiple_fresh": lambda t: gerstgrasser2024.replace_multiple_fresh(t, 5, 40, 2),
    "gerstgrasser2024.fixed_real": lambda t: gerstgrasser2024.fixed_real(t, 5, 40, 30, 2),
    "gerstgrasser2024.ridge_bias": lambda t: gerstgrasser2024.ridge_bias(t, sympy.Rational(3, 4)),
    "gerstgrasser2024.subsample": lambda t: gerstgrasser2024.subsample(t, 5, 40, 2),
    "he2025.mean_error": lambda t: he2025.mean_error(t, 20, 40, sympy.Rational(2, 5)),
    "kazdan2024.replace_cov": lambda t: kazdan2024.replace_cov(t, 9, 0),
    "kazdan2024.replace_mean_error": lambda t: kazdan2024.replace_mean_error(t, 9, 0),
    "kazdan2024.replace_w2": lambda t: kazdan2024.replace_w2(t, 9, 1),
    "kazdan2024.accumulate_cov": lambda t: kazdan2024.accumulate_cov(t, 9),
    "kazdan2024.accumulate_mean_error": lambda t: kazdan2024.accumulate_mean_error(t, 9),
    "seddik2024.sum_of_squares": lambda t: seddik2024.sum_of_squares(t, 10, 0.4),
    "seddik2024.rho_bounds": lambda t: seddik2024.rho_bounds(t, 10, 0.4, 3)[0],
    "seddik2024.collapse_time_tail": lambda t: seddik2024.collapse_time_tail(t, 10, 0.4),
    "seddik2024.partially_synthetic": lambda t: seddik2024.partially_synthetic(t, 10, 7, 0.4),
    "seddik2024.accumulate": lambda t: seddik2024.accumulate(t, 10, 0.4),
    "seddik2024.random_pool": lambda t: seddik2024.random_pool(t, 10, 0.4),
    "seddik2024.contexts": lambda t: seddik2024.contexts(t, 0.4, 0.9),
    "shumailov2024.observation_variance": lambda t: shumailov2024.observation_variance(t, 9),
}


@pytest.mark.parametrize("form", _SYMBOLIC.values(), ids=_SYMBOLIC)
def test_the_generation_may_be_a_symbol(form):
    """What is proved for all t is the function that is simulated at each."""
    symbolic = form(_T)
    assert symbolic.has(_T)
    for t in range(1, 9):
        assert float(sympy.N(symbolic.subs(_T, t).doit(), 25)) == pytest.approx(float(form(t)), rel=1e-12)
        assert float(form(np.int64(t))) == pytest.approx(float(form(t)), rel=1e-12)


def test_a_symbolic_bound_keeps_its_own_index():
    k = sympy.Symbol("k", integer=True, positive=True)
    assert identities.total(k, lambda i: i).doit().subs(k, 4) == 10
    assert identities.total(k, lambda i: k * i).doit().subs(k, 4) == 40
    assert identities.times(k, lambda i: 3) == 3**k
    assert identities.total(sympy.Integer(4), lambda i: i) == 10


@pytest.mark.parametrize("t", [2.5, "3", None, sympy.Rational(1, 2)])
def test_a_generation_is_a_whole_number_or_a_symbol(t):
    for fold in (identities.total, identities.times):
        with pytest.raises(ValueError, match="whole number or a SymPy symbol"):
            fold(t, lambda k: k)


def test_the_subsampled_risk_rises_to_its_limit():
    assert gerstgrasser2024.subsample(1, 5, 40, 2) == 2 * 5 / 40
    assert gerstgrasser2024.subsample(20_000, 1, 1, 1) == pytest.approx(math.pi**2 / 2 - 2, abs=1e-3)


def test_the_window_sees_what_exists():
    assert seddik2024.window_sizes(10, 3, 4) == [[3], [3, 3], [3, 3, 3], [0, 3, 3, 3]]
