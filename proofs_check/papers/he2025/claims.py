"""Fresh real data with weight w: He, Xu and Cheng 2025 (arXiv 2502.18049)."""

import collapse_jax as cj
from proofs_check.claim import Check, claim
from proofs_check.curves import quadratic_law
from proofs_check.papers.he2025 import theory


@claim(
    "he2025.mean_limit",
    statement=r"E\|\mu_t-\mu_0\|^2 \to \frac{w^2 + k(1-w)^2}{w(2-w)}\,\frac{\operatorname{tr}\Sigma_0}{n},\quad k = n/m, \text{ along } V_t = c\,\tfrac{1-q^{t-1}}{1-q} + \tfrac{q^{t-1}}{n}",
    relation="==",
    provenance="derived",
    source="arXiv 2502.18049: abstract and code available; limit as summarised there, finite-t form derived",
    domain=theory.mean_error,
)
def mean_limit(n=20, m=20, w=0.618033988749895, generations=12):
    """What is tested is V_t at finite t, exact for all n and m; fresh real data in every generation, with weight w."""
    return Check(
        cj.Gaussian(ddof=1),
        cj.FreshReal(m, n_real=n, weight=w),
        metric="mean_error",
        generations=generations,
        predicted=lambda t: theory.mean_error(t, n, m, w),
        mutants={
            "weight 1/2": lambda t: theory.mean_error(t, n, m, 0.5),
            "no gain over one real fit": lambda t: 1 / n,
            "limit without the synthetic noise": lambda t: w / (2 - w) / n,
        },
        law=quadratic_law(cj.FreshReal(m, n_real=n, weight=w), 1.0, 0, generations),
    )
