"""Many claims with one family-wise alpha: those of one cell share a run, and runs share the cores and the programs."""

import warnings
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Self

from proofs_check.claim import Check, Claim
from proofs_check.outcome import Outcome
from proofs_check.plan import Plan
from proofs_check.prepared import Prepared, Ready, engine_of, prepare
from proofs_check.verdict import cell_of, compute, decide

_HORIZONS = (1, 2, 3, 4, 6, 8, 10, 12, 16, 20, 25, 32, 40, 50, 64, 80, 100, 128, 160, 200, 256, 320, 400, 512)


@dataclass(frozen=True)
class Group:
    """Claims that are decided together: one that is computed or decides itself, or the claims of one run."""

    claims: tuple[Prepared | Ready, ...]
    generations: int = 0

    def outcomes(self, plan: Plan, share: float) -> Iterator[Outcome]:
        """The outcomes, each as soon as it is decided. What goes wrong in one claim does not touch the others."""
        first = self.claims[0]
        done: set[str] = set()
        try:
            if isinstance(first, Ready):
                yield first.check.decide(first.claim, plan, share)
                return
            if not isinstance(first.check, Check):
                yield compute(first, plan)
                return
            together = [prepared for prepared in self.claims if isinstance(prepared, Prepared)]
            for outcome in decide(together, plan, share, generations=self.generations):
                done.add(outcome.claim.id)
                yield outcome
        except Exception as error:
            left = [prepared for prepared in self.claims if prepared.claim.id not in done]
            if len(self.claims) == 1:
                yield Outcome.failed(first.claim, plan, share, error)
                return
            warnings.warn(f"decided one by one: a run of {len(self.claims)} claims failed: {error}", stacklevel=2)
            for prepared in left:
                yield from Group((prepared,), self.generations).outcomes(plan, share)


def grouped(claims: Iterable[Prepared | Ready], plan: Plan) -> list[Group]:
    """Claims of one cell share a run, with all their metrics and the longest horizon.

    A horizon is shared where a longer one leaves the earlier generations as they are; elsewhere, as for kept samples,
    only claims of equal horizons share. A law keeps the values of its chains, so it has a run of its own.
    """
    shared: dict[tuple, list[Prepared | Ready]] = {}
    for prepared in claims:
        shared.setdefault(_key(prepared, plan), []).append(prepared)
    found = []
    for members in shared.values():
        for part in _of_different_names(members):
            found.append(Group(tuple(part), _horizon(part, plan)))
    return found


def _key(prepared: Prepared | Ready, plan: Plan) -> tuple:
    check = prepared.check
    if not isinstance(check, Check):
        return (prepared.claim.id,)
    if prepared.claim.relation == "law":
        return cell_of(check), prepared.claim.id
    return cell_of(check), 0 if _extends(check, plan) else check.generations


def _extends(check: Check, plan: Plan) -> bool:
    """Whether the first generations of a longer run are those of a shorter one."""
    from collapse_jax import RecentModels, Window

    workflow = check.workflow
    raw = engine_of(check, plan) == "literal" or workflow.needs_samples_of(check.family) or check.family.keeps_samples
    # A program that knows its sizes makes room for the largest of a schedule.
    raw = raw or (plan.sizes == "known" and not isinstance(workflow.n, int))
    layers = workflow.layers
    # as many keys as models it can see
    redrawn = any(isinstance(one, RecentModels) or (isinstance(one, Window) and one.redraw) for one in layers)
    return all(type(one).__module__.startswith("collapse_jax.") for one in layers) and not raw and not redrawn


def _horizon(members: Sequence[Prepared | Ready], plan: Plan) -> int:
    """The longest horizon of the claims, rounded up so that programs serve several cells."""
    checks = [prepared.check for prepared in members if isinstance(prepared.check, Check)]
    if not checks:
        return 0
    longest = max(check.generations for check in checks)
    if not _extends(checks[0], plan) or not isinstance(checks[0].workflow.n, int):
        return longest
    return next((horizon for horizon in _HORIZONS if horizon >= longest), longest)


def _of_different_names(members: Sequence[Prepared | Ready]) -> list[list[Prepared | Ready]]:
    """Parts in which a name stands for one metric only."""
    from collapse_jax.metrics import resolve

    parts: list[tuple[dict, list[Prepared | Ready]]] = []
    for prepared in members:
        if not isinstance(prepared.check, Check):
            return [list(members)]
        name, metric = resolve(prepared.check.metric)
        for metrics, part in parts:
            if metrics.setdefault(name, metric) is metric:
                part.append(prepared)
                break
        else:
            parts.append(({name: metric}, [prepared]))
    return [part for _, part in parts]


@dataclass(frozen=True)
class Suite:
    """Claims that share one alpha, prepared: `groups` of those that run together, and `failed` ones."""

    claims: tuple[Claim, ...]
    plan: Plan
    share: float
    groups: tuple[Group, ...]
    failed: dict[str, Outcome]

    @classmethod
    def of(
        cls,
        claims: Iterable[Claim],
        plan: Plan,
        *,
        suite_size: int | None = None,
        part: tuple[int, int] | None = None,
        strict: bool = False,
    ) -> Self:
        """Evaluate everything that needs no simulation.

        **Args**: `suite_size`: among how many claims alpha is divided, by default these; `part`: (i, N) keeps every
        N-th group from the i-th on; `strict`: raise what is wrong with a claim in place of giving it the word ERROR.
        """
        claims = tuple(claims)
        share = plan.alpha / (len(claims) if suite_size is None else suite_size)
        prepared, failed = [], {}
        for claim in claims:
            try:
                prepared.append(prepare(claim, plan))
            except ValueError as error:
                if strict:
                    raise
                failed[claim.id] = Outcome.failed(claim, plan, share, error)
        found = grouped(prepared, plan)
        if part is not None:
            index, number = part
            found = found[index - 1 :: number]
            mine = {item.claim.id for group in found for item in group.claims}
            failed = failed if index == 1 else {}
            claims = tuple(claim for claim in claims if claim.id in mine or claim.id in failed)
        return cls(claims, plan, share, tuple(found), failed)

    def outcomes(self, workers: int = 2) -> Iterator[Outcome]:
        """The outcomes in the order of the claims; `workers` runs at once, so that one compiles while another runs."""
        results: dict[str, Future[Outcome]] = {claim.id: Future() for claim in self.claims}
        for id, outcome in self.failed.items():
            results[id].set_result(outcome)

        def work(group: Group) -> None:
            try:
                for outcome in group.outcomes(self.plan, self.share):
                    results[outcome.claim.id].set_result(outcome)
            except BaseException as error:
                for item in group.claims:
                    if not results[item.claim.id].done():
                        results[item.claim.id].set_exception(error)

        pool = ThreadPoolExecutor(workers)
        try:
            for group in self.groups:
                pool.submit(work, group)
            for claim in self.claims:
                yield results[claim.id].result()
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


def verify_all(
    claims: Iterable[Claim], plan: Plan | None = None, *, workers: int = 2, suite_size: int | None = None
) -> Iterator[Outcome]:
    """Decide claims with one family-wise alpha.

    **Args**: `plan`: how hard to try; `workers`: runs at once; `suite_size`: among how many claims alpha is divided, by
    default these.

    **Returns**: outcomes in the order of the claims. A claim whose own code fails has an outcome too, ERROR, and the
    others go on.
    """
    return Suite.of(claims, plan or Plan(), suite_size=suite_size).outcomes(workers)
