"""The protocols that the claims share."""

import collapse_jax as cj
from collapse_jax import laws
from collapse_jax.laws.domain import Integers, NonNegative, Positive, domain

RANGES = domain(ratio=Positive, ratio_0=Positive, n=Integers(0))
C = 2.0
"""A deterministic equivalent may be off by C/d of itself."""

SIZES = domain(
    d=Integers(2), T=Integers(1), T0=Integers(1), sigma2=NonNegative, sigma2_0=NonNegative, generations=Integers(1)
)
UNDER = SIZES & domain("T0 >= d + 2")
BOTH_UNDER = UNDER & domain("T >= d + 2")
OVER = SIZES & domain("T0 <= d - 4")
RIDGE = UNDER & domain(("abs(T - d) >= 1",), penalty=Positive)


def truth(d):
    """A parameter with $r^2 = 1$."""
    return [d**-0.5] * d


def students(d, T, T0, penalty, sigma2, sigma2_0, cov=None):
    """Generators by least squares, and a student of each: family and workflow; model t has n = t - 1 generators."""
    from proofs_check.papers.dohmatob2024demyst.workflows import Downstream

    family = cj.LinearRegression(truth(d), sigma2=sigma2, cov=cov, ridge=penalty, penalty="per_sample", design="fresh")
    return family, Downstream(T0, T=T, sigma2=sigma2_0)


def least_norm(d, sigma2, design, cov=None):
    """Least squares, of least norm where rows are fewer than features."""
    return cj.LinearRegression(truth(d), sigma2=sigma2, cov=cov, design=design)


def ridge_parts(d, T, penalty):
    r"""Exact at finite size, Sigma = I: bias for $r^2 = 1$, variance for $\sigma^2 = 1$, and $(T_0 - d - 1)\rho$."""
    s = T * penalty
    return (
        laws.wishart.mean_trace(lambda x: (s / (x + s)) ** 2, d, T) / d,
        laws.wishart.mean_trace(lambda x: x / (x + s) ** 2, d, T),
        laws.wishart.mean_trace(lambda x: (x / (x + s)) ** 2, d, T),
    )


def ridge_law(d, T, T0, penalty, sigma2, sigma2_0):
    """n -> the exact risk of the student of n generators, Sigma = I and r^2 = 1."""
    bias, variance, collapse = ridge_parts(d, T, penalty)
    return lambda n: bias + sigma2 * variance + n * sigma2_0 * collapse / (T0 - d - 1)
