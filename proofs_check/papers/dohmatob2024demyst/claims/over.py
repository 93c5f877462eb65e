"""Generators with fewer rows than features: one design for all (Theorem 4.5), a fresh one for each (Theorem 4.6)."""

import math

import numpy as np

import collapse_jax as cj
from collapse_jax.laws.domain import Positive, domain
from collapse_jax.laws.equivalents import Layer, chain, excess_risk, remainder
from collapse_jax.laws.spectrum import Spectrum
from proofs_check.claim import Check, claim
from proofs_check.papers.dohmatob2024demyst import theory
from proofs_check.papers.dohmatob2024demyst.claims._setups import OVER, SIZES, C, least_norm
from proofs_check.papers.dohmatob2024demyst.variances import fresh_variance, shared_variance

_CONTRACTED = (0.0, 4.0)  # projections do not lengthen, and r = 1


def squared_norm(model, truth):
    r"""$\|\hat w\|^2/\|w_0\|^2$."""
    return (model.coefficients**2).sum(0) / (truth.coefficients**2).sum()


@claim(
    "dohmatob2024demyst.thm4_5",
    statement=r"\Delta Bias \simeq \|w_0\|^2 (1 - 1/\phi_0) \quad \text{for every } n \quad (X_m = X_0,\ \sigma_0 = 0)",
    relation="==",
    provenance="text",
    source="Theorem 4.5, Sigma = I, T > d, lambda -> 0: then the student's bias is the risk of the generator; exact at finite d",
    domain=OVER,
)
def thm4_5(d=8, T0=4, generations=4):
    """One design for all generators freezes the bias at the first."""
    return Check(
        least_norm(d, 0.0, "shared"),
        cj.Replace(T0),
        metric="risk",
        generations=generations,
        predicted=lambda n: theory.dependent_bias(d / T0, 1.0),
        mutants={
            "1/phi_0 for 1 - 1/phi_0": lambda n: 0.9 * theory.dependent_bias(d / T0, 1.0),
            "fresh designs": lambda n: 1 - theory.eta([d / T0] * n),
        },
        bounds=_CONTRACTED,
        variance=lambda n: shared_variance(n, T0, d, 1.0, 0.0),
    )


@claim(
    "dohmatob2024demyst.thm4_5_norm",
    statement=r"\|\hat w_n\|^2 \simeq \|w_0\|^2/\phi_0 \quad (X_m = X_0,\ \sigma_0 = 0)",
    relation="==",
    provenance="text",
    source="Theorem 4.5, first part; exact at finite d",
    domain=OVER,
)
def thm4_5_norm(d=8, T0=4, generations=4):
    return Check(
        least_norm(d, 0.0, "shared"),
        cj.Replace(T0),
        metric=squared_norm,
        generations=generations,
        predicted=lambda n: T0 / d,
        mutants={"fresh designs": lambda n: theory.eta([d / T0] * n), "T_0 + 2 rows": lambda n: (T0 + 2) / d},
        bounds=(0.0, 1.0),
    )


_SCHEDULE = (5, 12, 4, 6)


@claim(
    "dohmatob2024demyst.thm4_6",
    statement=r"\Delta Bias \simeq (1 - \eta) \|w_0\|^2, \quad \eta = \prod_{m < n}\min(1/\phi_m, 1) \quad (\sigma_0 = 0)",
    relation="==",
    provenance="text",
    source="Theorem 4.6, Sigma = I, T > d, lambda -> 0, independent designs; equal sizes have 1 - phi_0^(-n). Exact at finite d",
    domain=SIZES & domain("first(rows) < d", rows=Positive),
)
def thm4_6(d=8, rows=_SCHEDULE):
    """Fresh designs forget exponentially; a generator with more rows than features, here the second, forgets nothing."""
    return Check(
        least_norm(d, 0.0, "fresh"),
        cj.Replace(tuple(rows)),
        metric="risk",
        generations=len(rows),
        predicted=lambda n: 1 - theory.eta([d / T for T in rows[:n]]),
        mutants={
            "one design": lambda n: theory.dependent_bias(d / min(rows[:n]), 1.0),
            "no minimum with 1": lambda n: 1 - math.prod(T / d for T in rows[:n]),
        },
        bounds=_CONTRACTED,
        variance=lambda n: fresh_variance([(T, 0.0) for T in rows[:n]], d, 1.0),
    )


@claim(
    "dohmatob2024demyst.thm4_6_norm",
    statement=r"\|\hat w_n\|^2 \simeq \eta\,\|w_0\|^2, \quad \eta = \prod_{m < n}\min(1/\phi_m, 1) \quad (\sigma_0 = 0)",
    relation="==",
    provenance="text",
    source="Theorem 4.6, first part; exact at finite d",
    domain=SIZES & domain(rows=Positive),
)
def thm4_6_norm(d=8, rows=_SCHEDULE):
    return Check(
        least_norm(d, 0.0, "fresh"),
        cj.Replace(tuple(rows)),
        metric=squared_norm,
        generations=len(rows),
        predicted=lambda n: theory.eta([d / T for T in rows[:n]]),
        mutants={"one design": lambda n: min(rows[:n]) / d, "no minimum with 1": lambda n: math.prod(rows[:n]) / d**n},
        bounds=(0.0, 1.0),
    )


@claim(
    "dohmatob2024demyst.over_dep",
    statement=r"E_{test}(\hat w_n) = r^2 (1 - T_0/d) + n\,\sigma_0^2\frac{T_0}{d - T_0 - 1} \quad (X_m = X_0)",
    relation="==",
    provenance="derived",
    source="Theorem 4.5 with label noise, Sigma = I",
    domain=OVER,
)
def over_dep(d=8, T0=3, sigma2_0=0.25, generations=4):
    """The bias stays what it was after the first fit; the variance grows linearly."""
    return Check(
        least_norm(d, sigma2_0, "shared"),
        cj.Replace(T0),
        metric="risk",
        generations=generations,
        predicted=lambda n: theory.dependent(n, d, T0, 1.0, sigma2_0),
        mutants={
            "n - 1 for n": lambda n: theory.dependent(n - 1, d, T0, 1.0, sigma2_0),
            "fresh designs": lambda n: theory.independent(n, d, T0, 1.0, sigma2_0),
        },
        variance=lambda n: shared_variance(n, T0, d, 1.0, sigma2_0),
    )


@claim(
    "dohmatob2024demyst.over_indep",
    statement=r"E_{test}(\hat w_n) = r^2 (1 - a^n) + v_0\frac{1 - a^n}{1 - a}, \quad a = T_0/d,\ v_0 = \frac{\sigma_0^2 T_0}{d - T_0 - 1}",
    relation="==",
    provenance="derived",
    source="Theorem 4.6 with label noise, Sigma = I, equal sizes",
    domain=OVER,
)
def over_indep(d=8, T0=3, sigma2_0=0.25, generations=4):
    """Bounded, unlike with one design: it tends to r^2 + v_0/(1 - a) exponentially, with or without noise."""
    return Check(
        least_norm(d, sigma2_0, "fresh"),
        cj.Replace(T0),
        metric="risk",
        generations=generations,
        predicted=lambda n: theory.independent(n, d, T0, 1.0, sigma2_0),
        mutants={
            "one design": lambda n: theory.dependent(n, d, T0, 1.0, sigma2_0),
            "n + 1 for n": lambda n: theory.independent(n + 1, d, T0, 1.0, sigma2_0),
            "d - T_0 for d - T_0 - 1": lambda n: theory.independent(n, d, T0, 1.0, sigma2_0 * (d - T0 - 1) / (d - T0)),
        },
        variance=lambda n: fresh_variance([(T0, sigma2_0)] * n, d, 1.0),
    )


@claim(
    "dohmatob2024demyst.over_general",
    statement=r"E\,\hat w_n = [\Sigma(\Sigma + \kappa_0)^{-1}]^n w_0, \quad df_1(\kappa_0) = T_0: \text{ the risk of the equivalent}",
    relation="==",
    regime="asymptotic",
    provenance="derived",
    source="the deterministic equivalent, iterated; any Sigma, here a power law, without noise. Off by the order 1/d",
    domain=OVER & domain(beta=Positive),
)
def over_general(d=12, T0=6, beta=0.8, generations=4):
    """Every direction with an eigenvalue far below kappa_0 is forgotten geometrically."""
    values = np.arange(1.0, d + 1) ** -beta
    spectrum = Spectrum(values)
    risks = [excess_risk(spectrum, 1 / d, chain(spectrum, 1 / d, [Layer(T0)] * n)) for n in range(generations + 1)]
    return Check(
        least_norm(d, 0.0, "fresh", cov=np.diag(values)),
        cj.Replace(T0),
        metric="risk",
        generations=generations,
        predicted=lambda n: risks[n],
        mutants={
            "frozen at the first": lambda n: risks[1],
            "isotropic": lambda n: spectrum.trace() / d * theory.independent(n, d, T0, 1.0, 0.0),
        },
        bounds=(0.0, 4.0),
        allowance=lambda n: remainder(risks[n], d, C),
    )
