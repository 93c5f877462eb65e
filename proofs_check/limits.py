r"""Limits of a mean, each with the licence it rests on. No sample can license a limit: it has not seen its own tail.

- ``bound``: $X \ge a$ licenses the lower limit, $X \le b$ the upper one;
- ``variance``: $\operatorname{Var} X \le v$, or $\le c\,(E X)^2$ for $X \ge 0$, licenses both;
- ``tail``: nothing is known. The limit is exactly valid for the mean of X cut off at its quantile 1 - q (upper) or q
  (lower), so it holds for the mean *unless an event of probability below q moves it by more than delta*. Sharp: an
  event of probability q is absent from R chains with probability $(1 - q)^R$.

Limits by ``bound`` and ``variance`` are right at all looks together with probability 1 - alpha; one by ``tail`` at one.

Why ``tail`` is exact: let Q be the quantile, $(1 - q)^R = \alpha/2$. With probability $1 - \alpha/2$ some chain lies at
or beyond Q, so the maximum bounds $Y = \min(X, Q)$; a stake, fixed in absolute terms, that cannot ruin under the
maximum cannot ruin under Q; and $1 + k (m - Y) \ge 1 + k (m - X)$. So the capital of a bet on Y is at least what is
computed.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

import numpy as np

from proofs_check.betting import against_bounded, against_cut, against_spread, powers

__all__ = ["Known", "Limit", "cut_limit", "licensed_limit", "show_more_variance", "unseen"]

Side = Literal["lower", "upper"]
Licence = Literal["bound", "variance"]


@dataclass(frozen=True)
class Known:
    """What is known of a metric beforehand.

    **Args**: `lower`, `upper`: what no chain can leave; `variance`: at most so large, per generation; `relative`: at
    most so many squares of the mean, of a metric that is not negative.
    """

    lower: float = -math.inf
    upper: float = math.inf
    variance: np.ndarray | None = None
    relative: float | None = None


class Limit(NamedTuple):
    """A limit per generation, infinite where there is none, and the licence of each, "" for none."""

    values: np.ndarray
    by: np.ndarray


def licensed_limit(moments: Any, side: Side, known: Known, alpha: float) -> Limit:
    """The limit that what is known allows, wrong with probability at most alpha at any look ever."""
    sign = 1 if side == "lower" else -1
    edge = known.lower if side == "lower" else known.upper
    none = np.full(np.shape(moments.mean), -sign * math.inf)
    routes: list[tuple[Licence, Callable[[Any], Any], np.ndarray]] = []
    if math.isfinite(edge):
        routes.append(("bound", lambda m: against_bounded(moments, m, edge, sign), np.full(none.shape, edge)))
    if known.variance is not None:
        routes.append(("variance", lambda m: against_spread(moments, m, known.variance, sign), none))
    if known.relative is not None:
        scaled = known.relative

        def relative(m: Any) -> np.ndarray:
            """Stakes are relative to m as well, which keeps every bet monotone in m."""
            positive = np.where(m > 0, m, 1)
            return np.where(m > 0, against_spread(moments, positive, scaled * positive**2, sign), -np.inf)

        routes.append(("variance", relative, none if side == "upper" else np.zeros(none.shape)))
    if not routes:
        return Limit(none, np.full(none.shape, "", "<U8"))
    # Several routes share alpha. The limit farther from the data is dropped, generation by generation.
    threshold = math.log(len(routes) / alpha)
    spread = 0.0 if known.variance is None else np.sqrt(known.variance)
    values = np.stack([_search(capital, moments, sign, far, threshold, spread) for _, capital, far in routes])
    nearest = values.max(0) if side == "lower" else values.min(0)
    names = np.asarray([name for name, _, _ in routes])[np.argmax(values == nearest, 0)]
    return Limit(nearest, np.where(np.isfinite(nearest), names, ""))


def cut_limit(moments: Any, side: Side, alpha: float, unit: float) -> np.ndarray:
    """Limit, at one look, of the mean cut off at the quantile of `unseen`; `unit`: the size of X, fixed beforehand."""
    sign = 1 if side == "lower" else -1
    edge = np.asarray(moments.minimum if side == "lower" else moments.maximum, float)
    return _search(lambda m: against_cut(moments, m, edge, sign, unit), moments, sign, edge, math.log(2 / alpha))


def unseen(chains: float, alpha: float) -> float:
    r"""The q of `cut_limit`, $(1 - q)^R = \alpha/2$: the most likely event that R chains miss with that probability."""
    return -math.expm1(math.log(alpha / 2) / chains)


def show_more_variance(moments: Any, centre: np.ndarray, lower: Any, upper: Any, variance: Any, alpha: float) -> Any:
    """Where the sample shows that the variance exceeds the declared one, at error probability alpha.

    (X - centre)^2 is not negative, so its mean has a lower limit without any licence; a variance of at most `variance`
    about a mean within its limits allows no more than the sum below. `centre` is the stated value, fixed beforehand.
    """
    _, second, _, fourth = powers(moments, centre)
    with np.errstate(over="ignore", invalid="ignore"):
        spread = np.maximum(fourth - second**2 / moments.count, 0)
    unknown = np.full(np.shape(second), np.nan)
    squares = _Squares(moments.count, second / moments.count, spread, unknown, unknown)
    least = licensed_limit(squares, "lower", Known(lower=0.0), alpha).values
    with np.errstate(invalid="ignore"):
        return least > variance + np.maximum(np.abs(lower - centre), np.abs(upper - centre)) ** 2


class _Squares(NamedTuple):
    count: Any
    mean: Any
    m2: Any
    m3: Any
    m4: Any


def _search(
    capital: Callable[[Any], Any], moments: Any, sign: int, far: np.ndarray, threshold: float, spread: Any = 0.0
) -> np.ndarray:
    """The rejected m nearest to the mean that is found; `far`, which needs no proof, where none is.

    It is looked for as far as `far`, else as many sample deviations off as there are values, or a declared `spread`.

    The true capital falls as m moves towards the data, so what lies beyond a rejected m is rejected; its lower bound
    need not fall, so a finer grid is laid only between a rejected m and the kept one before it.
    """
    mean, count = np.asarray(moments.mean, float), moments.count
    with np.errstate(over="ignore", invalid="ignore"):
        error = np.sqrt(np.maximum(moments.m2, 0)) / count
        error = np.where(np.isfinite(error), error, np.abs(mean))
        error = np.maximum(error, np.finfo(float).eps * np.abs(mean)) + np.finfo(float).tiny
        reach = np.where(np.isfinite(far), np.maximum(np.abs(mean - far), error), np.maximum(error * count, spread))
        error = np.maximum(error, reach / (4 * count))  # no limit comes nearer to the mean than this
        kept, rejected = np.zeros(mean.shape), np.full(mean.shape, np.inf)
        widths = error * (reach / error) ** np.linspace(0, 1, 48).reshape(-1, *(1,) * mean.ndim)
        for _ in range(4):
            hit = capital(mean - sign * widths) >= threshold
            found, first = np.any(hit, 0), np.argmax(hit, 0)[None]
            before = np.concatenate([kept[None], widths])
            kept = np.where(found, np.take_along_axis(before, first, 0)[0], kept)
            rejected = np.where(found, np.take_along_axis(widths, first, 0)[0], rejected)
            widths = kept + (rejected - kept) * (np.arange(1, 17) / 16).reshape(-1, *(1,) * mean.ndim)
        return np.where(np.isfinite(rejected), mean - sign * rejected, far)
