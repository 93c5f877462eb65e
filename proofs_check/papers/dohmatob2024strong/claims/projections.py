"""Theorem 2: random projections, where model size counts."""

import numpy as np

from collapse_jax.laws import equivalents
from collapse_jax.laws.domain import Integers, Positive, domain
from collapse_jax.laws.rate import exponent
from collapse_jax.laws.spectrum import Spectrum, projected_penalty
from collapse_jax.laws.wishart import mean_trace
from proofs_check.claim import Check, Computed, claim
from proofs_check.papers.dohmatob2024strong import deterministic, theory
from proofs_check.papers.dohmatob2024strong.claims._setups import RANGES, mixed, projections

_SOURCE = "Theorem 2 (eq. 11): its fixed point as remembered, this closed form derived from it"
_STATED = (
    r"E_{test} \simeq (1 + u)\,T_2(\Sigma\Gamma) + \sigma^2 u + \zeta(t_0, t_1, t_2, u), \quad"
    r" t_j = T_j(\Sigma\Delta),\ u = \tfrac{df}{n - df},\ df = d - 2 T_1(I) + T_2(I)"
)
_ROWS = deterministic.Rows(90, 60, 0.3, 0.8)


def _power(d=120, c2=0.5):
    """A power law, a source that decays and a shift that does not."""
    spectrum = Spectrum(np.arange(1, d + 1) ** -1.2)
    return spectrum, spectrum.values**0.5 / spectrum.trace(1.5), c2 / spectrum.trace() * np.ones(d)


@claim(
    "dohmatob2024strong.thm2",
    statement=_STATED + r" \quad (\Sigma = I)",
    relation="==",
    provenance="recalled",
    source=_SOURCE + "; 5 projections of 16 features, C = 1 is allowed",
    regime="asymptotic",
    domain=domain(d=Integers(2), m=Integers(1), n_1=Integers(2), n_2=Integers(2), lam=Positive) & RANGES,
)
def theorem_2(d=16, m=5, n_1=14, n_2=8, lam=0.1, r2=1.0, c2=0.8, s1=0.3, s2=0.8):
    """No exact error at finite d is known with a penalty; without one it is that of rp_iso_ridgeless."""
    rows, iso = deterministic.Rows(n_1, n_2, s1, s2), Spectrum.isotropic(d)

    def stated(m=m, c2=c2, rows=rows):
        return deterministic.theorem_2(iso, r2 / d, c2 / d, rows, m, lam)

    value = stated()
    return Check(
        projections(d, m, r2, s1, lam),
        mixed(d, n_1, n_2, c2, s2),
        metric="risk",
        generations=1,
        predicted=lambda t: value,
        mutants={
            "real labels only": lambda t: stated(c2=0),
            "without projections": lambda t: deterministic.theorem_1(iso, r2 / d, c2 / d, rows, lam),
            "what the projections miss": lambda t: (1 - m / d) * r2,
        },
        allowance=lambda t: equivalents.remainder(value, d, 1),
    )


@claim(
    "dohmatob2024strong.thm2.fixed_point",
    statement=r"\kappa_2 = \frac{\lambda}{\gamma \tau e},\quad (e, \tau): e = 1 - \tfrac1n \operatorname{tr} \gamma\tau e \Sigma K^{-1},\ \tau = 1 - \tfrac1m \operatorname{tr} \gamma\tau e \Sigma K^{-1},\ K = \gamma\tau e \Sigma + \lambda I",
    relation="==",
    provenance="recalled",
    source="the fixed point of Theorem 2, solved for e and tau, beside the one equation for the second penalty",
    domain=RANGES,
)
def second_penalty(d=120, n=150, lam=0.05):
    spectrum = _power(d)[0]

    def alternating(m):
        e, tau = deterministic.fixed_point(spectrum, n, m, lam)
        return lam / (tau * e)

    return Computed(
        alternating,
        lambda m: projected_penalty(spectrum, lam, n, m)[0],
        {
            "the first penalty": lambda m: projected_penalty(spectrum, lam, n, m)[1],
            "of n rows for m features": lambda m: projected_penalty(spectrum, lam, m, m)[0],
            "1.000001 of it": lambda m: 1.000001 * projected_penalty(spectrum, lam, n, m)[0],
        },
        at=(30, 80, 149, 160, 400, 1500),
        index="m",
        rung="identity",
    )


@claim(
    "dohmatob2024strong.thm2.sample_covariance",
    statement=r"E \operatorname{tr} \kappa\,(S'S + \kappa)^{-1} \simeq \operatorname{tr} \kappa_2 (\Sigma + \kappa_2)^{-1},\quad \kappa = \kappa_2 \left(1 - \tfrac{df_1(\kappa_2)}m\right)",
    relation="==",
    provenance="derived",
    source="the second half of the derivation: given S the model is one of Theorem 1 with the sample covariance S'S; exact means over Wishart eigenvalues, C = 1",
    regime="asymptotic",
    domain=RANGES,
)
def sample_covariance(kappa=0.3, ratio=0.6):
    def stated(d):
        # for an isotropic spectrum kappa_2 solves kappa = kappa_2 (1 - d / (m (1 + kappa_2)))
        kappa_2 = theory.penalty(d, ratio * d, kappa)
        return d * kappa_2 / (1 + kappa_2)

    return Computed(
        lambda d: mean_trace(lambda x: kappa / (x / round(ratio * d) + kappa), d, round(ratio * d)),
        stated,
        {
            "kappa for kappa_2": lambda d: d * kappa / (1 + kappa),
            "what m projections miss": lambda d: (1 - ratio) * d,
        },
        at=(10, 20, 50, 100),
        index="d",
        allowance=lambda d: equivalents.remainder(stated(d), d, 1),
    )


@claim(
    "dohmatob2024strong.thm2.lower_bound",
    statement=r"p_2^2 (1 + p_1 u)(t_0 - 2 t_1 + t_2) \ge p_2^2 \operatorname{tr} \Delta\Sigma^3 (\Sigma + \kappa_2)^{-2}",
    relation=">=",
    provenance="note",
    source="the bound beside Theorem 2 as quoted in a note, theta being the second penalty: no width removes the first part of zeta",
    domain=domain(lam=Positive),
)
def lower_bound(lam=0.02):
    spectrum, source, shift = _power()
    S, p_2 = spectrum.values, _ROWS.n_2 / _ROWS.n

    def bound(m):
        k, _ = projected_penalty(spectrum, lam, _ROWS.n, m)
        return p_2**2 * spectrum.sum(shift * S**3 / (S + k) ** 2)

    def first_part(m):
        found = deterministic.projected(spectrum, source, shift, _ROWS.n, m, lam)
        return p_2**2 * (1 + (1 - p_2) * found.u) * (found.t_0 - 2 * found.t_1 + found.t_2)

    return Computed(
        first_part,
        bound,
        {"p_2 for its square": lambda m: bound(m) / p_2, "twice as much": lambda m: 2 * bound(m)},
        at=(20, 60, 120, 300, 1000, 10**5),
        index="m",
    )


@claim(
    "dohmatob2024strong.thm2.peak",
    statement=r"m = n: \quad E_{test} \propto \lambda^{-1/2} \text{ as } \lambda \to 0",
    relation="==",
    provenance="note",
    source="divergence at m = n without penalty, as quoted in a note on Theorem 2; the exponent derived",
    regime="rate",
    domain=RANGES,
)
def peak(n=150):
    """A double descent: the error of real and of synthetic rows alike has a peak where the model begins to interpolate."""
    spectrum, source, shift = _power(400)
    rows = deterministic.Rows(90, n - 90, 0.3, 0.8)

    def error(lam):
        return deterministic.theorem_2(spectrum, source, shift, rows, n, lam)

    return Computed(
        lambda k: exponent(error, 10.0**-k),
        lambda k: -0.5,
        {"-1": lambda k: -1, "0": lambda k: 0, "-.45": lambda k: -0.45},
        at=(10, 12, 14),
        index="-log10 lambda",
        allowance=lambda k: 300 * 10 ** (-k / 2),
        tolerance=1e-6,
    )
