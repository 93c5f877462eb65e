"""`collapse list` and `show`: what the claims say, and what was measured of them."""

import argparse
import fnmatch
import json
from collections.abc import Iterable, Sequence
from typing import Any

from proofs_check.claim import PROVENANCE, Claim
from proofs_check.cli.narrowing import apart, found_in, narrowed, narrowing
from proofs_check.cli.options import command
from proofs_check.measured import Measured, measured
from proofs_check.search import near

_KEYS = ("id", "paper", "statement", "relation", "regime", "provenance", "source", "expected", "parameters")


def add(commands: Any) -> None:
    """Declare the subcommands of this module."""
    sub = command(commands, "list", _list, "the claims, one per line, with the verdict in the ledger")
    narrowing(sub)
    sub.add_argument("--json", action="store_true", help="as JSON")

    sub = command(commands, "show", _show, "everything about one claim")
    sub.add_argument("id", nargs="+", metavar="ID|file.py|folder", help="the claim, after the file or folder it is in")


def _list(parsed: argparse.Namespace) -> int:
    found, _ = narrowed(parsed)
    if parsed.json:
        records = [
            {
                **{key: getattr(item.claim, key) for key in _KEYS},
                "domain": str(item.claim.domain),
                "measured": item.row(),
            }
            for item in found
        ]
        print(json.dumps(records, indent=2))
        return 0
    print(table(["claim", "relation", "regime", "provenance", "verdict", "evidence", "date"], map(_row, found)))
    return 0


def _row(item: Measured) -> list[str]:
    claim, date = item.claim, item.entry.date[:10] if item.entry else ""
    return [
        claim.id,
        claim.relation,
        claim.regime,
        claim.provenance,
        item.verdict if item.entry else "-",
        " + ".join(item.evidence),
        date,
    ]


def table(head: list[str], rows: Iterable[list[str]], right: Sequence[int] = ()) -> str:
    """Columns of text under their headers, if there are any; those numbered in `right` are aligned to the right."""
    lines = [*([head] if head else []), *rows]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return "\n".join(
        "  ".join(f"{cell:{'>' if i in right else '<'}{widths[i]}}" for i, cell in enumerate(line)).rstrip()
        for line in lines
    )


def one(claims: Sequence[Claim], ids: Sequence[str]) -> Claim:
    """The claim that an id or a glob names, or the only one there is; ValueError naming others."""
    found = [claim for claim in claims if not ids or any(fnmatch.fnmatchcase(claim.id, id) for id in ids)]
    if not found:
        close = near(ids[0], (claim.id for claim in claims))
        hint = f"did you mean {', '.join(close)}?" if close else "`collapse list` shows them"
        raise ValueError(f"no claim {ids[0]!r}; {hint}")
    if len(found) > 1:
        raise ValueError(f"{len(found)} claims are meant, {found[0].id} among them; give one id")
    return found[0]


def _show(parsed: argparse.Namespace) -> int:
    from proofs_check.export import setting

    places, ids = apart(parsed.id)
    claim = one(found_in(places).claims, ids)
    check, known = claim.check(), measured([claim])[0]
    lines = {
        "statement": claim.statement,
        "relation": f"{claim.relation} ({claim.regime})",
        "source": claim.source,
        "provenance": f"{claim.provenance}: {PROVENANCE[claim.provenance]}",
        "expected": claim.expected,
        "ledger": known.sentence,
        "hunt": known.hunted,
        "setting": setting(claim),
        "domain": str(claim.domain),
        "evidence": ", ".join(check.evidence),
        "mutants": "; ".join(check.mutants),
        "note": " ".join(claim.note.split()),
    }
    print(claim.id)
    for name, value in lines.items():
        if value:
            print(f"  {name:11} {value}")
    return 0
