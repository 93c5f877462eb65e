r"""A verifier that accepts y where $|y - c| \le r$ (after Yi et al. 2025, arXiv 2510.16657; the one-dimensional core is derived)."""

import math
from typing import Any

from collapse_jax.laws.domain import Integers, Interval, NonNegative, Positive, Real, domain
from collapse_jax.laws.special import erf, exp, sqrt

__all__ = ["accepted", "contraction_bound", "half_width", "local_rate", "truncated_mean", "truncated_variance"]


def _cdf(z: Any) -> Any:
    return (1 + erf(z / sqrt(z * 0 + 2))) / 2


def _density(z: Any) -> Any:
    return exp(-z * z / 2) / sqrt(z * 0 + 2 * math.pi)


@domain(mu=Real, s=Positive, c=Real, r=Positive)
def accepted(mu: Any, s: Any, c: Any, r: Any) -> Any:
    r"""Probability that $N(\mu, s^2)$ is accepted: $\Phi(B) - \Phi(A)$, $A, B = (c \mp r - \mu) / s$."""
    return _cdf((c + r - mu) / s) - _cdf((c - r - mu) / s)


@domain(mu=Real, s=Positive, c=Real, r=Positive)
def truncated_mean(mu: Any, s: Any, c: Any, r: Any) -> Any:
    r"""Mean of what is accepted: $\mu' = \mu + s\,\frac{\varphi(A) - \varphi(B)}{\Phi(B) - \Phi(A)}$ (derived)."""
    A, B = (c - r - mu) / s, (c + r - mu) / s
    return mu + s * (_density(A) - _density(B)) / accepted(mu, s, c, r)


@domain(z=Positive)
def local_rate(z: Any) -> Any:
    r"""$\frac{d \mu'}{d \mu}$ at $\mu = c$, $z = r / s$: $1 - \frac{2 z \varphi(z)}{2 \Phi(z) - 1}$, the variance ratio of the truncated normal (derived)."""
    return 1 - 2 * z * _density(z) / (2 * _cdf(z) - 1)


@domain(x=Real, r=NonNegative, sigma_c=NonNegative)
def half_width(x: Any, r: Any, sigma_c: Any) -> Any:
    r"""Half-width of acceptance at the row x: $r \|x\| + \sigma_c$, in one dimension $r |x| + \sigma_c$."""
    return r * abs(x) + sigma_c


@domain(mu=Real, s=Positive, c=Real, r=Positive)
def truncated_variance(mu: Any, s: Any, c: Any, r: Any) -> Any:
    r"""Variance of what is accepted: $s^2 \Bigl[1 + \frac{A \varphi(A) - B \varphi(B)}{\Phi(B) - \Phi(A)}\Bigr] - (\mu' - \mu)^2$ (derived)."""
    A, B = (c - r - mu) / s, (c + r - mu) / s
    edges = (A * _density(A) - B * _density(B)) / accepted(mu, s, c, r)
    return s**2 * (1 + edges) - (truncated_mean(mu, s, c, r) - mu) ** 2


@domain(k=Integers(0), start=NonNegative, rho=Interval("(0, 1)"), sigma2=Positive, n=Integers(1))
def contraction_bound(k: Any, start: Any, rho: Any, sigma2: Any, n: Any) -> Any:
    r"""$\rho^{2k} E(\theta_0 - \theta_c)^2 + \frac{\sigma^2}{n} \sum_{j < k} \rho^{2 (k - j) - 1}$: equation (7) at p = 1, n_j = n."""
    power = rho ** (2 * k)
    return power * start + sigma2 / n * rho * (1 - power) / (1 - rho * rho)
