"""A claim at some parameters, with everything that needs no simulation evaluated and checked."""

import dataclasses
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from proofs_check.claim import Check, Claim, Computed, Experiment, Verdict, without_star
from proofs_check.limits import Known
from proofs_check.plan import Plan
from proofs_check.region import Region
from proofs_check.statement import REFUTED, Statement, exact_region

_REMEDY = "use parameters with a smaller allowance (more generations, a larger n)"
LAW_TOLERANCE = 1e-9
NEAR = 5  # resolutions: a claim that no mutant comes so close to gets one that does


@contextmanager
def named(claim: Claim) -> Iterator[None]:
    """Whatever goes wrong in a claim's own code becomes one ValueError that names the claim."""
    try:
        yield
    except ValueError as error:
        raise error if str(error).startswith(claim.id) else ValueError(f"{claim.id}: {error}") from error
    except Exception as error:
        raise ValueError(f"{claim.id} failed: {type(error).__name__}: {error}") from error


@dataclass(frozen=True)
class Prepared:
    """A claim at some parameters, with its statement, mutants and law evaluated at the tested generations."""

    claim: Claim
    check: Check | Computed
    at: np.ndarray
    statement: Statement
    mutants: dict[str, Statement]
    law: np.ndarray | None
    known: Known

    def by_law(self) -> Verdict | None:
        """The verdict of the exact values alone, at a resolution of 1e-9 (that of the check if it is computed)."""
        if self.law is None:
            return None
        tolerance = self.check.tolerance if isinstance(self.check, Computed) else LAW_TOLERANCE
        slack = self.statement.slack * (tolerance / self.statement.resolution)
        exactly = dataclasses.replace(self.statement, slack=slack, resolution=tolerance)
        error = 0.0 if isinstance(self.check, Computed) else self.check.law_error
        return exactly.judge(exact_region(self.law, exactly, tolerance, error)).verdict

    def relative_to(self) -> str:
        """What the resolution is relative to, in words."""
        scale = self.check.scale
        if self.claim.relation == "law":
            return "absolute"
        if scale is not None:
            return "absolute" if scale == 1 else f"relative to {scale:.4g}"
        of_probability = isinstance(self.check, Check) and self.check.statistic == "probability"
        return "relative to the smaller of P and 1 - P" if of_probability else "relative to the stated value"

    def nearest(self, words: Mapping[str, Verdict]) -> float:
        """How many resolutions off the nearest mutant is that was refuted."""
        refuted = {name: self.mutants[name] for name, word in words.items() if without_star(word) == REFUTED}
        return self.statement.nearest(refuted)

    def numbers(self, region: Region) -> dict[str, Any]:
        """The part of an outcome that is numbers per generation."""
        lower, upper = region.shown()
        return {
            "generations": self.at.tolist(),
            "observed": region.observed.tolist(),
            "stderr": region.stderr.tolist(),
            "lower": lower.tolist(),
            "upper": upper.tolist(),
            "predicted": self.statement.shown(),
            "tightness": self.statement.tightness(region),
            "vacuous": self.statement.vacuous(),
            "allowance": self.statement.allowance.tolist(),
        }


@dataclass(frozen=True)
class Ready:
    """A claim at some parameters whose check runs and judges itself."""

    claim: Claim
    check: Experiment


def prepare(claim: Claim, plan: Plan) -> Prepared | Ready:
    """Build and check everything that needs no simulation; ValueError if the claim is not defined there."""
    with named(claim):
        check = claim.check(**plan.parameters)
        if isinstance(check, Experiment):
            return Ready(claim, check)
        if isinstance(check, Computed):
            at, exact, resolution = np.asarray(check.at), check.value, check.tolerance
        else:
            at, exact, resolution = _generations(claim, check, plan), check.law, plan.resolution
        known = _known(check, at)
        bounds = (known.lower, known.upper)
        statement = Statement.of(claim.relation, check.predicted, check, at, resolution, bounds)
        mutants = {name: statement.mutated(rule, at) for name, rule in check.mutants.items()}
        if claim.relation == "==" and isinstance(check, Check) and statement.nearest(mutants) > NEAR:
            mutants[f"{NEAR} resolutions off"] = statement.shifted(NEAR)
        for name, mutant in mutants.items():
            if not statement.tells_apart(mutant):
                raise ValueError(f"mutant {name!r} lies within the allowance, so the check has no power; {_REMEDY}")
        law = None if exact is None else np.asarray([exact(int(t)) for t in at], float)
        if law is not None and not np.all(np.isfinite(law)):
            raise ValueError("the exact value is not finite at some index; choose other parameters")
        return Prepared(claim, check, at, statement, mutants, law, known)


def _known(check: Check | Computed, at: np.ndarray) -> Known:
    """What limits the metric of every chain, as declared by the claim or known of the metric."""
    from collapse_jax.metrics import range_of, resolve

    if isinstance(check, Computed):
        return Known(*check.bounds) if check.bounds else Known()
    if check.statistic == "probability":
        return Known(0.0, 1.0)
    lower, upper = check.bounds or range_of(resolve(check.metric)[1], check.family, check.generations)
    if check.relative_variance is not None and not lower >= 0:
        raise ValueError("relative_variance is of a metric that is not negative; give bounds=(0, math.inf) as well")
    variance = None
    if check.variance is not None:
        variance = np.asarray([check.variance(int(t)) for t in at], float)
        if not np.all((variance > 0) & np.isfinite(variance)):
            raise ValueError(f"variance(t) gives {variance.min():g} at some generation; give finite numbers > 0")
    return Known(lower, upper, variance, check.relative_variance)


def engine_of(check: Check, plan: Plan) -> Literal["exact", "literal"]:
    """The engine of the plan, or the literal one for a family that no statistic describes.

    **Args**: `check`, `plan`: of one decision.

    **Returns**: "exact" or "literal".
    """
    from collapse_jax import Family

    family = check.family
    described = type(family).statistic is not Family.statistic or family.keeps_samples
    return plan.engine if described or check.workflow.needs_samples_of(family) else "literal"


def _generations(claim: Claim, check: Check, plan: Plan) -> np.ndarray:
    """The generations tested, after the checks of the protocol."""
    check.workflow.check(check.family, check.generations)
    check.family.check(check.workflow.fitted_sizes(check.generations), engine_of(check, plan))
    last = (check.generations,)
    at = np.asarray(check.at or (last if claim.relation == "law" else range(1, check.generations + 1)))
    if at.size == 0 or at.min() < 1 or at.max() > check.generations or (claim.relation == "law" and at.size > 1):
        raise ValueError("`at` lies outside 1 .. generations, or names several generations of a law; correct it")
    return at
