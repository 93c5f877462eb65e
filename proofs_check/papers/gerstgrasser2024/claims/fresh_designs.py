"""Fresh designs at every generation: the risk under replacement and accumulation (derived)."""

from math import log1p

import collapse_jax as cj
from collapse_jax.laws import identities
from collapse_jax.laws.domain import Integers, Positive, domain, domain_of
from proofs_check.claim import Check, Computed, claim
from proofs_check.papers.gerstgrasser2024 import theory
from proofs_check.papers.gerstgrasser2024.claims._setups import SETTING, regression
from proofs_check.papers.gerstgrasser2024.claims.theorems import replace


@claim(
    "gerstgrasser2024.replace_fresh",
    statement=r"E_{\mathrm{test}}(\hat w_t) = \frac{\sigma^2 d}{T - d - 1}\, t \quad \text{(fresh designs)}",
    relation="==",
    provenance="derived",
    source="increments are independent multivariate t vectors",
    domain=SETTING,
)
def replace_fresh(d=5, T=40, sigma2=1.0, generations=10):
    return replace.setup(d, T, sigma2, generations, "fresh")


@claim(
    "gerstgrasser2024.accum_fresh",
    statement=r"E_{\mathrm{test}}(\hat w_t) = \sigma^2 d \sum_{i=1}^{t} \frac{1}{i\,(i T - d - 1)} \quad \text{(fresh designs)}",
    relation="==",
    provenance="derived",
    source="w_n = w_{n-1} + s G_n^{-1} X_n' e_n with G_n the pooled Gram matrix; exchangeability of the designs",
    domain=SETTING,
)
def accum_fresh(d=8, T=18, sigma2=1.0, generations=10):
    return Check(
        regression(d, T, sigma2, "fresh"),
        cj.Accumulate(T),
        metric="risk",
        generations=generations,
        predicted=lambda t: theory.accumulate_fresh(t, d, T, sigma2),
        mutants={
            "the shared-design law (Theorem 2)": lambda t: theory.accumulate(t, d, T, sigma2),
            "i T - d for i T - d - 1": lambda t: sigma2 * d * sum(1 / (i * (i * T - d)) for i in range(1, t + 1)),
        },
    )


@claim(
    "gerstgrasser2024.unequal_batches",
    statement=r"E_{\mathrm{test}}(\hat w_t) = \sigma^2 d \sum_{i=1}^{t} \frac{T_i / N_i}{N_i - d - 1}, \quad N_i = T_1 + \cdots + T_i",
    relation="==",
    provenance="derived",
    source="as gerstgrasser2024.accum_fresh, with T_i rows at generation i",
    domain=domain_of(theory.accumulate_fresh) & domain("min(T) >= d + 2", sigma2=Positive),
)
def unequal_batches(d=4, T=(25, 60, 15, 100, 40), sigma2=1.0):
    return Check(
        cj.LinearRegression(d=d, sigma2=sigma2, design="fresh"),
        cj.Accumulate(T),
        metric="risk",
        generations=len(T),
        predicted=lambda t: theory.accumulate_fresh(t, d, T, sigma2),
        mutants={
            "equal batches of the mean size": lambda t: theory.accumulate_fresh(
                t, d, [round(sum(T) / len(T))] * t, sigma2
            ),
            "1/i^2 of the first batch": lambda t: identities.one_fit(d, T[0], sigma2) * identities.harmonic2(t),
        },
    )


@claim(
    "gerstgrasser2024.accum_fresh_limit",
    statement=r"\sum_{i \ge 1} \frac{\sigma^2 d}{i\,(i T - d - 1)} = -\frac{\sigma^2 d}{d + 1}\left[\gamma + \psi\left(1 - \tfrac{d+1}{T}\right)\right]",
    relation="==",
    provenance="derived",
    source="limit of gerstgrasser2024.accum_fresh; loose by up to 35 % against pi^2/6 where T is near d",
    domain=SETTING & domain(d=Integers(2)),
)
def accum_fresh_limit(d=10, T=(14, 20, 32, 100)):
    """The sum to 10^5 terms with the tail of its integral, beside the digamma form."""

    def summed(rows, terms=100_000):
        tail = -log1p(-(d + 1) / (terms + 0.5) / rows) * d / (d + 1)
        return theory.accumulate_fresh(terms, d, rows, 1.0) + tail

    return Computed(
        summed,
        lambda rows: theory.accumulate_fresh_limit(d, rows, 1.0),
        {
            "the ceiling of a shared design": lambda rows: theory.accumulate_bound(d, rows, 1.0),
            "T - d for T - d - 1": lambda rows: theory.accumulate_fresh_limit(d - 1, rows, 1.0) * d / (d - 1),
        },
        at=tuple(T),
        index="T",
        rung="identity",
    )
