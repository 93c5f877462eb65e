r"""Confidence regions: limits that hold at all tested generations at once.

Probabilities get Clopper-Pearson limits, laws a Dvoretzky-Kiefer-Wolfowitz band (Massart's constant).

Means use the self-normalised (Student) statistic. At z its tail probability differs from the normal one by a factor
$\exp(\gamma z^3 / 3\sqrt R)$, $\gamma$ the skewness and R the number of chains (Jing, Shao and Wang 2003, Ann. Probab.
31:2167). Limits are widened until that factor is paid for, at error probability alpha / 2; they are trusted only while
the widening is below 20 % and the next term of the expansion, of order $(\kappa + \gamma^2) z^4 / 12 R$, is below
log 2, which the other half of alpha pays for. A mean carried by few chains has $\gamma \approx \sqrt R$: it never
passes.
"""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from collapse_jax.results.estimate import Moments4, binomial_limits, simultaneous_z
from proofs_check.claim import Check, Relation

FEW_CHAINS = "the mean is carried by few chains; a light-tailed statistic (log, quantile, probability) is needed"
CONSTANT = "all chains agree; for a 0/1 metric use statistic='probability'"


@dataclass(frozen=True, eq=False)
class Region:
    """Limits per generation, infinite where they cannot be trusted; or a band of half-width `dkw` about a sample."""

    observed: np.ndarray
    stderr: np.ndarray
    lower: np.ndarray
    upper: np.ndarray
    distrust: str = ""
    sample: np.ndarray | None = None
    dkw: float = 0.0


def confidence_region(run: Any, check: Check, at: np.ndarray, alpha: float, relation: Relation) -> Region:
    """The region of the metric of a check at the generations `at`, wrong with probability at most alpha."""
    from collapse_jax.metrics import resolve

    name = resolve(check.metric)[0]
    curve = run[name]
    moments = curve.finite[at - 1]
    observed, stderr = curve.mean[at - 1], curve.standard_error[at - 1]
    bad = moments.nonfinite > 0
    distrust = {f"{int(moments.nonfinite.max())} chains are not finite; choose a metric that is": bad}
    if relation == "law":
        if bad[0]:
            return _trusted(observed, stderr, observed, observed, distrust, at)
        sample = np.sort(run.paths[name][at[0] - 1])
        half = math.sqrt(math.log(2 / alpha) / (2 * len(sample)))
        return Region(observed, stderr, moments.minimum, moments.maximum, "", sample, half)
    if check.statistic == "probability":
        if not np.allclose(moments.m2, moments.count * moments.mean * (1 - moments.mean), rtol=1e-9, atol=1e-6):
            raise ValueError(f"metric {name!r} is not 0 or 1 in every chain; use statistic='mean'")
        hits = np.rint(moments.mean * moments.count)
        return _trusted(observed, stderr, *binomial_limits(hits, moments.count, alpha / len(at)), distrust, at)
    if check.variance is not None:
        stderr = np.sqrt(np.asarray([check.variance(int(t)) for t in at], float) / moments.count)
    z = simultaneous_z(alpha / 2, len(at))
    widened, few_chains = widen(moments, stderr, z)
    distrust |= {CONSTANT: (moments.m2 == 0) & (moments.count > 1), FEW_CHAINS: few_chains}
    return _trusted(observed, stderr, observed - widened * stderr, observed + widened * stderr, distrust, at)


def _trusted(observed, stderr, lower, upper, distrust: dict[str, np.ndarray], at: np.ndarray) -> Region:
    """A region without limits where there is a reason for distrust; says the first reason and where it holds."""
    for reason, where in distrust.items():
        if np.any(where):
            several = f"at {int(where.sum())} of {len(at)} generations "
            lower, upper = np.where(where, -np.inf, lower), np.where(where, np.inf, upper)
            rest = _trusted(observed, stderr, lower, upper, {k: v for k, v in distrust.items() if k != reason}, at)
            return Region(observed, stderr, rest.lower, rest.upper, several + reason)
    return Region(observed, stderr, lower, upper)


def widen(moments: Moments4, stderr: np.ndarray, z: float) -> tuple[np.ndarray, np.ndarray]:
    """Quantiles that pay for skewness, and where even they cannot be trusted."""
    rate = np.abs(moments.skewness) / (3 * np.sqrt(moments.count))
    widened = np.full(rate.shape, z)
    for _ in range(20):  # z'^2 / 2 - rate z'^3 = z^2 / 2
        widened = z / np.sqrt(1 - np.minimum(2 * rate * widened, 0.5))
    fourth = (moments.kurtosis + moments.skewness**2) * z**4 / (12 * moments.count)
    # A declared variance far above the sample's: the chains that carry the mean have not been seen.
    unseen = stderr**2 * moments.count > 2 * moments.variance
    return widened, (widened > 1.2 * z) | (fourth > math.log(2)) | unseen
