"""`collapse list`, `show` and `cite`: what the claims say and where they stand. Imports no JAX."""

import argparse
import json
from typing import Any

from proofs_check import papers, registry
from proofs_check.claim import PROVENANCE, Claim
from proofs_check.cli.options import command


def add(commands: Any) -> None:
    """Declare the subcommands of this module."""
    sub = command(commands, "list", _list, "the claims, one per line")
    sub.add_argument("--paper", help="only the claims of this paper")
    sub.add_argument("--json", action="store_true", help="as JSON")

    sub = command(commands, "show", _show, "everything about one claim")
    sub.add_argument("id")

    sub = command(commands, "cite", _cite, "BibTeX of the paper of a claim, and what was tested")
    sub.add_argument("id")


def _list(parsed: argparse.Namespace) -> int:
    claims = registry.select([], parsed.paper)
    if parsed.json:
        keys = ("id", "paper", "statement", "relation", "regime", "provenance", "source", "expected", "parameters")
        print(json.dumps([{key: getattr(claim, key) for key in keys} for claim in claims], indent=2))
        return 0
    width = max(len(claim.id) for claim in claims)
    for claim in claims:
        print(f"{claim.id:{width}}  {claim.relation:7}  {claim.regime:11}  {claim.provenance:8}  {claim.expected}")
    return 0


def _one(id: str) -> Claim:
    found = registry.select([id])
    if len(found) > 1:
        raise ValueError(f"{id!r} names {len(found)} claims; give one id")
    return found[0]


def _show(parsed: argparse.Namespace) -> int:
    claim = _one(parsed.id)
    check = claim.check()
    lines = {
        "statement": claim.statement,
        "relation": f"{claim.relation} ({claim.regime})",
        "source": claim.source,
        "provenance": f"{claim.provenance}: {PROVENANCE[claim.provenance]}",
        "expected": claim.expected,
        "parameters": ", ".join(f"{name}={value!r}" for name, value in claim.parameters.items()),
        "evidence": ", ".join(check.evidence),
        "mutants": "; ".join(check.mutants),
        "note": " ".join(claim.note.split()),
    }
    print(claim.id)
    for name, value in lines.items():
        if value:
            print(f"  {name:11} {value}")
    return 0


def _cite(parsed: argparse.Namespace) -> int:
    print(papers.cite(_one(parsed.id)))
    return 0
