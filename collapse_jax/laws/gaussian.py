r"""The law of a variance refitted in one dimension, by Fourier inversion."""

from typing import Any

import numpy as np
from scipy.special import digamma, gammaln, loggamma

from collapse_jax.laws._check import numbers, whole
from collapse_jax.laws.domain import Choice, Integers, domain

__all__ = ["log_variance_cdf"]


@domain(t=Integers(1), n=Integers(2), ddof=Choice(choices=(0, 1)))
def log_variance_cdf(x: Any, t: int, n: int, ddof: int) -> Any:
    r"""CDF of $\log(v_t / v_0) = \sum_{k \le t} \log(\chi^2_{n-1,k} / (n - \mathrm{ddof}))$ under replacement, d = 1.

    Inversion (Gil-Pelaez) of $\varphi(u) = [\Gamma(\tfrac{n-1}{2} + iu) / \Gamma(\tfrac{n-1}{2})\,
    (2/(n - \mathrm{ddof}))^{iu}]^t$ by the midpoint rule, to an absolute error below 1e-10; derived. The midpoint sum
    with step h is exact up to the mass outside $x \pm 2\pi/h$, which Chernoff's bound keeps below 1e-15.

    **Args**: `x`: where to evaluate, a number or an array; `t`: generation; `n`: observations per generation;
    `ddof`: 0 for the maximum-likelihood variance, 1 for the unbiased one.

    **Returns**: probabilities, of the shape of `x`.

    **Raises**: ValueError for n = 1, which leaves no variance, for another `ddof`, and for an `x` that holds NaN.

    >>> round(float(log_variance_cdf(0.0, 30, 20, 0)), 6)
    0.959468
    """
    t, n = whole(t), whole(n)
    half = (n - 1) / 2
    centre = t * (digamma(half) + np.log(2 / (n - ddof)))
    below, above = _spread(half, t)
    points = numbers(x, "x") - centre
    if np.any(np.isnan(points)):
        raise ValueError("x holds NaN; give numbers")
    inside = np.clip(points, -below, above)
    step = 2 * np.pi / (below + above)
    u = step * (np.arange(int(np.ceil(_cutoff(half, t) / step))) + 0.5)
    centred = np.exp(t * (loggamma(half + 1j * u) - gammaln(half) - 1j * u * digamma(half)))
    value = 0.5 - np.imag(np.exp(-1j * inside[..., None] * u) * centred) @ (step / (np.pi * u))
    value = np.where(points < -below, 0.0, np.where(points > above, 1.0, np.clip(value, 0, 1)))
    return value if np.ndim(x) else float(value)


def _spread(half: float, t: int) -> tuple[float, float]:
    """Distances below and above the centre beyond which lies less than 1e-15."""
    log_tail = 35.0

    def reach(s: np.ndarray, sign: int) -> float:
        cumulant = t * (gammaln(half + sign * s) - gammaln(half) - sign * s * digamma(half))
        return float(np.min((cumulant + log_tail) / s))

    grid = np.geomspace(1e-4, 1, 400)
    return reach(half * grid * (1 - 1e-9), -1), reach(np.geomspace(1e-4, 1e3, 800) * np.sqrt(half), 1)


def _cutoff(half: float, t: int) -> float:
    """Where the characteristic function, whose modulus falls, is below 1e-17."""
    u = 1.0
    while t * (loggamma(half + 1j * u).real - gammaln(half)) > -39:
        u *= 1.25
    return u
