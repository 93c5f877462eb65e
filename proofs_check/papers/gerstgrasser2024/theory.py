r"""Linear regression under replacement and accumulation (Gerstgrasser et al. 2024, arXiv 2404.01413), and variants.

$x \sim N(0, \Sigma)$ in d dimensions, T rows per generation, noise variance $\sigma^2$, least squares; the error is the
excess test risk $E\|w_t - w^*\|_\Sigma^2$, the same for every $\Sigma$ and $w^*$. Generation t = 1 is the fit on real
labels. The body of the paper was not available to us: theorem wordings are from notes that quote them, and each formula
was derived again.
"""

from collections.abc import Sequence
from typing import Any

from collapse_jax.laws.domain import Integers, NonNegative, Probability, domain
from collapse_jax.laws.identities import harmonic2, one_fit, times, total
from collapse_jax.laws.special import digamma, pi

__all__ = [
    "accumulate",
    "accumulate_bound",
    "accumulate_fresh",
    "accumulate_fresh_limit",
    "fixed_real",
    "replace",
    "replace_multiple",
    "replace_multiple_fresh",
    "ridge_bias",
    "ridge_ceiling",
    "subsample",
]


_FIT = domain("T >= d + 2", d=Integers(1), T=Integers(1), sigma2=NonNegative)
_RISK = domain(t=Integers(0)) & _FIT


@_RISK
def replace(t: Any, d: Any, T: Any, sigma2: Any) -> Any:
    r"""$\frac{\sigma^2 d}{T - d - 1}\, t$, for shared and for fresh designs."""
    return one_fit(d, T, sigma2) * t


@_RISK
def accumulate(t: Any, d: Any, T: Any, sigma2: Any) -> Any:
    r"""Theorem 2, shared design: $\frac{\sigma^2 d}{T - d - 1} \sum_{i \le t} i^{-2}$."""
    return one_fit(d, T, sigma2) * harmonic2(t)


@_FIT
def accumulate_bound(d: Any, T: Any, sigma2: Any) -> Any:
    r"""The ceiling of Theorem 2, $\frac{\sigma^2 d}{T - d - 1} \frac{\pi^2}{6}$, approached as $t \to \infty$."""
    return one_fit(d, T, sigma2) * pi(sigma2) ** 2 / 6


@domain(("first(T) >= d + 2", "t <= len(T)"), t=Integers(0), d=Integers(1), T=Integers(1), sigma2=NonNegative)
def accumulate_fresh(t: Any, d: Any, T: Any, sigma2: Any) -> Any:
    r"""Fresh designs: $\sigma^2 d \sum_{i \le t} \frac{T_i / N_i}{N_i - d - 1}$, $N_i = T_1 + \cdots + T_i$ (derived).

    For constant T, $\sigma^2 d \sum_i \frac{1}{i (i T - d - 1)}$, strictly below Theorem 2 from t = 2 on.
    """

    def term(i):
        size, rows = (T[i - 1], sum(T[:i])) if isinstance(T, Sequence) else (T, i * T)
        return size / rows / (rows - d - 1)

    return sigma2 * d * total(t, term)


@_FIT
def accumulate_fresh_limit(d: Any, T: Any, sigma2: Any) -> Any:
    r"""$-\frac{\sigma^2 d}{d + 1} \left[\gamma + \psi\left(1 - \frac{d + 1}{T}\right)\right]$ (derived)."""
    euler = 0.5772156649015329
    return -sigma2 * d / (d + 1) * (euler + digamma(1 - (d + 1) / T))


@_RISK
def replace_multiple(t: Any, d: Any, T: Any, sigma2: Any) -> Any:
    r"""Fit t on t T rows, all labelled by model t - 1, X stacked t times: $\frac{\sigma^2 d}{T - d - 1} \sum_{i \le t} \frac1i$ (derived)."""
    return one_fit(d, T, sigma2) * total(t, lambda i: 1 / i)


@_RISK
def replace_multiple_fresh(t: Any, d: Any, T: Any, sigma2: Any) -> Any:
    r"""The same with fresh designs: $\sigma^2 d \sum_{i \le t} \frac{1}{i T - d - 1}$ (derived)."""
    return total(t, lambda i: one_fit(d, i * T, sigma2))


@domain("n_real >= d + 2", t=Integers(1), d=Integers(1), n_real=Integers(1), n=Integers(1), sigma2=NonNegative)
def fixed_real(t: Any, d: Any, n_real: Any, n: Any, sigma2: Any) -> Any:
    r"""One real set reused, n fresh rows from the last model: $\frac{\sigma^2 d}{n_1}\bigl[1 + \frac{p_2}{1 + p_2}(1 - p_2^{2 (t - 1)})\bigr]$.

    $p_2 = n / (n_1 + n)$, $n_1$ = `n_real`. Leading order in $d / n_1$ (derived); the factor stays below 3/2.
    """
    p2 = n / (n_real + n)
    return sigma2 * d / n_real * (1 + p2 / (1 + p2) * (1 - p2 ** (2 * (t - 1))))


@domain(t=Integers(0), m=Probability)
def ridge_bias(t: Any, m: Any) -> Any:
    r"""What is left of an eigencomponent of $w^*$ after t accumulated fits with a per-sample penalty: $\prod_{k=1}^{t} \frac{k - 1 + m}{k} = \frac{\Gamma(t + m)}{\Gamma(t + 1)\Gamma(m)}$.

    $m = s / (s + \lambda)$ for an eigenvalue s of $X'X / T$; tends to 0 as $t^{-\lambda / (s + \lambda)}$ (derived, shared design).
    """
    return times(t, lambda k: (k - 1 + m) / k)


@domain("T >= d + 4", d=Integers(1), T=Integers(1), sigma2=NonNegative, strength=NonNegative, w2=NonNegative)
def ridge_ceiling(d: Any, T: Any, sigma2: Any, strength: Any, w2: Any) -> Any:
    r"""Accumulation with an absolute penalty $\lambda$: a ceiling for every t, isotropic features, $T \ge d + 4$ (derived).

    $\lambda^2 \|w^*\|^2 \frac{T - 1}{(T - d)(T - d - 1)(T - d - 3)} + \frac{\sigma^2 d}{T - d - 1}\frac{\pi^2}{6}$: the bias is
    frozen at the first fit, where it is at most $\lambda^2 \|w^*\|^2 E\,\mathrm{tr}\,G^{-2} / d$, and a penalty only shrinks noise.
    """
    bias = strength**2 * w2 * (T - 1) / ((T - d) * (T - d - 1) * (T - d - 3))
    return bias + accumulate_bound(d, T, sigma2)


@domain("T >= d", t=Integers(1), d=Integers(1), T=Integers(1), sigma2=NonNegative)
def subsample(t: Any, d: Any, T: Any, sigma2: Any) -> Any:
    r"""Accumulate, fit T of the t T rows: $\frac{\sigma^2 d}{T} \bigl[2 - \frac1t + \sum_{k=2}^{t} \frac{1}{k^2} \bigl(2 - \frac{1}{k - 1}\bigr)\bigr]$, leading order in d / T (derived).

    The factor is $M_t + 1 - \frac1t$ with $M_1 = 1$ and $M_t = M_{t-1} + (2 - \frac{1}{t-1}) / t^2$; it rises to
    $\pi^2/2 - 2$.
    """
    drift = total(t - 1, lambda k: (2 - 1 / k) / (k + 1) ** 2)
    return sigma2 * d / T * (2 - 1 / t + drift)
