"""What `collapse verify --rungs` prints and keeps of proofs."""

import argparse
import json
import sys
import time
from collections import Counter
from collections.abc import Sequence

from proofs_check import ledger as ledgers
from proofs_check import proving
from proofs_check.claim import Claim
from proofs_check.cli.options import write_text
from proofs_check.proofs.proof import Proven, Rung


def proved(parsed: argparse.Namespace, claims: Sequence[Claim], rungs: Sequence[Rung]) -> int:
    """Decide proofs alone, without a chain; returns the exit code."""
    if parsed.report or parsed.shard or parsed.set or parsed.changed:
        raise ValueError("--report, --shard, --set and --changed are about chains; add simulated to --rungs")
    started = time.perf_counter()
    out = sys.stderr if parsed.json == "-" else sys.stdout
    book = ledgers.read(parsed.ledger)
    done: list[Proven] = []
    width = max((len(claim.id) for claim in claims), default=5)
    print(f"{'verdict':10} {'claim':{width}}  {'rung':10} {'mutants':>8} {'seconds':>8}", file=out)
    for proven, declared in proving.prove(claims, rungs):
        done.append(proven)
        if parsed.ledger:
            book = book.proved([(proven, declared)])
        print(line_of(proven, width), file=out, flush=True)
    print(_summary(done, time.perf_counter() - started), file=out)
    if parsed.ledger:
        print(f"ledger: {book.write(parsed.ledger)}", file=out)
    if parsed.json:
        text = json.dumps([proven.row() for proven in done], indent=2)
        print(text) if parsed.json == "-" else write_text(parsed.json, text)
    return 1 if any(proven.fails for proven in done) else 0


def line_of(proven: Proven, width: int) -> str:
    """One proof as a line of the table."""
    refuted = f"{list(proven.mutants.values()).count('REFUTED')}/{len(proven.mutants)}"
    line = f"{proven.verdict:10} {proven.id:{width}}  {proven.rung:10} {refuted:>8} {proven.seconds:>8.1f}"
    note = "NOT EVIDENCE: " * proven.fails + proven.sentence
    return f"{line}  {note}".rstrip()


def _summary(done: Sequence[Proven], seconds: float) -> str:
    words = Counter(proven.verdict for proven in done)
    mutants = [word for proven in done for word in proven.mutants.values()]
    by_rung = Counter(proven.rung for proven in done if proven.counts)
    rungs = ", ".join(f"{rung} {number}" for rung, number in by_rung.items()) or "none"
    return (
        f"{len(done)} proofs: {', '.join(f'{number} {word}' for word, number in words.items()) or 'none'}; "
        f"{sum(by_rung.values())} count ({rungs}), of {len({p.id for p in done if p.counts})} claims; "
        f"{mutants.count('REFUTED')} of {len(mutants)} mutants refuted; {seconds:.0f} s"
    )
