r"""From chains to a word, with an error probability.

The error budget alpha of a suite is divided evenly among its claims. A claim is looked at after 1, 2, 4, .. times the
first sample. At each look it gets one confidence region that holds all tested generations simultaneously; the claim and
its mutants are judged against it, at every look anew:

- REFUTED if the region excludes the statement, whatever was said before;
- SUPPORTED if the region lies inside the statement widened by the resolution (for "==" an equivalence test);
- SUPPORTED* and REFUTED*, where only the limits of the mean without its extreme quantiles say so: the word holds unless
  an event too rare to be seen moves the mean by more than a quarter of the resolution;
- UNDECIDED otherwise.

Limits of means that rest on a known range or variance hold at all looks together; the others, exact ones of
probabilities and laws among them, pay alpha / 2^k at look k. A law beside the simulation ranks above a word with a star
and above UNDECIDED; if it contradicts a word without one, the claim is in error.

The random numbers belong to the *cell* (family, workflow and seed of the plan), not to the claim: claims of one cell
read the same chains, which the union bound over claims allows, and a claim reads the same ones alone and in a suite.
"""

import hashlib
import json
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from proofs_check.claim import STAR, Check, Claim, Computed, Verdict, without_star
from proofs_check.outcome import Outcome
from proofs_check.plan import Plan
from proofs_check.prepared import LAW_TOLERANCE, Prepared, Ready, engine_of, named, prepare
from proofs_check.region import Looks, Region
from proofs_check.statement import REFUTED, SUPPORTED, UNDECIDED, Word, exact_region, why_undecided

FIRST_LOOK = 8192
FEW = 1 << 18  # so many chains are run sooner than a program for them is compiled with care
ERROR = "ERROR"


def verify(claim: Claim, plan: Plan | None = None, *, suite_size: int = 1) -> Outcome:
    """Decide one claim, drawing more chains until it and all its mutants are decided or the budget is spent.

    **Args**: `plan`: how hard to try; `suite_size`: among how many claims `plan.alpha` is divided.

    **Returns**: the outcome, the same to rounding as in a suite of that size.

    **Raises**: ValueError naming the claim, for whatever goes wrong in its own code.
    """
    plan = plan or Plan()
    prepared = prepare(claim, plan)
    with named(claim):
        if isinstance(prepared, Ready):
            return prepared.check.decide(claim, plan, plan.alpha / suite_size)
        if isinstance(prepared.check, Computed):
            return compute(prepared, plan)
        [outcome] = decide([prepared], plan, plan.alpha / suite_size)
        if outcome.verdict == ERROR:
            raise ValueError(outcome.reason)
        return outcome


def compute(prepared: Prepared, plan: Plan) -> Outcome:
    """The outcome of a claim that is decided without sampling."""
    started = time.perf_counter()
    claim, check = prepared.claim, prepared.check
    assert isinstance(check, Computed)
    assert prepared.law is not None
    region = exact_region(prepared.law, prepared.statement, check.tolerance)
    verdict = prepared.statement.judge(region).verdict
    return Outcome(
        claim=claim,
        verdict=verdict,
        licence="exact",
        clause="",
        simulated=None,
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
        relative_to=prepared.relative_to(),
        nearest=prepared.nearest({name: mutant.judge(region).verdict for name, mutant in prepared.mutants.items()}),
        mutants={name: mutant.judge(region).verdict for name, mutant in prepared.mutants.items()},
        **prepared.numbers(region),
    )


@dataclass
class _Progress:
    """What the looks so far decided about one claim."""

    prepared: Prepared
    looking: Looks
    word: Word = field(default_factory=lambda: Word(UNDECIDED))
    mutants: dict[str, Verdict] = field(default_factory=dict)
    region: Region | None = None
    looks: int = 0
    seconds: float = 0.0

    @classmethod
    def of(cls, prepared: Prepared, share: float) -> "_Progress":
        from collapse_jax.metrics import resolve

        check, statement = prepared.check, prepared.statement
        assert isinstance(check, Check)
        sides = np.stack([statement.lower, statement.upper])
        unit = float(np.max(np.where(np.isfinite(sides), np.abs(sides), 0) + statement.slack))
        looking = Looks(
            resolve(check.metric)[0],
            check,
            prepared.claim.relation,
            prepared.at,
            share,
            prepared.known,
            np.where(np.isfinite(statement.lower), statement.lower, statement.upper),
            unit,
        )
        return cls(prepared, looking)

    @property
    def finished(self) -> bool:
        """The claim is decided and its mutants are refuted; one closer than the resolution is not let off."""
        refuted = all(without_star(word) == REFUTED for word in self.mutants.values())
        return self.word.verdict != UNDECIDED and refuted

    def look(self, run: Any) -> None:
        """Judge against the region of this run; only REFUTED is final."""
        self.looks += 1
        self.region = self.looking.region(run, self.looks).narrowed(self.region)
        self.word = self._renewed(self.word, self.prepared.statement.judge(self.region))
        for name, mutant in self.prepared.mutants.items():
            before = Word(self.mutants.get(name, UNDECIDED))
            self.mutants[name] = self._renewed(before, mutant.judge(self.region)).verdict

    def _renewed(self, before: Word, now: Word) -> Word:
        """The word after another look; one with a star speaks of its own look only, and lost chains end SUPPORTED."""
        assert self.region is not None
        kept = now.verdict == UNDECIDED and before.verdict == SUPPORTED and not self.region.distrust
        return before if before.verdict == REFUTED or kept else now


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
    open_ = [_Progress.of(prepared, share) for prepared in claims]
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
            engine=engine_of(checks[0], plan),
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
        failed: dict[int, Exception] = {}
        for item in open_:
            try:
                with named(item.prepared.claim):
                    item.look(run)
            except ValueError as error:
                failed[id(item)] = error
        spent = (time.perf_counter() - started) / len(open_)  # what is shared is paid for in equal parts
        ready = [item for item in open_ if item.finished or run.chains >= budget or id(item) in failed]
        for item in open_:
            item.seconds += spent
        for item in ready:
            error = failed.get(id(item))
            yield (
                _outcome(item, plan, share, run.chains, seed)
                if error is None
                else Outcome.failed(item.prepared.claim, plan, share, error)
            )
        open_ = [item for item in open_ if not any(item is done for done in ready)]


def _outcome(item: _Progress, plan: Plan, share: float, chains: int, seed: int) -> Outcome:
    from collapse_jax.metrics import resolve
    from collapse_jax.results import configuration, describe

    prepared, region = item.prepared, item.region
    claim, check, statement = prepared.claim, prepared.check, prepared.statement
    assert isinstance(check, Check)
    assert region is not None
    law = prepared.by_law()
    word = _ranked(item.word, law)
    if _excluded(prepared, region) or (law == SUPPORTED and word.verdict == REFUTED):
        reason = "the chains exclude the exact law beside them; one of the two is wrong"
        return Outcome.failed(claim, plan, share, ValueError(reason))
    starred = any(found.endswith(STAR) for found in (word.verdict, *item.mutants.values()))
    return Outcome(
        claim=claim,
        verdict=word.verdict,
        licence=word.licence,
        clause=statement.clause(region) if starred else "",
        simulated=item.word.verdict,
        reason=why_undecided(word.verdict, statement, region, chains),
        alpha=share,
        resolution=plan.resolution,
        reached=statement.reached(region),
        chains=chains,
        looks=item.looks,
        seconds=item.seconds,
        engine=engine_of(check, plan),
        sampler=plan.sampler,
        seed=seed,
        parameters={**claim.parameters, **plan.parameters},
        protocol=f"{describe(configuration(check.family))} under {describe(configuration(check.workflow))}",
        quantity=resolve(check.metric)[0],
        index="t",
        law=law,
        evidence=list(check.evidence),
        relative_to=prepared.relative_to(),
        nearest=prepared.nearest(item.mutants),
        mutants=item.mutants,
        **prepared.numbers(region),
    )


def _ranked(simulated: Word, law: Verdict | None) -> Word:
    """The word of a claim that may have a law beside the simulation."""
    if law is None or law == UNDECIDED or simulated.verdict in (law, REFUTED):
        return simulated
    return Word(law, "law")  # also where chains are too few to see by how much the statement is off


def _excluded(prepared: Prepared, region: Region) -> bool:
    """Whether licensed limits exclude the exact values by more than the statement leaves open."""
    if prepared.law is None or region.sample is not None:
        return False
    left = prepared.statement.allowance + LAW_TOLERANCE * (1 + np.abs(prepared.law))
    return bool(np.any(prepared.law < region.lower - left) or np.any(prepared.law > region.upper + left))


def cell_of(check: Check) -> str:
    """What tells cells apart: family and workflow in full."""
    from collapse_jax.results import configuration

    return json.dumps([configuration(check.family), configuration(check.workflow)], sort_keys=True)


def seed_of(check: Check, plan: Plan) -> int:
    """Different cells must not share random numbers."""
    return int.from_bytes(hashlib.sha256(f"{cell_of(check)}:{plan.seed}".encode()).digest()[:4], "big")
