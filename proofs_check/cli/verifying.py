"""`collapse verify` and `merge-ledgers`: decide claims, and keep what was measured."""

import argparse
import json
import os
import sys
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, get_args

from proofs_check import ledger as ledgers
from proofs_check import proving, registry
from proofs_check.claim import STAR, Claim, Verdict, without_star
from proofs_check.cli.options import Target, assignments, command, destinations, keep_programs, shard, write_text
from proofs_check.cli.proving import line_of, proved
from proofs_check.cli.terminal import Lossy
from proofs_check.plan import QUICK, Plan
from proofs_check.proofs.proof import Rung

if TYPE_CHECKING:
    from proofs_check.outcome import Outcome
    from proofs_check.suite import Suite


def add(commands: Any) -> None:
    """Declare the subcommands of this module."""
    sub = command(commands, "verify", _verify, "decide claims; exit 0 when every outcome is the expected one")
    sub.add_argument("what", nargs="*", metavar="ID|glob|paper|file.py", help="claims to decide (default: all)")
    sub.add_argument("--all", action="store_true", help="all shipped claims, which is also the default")
    how = sub.add_mutually_exclusive_group()
    how.add_argument("--quick", action="store_true", help=f"resolution {QUICK.resolution:g}, fewer chains")
    how.add_argument("--full", action="store_true", help=f"resolution {Plan.resolution:g}, which is also the default")
    sub.add_argument("--ledger", metavar="DIR", help="keep what was measured in DIR/ledger.json, beside what it holds")
    sub.add_argument("--changed", action="store_true", help="only claims that the ledger lacks, or holds as stale")
    sub.add_argument("--shard", metavar="I/N", help="part I of N, into DIR/ledger-I-of-N.json, for `merge-ledgers`")
    sub.add_argument(
        "--alpha", type=float, default=Plan.alpha, help="family-wise error probability (default %(default)g)"
    )
    sub.add_argument("--resolution", type=float, help=f"relative accuracy asked for (default {Plan.resolution:g})")
    sub.add_argument("--max-chains", type=int, metavar="N", help="most chains per claim")
    sub.add_argument("--seed", type=int, default=0)
    sub.add_argument("--engine", choices=("exact", "literal"), default="exact")
    sub.add_argument(
        "--sampler",
        choices=("quantile", "rejection"),
        default=Plan.sampler,
        help="how chains draw (default %(default)s)",
    )
    sub.add_argument("--set", action="append", default=[], metavar="NAME=VALUE", help="a parameter of the claims")
    sub.add_argument("--mutants", action="store_true", help="show every mutant and its verdict")
    sub.add_argument("--json", metavar="FILE", help="write the outcomes as JSON (- for standard output)")
    sub.add_argument(
        "--rungs",
        default=proving.SIMULATED,
        metavar="LIST",
        help="simulated (default), symbolic, certified, formal, joined by commas, or all",
    )
    sub.add_argument("--report", metavar="DIR", help="write DIR/index.html, one self-contained page")

    sub = command(commands, "merge-ledgers", _merge, "join the ledgers of all shards of a suite")
    sub.add_argument("out", metavar="OUT", help="a ledger.json, or its folder; entries it holds are replaced")
    sub.add_argument("files", nargs="+", metavar="FILE", help="the ledger-I-of-N.json of all N shards")


def _verify(parsed: argparse.Namespace) -> int:
    from proofs_check.report import page_of
    from proofs_check.suite import Suite

    if parsed.all and parsed.what:
        raise ValueError(f"--all and {parsed.what[0]!r} contradict each other; give one of them")
    part = shard(parsed.shard)
    simulated, rungs = proving.rungs_of(parsed.rungs)
    if simulated:
        _consistent(parsed, part)
    destinations(
        Target("--json", None if parsed.json == "-" else parsed.json, stream=True),
        Target("--report", None if parsed.report is None else page_of(parsed.report), make=True),
        Target("--ledger", None if parsed.ledger is None else ledgers.file_of(parsed.ledger, part), make=True),
    )
    if parsed.ledger is not None:
        ledgers.probe(parsed.ledger, part)
    keep_programs(not any(name.endswith(".py") for name in parsed.what))
    claims = registry.select(parsed.what)
    if not simulated:
        return proved(parsed, claims, rungs)
    plan = _plan(parsed)
    suite_size = len(claims)
    book = ledgers.read(parsed.ledger)
    if parsed.changed:
        claims = book.due(claims)
    if not claims:
        print(f"nothing changed: the ledger holds all {suite_size} claims")
        return 0
    if parsed.quick:
        claims = _without_dear(claims)
    # Bad parameters are reported before anything is simulated; what else is wrong with a claim is its own row.
    suite = Suite.of(claims, plan, suite_size=suite_size, part=part, strict=bool(parsed.set))
    return _decided(parsed, suite, part, book, rungs)


def _without_dear(claims: Sequence[Claim]) -> list[Claim]:
    """What a quick suite decides, and on stderr how many claims it leaves out; all, if only dear ones are asked for."""
    kept = [claim for claim in claims if not claim.dear] or list(claims)
    if len(kept) < len(claims):
        left = len(claims) - len(kept)
        print(f"left to --full, as they take minutes: {left} of {len(claims)} claims", file=sys.stderr)
    return kept


def _consistent(parsed: argparse.Namespace, part: tuple[int, int] | None) -> None:
    """Refuse options that would keep what was not measured at full resolution, or that say nothing together."""
    if part is not None and not 1 <= part[0] <= part[1]:
        raise ValueError(f"--shard {parsed.shard} is not possible; use I/N with I = 1 .. N")
    if part is not None and not (parsed.full and parsed.ledger):
        raise ValueError("--shard writes a part of a ledger; add --full --ledger DIR")
    if part is not None and parsed.changed:
        raise ValueError("--shard and --changed contradict each other; give one of them")
    if parsed.ledger is None:
        return
    if not (parsed.full or parsed.changed) or parsed.quick:
        raise ValueError("a ledger keeps what was measured at full resolution; add --full or --changed")
    custom = [name for name in ("set", "resolution", "max_chains") if getattr(parsed, name)]
    custom += [name for name in ("engine", "sampler") if getattr(parsed, name) != getattr(Plan, name)]
    if custom:
        raise ValueError(f"--{custom[0].replace('_', '-')} is not what the ledger records; leave out it or --ledger")


def _plan(parsed: argparse.Namespace) -> Plan:
    base = QUICK if parsed.quick else Plan()
    return Plan(
        alpha=parsed.alpha,
        resolution=base.resolution if parsed.resolution is None else parsed.resolution,
        max_chains=base.max_chains if parsed.max_chains is None else parsed.max_chains,
        seed=parsed.seed,
        engine=parsed.engine,
        sampler=parsed.sampler,
        parameters=assignments(parsed.set),
        hasty=base.hasty,
    )


def _decided(
    parsed: argparse.Namespace,
    suite: "Suite",
    part: tuple[int, int] | None,
    book: ledgers.Ledger,
    rungs: Sequence[Rung],
) -> int:
    """Decide a suite, printing and keeping every outcome; returns the exit code."""
    started = time.perf_counter()
    outcomes: list[Outcome] = []
    out = sys.stderr if parsed.json == "-" else sys.stdout
    if parsed.ledger or parsed.report or parsed.json not in (None, "-"):
        out = Lossy(out)
    width = max((len(claim.id) for claim in suite.claims), default=5)
    print(f"{'verdict':10} {'claim':{width}}  {'resolution':>10} {'chains':>10} {'seconds':>8}", file=out)
    interrupted = False
    book = _opened(parsed, part, book)
    try:
        for outcome in suite.outcomes():
            proofs = list(proving.prove([outcome.claim], rungs)) if rungs else []
            outcome = outcome.beside(proven for proven, _ in proofs)
            outcomes.append(outcome)
            if parsed.ledger and outcome.verdict != "ERROR":  # a claim that failed keeps its old entry, which is stale
                book = book.updated([ledgers.Entry.of(outcome)]).proved(proofs)
                book.write(parsed.ledger)  # at once: a suite takes hours, and may be killed
            print(_line(outcome, width), file=out, flush=True)
            for proven, _ in proofs:
                print(line_of(proven, width), file=out)
            if parsed.mutants:
                for name, verdict in outcome.mutants.items():
                    print(f"{'':10}   {verdict:10} mutant: {name}", file=out)
    except KeyboardInterrupt:
        interrupted = True
    seconds = time.perf_counter() - started
    print(_summary(outcomes, len(suite.claims), suite.plan, seconds), file=out)
    if parsed.ledger:
        print(f"ledger: {book.write(parsed.ledger)}", file=out)
    if parsed.json:
        text = json.dumps([outcome.row() for outcome in outcomes], indent=2)
        print(text) if parsed.json == "-" else write_text(parsed.json, text)
    if parsed.report and outcomes:
        from proofs_check.report import write_report

        print(f"report: {write_report(outcomes, parsed.report, plan=suite.plan, seconds=seconds)}", file=out)
    if isinstance(out, Lossy) and out.error:
        raise out.error
    if interrupted:
        print(f"collapse: interrupted after {len(outcomes)} of {len(suite.claims)} claims", file=sys.stderr)
        sys.stdout.flush()
        os._exit(130)  # worker threads may be inside a long compiled call
    return 0 if all(outcome.as_expected for outcome in outcomes) else 1


def _opened(parsed: argparse.Namespace, part: tuple[int, int] | None, book: ledgers.Ledger) -> ledgers.Ledger:
    """The ledger that outcomes are added to: a new one for a shard; for all claims, without those no longer shipped."""
    if part is not None:
        return ledgers.Ledger(shard=part)
    return book.updated([], None if parsed.what else registry.claims())


def _merge(parsed: argparse.Namespace) -> int:
    ledgers.probe(parsed.out)
    merged = ledgers.merge(parsed.files)
    print(f"ledger: {ledgers.read(parsed.out).updated(merged.entries.values()).write(parsed.out)}")
    return 0


def _line(outcome: "Outcome", width: int) -> str:
    reached = f"{outcome.reached:.2%}" if outcome.reached < 10 else "-"
    line = (
        f"{outcome.verdict:10} {outcome.claim.id:{width}}  {reached:>10} {outcome.chains:>10,} {outcome.seconds:>8.1f}"
    )
    missed = [name for name, verdict in outcome.mutants.items() if without_star(verdict) != "REFUTED"]
    remarks = []
    if not outcome.as_expected:
        remarks.append(f"NOT AS EXPECTED ({outcome.claim.expected})")
    if missed:
        remarks.append(f"mutants not refuted: {', '.join(missed)}")
    usual = not outcome.chains or not outcome.relative_to or "the stated value" in outcome.relative_to
    scaled = "" if usual else f"resolution {outcome.relative_to}"
    remarks += [remark for remark in (outcome.clause, scaled, outcome.reason, outcome.vacuous) if remark]
    return "  ".join([line, *remarks])


def _summary(outcomes: Sequence["Outcome"], asked: int, plan: Plan, seconds: float) -> str:
    count = {verdict: sum(outcome.verdict == verdict for outcome in outcomes) for verdict in get_args(Verdict)}
    count = {verdict: number for verdict, number in count.items() if number or not verdict.endswith(STAR)}
    mutants = [without_star(verdict) for outcome in outcomes for verdict in outcome.mutants.values()]
    count |= {"ERROR": errors} if (errors := sum(outcome.verdict == "ERROR" for outcome in outcomes)) else {}
    tally = ", ".join(f"{number} {verdict}" for verdict, number in count.items())
    return (
        f"{len(outcomes)} of {asked} claims: {tally}; {sum(outcome.as_expected for outcome in outcomes)} as expected; "
        f"{mutants.count('REFUTED')} of {len(mutants)} mutants refuted; alpha {plan.alpha:g}, "
        f"resolution {plan.resolution:g}; seed {plan.seed}, engine {plan.engine}, sampler {plan.sampler}; "
        f"{seconds:.0f} s"
    )
