r"""The law of the excess risk $\|w_t - w^*\|_\Sigma^2$ of repeated least squares.

T rows, d features, any $\Sigma$ and $w^*$; $\nu = T - d + 1$. The law exists for T >= d; its mean only for T >= d + 2.
"""

from typing import Any

import numpy as np
from scipy.special import gammaln, jv, kve

from collapse_jax.laws._check import numbers, real, whole
from collapse_jax.laws.domain import Integers, Positive, domain
from collapse_jax.laws.identities import f_law

__all__ = ["fresh_replace_cdf", "shared_cdf"]


@domain("T >= d", coefficient=Positive, d=Integers(1), T=Integers(1), sigma2=Positive)
def shared_cdf(x: Any, coefficient: float | int, d: int, T: int, sigma2: float | int) -> Any:
    r"""One design for all generations: risk $= \sigma^2 c_t \frac{d}{\nu} F(d, \nu)$ (derived).

    `coefficient` is $c_t = \|C_t\|^2$ of the workflow, `(pedigree.coefficients(...) ** 2).sum(1)`: t under replacement,
    $\sum_{i \le t} i^{-2}$ under accumulation.

    **Args**: `x`: risks, a number or an array; `coefficient`: $c_t$; `d`: features; `T`: rows; `sigma2`: variance
    of the label noise.

    **Returns**: probabilities, of the shape of `x`.

    **Raises**: ValueError for T below d, where the estimate does not exist, and for a scale that is not positive.
    """
    d, T = (whole(d), whole(T))
    scale = real(sigma2) * real(coefficient) * d / (T - d + 1)
    return f_law(np.maximum(numbers(x, "x"), 0) / scale, d, T)


@domain("T >= d", t=Integers(1), d=Integers(1), T=Integers(1, 10**6), sigma2=Positive)
def fresh_replace_cdf(x: Any, t: int, d: int, T: int, sigma2: float | int) -> Any:
    r"""Replacement with a new design each generation (derived): $w_t - w^*$ is a sum of t multivariate-t vectors.

    Each is spherical, with characteristic function
    $\varphi(u) = K_{\nu/2}(u)\,u^{\nu/2} / (2^{\nu/2 - 1} \Gamma(\nu/2))$, and
    $$P(|w| \le r) = \frac{r^{d/2}}{2^{d/2-1}\Gamma(d/2)} \int_0^\infty u^{d/2-1} J_{d/2}(r u)\,\varphi(u)^t\,du.$$

    **Args**: `x`: risks, a number or an array; `t`: generation; `d`: features; `T`: rows per generation; `sigma2`:
    variance of the label noise.

    **Returns**: probabilities, of the shape of `x`.

    **Raises**: ValueError for T below d or above a million, for an `x` that is not finite, and where cancellation (many
    features, far upper tail) leaves less than nine digits.
    """
    t, (d, T), sigma2 = whole(t), (whole(d), whole(T)), real(sigma2)
    nu = T - d + 1
    radii = np.sqrt(np.maximum(numbers(x, "x"), 0) / sigma2)
    if not np.all(np.isfinite(radii)):
        raise ValueError("x holds NaN or infinity; give finite numbers")
    values = np.array([_ball(float(r), t, d, nu) for r in radii.ravel()]).reshape(radii.shape)
    return values if np.ndim(x) else float(values)


def _ball(r: float, t: int, d: int, nu: int) -> float:
    if r == 0:
        return 0.0
    constant = d / 2 * np.log(r) - (d / 2 - 1) * np.log(2) - gammaln(d / 2)

    def log_amplitude(u: np.ndarray) -> np.ndarray:
        return constant + (d / 2 - 1) * np.log(u) + t * _log_characteristic(u, nu)

    u, weights = _nodes(_cutoff(log_amplitude), r)
    terms = np.exp(log_amplitude(u)) * jv(d / 2, r * u) * weights
    if np.abs(terms).sum() > 1e5:
        raise ValueError(f"cancellation at risk / sigma2 = {r * r:g} with d={d}; ask for smaller x, or simulate")
    return float(np.clip(terms.sum(), 0, 1))


def _cutoff(log_amplitude: Any) -> float:
    """Where the amplitude, which rises to one maximum and then falls, has fallen below e^-40."""
    u, before = 1.0, -np.inf
    while (now := log_amplitude(np.array([u]))[0]) > -40 or now >= before:
        u, before = 1.25 * u, now
    return u


def _nodes(end: float, r: float) -> tuple[np.ndarray, np.ndarray]:
    """Gauss-Legendre panels, at most half an oscillation long, graded towards the branch point at 0."""
    count = int(np.ceil(end * max(r / np.pi, 1))) + 1
    edges = np.linspace(0, end, count + 1)
    edges = np.concatenate([[0], edges[1] * 2.0 ** np.arange(-40, 0), edges[1:]])
    x, w = np.polynomial.legendre.leggauss(20)
    half = np.diff(edges)[:, None] / 2
    return (edges[:-1, None] + half * (1 + x)).ravel(), (half * w).ravel()


def _log_characteristic(u: np.ndarray, nu: int) -> np.ndarray:
    r"""$\log \varphi_a(u)$, $a = \nu/2$, from $\varphi_{a+1} = \varphi_a + \frac{u^2}{4 a (a - 1)} \varphi_{a-1}$.

    The recurrence is that of $K_a$, its terms are positive, and unlike $K_a$ itself nothing overflows.
    All terms carry a factor $e^u$.
    """
    if nu % 2:
        a, low, high = 1.5, np.ones_like(u), 1 + u
    else:
        a, low, high = 2.0, u * kve(1, u), u**2 * kve(2, u) / 2
    if nu <= 2:
        return np.log(low) - u
    while a < nu / 2:
        low, high = high, high + u**2 / (4 * a * (a - 1)) * low
        a += 1
    return np.log(high) - u
