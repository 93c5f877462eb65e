r"""Eight definitions of model collapse as exact criteria on expected curves, and what finitely many chains say of them.

Every criterion is a sign, or an interval, of a smooth function of the expected values $q_1, q_s, q_t$ of one quantity
at the first fit, one in between and a later one. Chains of one run are compared with themselves: the covariances of
these means follow from the moments of $q$, $q_t - q_1$ and $q_t - q_s$. Knows no family and no engine.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from collapse_jax.results.curve import Curve
from collapse_jax.results.estimate import simultaneous_t

__all__ = ["Answer", "Track", "Word", "exceeds", "grows", "rescales", "since", "vanishes"]

Word = Literal["yes", "no", "undecided", "not defined"]


@dataclass(frozen=True)
class Answer:
    """A word, what was measured, in words, and what to know before it is quoted.

    **Args**: `word`: "yes" if the criterion holds, "no" if it does not, "undecided" if the chains do not tell, and
    "not defined" for the family; `measured`; `remark`.
    """

    word: Word
    measured: str = ""
    remark: str = ""


def since(name: str, fit: int) -> str:
    """The name under which a run records $q_t - q_s$."""
    return f"{name} since fit {fit}"


@dataclass(frozen=True)
class Track:
    """One quantity of a run at fits 1, `middle` and every t, with the covariances of its means.

    **Args**: `curves`: of a run that recorded the quantity and its differences to fits 1 and `middle`; `chains`: how
    many; `name`: of the quantity; `middle`: s; `bounded`: whether no chain leaves [0, 1].
    """

    curves: Mapping[str, Curve]
    chains: int
    name: str
    middle: int
    bounded: bool = False

    @property
    def curve(self) -> Curve:
        return self.curves[self.name]

    def later(self, fit: int) -> Curve:
        """$q_t - q_s$."""
        return self.curves[since(self.name, fit)]

    @property
    def last(self) -> int:
        return len(self.curve.generations)

    @property
    def freedom(self) -> int:
        return max(self.chains - 1, 1)

    def means(self) -> np.ndarray:
        """Means at fits 1, s and the last."""
        return self.curve.mean[[0, self.middle - 1, self.last - 1]]

    def covariances(self, t: int | None = None) -> np.ndarray:
        """Covariance matrix of the means at fits 1, s and `t`, by default the last."""
        t = self.last if t is None else t
        fits = (1, self.middle, t)
        own = [self.curve.variance[fit - 1] for fit in fits]
        spread = np.diag(np.asarray(own, float))
        for i, j in ((0, 1), (0, 2), (1, 2)):
            apart = self.later(fits[i]).variance[fits[j] - 1]
            spread[i, j] = spread[j, i] = (own[i] + own[j] - apart) / 2
        return spread / self.chains

    def remark(self, fits: Sequence[int] = ()) -> str:
        """Why a mean at these fits is none, or cannot be trusted."""
        places = [fit - 1 for fit in fits] or range(self.last)
        bad = [int(self.curve.nonfinite[i]) for i in places]
        if any(bad):
            return f"{self.name} is not finite in {max(bad):,} chains"
        if any(self.curve.few[i] for i in places):
            return f"few chains carry the mean of {self.name}"
        return ""


def exceeds(track: Track, factor: float | int, alpha: float) -> Answer:
    r"""Whether $q_t > \kappa\, q_1$ for some $t$, $\kappa$ the `factor`.

    Yes if a lower limit of $q_t - \kappa q_1$ is positive, no if no upper limit is; all limits hold at once. Where no
    chain ever differs from its first fit the word is no, and the remark says how rare a difference would go unseen.
    """
    first, own = track.curve.mean[0], track.later(1)
    mean = track.curve.mean - factor * first
    if factor == 1:
        mean, variance = own.mean, own.variance
    else:
        one, each = track.curve.variance[0], track.curve.variance
        variance = each + factor**2 * one - factor * (each + one - own.variance)
    error = np.sqrt(np.maximum(variance, 0) / track.chains)
    half = _quantile(alpha, max(track.last - 1, 1), track.freedom) * error
    doubtful = own.few | ~np.isfinite(mean)
    low = np.where(doubtful, -np.inf, mean - half)[1:]
    high = np.where(doubtful, np.inf, mean + half)[1:]
    largest = int(np.argmax(np.where(np.isfinite(mean), mean, -np.inf)[1:])) + 1
    text = f"largest at t={largest + 1}: {_ratio(track.curve.mean[largest], first)}"
    word: Word = "yes" if np.any(low > 0) else "no" if np.all(high <= 0) else "undecided"
    if not np.any(own.variance) and not np.any(own.mean):
        unseen = _chernoff(0.0, track.chains, alpha)
        return Answer(
            word, text, f"the same at every fit in every chain; less than {unseen:.1g} of them would not be seen"
        )
    return Answer(word, text, "" if word == "yes" else track.remark())


def grows(track: Track, alpha: float) -> Answer:
    r"""Whether $q$ has grown, and its chord over logarithmic time does not flatten.

    $q_G > q_1$ and $\frac{q_G - q_1}{\log G} > \frac{q_s - q_1}{\log s}$, $s = \sqrt G$: at least logarithmic growth.
    """
    value, spread = track.means(), track.covariances()
    slope = np.log(track.last) / np.log(track.middle)
    gain, bend = np.array([-1.0, 0, 1]), np.array([slope - 1, -slope, 1])
    text = f"{_number(value[0])}, {_number(value[1])}, {_number(value[2])} at t={_fits(track)}"
    return _both(track, value, spread, gain, bend, alpha, text)


def vanishes(track: Track, alpha: float) -> Answer:
    r"""Whether $q$ tends to 0: `grows` for $-\log E\,q$.

    Of a quantity within [0, 1] that few chains carry, or none, at the last fit, Chernoff's limit of its mean is used.
    """
    value, spread = track.means(), track.covariances()
    slope = np.log(track.last) / np.log(track.middle)
    text = f"{_number(value[0])}, {_number(value[1])}, {_number(value[2])} at t={_fits(track)}"
    if not (np.all(np.isfinite(value)) and np.all(value[:2] > 0)):
        lost = "all of it is lost by then in every chain; use fewer generations or larger samples"
        return Answer("undecided", text, track.remark() or lost)
    if track.bounded and (value[2] <= 0 or track.curve.few[-1]) and not track.remark((1, track.middle)):
        least = -math.log(_chernoff(max(float(value[2]), 0.0), track.chains, alpha / 2))
        sure = [
            _above(track, least, weights, value, spread, alpha / 2) for weights in ([-1.0, 0.0], [slope - 1, -slope])
        ]
        return Answer("yes" if all(sure) else "undecided", text)
    if value[2] <= 0:
        return Answer("undecided", text, "all of it is lost in every chain; use fewer generations")
    gradient = np.diag(-1 / value)
    gain, bend = np.array([-1.0, 0, 1]), np.array([slope - 1, -slope, 1])
    return _both(track, -np.log(value), gradient @ spread @ gradient, gain, bend, alpha, text)


def rescales(one: Track, other: Track, scale: float | int, exponent: float | int, alpha: float) -> Answer:
    r"""Whether the exponent $a_t$ in $q_t \propto n^{-a_t}$ differs from that of the first fit by more than `exponent`.

    $a_t = \log[q_t(n) / q_t(kn)] / \log k$, from a second run on `scale` k times as many data; t is the last fit.
    """
    change, variance = 0.0, 0.0
    slopes = np.zeros(2)
    for track, sign in ((one, 1), (other, -1)):
        value = track.means()[[0, 2]]
        remark = track.remark((1, track.last))
        if remark or not np.all(value > 0):
            return Answer("undecided", "", remark or f"{track.name} is 0 in every chain")
        spread = track.covariances()[np.ix_([0, 2], [0, 2])]
        gradient = np.array([-1, 1]) / value
        change += sign * float(np.log(value[1] / value[0])) / math.log(scale)
        variance += float(gradient @ spread @ gradient) / math.log(scale) ** 2
        slopes += sign * np.log(value) / math.log(scale)
    half = _quantile(alpha, 1, min(one.freedom, other.freedom)) * math.sqrt(max(variance, 0))
    word: Word = "yes" if abs(change) - half > exponent else "no" if abs(change) + half <= exponent else "undecided"
    return Answer(word, f"exponent {slopes[0]:.3f} at t=1, {slopes[1]:.3f} at t={one.last}")


def _both(
    track: Track, value: np.ndarray, spread: np.ndarray, gain: np.ndarray, bend: np.ndarray, alpha: float, text: str
) -> Answer:
    """Two linear functions of the means, both positive or not."""
    remark = track.remark((1, track.middle, track.last))
    if remark:
        return Answer("undecided", text, remark)
    words = []
    for weights in (gain, bend):
        half = _quantile(alpha, 2, track.freedom) * np.sqrt(max(weights @ spread @ weights, 0))
        words.append((weights @ value - half > 0, weights @ value + half <= 0))
    if all(above for above, _ in words):
        return Answer("yes", text)
    return Answer("no" if any(below for _, below in words) else "undecided", text)


def _above(track: Track, least: float, weights: Sequence[float], value: np.ndarray, spread: np.ndarray, alpha: float):
    """Whether `least` and a linear function of -log of the first two means are positive together."""
    linear = np.asarray(weights, float)
    gradient = -linear / value[:2]
    half = _quantile(alpha, 2, track.freedom) * np.sqrt(gradient @ spread[:2, :2] @ gradient)
    return bool(least + linear @ -np.log(value[:2]) - half > 0)


def _quantile(alpha: float, comparisons: int, freedom: int) -> float:
    return float(simultaneous_t(alpha, comparisons, np.asarray([freedom]))[0])


def _chernoff(mean: float, chains: int, alpha: float) -> float:
    """An upper limit of the expectation of values within [0, 1]: chains * kl(mean, limit) = log(1 / alpha)."""

    def divergence(p: float) -> float:
        part = mean * math.log(mean / p) if mean > 0 else 0.0
        return part + (1 - mean) * math.log((1 - mean) / (1 - p)) if mean < 1 else part

    low, high = mean, 1.0
    for _ in range(200):
        middle = (low + high) / 2
        if middle >= 1 or chains * divergence(middle) > math.log(1 / alpha):
            high = middle
        else:
            low = middle
    return high


def _fits(track: Track) -> str:
    return f"1, {track.middle}, {track.last}"


def _number(value: float) -> str:
    return f"{value:.4g}"


def _ratio(value: float, first: float) -> str:
    return f"{value / first:.4g} times the first" if first > 0 else f"{value:.4g}, the first being {first:.4g}"
