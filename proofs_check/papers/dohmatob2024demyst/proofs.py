"""Chains of generators of labels, for every number of them and all sizes."""

from collapse_jax.laws.domain import Integers, Positive, domain
from proofs_check.papers.dohmatob2024demyst import theory
from proofs_check.proofs import Induction, proves

_STUDENT = domain(("T >= d + 2", "T0 >= d + 2"), d=Integers(1), T=Integers(3), T0=Integers(3), sigma2=Positive)
_WIDE = domain("T0 <= d - 2", d=Integers(3), T0=Integers(1), sigma2_0=Positive)


@proves("dohmatob2024demyst.thm4_1_finite")
def thm4_1_finite():
    """A generator adds its own noise, which is independent of what was there: sigma_0^2 E tr (X'X)^-1."""
    form = theory.least_squares_finite
    return Induction(
        stated=lambda t, d, T, T0, sigma2, s0: form(t - 1, d, T, T0, sigma2, s0),
        at=lambda d, T, T0, sigma2, sigma2_0, generations: {"d": d, "T": T, "T0": T0, "sigma2": sigma2, "s0": sigma2_0},
        mutants={"n + 1 for n": lambda t, d, T, T0, sigma2, s0: form(t, d, T, T0, sigma2, s0)},
        over=_STUDENT & domain(s0=Positive),
        step=lambda t, e, d, T, T0, sigma2, s0: e + s0 * d / (T0 - d - 1),
        base=lambda d, T, T0, sigma2, s0: sigma2 * d / (T - d - 1),
    )


def _chain(stated, mutants, step):
    return Induction(
        stated=stated,
        at=lambda d, T0, sigma2_0, generations: {"d": d, "T0": T0, "sigma2_0": sigma2_0},
        mutants=mutants,
        over=_WIDE,
        step=step,
        base=lambda d, T0, sigma2_0: 1 - T0 / d + sigma2_0 * T0 / (d - T0 - 1),
    )


def _one_design(t, d, T0, sigma2_0):
    return theory.dependent(t, d, T0, 1, sigma2_0)


def _fresh(t, d, T0, sigma2_0):
    return theory.independent(t, d, T0, 1, sigma2_0)


@proves("dohmatob2024demyst.over_dep")
def over_dep():
    """The same rows project once and for all; every generator adds noise within them."""
    return _chain(
        _one_design,
        {"n - 1 for n": lambda t, d, T0, sigma2_0: _one_design(t - 1, d, T0, sigma2_0), "fresh designs": _fresh},
        lambda t, e, d, T0, sigma2_0: e + sigma2_0 * T0 / (d - T0 - 1),
    )


@proves("dohmatob2024demyst.over_indep")
def over_indep():
    """A random projection of rank T_0 keeps the share T_0/d of the squared length; the truth has length 1: what a
    generator says has length L' = a L + v_0, and the error is 1 - a^n of the truth and what is left of the noise."""

    def step(t, e, d, T0, sigma2_0):
        a = T0 / d
        return 1 - a + a * e + sigma2_0 * T0 / (d - T0 - 1)

    return _chain(
        _fresh,
        {
            "one design": _one_design,
            "d - T_0 for d - T_0 - 1": lambda t, d, T0, sigma2_0: _fresh(t, d, T0, sigma2_0 * (d - T0 - 1) / (d - T0)),
        },
        step,
    )
