"""Whole distributions of the risk, not only its mean (derived)."""

import collapse_jax as cj
from collapse_jax import laws
from collapse_jax.laws import identities
from collapse_jax.laws.domain import Integers, domain
from proofs_check.claim import Check, claim
from proofs_check.curves import interpolated
from proofs_check.papers.gerstgrasser2024.claims._setups import ROWS


@claim(
    "gerstgrasser2024.shared_f_law",
    statement=r"\frac{(T - d + 1)\,\|\hat w_t - w^*\|_\Sigma^2}{\sigma^2 d\, t} \sim F(d,\, T - d + 1) \quad \text{(replace, shared design)}",
    relation="law",
    provenance="derived",
    source="w_t - w* = s L^{-T} (z_1 + .. + z_t) with X'X = L L' Wishart",
    domain=ROWS,
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
        predicted=lambda x: identities.f_law(x, d, T),
        mutants={
            "the chi-square limit (T infinite)": lambda x: identities.f_law(x, d, 10**9),
            "d + 1 for d": lambda x: identities.f_law(x, d + 1, T + 1),
        },
    )


@claim(
    "gerstgrasser2024.shared_f_law_accumulate",
    statement=r"\frac{(T - d + 1)\,\|\hat w_t - w^*\|_\Sigma^2}{\sigma^2 d \sum_{i \le t} i^{-2}} \sim F(d,\, T - d + 1) \quad \text{(accumulate, shared design)}",
    relation="law",
    provenance="derived",
    source="Theorem 1: w_t - w* = (X'X)^{-1} X' (E_1 + .. + E_t / t), the noises independent of X",
    domain=ROWS,
)
def shared_f_law_accumulate(d=5, T=40, sigma2=1.0, generations=6):
    coefficient = identities.harmonic2(generations)
    return Check(
        cj.LinearRegression(d=d, sigma2=sigma2, design="shared"),
        cj.Accumulate(T),
        metric="risk",
        generations=generations,
        predicted=lambda x: laws.least_squares.shared_cdf(x, coefficient, d, T, sigma2),
        mutants={
            "pi^2/6 for its partial sum": lambda x: laws.least_squares.shared_cdf(x, 1.645, d, T, sigma2),
            "d + 1 for d": lambda x: laws.least_squares.shared_cdf(x, coefficient, d + 1, T + 1, sigma2),
        },
    )


@claim(
    "gerstgrasser2024.fresh_replace_law",
    statement=r"\|\hat w_t - w^*\|_\Sigma \sim \Bigl|\sigma \sum_{k \le t} z_k / \sqrt{g_k}\Bigr|, \quad z_k \sim N(0, I_d),\ g_k \sim \chi^2_{T - d + 1}",
    relation="law",
    provenance="derived",
    source="increments are independent multivariate t vectors; distribution function by a Hankel transform",
    domain=ROWS & domain("T >= 2 * d", generations=Integers(2)),
)
def fresh_replace_law(d=5, T=20, sigma2=1.0, generations=4):
    """The same mean as with a shared design, but lighter tails (gerstgrasser2024.shared_f_law)."""

    def law(t):
        return lambda x: interpolated(
            lambda grid: laws.least_squares.fresh_replace_cdf(grid, t, d, T, sigma2), x, log=True
        )

    return Check(
        cj.LinearRegression(d=d, sigma2=sigma2, design="fresh"),
        cj.Replace(T),
        metric="risk",
        generations=generations,
        predicted=law(generations),
        mutants={
            "the law of a shared design": lambda x: laws.least_squares.shared_cdf(x, generations, d, T, sigma2),
            "one generation less": law(generations - 1),
        },
    )
