"""Fully synthetic Gaussian loop: Bertrand et al. 2023 (arXiv 2310.00429)."""

import math

import collapse_jax as cj
from collapse_jax import laws
from proofs_check.claim import Check, claim
from proofs_check.papers.bertrand2023 import theory


@claim(
    "bertrand2023.fully_synthetic",
    statement=r"E\,\sigma_t = \alpha(n)^t\,\sigma_0,\quad \alpha(n) = c_4(n) = \sqrt{\tfrac{2}{n-1}}\,\frac{\Gamma(n/2)}{\Gamma((n-1)/2)}",
    relation="==",
    provenance="recalled",
    source="arXiv 2310.00429, Gaussian collapse proposition (d = 1, equality); wording not checked, formula derived",
    domain=theory.fully_synthetic,
)
def fully_synthetic(n=10, generations=12):
    def standard_deviation(model, truth):
        return model.cov[..., 0, 0] ** 0.5

    return Check(
        cj.Gaussian(ddof=1),
        cj.Replace(n),
        metric=standard_deviation,
        generations=generations,
        predicted=lambda t: theory.fully_synthetic(t, n),
        mutants={
            "n + 2 for n": lambda t: theory.fully_synthetic(t, n + 2),
            "no shrinkage": lambda t: 1.0,
        },
        bounds=(0, math.inf),
        variance=lambda t: laws.moments.gaussian_replace([n] * t, 1).deviation,
    )
