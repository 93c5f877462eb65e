r"""Iterative maximum likelihood under accumulation (Barzilai and Shamir 2025, arXiv 2505.19046).

The prose of the paper was available to us; most displayed formulas were rebuilt from the proofs around them. Fit t = 1
is the fit on n real observations, fit t sees n t of them. $H_t = \sum_{k \le t} k^{-2}$.
"""

import math
from typing import Any

from collapse_jax.laws.domain import Integers, Interval, NonNegative, Probability, Real, domain
from collapse_jax.laws.identities import harmonic2
from collapse_jax.laws.special import exp, log, sqrt

__all__ = [
    "FIGURE_4",
    "SHARP_CONSTANT",
    "C",
    "binomial_tail_threshold",
    "claim1_exponent",
    "edge_error",
    "first_rate_error",
    "first_visit",
    "first_visit_limit",
    "gaussian_error",
    "geometric_information",
    "kl_quadratic",
    "rho",
    "second_fit_collapse",
    "step",
    "theorem41_radius",
]

C = 4 * math.log(2)
r"""Cost of giving up the largest observation in Construction 1, $4 \log 2$, in units of its mean spacing (derived)."""

SHARP_CONSTANT = math.pi / math.sqrt(3)
r"""The least C of Theorem 4.1 for a one-dimensional Gaussian mean: $\sqrt{2 \pi^2 / 6}$ standard errors (derived)."""


FIGURE_4 = {0.1: 3.27, 1.0: 1.25}
r"""Error of fit 100 over error of fit 1 as read from figure 4, by $\theta^*$; the kind of average is not stated there."""


@domain(delta=Interval("(0, 1]"), d=Integers(1), n=Integers(1), constant=NonNegative)
def theorem41_radius(delta: Any, d: Any, n: Any, constant: Any) -> Any:
    r"""Theorem 4.1: $\|\theta^{(t)} - \theta^*\| \le C \sqrt{\log(7 d / \delta) / n}$ with probability $1 - \delta$."""
    return constant * sqrt(log(7 * d / delta) / n)


@domain(t=Integers(0), n=Integers(1), d=Integers(1), sigma2=NonNegative)
def gaussian_error(t: Any, n: Any, d: Any, sigma2: Any) -> Any:
    r"""Gaussian mean, known covariance: $E\|\theta^{(t)} - \theta^*\|^2 = \frac{\sigma^2 d}{n} H_t$; the error is $N(0, \frac{\sigma^2 H_t}{n} I)$."""
    return sigma2 * d / n * harmonic2(t)


@domain(t=Integers(1), n=Integers(1), d=Integers(1), sigma2=NonNegative)
def step(t: Any, n: Any, d: Any, sigma2: Any) -> Any:
    r"""One step, Gaussian mean: $E\|\theta^{(t)} - \theta^{(t-1)}\|^2 = \frac{\sigma^2 d}{n t^2}$, the $O(1/t)$ of Proposition C.1."""
    return sigma2 * d / (n * t**2)


@domain(information=NonNegative, distance=Real, K3=NonNegative)
def kl_quadratic(information: Any, distance: Any, K3: Any) -> tuple[Any, Any]:
    r"""Appendix A.1: $\mathrm{KL}(p_{\theta^*} \| p_\theta) \in \frac12 I \Delta^2 \pm \frac{K_3}{6} \Delta^3$, $\Delta = \|\theta - \theta^*\|$."""
    middle, error = information * distance**2 / 2, K3 * abs(distance) ** 3 / 6
    return middle - error, middle + error


@domain(u=Probability, n=Integers(1), delta=Interval("(0, 1]"))
def binomial_tail_threshold(u: Any, n: Any, delta: Any) -> Any:
    r"""Lemma F.7: $P(\sum \ge q \mid \sum \ge 1) \le \delta$ for n coins of probability u and $q \ge 2 + e^2 u n + 2 \log(1/\delta)$."""
    return 2 + math.e**2 * u * n + 2 * log(1 / delta)


def _survival(weight: float, cost: float) -> float:
    """The root q in (0, 1) of 1 - q = weight exp(-cost q): P(a walk with Exp(1) - cost steps never rises above 0)."""
    from scipy.optimize import brentq

    top = max(math.log(weight * cost), 0) / cost  # the difference is concave and largest here
    root: Any = brentq(lambda q: 1 - q - weight * math.exp(-cost * q), top, 1.0, xtol=1e-15)
    return float(root)


@domain(cost=Interval("(1, oo)"))
def rho(cost: float = C) -> float:
    r"""$P(\alpha^{(1)} > \frac{1 - x_{\max}}{2})$ as $n \to \infty$: $1 - q$ with $1 - q = e^{-4 q \log 2}$ (derived).

    The maximum-likelihood $\alpha$ of Construction 1 gives up the largest observations when the gaps below them are
    large: the maximum of a random walk with steps Exp(1) - 4 log 2 is positive.

    >>> round(rho(), 6)
    0.077477
    """
    return 1 - _survival(1.0, cost)


def edge_error() -> float:
    r"""$\lim n\,E\,\alpha^{(1)} = \frac12 \bigl[1 + \frac{\rho}{1 - \rho}\bigl(1 + \frac{c}{1 - c \rho}\bigr)\bigr]$, $c = 4 \log 2$ (derived)."""
    r = rho()
    return (1 + r / (1 - r) * (1 + C / (1 - C * r))) / 2


def second_fit_collapse() -> float:
    r"""$\lim P(\text{collapse at the second fit}) = 1 - \frac45 \frac{1 - \rho}{1 - \frac45 \rho_2}$, $1 - q_2 = \frac12 e^{-4 q_2 \log 2}$ (derived)."""
    r, r2 = rho(), 1 - _survival(0.5, C)
    return 1 - 0.8 * (1 - r) / (1 - 0.8 * r2)


def claim1_exponent() -> float:
    r"""$\kappa = (c - 1 - \log c) / c$ of $P(n \alpha^{(1)} > x / 2) \sim e^{-\kappa x}$, $c = 4 \log 2$ (derived).

    Since TV is $\alpha$, "TV after the first fit is at most $a \log n / n$ with probability $1 - 1/n$" needs, for large n,
    $a \ge 1 / (2 \kappa) = 1.841$.
    """
    return (C - 1 - math.log(C)) / C


@domain(theta=Real, K=Integers(1))
def geometric_information(theta: Any, K: int) -> Any:
    r"""Fisher information, hence variance, of $p_\theta(k) \propto e^{\theta k}$ on $\{0, \dots, K\}$."""
    weights = [exp(theta * k) for k in range(K + 1)]
    mean = sum(k * weight for k, weight in enumerate(weights)) / sum(weights)
    return sum((k - mean) ** 2 * weight for k, weight in enumerate(weights)) / sum(weights)


@domain(n=Integers(2))
def first_rate_error(n: int) -> float:
    r"""$E|n / G - 1|$, $G \sim \Gamma(n)$: mean relative error of a rate, or of $\theta$ in $\mathrm{Beta}(\theta, 1)$, at the first fit."""
    from scipy.special import gammainc

    below = n / (n - 1) * gammainc(n - 1, n) - gammainc(n, n)  # E[n/G - 1; G < n]
    return float(2 * below - (n / (n - 1) - 1))


@domain(t=Integers(0), n=Integers(1))
def first_visit(t: int, n: int) -> float:
    r"""Construction 2: $P(T_1 > t) = \int_0^1 n (1 - u)^{n - 1} (1 - \min(\frac u2, \frac14))^{n t} du$ (derived).

    $T_1$ is the first of the samples t = 1, 2, .. drawn from models in which some observation lies in [1, 2].
    """
    from scipy.integrate import quad

    def density(v):  # v = n u
        u = v / n
        return (1 - u) ** (n - 1) * (1 - min(u / 2, 0.25)) ** (n * t)

    # the integrand is below exp(-v (1 + t/2) (n - 1) / n), hence below 1e-21 beyond this point
    end = min(n / 2, 50 * n / (max(n - 1, 1) * (1 + t / 2)))
    return quad(density, 0, end, epsabs=1e-14, epsrel=1e-12, limit=500)[0] + 0.5**n * 0.75 ** (n * t)


@domain(t=Integers(0))
def first_visit_limit(t: Any) -> Any:
    r"""Construction 2: $\lim_n P(T_1 > t) = \frac{2}{2 + t}$, whose mean is infinite (derived)."""
    return 2 / (2 + t)
