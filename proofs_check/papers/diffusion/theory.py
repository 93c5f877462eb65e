r"""Diffusion models with the exact score of Gaussian data, and of an empirical law (all derived).

Data are noised by $dX = -X\,dt + \sqrt2\,dW$ up to the time T; the generator starts there from $N(0, 1)$ and stops at
$t_0$. v is the variance of the data along one direction, $v_t = 1 + (v - 1) e^{-2t}$.
"""

from typing import Any

from collapse_jax.laws.domain import Integers, Interval, NonNegative, Positive, domain
from collapse_jax.laws.special import digamma, exp, log

__all__ = [
    "guided",
    "guided_between",
    "guided_loop",
    "guided_sampled",
    "noised",
    "ode",
    "ode_loop",
    "ode_rate",
    "ode_sampled",
    "ode_sampled_variance",
    "retained",
    "score_loop",
    "score_loop_variance",
    "sde",
    "sde_rate",
]

_TIMES = domain("stop < T", v=Positive, T=Positive, stop=NonNegative, t=Integers(0))
_GUIDED = domain(v=Positive, V=Positive, w=Interval("(-1, oo)"), t=Integers(0), n=Integers(2))
_SCORE = domain(t=Integers(1), n=Integers(1), stop=Positive, sigma2=Positive)


@domain(v=Positive, t=NonNegative)
def noised(v: Any, t: Any) -> Any:
    r"""$v_t = 1 + (v - 1) e^{-2t}$."""
    return 1 + (v - 1) * exp(-2 * t)


@_TIMES.only(("v", "T", "stop"))
def ode(v: Any, T: Any, stop: Any) -> Any:
    r"""$v_{t_0} / v_T$: the variance that the probability flow generates."""
    return noised(v, stop) / noised(v, T)


@_TIMES
def ode_loop(t: Any, v: Any, T: Any, stop: Any) -> Any:
    r"""The t-th iterate of `ode`: $v_t - 1 = \frac{v - 1}{r^t + (v - 1)\, b\,r\,\frac{r^t - 1}{r - 1}}$, $r = \frac{1}{e^{-2 t_0} - e^{-2 T}}$, $b = e^{-2T}$."""
    b = exp(-2 * T)
    r = 1 / (exp(-2 * stop) - b)
    return 1 + (v - 1) / (r**t + (v - 1) * b * r * (r**t - 1) / (r - 1))


@_TIMES.only(("T", "stop"))
def ode_rate(T: Any, stop: Any) -> Any:
    r"""$e^{-2 t_0} - e^{-2 T}$, the slope of `ode` at its fixed point 1."""
    return exp(-2 * stop) - exp(-2 * T)


@_TIMES.only(("v", "T", "stop"))
def sde(v: Any, T: Any, stop: Any) -> Any:
    r"""$v_{t_0} + (1 - v_T)\, e^{-2 (T - t_0)}\, v_{t_0}^2 / v_T^2$: the variance that the reverse diffusion generates."""
    last, first = noised(v, stop), noised(v, T)
    return last + (1 - first) * exp(-2 * (T - stop)) * last**2 / first**2


@_TIMES.only(("T", "stop"))
def sde_rate(T: Any, stop: Any) -> Any:
    r"""$e^{-2 t_0} - e^{-2 (2 T - t_0)}$, the slope of `sde` at its fixed point 1."""
    return exp(-2 * stop) - exp(-2 * (2 * T - stop))


@domain(t=Integers(1), v=Positive, stop=NonNegative)
def ode_sampled(t: Any, v: Any, stop: Any) -> Any:
    r"""$E v_t = 1 + (v - 1)\, e^{-2 t_0 (t - 1)}$ at fit t, unbiased variances of n points each, $T = \infty$: for every n."""
    return 1 + (v - 1) * exp(-2 * stop * (t - 1))


@domain(t=Integers(1), n=Integers(2), v=Positive, stop=NonNegative)
def ode_sampled_variance(t: int, n: Any, v: Any, stop: Any) -> Any:
    r"""$\operatorname{Var} v_t$ from $E v_{t+1}^2 = (1 + \frac{2}{n - 1}) E(1 - a + a v_t)^2$, $a = e^{-2 t_0}$."""
    a = exp(-2 * stop)
    mean, square = v, v**2 * (1 + 2 / (n - 1))
    for _ in range(t - 1):
        square = (1 + 2 / (n - 1)) * ((1 - a) ** 2 + 2 * a * (1 - a) * mean + a**2 * square)
        mean = 1 - a + a * mean
    return square - mean**2


@_GUIDED.only(("v", "V", "w"))
def guided(v: Any, V: Any, w: Any) -> Any:
    r"""$v\,(v / V)^w$: the flow with guidance w, $T = \infty$, $t_0 = 0$, unconditional variance V."""
    return v * (v / V) ** w


@domain("stop < T", v=Positive, V=Positive, w=Interval("(-1, oo)"), T=Positive, stop=NonNegative)
def guided_between(v: Any, V: Any, w: Any, T: Any, stop: Any) -> Any:
    r"""$(v_{t_0} / v_T)^{1 + w} (V_T / V_{t_0})^w$: the flow with guidance w from T to $t_0$."""
    return ode(v, T, stop) ** (1 + w) / ode(V, T, stop) ** w


@_GUIDED.only(("t", "v", "V", "w"))
def guided_loop(t: Any, v: Any, V: Any, w: Any) -> Any:
    r"""$\log(v_t / V) = (1 + w)^t \log(v / V)$, the t-th iterate of `guided`."""
    return (1 + w) ** t * log(v / V)


@domain("w > 0", t=Integers(1), n=Integers(2), v=Positive, V=Positive, w=Positive)
def guided_sampled(t: Any, n: Any, v: Any, V: Any, w: Any) -> Any:
    r"""$E \log(v_t / V)$ at fit t on n points each, unbiased variances.

    $(1 + w)^{t - 1} \log\frac v V + e\,\frac{(1 + w)^t - 1}{w}$, $e = \psi(\frac{n - 1}{2}) - \log \frac{n - 1}{2} < 0$.
    """
    half = (n - 1) / 2
    return (1 + w) ** (t - 1) * log(v / V) + (digamma(half) - log(half)) * ((1 + w) ** t - 1) / w


@_SCORE.only(("n", "stop"))
def retained(n: Any, stop: Any) -> Any:
    r"""$\frac{(n - 1) h^2}{1 + (n - 1) h^2}$, $h^2 = 1 - e^{-2 t_0}$: the variance that is left within a sample."""
    spread = (n - 1) * (1 - exp(-2 * stop))
    return spread / (1 + spread)


@_SCORE
def score_loop(t: Any, n: Any, stop: Any, sigma2: Any) -> Any:
    r"""$E V_t = L + [(1 - \frac1n) \sigma^2 - L]\,[(1 - \frac1n) e^{-2 t_0}]^{t - 1}$, L = `retained`.

    Variance within the sample of fit t, of a model that has memorised the one before; n points each, $T = \infty$.
    """
    limit = retained(n, stop)
    return limit + ((1 - 1 / n) * sigma2 - limit) * ((1 - 1 / n) * exp(-2 * stop)) ** (t - 1)


@_SCORE.only(("t", "n", "stop"))
def score_loop_variance(t: int, n: Any, stop: Any) -> Any:
    r"""$\operatorname{Var} V_t$ on data of variance 1, from squared differences of two pairs of points.

    $D_4 = E(x_1 - x_2)^4$, $D_3 = E(x_1 - x_2)^2 (x_1 - x_3)^2$ and $D_2 = E(x_1 - x_2)^2 (x_3 - x_4)^2$ are mapped
    linearly, as children of n points have distinct parents or not; $V = n^{-2} \sum_{i < j} (x_i - x_j)^2$.
    """
    c2 = exp(-2 * stop)
    h2 = 1 - c2
    two, three = 1 - 1 / n, (1 - 1 / n) * (1 - 2 / n)
    pair, d4, d3, d2 = 2, 12, 6, 4
    for _ in range(t - 1):
        d4, d3, d2 = (
            c2**2 * two * d4 + 12 * c2 * h2 * two * pair + 12 * h2**2,
            c2**2 * (three * d3 + two / n * d4) + 6 * c2 * h2 * two * pair + 6 * h2**2,
            c2**2 * (three * (1 - 3 / n) * d2 + 4 * three / n * d3 + 2 * two / n**2 * d4)
            + 4 * c2 * h2 * two * pair
            + 4 * h2**2,
        )
        pair = c2 * two * pair + 2 * h2
    pairs = n * (n - 1) / 2
    square = pairs * (d4 + 2 * (n - 2) * d3 + (n - 2) * (n - 3) / 2 * d2) / n**4
    return square - (two * pair / 2) ** 2
