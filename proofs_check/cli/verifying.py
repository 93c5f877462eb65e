"""`collapse verify`: decide claims."""

import argparse
import json
import os
import sys
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from proofs_check import registry
from proofs_check.cli.options import assignments, command, keep_programs, writable, write_text
from proofs_check.plan import QUICK, Plan

if TYPE_CHECKING:
    from proofs_check.outcome import Outcome


def add(commands: Any) -> None:
    """Declare the subcommands of this module."""
    sub = command(commands, "verify", _verify, "decide claims; exit 0 when every outcome is the expected one")
    sub.add_argument("what", nargs="*", metavar="ID|glob|file.py", help="claims to decide (default: all shipped ones)")
    sub.add_argument("--all", action="store_true", help="all shipped claims, which is also the default")
    sub.add_argument("--quick", action="store_true", help=f"resolution {QUICK.resolution:g}, fewer chains")
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
    sub.add_argument("--report", metavar="DIR", help="write DIR/index.html, one self-contained page")


def _verify(parsed: argparse.Namespace) -> int:
    from proofs_check.suite import verify_all
    from proofs_check.verdict import prepare

    if parsed.all and parsed.what:
        raise ValueError(f"--all and {parsed.what[0]!r} contradict each other; give one of them")
    keep_programs(not any(name.endswith(".py") for name in parsed.what))
    claims = registry.select(parsed.what)
    base = QUICK if parsed.quick else Plan()
    plan = Plan(
        alpha=parsed.alpha,
        resolution=base.resolution if parsed.resolution is None else parsed.resolution,
        max_chains=base.max_chains if parsed.max_chains is None else parsed.max_chains,
        seed=parsed.seed,
        engine=parsed.engine,
        sampler=parsed.sampler,
        parameters=assignments(parsed.set),
        hasty=base.hasty,
    )
    started = time.perf_counter()
    outcomes: list[Outcome] = []
    out = sys.stderr if parsed.json == "-" else sys.stdout
    for claim in claims:  # bad parameters and places to write are reported before anything is simulated
        prepare(claim, plan)
    for target in (parsed.json if parsed.json != "-" else None, parsed.report):
        writable(target)
    width = max(len(claim.id) for claim in claims)
    print(f"{'verdict':10} {'claim':{width}}  {'resolution':>10} {'chains':>10} {'seconds':>8}", file=out)
    interrupted = False
    try:
        for outcome in verify_all(claims, plan):
            outcomes.append(outcome)
            print(_line(outcome, width), file=out, flush=True)
            if parsed.mutants:
                for name, verdict in outcome.mutants.items():
                    print(f"{'':10}   {verdict:10} mutant: {name}", file=out)
    except KeyboardInterrupt:
        interrupted = True
    seconds = time.perf_counter() - started
    print(_summary(outcomes, len(claims), plan, seconds), file=out)
    if parsed.json:
        text = json.dumps([outcome.row() for outcome in outcomes], indent=2)
        print(text) if parsed.json == "-" else write_text(parsed.json, text)
    if parsed.report and outcomes:
        from proofs_check.report import write_report

        print(f"report: {write_report(outcomes, parsed.report, plan=plan, seconds=seconds)}", file=out)
    if interrupted:
        print(f"collapse: interrupted after {len(outcomes)} of {len(claims)} claims", file=sys.stderr)
        sys.stdout.flush()
        os._exit(130)  # worker threads may be inside a long compiled call
    return 0 if all(outcome.as_expected for outcome in outcomes) else 1


def _line(outcome: "Outcome", width: int) -> str:
    reached = f"{outcome.reached:.2%}" if outcome.reached < 10 else "-"
    line = (
        f"{outcome.verdict:10} {outcome.claim.id:{width}}  {reached:>10} {outcome.chains:>10,} {outcome.seconds:>8.1f}"
    )
    missed = [name for name, verdict in outcome.mutants.items() if verdict != "REFUTED"]
    remarks = []
    if not outcome.as_expected:
        remarks.append(f"NOT AS EXPECTED ({outcome.claim.expected})")
    if missed:
        remarks.append(f"mutants not refuted: {', '.join(missed)}")
    remarks += [remark for remark in (outcome.reason, outcome.vacuous) if remark]
    return "  ".join([line, *remarks])


def _summary(outcomes: Sequence["Outcome"], asked: int, plan: Plan, seconds: float) -> str:
    count = {
        verdict: sum(outcome.verdict == verdict for outcome in outcomes)
        for verdict in ("SUPPORTED", "REFUTED", "UNDECIDED")
    }
    mutants = [verdict for outcome in outcomes for verdict in outcome.mutants.values()]
    tally = ", ".join(f"{number} {verdict}" for verdict, number in count.items())
    return (
        f"{len(outcomes)} of {asked} claims: {tally}; {sum(outcome.as_expected for outcome in outcomes)} as expected; "
        f"{mutants.count('REFUTED')} of {len(mutants)} mutants refuted; alpha {plan.alpha:g}; "
        f"engine {plan.engine}, sampler {plan.sampler}; {seconds:.0f} s"
    )
