r"""From chains to one of three words, with an error probability.

The error budget alpha of a suite is divided evenly among its claims, and each claim's share over its looks at
1, 2, 4, .. times the first sample, alpha / 2^k at look k. At each look the claim gets one confidence region that holds
all tested generations simultaneously; the claim and its mutants are judged against that same region:

- REFUTED if the region excludes the statement;
- SUPPORTED if the region lies inside the statement widened by the resolution (for "==" an equivalence test);
- UNDECIDED otherwise. A generation whose limits cannot be trusted has none, so it can neither refute nor support.
"""

import dataclasses
import hashlib
import math
import time
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np

from proofs_check.claim import Check, Claim, Computed, Prediction, Relation, Verdict
from proofs_check.plan import Plan
from proofs_check.region import Region, confidence_region

SUPPORTED: Verdict = "SUPPORTED"
REFUTED: Verdict = "REFUTED"
UNDECIDED: Verdict = "UNDECIDED"

_FIRST_LOOK = 8192
LAW_TOLERANCE = 1e-9
_REMEDY = "use parameters with a smaller allowance (more generations, a larger n)"


@dataclass(frozen=True)
class Outcome:
    """A verdict and everything needed to judge it; `row()` is its JSON form."""

    claim: Claim
    verdict: Verdict
    reason: str
    alpha: float
    resolution: float
    reached: float
    chains: int
    looks: int
    seconds: float
    engine: str
    sampler: str
    seed: int
    parameters: dict[str, Any]
    protocol: str
    quantity: str
    index: str
    generations: list[int]
    observed: list[float]
    stderr: list[float]
    lower: list[float]
    upper: list[float]
    predicted: list[Any]
    tightness: Any
    vacuous: str
    allowance: list[float]
    law: Verdict | None
    evidence: list[str]
    mutants: dict[str, Verdict]

    @property
    def as_expected(self) -> bool:
        """Whether the claim came out as it says it should, by simulation and by law, with every mutant refuted."""
        by_law = self.law in (None, "SUPPORTED" if self.claim.expected == UNDECIDED else self.claim.expected)
        return self.verdict == self.claim.expected and by_law and set(self.mutants.values()) <= {REFUTED}

    def row(self) -> dict[str, Any]:
        own = {
            item.name: getattr(self, item.name)
            for item in dataclasses.fields(self)
            if item.name not in ("claim", "mutants")
        }
        about = {
            key: getattr(self.claim, key)
            for key in ("id", "paper", "statement", "relation", "regime", "provenance", "source", "expected")
        }
        mutants = [{"name": name, "verdict": verdict} for name, verdict in self.mutants.items()]
        return _strict({**about, **own, "as_expected": self.as_expected, "mutants": mutants})


def _strict(value: Any) -> Any:
    """JSON knows no infinity and no NaN: null."""
    if isinstance(value, dict):
        return {key: _strict(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_strict(item) for item in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


@contextmanager
def _named(claim: Claim) -> Iterator[None]:
    """Whatever goes wrong in a claim's own code becomes one ValueError that names the claim."""
    try:
        yield
    except ValueError as error:
        raise error if str(error).startswith(claim.id) else ValueError(f"{claim.id}: {error}") from error
    except Exception as error:
        raise ValueError(f"{claim.id} failed: {type(error).__name__}: {error}") from error


@dataclass(frozen=True)
class _Prepared:
    """A claim at some parameters, with its statement, mutants and law evaluated at the tested generations."""

    check: Check | Computed
    at: np.ndarray
    statements: "dict[str, _Statement]"
    law: np.ndarray | None

    def by_law(self) -> Verdict | None:
        """The verdict of the exact values alone, at a resolution of 1e-9 (that of the check if it is computed)."""
        if self.law is None:
            return None
        statement = self.statements[""]
        tolerance = self.check.tolerance if isinstance(self.check, Computed) else LAW_TOLERANCE
        slack = statement.slack * (tolerance / statement.resolution)
        exactly = dataclasses.replace(statement, slack=slack, resolution=tolerance)
        return exactly.judge(_exact_region(self.law, exactly, tolerance))


def prepare(claim: Claim, plan: Plan) -> _Prepared:
    """Build and check everything that needs no simulation; ValueError if the claim is not defined there."""
    with _named(claim):
        check = claim.check(**plan.parameters)
        if isinstance(check, Computed):
            at, exact, resolution = np.asarray(check.at), check.value, check.tolerance
        else:
            at, exact, resolution = _generations(claim, check, plan), check.law, plan.resolution
        statement = _Statement.of(claim.relation, check.predicted, check, at, resolution)
        mutants = {name: statement.mutated(rule, at) for name, rule in check.mutants.items()}
        for name, mutant in mutants.items():
            if not statement.tells_apart(mutant):
                raise ValueError(f"mutant {name!r} lies within the allowance, so the check has no power; {_REMEDY}")
        law = None if exact is None else np.asarray([exact(int(t)) for t in at], float)
        if law is not None and not np.all(np.isfinite(law)):
            raise ValueError("the exact value is not finite at some index; choose other parameters")
        return _Prepared(check, at, {"": statement, **mutants}, law)


def _generations(claim: Claim, check: Check, plan: Plan) -> np.ndarray:
    """The generations tested, after the checks of the protocol."""
    check.workflow.check(check.family, check.generations)
    check.family.check(check.workflow.fitted_sizes(check.generations), plan.engine)
    last = (check.generations,)
    at = np.asarray(check.at or (last if claim.relation == "law" else range(1, check.generations + 1)))
    if at.size == 0 or at.min() < 1 or at.max() > check.generations or (claim.relation == "law" and at.size > 1):
        raise ValueError("`at` lies outside 1 .. generations, or names several generations of a law; correct it")
    return at


def verify(claim: Claim, plan: Plan | None = None, *, suite_size: int = 1) -> Outcome:
    """Decide one claim, drawing more chains until it and all its mutants are decided or the budget is spent."""
    plan = plan or Plan()
    started = time.perf_counter()
    prepared = prepare(claim, plan)
    with _named(claim):
        if isinstance(prepared.check, Computed):
            return _compute(claim, plan, prepared, started)
        return _decide(claim, plan, prepared, prepared.check, plan.alpha / suite_size, started)


def _exact_region(values: np.ndarray, statement: "_Statement", tolerance: float) -> Region:
    """What is known of exactly computed values: they carry half the tolerance as rounding error."""
    rounding = tolerance / 2 * statement.slack.max(0) / statement.resolution
    return Region(values, np.zeros(values.shape), values - rounding, values + rounding)


def _compute(claim: Claim, plan: Plan, prepared: _Prepared, started: float) -> Outcome:
    check, statement = prepared.check, prepared.statements[""]
    assert isinstance(check, Computed)
    assert prepared.law is not None
    region = _exact_region(prepared.law, statement, check.tolerance)
    verdict = statement.judge(region)
    return Outcome(
        claim=claim,
        verdict=verdict,
        reason="",
        alpha=0.0,
        resolution=check.tolerance,
        reached=statement.reached(region),
        chains=0,
        looks=0,
        seconds=time.perf_counter() - started,
        engine="none",
        sampler="none",
        seed=plan.seed,
        parameters={**claim.parameters, **plan.parameters},
        protocol="computed without sampling",
        quantity="exact value",
        index=check.index,
        law=verdict,
        evidence=list(check.evidence),
        mutants={name: mutant.judge(region) for name, mutant in prepared.statements.items() if name},
        **_described(prepared, region),
    )


def _described(prepared: _Prepared, region: Region) -> dict[str, Any]:
    """The part of an outcome that is numbers per generation."""
    statement = prepared.statements[""]
    return {
        "generations": prepared.at.tolist(),
        "observed": region.observed.tolist(),
        "stderr": region.stderr.tolist(),
        "lower": region.lower.tolist(),
        "upper": region.upper.tolist(),
        "predicted": statement.shown(),
        "tightness": statement.tightness(region),
        "vacuous": statement.vacuous(),
        "allowance": statement.allowance.tolist(),
    }


def _decide(claim: Claim, plan: Plan, prepared: _Prepared, check: Check, share: float, started: float) -> Outcome:
    from collapse_jax import simulate
    from collapse_jax.engine.layout import BLOCK
    from collapse_jax.metrics import resolve
    from collapse_jax.results import configuration, describe

    at, statements = prepared.at, prepared.statements
    statement = statements[""]
    decided: dict[str, Verdict] = dict.fromkeys(statements, UNDECIDED)
    seed = _seed(claim.id, plan.seed)
    run, region, look = None, None, 0
    # whole blocks, so that a run can be continued; only a budget below the first look may end within a block
    budget = plan.max_chains if plan.max_chains < _FIRST_LOOK else plan.max_chains // BLOCK * BLOCK
    while not _finished(decided) and (run is None or run.chains < budget):
        look += 1
        done = 0 if run is None else run.chains
        target = min(max(_FIRST_LOOK, 2 * done), budget)
        more = simulate(
            check.family,
            check.workflow,
            [check.metric],
            generations=check.generations,
            chains=target - done,
            seed=seed,
            engine=plan.engine,
            sampler=plan.sampler,
            keep_paths=target - done if claim.relation == "law" else 0,
            first_block=0 if run is None else done // run.config["block"],
            optimisation=0 if plan.hasty and target <= 8 * _FIRST_LOOK else 1,
            progress=False,
        )
        run = more if run is None else run + more
        region = confidence_region(run, check, at, share / 2**look, claim.relation)
        pending = [name for name, verdict in decided.items() if verdict == UNDECIDED or (name and verdict != REFUTED)]
        decided |= {name: statements[name].judge(region) for name in pending}
    assert run is not None
    assert region is not None
    return Outcome(
        claim=claim,
        verdict=decided[""],
        reason=_reason(decided[""], statement, region, run.chains),
        alpha=share,
        resolution=plan.resolution,
        reached=statement.reached(region),
        chains=run.chains,
        looks=look,
        seconds=time.perf_counter() - started,
        engine=plan.engine,
        sampler=plan.sampler,
        seed=seed,
        parameters={**claim.parameters, **plan.parameters},
        protocol=f"{describe(configuration(check.family))} under {describe(configuration(check.workflow))}",
        quantity=resolve(check.metric)[0],
        index="t",
        law=prepared.by_law(),
        evidence=list(check.evidence),
        mutants={name: verdict for name, verdict in decided.items() if name},
        **_described(prepared, region),
    )


def verify_all(claims: Iterable[Claim], plan: Plan | None = None, *, workers: int = 2) -> Iterator[Outcome]:
    """Decide claims with one family-wise alpha, yielding outcomes in order; one compiles while another runs."""
    claims = list(claims)
    pool = ThreadPoolExecutor(workers)
    try:
        futures = [pool.submit(verify, claim, plan, suite_size=len(claims)) for claim in claims]
        for future in futures:
            yield future.result()
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def _finished(decided: Mapping[str, Verdict]) -> bool:
    """The claim is decided and its mutants are refuted; one closer than the resolution is not let off as supported."""
    return all(verdict == REFUTED if name else verdict != UNDECIDED for name, verdict in decided.items())


def _seed(claim_id: str, seed: int) -> int:
    """Claims of a suite must not share random numbers."""
    return int.from_bytes(hashlib.sha256(f"{claim_id}:{seed}".encode()).digest()[:4], "big")


@dataclass(frozen=True)
class _Statement:
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
    ) -> "_Statement":
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

    def mutated(self, rule: Prediction, at: np.ndarray) -> "_Statement":
        """The same relation, resolution and allowance with another right-hand side."""
        if self.cdf is not None:
            return dataclasses.replace(self, cdf=rule)
        lower, upper = _limits(self.relation, rule, at)
        return dataclasses.replace(self, lower=lower, upper=upper)

    def tells_apart(self, mutant: "_Statement") -> bool:
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


def _reason(verdict: Verdict, statement: _Statement, region: Region, chains: int) -> str:
    if region.distrust and verdict == UNDECIDED:
        return region.distrust
    if verdict != UNDECIDED:
        return ""
    if statement.cdf is not None:
        ratio = statement.reached(region) / statement.resolution
    else:
        room = np.maximum(statement.slack + statement.allowance, 1e-300)
        ratio = float(np.max((region.upper - region.lower) / 2 / room)) / 0.8
    return f"about {math.ceil(max(ratio, 1.05) ** 2 * chains / 1000) * 1000:,} chains would decide it"
