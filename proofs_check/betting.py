r"""The capital of a bettor against "the mean is m", bounded from below by merged moments alone.

For numbers $y_1, y_2, \dots$ of mean at most 0 that never fall below -1 the capital $\prod (1 + y_i)$ has expectation
at most 1, so by Ville's inequality it ever reaches $1/\alpha$ with probability at most $\alpha$: after any number of
looks, with nothing spent on looking. Stakes are not tuned on the data: the capital is the mean over a fixed grid.

The capital needs every value; these bounds of its logarithm need count, mean, $M_2$, $M_3$, $M_4$, which merge:

- $X \ge a$, a bet that the mean is larger, $y = f (X - m)/(m - a)$ with $0 < f < 1$, so $y \ge -f$. There
  $\log(1 + y) \ge y - K_2(f) y^2$ (Fan, Grama and Liu 2015) and
  $\log(1 + y) \ge y - y^2/2 + y^3/3 - K_4(f) y^4$, where $-\log(1 - f) = f + f^2 K_2 = f + f^2/2 + f^3/3 + f^4 K_4$:
  $(y - y^2/2 + y^3/3 - \log(1 + y))/y^4 = \int_0^1 s^3/(1 + ys)\,ds$ falls with y. For $X \le b$ all is mirrored.
- $\operatorname{Var} X \le v$: $\exp(y - y^2/6) \le 1 + y + y^2/3$ for every real y (Delyon 2009), so with
  $y = k (X - m)/\sqrt v$ the product of $\exp(y - y^2/6 - k^2/3)$ is such a capital, whatever the tails are.

Every function broadcasts over arrays of moments and of m, the stakes on a leading axis of their own.
"""

from typing import Any

import numpy as np

__all__ = ["against_bounded", "against_cut", "against_spread", "powers"]

# Of the stake that could ruin; in units of 1/sqrt(v); in units of 1/unit, absolute.
_FRACTIONS = np.concatenate([0.5 ** np.arange(18, 0, -1), [0.75, 0.9, 0.98]])
_STAKES = 0.5 ** np.arange(13.0, 0.0, -1)
_ABSOLUTE = 2.0 ** np.arange(-22.0, 10.0)
_LEAST = 1e-290  # powers below are not exact


def against_bounded(moments: Any, m: Any, edge: Any, sign: int) -> np.ndarray:
    """Log capital against "mean = m" of values with sign (X - edge) >= 0; sign 1 bets that their mean is larger."""
    return _mean(_bounded(moments, m, edge, sign, _stakes(_FRACTIONS, m)))


def against_cut(moments: Any, m: Any, edge: Any, sign: int, unit: float) -> np.ndarray:
    """The same with stakes fixed in units of 1/`unit`, those left out that could ruin."""
    return _mean(_bounded(moments, m, edge, sign, _stakes(_ABSOLUTE, m) * sign * (m - edge) / unit))


def against_spread(moments: Any, m: Any, variance: Any, sign: int) -> np.ndarray:
    """Log capital against "mean = m" of values whose variance is at most `variance`."""
    first, second, _, _ = powers(moments, m, sign)
    stakes = _stakes(_STAKES, m)
    return _mean(stakes * first / np.sqrt(variance) - stakes**2 * (second / variance + 2 * moments.count) / 6)


def powers(moments: Any, m: Any, sign: int = 1) -> tuple[np.ndarray, ...]:
    r"""$\sum_i (s (x_i - m))^k$ for k = 1 .. 4, s the sign."""
    n, shift = moments.count, moments.mean - m
    square = shift * shift
    with np.errstate(over="ignore", invalid="ignore"):
        third = moments.m3 + 3 * shift * moments.m2 + n * square * shift
        fourth = moments.m4 + 4 * shift * moments.m3 + 6 * square * moments.m2 + n * square * square
        return sign * n * shift, moments.m2 + n * square, sign * third, np.maximum(fourth, 0)


def _bounded(moments, m, edge, sign: int, f) -> np.ndarray:
    """Lower bounds of the log capital at the stakes f, fractions of the ruinous one; -inf where f is none."""
    room = sign * (m - edge)
    allowed = (f > 0) & (f < 1) & (room > 0)
    f, room = np.where(allowed, f, 0.5), np.where(room > 0, room, 1)
    with np.errstate(over="ignore", invalid="ignore", divide="ignore", under="ignore"):
        first, second, third, fourth = (total / room**k for k, total in enumerate(powers(moments, m, sign), 1))
        two = np.where(room**2 > _LEAST, f * first - _rest(f, 2) * second, -np.inf)
        four = f * first - f**2 * second / 2 + f**3 * third / 3 - _rest(f, 4) * fourth
        best = np.fmax(two, np.where(room**4 > _LEAST, four, -np.inf))
    return np.where(allowed & ~np.isnan(best), best, -np.inf)


def _rest(f: np.ndarray, k: int) -> np.ndarray:
    """$f^k K_k(f)$, that is -log(1 - f) without its terms below f^k; a series where that would cancel."""
    small, series = np.minimum(f, 0.1), 0.0
    for j in range(k + 16, k - 1, -1):
        series = series * small + 1 / j
    return np.where(f < 0.1, series * small**k, -np.log1p(-f) - sum(f**j / j for j in range(1, k)))


def _stakes(values: np.ndarray, like: Any) -> np.ndarray:
    return values.reshape(-1, *(1,) * np.ndim(like))


def _mean(log_capitals: np.ndarray) -> np.ndarray:
    """Logarithm of the mean over the stakes."""
    top = np.max(log_capitals, 0)
    top = np.where(np.isfinite(top), top, 0)
    with np.errstate(divide="ignore"):
        return top + np.log(np.mean(np.exp(log_capitals - top), 0))
