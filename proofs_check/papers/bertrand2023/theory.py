r"""Iterative retraining (Bertrand et al. 2023, arXiv 2310.00429); statements recalled, formulas derived.

$\lambda$ is the ratio of synthetic to real data. Gaussians with $\Sigma_0 = 1$, $N = n_r + n$ data in every later fit.
"""

from typing import Any

from collapse_jax.laws.domain import Integers, NonNegative, Positive, domain
from collapse_jax.laws.special import chi_mean, sqrt

_FIXED = domain(n_real=Integers(2), n=Integers(1))


@domain(t=Integers(0), n=Integers(2))
def fully_synthetic(t: Any, n: Any) -> Any:
    r"""$E\,\sigma_t/\sigma_0 = \alpha(n)^t$, $\alpha(n) = c_4(n) = E\sqrt{\chi^2_{n-1}/(n - 1)}$, unbiased variance, d = 1."""
    return (chi_mean(n - 1) / sqrt(n - 1)) ** t


@domain(t=Integers(0), n=Integers(3))
def one_step(t: Any, n: Any) -> Any:
    r"""$\alpha_2(n)^t$, $\alpha_2(n) = \tfrac12 E \operatorname{tr} \hat\Sigma^{1/2}$ of one fit at $\Sigma = I$, d = 2 (derived).

    With $\nu = n - 1$, $(\operatorname{tr} W^{1/2})^2 = \operatorname{tr} W + 2 \sqrt{\det W}$ of $W \sim W_2(I, \nu)$; given the trace, which is
    $\chi^2_{2\nu}$, $2\sqrt{\det W}/\operatorname{tr} W$ is $\mathrm{Beta}(\nu - 1, 1)$, so that

    $$\alpha_2(n) = \frac{E \chi_{2\nu}}{2 \sqrt{\nu}} \int_0^1 (\nu - 1)\,u^{\nu - 2} \sqrt{1 + u}\,du.$$
    """
    import numpy as np

    nu = n - 1
    node, weight = np.polynomial.legendre.leggauss(60)
    v = (1 + node) / 2  # u = v^(1/(nu - 1)), which is uniform in v
    mean = float(weight @ np.sqrt(1 + v ** (1 / (nu - 1)))) / 2
    return (float(chi_mean(2 * nu)) / (2 * nu**0.5) * mean) ** t


@domain("lam * (1 + L * eps / alpha) < 0.5", lam=NonNegative, L=NonNegative, eps=NonNegative, alpha=Positive)
def rate_bound(lam: Any, L: Any, eps: Any, alpha: Any) -> Any:
    r"""$\rho(\lambda) = \frac{\lambda (\alpha + \varepsilon L)}{\alpha - \lambda (\alpha + \varepsilon L)} < 1$, the stated rate of Theorem 1."""
    return lam * (alpha + eps * L) / (alpha - lam * (alpha + eps * L))


@domain(lam=NonNegative, s=NonNegative)
def rate(lam: Any, s: Any) -> Any:
    r"""$\frac{\lambda s}{1 + \lambda s}$, an eigenvalue of the exact Jacobian $(I + \lambda A^{-1} B)^{-1} \lambda A^{-1} B$.

    s is an eigenvalue of $A^{-1} B$, A and B the mean Hessians of the log-likelihood on data and on the model's own
    samples; s = 1 where the model is well specified.
    """
    return lam * s / (1 + lam * s)


@_FIXED
def fixed_real_variance(n_real: Any, n: Any) -> Any:
    r"""$\lim E\,v_t$ with a fixed real sample and the 1/n variance: 1 less `fixed_real_error` (derived)."""
    N, a = n_real + n, n / (n_real + n)
    loss = 1 - (n - 1 + n_real / N) / N - n_real / N**2 * a**2 / (1 - a**2)
    return (n_real - 1) / N / loss


@_FIXED
def fixed_real_error(n_real: Any, n: Any) -> Any:
    r"""$\lim E(\mu_t - \mu_0)^2 = \frac{1}{n_r} + D$, $D = \frac{a^2}{1 - a^2}\,\frac{V}{n}$, $a = n/N$, V of `fixed_real_variance`."""
    a = n / (n_real + n)
    return 1 / n_real + a**2 / (1 - a**2) * fixed_real_variance(n_real, n) / n


@_FIXED
def known_variance_error(n_real: Any, n: Any) -> Any:
    r"""$\lim E(\mu_t - \mu_0)^2 = \frac{1}{n_r}\bigl(1 + \frac{\lambda}{1 + 2\lambda}\bigr) < \frac{3}{2 n_r}$, $\lambda = n/n_r$."""
    lam = n / n_real
    return (1 + lam / (1 + 2 * lam)) / n_real
