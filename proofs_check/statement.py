"""One relation, evaluated at the tested generations, and the word for it that a region of confidence allows."""

import dataclasses
import math
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from proofs_check.claim import Check, Computed, Prediction, Relation, Verdict
from proofs_check.region import Region

SUPPORTED: Verdict = "SUPPORTED"
REFUTED: Verdict = "REFUTED"
UNDECIDED: Verdict = "UNDECIDED"


@dataclass(frozen=True, eq=False)
class Statement:
    """One relation, evaluated: what lies between `lower` and `upper`, or has this CDF. `slack` has a row for each."""

    relation: Relation
    lower: np.ndarray
    upper: np.ndarray
    slack: np.ndarray
    allowance: np.ndarray
    cdf: Prediction | None
    resolution: float
    trivial: tuple[float, float] | None

    @classmethod
    def of(
        cls, relation: Relation, rule: Prediction, check: Check | Computed, at: np.ndarray, resolution: float
    ) -> "Statement":
        zero = np.zeros(at.shape)
        if relation == "law":
            return cls(relation, zero, zero, np.full((2, *at.shape), resolution), zero, rule, resolution, None)
        lower, upper = _limits(relation, rule, at)
        sides = np.abs(
            np.stack([np.where(np.isfinite(lower), lower, upper), np.where(np.isfinite(upper), upper, lower)])
        )
        probability = isinstance(check, Check) and check.statistic == "probability"
        scale = check.scale or (1.0 if probability else sides)
        if np.any(scale == 0):
            raise ValueError("the predicted value is 0 at some generation; give Check(scale=...) for the resolution")
        allowance = zero if check.allowance is None else np.asarray([check.allowance(int(t)) for t in at], float)
        return cls(
            relation,
            lower,
            upper,
            resolution * scale + np.stack([zero, zero]),
            allowance,
            None,
            resolution,
            check.trivial,
        )

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

    def judge(self, region: Region) -> Verdict:
        if self.cdf is not None:
            if region.sample is None:
                return UNDECIDED
            distance = self._distance(region)
            if distance > region.dkw:
                return REFUTED
            return SUPPORTED if distance + region.dkw <= self.resolution else UNDECIDED
        if np.any(region.upper < self.lower - self.allowance) or np.any(region.lower > self.upper + self.allowance):
            return REFUTED
        margin = self.allowance + self.slack
        inside = (region.lower >= self.lower - margin[0]) & (region.upper <= self.upper + margin[1])
        return SUPPORTED if np.all(inside) else UNDECIDED

    @lru_cache(maxsize=16)  # the word and the resolution reached ask for the same one, and a CDF may be a quadrature
    def _distance(self, region: Region) -> float:
        """Kolmogorov's distance between the sample and the stated CDF."""
        assert self.cdf is not None
        assert region.sample is not None
        stated = np.asarray(self.cdf(region.sample), float)
        number = len(region.sample)
        if np.any(np.diff(region.sample) == 0):
            raise ValueError("chains share values: a law claim needs a metric with a continuous distribution")
        steps = np.arange(number + 1) / number
        return float(max(np.max(steps[1:] - stated), np.max(stated - steps[:-1])))

    def reached(self, region: Region) -> float:
        """The resolution at which the claim would just be supported (for a bound: the relative half-width)."""
        if self.cdf is not None:
            return math.inf if region.sample is None else self._distance(region) + region.dkw
        scale = self.slack / self.resolution
        if self.relation == "==":
            width = np.maximum(region.upper - self.upper, self.lower - region.lower)
        else:
            width = (region.upper - region.lower) / 2
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

    def empty(self) -> bool:
        """Whether a bound says nothing at any tested generation."""
        if self.trivial is None:
            return False
        low, high = self.trivial
        return bool(np.all((self.lower <= low) & (self.upper >= high)))

    def vacuous(self) -> str:
        """At how many of the generations a bound says nothing."""
        if self.trivial is None:
            return ""
        low, high = self.trivial
        total = len(self.lower)
        sides = {"lower": self.lower, "upper": self.upper}
        empty = {"lower": int(np.sum(self.lower <= low)), "upper": int(np.sum(self.upper >= high))}
        parts = [
            f"{side} bound VACUOUS at {number} of {total} generations"
            for side, number in empty.items()
            if number and np.any(np.isfinite(sides[side]))
        ]
        return "; ".join(parts)


def _limits(relation: Relation, rule: Prediction, at: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The interval that the statement puts the quantity in, per generation."""
    values = np.asarray([rule(int(t)) for t in at], float)
    if values.shape != ((len(at), 2) if relation == "between" else (len(at),)):
        raise ValueError("predicted(t) gives one number, or (lower, upper) for the relation 'between'")
    if relation == "between":
        return values[:, 0], values[:, 1]
    lower = values if relation in ("==", ">=") else np.full(at.shape, -np.inf)
    upper = values if relation in ("==", "<=") else np.full(at.shape, np.inf)
    return lower, upper


def exact_region(values: np.ndarray, statement: Statement, tolerance: float) -> Region:
    """What is known of exactly computed values: they carry half the tolerance as rounding error."""
    rounding = tolerance / 2 * statement.slack.max(0) / statement.resolution
    return Region(values, np.zeros(values.shape), values - rounding, values + rounding)


def why_undecided(verdict: Verdict, statement: Statement, region: Region, chains: int) -> str:
    """What a reader can do about UNDECIDED; "" for the other words."""
    if verdict != UNDECIDED:
        return ""
    if region.distrust:
        return region.distrust
    if statement.cdf is not None:
        ratio = statement.reached(region) / statement.resolution
    else:
        room = np.maximum(statement.slack + statement.allowance, 1e-300)
        ratio = float(np.max((region.upper - region.lower) / 2 / room)) / 0.8
    return f"about {math.ceil(max(ratio, 1.05) ** 2 * chains / 1000) * 1000:,} chains would decide it"
