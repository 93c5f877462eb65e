r"""Products of independent factors: the chain at fit T without the fits before it (derived).

Scale families (exponential, Gamma and Weibull of known shape, $\theta x^{\theta - 1}$): the fitted mean $\tau_T/\tau_0$ is
$\prod_k G_k/n$ under replacement and $\prod_k (k - 1 + G_k/n)/k$ under accumulation, $G_k \sim \Gamma(n)$ independent. The variance of a
Gaussian (1/n): $\prod \chi^2_{n-1}/n$, or $\prod_k R_k$ with $R_k = [k - 1 + \chi^2_{n-1}/n + (1 - \frac1k) z^2/n]/k$.
"""

from typing import Any

from collapse_jax.laws.domain import Choice, Integers, Interval, NonNegative, Real, domain
from collapse_jax.laws.identities import times

__all__ = ["log_variance", "qvf_fresh", "qvf_fresh_limit", "scale_moment"]

_SCALE = domain("n + p > 0", t=Integers(0), n=Integers(1), p=Real, workflow=Choice(choices=("replace", "accumulate")))


@_SCALE
def scale_moment(t: int, n: int, p: float, workflow: str) -> float:
    r"""$E (\tau_t/\tau_0)^p = \prod_{k \le t} E\bigl[((k - 1 + G/n)/k)^p\bigr]$ (accumulate), $\bigl[\frac{\Gamma(n + p)}{\Gamma(n)\, n^p}\bigr]^t$ (replace)."""
    from math import exp, lgamma, log

    first = exp(lgamma(n + p) - lgamma(n) - p * log(n))
    if workflow == "replace":
        return first**t
    return float(times(t, lambda k: first if k == 1 else _mean(n, p, k)))


def _mean(n: int, p: float, k: int) -> float:
    r"""$E[((k - 1 + G/n)/k)^p]$ by the trapezoidal rule in log G, whose error falls geometrically."""
    import numpy as np
    from scipy.special import gammaln

    y = np.linspace(np.log(n) - 45 / n - 2, np.log(n + 60 + 10 * n**0.5), 6000)
    density = np.exp(n * y - np.exp(y) - gammaln(n))
    return float(np.sum(((k - 1 + np.exp(y) / n) / k) ** p * density) * (y[1] - y[0]))


@domain(t=Integers(0), n=Integers(2), power=Choice(choices=(1, 2)))
def log_variance(t: int, n: int, power: int = 1) -> float:
    r"""Mean (`power` 1) and variance (2) of $\log(v_t/v_0) = \sum_{k \le t} \log R_k$: Gaussian, 1/n, accumulation; by quadrature."""
    return sum(_log_factor(k, n)[power - 1] for k in range(1, t + 1))


def _log_factor(k: int, n: int) -> tuple[float, float]:
    r"""Mean and variance of $\log R_k$."""
    import numpy as np
    from scipy.special import gammaln

    half = (n - 1) / 2
    y = np.linspace(np.log(half) - 45 / half - 2, np.log(half + 60 + 10 * half**0.5), 4000)
    weight = np.exp(half * y - np.exp(y) - gammaln(half)) * (y[1] - y[0])
    nodes, mass = np.polynomial.hermite_e.hermegauss(40)
    z2, mass = nodes[:20] ** 2, 2 * mass[:20] / mass.sum()
    value = np.log((k - 1 + 2 * np.exp(y) / n + (1 - 1 / k) * z2[:, None] / n) / k)
    mean = float(mass @ (value @ weight))
    return mean, float(mass @ (value**2 @ weight)) - mean**2


_FRESH = domain(n=Integers(1), m=Integers(1), w=Interval("(0, 1]"), v=NonNegative, v2=Real)


@(_FRESH & domain(t=Integers(1)))
def qvf_fresh(t: Any, n: Any, m: Any, w: Any, v: Any, v2: Any) -> Any:
    r"""$E(\tau_t - \tau_0)^2 = c\,\frac{1 - r^{t-1}}{1 - r} + r^{t-1} \frac{v}{n}$ of n fresh real and m synthetic observations, weights w, 1 - w:

    $c = v\,[w^2/n + (1 - w)^2/m]$, $r = (1 - w)^2 (1 + v_2/m)$; quadratic variance function, $v = V(\tau_0)$.
    """
    share = (1 - w) ** 2
    r, c = share * (1 + v2 / m), v * (w**2 / n + share / m)
    power = r ** (t - 1)
    return c * (1 - power) / (1 - r) + power * v / n


@_FRESH
def qvf_fresh_limit(n: Any, m: Any, w: Any, v: Any, v2: Any) -> Any:
    r"""$V_\infty = \dfrac{v\,[w^2/n + (1 - w)^2/m]}{1 - (1 - w)^2 (1 + v_2/m)}$, what `qvf_fresh` tends to where the denominator is positive."""
    share = (1 - w) ** 2
    return v * (w**2 / n + share / m) / (1 - share * (1 + v2 / m))
