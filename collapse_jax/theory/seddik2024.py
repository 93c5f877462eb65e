r"""Total collapse of empirical distributions (Seddik et al. 2024, arXiv 2404.05090); complete text available to us.

One context: p on s symbols, n synthetic samples per generation, $S_0 = \sum_i p_i^2$, $\tilde s = |\mathrm{supp}\, p|$.
"""

from typing import Any

from collapse_jax.theory.core import product, replace_steps

__all__ = ["collapse_time_bounds", "collapse_time_tail", "random_pool", "rho_bounds", "sum_of_squares"]


def sum_of_squares(t: int, n: Any, S0: Any) -> Any:
    r"""Theorem 1, fully synthetic: $E\|p^{(t)}\|_2^2 = 1 - (1 - \frac1n)^t (1 - S_0)$."""
    return 1 - product(t, replace_steps(n), -1) * (1 - S0)


def rho_bounds(t: int, n: Any, S0: Any, support: Any) -> tuple[Any, Any]:
    r"""Theorem 1: $1 - n (1 - S_0)(1 - \frac1n)^t \le P(p^{(t)} \text{ is Dirac}) \le 1 - \frac{1 - S_0}{1 - 1/\tilde s}(1 - \frac1n)^t$."""
    remaining = product(t, replace_steps(n), -1) * (1 - S0)
    return 1 - n * remaining, 1 - remaining / (1 - 1 / support)


def collapse_time_bounds(n: Any, S0: Any, support: Any) -> tuple[Any, Any]:
    r"""Theorem 1: $1 + \frac{1 - S_0}{1 - 1/\tilde s}(n - 1) \le E[T] \le 1 + (1 - S_0)\, n (n - 1)$."""
    return 1 + (1 - S0) / (1 - 1 / support) * (n - 1), 1 + (1 - S0) * n * (n - 1)


def collapse_time_tail(t: int, n: Any, S0: Any) -> Any:
    r"""$E[T] - E[\min(T, t + 1)] \le n^2 (1 - S_0)(1 - \frac1n)^{t + 1}$, from the lower bound on rho (derived)."""
    return n**2 * (1 - S0) * product(t + 1, replace_steps(n), -1)


def random_pool(t: int, n: Any, S0: Any) -> Any:
    r"""Randomly sampled data: $E\|p^{(t)}\|_2^2 = 1 - (1 - \frac1n)(1 - S_0) \prod_{k=2}^{t} (1 - \frac{1}{n k^2})$ (derived)."""
    value = (1 - 1 / n) * (1 - S0)
    for k in range(2, t + 1):
        value = value * (1 - 1 / (n * k**2))
    return 1 - value
