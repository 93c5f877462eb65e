"""Features of any covariance and any true parameter: least squares is equivariant (derived)."""

import collapse_jax as cj
from collapse_jax.laws.domain import Integers, Positive, domain
from proofs_check.claim import Check, claim
from proofs_check.curves import least_squares_law
from proofs_check.papers.gerstgrasser2024 import theory
from proofs_check.papers.gerstgrasser2024.claims._setups import SETTING


def _eigenvalues(d):
    """From 0.1 to 10, evenly on a logarithmic scale."""
    return [10.0 ** (2 * i / (d - 1) - 1) if d > 1 else 10.0 for i in range(d)]


def _any_cov(d, T, sigma2):
    """A Sigma far from the identity and a true parameter far from 0: least squares is equivariant."""
    cov = [[value * (i == j) for j in range(d)] for i, value in enumerate(_eigenvalues(d))]
    return cj.LinearRegression([float(i + 1) for i in range(d)], cov=cov, sigma2=sigma2, design="shared")


@claim(
    "gerstgrasser2024.any_cov_replace",
    statement=r"E\,\|\hat w_t - w^*\|_\Sigma^2 = \frac{\sigma^2 d}{T - d - 1}\, t \quad \text{for every } \Sigma, w^*",
    relation="==",
    provenance="derived",
    source="isotropic features are not needed: least squares is affine equivariant",
    domain=SETTING,
)
def any_cov_replace(d=5, T=40, sigma2=0.5, generations=10):
    return Check(
        _any_cov(d, T, sigma2),
        cj.Replace(T),
        metric="risk",
        generations=generations,
        predicted=lambda t: theory.replace(t, d, T, sigma2),
        mutants={"tr Sigma for d": lambda t: theory.replace(t, d, T, sigma2) * sum(_eigenvalues(d)) / d},
        law=least_squares_law(cj.Replace(T), d, T, sigma2, generations),
    )


@claim(
    "gerstgrasser2024.any_cov_accumulate",
    statement=r"E\,\|\hat w_t - w^*\|_\Sigma^2 = \frac{\sigma^2 d}{T - d - 1} \sum_{i \le t} \frac{1}{i^2} \quad \text{for every } \Sigma, w^*",
    relation="==",
    provenance="derived",
    source="isotropic features are not needed: least squares is affine equivariant",
    domain=SETTING,
)
def any_cov_accumulate(d=5, T=40, sigma2=0.5, generations=25):
    return Check(
        _any_cov(d, T, sigma2),
        cj.Accumulate(T),
        metric="risk",
        generations=generations,
        predicted=lambda t: theory.accumulate(t, d, T, sigma2),
        mutants={"T - d for T - d - 1": lambda t: theory.accumulate(t, d, T + 1, sigma2)},
        law=least_squares_law(cj.Accumulate(T), d, T, sigma2, generations),
    )


@claim(
    "gerstgrasser2024.plain_norm",
    statement=r"E\,\|\hat w_t - w^*\|_2^2 = \frac{\sigma^2 \operatorname{tr}\Sigma^{-1}}{T - d - 1}\, t",
    relation="==",
    provenance="derived",
    source="a user who scores the plain distance has tr Sigma^{-1} in place of d",
    domain=domain(T=Integers(5), sigma2=Positive),
)
def plain_norm(T=40, sigma2=1.0, generations=6):
    d, variances = 3, (0.5, 1.0, 4.0)
    trace = sum(1 / v for v in variances)
    cov = [[v * (i == j) for j in range(d)] for i, v in enumerate(variances)]
    return Check(
        cj.LinearRegression(d=d, cov=cov, sigma2=sigma2, design="shared"),
        cj.Replace(T),
        metric="squared_error",
        generations=generations,
        predicted=lambda t: theory.replace(t, d, T, sigma2) * trace / d,
        mutants={"d, the Sigma-norm law": lambda t: theory.replace(t, d, T, sigma2)},
        law=lambda t: trace / d * least_squares_law(cj.Replace(T), d, T, sigma2, generations)(t),
    )
