r"""Self-consuming Gaussian loops with sampling bias (Alemohammad et al. 2023, arXiv 2307.01850).

Synthetic data are drawn from $N(\mu, \lambda \Sigma)$, fits are unbiased, and the first one sees real data. Moments of
the loops with real data are derived; there $N = n_r + n$, $p = n_r/N$, $q = n/N$, per coordinate with $\Sigma_0 = 1$.
"""

from typing import Any

from collapse_jax.laws.domain import Integers, NonNegative, Positive, domain
from collapse_jax.laws.identities import total
from collapse_jax.laws.special import digamma, exp, log

_LOOP = domain(t=Integers(1), n=Integers(2), bias=NonNegative)
_MIXED = domain(n_real=Integers(2), n=Integers(2), bias=NonNegative)


@domain(t=Integers(1), bias=NonNegative)
def covariance(t: Any, bias: Any) -> Any:
    r"""$E\,\Sigma_t = \lambda^{t-1}\,\Sigma_0$."""
    return bias ** (t - 1)


@_LOOP
def mean_error(t: Any, n: Any, bias: Any) -> Any:
    r"""$E\|\mu_t - \mu_0\|^2/\operatorname{tr}\Sigma_0 = \frac1n \sum_{k < t} \lambda^k$."""
    return total(t, lambda k: bias ** (k - 1)) / n


@domain(t=Integers(1), n=Integers(2), bias=Positive)
def log_variance(t: Any, n: Any, bias: Any) -> Any:
    r"""$E \log(v_t/v_0) = (t - 1) \log\lambda + t\,[\psi(\tfrac\nu2) - \log\tfrac\nu2]$, $\nu = n - 1$, d = 1."""
    half = (n - 1) / 2
    return (t - 1) * log(bias) + t * (digamma(half) - log(half))


@domain(n=Integers(2))
def critical_bias(n: Any) -> Any:
    r"""$\lambda_c = \tfrac\nu2 e^{-\psi(\nu/2)} > 1$, $\nu = n - 1$, below which the variance vanishes almost surely."""
    half = (n - 1) / 2
    return half * exp(-digamma(half))


@_MIXED
def fixed_real(n_real: Any, n: Any, bias: Any) -> tuple[Any, Any]:
    r"""Limits of $E(\mu_t - m_0)^2 = \frac{q^2 \lambda}{n (1 - q^2)} S$ and $E\,v_t = S$ with one real sample of mean $m_0$."""
    N, q = n_real + n, n / (n_real + n)
    slope = q**2 * bias / (n * (1 - q**2))
    S = (n_real - 1) / (N - 1 - (n - 1 + n_real / N) * bias - n_real * q * slope)
    return slope * S, S


@_MIXED
def fresh_real(n_real: Any, n: Any, bias: Any) -> tuple[Any, Any]:
    r"""Limits (M, S) of $E(\mu_t - \mu_0)^2$ and $E\,v_t$ with fresh real data, which solve

    $$(1 - q^2) M - \tfrac{q \lambda}{N} S = \tfrac pN, \qquad -\tfrac{N p q}{N - 1} M + (1 - q \lambda) S = p.$$
    """
    N, p, q = n_real + n, n_real / (n_real + n), n / (n_real + n)
    a, b, c, d = 1 - q**2, -q * bias / N, -N * p * q / (N - 1), 1 - q * bias
    determinant = a * d - b * c
    return (d * p / N - b * p) / determinant, (a * p - c * p / N) / determinant


@domain(n_real=Integers(2), n=Integers(2))
def effective_size(n_real: Any, n: Any) -> Any:
    r"""$n_e = N (1 - \tfrac{q^2 N}{N - 1})$: unbiased synthetic data beside fresh real ones, $E(\mu_\infty - \mu_0)^2 = 1/n_e$."""
    N, q = n_real + n, n / (n_real + n)
    return N * (1 - q**2 * N / (N - 1))
