"""`collapse conjecture`: which closed form the law of a protocol may have."""

import argparse
from pathlib import Path
from typing import Any

from proofs_check import registry
from proofs_check.cli.options import Target, command, destinations, keep_programs, write_text


def add(commands: Any) -> None:
    """Declare the subcommands of this module."""
    summary = "look for the closed form of a law in simulations; exit 0 when every one is RECOVERED"
    sub = command(commands, "conjecture", _conjecture, summary)
    sub.add_argument("file", metavar="FILE", help="a Python file with NAME = Conjecture(family, workflow, metric, ..)")
    sub.add_argument("--chains", type=int, metavar="R", help="per point of the design (default 32,768)")
    sub.add_argument("--seed", type=int, default=0)
    sub.add_argument("--alpha", type=float, help="error probability of each conjecture (default 0.01)")
    sub.add_argument("--resolution", type=float, help="relative accuracy of what is recovered (default 0.05)")
    sub.add_argument("--claim", metavar="OUT", help="write the file again with the recovered claims below it")


def _conjecture(parsed: argparse.Namespace) -> int:
    from proofs_check.conjecture import Conjecture

    keep_programs(False)
    found = {
        name: value for name, value in vars(registry.module_of(parsed.file)).items() if isinstance(value, Conjecture)
    }
    if not found:
        raise ValueError(
            f"{parsed.file} makes no Conjecture; write CONJECTURE = Conjecture(family=.., workflow=.., metric=..)"
        )
    destinations(Target("--claim", parsed.claim))
    from proofs_check.conjecture.study import investigate
    from proofs_check.conjecture.written import claim_text, report

    asked = {name: getattr(parsed, name) for name in ("chains", "alpha", "resolution")}
    options = {name: value for name, value in asked.items() if value is not None}
    texts, words = [], []
    for name, conjecture in found.items():
        finding = investigate(conjecture, seed=parsed.seed, **options)
        print(report(finding, name), flush=True)
        words.append(finding.word)
        if finding.found is not None:
            texts.append(claim_text(finding, name, f"{Path(parsed.file).stem}.{name.lower()}_law"))
            print(f"\n{texts[-1]}")
    if parsed.claim:
        if texts:
            write_text(parsed.claim, "\n\n".join([Path(parsed.file).read_text(encoding="utf-8").rstrip(), *texts]))
        print(f"claims: {parsed.claim}" if texts else "no claim was written: no one form leads")
    return 0 if all(word == "RECOVERED" for word in words) else 1
