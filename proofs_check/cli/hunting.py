"""`collapse hunt`: search the domains of claims for counterexamples."""

import argparse
import json
import math
import re
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from proofs_check import ledger as ledgers
from proofs_check import registry
from proofs_check.claim import Claim, Experiment
from proofs_check.cli.options import Target, command, destinations, keep_programs, write_text

if TYPE_CHECKING:
    from proofs_check.hunting import Found

_EVERY = 5.0  # seconds between two writes of the file of points


def add(commands: Any) -> None:
    """Declare the subcommand of this module."""
    sub = command(commands, "hunt", _hunt, "search domains for a counterexample; exit 0 when every end is the expected")
    sub.add_argument("what", nargs="*", metavar="ID|glob|paper|file.py", help="claims to hunt")
    sub.add_argument("--all", action="store_true", help="all shipped claims")
    sub.add_argument("--budget", default="60s", metavar="TIME", help="for each claim: 60s (default), 2m, 500ms")
    sub.add_argument("--points", type=int, metavar="N", help="most points of each claim")
    sub.add_argument("--laws", action="store_true", help="only claims that have an exact law, without a chain")
    sub.add_argument("--seed", type=int, default=0, help="of the order of points, and of chains (default 0)")
    sub.add_argument("--alpha", type=float, default=1e-6, help="error probability of all words together (default 1e-6)")
    sub.add_argument(
        "--resume", metavar="FILE", help="go on with the points in FILE, and keep those of this hunt there"
    )
    sub.add_argument("--json", metavar="FILE", help="write how each hunt ended as JSON (- for standard output)")
    sub.add_argument("--report", metavar="DIR", help="write DIR/index.html, with a map of each hunt")
    sub.add_argument("--ledger", metavar="DIR", help="keep points, tightest ratio and date in DIR/ledger.json")


def _hunt(parsed: argparse.Namespace) -> int:
    seconds = _seconds(parsed.budget)
    if parsed.all == bool(parsed.what):
        raise ValueError("give the claims to hunt, or --all, not both")
    if parsed.points is not None and parsed.points < 1:
        raise ValueError(f"--points {parsed.points} leaves nothing to look at; use a whole number >= 1")
    if not 0 < parsed.alpha < 1 or parsed.seed < 0:
        raise ValueError("--alpha is an error probability, 0 < alpha < 1, and --seed a whole number >= 0")
    report = None if parsed.report is None else Path(parsed.report) / "index.html"
    destinations(
        Target("--json", None if parsed.json == "-" else parsed.json, stream=True),
        Target("--report", report, make=True),
        Target("--resume", parsed.resume),
        Target("--ledger", None if parsed.ledger is None else ledgers.file_of(parsed.ledger), make=True),
    )
    keep_programs(not any(name.endswith(".py") for name in parsed.what))
    claims = registry.select(parsed.what)
    hunts = _hunts(parsed, claims, seconds)
    if parsed.json:
        text = json.dumps([found.row() for found in hunts], indent=2)
        print(text) if parsed.json == "-" else write_text(parsed.json, text)
    if report is not None:
        from proofs_check.hunting.picture import write_page

        print(f"report: {write_page(hunts, report.parent, min(10.0, seconds))}", file=_out(parsed))
    return 0 if all(found.as_expected for found in hunts) else 1


def _hunts(parsed: argparse.Namespace, claims: Sequence[Claim], seconds: float) -> "list[Found]":
    """Hunt one claim after another, printing and keeping how each ends."""
    from proofs_check.hunting import hunt, record
    from proofs_check.hunting.found import BEYOND
    from proofs_check.hunting.looks import has_law

    out = _out(parsed)
    file = None if parsed.resume is None else Path(parsed.resume)
    held = {} if file is None else record.load(file)
    book = ledgers.read(parsed.ledger)
    width = max((len(claim.id) for claim in claims), default=5)
    print(f"{'end':16} {'claim':{width}}  {'points':>7} {'by':6} {'seconds':>7}", file=out)
    hunts: list[Found] = []
    started = time.perf_counter()
    for claim in claims:
        if parsed.laws and not has_law(claim):
            continue
        if len(claims) > 1 and isinstance(claim.check(), Experiment):
            continue
        search = record.resumed(claim, held, parsed.seed, parsed.alpha / len(claims))
        written = time.perf_counter()

        def keep(_: Any, search: Any = search, held: Any = held) -> None:
            nonlocal written
            if file is not None and time.perf_counter() - written > _EVERY:
                record.save(file, [search], held)
                written = time.perf_counter()

        try:
            found = hunt(search, seconds, parsed.points, keep)
        finally:
            if file is not None:
                record.save(file, [search], held)
                held = record.load(file)
        hunts.append(found)
        print(_line(found, width), file=out, flush=True)
        if parsed.ledger:
            book = book.hunted(claim.id, record.entry(found))
            book.write(parsed.ledger)
    ends = [found.verdict for found in hunts]
    print(
        f"{len(hunts)} of {len(claims)} claims: {ends.count('REFUTED')} REFUTED, {ends.count(BEYOND)} {BEYOND}; "
        f"{sum(found.as_expected for found in hunts)} as expected; "
        f"{sum(len(found.search.decided) for found in hunts):,} points; seed {parsed.seed}; "
        f"{time.perf_counter() - started:.0f} s",
        file=out,
    )
    return hunts


def _line(found: "Found", width: int) -> str:
    head = f"{found.verdict:16} {found.claim.id:{width}}  {len(found.search.decided):>7,} {found.search.means:6}"
    parts = [f"{head} {found.seconds:>7.1f}  {found.sentence()}"]
    parts += [] if found.as_expected else [f"NOT AS EXPECTED ({found.claim.expected})"]
    missed = sum(look.word in ("refused", "failed") for look in found.search.looked)
    parts += [found.silent] if found.silent else []
    parts += [f"{missed} points of the domain refused or failed: {found.defects()[0]}"] if missed else []
    return "; ".join(parts)


def _out(parsed: argparse.Namespace) -> Any:
    return sys.stderr if parsed.json == "-" else sys.stdout


def _seconds(text: str) -> float:
    """A time such as "60s", "2m" or "90"."""
    found = re.fullmatch(r"(\d+(?:\.\d+)?)(ms|s|m|h)?", text.strip())
    value = float(found[1]) * {"ms": 1e-3, "m": 60, "h": 3600}.get(found[2], 1.0) if found else 0.0
    if not 0 < value < math.inf:
        raise ValueError(f"--budget {text!r} is no time; write for example 60s or 2m")
    return value
