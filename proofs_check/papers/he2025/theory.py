r"""Fresh real data with weight w (He, Xu and Cheng 2025, arXiv 2502.18049); protocol from the authors' code.

n real and m synthetic observations per generation, estimates averaged with weights w and 1 - w, unbiased covariance.
"""

from typing import Any

from collapse_jax.laws.domain import Integers, Interval, Positive, Probability, domain
from collapse_jax.laws.special import sqrt


@domain(t=Integers(1), n=Integers(1), m=Integers(1), w=Interval("(0, 1]"))
def mean_error(t: Any, n: Any, m: Any, w: Any) -> Any:
    r"""$E\|\mu_t - \mu_0\|^2/\operatorname{tr}\Sigma_0$ at fit t (t = 1 real only), $q = (1 - w)^2$:

    $$V_t = c\,\frac{1 - q^{t-1}}{1 - q} + \frac{q^{t-1}}{n}, \qquad c = \frac{w^2}{n} + \frac{q}{m} \qquad (derived).$$
    """
    q = (1 - w) ** 2
    power = q ** (t - 1)
    return (w**2 / n + q / m) * (1 - power) / (1 - q) + power / n


@domain(n=Integers(1), m=Integers(1), w=Interval("(0, 1]"))
def mean_limit(n: Any, m: Any, w: Any) -> Any:
    r"""$C(w, k)/n$ with $C = \frac{w^2 + k (1 - w)^2}{w (2 - w)}$, $k = n/m$."""
    return (w**2 + n / m * (1 - w) ** 2) / (w * (2 - w)) / n


@domain(k=Positive, w=Interval("(0, 1]"))
def factor(w: Any, k: Any) -> Any:
    r"""$C(w, k) = \frac{w^2 + k (1 - w)^2}{w (2 - w)}$, $k = n/m$: the limit of the error in units of one real fit."""
    return (w**2 + k * (1 - w) ** 2) / (w * (2 - w))


@domain(k=Positive)
def optimal_weight(k: Any) -> Any:
    r"""$w^* = \frac{\sqrt{k^2 + 4 k} - k}{2}$, which minimises C, and $C(w^*, k) = w^*$; $\frac{\sqrt 5 - 1}{2}$ for k = 1."""
    return (sqrt(k**2 + 4 * k) - k) / 2


@domain(k=Positive)
def naive_factor(k: Any) -> Any:
    r"""$C(\tfrac{k}{1 + k}, k) = \frac{1 + k}{2 + k} > \tfrac12$: real and synthetic data pooled as they are."""
    return (1 + k) / (2 + k)


@domain("(1 - w)**2 * (1 + 2 / (m - 1)) < 1", t=Integers(1), n=Integers(2), m=Integers(2), w=Interval("(0, 1]"))
def variance_error(t: Any, n: Any, m: Any, w: Any) -> Any:
    r"""$E(v_t - \sigma_0^2)^2/\sigma_0^4$ at fit t, d = 1, with $r = (1 - w)^2 (1 + \tfrac{2}{m - 1})$ (derived):

    $$L + \bigl(\tfrac{2}{n - 1} - L\bigr) r^{t-1}, \qquad
      L = 2\,\frac{w^2/(n - 1) + (1 - w)^2/(m - 1)}{1 - r}.$$
    """
    r = (1 - w) ** 2 * (1 + 2 / (m - 1))
    limit = 2 * (w**2 / (n - 1) + (1 - w) ** 2 / (m - 1)) / (1 - r)
    return limit + (2 / (n - 1) - limit) * r ** (t - 1)


@domain(t=Integers(1), n=Integers(2), m=Integers(2), w=Interval("(0, 1]"), trace2=Positive, square=Positive)
def covariance_error(t: int, n: Any, m: Any, w: Any, trace2: Any, square: Any) -> Any:
    r"""$E\|\Sigma_t - \Sigma_0\|_F^2$ at fit t (derived), with $A_0 = \operatorname{tr}\Sigma_0^2$, $B_0 = (\operatorname{tr}\Sigma_0)^2$:

    $A = E \operatorname{tr}\Sigma_t^2$ and $B = E (\operatorname{tr}\Sigma_t)^2$ obey
    $A' = (1 - w)^2 [A + \tfrac{A + B}{m - 1}] + w^2 [A_0 + \tfrac{A_0 + B_0}{n - 1}] + 2 w (1 - w) A_0$ and
    $B' = (1 - w)^2 [B + \tfrac{2 A}{m - 1}] + w^2 [B_0 + \tfrac{2 A_0}{n - 1}] + 2 w (1 - w) B_0$; the error is $A - A_0$.
    """
    A, B = trace2 + (trace2 + square) / (n - 1), square + 2 * trace2 / (n - 1)
    real_A, real_B = w**2 * A + 2 * w * (1 - w) * trace2, w**2 * B + 2 * w * (1 - w) * square
    for _ in range(t - 1):
        A, B = (1 - w) ** 2 * (A + (A + B) / (m - 1)) + real_A, (1 - w) ** 2 * (B + 2 * A / (m - 1)) + real_B
    return A - trace2


@domain(t=Integers(1), n=Integers(1), m=Integers(1), w=Interval("(0, 1]"), F=Probability)
def cdf_error(t: Any, n: Any, m: Any, w: Any, F: Any) -> Any:
    r"""$E(F_t(x) - F(x))^2$ at fit t: $r = (1 - w)^2 (1 - \tfrac1m)$ and (derived)

    $$F (1 - F) \bigl[L + (\tfrac1n - L) r^{t-1}\bigr], \qquad L = \frac{w^2/n + (1 - w)^2/m}{1 - r}.$$
    """
    r = (1 - w) ** 2 * (1 - 1 / m)
    limit = (w**2 / n + (1 - w) ** 2 / m) / (1 - r)
    return F * (1 - F) * (limit + (1 / n - limit) * r ** (t - 1))
