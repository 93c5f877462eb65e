"""Theorem 1: ridge on the pooled rows, and least squares."""

from typing import Any

import numpy as np

from collapse_jax.laws import equivalents
from collapse_jax.laws.domain import Integers, Positive, domain
from collapse_jax.laws.rate import exponent
from collapse_jax.laws.spectrum import Spectrum
from proofs_check.claim import Check, Computed, claim
from proofs_check.papers.dohmatob2024strong import deterministic, finite, theory
from proofs_check.papers.dohmatob2024strong.claims._setups import RANGES, mixed, regression

_SOURCE = "Theorem 1 (eq. 9-10), as quoted in a note that says it was checked against version 2; derived again"
_STATED = (
    r"E_{test} \simeq \kappa^2 (1 + u) \operatorname{tr} \Gamma\Sigma(\Sigma + \kappa)^{-2} + \sigma^2 u"
    r" + p_2^2 (1 + p_1 u) \operatorname{tr} \Delta\Sigma^3 (\Sigma + \kappa)^{-2}"
    r" + p_2 u \operatorname{tr} \Delta\Sigma (p_1 \Sigma + \kappa)^2 (\Sigma + \kappa)^{-2}"
)
_SIZES = domain(d=Integers(2), n_1=Integers(2), n_2=Integers(2), lam=Positive)


@claim(
    "dohmatob2024strong.thm1",
    statement=_STATED + r",\quad u = \tfrac{df_2(\kappa)}{n - df_2(\kappa)} \quad (\Sigma = I)",
    relation="==",
    provenance="note",
    source=_SOURCE + "; beside it the exact error at finite d, and d less than n",
    regime="asymptotic",
    domain=(_SIZES & domain("n_1 + n_2 > d")) & RANGES,
)
def theorem_1(d=4, n_1=8, n_2=12, lam=0.1, r2=1.0, c2=0.5, s1=0.3, s2=0.8):
    """The exact error is above its equivalent by .10/d of it at these ratios; C = 1/2 is allowed."""
    return _ridge(d, n_1, n_2, lam, r2, c2, s1, s2)


@claim(
    "dohmatob2024strong.thm1.fewer_rows",
    statement=_STATED + r" \quad (\Sigma = I,\ n < d)",
    relation="==",
    provenance="note",
    source=_SOURCE + "; beside it the exact error at finite d",
    regime="asymptotic",
    domain=(_SIZES & domain("n_1 + n_2 < d")) & RANGES,
)
def theorem_1_fewer_rows(d=5, n_1=2, n_2=2, lam=0.3, r2=1.0, c2=0.5, s1=0.3, s2=0.9):
    return _ridge(d, n_1, n_2, lam, r2, c2, s1, s2)


def _ridge(d, n_1, n_2, lam, r2, c2, s1, s2):
    noise = (n_1 * s1 + n_2 * s2) / (n_1 + n_2)
    stated = theory.theorem_1(d, n_1, n_2, lam, r2, c2, noise)
    kappa = theory.penalty(d, n_1 + n_2, lam)
    return Check(
        regression(d, r2, s1, lam),
        mixed(d, n_1, n_2, c2, s2),
        metric="risk",
        generations=1,
        predicted=lambda t: stated,
        mutants={
            "the shift at its full size": lambda t: stated - theory.theorem_1(d, n_1, n_2, lam, 0, c2, 0) + c2,
            "no shift": lambda t: theory.theorem_1(d, n_1, n_2, lam, r2, 0, noise),
            "bias without noise": lambda t: (kappa / (1 + kappa)) ** 2 * r2,
        },
        allowance=lambda t: 0.5 / d * stated,
        law=lambda t: finite.ridge(d, n_1, n_2, lam, r2, c2, s1, s2),
    )


def _at(d):
    """Ratios of Theorem 1 as they are kept while d grows: the exact error and its equivalent."""
    n_1, n_2 = d, 3 * d // 2
    exact = finite.ridge(d, n_1, n_2, 0.05, 1.0, 0.5, 0.3, 0.8)
    return exact, theory.theorem_1(d, n_1, n_2, 0.05, 1.0, 0.5, (n_1 * 0.3 + n_2 * 0.8) / (n_1 + n_2))


@claim(
    "dohmatob2024strong.thm1.remainder",
    statement=r"|E_{test} - (B + V + \zeta)| \propto 1/d \quad (n/d \text{ fixed},\ \Sigma = I)",
    relation="==",
    provenance="derived",
    source="local exponent of the distance between the exact error at finite d and Theorem 1",
    regime="rate",
)
def theorem_1_remainder():
    def apart(d):
        exact, stated = _at(int(d))
        return abs(exact - stated)

    return Computed(
        lambda d: exponent(apart, d),
        lambda d: -1,
        {"d^-2": lambda d: -2, "d^-1/2": lambda d: -0.5, "-1.1": lambda d: -1.1},
        at=(8, 16, 32),
        index="d",
        allowance=lambda d: 0.6 / d,
    )


@claim(
    "dohmatob2024strong.thm1.spectrum",
    statement=_STATED,
    relation="==",
    provenance="note",
    source=_SOURCE + "; beside it one step of the general map of mixed fits, power laws of 200 features",
    domain=domain(d=Integers(2), n_1=Integers(1), n_2=Integers(1)) & RANGES,
)
def theorem_1_spectrum(d=200, n_1=120, n_2=60, c2=0.5, s1=0.3, s2=0.8):
    """A source that decays and a shift that does not: neither is a multiple of the other."""
    spectrum = Spectrum(np.arange(1, d + 1) ** -1.3)
    source, shift = spectrum.values**0.5 / spectrum.trace(1.5), c2 / spectrum.trace() * np.ones(d)
    rows = deterministic.Rows(n_1, n_2, s1, s2)

    def mapped(permille):
        author = equivalents.Moments(np.ones(d), source + shift)
        found = equivalents.mix_step(spectrum, author, source, n_1, n_2, permille / 1000, s1, s2)
        return equivalents.excess_risk(spectrum, source, found)

    def stated(permille, rows=rows, shift: Any = shift):
        return deterministic.theorem_1(spectrum, source, shift, rows, permille / 1000)

    return Computed(
        mapped,
        stated,
        {
            "the groups exchanged": lambda k: stated(k, deterministic.Rows(n_2, n_1, s2, s1)),
            "a shift like the source": lambda k: stated(k, shift=c2 * source),
            "1.000001 of it": lambda k: 1.000001 * stated(k),
        },
        at=(1, 10, 50, 200, 1000),
        index="1000 lambda",
        rung="identity",
    )


@claim(
    "dohmatob2024strong.iso_under",
    statement=r"E_{test} \simeq \sigma^2 \tfrac{\phi}{1 - \phi} + c^2 \left[p_2^2 + p_1 p_2 \tfrac{\phi}{1 - \phi}\right] \quad (\lambda = 0,\ \phi < 1)",
    relation="==",
    provenance="derived",
    source="Theorem 1 without penalty; beside it the exact error of least squares at d of 5 d rows, C = 1",
    regime="asymptotic",
    domain=RANGES,
)
def iso_under(p_2=0.4, c2=0.5, sigma2=1.0):
    def at(law, d, *noise):
        n_2 = round(5 * p_2 * d)
        return law(d, 5 * d - n_2, n_2, c2, *noise)

    def stated(d):
        return at(theory.under, d, sigma2)

    return Computed(
        lambda d: at(theory.under_exact, d, sigma2, sigma2),
        stated,
        {
            "p_2^2 c^2 alone": lambda d: sigma2 / 4 + p_2**2 * c2,
            "phi for phi / (1 - phi)": lambda d: theory.first_order(0.2, p_2, c2, sigma2),
            "c^2 p_2": lambda d: sigma2 / 4 + p_2 * c2,
        },
        at=(50, 100, 200, 1000),
        index="d",
        allowance=lambda d: equivalents.remainder(stated(d), d, 1),
    )
