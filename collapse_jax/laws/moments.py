r"""Fourth moments of chains whose second moments are the closed forms: how far a mean over R chains can be trusted.

Derived. Numbers on the host; every function gives the variance of one chain's value at generation t.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from scipy.special import gammaln, polygamma

from collapse_jax.laws.domain import Choice, Integers, NonNegative, domain

__all__ = [
    "GaussianMoments",
    "fresh_accumulate_variance",
    "fresh_risk_variance",
    "gaussian_replace",
    "kl_variance",
    "log_det_variance",
]


class GaussianMoments(NamedTuple):
    r"""Moments of (s, D), $s^2 = v_t/\sigma_0^2$ and $D = (\mu_t - \mu_0)^2/\sigma_0^2$.

    **Args**: `s`: $E s^k$ for k = 0 .. 4; `ds`: $E D s^k$ for k = 0 .. 2; `dd`: $E D^2$.
    """

    s: tuple[float, ...]
    ds: tuple[float, ...]
    dd: float

    @property
    def deviation(self) -> float:
        """Variance of the fitted standard deviation s."""
        return self.s[2] - self.s[1] ** 2

    @property
    def variance(self) -> float:
        """Variance of the fitted variance s^2."""
        return self.s[4] - self.s[2] ** 2

    @property
    def observation(self) -> float:
        """Variance of s^2 + D, the spread of one observation about the true mean."""
        return self.s[4] + 2 * self.ds[2] + self.dd - (self.s[2] + self.ds[0]) ** 2

    @property
    def w2(self) -> float:
        """Variance of D + (s - 1)^2, the squared Wasserstein distance to the truth."""
        square = self.s[4] - 4 * self.s[3] + 6 * self.s[2] - 4 * self.s[1] + 1
        both = self.dd + square + 2 * (self.ds[2] - 2 * self.ds[1] + self.ds[0])
        return both - (self.ds[0] + self.s[2] - 2 * self.s[1] + 1) ** 2


@domain(sizes=Integers(2), ddof=Choice(choices=(0, 1)))
def gaussian_replace(sizes: Sequence[int], ddof: int) -> GaussianMoments:
    r"""Moments after fits on `sizes[0]`, `sizes[1]`, .. values, each drawn from the fit before; d = 1.

    $s' = s\sqrt{c}$ with $c \sim \chi^2_{n-1}/(n - \mathrm{ddof})$, and $\mu' = \mu + s z/\sqrt n$ independent of c, so
    $E D' s'^k = a_k (E D s^k + E s^{k+2}/n)$ and $E D'^2 = E D^2 + 6 E D s^2/n + 3 E s^4/n^2$, $a_k = E c^{k/2}$.

    **Args**: `sizes`: n of every fit; `ddof`: 0 for the maximum-likelihood variance, 1 for the unbiased one.

    **Returns**: the moments after the last fit.

    **Raises**: ValueError outside the domain: a fit needs two values.
    """
    s, ds, dd = (1.0,) * 5, (0.0,) * 3, 0.0
    for n in sizes:
        half, k = (n - 1) / 2, np.arange(5)
        a = np.exp(k / 2 * np.log(2 / (n - ddof)) + gammaln(half + k / 2) - gammaln(half))
        dd += 6 * ds[2] / n + 3 * s[4] / n**2
        ds = tuple(float(a[k] * (ds[k] + s[k + 2] / n)) for k in range(3))
        s = tuple(float(a[k] * s[k]) for k in range(5))
    return GaussianMoments(s, ds, dd)


@domain("n >= d + 1", t=Integers(1), n=Integers(2), d=Integers(1))
def log_det_variance(t: int, n: int, d: int) -> float:
    r"""Variance of $\log\det\Sigma_t$ under replacement, $t \sum_{i < d} \psi_1(\tfrac{n - 1 - i}{2})$ (Bartlett).

    **Args**: `t`: generation; `n`: observations per generation; `d`: dimension.

    **Returns**: the variance.

    **Raises**: ValueError outside the domain: n <= d leaves a singular covariance.
    """
    return float(t * np.sum(polygamma(1, (n - 1 - np.arange(d)) / 2)))


@domain("sizes >= d + 4", sizes=Integers(5), d=Integers(1), sigma2=NonNegative)
def fresh_risk_variance(sizes: Sequence[int], d: int, sigma2: float) -> float:
    r"""Variance of the risk of replacement with fresh designs, $\|u_1 + \dots + u_t\|^2$, independent multivariate t u.

    $u_i \mid A_i \sim N(0, \sigma^2 A_i)$, $A_i$ inverse Wishart with T rows. With $c_i = 1/(T - d - 1)$ and
    $\kappa^{-1} = (T - d)(T - d - 1)(T - d - 3)$, $E (\operatorname{tr} A)^2 = \kappa [(T - d - 2) d^2 + 2 d]$ and
    $E \operatorname{tr} A^2 = \kappa [(T - d - 2) d + d^2 + d]$ (von Rosen 1988, Scand. J. Statist. 15), so that the
    variance is $\sigma^4 \{\sum_i [2 E \operatorname{tr} A_i^2 + E (\operatorname{tr} A_i)^2 - d^2 c_i^2]
    + 2 d [(\sum c_i)^2 - \sum c_i^2]\}$.

    **Args**: `sizes`: rows T of every fit; `d`: features; `sigma2`: variance of the label noise.

    **Returns**: the variance after the last fit.

    **Raises**: ValueError outside the domain: for T < d + 4 it is infinite.
    """
    spread, steps = 0.0, []
    for T in sizes:
        trace_squared, squared_trace = _inverse_wishart(d, T)
        mean = 1 / (T - d - 1)
        spread += 2 * trace_squared + squared_trace - (d * mean) ** 2
        steps.append(mean)
    between = sum(steps) ** 2 - sum(step**2 for step in steps)
    return float(sigma2**2 * (spread + 2 * d * between))


@domain(t=Integers(1), n=Integers(2), ddof=Choice(choices=(0, 1)))
def kl_variance(t: int, n: int, ddof: int) -> float:
    r"""Variance of $\mathrm{KL}(p_t \| p_0) = \frac12 (v + D - 1 - \log v)$ under replacement, d = 1.

    D is that of `GaussianMoments`. With $\nu = n - 1$ and $r = E v_1$ the covariance of $\log v_t$ with $v_t$ is
    $r^t\,2 t/\nu$, as weighting a chi-square by itself adds two degrees of freedom, and with D it is $\frac1n \sum_{j
    \le t} r^{j-1}\,2 (j - 1)/\nu$.

    **Args**: `t`: generation; `n`: observations per generation; `ddof`: 0 for the maximum-likelihood variance, 1 for
    the unbiased one.

    **Returns**: the variance.

    **Raises**: ValueError outside the domain.
    """
    r, nu = (n - 1) / (n - ddof), n - 1
    common = r**t * 2 * t / nu + sum(r ** (j - 1) * 2 * (j - 1) for j in range(1, t + 1)) / (n * nu)
    return (gaussian_replace([n] * t, ddof).observation + log_det_variance(t, n, 1) - 2 * common) / 4


@domain("T >= d + 4", t=Integers(1), d=Integers(1), T=Integers(1), sigma2=NonNegative)
def fresh_accumulate_variance(t: int, d: int, T: int, sigma2: float) -> float:
    r"""More than the variance of the risk of accumulation with fresh designs, T rows each.

    Given the designs $w_t - w^*$ is normal with covariance $\sigma^2 B$, $B = \sum_i G_i^{-1} X_i' X_i G_i^{-1}$, so
    $E\,\mathrm{risk}^2 \le 3 \sigma^4 E (\operatorname{tr} B)^2$. As $X_i' X_i \le G_i$, and
    $E(X_i' X_i \mid G_i) = G_i/i$ by exchangeability, the i-th term has second moment at most
    $E (\operatorname{tr} G_i^{-1})^2/i$; Minkowski adds them up.

    **Args**: `t`: generation; `d`: features; `T`: rows per generation; `sigma2`: variance of the label noise.

    **Returns**: a bound, five to ten times the variance.

    **Raises**: ValueError outside the domain.
    """
    root = sum((_inverse_wishart(d, i * T)[1] / i) ** 0.5 for i in range(1, t + 1))
    return float(3 * (sigma2 * root) ** 2)


def _inverse_wishart(d: int, T: int) -> tuple[float, float]:
    r"""$E \operatorname{tr} A^2$ and $E (\operatorname{tr} A)^2$ of an inverse Wishart matrix with T rows."""
    kappa = 1 / ((T - d) * (T - d - 1) * (T - d - 3))
    return kappa * ((T - d - 2) * d + d**2 + d), kappa * ((T - d - 2) * d**2 + 2 * d)
