"""Exact propagation: engines against each other, against closed forms, and against recorded numbers. No Monte Carlo."""

import math

import numpy as np
import pytest
from scipy import integrate, special, stats

import collapse_jax as cj
from collapse_jax.laws import coalescent, drift, gaussian, identities, least_squares, pedigree, rate, second_moment
from proofs_check.papers.gerstgrasser2024 import theory as gerstgrasser2024
from proofs_check.papers.he2025 import theory as he2025
from proofs_check.papers.kazdan2024 import theory as kazdan2024
from proofs_check.papers.seddik2024 import theory as seddik2024

P = np.array([0.5, 0.3, 0.2])
S0 = float(P @ P)
PMFS = [P, np.full(4, 0.25), coalescent.zipf(12, 0.2), np.array([0.0, 0.9, 0.1, 0.0]), np.array([1.0, 0.0])]


def recorded(digits):
    return 0.5001 * 10**-digits


# --- coalescent and drift


@pytest.mark.parametrize("p", PMFS, ids=["three", "uniform", "zipf", "zeros", "dirac"])
@pytest.mark.parametrize("n", [1, 2, 3, 10, 40])
def test_backwards_and_forwards_agree(p, n):
    for t in (1, 2, 7):
        laws = np.array([drift.distribution(float(q), n, t) for q in p])
        frequency = np.arange(n + 1) / n
        sums = [(laws @ frequency**k).sum() for k in range(n + 1)]
        np.testing.assert_allclose(coalescent.power_sums(p, n, t), sums, rtol=0, atol=1e-12)
        np.testing.assert_allclose(coalescent.absent(p, n, t), laws[:, 0], rtol=0, atol=1e-12)
        assert coalescent.collapse_probability(p, n, t) == pytest.approx(laws[:, n].sum(), abs=1e-12)
        assert coalescent.support_size(p, n, t) == pytest.approx((1 - laws[:, 0]).sum(), abs=1e-12)
        collisions = coalescent.sum_of_squares(p, n, t)
        assert collisions == pytest.approx(seddik2024.sum_of_squares(t, n, float(p @ p)), abs=1e-12)
        assert collisions == pytest.approx(sum(drift.expectation(np.square, float(q), n, t) for q in p), abs=1e-12)


def test_forwards_chain_of_a_rare_symbol():
    """Backwards and forwards still agree after 600 generations, and on the recorded survival of a rare symbol."""
    for t, survival in [(1, 0.63397), (2, 0.47095), (5, 0.27101), (10, 0.16139), (20, 0.09087), (50, 0.04112)]:
        assert 1 - drift.distribution(0.01, 100, t)[0] == pytest.approx(survival, abs=recorded(5))
    assert coalescent.absent([0.01, 0.99], 100, 600)[0] == pytest.approx(
        drift.distribution(0.01, 100, 600)[0], abs=1e-12
    )


def test_entropy_by_enumeration():
    n, expected = 4, 0.0
    for a in range(n + 1):
        for b in range(n + 1 - a):
            counts = np.array([a, b, n - a - b])
            expected += stats.multinomial.pmf(counts, n, P) * stats.entropy(counts / n)
    assert drift.entropy(P, n, 1) == pytest.approx(expected, abs=1e-13)
    assert drift.entropy([1.0, 0.0], 5, 3) == 0
    assert drift.entropy(P, 1, 1) == 0


@pytest.mark.parametrize("n", [1, 2, 10])
def test_curves_are_the_single_values(n):
    curve, support = coalescent.collapse_curve(P, n, 6), coalescent.support_curve(P, n, 6)
    for t in range(1, 7):
        assert curve[t - 1] == coalescent.collapse_probability(P, n, t)
        assert support[t - 1] == coalescent.support_size(P, n, t)
    assert np.all(np.diff(curve) >= -1e-15)
    assert np.all(np.diff(support) <= 1e-15)


def test_collapse_time_is_the_sum_of_its_tail():
    curve = coalescent.collapse_curve(P, 10, 400)
    assert coalescent.expected_collapse_time(P, 10) == pytest.approx(1 + (1 - curve).sum(), abs=1e-11)


@pytest.mark.parametrize(("n", "time"), [(2, 2.24), (5, 6.624993822177561), (10, 14.157405174000063),
                                         (50, 75.61347620097294), (100, 152.85999644627245)])  # fmt: skip
def test_recorded_collapse_times(n, time):
    assert coalescent.expected_collapse_time(P, n) == pytest.approx(time, rel=1e-12)


@pytest.mark.parametrize(("t", "rho"), [(1, 0.0009825698), (2, 0.014823144516721), (5, 0.152377146271093),
                                        (10, 0.447369107318630), (20, 0.799625229271982), (50, 0.991466935489201)])  # fmt: skip
def test_recorded_collapse_probabilities(t, rho):
    assert coalescent.collapse_probability(P, 10, t) == pytest.approx(rho, abs=1e-13)
    lower, upper = seddik2024.rho_bounds(t, 10, S0, 3)
    assert lower <= rho <= upper


@pytest.mark.parametrize(("n", "h"), [(2, 2), (3, 27 / 7), (5, 7.71198168069719), (10, 17.49562022596914),
                                      (50, 96.97119768518323), (100, 196.74168779996944), (400, 796.2807527457114),
                                      (1000, 1995.9755563022136)])  # fmt: skip
def test_recorded_ancestor_times(n, h):
    assert coalescent.ancestor_time(n) == pytest.approx(h, rel=1e-11)
    if n <= 100:  # n different symbols: collapse is a common ancestor, one generation up
        assert coalescent.expected_collapse_time(np.full(n, 1 / n), n) == pytest.approx(h, rel=1e-11)


@pytest.mark.parametrize(
    ("S", "times"),
    [
        (0.05, (18.00, 95.40, 192.58, 387.17, 776.58)),
        (0.10, (17.46, 92.62, 187.01, 376.01, 754.25)),
        (0.30, (14.99, 79.90, 161.47, 324.83, 651.78)),
        (0.50, (12.00, 64.37, 130.26, 262.26, 526.51)),
    ],
)
def test_recorded_collapse_times_of_figure_2(S, times):
    p = coalescent.zipf(52, S)
    assert p @ p == pytest.approx(S, abs=1e-14)
    for n, time in zip((10, 50, 100, 200, 400), times, strict=True):
        assert coalescent.expected_collapse_time(p, n) == pytest.approx(time, abs=recorded(2))
        lower, upper = seddik2024.collapse_time_bounds(n, S, 52)
        assert lower <= time <= upper
        h = coalescent.ancestor_time(n)
        assert (1 - S) * h <= time - 1 <= h


def test_zipf_exponents():
    for S, a in [(0.05, 0.8097), (0.1, 1.1008), (0.3, 1.7133), (0.5, 2.2544)]:
        p = coalescent.zipf(52, S)
        assert math.log2(p[0] / p[1]) == pytest.approx(a, abs=recorded(4))
    np.testing.assert_allclose(coalescent.zipf(4, 0.25), 0.25)


def test_exponents_are_those_of_powers_whatever_their_constants():
    x = np.array([1.0, 7.0, 1e6])
    np.testing.assert_allclose(rate.exponent(lambda T: 3 * T**-0.375, x, 10), -0.375, atol=1e-14)
    remainder = rate.exponent(lambda T: T**0.5 + 1, 4.0 ** np.arange(3, 9)) - 0.5
    np.testing.assert_allclose(remainder[1:] / remainder[:-1], 1 / 2, rtol=0.07)
    with pytest.raises(ValueError, match="distance from its limit"):
        rate.exponent(lambda T: 1 - T, 1)


@pytest.mark.parametrize("n", [1, 2, 30])
def test_a_dirac_mass_stays(n):
    p = [0.0, 1.0]
    assert coalescent.expected_collapse_time(p, n) == 1
    np.testing.assert_allclose(coalescent.collapse_curve(p, n, 3), 1, atol=1e-15)
    np.testing.assert_allclose(coalescent.absent(p, n, 3), [1, 0], atol=1e-15)


def test_one_draw_is_a_dirac_mass():
    assert coalescent.expected_collapse_time(P, 1) == 1
    assert coalescent.ancestor_time(1) == 0
    assert coalescent.sum_of_squares(P, 1, 1) == 1
    np.testing.assert_allclose(coalescent.absent(P, 1, 4), 1 - P)


def test_matrices_are_stochastic_shared_and_read_only():
    for matrix in (coalescent.occupancy(200), drift.transition(200)):
        np.testing.assert_allclose(matrix.sum(1), 1, atol=1e-12)
        with pytest.raises(ValueError, match="read-only"):
            matrix[0, 0] = 2
    assert coalescent.occupancy(200) is coalescent.occupancy(200)
    assert np.all(np.triu(coalescent.occupancy(9), 1) == 0)


# --- pedigrees and second moments


def errors(workflow, generations, v=1 - S0, v2=-1):
    return pedigree.quadratic_error(pedigree.of(workflow, generations), v, v2)


def curve(function, generations, *arguments):
    return np.array([float(function(t, *arguments)) for t in range(1, generations + 1)])


def sizes(generations, row):
    return [row(m) for m in range(1, generations + 1)]


def test_pedigree_gram_recursion_and_closed_form_agree():
    G, n = 12, 10
    last = second_moment.sum_of_squares(sizes(G, lambda m: [0] * (m - 1) + [n]), S0)
    np.testing.assert_allclose(S0 + errors(cj.Replace(n), G), last, atol=1e-13)
    np.testing.assert_allclose(last, curve(seddik2024.sum_of_squares, G, n, S0), atol=1e-13)

    corpus = second_moment.partially_synthetic(n, 7, S0, G)
    rows = sizes(G, lambda m: [7] if m == 1 else [7] + [0] * (m - 2) + [n])
    np.testing.assert_allclose(S0 + errors(cj.FixedReal(n, 7), G), corpus, atol=1e-13)
    np.testing.assert_allclose(second_moment.sum_of_squares(rows, S0, reused_real=True), corpus, atol=1e-13)
    np.testing.assert_allclose(curve(seddik2024.partially_synthetic, G, n, 7, S0), corpus, atol=1e-13)
    fresh = second_moment.sum_of_squares(rows, S0)
    np.testing.assert_allclose(S0 + errors(cj.FreshReal(n, 7), G), fresh, atol=1e-13)
    assert fresh[-1] < corpus[-1]

    for k in (2, 3, 5):
        window = sizes(G, lambda m, k=k: [n // k if m - k <= s else 0 for s in range(m)])
        np.testing.assert_allclose(
            S0 + errors(cj.Window(n, k, redraw=True), G), second_moment.sum_of_squares(window, S0), atol=1e-13
        )
    np.testing.assert_allclose(
        S0 + errors(cj.ReplaceMultiple(n), G),
        second_moment.sum_of_squares(sizes(G, lambda m: [0] * (m - 1) + [n * m]), S0),
        atol=1e-13,
    )
    np.testing.assert_allclose(second_moment.random_pool(n, S0, G), curve(seddik2024.random_pool, G, n, S0), atol=1e-13)


@pytest.mark.parametrize("v2", [-1, -0.25, 0, 0.5, 1])
def test_pedigree_is_the_quadratic_variance_identity(v2):
    batches = [30, 10, 10, 5, 40, 10]
    for workflow, steps in [
        (cj.Replace(5), identities.replace_steps(5)),
        (cj.Replace(batches), identities.replace_steps(batches)),
        (cj.Accumulate(5), identities.accumulate_steps(5)),
        (cj.Accumulate(batches), identities.accumulate_steps(batches)),
        (cj.Window(5, 6), identities.accumulate_steps(5)),
        (cj.ReplaceMultiple(5), lambda t: 1 / (5 * t)),
    ]:
        expected = curve(identities.qvf_error, 6, steps, v2, 0.21)
        np.testing.assert_allclose(errors(workflow, 6, 0.21, v2), expected, rtol=1e-12)


def test_weighted_fresh_data_is_he():
    for w in (0.1, 0.3, 0.618):
        expected = curve(he2025.mean_error, 15, 20, 40, w)
        np.testing.assert_allclose(errors(cj.FreshReal(40, 20, w), 15, 1.0, 0), expected, rtol=1e-12)
    np.testing.assert_allclose(errors(cj.FreshReal(40, 20), 9, 1.0, 0), errors(cj.FreshReal(40, 20, 1 / 3), 9, 1.0, 0))


def test_accumulated_gaussian_means():
    """The Gaussian with maximum-likelihood covariance obeys the law of v_2 = -1."""
    np.testing.assert_allclose(errors(cj.Accumulate(7), 9, 1.0, -1), curve(kazdan2024.accumulate_mean_error, 9, 7))


def test_shared_design():
    d, T, G = 4, 20, 40

    def risk(workflow):
        return pedigree.least_squares(pedigree.of(workflow, G), d, T, 2.0)

    arguments = (d, T, 2.0)
    np.testing.assert_allclose(risk(cj.Replace(T)), curve(gerstgrasser2024.replace, G, *arguments))
    np.testing.assert_allclose(risk(cj.Accumulate(T)), curve(gerstgrasser2024.accumulate, G, *arguments))
    one = identities.one_fit(*arguments)
    np.testing.assert_allclose(risk(cj.ReplaceMultiple(T)) / one, np.cumsum(1 / np.arange(1, G + 1)))
    np.testing.assert_allclose(risk(cj.Window(T, 3))[:4] / one, [1, 1.25, 49 / 36, 1.7531], atol=1e-4)
    np.testing.assert_allclose(risk(cj.FixedReal(T, T)) / one, 1 + (1 - 0.25 ** np.arange(G)) / 3)  # ceiling 4/3


@pytest.mark.parametrize(("k", "slope"), [(2, 4 / 9), (5, 1 / 9), (10, 4 / 121)])
def test_slopes_of_windows(k, slope):
    squared = (pedigree.coefficients(pedigree.of(cj.Window(10, k), 400)) ** 2).sum(1)
    assert squared[-1] - squared[-2] == pytest.approx(slope, rel=1e-9)


def test_pedigree_of_weights():
    G = 8
    accumulate = np.tril(np.ones((G, G))) / np.arange(1, G + 1)[:, None]
    C = pedigree.coefficients(pedigree.of_weights(accumulate))
    np.testing.assert_allclose(C, np.tril(np.ones((G, G))) / np.arange(1, G + 1))
    np.testing.assert_allclose(C, pedigree.coefficients(pedigree.of(cj.Accumulate(3), G)))


@pytest.mark.parametrize(
    ("k", "recorded_S"),
    [
        (2, (0.28, 0.226, 0.2962, 0.346978, 0.47453763, 0.91093822, 0.99031275)),
        (3, (0.4, 0.3, 0.27037037, 0.3382462, 0.42398494, 0.80384574, 0.94904624)),
        (5, (0.55, 0.38125, 0.340625, 0.3075293, 0.36998293, 0.58798040, 0.75702869)),
    ],
)
def test_recorded_windows(k, recorded_S):
    S = 0.1 + errors(cj.Window(10, k, redraw=True), 100, 0.9, -1)
    np.testing.assert_allclose(S[[0, 1, 2, 4, 9, 49, 99]], recorded_S, rtol=0, atol=recorded(8))


@pytest.mark.parametrize(("k", "rate"), [(2, 0.04437), (3, 0.02696), (5, 0.01056), (10, 0.00308)])
def test_recorded_decay_of_windows(k, rate):
    error = errors(cj.Window(10, k, redraw=True), 400, 0.9, -1)
    assert math.log((0.9 - error[-2]) / (0.9 - error[-1])) == pytest.approx(rate, abs=recorded(5))


def test_recorded_pools_and_corpora():
    pool = second_moment.random_pool(10, 0.1, 100)
    np.testing.assert_allclose(pool[[0, 1, 4, 9, 99]], [0.19, 0.21025, 0.22701, 0.23365, 0.24015], atol=recorded(5))
    partial = second_moment.partially_synthetic(10, 10, S0, 5)
    np.testing.assert_allclose(partial[[0, 1, 2, 4]], [0.442, 0.45595, 0.45908875, 0.45995386796875], atol=1e-14)


@pytest.mark.parametrize(("n", "S50", "deviation"), [(1, 0.109087, 8.73e-5), (10, 0.109742, 7.42e-4),
                                                     (100, 0.111960, 2.960e-3), (1000, 0.113222, 4.223e-3)])  # fmt: skip
def test_recorded_corpus_of_figure_3(n, S50, deviation):
    """$E\\|p^{(t)} - p^{(1)}\\|^2 = S_t - S_1$, p^(1) being the mean of p^(t) given the corpus."""
    S = second_moment.partially_synthetic(n, 100, 0.1, 400)
    assert S[49] == pytest.approx(S50, abs=recorded(6))
    assert S[-1] - S[0] == pytest.approx(deviation, rel=6e-4)


# --- laws


def test_recorded_variance_law():
    assert gaussian.log_variance_cdf(0.0, 30, 20, 0) == pytest.approx(0.959468, abs=recorded(6))
    assert gaussian.log_variance_cdf(-2.0, 30, 20, 0) == pytest.approx(0.732935, abs=recorded(6))


@pytest.mark.parametrize("n", [2, 3, 10, 200, 5000])
@pytest.mark.parametrize("ddof", [0, 1])
def test_variance_of_one_fit_is_chi_square(n, ddof):
    x = stats.chi2.ppf([1e-6, 0.01, 0.3, 0.5, 0.9, 1 - 1e-9], n - 1) / (n - ddof)
    expected = stats.chi2.cdf(x * (n - ddof), n - 1)
    np.testing.assert_allclose(gaussian.log_variance_cdf(np.log(x), 1, n, ddof), expected, rtol=0, atol=1e-10)


@pytest.mark.parametrize(("n", "t"), [(2, 1), (3, 1), (4, 3), (10, 6)])
def test_variance_law_is_a_convolution(n, t):
    """One more fit: the law of the next, by quadrature over the last chi-square."""
    nu, x = n - 1, -0.7

    def integrand(y):
        return gaussian.log_variance_cdf(x - y, t, n, 0) * n * math.exp(y) * stats.chi2.pdf(n * math.exp(y), nu)

    value = integrate.quad(integrand, -60, -8, epsabs=1e-12)[0] + integrate.quad(
        integrand, -8, math.log(100 / n), epsabs=1e-12, limit=200)[0]  # fmt: skip
    assert gaussian.log_variance_cdf(x, t + 1, n, 0) == pytest.approx(value, abs=1e-9)


def test_variance_law_far_out():
    np.testing.assert_array_equal(gaussian.log_variance_cdf([-1e4, 1e4, -np.inf, np.inf], 5, 8, 1), [0, 1, 0, 1])
    centre = 100_000 * (special.digamma(4.5) - math.log(4.5))
    assert 0.49 < gaussian.log_variance_cdf(centre, 100_000, 10, 1) < 0.51


@pytest.mark.parametrize(("d", "T"), [(1, 1), (1, 2), (2, 3), (3, 9), (4, 8), (10, 30), (40, 90), (5, 2000)])
def test_one_fresh_fit_is_the_shared_law(d, T):
    x = 0.7 * d / (T - d + 1) * stats.f.ppf([0.001, 0.2, 0.5, 0.9], d, T - d + 1)
    shared = least_squares.shared_cdf(x, 1, d, T, 0.7)
    np.testing.assert_allclose(shared, [0.001, 0.2, 0.5, 0.9], atol=1e-12)
    np.testing.assert_allclose(least_squares.fresh_replace_cdf(x, 1, d, T, 0.7), shared, rtol=0, atol=1e-9)


@pytest.mark.parametrize(("d", "T"), [(1, 6), (3, 9), (10, 30)])
def test_two_fresh_fits_by_mixing(d, T):
    """Given the two chi-squares the risk is $\\chi^2_d (1/g_1 + 1/g_2)$."""
    nu, x = T - d + 1, 1.1 * d / T * 2
    nodes, weights = np.polynomial.legendre.leggauss(120)
    u = 0.5 + 0.5 * nodes
    g = 2 * special.gammaincinv(nu / 2, u**3 * (10 - 15 * u + 6 * u**2))  # smooth at both ends
    w = 0.5 * weights * 30 * u**2 * (1 - u) ** 2
    inside = special.chdtr(d, x / (1 / g[:, None] + 1 / g))
    assert least_squares.fresh_replace_cdf(x, 2, d, T, 1.0) == pytest.approx(w @ inside @ w, abs=1e-8)


def test_one_feature_of_two_rows_is_cauchy():
    """d = T = 1: t ratios of normals sum to t times a Cauchy variable."""
    x = np.array([0.0, 0.3, 4.0, 90.0])
    expected = 2 / np.pi * np.arctan(np.sqrt(x) / 5)
    np.testing.assert_allclose(least_squares.fresh_replace_cdf(x, 5, 1, 1, 1.0), expected, rtol=0, atol=1e-10)


def test_many_features_are_right_or_refused():
    for d, T in [(60, 120), (100, 110), (100, 200), (150, 400)]:
        x = d / (T - d + 1) * stats.f.ppf(0.01, d, T - d + 1)
        assert least_squares.fresh_replace_cdf(x, 1, d, T, 1.0) == pytest.approx(0.01, abs=1e-9)
        with pytest.raises(ValueError, match="cancellation"):
            least_squares.fresh_replace_cdf(9 * x, 1, d, T, 1.0)
