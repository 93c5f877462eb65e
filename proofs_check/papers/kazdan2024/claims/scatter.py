"""Determinant and Frobenius distance of the fitted covariance, the panels of the paper's Gaussian figures (derived)."""

import collapse_jax as cj
from collapse_jax.laws.domain import Integers, domain
from proofs_check.claim import Check, Computed, claim
from proofs_check.papers.kazdan2024 import theory
from proofs_check.papers.kazdan2024.claims._setups import SETTING, identity_gaussian

SMALLEST = -744.44
r"""Log of the smallest positive number of 64 bits."""


@claim(
    "kazdan2024.replace_det",
    statement=r"E\,\frac{\det\Sigma_t}{\det\Sigma_0} = \left[\prod_{i=0}^{d-1} \frac{n - 1 - i}{n}\right]^t \quad (\text{1/n covariance})",
    relation="==",
    provenance="derived",
    source="protocol from the authors' code; Bartlett decomposition, the determinant is a product of chi-squares",
    domain=SETTING & domain("n > d"),
)
def replace_det(n=12, d=3, generations=10):
    """At the first three generations only: later the mean sits in rare chains, and kazdan2024.replace_log_det decides."""
    return Check(
        identity_gaussian(d, n, 0),
        cj.Replace(n),
        metric="det",
        generations=generations,
        at=tuple(range(1, min(generations, 3) + 1)),
        predicted=lambda t: theory.replace_det(t, n, d, 0),
        mutants={
            "unbiased covariance": lambda t: theory.replace_det(t, n, d, 1),
            "(1 - 1/n)^(d t), the determinant of the mean": lambda t: theory.replace_cov(t, n, 0) ** d,
            "n + 1 for n": lambda t: theory.replace_det(t, n + 1, d, 0),
        },
        variance=lambda t: theory.replace_det_variance(t, n, d, 0),
    )


@claim(
    "kazdan2024.replace_det_underflow",
    statement=r"E \log\det\Sigma_t \ge \log 2^{-1074} \quad (d = 100,\ n = 316,\ t \le 100)",
    relation=">=",
    provenance="code",
    source="the determinant panel takes np.linalg.det, whose values have to be numbers of 64 bits; the grid is theirs",
    expected="REFUTED",
    domain=domain("n > d", at=Integers(1)) & SETTING,
)
def replace_det_underflow(n=316, d=100, at=(10, 25, 50, 100)):
    """The determinant itself is rounded to 0 from about t = 40 on: a panel of it shows collapse where only the floating
    point has ended. Its logarithm, as numpy.linalg.slogdet gives it, shows the true line."""
    return Computed(
        lambda t: theory.replace_log_det(t, n, d, 0),
        lambda t: SMALLEST,
        {"with full precision, from 2^-1022": lambda t: -708.4},
        at=tuple(at),
    )


@claim(
    "kazdan2024.replace_frob",
    statement=(
        r"E\|\Sigma_t - \Sigma_0\|_F^2 = c^{2t} \left[\tfrac{2A + B}{3} \left(1 + \tfrac2\nu\right)^t + \tfrac{A - B}{3}"
        r" \left(1 - \tfrac1\nu\right)^t\right] - 2 c^t A + A,\quad c = \tfrac{\nu}{n},\ \nu = n - 1"
    ),
    relation="==",
    provenance="derived",
    source="A = tr Sigma_0^2 and B = (tr Sigma_0)^2; Wishart moments of second order, in zonal polynomials",
    domain=SETTING,
)
def replace_frob(n=20, d=3, generations=10):
    """The law without sampling is the recursion of (E tr S^2, E (tr S)^2), which mixes the two."""
    nu = n - 1
    c = nu / n
    curve, a, b = [], d, d**2
    for t in range(1, generations + 1):
        a, b = c**2 * (a * (1 + 1 / nu) + b / nu), c**2 * (b + 2 * a / nu)
        curve.append(a - 2 * c**t * d + d)
    return Check(
        identity_gaussian(d, n, 0),
        cj.Replace(n),
        metric="covariance_error",
        generations=generations,
        at=tuple(range(1, min(generations, 4) + 1)),
        predicted=lambda t: theory.replace_frob(t, n, d, d**2, 0),
        mutants={
            "unbiased covariance": lambda t: theory.replace_frob(t, n, d, d**2, 1),
            "n + 1 for n": lambda t: theory.replace_frob(t, n + 1, d, d**2, 0),
            "d independent variances": lambda t: theory.replace_frob(t, n, d, d, 0),
        },
        law=lambda t: curve[t - 1],
        law_error=1e-12,
    )


@claim(
    "kazdan2024.accumulate_det",
    statement=(
        r"E\,\frac{\det\Sigma_t}{\det\Sigma_0} = \prod_{s=0}^{t-1} (s+1)^{-d} \sum_{k=0}^{d} \binom dk \frac{s^{d-k}}{n^k}"
        r" \left[\nu^{(k)} + \tfrac{s}{s+1} k\, \nu^{(k-1)}\right],\quad \nu = n - 1"
    ),
    relation="==",
    provenance="derived",
    source="expected principal minors of a Wishart matrix plus a square; 1/n covariance; falling factorials",
    domain=SETTING & domain("d <= 2"),
)
def accumulate_det(n=8, d=2, generations=8):
    """The law without sampling, in two dimensions, is ((tr S)^2 - tr S^2)/2 by the recursion of kazdan2024.accumulate_frob."""

    def law(t):
        if d == 1:
            return theory.accumulate_cov(t, n)
        square, trace2 = theory.accumulate_squares(t, n, 2, 4)
        return (trace2 - square) / 2

    return Check(
        identity_gaussian(d, n, 0),
        cj.Accumulate(n),
        metric="det",
        generations=generations,
        predicted=lambda t: theory.accumulate_det(t, n, d),
        mutants={
            "replacement": lambda t: theory.replace_det(t, n, d, 0),
            "the determinant of the mean": lambda t: theory.accumulate_cov(t, n) ** d,
            "n + 1 for n": lambda t: theory.accumulate_det(t, n + 1, d),
        },
        law=law,
    )


@claim(
    "kazdan2024.accumulate_frob",
    statement=(
        r"E\|\Sigma_t - \Sigma_0\|_F^2 = A_t - 2 \Pi_t A_0 + A_0,\quad (A_t, B_t) = (E \operatorname{tr}\Sigma_t^2,"
        r" E(\operatorname{tr}\Sigma_t)^2)\ \text{by a linear recursion},\ \Pi_t = \prod_{k \le t} (1 - \tfrac{1}{n k^2})"
    ),
    relation="==",
    provenance="derived",
    source="the recursion stands in theory.accumulate_squares; 1/n covariance",
    domain=SETTING,
)
def accumulate_frob(n=8, d=2, generations=8):
    """The law without sampling adds the two zonal polynomials, whose factors are those of d = 1 and of the determinant."""

    def law(t):
        square = 1.0
        for s in range(t):
            k, nu = s / (s + 1), n - 1
            moment = s**2 + 2 * s * (nu + k) / n + (nu**2 + 2 * nu + 3 * k**2 + 2 * k * nu) / n**2
            square *= moment / (s + 1) ** 2
        fitted = ((2 * d + d**2) * square - (d**2 - d) * theory.accumulate_det(t, n, 2)) / 3
        return fitted - 2 * theory.accumulate_cov(t, n) * d + d

    return Check(
        identity_gaussian(d, n, 0),
        cj.Accumulate(n),
        metric="covariance_error",
        generations=generations,
        predicted=lambda t: theory.accumulate_frob(t, n, d, d**2),
        mutants={
            "replacement": lambda t: theory.replace_frob(t, n, d, d**2, 0),
            "n + 1 for n": lambda t: theory.accumulate_frob(t, n + 1, d, d**2),
            "d independent variances": lambda t: theory.accumulate_frob(t, n, d, d),
        },
        law=law,
        law_error=1e-12,
    )
