"""The smallest value of a law, by brackets that rounding cannot deceive. Imports no JAX."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from collapse_jax.laws._check import real, whole
from collapse_jax.laws.domain import Integers, Positive, Real, domain
from collapse_jax.optimise.optimum import Optimum, where

_SECTIONS = 8


@domain("low < high", low=Real, high=Real, points=Integers(3), rounding=Positive)
def bracket(
    law: Callable[[float], Any],
    low: float | int,
    high: float | int,
    *,
    points: int = 33,
    log: bool = False,
    rounding: float = 1e-14,
) -> Optimum:
    r"""Where a function with one minimum is smallest, between limits that hold for certain.

    Of $x < y$ with $f(x) > f(y)$ by more than rounding the minimum lies to the right of x, with $f(x) < f(y)$ to the
    left of y; the range is cut into sections until no two of their ends can be told apart. That leaves about
    $\sqrt{\text{rounding} \cdot f / f''}$ on either side: near its minimum a function says no more.

    **Args**: `law`: f, from a float to a number; `low`, `high`: the range, ends included; `points`: of the first grid,
    on which a second minimum is noticed; `log`: whether the grids are even in log x; `rounding`: relative error of f.

    **Returns**: the `Optimum`, `alpha` 0.

    **Raises**: ValueError for an empty range, one that a logarithm does not have, values that are not finite, and a
    second minimum on a grid.

    >>> best = bracket(lambda w: (w**2 + (1 - w) ** 2) / (w * (2 - w)), 0.05, 1)
    >>> round(best.argmin, 6), 0.6180339887498949 in best, best.half_width < 1e-6
    (0.618034, True, True)
    """
    grid = np.geomspace if log else np.linspace
    low, high, count, done = real(low), real(high), whole(points), {}
    if log and low <= 0:
        raise ValueError(f"a logarithmic grid cannot begin at {low:g}; use low > 0, or log=False")

    def value(x: float) -> float:
        if x not in done:
            done[x] = real(law(x))
        if not math.isfinite(done[x]):
            raise ValueError(f"the law is {done[x]} at {x:g}; narrow the range to where it is finite")
        return done[x]

    left, right = low, high
    for _ in range(64):
        x = grid(left, right, count)
        x[0], x[-1], count = left, right, _SECTIONS + 1
        f = np.array([value(float(at)) for at in x])
        before, after = _certain(x, f, rounding)
        if before > after:
            raise ValueError(
                f"the law has more than one minimum between {low:g} and {high:g} (near {after:g} and {before:g}); "
                "narrow the range to one of them"
            )
        shrunk = after - before < 0.9 * (right - left)
        left, right = before, after
        if not shrunk:
            break
    interval = float(left), float(right)
    found = where(interval, low, high)
    argmin = {"low end": low, "high end": high}.get(found, (left + right) / 2)
    return Optimum(float(argmin), interval, value(float(argmin)), found, 0.0, len(done))


def _certain(x: np.ndarray, f: np.ndarray, rounding: float) -> tuple[float, float]:
    """Limits of the minimum, from values that carry a relative error of `rounding`."""
    noise = rounding * np.abs(f)
    best_right = np.minimum.accumulate((f + noise)[::-1])[::-1]
    best_left = np.minimum.accumulate(f + noise)
    falls = np.flatnonzero(best_right[1:] < (f - noise)[:-1])
    rises = np.flatnonzero(best_left[:-1] < (f - noise)[1:])
    return float(x[falls[-1]] if len(falls) else x[0]), float(x[rises[0] + 1] if len(rises) else x[-1])
