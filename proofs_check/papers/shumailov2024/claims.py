"""Gaussian autophagy: Shumailov et al. 2023/24 (arXiv 2305.17493)."""

import math
from typing import Any

import collapse_jax as cj
from collapse_jax import laws
from collapse_jax.laws.domain import Choice, domain, domain_of
from proofs_check.claim import Check, claim
from proofs_check.papers.shumailov2024 import theory


@claim(
    "shumailov2024.gauss1d.var",
    statement=r"\operatorname{Var}(X^t_j) = \sigma^2\left(1 + \sum_{i=1}^{t} \frac{1}{n_i}\right)",
    relation="==",
    provenance="derived",
    source="arXiv 2305.17493 section 4 (recalled with a remainder O(n^-2)); with the unbiased variance there is none",
    domain=domain_of(theory.observation_variance) & domain(ddof=Choice(choices=(0, 1))),
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
        predicted=lambda t: theory.observation_variance(t, n),
        mutants={
            "real fit not counted": lambda t: 1 + sum(1 / size for size in n[1:t]),
            "conserved, as with the 1/n variance": lambda t: 1.0,
        },
        bounds=(0, math.inf),
        variance=lambda t: laws.moments.gaussian_replace(n[:t], ddof).observation,
    )
