r"""Corrected self-consuming loops (Gillman et al. 2024, arXiv 2402.07087); theorem recalled, moments derived.

$\lambda = n/n_r$ is the ratio of synthetic to real data, $q = \lambda/(1 + \lambda)$, $w = 1/(1 + \gamma)$; synthetic
data are iid from $(p_\theta + \gamma\,p_{\theta^*})/(1 + \gamma)$.
"""

from typing import Any

from collapse_jax.laws.domain import Integers, NonNegative, domain
from collapse_jax.laws.identities import total

_STRENGTH = domain(n_real=Integers(2), n=Integers(1), gamma=NonNegative)


@domain("lam < (1 + gamma) / (2 + gamma)", lam=NonNegative, gamma=NonNegative)
def rate_bound(lam: Any, gamma: Any) -> Any:
    r"""$\frac{\rho(\lambda)}{1 + \gamma}$, $\rho = \frac{\lambda}{1 - \lambda}$: the stated rate, for a well-specified model ($\varepsilon = 0$)."""
    return lam / (1 - lam) / (1 + gamma)


@domain(lam=NonNegative, gamma=NonNegative)
def rate(lam: Any, gamma: Any) -> Any:
    r"""$\frac{\lambda}{(1 + \lambda)(1 + \gamma)}$, the exact rate at which a Gaussian mean contracts."""
    return lam / ((1 + lam) * (1 + gamma))


@domain(t=Integers(1), n_real=Integers(2), n=Integers(1), gamma=NonNegative)
def error(t: Any, n_real: Any, n: Any, gamma: Any) -> Any:
    r"""$E(\mu_t - \mu_0)^2$, unit variance, 1/n covariance, with $x = q w$, $m = 1/n_r$ and $r = x^2 (1 - \tfrac1n)$:

    $$r^{t-1} m + \sum_{k=1}^{t-1} r^{t-1-k} \Bigl[p^2 m + \tfrac{q^2}{n} + 2 p x m (c + (1 - c) x^{k-1})\Bigr], \quad
      c = \tfrac{p}{1 - x}.$$

    It uses that real and synthetic observations have second moment 1 on average (derived).
    """
    p, q = n_real / (n_real + n), n / (n_real + n)
    x, m = q / (1 + gamma), 1 / n_real
    r, c = x**2 * (1 - 1 / n), p / (1 - x)
    each = p**2 * m + q**2 / n
    return r ** (t - 1) * m + total(
        t - 1, lambda k: r ** (t - 1 - k) * (each + 2 * p * x * m * (c + (1 - c) * x ** (k - 1)))
    )


@_STRENGTH
def limit_error(n_real: Any, n: Any, gamma: Any) -> Any:
    r"""$\lim E(\mu_t - \mu_0)^2$, unit variance, 1/n covariance: what solves the three-moment map (derived).

    With $x = q w$, $m = 1/n_r$ and $E m_0 \mu_\infty = \frac{p m}{1 - x}$: a synthetic observation has second moment
    $e = 1$, as real and synthetic second moments both average to 1, so
    $M (1 - x^2 (1 - \tfrac1n)) = p^2 m + \frac{2 p^2 x m}{1 - x} + \frac{q^2}{n}$.
    """
    p, q = n_real / (n_real + n), n / (n_real + n)
    x, m = q / (1 + gamma), 1 / n_real
    return (p**2 * m * (1 + 2 * x / (1 - x)) + q**2 / n) / (1 - x**2 * (1 - 1 / n))


@domain(t=Integers(1), n=Integers(1))
def pool(t: Any, n: Any) -> Any:
    r"""$\sum_{i=1}^{t} \lfloor \tfrac{i}{t} n \rfloor$: synthetic points that fit t of the authors' toy script sees, besides the real ones."""
    return total(t, lambda i: i * n // t)
