"""Generators and student by least squares (Theorem 4.1), and a student of least norm."""

from collapse_jax import laws
from collapse_jax.laws.domain import domain
from proofs_check.claim import Check, claim
from proofs_check.papers.dohmatob2024demyst import theory
from proofs_check.papers.dohmatob2024demyst.claims._setups import BOTH_UNDER, SIZES, least_norm, students
from proofs_check.papers.dohmatob2024demyst.variances import fresh_variance
from proofs_check.papers.dohmatob2024demyst.workflows import Downstream

_FORM = r"E_{test}(\hat w_n^{pred}) %s \sigma^2\frac{\phi}{1 - \phi} + n\,\sigma_0^2\frac{\phi_0}{1 - \phi_0}"


def _law(d, T, T0, sigma2, sigma2_0):
    """t -> the exact risk, from the mean of 1/x over the spectra of the designs."""
    one = laws.wishart.mean_trace(lambda x: 1 / x, d, T0)
    last = laws.wishart.mean_trace(lambda x: 1 / x, d, T)
    return lambda t: sigma2 * last + (t - 1) * sigma2_0 * one


@claim(
    "dohmatob2024demyst.thm4_1",
    statement=_FORM % r"\simeq",
    relation="==",
    regime="asymptotic",
    provenance="text",
    source="Theorem 4.1, Sigma = I, lambda = 0: the ratio tends to 1; the allowance is what the exact form adds",
    domain=BOTH_UNDER,
)
def thm4_1(d=8, T=32, T0=24, sigma2=0.3, sigma2_0=0.5, generations=4):
    """Model t is the student of n = t - 1 generators; n = 0 is clean."""

    def stated(n, T=T, T0=T0):
        return theory.least_squares(n, d / T, d / T0, sigma2, sigma2_0)

    return Check(
        *students(d, T, T0, 0.0, sigma2, sigma2_0),
        metric="risk",
        generations=generations,
        predicted=lambda t: stated(t - 1),
        mutants={
            "n + 1 for n": lambda t: stated(t),
            "no growth": lambda t: stated(0),
            "sigma_0 for sigma_0^2": lambda t: theory.least_squares(t - 1, d / T, d / T0, sigma2, sigma2_0**0.5),
        },
        allowance=lambda t: theory.least_squares_finite(t - 1, d, T, T0, sigma2, sigma2_0) - stated(t - 1),
        law=_law(d, T, T0, sigma2, sigma2_0),
    )


@claim(
    "dohmatob2024demyst.thm4_1_finite",
    statement=r"E_{test}(\hat w_n^{pred}) = \sigma^2\frac{d}{T - d - 1} + n\,\sigma_0^2\frac{d}{T_0 - d - 1}",
    relation="==",
    provenance="text",
    source="Appendix F.2, stated there for Sigma = I; least squares is equivariant, so it holds for any",
    domain=BOTH_UNDER,
)
def thm4_1_finite(d=8, T=32, T0=24, sigma2=0.3, sigma2_0=0.5, generations=4):
    """The exact form of Theorem 4.1, 2 to 4 per cent above it at these sizes."""
    return Check(
        *students(d, T, T0, 0.0, sigma2, sigma2_0),
        metric="risk",
        generations=generations,
        predicted=lambda t: theory.least_squares_finite(t - 1, d, T, T0, sigma2, sigma2_0),
        mutants={
            "the limit": lambda t: theory.least_squares(t - 1, d / T, d / T0, sigma2, sigma2_0),
            "n + 1 for n": lambda t: theory.least_squares_finite(t, d, T, T0, sigma2, sigma2_0),
        },
        law=_law(d, T, T0, sigma2, sigma2_0),
    )


@claim(
    "dohmatob2024demyst.ridgeless_downover",
    statement=r"E_{test}(\hat w_n^{pred}) = r^2 \left(1 - \tfrac Td\right) + \tfrac Td\,\frac{n\,\sigma_0^2 d}{T_0 - d - 1}"
    r" + \frac{\sigma^2 T}{d - T - 1}",
    relation="==",
    provenance="derived",
    source="generators by least squares, a student of least norm with T < d rows; Sigma = I",
    domain=SIZES & domain(("T0 >= d + 4", "T <= d - 4")),
)
def ridgeless_downover(d=8, T=3, T0=20, sigma2=0.3, sigma2_0=0.5, generations=4):
    """Only the share T/d of what the generators add reaches the student, and the same share of the truth."""

    def stated(n, T=T):
        return theory.least_norm_student(n, d, T, T0, 1.0, sigma2, sigma2_0)

    return Check(
        least_norm(d, sigma2, "fresh"),
        Downstream(T0, T=T, sigma2=sigma2_0),
        metric="risk",
        generations=generations,
        predicted=lambda t: stated(t - 1),
        mutants={
            "n + 1 for n": lambda t: stated(t),
            "d - T for d - T - 1": lambda t: stated(t - 1) - sigma2 * T / (d - T - 1) + sigma2 * T / (d - T),
        },
        variance=lambda t: fresh_variance([*[(T0, sigma2_0)] * (t - 1), (T, sigma2)], d, 1.0),
    )
