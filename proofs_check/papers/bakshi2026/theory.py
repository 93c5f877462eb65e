r"""Fits on n_t draws from $\alpha_t p + (1 - \alpha_t) \hat p_{t-1}$ (Bakshi and Chakraborty 2026, arXiv 2602.10531).

$R_t = E\|\hat p_t - p\|_2^2$, t = 1 the fit on real data (the paper's t = 0), $S_0 = \sum_i p_i^2$.
"""

from typing import Any

from collapse_jax.laws.domain import Integers, Interval, Probability, domain

__all__ = ["error", "floor", "schedule_error"]

_CONSTANT = domain(t=Integers(1), n=Integers(1), S0=Probability, share=Probability)


@_CONSTANT
def error(t: Any, n: Any, S0: Any, share: Any) -> Any:
    r"""$R_t = \frac{1 - S_0}{n} \frac{1 - q^t}{1 - q}$, $q = (1 - \frac1n)(1 - \alpha)^2$, which solves the recursion for constants."""
    q = (1 - 1 / n) * (1 - share) ** 2
    return (1 - S0) / n * (1 - q**t) / (1 - q)


@domain(n=Integers(1), S0=Probability, share=Interval("(0, 1]"))
def floor(n: Any, S0: Any, share: Any) -> Any:
    r"""$R_\infty = \frac{(1 - S_0) / n}{1 - (1 - 1/n)(1 - \alpha)^2}$."""
    return (1 - S0) / n / (1 - (1 - 1 / n) * (1 - share) ** 2)


@domain(("t <= len(n)", "t <= len(share)"), t=Integers(1), n=Integers(1), S0=Probability, share=Probability)
def schedule_error(t: Any, n: Any, S0: Any, share: Any) -> Any:
    r"""$R_t = \frac{n_1}{n_t} R_1 + \frac{n_t - 1}{n_t} (1 - \alpha_t)^2 R_{t-1}$, $R_1 = (1 - S_0) / n_1$; the first share is not used."""
    found = (1 - S0) / n[0]
    for size, alpha in zip(n[1:t], share[1:t], strict=True):
        found = (1 - S0) / size + (1 - 1 / size) * (1 - alpha) ** 2 * found
    return found
