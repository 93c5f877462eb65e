r"""Kernel density estimates of normal data, refitted on their own draws (derived; no text of the paper's theorem was read).

The truth is $N(0, \sigma^2 I_d)$, the kernel $N(0, h^2 I_d)$ with h the same in all generations unless said otherwise;
n observations per generation. With $\kappa = e^{-h^2 |w|^2/2}$ the expected characteristic function of the data, and its
expected square, are polynomials in $\kappa$, so that the integrated squared error is a sum of normal densities.
"""

import math
from typing import Any

from collapse_jax.laws.domain import Integers, Positive, domain
from collapse_jax.laws.identities import total
from collapse_jax.laws.special import log

_SETTING = domain(t=Integers(1), n=Integers(1), h=Positive, sigma=Positive, d=Integers(1))


def _bump(variance: Any, d: int) -> Any:
    r"""$(4 \pi v)^{-d/2}$, the integral of the square of the density of $N(0, v I_d)$."""
    return (4 * math.pi * variance) ** (-d / 2)


def _error(mean: list[Any], noise: list[Any], signal: list[Any], h: Any, sigma: Any, d: int) -> Any:
    r"""$E\int(f - p)^2$ from $E c = \varphi \sum a_m \kappa^m$ and $E|c|^2 = \sum (b_m + c_m |\varphi|^2) \kappa^m$."""
    value = _bump(sigma**2, d)
    for m, a in enumerate(mean):
        value = value - 2 * a * _bump(sigma**2 + (m + 1) * h**2 / 2, d)
    for m, (b, c) in enumerate(zip(noise, signal, strict=True)):
        value = value + b * _bump((m + 2) * h**2 / 2, d) + c * _bump(sigma**2 + (m + 2) * h**2 / 2, d)
    return value


def _sum(*parts: tuple[Any, int, list[Any]]) -> list[Any]:
    r"""$\sum_i w_i \kappa^{m_i} p_i(\kappa)$ from triples (w, m, p)."""
    whole = [0] * max(shift + len(poly) for _, shift, poly in parts)
    for weight, shift, poly in parts:
        for m, coefficient in enumerate(poly, shift):
            whole[m] = whole[m] + weight * coefficient
    return whole


@_SETTING
def replace(t: int, n: Any, h: Any, sigma: Any, d: int) -> Any:
    r"""$E\int (f_t - p)^2$ under replacement, $G(v) = (4 \pi v)^{-d/2}$:

    $\sum_{j<t} \tfrac1n (1 - \tfrac1n)^j G((j + 1) h^2) + (1 - \tfrac1n)^t G(\sigma^2 + t h^2) - 2 G(\sigma^2 + \tfrac t2 h^2)
    + G(\sigma^2)$; it tends to G(sigma^2) where the law is forgotten and n is large.
    """
    kept = 1 - 1 / n
    noise = total(t, lambda j: kept ** (j - 1) / n * _bump(j * h**2, d))
    v = sigma**2
    return noise + kept**t * _bump(v + t * h**2, d) - 2 * _bump(v + t * h**2 / 2, d) + _bump(v, d)


@_SETTING
def accumulate(t: int, n: Any, h: Any, sigma: Any, d: int) -> Any:
    r"""$E\int (f_t - p)^2$ under accumulation: with $S_t$ the sum of $e^{i w x}$ over the pool of t n,

    $E S_t = n \varphi \prod_{s<t} (1 + \kappa/s)$ and
    $E|S_{t+1}|^2 = E|S_t|^2 \bigl(1 + \tfrac{2 \kappa}{t} + (1 - \tfrac1n) \tfrac{\kappa^2}{t^2}\bigr) + n$.
    """
    mean, noise, signal = [1], [n], [n**2 - n]
    for s in range(1, t):
        mean = _sum((1, 0, mean), (1 / s, 1, mean))
        grown = [_sum((1, 0, b), (2 / s, 1, b), ((1 - 1 / n) / s**2, 2, b)) for b in (noise, signal)]
        noise, signal = _sum((1, 0, grown[0]), (n, 0, [1])), grown[1]
    size = (n * t) ** 2
    return _error([a / t for a in mean], [b / size for b in noise], [c / size for c in signal], h, sigma, d)


@_SETTING & domain(n_real=Integers(1))
def fresh(t: int, n: Any, n_real: Any, h: Any, sigma: Any, d: int) -> Any:
    r"""$E\int (f_t - p)^2$ with n_real new real points beside n synthetic ones in every fit, p and q their shares:

    $a' = p \varphi + q \kappa a$ and $b' = p^2 (\tfrac1{n_r} + (1 - \tfrac1{n_r}) |\varphi|^2) + q^2 (\tfrac1n + (1 - \tfrac1n)
    \kappa^2 b) + 2 p q \kappa \operatorname{Re}(\bar\varphi a)$; the first fit sees the real points alone.
    """
    p, q = n_real / (n_real + n), n / (n_real + n)
    mean, noise, signal = [1], [1 / n_real], [1 - 1 / n_real]
    for _ in range(1, t):
        fed = q**2 * (1 - 1 / n)
        noise = _sum((p**2 / n_real + q**2 / n, 0, [1]), (fed, 2, noise))
        signal = _sum((p**2 * (1 - 1 / n_real), 0, [1]), (fed, 2, signal), (2 * p * q, 1, mean))
        mean = _sum((p, 0, [1]), (q, 1, mean))
    return _error(mean, noise, signal, h, sigma, d)


@_SETTING & domain(n_real=Integers(1))
def fixed_real(t: int, n: Any, n_real: Any, h: Any, sigma: Any, d: int) -> Any:
    r"""$E\int (f_t - p)^2$ with the same n_real real points in every fit, p and q the shares of real and synthetic ones.

    $e_t = E \operatorname{Re}(c_t \bar c_{\mathrm{real}})$ joins: $e' = p E_0 + q \kappa e$ and
    $b' = p^2 E_0 + q^2 (\tfrac1n + (1 - \tfrac1n) \kappa^2 b) + 2 p q \kappa e$, from $b = e = E_0 = \tfrac1{n_r} + (1 -
    \tfrac1{n_r})|\varphi|^2$.
    """
    p, q = n_real / (n_real + n), n / (n_real + n)
    first = ([1 / n_real], [1 - 1 / n_real])
    mean, beside, square = [1], first, first
    for _ in range(1, t):
        fed, own = q**2 * (1 - 1 / n), ([q**2 / n], [0])
        square = tuple(
            _sum((p**2, 0, e0), (1, 0, drawn), (fed, 2, b), (2 * p * q, 1, e))
            for e0, drawn, b, e in zip(first, own, square, beside, strict=True)
        )
        beside = tuple(_sum((p, 0, e0), (q, 1, e)) for e0, e in zip(first, beside, strict=True))
        mean = _sum((p, 0, [1]), (q, 1, mean))
    return _error(mean, square[0], square[1], h, sigma, d)


@_SETTING.only(("t", "h", "sigma"))
def replace_second_moment(t: Any, h: Any, sigma: Any) -> Any:
    r"""$E \int x^2 f_t = \sigma^2 + t h^2$ along each axis: every generation adds one kernel."""
    return sigma**2 + t * h**2


@_SETTING.only(("t", "h", "sigma"))
def accumulate_second_moment(t: Any, h: Any, sigma: Any) -> Any:
    r"""$E \int x^2 f_t = \sigma^2 + h^2 H_t$, harmonic numbers: the spread grows as $h^2 \log t$, without end."""
    return sigma**2 + h**2 * total(t, lambda k: 1 / k)


@_SETTING.only(("t", "n", "h", "sigma"))
def replace_spread(t: Any, n: Any, h: Any, sigma: Any) -> Any:
    r"""$E \operatorname{Var} f_t = V_t + h^2$, $V_{t+1} = (1 - \tfrac1n)(V_t + h^2)$, $V_1 = (1 - \tfrac1n) \sigma^2$: towards $n h^2$."""
    limit = (n - 1) * h**2
    return limit + h**2 + (1 - 1 / n) ** (t - 1) * ((1 - 1 / n) * sigma**2 - limit)


@_SETTING.only(("t", "n", "h", "sigma"))
def accumulate_spread(t: int, n: Any, h: Any, sigma: Any) -> Any:
    r"""$E \operatorname{Var} f_t = V_t + h^2$ with $V_{t+1} = V_t + \frac{h^2}{t+1} - \frac{V_t + h^2}{n (t+1)^2}$, $V_1 = (1 - \tfrac1n) \sigma^2$."""
    v = (1 - 1 / n) * sigma**2
    for s in range(1, t):
        v = v + h**2 / (s + 1) - (v + h**2) / (n * (s + 1) ** 2)
    return v + h**2


@_SETTING.only(("t", "n", "sigma", "d"))
def scott_second_moment(t: Any, n: Any, sigma: Any, d: int) -> Any:
    r"""$E \int x^2 f_t = \sigma^2 + h_t^2 + \sum_{s<t} \frac{h_s^2}{s + 1}$ under accumulation with $h_s = (s n)^{-1/(d+4)}$.

    It converges, as $\sum h_s^2/s$ does: a bandwidth that narrows as the pool grows stops the logarithmic spread.
    """

    def square(s):
        return (s * n) ** (-2 / (d + 4))

    return sigma**2 + square(t) + total(t - 1, lambda s: square(s) / (s + 1))


@_SETTING.only(("t", "h", "sigma", "d"))
def nll_lower(t: Any, h: Any, sigma: Any, d: int) -> Any:
    r"""$E\,\mathrm{NLL}_t \ge \frac d2 \log 2 \pi (\sigma^2 + t h^2) + \frac{d \sigma^2}{2 (\sigma^2 + t h^2)}$: Jensen, over the models."""
    v = sigma**2 + t * h**2
    return d / 2 * log(2 * math.pi * v) + d * sigma**2 / (2 * v)


@_SETTING.only(("t", "h", "sigma", "d"))
def nll_upper(t: Any, h: Any, sigma: Any, d: int) -> Any:
    r"""$E\,\mathrm{NLL}_t \le \frac d2 \log 2 \pi h^2 + d\,\frac{2 \sigma^2 + (t - 1) h^2}{2 h^2}$: Jensen, over the kernels; equal for n = 1."""
    return d / 2 * log(2 * math.pi * h**2) + d * (2 * sigma**2 + (t - 1) * h**2) / (2 * h**2)


@_SETTING.only(("t", "h", "sigma"))
def nll_of_two(t: int, h: float, sigma: float) -> float:
    r"""$E\,\mathrm{NLL}_t$ under replacement with n = 2 points, d = 1: `nll_upper` less $E \log\cosh \frac{u \delta}{2 h^2}$.

    $\delta$ is the distance of the two points and u that of a new observation from their middle. Given that their lines
    of descent meet k generations back, which has probability $2^{-k}$, they are independent and normal with variances
    $2 k h^2$ and $\sigma^2 + \sigma^2 + (t - 1 - k) h^2 + k h^2/2$.
    """
    value = nll_upper(t, h, sigma, 1)
    for k in range(1, min(t, 200) + 1):
        if k < t:
            weight, apart = 2.0**-k, 2 * k * h**2
            middle = sigma**2 + (t - 1 - k) * h**2 + k * h**2 / 2
        else:
            weight, middle = 2.0 ** (1 - t), (sigma**2 + (t - 1) * h**2) / 2
            apart = 4 * middle
        value -= weight * _log_cosh(math.sqrt(apart * (sigma**2 + middle)) / (2 * h**2))
    return value


def _log_cosh(a: float) -> float:
    r"""$E \log\cosh(a z z')$ of independent standard normals, whose product has the density $K_0(|x|)/\pi$."""
    import numpy as np
    from scipy.special import k0

    y = np.linspace(-60, math.log(50), 4001)
    x = np.exp(y)
    slack = np.sum(np.log1p(np.exp(-2 * a * x)) * k0(x) * x) * (y[1] - y[0])
    return a * 2 / math.pi - math.log(2) + 2 / math.pi * float(slack)
