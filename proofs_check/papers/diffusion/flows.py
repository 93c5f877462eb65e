"""Generators integrated in time, from their scores: what the closed forms are compared with."""

from collections.abc import Callable

import numpy as np
from scipy.integrate import solve_ivp
from scipy.special import logsumexp, ndtr

_ACCURACY = {"method": "DOP853", "rtol": 1e-12, "atol": 1e-14}


def variance(slope: Callable[[float], float], T: float, stop: float, sampler: str) -> float:
    r"""The variance at `stop` of what starts at T with variance 1, for the score $-h(t)\,x$; `slope` is h.

    Backwards in time $dx = x (1 - h)$ along the flow and $dx = x (1 - 2 h) + \sqrt2\,dW$ along the diffusion.
    """
    many, noise = (1, 0) if sampler == "ode" else (2, 2)

    def change(tau, v):
        return 2 * (1 - many * slope(T - tau)) * v + noise

    return float(solve_ivp(change, (0, T - stop), [1.0], **_ACCURACY).y[0, -1])


def _exponents(x: np.ndarray, points: np.ndarray, t: float) -> tuple[np.ndarray, float]:
    spread = 1 - np.exp(-2 * t)
    return -((x[:, None] - np.exp(-t) * points) ** 2) / (2 * spread), spread


def empirical_flow(x: np.ndarray, points: np.ndarray, T: float, stop: float) -> np.ndarray:
    """Where the probability flow carries places x at T, under the score of the noised empirical law of the points."""

    def change(tau, x):
        t = T - tau
        exponents, spread = _exponents(x, points, t)
        weights = np.exp(exponents - logsumexp(exponents, axis=1, keepdims=True))
        score = (np.exp(-t) * weights @ points - x) / spread
        return x + score

    return solve_ivp(change, (0, T - stop), x, **_ACCURACY).y[:, -1]


def shrunken(x: np.ndarray, points: np.ndarray, t: float) -> np.ndarray:
    r"""The distribution function of $e^{-t} x_I + \sqrt{1 - e^{-2t}}\,z$, I uniform: a shrunken kernel density estimate."""
    return ndtr((x[:, None] - np.exp(-t) * points) / np.sqrt(1 - np.exp(-2 * t))).mean(1)
