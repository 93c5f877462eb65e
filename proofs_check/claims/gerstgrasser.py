"""Linear regression: Gerstgrasser et al. 2024, "Is Model Collapse Inevitable?" (arXiv 2404.01413), and variants.

The wording of the theorems is known from notes that quote them; "shared" and "fresh" designs are told apart because
Theorem 2 holds for the first only.
"""

import collapse_jax as cj
from collapse_jax.theory import core
from collapse_jax.theory import gerstgrasser2024 as theory
from proofs_check.claim import Check, claim, require


def _regression(d, T, sigma2, design):
    require(
        d + 2 <= T, f"T={T} is too small for a mean: the expected risk is infinite for T <= d + 1; use T >= {d + 2}"
    )
    return cj.LinearRegression(d=d, sigma2=sigma2, design=design)


@claim(
    "gerstgrasser2024.replace",
    statement=r"E_{\mathrm{test}}(\hat w_t) = \frac{\sigma^2 d}{T - d - 1}\, t",
    relation="==",
    regime="exact",
    provenance="note",
    source="quoted beside Theorem 2 and attributed there to Dohmatob et al. 2024; wording from notes",
)
def replace(d=5, T=40, sigma2=1.0, generations=10, design="shared"):
    """Labels replaced at every generation: linear growth, for shared and (design="fresh") for fresh designs."""
    return Check(
        _regression(d, T, sigma2, design),
        cj.Replace(T),
        metric="risk",
        generations=generations,
        predicted=lambda t: theory.replace(t, d, T, sigma2),
        mutants={
            "T - d for T - d - 1": lambda t: theory.replace(t, d, T + 1, sigma2),
            "counts synthetic layers, t - 1": lambda t: theory.replace(t - 1, d, T, sigma2),
        },
    )


@claim(
    "gerst.replace_fresh",
    statement=r"E_{\mathrm{test}}(\hat w_t) = \frac{\sigma^2 d}{T - d - 1}\, t \quad \text{(fresh designs)}",
    relation="==",
    regime="exact",
    provenance="derived",
    source="increments are independent multivariate t vectors",
)
def replace_fresh(d=5, T=40, sigma2=1.0, generations=10):
    return replace.setup(d, T, sigma2, generations, "fresh")


@claim(
    "gerstgrasser2024.thm2",
    statement=r"E_{\mathrm{test}}(\hat w_t) = \frac{\sigma^2 d}{T - d - 1} \sum_{i=1}^{t} \frac{1}{i^2}",
    relation="==",
    regime="exact",
    provenance="note",
    source="Theorem 2, first relation; wording from notes",
)
def thm2(d=5, T=40, sigma2=1.0, generations=10):
    """Exact when every generation reuses the same X, which Theorem 1 of the paper (one X'X) implies."""
    return Check(
        _regression(d, T, sigma2, "shared"),
        cj.Accumulate(T),
        metric="risk",
        generations=generations,
        predicted=lambda t: theory.accumulate(t, d, T, sigma2),
        mutants={
            "T - d for T - d - 1": lambda t: theory.accumulate(t, d, T + 1, sigma2),
            "1/i for 1/i^2": lambda t: theory.one_fit(d, T, sigma2) * sum(1 / i for i in range(1, t + 1)),
            "the fresh-design law": lambda t: theory.accumulate_fresh(t, d, T, sigma2),
        },
    )


@claim(
    "gerstgrasser2024.thm2.bound",
    statement=r"E_{\mathrm{test}}(\hat w_t) \le \frac{\sigma^2 d}{T - d - 1}\,\frac{\pi^2}{6}",
    relation="<=",
    regime="upper bound",
    provenance="note",
    source="Theorem 2, second relation; wording from notes",
)
def thm2_bound(d=5, T=40, sigma2=1.0, generations=25):
    """Approached from below as t grows, hence tight for a shared design."""
    return Check(
        _regression(d, T, sigma2, "shared"),
        cj.Accumulate(T),
        metric="risk",
        generations=generations,
        predicted=lambda t: theory.accumulate_bound(d, T, sigma2),
        mutants={
            "pi^2/8 for pi^2/6": lambda t: theory.accumulate_bound(d, T, sigma2) * 6 / 8,
            "3/2 for pi^2/6": lambda t: 1.5 * theory.one_fit(d, T, sigma2),
        },
    )


@claim(
    "gerst.accum_fresh",
    statement=r"E_{\mathrm{test}}(\hat w_t) = \sigma^2 d \sum_{i=1}^{t} \frac{1}{i\,(i T - d - 1)} \quad \text{(fresh designs)}",
    relation="==",
    regime="exact",
    provenance="derived",
    source="w_n = w_{n-1} + s G_n^{-1} X_n' e_n with G_n the pooled Gram matrix; exchangeability of the designs",
)
def accum_fresh(d=8, T=18, sigma2=1.0, generations=10):
    return Check(
        _regression(d, T, sigma2, "fresh"),
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
    "gerst.thm2_on_fresh",
    statement=r"E_{\mathrm{test}}(\hat w_t) = \frac{\sigma^2 d}{T - d - 1} \sum_{i=1}^{t} \frac{1}{i^2} \quad \text{(fresh designs)}",
    relation="==",
    regime="exact",
    provenance="derived",
    source="the formula of Theorem 2 applied beyond its setting, to fresh designs; not a statement of the paper",
    expected="REFUTED",
)
def thm2_on_fresh(d=8, T=18, sigma2=1.0, generations=10):
    """With fresh designs the error is strictly smaller (gerst.accum_fresh). The paper's own setting is the shared design,
    where Theorem 2 is exact (gerstgrasser2024.thm2)."""
    return Check(
        _regression(d, T, sigma2, "fresh"),
        cj.Accumulate(T),
        metric="risk",
        generations=generations,
        predicted=lambda t: theory.accumulate(t, d, T, sigma2),
        mutants={"linear growth": lambda t: theory.replace(t, d, T, sigma2)},
    )


@claim(
    "gerst.shared_f_law",
    statement=r"\frac{(T - d + 1)\,\|\hat w_t - w^*\|_\Sigma^2}{\sigma^2 d\, t} \sim F(d,\, T - d + 1) \quad \text{(replace, shared design)}",
    relation="law",
    regime="law",
    provenance="derived",
    source="w_t - w* = s L^{-T} (z_1 + .. + z_t) with X'X = L L' Wishart",
)
def shared_f_law(d=5, T=40, sigma2=1.0, generations=4):
    """The whole distribution, not only its mean: valid for every T >= d, also where the mean is infinite."""

    def scaled_risk(model, truth):
        return ((model.w - truth.w) ** 2).sum(-1) * (T - d + 1) / (sigma2 * d * generations)

    return Check(
        cj.LinearRegression(d=d, sigma2=sigma2, design="shared"),
        cj.Replace(T),
        metric=scaled_risk,
        generations=generations,
        predicted=lambda x: theory.f_law(x, d, T),
        mutants={
            "the chi-square limit (T infinite)": lambda x: theory.f_law(x, d, 10**9),
            "d - 1 for d": lambda x: theory.f_law(x, d - 1, T - 1),
        },
    )


@claim(
    "gerst.unequal_batches",
    statement=r"E_{\mathrm{test}}(\hat w_t) = \sigma^2 d \sum_{i=1}^{t} \frac{T_i / N_i}{N_i - d - 1}, \quad N_i = T_1 + \cdots + T_i",
    relation="==",
    regime="exact",
    provenance="derived",
    source="as gerst.accum_fresh, with T_i rows at generation i",
)
def unequal_batches(d=4, T=(25, 60, 15, 100, 40), sigma2=1.0):
    require(T[0] >= d + 2, f"T[0]={T[0]} is too small for a mean; use T[0] >= {d + 2}")
    return Check(
        cj.LinearRegression(d=d, sigma2=sigma2, design="fresh"),
        cj.Accumulate(T),
        metric="risk",
        generations=len(T),
        predicted=lambda t: theory.accumulate_fresh(t, d, T, sigma2),
        mutants={
            "equal batches of the mean size": lambda t: theory.accumulate_fresh(t, d, [sum(T) / len(T)] * t, sigma2),
            "1/i^2 of the first batch": lambda t: theory.one_fit(d, T[0], sigma2) * core.harmonic2(t),
        },
    )
