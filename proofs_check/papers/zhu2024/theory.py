r"""A corpus of n tokens edited in place (Zhu et al. 2024, arXiv 2412.14689; all derived).

$S_t = E\|p^{(t)}\|_2^2$, t = 1 the fit on the real corpus, $S_0 = \sum_i p_i^2$; $\rho_t$ the probability with which
each token is replaced by a draw of the last model before fit t.
"""

from typing import Any

from collapse_jax.laws.domain import Integers, Probability, domain

__all__ = ["edited", "edited_schedule"]


@domain(t=Integers(1), n=Integers(1), S0=Probability, rate=Probability)
def edited(t: Any, n: Any, S0: Any, rate: Any) -> Any:
    r"""$S_t = 1 - (1 - S_0)(1 - \frac1n)\,[1 - \frac{\rho (2 - \rho)}{n}]^{t - 1}$ at a constant rate (derived)."""
    return 1 - (1 - S0) * (1 - 1 / n) * (1 - rate * (2 - rate) / n) ** (t - 1)


@domain("t <= len(rates)", t=Integers(1), n=Integers(1), S0=Probability, rates=Probability)
def edited_schedule(t: Any, n: Any, S0: Any, rates: Any) -> Any:
    r"""$S_t = 1 - (1 - S_0)(1 - \frac1n) \prod_{k=2}^{t} [1 - \frac{\rho_k (2 - \rho_k)}{n}]$; the first rate is not used (derived)."""
    left = (1 - S0) * (1 - 1 / n)
    for rate in rates[1:t]:
        left = left * (1 - rate * (2 - rate) / n)
    return 1 - left
