"""Theorem 4.2: bits that know of x only whether its label is right."""

import math

import collapse_jax as cj
from collapse_jax import laws
from collapse_jax.laws.domain import Integers, Interval, domain
from proofs_check.claim import Check, Computed, claim
from proofs_check.papers.feng2024 import theory

_BITS = domain(p=Interval("(0, 1)"), phi=Interval("(0, 1]"), psi=Interval("(0, 1]"))
_SETTING = _BITS & domain(
    ("N >= 10 * d", "N * (phi * (1 - p) + psi * p) >= 10 * d"), d=Integers(2, 50), N=Integers(20, 10**7)
)
_SOURCE = "Theorem 4.2 as quoted, on infinitely many data; here N, and the angle of the fit at N is left open"


def _left_open(N, d, p, phi, psi):
    r"""At most this much agreement is lost at N: the angle of the fit over pi, by the exact moments of least squares."""
    k, kappa = round(N * (phi * (1 - p) + psi * p)), 2 * theory.correct_given_kept(p, phi, psi) - 1
    across = laws.verified.size2(k, d, 1.0, kappa) - laws.verified.squared_score(k, d, 1.0, kappa)
    return across**0.5 / abs(laws.verified.score(k, 1.0, kappa)) / math.pi


def _check(d, N, p, phi, psi, stated, mutants, **options):
    from proofs_check.papers.feng2024.metrics import agreement

    return Check(
        cj.LinearClassifier([1.0] + [0.0] * (d - 1)),
        cj.Verified(cj.Replace(N), p, phi, psi),
        metric=agreement,
        generations=2,
        at=(2,),
        predicted=lambda t: stated,
        mutants={name: lambda t, value=value: value for name, value in mutants.items()},
        **{"scale": 1.0, **options},
    )


@claim(
    "feng2024.thm4_2.below",
    statement=r"p < p_* = \frac{1}{1 + \psi / \phi} \Rightarrow P(\operatorname{sign} x'w = \operatorname{sign} x'\mu) \to 1",
    relation="==",
    regime="asymptotic",
    provenance="note",
    source=_SOURCE,
    domain=_SETTING & domain("p < phi / (phi + psi)"),
)
def below(d=4, N=1_000_000, p=0.36, phi=0.9, psi=0.25):
    left = _left_open(N, d, p, phi, psi)
    mutants = {"the accuracy of Bayes": 0.8413, "5 % of labels lost": 0.9}
    return _check(d, N, p, phi, psi, 1.0, mutants, allowance=lambda t: left)


@claim(
    "feng2024.thm4_2.above",
    statement=r"p > p_* = \frac{1}{1 + \psi / \phi} \Rightarrow P(\operatorname{sign} x'w = \operatorname{sign} x'\mu) \to 0",
    relation="==",
    regime="asymptotic",
    provenance="note",
    source=_SOURCE,
    domain=_SETTING & domain("p > phi / (phi + psi)"),
)
def above(d=4, N=1_000_000, p=0.86, phi=0.9, psi=0.25):
    left = _left_open(N, d, p, phi, psi)
    mutants = {"as below p_*": 1.0, "a tenth": 0.1}
    return _check(d, N, p, phi, psi, 0.0, mutants, allowance=lambda t: left)


@claim(
    "feng2024.thm4_2.at",
    statement=r"p = p_* \Rightarrow E\,P(\operatorname{sign} x'w = \operatorname{sign} x'\mu) = \tfrac12 \quad \text{for every } N, d",
    relation="==",
    provenance="derived",
    source="kept labels are fair coins, so that w and -w have one law",
    domain=_BITS & domain(d=Integers(2, 50), N=Integers(20, 10**7)),
)
def at_the_point(d=4, N=100, phi=0.9, psi=0.3):
    p = theory.breakdown(phi, psi)
    mutants = {"more often than not": 0.6, "as below p_*": 1.0}
    return _check(d, N, p, phi, psi, 0.5, mutants, law=lambda t: 0.5)


@claim(
    "feng2024.thm4_2.breakdown",
    statement=r"\operatorname{sign} E[q\,\tilde y\,y] \text{ changes at } p_* = \frac{1}{1 + \psi / \phi}",
    relation="==",
    provenance="note",
    source="Theorem 4.2 as quoted; the root of the enumerated expectation, by bisection, at three ratios psi/phi",
    domain=_BITS,
)
def breakdown(phi=0.9):
    def root(ratio):
        psi = phi / ratio

        def expected(p):
            right, wrong = (1 - p, phi, 1), (p, psi, -1)
            return sum(chance * keep * sign for chance, keep, sign in (right, wrong))

        low, high = 0.0, 1.0
        for _ in range(60):
            middle = (low + high) / 2
            low, high = (middle, high) if expected(middle) > 0 else (low, middle)
        return low

    return Computed(
        root,
        lambda ratio: theory.breakdown(phi, phi / ratio),
        {
            "1 - psi / phi": lambda ratio: 1 - 1 / ratio,
            "psi 5 % larger": lambda ratio: theory.breakdown(phi, 1.05 * phi / ratio),
        },
        at=(2, 5, 20),
        index="phi/psi",
        rung="identity",
    )


@claim(
    "feng2024.thm4_2.finite",
    statement=r"E\,P(\operatorname{sign} x'w = \operatorname{sign} x'\mu) \ge 1 - \frac{1}{\pi} \Bigl[\frac{E\,|w_\perp|^2}{(E\,w_\mu)^2}\Bigr]^{1/2} = 1 - O(N^{-1/2})",
    relation=">=",
    provenance="derived",
    source="what N data lose is at most the angle of the fit over pi; exact moments of least squares",
    domain=_SETTING & domain("p < phi / (phi + psi)"),
)
def finite(d=4, N=2_000, p=0.36, phi=0.9, psi=0.25):
    """The root mean square of the tangent stands for the mean angle."""
    left = _left_open(N, d, p, phi, psi)
    mutants = {"a tenth of the loss": 1 - left / 10, "a third of it": 1 - left / 3}
    return _check(d, N, p, phi, psi, 1 - left, mutants, scale=left)
