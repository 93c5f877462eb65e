r"""Confidence regions: limits that hold at all tested generations at once, and what each of them rests on.

Probabilities get Clopper-Pearson limits and laws a Dvoretzky-Kiefer-Wolfowitz band (Massart's constant), exact at one
look. Means get the limits of `proofs_check.limits`, licensed by what is known of the metric, and beside them those of
the mean without its extreme quantiles, which need no licence and mean less.
"""

import math
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import numpy as np

from collapse_jax.results.estimate import binomial_limits
from proofs_check.claim import Check, Relation
from proofs_check.limits import Known, cut_limit, licensed_limit, show_more_variance, unseen

_ROUNDING = 1e-9  # of the width of a declared range: probabilities sum to 1 within rounding


class Cut(NamedTuple):
    """Limits of the mean cut off at its quantiles q and 1 - q."""

    lower: np.ndarray
    upper: np.ndarray
    q: float


@dataclass(frozen=True, eq=False)
class Region:
    """Limits per generation, infinite where nothing licenses them; or a band of half-width `dkw` about a sample.

    `lower_by`, `upper_by` name the licences; `cut`: limits that rest on none.
    """

    observed: np.ndarray
    stderr: np.ndarray
    lower: np.ndarray
    upper: np.ndarray
    lower_by: np.ndarray
    upper_by: np.ndarray
    cut: Cut | None = None
    distrust: str = ""
    sample: np.ndarray | None = None
    dkw: float = 0.0

    def narrowed(self, earlier: "Region | None") -> "Region":
        """This region within an earlier one: limits that hold at all looks together may be taken from any of them."""
        if earlier is None or self.sample is not None or self.distrust:
            return self
        up, down = earlier.lower > self.lower, earlier.upper < self.upper
        return replace(
            self,
            lower=np.where(up, earlier.lower, self.lower),
            upper=np.where(down, earlier.upper, self.upper),
            lower_by=np.where(up, earlier.lower_by, self.lower_by),
            upper_by=np.where(down, earlier.upper_by, self.upper_by),
        )

    @property
    def unlicensed(self) -> np.ndarray:
        """Which limits, (2, G), the lower ones first, have no licence."""
        return ~np.isfinite(np.stack([self.lower, self.upper]))

    def shown(self) -> tuple[np.ndarray, np.ndarray]:
        """Limits to print: those without a licence where there is no other."""
        if self.cut is None:
            return self.lower, self.upper
        lower = np.where(np.isfinite(self.lower), self.lower, self.cut.lower)
        return lower, np.where(np.isfinite(self.upper), self.upper, self.cut.upper)


@dataclass(frozen=True)
class Looks:
    """How a claim is looked at: where, with which error probability, and what is known and stated of the metric.

    **Args**: `at`: the generations; `alpha`: the claim's error probability, for all looks; `known`: of the metric;
    `centre`: the stated values; `unit`: a number of the size of the metric. All of it is fixed before the first chain.
    """

    name: str
    check: Check
    relation: Relation
    at: np.ndarray
    alpha: float
    known: Known
    centre: np.ndarray
    unit: float

    def region(self, run: Any, look: int) -> Region:
        """The region of a run at look 1, 2, ..; all of them are right with probability at least 1 - alpha.

        **Raises**: ValueError where the chains contradict what was declared.
        """
        curve = run[self.name]
        moments = curve.finite[self.at - 1]
        spent = self.alpha / 2**look
        blank = Region(
            curve.mean[self.at - 1],
            curve.standard_error[self.at - 1],
            np.full(self.at.shape, -np.inf),
            np.full(self.at.shape, np.inf),
            *np.full((2, *self.at.shape), "exact", "<U8"),
        )
        lost = int(moments.nonfinite.max())
        if lost:
            where = (
                "" if len(self.at) == 1 else f" at {int(np.sum(moments.nonfinite > 0))} of {len(self.at)} generations"
            )
            return replace(blank, distrust=f"{lost} chains are not finite{where}; choose a metric that is")
        if self.relation == "law":
            sample = np.sort(run.paths[self.name][self.at[0] - 1])
            half = math.sqrt(math.log(2 / spent) / (2 * len(sample)))
            return replace(blank, lower=moments.minimum, upper=moments.maximum, sample=sample, dkw=half)
        if self.check.statistic == "probability":
            return self._of_probability(blank, moments, spent)
        return self._of_mean(blank, moments, spent)

    def _of_probability(self, blank: Region, moments: Any, spent: float) -> Region:
        if not np.allclose(moments.m2, moments.count * moments.mean * (1 - moments.mean), rtol=1e-9, atol=1e-6):
            raise ValueError(f"metric {self.name!r} is not 0 or 1 in every chain; use statistic='mean'")
        hits = np.rint(moments.mean * moments.count)
        lower, upper = binomial_limits(hits, moments.count, spent / len(self.at))
        return replace(blank, lower=lower, upper=upper)

    def _of_mean(self, blank: Region, moments: Any, spent: float) -> Region:
        known = self._margin(moments)
        sides = 2 * len(self.at)
        lower = licensed_limit(moments, "lower", known, self.alpha / sides)
        upper = licensed_limit(moments, "upper", known, self.alpha / sides)
        if known.variance is not None:
            more = show_more_variance(
                moments, self.centre, lower.values, upper.values, known.variance, self.alpha / len(self.at)
            )
            if np.any(more):
                worst = int(np.argmax(more))
                raise ValueError(
                    f"the variance of {self.name!r} at t = {self.at[worst]} is declared {known.variance[worst]:.4g}, "
                    f"and the chains show more ({moments.variance[worst]:.4g}); correct `variance`"
                )
        cut = None
        if not np.all(np.isfinite([lower.values, upper.values])):
            cut = Cut(
                cut_limit(moments, "lower", spent / sides, self.unit),
                cut_limit(moments, "upper", spent / sides, self.unit),
                unseen(float(moments.count.min()), spent / sides),
            )
        return replace(blank, lower=lower.values, upper=upper.values, lower_by=lower.by, upper_by=upper.by, cut=cut)

    def _margin(self, moments: Any) -> Known:
        """What is known, its range widened by rounding; every chain has to lie within."""
        known = self.known
        width = known.upper - known.lower
        rounding = _ROUNDING * (width if math.isfinite(width) else self.unit)
        low, high = known.lower - rounding, known.upper + rounding
        if np.any(moments.minimum < low) or np.any(moments.maximum > high):
            raise ValueError(
                f"metric {self.name!r} is said to lie in [{known.lower:g}, {known.upper:g}], and chains reach from "
                f"{moments.minimum.min():.6g} to {moments.maximum.max():.6g}; correct `bounds`"
            )
        return replace(known, lower=low, upper=high)
