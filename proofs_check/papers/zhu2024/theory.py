r"""A corpus of n tokens edited in place, and linear denoisers (Zhu et al. 2024, arXiv 2412.14689; all derived).

$S_t = E\|p^{(t)}\|_2^2$, t = 1 the fit on the real corpus, $S_0 = \sum_i p_i^2$; $\rho_t$ the probability with which
each token is replaced by a draw of the last model before fit t.
"""

from typing import Any

from collapse_jax.laws.domain import Integers, Interval, Positive, Probability, domain
from collapse_jax.laws.special import sqrt

__all__ = [
    "denoised",
    "denoised_clean",
    "denoised_with_real",
    "edited",
    "edited_schedule",
    "envelope",
    "next_weight",
    "weight_floor",
]


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


_DENOISER = domain(s=Positive, sigma2=Positive, t=Integers(0))


@_DENOISER.only(("s", "sigma2"))
def denoised(s: Any, sigma2: Any) -> Any:
    r"""$s' = \frac{s^2}{s + \sigma^2}$: a direction of variance s after a linear denoiser is applied to noisy data.

    The denoiser $W = \Sigma (\Sigma + \sigma^2)^{-1}$ minimises $E|W(x + \sigma e) - x|^2$ and $x' = W (x + \sigma e)$.
    """
    return s**2 / (s + sigma2)


@_DENOISER.only(("s", "sigma2"))
def denoised_clean(s: Any, sigma2: Any) -> Any:
    r"""$s' = \frac{s^3}{(s + \sigma^2)^2}$ where the next data are $W x$, without noise."""
    return s**3 / (s + sigma2) ** 2


@domain(w=Interval("(0, 1)"))
def next_weight(w: Any) -> Any:
    r"""$w' = \frac{w^2}{1 - w + w^2}$ for the eigenvalue $w = s / (s + \sigma^2)$ of the denoiser."""
    return w**2 / (1 - w + w**2)


@domain(t=Integers(0), w=Interval("(0, 1)"))
def envelope(t: Any, w: Any) -> Any:
    r"""$w_t \le w_0 \left(\frac{w_0}{1 - w_0 + w_0^2}\right)^t$, which bounds the norm of the t-th denoiser."""
    return w * (w / (1 - w + w**2)) ** t


@domain(s=Positive, sigma2=Positive, share=Interval("(0, 1]"))
def denoised_with_real(s: Any, sigma2: Any, share: Any) -> Any:
    r"""$\frac{a s_0 - \sigma^2 + \sqrt{(\sigma^2 - a s_0)^2 + 4 a^2 s_0 \sigma^2}}{2 a}$, the fixed point of $a s_0 + (1 - a)\frac{s^2}{s + \sigma^2}$.

    s is $s_0$, the variance of the real data, of which every round has a share a.
    """
    gap = sigma2 - share * s
    return (sqrt(gap**2 + 4 * share**2 * s * sigma2) - gap) / (2 * share)


@domain(s=Positive, sigma2=Positive, share=Interval("(0, 1]"))
def weight_floor(s: Any, sigma2: Any, share: Any) -> Any:
    r"""$\frac{a s_0}{a s_0 + \sigma^2}$, below which the denoiser does not fall with a share a of real data."""
    return share * s / (share * s + sigma2)
