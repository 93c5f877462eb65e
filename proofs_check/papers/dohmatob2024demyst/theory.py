r"""Regression on labels of earlier models (Dohmatob, Feng and Kempe 2024, arXiv 2402.07712).

n generators fit $T_0$ rows each, with label noise $\sigma_0^2$; a student fits T rows of the last, with noise $\sigma^2$
and a penalty $\lambda$ per row. d features, $\phi = d/T$, $\phi_0 = d/T_0$, $r^2 = \|w_0\|^2$. Risks are in excess of noise.
"""

from typing import Any

from collapse_jax.laws.domain import Integers, Interval, Kind, NonNegative, Positive, domain
from collapse_jax.laws.special import sqrt
from collapse_jax.laws.spectrum import Spectrum, df_2, effective_penalty

_UNDER = domain(
    ("T >= d + 2", "T0 >= d + 2"), n=Integers(0), d=Integers(1), T=Integers(1), T0=Integers(1), sigma2=NonNegative,
    sigma2_0=NonNegative,
)  # fmt: skip
_RATIOS = domain(phi=Positive, phi0=Interval("(0, 1)"), n=NonNegative, sigma2=NonNegative, sigma2_0=NonNegative)
_OVER = domain("T0 <= d - 2", n=Integers(0), d=Integers(3), T0=Integers(1), r2=NonNegative, sigma2_0=NonNegative)
_SPECTRAL = domain(spectrum=Kind(kind=Spectrum), penalty=NonNegative, T=Positive)


@_RATIOS & domain("phi < 1")
def least_squares(n: Any, phi: Any, phi0: Any, sigma2: Any, sigma2_0: Any) -> Any:
    r"""$\sigma^2\frac{\phi}{1 - \phi} + n\,\sigma_0^2\frac{\phi_0}{1 - \phi_0}$: Theorem 4.1."""
    return sigma2 * phi / (1 - phi) + n * sigma2_0 * phi0 / (1 - phi0)


@_UNDER
def least_squares_finite(n: Any, d: Any, T: Any, T0: Any, sigma2: Any, sigma2_0: Any) -> Any:
    r"""$\sigma^2\frac{d}{T - d - 1} + n\,\sigma_0^2\frac{d}{T_0 - d - 1}$: Appendix F.2, exact for any $\Sigma$."""
    return sigma2 * d / (T - d - 1) + n * sigma2_0 * d / (T0 - d - 1)


@domain(penalty=NonNegative, phi=Positive)
def kappa(penalty: Any, phi: Any) -> Any:
    r"""$\kappa = \frac12\left[\lambda + \phi - 1 + \sqrt{(\lambda + \phi - 1)^2 + 4\lambda}\right]$ for $\Sigma = I$."""
    b = penalty + phi - 1
    return (b + sqrt(b * b + 4 * penalty)) / 2


@domain("phi < (1 + kappa)**2", kappa=NonNegative, phi=Positive, r2=NonNegative)
def bias_isotropic(kappa: Any, phi: Any, r2: Any) -> Any:
    r"""$\frac{\kappa^2 r^2}{(1 + \kappa)^2 - \phi}$: Proposition 4.2 for $\Sigma = I$."""
    return kappa**2 * r2 / ((1 + kappa) ** 2 - phi)


@domain("phi < (1 + kappa)**2", kappa=NonNegative, phi=Positive, sigma2=NonNegative)
def variance_isotropic(kappa: Any, phi: Any, sigma2: Any) -> Any:
    r"""$\frac{\sigma^2\phi}{(1 + \kappa)^2 - \phi}$: Proposition 4.2 for $\Sigma = I$."""
    return sigma2 * phi / ((1 + kappa) ** 2 - phi)


@domain("phi < (1 + kappa)**2", kappa=NonNegative, phi=Positive, phi0=Interval("(0, 1)"))
def rho_isotropic(kappa: Any, phi: Any, phi0: Any) -> Any:
    r"""$\frac{\phi_0}{1 - \phi_0}\left[\frac1{(1+\kappa)^2} + \frac1{(1+\kappa)^2}\frac{\phi\kappa^2}{(1+\kappa)^2 - \phi}\right]$."""
    x2 = (1 + kappa) ** 2
    return phi0 / (1 - phi0) * (1 / x2 + phi * kappa**2 / (x2 - phi) / x2)


@_RATIOS & domain(penalty=Positive, r2=NonNegative)
def isotropic(n: Any, penalty: Any, phi: Any, phi0: Any, r2: Any, sigma2: Any, sigma2_0: Any) -> Any:
    r"""With $x = 1 + \kappa$ and $V_n = n\,\sigma_0^2\frac{\phi_0}{1 - \phi_0}$ (derived from Corollary 4.4)

    $$\frac{r^2 (x - 1)^2 + \sigma^2\phi + V_n [1 + \phi - 2\phi/x]}{x^2 - \phi}.$$
    """
    x = 1 + kappa(penalty, phi)
    collapse = n * sigma2_0 * phi0 / (1 - phi0)
    return (r2 * (x - 1) ** 2 + sigma2 * phi + collapse * (1 + phi - 2 * phi / x)) / (x**2 - phi)


@_RATIOS & domain(r2=Positive)
def best_penalty(n: Any, phi: Any, phi0: Any, r2: Any, sigma2: Any, sigma2_0: Any) -> float:
    r"""$\lambda_* = (x - 1)(x - \phi)/x$, at which `isotropic` is least, x the greatest root of (derived)

    $$r^2 x^2 (x - 1)(x - \phi) - [\sigma^2\phi + V_n (1 + \phi)]\,x^3 + 3 V_n \phi\,x^2 - V_n \phi^2 = 0.$$
    """
    import numpy as np

    collapse = n * sigma2_0 * phi0 / (1 - phi0)
    cubic = -(r2 * (1 + phi) + sigma2 * phi + collapse * (1 + phi))
    roots = np.roots([r2, cubic, r2 * phi + 3 * collapse * phi, 0, -collapse * phi**2])
    x = float(np.max(roots.real[np.abs(roots.imag) < 1e-9]))
    return (x - 1) * (x - phi) / x


@_SPECTRAL & domain(source=NonNegative)
def bias(spectrum: Spectrum, source: Any, penalty: float, T: float) -> float:
    r"""$\frac{\kappa^2\,w_0^\top\Sigma(\Sigma + \kappa)^{-2}w_0}{1 - df_2(\kappa)/T}$: Proposition 4.2."""
    k, S = effective_penalty(spectrum, penalty, T), spectrum.values
    return k**2 * spectrum.sum(source * S / (S + k) ** 2) / (1 - df_2(spectrum, k) / T)


@_SPECTRAL & domain(sigma2=NonNegative)
def variance(spectrum: Spectrum, penalty: float, T: float, sigma2: float) -> float:
    r"""$\sigma^2\frac{df_2(\kappa)}{T - df_2(\kappa)}$: Proposition 4.2."""
    freedom = df_2(spectrum, effective_penalty(spectrum, penalty, T))
    return sigma2 * freedom / (T - freedom)


@_SPECTRAL & domain(T0=Positive)
def rho(spectrum: Spectrum, penalty: float, T: float, T0: float) -> float:
    r"""$\frac{1}{T_0 - d}\left[df_2 + \kappa^2\operatorname{tr}(\Sigma + \kappa)^{-2}\frac{df_2}{T - df_2}\right]$: Corollary 4.4."""
    k = effective_penalty(spectrum, penalty, T)
    freedom = df_2(spectrum, k)
    inflated = k**2 * spectrum.sum((spectrum.values + k) ** -2.0) * freedom / (T - freedom)
    return (freedom + inflated) / (T0 - spectrum.d)


@_SPECTRAL & domain(T0=Positive)
def rho_general(spectrum: Spectrum, penalty: float, T: float, T0: float) -> float:
    r"""With $\kappa_0 = \kappa(0, T_0)$, Theorem 4.3:

    $$\frac{\operatorname{tr}\Sigma^4(\Sigma+\kappa_0)^{-2}(\Sigma+\kappa)^{-2}}{T_0 - df_2(\kappa_0)}
    + \frac{\kappa^2\operatorname{tr}\Sigma^2(\Sigma+\kappa_0)^{-2}(\Sigma+\kappa)^{-2}}{T_0 - df_2(\kappa_0)}
      \frac{df_2(\kappa)}{T - df_2(\kappa)}.$$
    """
    k, k0, S = effective_penalty(spectrum, penalty, T), effective_penalty(spectrum, 0, T0), spectrum.values
    freedom = df_2(spectrum, k)
    both = (S + k0) ** -2.0 * (S + k) ** -2.0
    inflated = k**2 * spectrum.sum(S**2 * both) * freedom / (T - freedom)
    return (spectrum.sum(S**4 * both) + inflated) / (T0 - df_2(spectrum, k0))


@domain(phi0=Interval("(1, oo)"), r2=NonNegative)
def dependent_bias(phi0: Any, r2: Any) -> Any:
    r"""$\Delta Bias \simeq r^2 (1 - 1/\phi_0)$ whatever n is, one design for all generators: Theorem 4.5."""
    return r2 * (1 - 1 / phi0)


@domain(phis=Positive)
def eta(phis: Any) -> Any:
    r"""$\eta = \prod_{m < n}\min(1/\phi_m, 1)$, the share of $\|w_0\|^2$ that fresh designs leave: Theorem 4.6."""
    share = 1.0
    for phi in phis:
        share = share * min(1 / phi, 1)
    return share


@_OVER
def dependent(n: Any, d: Any, T0: Any, r2: Any, sigma2_0: Any) -> Any:
    r"""$r^2 (1 - T_0/d) + n\,\sigma_0^2\frac{T_0}{d - T_0 - 1}$, one design for all generators (derived; $\Sigma = I$)."""
    return r2 * (1 - T0 / d) + n * sigma2_0 * T0 / (d - T0 - 1)


@_OVER
def independent(n: Any, d: Any, T0: Any, r2: Any, sigma2_0: Any) -> Any:
    r"""$r^2 (1 - a^n) + v_0\frac{1 - a^n}{1 - a}$, $a = T_0/d$, $v_0 = \frac{\sigma_0^2 T_0}{d - T_0 - 1}$, fresh designs
    (derived; $\Sigma = I$)."""
    a = T0 / d
    return (r2 + sigma2_0 * T0 / (d - T0 - 1) / (1 - a)) * (1 - a**n)


@domain(
    ("T <= d - 2", "T0 >= d + 2"), n=Integers(0), d=Integers(3), T=Integers(1), T0=Integers(1), r2=NonNegative,
    sigma2=NonNegative, sigma2_0=NonNegative,
)  # fmt: skip
def least_norm_student(n: Any, d: Any, T: Any, T0: Any, r2: Any, sigma2: Any, sigma2_0: Any) -> Any:
    r"""$r^2 (1 - \tfrac Td) + \tfrac Td\,\frac{n\,\sigma_0^2 d}{T_0 - d - 1} + \frac{\sigma^2 T}{d - T - 1}$ (derived)."""
    return r2 * (1 - T / d) + T / d * n * sigma2_0 * d / (T0 - d - 1) + sigma2 * T / (d - T - 1)


_LAW = domain(beta=Interval("(1, oo)"), r=Positive)


@_LAW
def critical(beta: Any, r: Any) -> Any:
    r"""$\ell_{crit} = \frac{\beta}{2\underline r\beta + 1}$, $\underline r = \min(r, 1)$: the best penalty $T^{-\ell}$ on clean data."""
    return beta / (2 * min(r, 1) * beta + 1)


@_LAW
def clean_exponent(beta: Any, r: Any) -> Any:
    r"""$c = \frac{2\underline r\beta}{2\underline r\beta + 1}$: clean data with that penalty have an error of order $T^{-c}$."""
    return 2 * min(r, 1) * beta / (2 * min(r, 1) * beta + 1)


@_LAW & domain("ell < beta", ell=NonNegative)
def bias_exponent(ell: Any, beta: Any, r: Any) -> Any:
    r"""$-2\underline r\ell$, of the bias with the penalty $T^{-\ell}$: Theorem 5.1."""
    return -2 * min(r, 1) * ell


@domain("ell < beta", ell=NonNegative, beta=Interval("(1, oo)"))
def variance_exponent(ell: Any, beta: Any) -> Any:
    r"""$-(1 - \ell/\beta)$, of the variance with the penalty $T^{-\ell}$: Theorem 5.1."""
    return -(1 - ell / beta)


@domain("ell < beta", ell=NonNegative, beta=Interval("(1, oo)"), b=Positive)
def collapse_exponent(ell: Any, beta: Any, b: Any) -> Any:
    r"""$\max(1 - b, 0) - (1 - \ell/\beta)$, of $\max(T/T_0, \phi_0)\,T^{-(1 - \ell/\beta)}$, $T_0 \sim T^b$: Theorem 5.1."""
    return max(1 - b, 0) - (1 - ell / beta)


@_LAW & domain("b > a", a=NonNegative, b=Positive)
def adaptive_exponent_printed(a: Any, b: Any, beta: Any, r: Any) -> Any:
    r"""$-(b - a) c$, of the error at the best penalty for $n\sigma_0^2 \sim T^a$, $T_0 \sim T^b$: Corollary 5.2 as printed."""
    return -(b - a) * clean_exponent(beta, r)


@_LAW & domain("min(b, 1) > a", a=NonNegative, b=Positive)
def adaptive_exponent(a: Any, b: Any, beta: Any, r: Any) -> Any:
    r"""$-(\min(b, 1) - a) c$, what Theorem 5.1 implies in place of Corollary 5.2."""
    return -(min(b, 1) - a) * clean_exponent(beta, r)


@_LAW & domain("min(b, 1) > a", a=NonNegative, b=Positive)
def adaptive_penalty(a: Any, b: Any, beta: Any, r: Any) -> Any:
    r"""$\ell_* = (\min(b, 1) - a)\,\ell_{crit}$, of the best penalty $T^{-\ell_*}$ by Theorem 5.1."""
    return (min(b, 1) - a) * critical(beta, r)


@_LAW & domain(a=NonNegative, b=Positive)
def clean_penalty_exponent(a: Any, b: Any, beta: Any, r: Any) -> Any:
    r"""$-(c + b - a - 1)$, of the error with the penalty that is best on clean data, b <= 1: beside Corollary 5.2."""
    return -(clean_exponent(beta, r) + b - a - 1)
