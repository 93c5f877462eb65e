"""One relation, evaluated at the tested generations, and the word for it that a region of confidence allows."""

import dataclasses
import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np

from proofs_check.claim import Check, Computed, Prediction, Relation, Verdict
from proofs_check.region import Region

SUPPORTED: Verdict = "SUPPORTED"
REFUTED: Verdict = "REFUTED"
UNDECIDED: Verdict = "UNDECIDED"
TAIL: dict[Verdict, Verdict] = {SUPPORTED: "SUPPORTED*", REFUTED: "REFUTED*"}
"""The words that hold unless an event too rare to be seen carries much of a mean."""

DELTA = 0.25
"""Of the resolution: what an unseen event may carry of a mean before a word with a star is wrong."""


class Word(NamedTuple):
    """What a region says about a statement, and the weakest licence of the limits that it took."""

    verdict: Verdict
    licence: str = ""


@dataclass(frozen=True, eq=False)
class Statement:
    """One relation, evaluated: what lies between `lower` and `upper`, or has this CDF. `slack` has a row for each.

    `bounds`: the interval that the quantity cannot leave.
    """

    relation: Relation
    lower: np.ndarray
    upper: np.ndarray
    slack: np.ndarray
    allowance: np.ndarray
    cdf: Prediction | None
    resolution: float
    bounds: tuple[float, float]

    @classmethod
    def of(
        cls,
        relation: Relation,
        rule: Prediction,
        check: Check | Computed,
        at: np.ndarray,
        resolution: float,
        bounds: tuple[float, float] | None = None,
    ) -> "Statement":
        zero = np.zeros(at.shape)
        if relation == "law":
            whole = (-math.inf, math.inf)
            return cls(relation, zero, zero, np.full((2, *at.shape), resolution), zero, rule, resolution, whole)
        lower, upper = _limits(relation, rule, at)
        sides = np.stack([np.where(np.isfinite(lower), lower, upper), np.where(np.isfinite(upper), upper, lower)])
        if check.scale is not None:
            scale = check.scale
        elif _is_probability(check):
            empty = np.stack([lower <= 0, upper >= 1]) & (relation != "==")  # say nothing about a probability
            scale = np.where(empty | ~((sides >= 0) & (sides <= 1)), 1, np.minimum(sides, 1 - sides))
        else:
            scale = np.where(np.isfinite(sides), np.abs(sides), 1)
        if np.any(scale == 0):
            raise ValueError(
                "the resolution is relative to the stated value, which leaves none at some generation; "
                "give Check(scale=...) for an absolute one"
            )
        allowance = zero if check.allowance is None else np.asarray([check.allowance(int(t)) for t in at], float)
        if not np.all(allowance >= 0):
            raise ValueError("an allowance is a distance that the statement leaves open; give numbers >= 0")
        slack = resolution * scale + np.stack([zero, zero])
        return cls(relation, lower, upper, slack, allowance, None, resolution, bounds or (-math.inf, math.inf))

    def mutated(self, rule: Prediction, at: np.ndarray) -> "Statement":
        """The same relation, resolution and allowance with another right-hand side."""
        if self.cdf is not None:
            return dataclasses.replace(self, cdf=rule)
        lower, upper = _limits(self.relation, rule, at)
        return dataclasses.replace(self, lower=lower, upper=upper)

    def tells_apart(self, mutant: "Statement") -> bool:
        """Whether some limit of the mutant is farther off than what the statement leaves open."""
        if self.cdf is not None:
            return True
        with np.errstate(invalid="ignore"):
            apart = np.fmax(np.abs(self.lower - mutant.lower), np.abs(self.upper - mutant.upper))
        return bool(np.any(apart > self.allowance))

    def judge(self, region: Region) -> Word:
        """The word that the licensed limits allow, or else one with a star, which the cut mean allows."""
        if self.cdf is not None:
            return Word(self._judge_law(region), "exact")
        found = self._compare(region, region.lower, region.upper, self.slack, np.zeros_like(self.slack))
        if found.verdict != UNDECIDED or region.cut is None:
            return found
        lower, upper = region.shown()
        carried = DELTA * self.slack * region.unlicensed
        found = self._compare(region, lower, upper, self.slack - carried, carried)
        return Word(TAIL.get(found.verdict, UNDECIDED), "tail" * (found.verdict != UNDECIDED))

    def _compare(self, region: Region, lower, upper, slack: np.ndarray, beyond: np.ndarray) -> Word:
        above, below, inside = self.compared(lower, upper, slack, beyond)
        if np.any(above) or np.any(below):
            return Word(REFUTED, _weakest(region.lower_by[above], region.upper_by[below]))
        if not np.all(inside):
            return Word(UNDECIDED)
        used = region.lower_by[np.isfinite(self.lower)], region.upper_by[np.isfinite(self.upper)]
        return Word(SUPPORTED, _weakest(*used))

    def compared(self, lower, upper, slack: np.ndarray, beyond: np.ndarray) -> tuple[np.ndarray, ...]:
        """Per generation: whether limits lie above or below the statement by more than `beyond`, or in its slack."""
        above = lower - beyond[0] > self.upper + self.allowance
        below = upper + beyond[1] < self.lower - self.allowance
        inside = (lower >= self.lower - self.allowance - slack[0]) & (upper <= self.upper + self.allowance + slack[1])
        return above, below, inside

    def _judge_law(self, region: Region) -> Verdict:
        if region.sample is None:
            return UNDECIDED
        distance = _distance(self, region)
        if distance > region.dkw:
            return REFUTED
        return SUPPORTED if distance + region.dkw <= self.resolution else UNDECIDED

    def shifted(self, resolutions: float) -> "Statement":
        """The statement so many resolutions higher, or lower where that would leave the range of the quantity."""
        step = resolutions * self.slack[1] + self.allowance
        step = np.where(self.upper + step > self.bounds[1], -step, step)
        return dataclasses.replace(self, lower=self.lower + step, upper=self.upper + step)

    def clause(self, region: Region) -> str:
        """What a word with a star leaves open."""
        if region.cut is None:
            return ""
        moved = DELTA * float(np.min(self.slack[region.unlicensed]))
        return f"unless an event of probability < {region.cut.q:.2g} moves the mean by more than {moved:.2g}"

    def nearest(self, mutants: Mapping[str, "Statement"]) -> float:
        """How many resolutions off the nearest of these mutants is, where it is farthest off; infinite for none."""
        return min((self._off(mutant) for mutant in mutants.values()), default=math.inf)

    def _off(self, mutant: "Statement") -> float:
        if self.cdf is not None:
            return math.nan
        with np.errstate(invalid="ignore", divide="ignore"):
            apart = np.stack([np.abs(self.lower - mutant.lower), np.abs(self.upper - mutant.upper)]) / self.slack
        return float(np.nanmax(apart))

    def reached(self, region: Region) -> float:
        """The resolution at which the claim would just be supported (for a bound: the relative half-width)."""
        if self.cdf is not None:
            return math.inf if region.sample is None else _distance(self, region) + region.dkw
        scale = self.slack / self.resolution
        lower, upper = region.shown()
        if self.relation == "==":
            width = np.maximum(upper - self.upper, self.lower - lower)
        else:
            width = (upper - lower) / 2
        return float(np.max(width / scale))

    def shown(self) -> list[Any]:
        if self.relation == "between":
            return np.stack([self.lower, self.upper], -1).tolist()
        return (self.upper if self.relation in ("==", "<=", "law") else self.lower).tolist()

    def tightness(self, region: Region) -> Any:
        """Estimate over bound at the last generation; for "between", over both."""
        if self.cdf is not None:
            return None
        with np.errstate(divide="ignore", invalid="ignore"):
            low, high = float(region.observed[-1] / self.lower[-1]), float(region.observed[-1] / self.upper[-1])
        return [low, high] if self.relation == "between" else low if self.relation == ">=" else high

    def vacuous(self) -> str:
        """At how many of the generations a bound says nothing."""
        if self.relation not in _SIDES:
            return ""
        low, high = self.bounds
        total = len(self.lower)
        empty = {"lower": int(np.sum(self.lower <= low)), "upper": int(np.sum(self.upper >= high))}
        parts = [
            f"{side} bound VACUOUS at {number} of {total} generations"
            for side, number in empty.items()
            if number and side in _SIDES[self.relation]
        ]
        return "; ".join(parts)


@lru_cache(maxsize=16)  # the word and the resolution reached ask for the same one, and a CDF may be a quadrature
def _distance(statement: Statement, region: Region) -> float:
    """Kolmogorov's distance between the sample and the stated CDF."""
    assert statement.cdf is not None
    assert region.sample is not None
    sample, number = region.sample, len(region.sample)
    stated = before = np.asarray(statement.cdf(sample), float)
    if not np.all(np.isfinite(stated)):
        raise ValueError("the stated CDF is not finite at some value of the metric; correct it")
    if np.any(np.diff(sample) == 0):  # a law with steps: just below each of them as well
        before = np.asarray(statement.cdf(np.nextafter(sample, -np.inf)), float)
    steps = np.arange(number + 1) / number
    last = np.append(np.diff(sample) > 0, True)  # of equal values
    return float(max(np.max((steps[1:] - stated)[last]), np.max((before - steps[:-1])[np.roll(last, 1)])))


_SIDES = {"<=": ("upper",), ">=": ("lower",), "between": ("lower", "upper")}


def _weakest(*labels: np.ndarray) -> str:
    """The weakest of some licences: an assumption about a variance, then a range, then none needed."""
    found = set(np.concatenate(labels).tolist())
    return next((name for name in ("variance", "bound", "exact") if name in found), "")


def _is_probability(check: Check | Computed) -> bool:
    return isinstance(check, Check) and check.statistic == "probability"


def _limits(relation: Relation, rule: Prediction, at: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The interval that the statement puts the quantity in, per generation."""
    values = np.asarray([rule(int(t)) for t in at])
    if values.dtype.kind not in "buif":
        raise ValueError(f"predicted(t) gives real numbers, not {values.ravel()[0]!r}; correct it")
    values = values.astype(float)
    if np.any(np.isnan(values)) or (relation == "==" and not np.all(np.isfinite(values))):
        raise ValueError("predicted(t) is not a number at some generation; correct it")
    if values.shape != ((len(at), 2) if relation == "between" else (len(at),)):
        raise ValueError("predicted(t) gives one number, or (lower, upper) for the relation 'between'")
    if relation == "between":
        return values[:, 0], values[:, 1]
    lower = values if relation in ("==", ">=") else np.full(at.shape, -np.inf)
    upper = values if relation in ("==", "<=") else np.full(at.shape, np.inf)
    return lower, upper


def exact_region(values: np.ndarray, statement: Statement, tolerance: float, error: float = 0.0) -> Region:
    """What is known of exactly computed values: they carry half the tolerance as rounding, and an absolute error."""
    rounding = tolerance / 2 * statement.slack.max(0) / statement.resolution + error
    by = np.full(values.shape, "exact")
    return Region(values, np.zeros(values.shape), values - rounding, values + rounding, by, by)


def why_undecided(verdict: Verdict, statement: Statement, region: Region, chains: int) -> str:
    """What a reader can do about UNDECIDED; "" for the other words."""
    if verdict != UNDECIDED:
        return ""
    if region.distrust:
        return region.distrust
    if np.any(statement.allowance == np.inf):
        return "the statement leaves everything open"
    if statement.cdf is not None:
        ratio = statement.reached(region) / statement.resolution
    else:
        lower, upper = region.shown()
        room = np.maximum(statement.slack + statement.allowance, 1e-300)
        with np.errstate(over="ignore", invalid="ignore"):
            ratio = float(np.max((upper - lower) / 2 / room)) / 0.8
    needed = max(ratio, 1.05) ** 2 * chains
    if not needed < 1e15:
        return "no number of chains would decide it; declare `bounds` or `variance` of the metric, or choose another"
    return f"about {math.ceil(needed / 1000) * 1000:,} chains would decide it"
