r"""From chains to one of three words, with an error probability.

The error budget alpha of a suite is divided evenly among its claims, and each claim's share over its looks at
1, 2, 4, .. times the first sample, alpha / 2^k at look k. At each look the claim gets one confidence region that holds
all tested generations simultaneously; the claim and its mutants are judged against that same region:

- REFUTED if the region excludes the statement;
- SUPPORTED if the region lies inside the statement widened by the resolution (for "==" an equivalence test);
- UNDECIDED otherwise. A generation whose limits cannot be trusted has none, so it can neither refute nor support.

The random numbers belong to the *cell* (family, workflow and seed of the plan), not to the claim: claims of one cell
read the same chains, which the union bound over claims allows, and a claim reads the same ones alone and in a suite.
"""

import dataclasses
import hashlib
import json
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from proofs_check.claim import Check, Claim, Computed, Verdict
from proofs_check.outcome import Outcome
from proofs_check.plan import Plan
from proofs_check.region import Region, confidence_region
from proofs_check.statement import REFUTED, UNDECIDED, Statement, exact_region, why_undecided

FIRST_LOOK = 8192
FEW = 1 << 18  # so many chains are run sooner than a program for them is compiled with care
LAW_TOLERANCE = 1e-9
_REMEDY = "use parameters with a smaller allowance (more generations, a larger n)"


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

    def by_law(self) -> Verdict | None:
        """The verdict of the exact values alone, at a resolution of 1e-9 (that of the check if it is computed)."""
        if self.law is None:
            return None
        tolerance = self.check.tolerance if isinstance(self.check, Computed) else LAW_TOLERANCE
        slack = self.statement.slack * (tolerance / self.statement.resolution)
        exactly = dataclasses.replace(self.statement, slack=slack, resolution=tolerance)
        return exactly.judge(exact_region(self.law, exactly, tolerance))

    def numbers(self, region: Region) -> dict[str, Any]:
        """The part of an outcome that is numbers per generation."""
        return {
            "generations": self.at.tolist(),
            "observed": region.observed.tolist(),
            "stderr": region.stderr.tolist(),
            "lower": region.lower.tolist(),
            "upper": region.upper.tolist(),
            "predicted": self.statement.shown(),
            "tightness": self.statement.tightness(region),
            "vacuous": self.statement.vacuous(),
            "allowance": self.statement.allowance.tolist(),
        }


def prepare(claim: Claim, plan: Plan) -> Prepared:
    """Build and check everything that needs no simulation; ValueError if the claim is not defined there."""
    with named(claim):
        check = claim.check(**plan.parameters)
        if isinstance(check, Computed):
            at, exact, resolution = np.asarray(check.at), check.value, check.tolerance
        else:
            at, exact, resolution = _generations(claim, check, plan), check.law, plan.resolution
        statement = Statement.of(claim.relation, check.predicted, check, at, resolution)
        mutants = {name: statement.mutated(rule, at) for name, rule in check.mutants.items()}
        for name, mutant in mutants.items():
            if not statement.tells_apart(mutant):
                raise ValueError(f"mutant {name!r} lies within the allowance, so the check has no power; {_REMEDY}")
        law = None if exact is None else np.asarray([exact(int(t)) for t in at], float)
        if law is not None and not np.all(np.isfinite(law)):
            raise ValueError("the exact value is not finite at some index; choose other parameters")
        return Prepared(claim, check, at, statement, mutants, law)


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
    """Decide one claim, drawing more chains until it and all its mutants are decided or the budget is spent.

    **Args**: `plan`: how hard to try; `suite_size`: among how many claims `plan.alpha` is divided.

    **Returns**: the outcome, the same to rounding as in a suite of that size.

    **Raises**: ValueError naming the claim, for whatever goes wrong in its own code.
    """
    plan = plan or Plan()
    prepared = prepare(claim, plan)
    with named(claim):
        if isinstance(prepared.check, Computed):
            return compute(prepared, plan)
        [outcome] = decide([prepared], plan, plan.alpha / suite_size)
        return outcome


def compute(prepared: Prepared, plan: Plan) -> Outcome:
    """The outcome of a claim that is decided without sampling."""
    started = time.perf_counter()
    claim, check = prepared.claim, prepared.check
    assert isinstance(check, Computed)
    assert prepared.law is not None
    region = exact_region(prepared.law, prepared.statement, check.tolerance)
    verdict = prepared.statement.judge(region)
    return Outcome(
        claim=claim,
        verdict=verdict,
        reason="",
        alpha=0.0,
        resolution=check.tolerance,
        reached=prepared.statement.reached(region),
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
        mutants={name: mutant.judge(region) for name, mutant in prepared.mutants.items()},
        **prepared.numbers(region),
    )


@dataclass
class _Progress:
    """What the looks so far decided about one claim."""

    prepared: Prepared
    verdict: Verdict = UNDECIDED
    mutants: dict[str, Verdict] = field(default_factory=dict)
    region: Region | None = None
    looks: int = 0
    seconds: float = 0.0

    @property
    def finished(self) -> bool:
        """The claim is decided and its mutants are refuted; one closer than the resolution is not let off."""
        return self.verdict != UNDECIDED and all(word == REFUTED for word in self.mutants.values())

    def look(self, run: Any, share: float) -> None:
        """Judge what is still open against the region of this run."""
        assert isinstance(self.prepared.check, Check)
        self.looks += 1
        check, at, relation = self.prepared.check, self.prepared.at, self.prepared.claim.relation
        self.region = confidence_region(run, check, at, share / 2**self.looks, relation)
        if self.verdict == UNDECIDED:
            self.verdict = self.prepared.statement.judge(self.region)
        for name, mutant in self.prepared.mutants.items():
            if self.mutants.get(name) != REFUTED:
                self.mutants[name] = mutant.judge(self.region)


def decide(claims: Sequence[Prepared], plan: Plan, share: float, *, generations: int = 0) -> Iterator[Outcome]:
    """Decide claims of one cell by one run that records all their metrics, each as soon as it is decided.

    **Args**: `claims`: of equal family and workflow, with metrics of different names unless they are the same;
    `share`: the error probability of each; `generations`: the horizon, by default the longest of the claims.

    **Returns**: their outcomes, those that need few chains first.
    """
    from collapse_jax import simulate
    from collapse_jax.metrics import resolve

    checks = [prepared.check for prepared in claims if isinstance(prepared.check, Check)]
    metrics = {resolve(check.metric)[0]: check.metric for check in checks}
    horizon = max(generations, *(check.generations for check in checks))
    keeps = any(prepared.claim.relation == "law" for prepared in claims)
    seed = seed_of(checks[0], plan)
    open_ = [_Progress(prepared) for prepared in claims]
    run, budget = None, plan.max_chains
    while open_:
        started = time.perf_counter()
        done = 0 if run is None else run.chains
        target = min(max(FIRST_LOOK, 2 * done), budget)
        more = simulate(
            checks[0].family,
            checks[0].workflow,
            list(metrics.values()),
            generations=horizon,
            chains=target - done,
            seed=seed,
            engine=plan.engine,
            sampler=plan.sampler,
            sizes=plan.sizes,
            keep_paths=target - done if keeps else 0,
            first_block=0 if run is None else done // run.config["block"],
            optimisation=0 if plan.hasty and target <= FEW else 1,
            progress=False,
        )
        run = more if run is None else run + more
        if plan.max_chains >= FIRST_LOOK:  # whole blocks, so that a run can be continued
            budget = plan.max_chains // run.config["block"] * run.config["block"]
        for item in open_:
            with named(item.prepared.claim):
                item.look(run, share)
        spent = (time.perf_counter() - started) / len(open_)  # what is shared is paid for in equal parts
        ready = [item for item in open_ if item.finished or run.chains >= budget]
        for item in open_:
            item.seconds += spent
        yield from (_outcome(item, plan, share, run.chains, seed) for item in ready)
        open_ = [item for item in open_ if item not in ready]


def _outcome(item: _Progress, plan: Plan, share: float, chains: int, seed: int) -> Outcome:
    from collapse_jax.metrics import resolve
    from collapse_jax.results import configuration, describe

    prepared, region = item.prepared, item.region
    claim, check, statement = prepared.claim, prepared.check, prepared.statement
    assert isinstance(check, Check)
    assert region is not None
    return Outcome(
        claim=claim,
        verdict=item.verdict,
        reason=why_undecided(item.verdict, statement, region, chains),
        alpha=share,
        resolution=plan.resolution,
        reached=statement.reached(region),
        chains=chains,
        looks=item.looks,
        seconds=item.seconds,
        engine=plan.engine,
        sampler=plan.sampler,
        seed=seed,
        parameters={**claim.parameters, **plan.parameters},
        protocol=f"{describe(configuration(check.family))} under {describe(configuration(check.workflow))}",
        quantity=resolve(check.metric)[0],
        index="t",
        law=prepared.by_law(),
        evidence=list(check.evidence),
        mutants=item.mutants,
        **prepared.numbers(region),
    )


def cell_of(check: Check) -> str:
    """What tells cells apart: family and workflow in full."""
    from collapse_jax.results import configuration

    return json.dumps([configuration(check.family), configuration(check.workflow)], sort_keys=True)


def seed_of(check: Check, plan: Plan) -> int:
    """Different cells must not share random numbers."""
    return int.from_bytes(hashlib.sha256(f"{cell_of(check)}:{plan.seed}".encode()).digest()[:4], "big")
