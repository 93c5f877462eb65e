r"""Labels $w\, y_t + (1 - w)\, \tilde y_t$ (Garg, Bhattacharya and Sur 2025, arXiv 2509.22341); closed forms derived.

Real labels $y_t = X b + \varepsilon_t$, synthetic ones $\tilde y_t = X b_{t-1} + \tilde\varepsilon_t$ on the same rows, n
of them in d dimensions, noise variance $\sigma^2$, $r^2 = \|b\|^2$, isotropic covariates. Fit t = 1 is on real labels
alone. Errors are excess risks $E\|b_t - b\|^2$; $q = (1 - w)^2$.
"""

from typing import Any

from collapse_jax.laws.domain import Integers, Interval, NonNegative, Positive, domain
from collapse_jax.laws.special import sqrt

_WEIGHT = domain(w=Interval("(0, 1]"))
_FIT = domain(t=Integers(1), n=Integers(1), d=Integers(1), sigma2=NonNegative) & _WEIGHT
_WIDE = domain("d >= n + 2", r2=NonNegative) & _FIT
_TALL = domain("n >= d + 2") & _FIT
_SPECTRAL = domain(s=Positive, lam=NonNegative) & _WEIGHT


@_WEIGHT
def limit(w: Any) -> Any:
    r"""$v_\infty = \frac{w^2 + (1 - w)^2}{w (2 - w)}$: the variance of the loop in units of one real fit."""
    return (w**2 + (1 - w) ** 2) / (w * (2 - w))


@domain(t=Integers(1), w=Interval("(0, 1]"))
def variance(t: Any, w: Any) -> Any:
    r"""$v_t = v_\infty + (1 - v_\infty)\, q^{t-1}$, which solves $v_t = w^2 + q\,(1 + v_{t-1})$, $v_1 = 1$."""
    return limit(w) + (1 - limit(w)) * (1 - w) ** (2 * t - 2)


@_WIDE
def minnorm(t: Any, n: Any, d: Any, r2: Any, sigma2: Any, w: Any) -> Any:
    r"""One design, d >= n + 2: $r^2 (1 - \tfrac nd) + \sigma^2 v_t \frac{n}{d - n - 1}$."""
    return r2 * (1 - n / d) + sigma2 * variance(t, w) * n / (d - n - 1)


@_TALL
def ols(t: Any, n: Any, d: Any, sigma2: Any, w: Any) -> Any:
    r"""One design or fresh ones, n >= d + 2: $\sigma^2 v_t \frac{d}{n - d - 1}$."""
    return sigma2 * variance(t, w) * d / (n - d - 1)


@domain(t=Integers(1), m=Interval("(0, 1]"), w=Interval("(0, 1]"))
def ridge_mean(t: Any, m: Any, w: Any) -> Any:
    r"""Share of $b$ along an eigenvector that fit t has in the mean, $m = \frac{s}{s + \lambda}$, $g = (1 - w) m$:

    $$\frac{w m}{1 - g} + \Bigl(m - \frac{w m}{1 - g}\Bigr) g^{t-1}; \qquad
      \frac{w m}{1 - g} = \frac{w s}{w s + \lambda} = \frac{s}{s + \lambda / w}.$$
    """
    g = (1 - w) * m
    end = w * m / (1 - g) if not _is_one(g) else m
    return end + (m - end) * g ** (t - 1)


def _is_one(value: Any) -> bool:
    return isinstance(value, int | float) and value == 1


@domain(t=Integers(1), m=Interval("(0, 1]"), w=Interval("(0, 1]"))
def ridge_variance(t: Any, m: Any, w: Any) -> Any:
    r"""Variance along an eigenvector in units of that of one fit, $\frac{\sigma^2 s}{n (s + \lambda)^2}$: with $g = (1 - w) m$

    $$\frac{w^2 + q}{1 - g^2} + \Bigl(1 - \frac{w^2 + q}{1 - g^2}\Bigr) g^{2 (t-1)}.$$
    """
    g2 = ((1 - w) * m) ** 2
    end = (w**2 + (1 - w) ** 2) / (1 - g2)
    return end + (1 - end) * g2 ** (t - 1)


@domain(t=Integers(1), n=Integers(1), r2=NonNegative, sigma2=NonNegative) & _SPECTRAL
def ridge(t: Any, s: Any, n: Any, r2: Any, sigma2: Any, lam: Any, w: Any) -> Any:
    r"""Ridge on one design, penalty $\lambda\|b\|^2$ beside $\tfrac1n$ of the squares: what one eigenvalue s of $X'X/n$ adds.

    $r^2 (1 - \mu_t)^2 + \frac{\sigma^2 s}{n (s + \lambda)^2} u_t$, with the share $\mu_t$ of `ridge_mean`, the factor
    $u_t$ of `ridge_variance` and $r^2 = \|b\|^2/d$ per direction; the risk is the sum over all d.
    """
    m = s / (s + lam)
    return r2 * (1 - ridge_mean(t, m, w)) ** 2 + sigma2 * s / (n * (s + lam) ** 2) * ridge_variance(t, m, w)


@domain(r2=NonNegative, noise=NonNegative) & _SPECTRAL
def ridge_limit(s: Any, r2: Any, noise: Any, lam: Any, w: Any) -> Any:
    r"""$r^2 \bigl(\frac{\lambda}{w s + \lambda}\bigr)^2 + \nu \frac{s}{(s + \lambda)^2} \frac{w^2 + q}{1 - q\, s^2/(s + \lambda)^2}$ as $t \to \infty$.

    Averaged over the spectrum it is the risk, with $r^2 = \|b\|^2$ and $\nu = \sigma^2 d/n$.
    """
    q, m = (1 - w) ** 2, s / (s + lam)
    return r2 * (lam / (w * s + lam)) ** 2 + noise * s / (s + lam) ** 2 * (w**2 + q) / (1 - q * m**2)


@domain(t=Integers(1), w=Interval("(0, 1]"))
def fixed_labels(t: Any, w: Any) -> Any:
    r"""One set of real labels for ever: $\sum_{j < t} q^j = \frac{1 - q^t}{1 - q}$ times the variance of one real fit."""
    q = (1 - w) ** 2
    return (1 - q**t) / (1 - q)


@_WIDE
def fresh_minnorm(t: Any, n: Any, d: Any, r2: Any, sigma2: Any, w: Any) -> Any:
    r"""New rows at every fit, d >= n + 2, $a = n/d$: $E_t = (1 - a)\, r^2 + a q\, E_{t-1} + \sigma^2 (w^2 + q) \frac{n}{d - n - 1}$.

    $E_1$ has the noise of one fit; in closed form $E_\infty + (E_1 - E_\infty)(a q)^{t-1}$.
    """
    first = r2 * (1 - n / d) + sigma2 * n / (d - n - 1)
    end = fresh_limit(n, d, r2, sigma2, w)
    return end + (first - end) * (n / d * (1 - w) ** 2) ** (t - 1)


@domain("d >= n + 2", n=Integers(1), d=Integers(1), r2=NonNegative, sigma2=NonNegative, w=Interval("(0, 1]"))
def fresh_limit(n: Any, d: Any, r2: Any, sigma2: Any, w: Any) -> Any:
    r"""$\frac{(1 - a)\, r^2 + \sigma^2 (w^2 + q) \frac{n}{d - n - 1}}{1 - a q}$, the limit of `fresh_minnorm`."""
    a, q = n / d, (1 - w) ** 2
    return ((1 - a) * r2 + sigma2 * (w**2 + q) * n / (d - n - 1)) / (1 - a * q)


@domain("d >= n + 2", n=Integers(1), d=Integers(1), r2=NonNegative, sigma2=Positive)
def fresh_weight(n: Any, d: Any, r2: Any, sigma2: Any) -> Any:
    r"""The w that makes `fresh_limit` smallest: $u = 1 - w$ solves $a u^2 - (2 + a + a\rho)\, u + 1 = 0$.

    $\rho = (1 - a)\, r^2 \big/ \frac{\sigma^2 n}{d - n - 1}$, signal over noise; $a = 1$, $\rho = 0$ is the golden ratio.
    """
    a = n / d
    rho = (1 - a) * r2 * (d - n - 1) / (sigma2 * n)
    b = 2 + a + a * rho
    return 1 - 2 / (b + sqrt(b**2 - 4 * a))


@domain(t=Integers(1))
def dynamic(t: Any) -> Any:
    r"""Weights chosen anew at every fit: $v_t = F_{2t-1}/F_{2t}$, Fibonacci numbers, which is also the weight $w_t$ of fit t.

    $v_t = \frac{1 + v_{t-1}}{2 + v_{t-1}}$, $v_1 = 1$: 2/3, 5/8, 13/21, ... In closed form, with the golden ratio
    $\varphi$, $\frac{\varphi^{2t-1} + \varphi^{1-2t}}{\varphi^{2t} - \varphi^{-2t}}$.
    """
    golden = (1 + 5**0.5) / 2
    small = golden ** (-4 * t)
    return (1 / golden + golden * small) / (1 - small)


@domain(v=Positive, k=Positive)
def dynamic_step(v: Any, k: Any) -> Any:
    r"""$\min_w \{w^2 + (1 - w)^2 (v + k)\} = \frac{v + k}{1 + v + k}$, attained at the same w; k is real over synthetic data."""
    return (v + k) / (1 + v + k)


@domain()
def golden_ratio() -> float:
    r"""$\frac{\sqrt 5 - 1}{2} = 0.618\ldots$, the weight at which `limit` is smallest, and its value there."""
    return (5**0.5 - 1) / 2
