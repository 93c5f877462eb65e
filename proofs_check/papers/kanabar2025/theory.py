r"""Estimation of p from $X_t \sim \alpha_t p + (1 - \alpha_t) \hat p_{t-1}$, all data kept (Kanabar and Gastpar 2025, arXiv 2501.19273).

$R_t = E\|\hat p_t - p\|_2^2$; t = 1 is the fit on n real observations (the paper's t = 0), $S_0 = \sum_i p_i^2$;
$\mathrm{ESS}_t = \sum_{i \le t} n_i \alpha_i^2$ with $\alpha_1 = 1$.
"""

from collections.abc import Sequence
from typing import Any

from collapse_jax.laws.domain import Integers, Interval, Probability, domain

__all__ = ["effective", "linear", "linear_bound", "linear_worst", "oracle", "pooled", "schedules"]

_SCHEDULE = domain(("t <= len(n)", "t <= len(share)"), t=Integers(1), n=Integers(1), share=Interval("(0, 1]"))
_RISK = _SCHEDULE & domain(S0=Probability)


@_SCHEDULE
def schedules(t: int, n: Any, share: Any) -> list[tuple[Any, Any]]:
    r"""$(n_i, \alpha_i)$, i = 1, .., t, of numbers or schedules; the first share is 1."""
    sizes = list(n[:t]) if isinstance(n, Sequence) else [n] * t
    shares = list(share[:t]) if isinstance(share, Sequence) else [share] * t
    return list(zip(sizes, [1, *shares[1:]], strict=True))


@_SCHEDULE
def effective(t: int, n: Any, share: Any) -> Any:
    r"""$\mathrm{ESS}_t = \sum_{i \le t} n_i \alpha_i^2$, the effective sample size without labels."""
    return sum(size * alpha**2 for size, alpha in schedules(t, n, share))


@_SCHEDULE
def oracle(t: int, n: Any, share: Any) -> Any:
    r"""$\sum_{i \le t} n_i \alpha_i$, the expected number of real observations, which labels would leave."""
    return sum(size * alpha for size, alpha in schedules(t, n, share))


@_RISK
def linear(t: int, n: Any, share: Any, S0: Any) -> Any:
    r"""$R_t = \mathrm{ESS}_t^{-2} \sum_i n_i \alpha_i^2\,[1 - S_0 - (1 - \alpha_i)^2 R_{i-1}]$ of the linear estimate (derived)."""
    total, ess, risk = 0, 0, 0
    for size, alpha in schedules(t, n, share):
        weight = size * alpha**2
        total, ess = total + weight * (1 - S0 - (1 - alpha) ** 2 * risk), ess + weight
        risk = total / ess**2
    return risk


@_RISK
def linear_bound(t: int, n: Any, share: Any, S0: Any) -> Any:
    r"""$R_t \le (1 - S_0) / \mathrm{ESS}_t$ for the linear estimate (derived)."""
    return (1 - S0) / effective(t, n, share)


@_SCHEDULE & domain(k=Integers(2))
def linear_worst(t: int, n: Any, share: Any, k: Any) -> Any:
    r"""$\sup_p R_t$ of the linear estimate, attained by the uniform law on k symbols, where $S_0 = \frac1k$ (derived)."""
    return linear(t, n, share, 1 / k)


@_RISK
def pooled(t: int, n: Any, share: Any, S0: Any) -> Any:
    r"""$R_{t+1} = \frac{[N + n (1 - \alpha)]^2 R_t + n\,[1 - S_0 - (1 - \alpha)^2 R_t]}{(N + n)^2}$ of all data taken as real (derived)."""
    [(total, _), *later] = schedules(t, n, share)
    risk = (1 - S0) / total
    for size, alpha in later:
        left = 1 - alpha
        risk = ((total + size * left) ** 2 * risk + size * (1 - S0 - left**2 * risk)) / (total + size) ** 2
        total = total + size
    return risk
