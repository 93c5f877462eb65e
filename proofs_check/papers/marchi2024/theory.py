r"""A data set that grows by draws from $\tau(\theta) \propto \theta^{1/T}$ and by real ones (Marchi et al. 2024, arXiv 2404.02325; derived).

$\theta$ is the composition of the data set, of size N; $\lambda$ the share of real data in what is added. Mean field:
$\dot\theta = \lambda p + (1 - \lambda)\,\tau(\theta) - \theta$ in the time $\log N$.
"""

from itertools import pairwise
from typing import Any

from collapse_jax.laws.domain import Integers, Interval, Positive, Probability, domain
from collapse_jax.laws.special import exp, log

__all__ = [
    "decay_exponent",
    "external_share",
    "fixed_points",
    "monopoly_exponent",
    "never_drawn",
    "never_drawn_limit",
    "polya_squares",
    "saddle_node",
    "threshold",
    "threshold_ratio",
    "uniform_slope",
]

_PROPER = domain(T=Positive, s=Integers(2))


@domain(t=Integers(1), first=Integers(1), S0=Probability)
def polya_squares(t: Any, first: Any, S0: Any) -> Any:
    r"""T = 1, one draw per generation: $1 - S_t = (1 - S_0)(1 - \frac1A) \prod_{k=A+1}^{A+t-1} (1 - \frac{1}{k^2})$, A the size of the first data set.

    The product is $\frac{A\,(A + t)}{(A + 1)(A + t - 1)}$.
    """
    return 1 - (1 - S0) * (1 - 1 / first) * first * (first + t) / ((first + 1) * (first + t - 1))


@domain(T=Interval("(0, 1)"))
def monopoly_exponent(T: Any) -> Any:
    r"""$\frac1T - 1$: $P(\epsilon < \theta_1 < 1 - \epsilon) \sim C_\epsilon N^{-(1/T - 1)}$ for two symbols without external data."""
    return 1 / T - 1


@domain(T=Positive)
def decay_exponent(T: Any) -> Any:
    r"""$\min\{2 (1 - \frac1T), 1\}$: $E\|\theta - u\|^2 \sim C N^{-\min}$ for T > 1 (with a logarithm at T = 2)."""
    return min(2 * (1 - 1 / T), 1)


@domain(t=Integers(1))
def never_drawn(t: Any) -> Any:
    r"""T = 1/2, from one of each of two symbols: $P(\text{the second is not drawn in } t - 1 \text{ draws}) = \prod_{k=1}^{t-1} \frac{k^2}{k^2 + 1}$."""
    product = 1
    for k in range(1, t):
        product = product * k**2 / (k**2 + 1)
    return product


def never_drawn_limit() -> float:
    r"""$\frac{\pi}{\sinh \pi}$, the chance that the second symbol is never drawn again at T = 1/2."""
    return 2 * 3.141592653589793 / (exp(3.141592653589793) - exp(-3.141592653589793))


@_PROPER & domain(share=Probability)
def uniform_slope(T: Any, s: Any, share: Any) -> Any:
    r"""$\frac{1 - \lambda}{T} - 1$, all eigenvalues of the mean field at the uniform law of s symbols, p being uniform."""
    return (1 - share) / T - 1


@domain(T=Positive)
def threshold(T: Any) -> Any:
    r"""$\lambda_c = \max\{1 - T, 0\}$: the uniform law is stable for a larger external share."""
    return max(1 - T, 0)


@domain(T=Interval("(0, 1]"))
def threshold_ratio(T: Any) -> Any:
    r"""$\mu_c = \frac1T - 1$ for the ratio $\mu = \beta_k / \alpha_k = \frac{\lambda}{1 - \lambda}$ of real to synthetic data."""
    return 1 / T - 1


@_PROPER & domain(x=Interval("(0, 1)"))
def external_share(x: Any, T: Any, s: Any) -> Any:
    r"""The $\lambda$ for which $(x, \frac{1 - x}{s - 1}, \ldots)$ is an equilibrium, p uniform: $\lambda = \frac{\tau_1 - x}{\tau_1 - 1/s}$."""
    tau = 1 / (1 + (s - 1) * exp((log(1 - x) - log(s - 1) - log(x)) / T))
    return (tau - x) / (tau - 1 / s)


@domain(T=Interval("(0, 1)"), s=Integers(2))
def saddle_node(T: Any, s: Any) -> tuple[float, float]:
    r"""$(\lambda_*, x_*)$: the largest external share at which one symbol can lead, $\max_x \lambda(x)$; $1 - T$ for s = 2."""
    ratio = (5**0.5 - 1) / 2
    low, high = 1 / s + 1e-4, 1 - 1e-9
    for _ in range(90):  # golden section: the maximum is unique
        one, other = high - ratio * (high - low), low + ratio * (high - low)
        if external_share(one, T, s) < external_share(other, T, s):
            low = one
        else:
            high = other
    return external_share(low, T, s), low


@_PROPER & domain(share=Probability)
def fixed_points(T: Any, s: Any, share: Any) -> list[float]:
    r"""The equilibria $x > \frac1s$ of one leading symbol among s, p uniform, in ascending order, by bisection in $\lambda(x) = \lambda$."""
    grid = [1 / s + (1 - 1 / s) * (k + 0.5) / 400 for k in range(400)]
    found = []
    for low, high in pairwise(grid):
        below = external_share(low, T, s) - share
        if below * (external_share(high, T, s) - share) <= 0:
            for _ in range(60):
                middle = (low + high) / 2
                if below * (external_share(middle, T, s) - share) > 0:
                    low = middle
                else:
                    high = middle
            found.append(low)
    return found
