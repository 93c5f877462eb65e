"""Exact laws that the claims rest on: covariances along a path of Gaussian means, and counts in a growing pool."""

from typing import Any

import numpy as np


def quadratic_variance(workflow: Any, fits: tuple[int, ...], weights: tuple[float, ...], n: int) -> float:
    r"""$\operatorname{Var} \sum_i w_i (\mu_{t_i} - \mu_0)^2$ for a Gaussian mean of known variance 1.

    $2 \sum_{ij} w_i w_j \operatorname{Cov}(\mu_{t_i}, \mu_{t_j})^2$, covariances from the pedigree of the workflow.
    """
    from collapse_jax.laws import pedigree

    rows = pedigree.coefficients(pedigree.of(workflow, max(fits)))[[fit - 1 for fit in fits]]
    covariances = rows @ rows.T / n
    return float(2 * np.asarray(weights) @ covariances**2 @ np.asarray(weights))


def pooled_counts(p: float, n: int, t: int) -> np.ndarray:
    r"""Law of the number of ones among the $t n$ tosses that fit t of a coin sees under accumulation, $(t n + 1,)$."""
    from scipy.stats import binom

    law = binom.pmf(np.arange(n + 1), n, p)
    for k in range(2, t + 1):
        seen = np.arange(len(law))
        drawn = binom.pmf(np.arange(n + 1)[:, None], n, seen / ((k - 1) * n))
        law = np.bincount(
            (seen + np.arange(n + 1)[:, None]).ravel(), weights=(drawn * law).ravel(), minlength=k * n + 1
        )
    return law


def pooled_cover(p: float, n: int, t: int) -> float:
    """Expected share of a rare symbol's probability that is still covered at fit t, under accumulation."""
    return float(pooled_counts(p, n, t) @ np.minimum(np.arange(t * n + 1) / (t * n) / p, 1))
