r"""The law of a variance refitted in one dimension, by Fourier inversion."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np
from scipy.special import digamma, gammaln, loggamma

from collapse_jax.laws._check import numbers, real, whole
from collapse_jax.laws.domain import Choice, Integers, Positive, domain

__all__ = ["log_variance_cdf"]


@domain("t <= len(n)", t=Integers(1), n=Integers(2), ddof=Choice(choices=(0, 1)), bias=Positive)
def log_variance_cdf(x: Any, t: int, n: Any, ddof: int, bias: float | int = 1) -> Any:
    r"""CDF of $\log(v_t/v_0) = (t - 1) \log\lambda + \sum_{k \le t} \log(\chi^2_{\nu_k}/(n_k - \mathrm{ddof}))$, d = 1.

    The law of a variance under replacement, $\nu_k = n_k - 1$, with any schedule of sample sizes, and, from the second
    fit on, samples whose variance is scaled by $\lambda$. Inversion (Gil-Pelaez) of
    $\varphi(u) = \prod_k \Gamma(\tfrac{n_k-1}{2} + iu) / \Gamma(\tfrac{n_k-1}{2})\,
    (2/(n_k - \mathrm{ddof}))^{iu}$ by the midpoint rule, to an absolute error below 1e-10; derived. The midpoint sum
    with step h is exact up to the mass outside $x \pm 2\pi/h$, which Chernoff's bound keeps below 1e-15.

    **Args**: `x`: where to evaluate, a number or an array; `t`: generation; `n`: observations per generation, a number
    or a schedule with one size per fit; `ddof`: 0 for the maximum-likelihood variance, 1 for the unbiased one; `bias`:
    $\lambda$.

    **Returns**: probabilities, of the shape of `x`.

    **Raises**: ValueError for n = 1, which leaves no variance, for another `ddof`, and for an `x` that holds NaN.

    >>> round(float(log_variance_cdf(0.0, 30, 20, 0)), 6)
    0.959468
    """
    t, bias = whole(t), real(bias)
    sizes = [whole(one) for one in n][:t] if isinstance(n, Sequence | np.ndarray) else [whole(n)] * t
    factors = Counter(sizes)
    half = (np.array(list(factors)) - 1) / 2
    times = np.array(list(factors.values()))
    divisors = np.array(list(factors)) - ddof
    centre = (t - 1) * np.log(bias) + np.sum(times * (digamma(half) + np.log(2 / divisors)))
    below, above = _spread(half, times)
    points = numbers(x, "x") - centre
    if np.any(np.isnan(points)):
        raise ValueError("x holds NaN; give numbers")
    inside = np.clip(points, -below, above)
    step = 2 * np.pi / (below + above)
    u = step * (np.arange(int(np.ceil(_cutoff(half, times) / step))) + 0.5)
    w = u[:, None]
    centred = np.exp((loggamma(half + 1j * w) - gammaln(half) - 1j * w * digamma(half)) @ times)
    value = 0.5 - np.imag(np.exp(-1j * inside[..., None] * u) * centred) @ (step / (np.pi * u))
    value = np.where(points < -below, 0.0, np.where(points > above, 1.0, np.clip(value, 0, 1)))
    return value if np.ndim(x) else float(value)


def _spread(half: np.ndarray, times: np.ndarray) -> tuple[float, float]:
    """Distances below and above the centre beyond which lies less than 1e-15."""
    log_tail = 35.0

    def reach(s: np.ndarray, sign: int) -> float:
        shift = sign * s[:, None]
        cumulant = (gammaln(half + shift) - gammaln(half) - shift * digamma(half)) @ times
        return float(np.min((cumulant + log_tail) / s))

    grid, least = np.geomspace(1e-4, 1, 400), half.min()
    return reach(least * grid * (1 - 1e-9), -1), reach(np.geomspace(1e-4, 1e3, 800) * np.sqrt(least), 1)


def _cutoff(half: np.ndarray, times: np.ndarray) -> float:
    """Where the characteristic function, whose modulus falls, is below 1e-17."""
    u = 1.0
    while times @ (loggamma(half + 1j * u).real - gammaln(half)) > -39:
        u *= 1.25
    return u
