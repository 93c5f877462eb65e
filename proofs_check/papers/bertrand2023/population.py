r"""The loop with infinitely many samples, for a location that is estimated by logistic likelihood: quadrature, no chains.

$p_\theta(x) = \tfrac14 \operatorname{sech}^2\tfrac{x - \theta}{2}$, data of $N(0, s^2)$, so that the model is not well
specified; $\theta^* = 0$ by symmetry. All integrands are analytic, and the trapezoidal rule is exact to rounding.
"""

import math
from functools import cache
from typing import NamedTuple

import numpy as np

LIPSCHITZ = 1 / math.sqrt(27)
r"""L: $\partial_\theta^2 \log p_\theta(x) = -\tfrac12 \operatorname{sech}^2\tfrac{x - \theta}{2}$ is so Lipschitz in x."""


class Curvatures(NamedTuple):
    r"""What Theorem 1 asks: $\alpha = -A$, $-B$, and $\varepsilon = W_1(p_{\theta^*}, p_{data})$."""

    alpha: float
    own: float
    eps: float


@cache
def _grids(spread: float):
    z = np.linspace(-60, 60, 4801)
    logistic = 0.25 / np.cosh(z / 2) ** 2 * (z[1] - z[0])
    x = np.linspace(-12, 12, 2401)
    normal = np.exp(-(x**2) / 2) / math.sqrt(2 * math.pi) * (x[1] - x[0])
    return (spread * x, normal), (z, logistic)


def curvatures(spread: float) -> Curvatures:
    """At the fixed point, for data of standard deviation `spread`."""
    from scipy.special import expit, ndtr

    (x, normal), (z, logistic) = _grids(spread)
    alpha, own = normal @ (0.5 / np.cosh(x / 2) ** 2), logistic @ (0.5 / np.cosh(z / 2) ** 2)
    apart = float(np.sum(np.abs(ndtr(z / spread) - expit(z))) * (z[1] - z[0]))
    return Curvatures(float(alpha), float(own), apart)


def retrained(theta: float, lam: float, spread: float, gamma: float = 0.0) -> float:
    r"""The next parameter, $\arg\max_{\theta'} E_{data} \log p_{\theta'} + \lambda E \log p_{\theta'}$.

    The second mean is over $(p_\theta + \gamma p_{\theta^*})/(1 + \gamma)$, corrected synthetic data for $\gamma > 0$.
    """
    (x, normal), (z, logistic) = _grids(spread)
    kept, new = 1 / (1 + gamma), theta
    for _ in range(60):  # Newton's method on a concave likelihood, from nearby
        score, slope = 0.0, 0.0
        for weight, points, mass in (
            (1, x, normal),
            (lam * kept, z + theta, logistic),
            (lam - lam * kept, z, logistic),
        ):
            u = np.tanh((points - new) / 2)
            score, slope = score + weight * (mass @ u), slope - weight * (mass @ (1 - u**2)) / 2
        step = score / slope
        new -= step
        if abs(step) < 1e-15:
            break
    return float(new)


def slope(lam: float, spread: float) -> float:
    """The derivative of `retrained` at the fixed point, by central differences of fourth order."""
    h = 0.02
    near, far = (retrained(k * h, lam, spread) / h for k in (1, 2))  # odd in theta
    return (8 * near - far) / 6
