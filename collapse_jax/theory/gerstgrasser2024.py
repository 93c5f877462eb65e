r"""Linear regression under replacement and accumulation (Gerstgrasser et al. 2024, arXiv 2404.01413), and variants.

$x \sim N(0, \Sigma)$ in d dimensions, T rows per generation, noise variance $\sigma^2$, least squares; the error is the
excess test risk $E\|w_t - w^*\|_\Sigma^2$, the same for every $\Sigma$ and $w^*$. Generation t = 1 is the fit on real
labels. The body of the paper was not available to us: theorem wordings are from notes that quote them, and each formula
was derived again.
"""

import math
from collections.abc import Sequence
from typing import Any

from collapse_jax.theory.core import harmonic2
from collapse_jax.theory.special import digamma

__all__ = [
    "accumulate",
    "accumulate_bound",
    "accumulate_fresh",
    "accumulate_fresh_limit",
    "f_law",
    "one_fit",
    "replace",
]


def one_fit(d: Any, T: Any, sigma2: Any) -> Any:
    r"""$\sigma^2 d / (T - d - 1)$, the risk of one fit on real data; finite for T >= d + 2."""
    return sigma2 * d / (T - d - 1)


def replace(t: int, d: Any, T: Any, sigma2: Any) -> Any:
    r"""$\frac{\sigma^2 d}{T - d - 1}\, t$, for shared and for fresh designs."""
    return one_fit(d, T, sigma2) * t


def accumulate(t: int, d: Any, T: Any, sigma2: Any) -> Any:
    r"""Theorem 2, shared design: $\frac{\sigma^2 d}{T - d - 1} \sum_{i \le t} i^{-2}$."""
    return one_fit(d, T, sigma2) * harmonic2(t)


def accumulate_bound(d: Any, T: Any, sigma2: Any) -> Any:
    r"""The ceiling of Theorem 2, $\frac{\sigma^2 d}{T - d - 1} \frac{\pi^2}{6}$, approached as $t \to \infty$."""
    return one_fit(d, T, sigma2) * math.pi**2 / 6


def accumulate_fresh(t: int, d: Any, T: Any, sigma2: Any) -> Any:
    r"""Fresh designs: $\sigma^2 d \sum_{i \le t} \frac{T_i / N_i}{N_i - d - 1}$, $N_i = T_1 + \cdots + T_i$ (derived).

    For constant T, $\sigma^2 d \sum_i \frac{1}{i (i T - d - 1)}$, strictly below Theorem 2 from t = 2 on.
    """
    sizes = list(T) if isinstance(T, Sequence) else [T] * t
    value, rows = 0, 0
    for size in sizes[:t]:
        rows = rows + size
        value = value + sigma2 * d * (size / rows) / (rows - d - 1)
    return value


def accumulate_fresh_limit(d: Any, T: Any, sigma2: Any) -> Any:
    r"""$-\frac{\sigma^2 d}{d + 1} \left[\gamma + \psi\left(1 - \frac{d + 1}{T}\right)\right]$ (derived)."""
    euler = 0.5772156649015329
    return -sigma2 * d / (d + 1) * (euler + digamma(1 - (d + 1) / T))


def f_law(x: Any, d: int, T: int) -> Any:
    r"""CDF of $\frac{\nu}{\sigma^2 d\, c_t} \|w_t - w^*\|_\Sigma^2$ under a shared design: $F(d, \nu)$, $\nu = T - d + 1$.

    $c_t = t$ under replacement and $\sum_{i \le t} i^{-2}$ under accumulation (derived).
    """
    from scipy.special import fdtr

    return fdtr(d, T - d + 1, x)
