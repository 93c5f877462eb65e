r"""Fresh real data with weight w (He, Xu and Cheng 2025, arXiv 2502.18049); protocol from the authors' code.

n real and m synthetic observations per generation, estimates averaged with weights w and 1 - w, unbiased covariance.
"""

from typing import Any

from collapse_jax.laws.domain import Integers, Interval, domain


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
