"""Gaussian loops of He, Xu and Cheng 2025, Bertrand et al. 2023 and Shumailov et al. 2023/24."""

from typing import Any

import collapse_jax as cj
from collapse_jax.theory import bertrand2023, he2025, shumailov2024
from proofs_check.claim import Check, claim, require
from proofs_check.curves import quadratic_law


@claim(
    "he2025.mean_limit",
    statement=r"E\|\mu_t-\mu_0\|^2 \to \frac{w^2 + k(1-w)^2}{w(2-w)}\,\frac{\operatorname{tr}\Sigma_0}{n},\quad k = n/m, \text{ along } V_t = c\,\tfrac{1-q^{t-1}}{1-q} + \tfrac{q^{t-1}}{n}",
    relation="==",
    regime="exact",
    provenance="derived",
    source="arXiv 2502.18049: abstract and code available; limit as summarised there, finite-t form derived",
)
def mean_limit(n=20, m=20, w=0.618033988749895, generations=12):
    """What is tested is V_t at finite t, exact for all n and m; fresh real data in every generation, with weight w."""
    require(0 < w <= 1, f"w={w} gives real data no weight, which is replacement and has no limit; use 0 < w <= 1")
    return Check(
        cj.Gaussian(ddof=1),
        cj.FreshReal(m, n_real=n, weight=w),
        metric="mean_error",
        generations=generations,
        predicted=lambda t: he2025.mean_error(t, n, m, w),
        mutants={
            "weight 1/2": lambda t: he2025.mean_error(t, n, m, 0.5),
            "no gain over one real fit": lambda t: 1 / n,
            "limit without the synthetic noise": lambda t: w / (2 - w) / n,
        },
        law=quadratic_law(cj.FreshReal(m, n_real=n, weight=w), 1.0, 0, generations),
    )


@claim(
    "bertrand2023.fully_synthetic",
    statement=r"E\,\sigma_t = \alpha(n)^t\,\sigma_0,\quad \alpha(n) = c_4(n) = \sqrt{\tfrac{2}{n-1}}\,\frac{\Gamma(n/2)}{\Gamma((n-1)/2)}",
    relation="==",
    regime="exact",
    provenance="recalled",
    source="arXiv 2310.00429, Gaussian collapse proposition (d = 1, equality); wording not checked, formula derived",
)
def fully_synthetic(n=10, generations=12):
    def standard_deviation(model, truth):
        return model.cov[..., 0, 0] ** 0.5

    return Check(
        cj.Gaussian(ddof=1),
        cj.Replace(n),
        metric=standard_deviation,
        generations=generations,
        predicted=lambda t: bertrand2023.fully_synthetic(t, n),
        mutants={
            "n + 2 for n": lambda t: bertrand2023.fully_synthetic(t, n + 2),
            "no shrinkage": lambda t: 1.0,
        },
    )


@claim(
    "shumailov2024.gauss1d.var",
    statement=r"\operatorname{Var}(X^t_j) = \sigma^2\left(1 + \sum_{i=1}^{t} \frac{1}{n_i}\right)",
    relation="==",
    regime="exact",
    provenance="derived",
    source="arXiv 2305.17493 section 4 (recalled with a remainder O(n^-2)); with the unbiased variance there is none",
)
def gauss1d_var(n=(30, 10, 40, 20, 25), ddof: Any = 1):
    """Measured as E[v_t + (mu_t - mu_0)^2], the variance of one observation of generation t over the whole process."""

    def observation_variance(model, truth):
        return model.cov[..., 0, 0] + (model.mean[..., 0] - truth.mean[0]) ** 2

    return Check(
        cj.Gaussian(ddof=ddof),
        cj.Replace(n),
        metric=observation_variance,
        generations=len(n),
        predicted=lambda t: shumailov2024.observation_variance(t, n),
        mutants={
            "real fit not counted": lambda t: 1 + sum(1 / size for size in n[1:t]),
            "conserved, as with the 1/n variance": lambda t: 1.0,
        },
    )
