"""`collapse export`: a table of claims for the appendix of a paper."""

import argparse
import sys
from typing import Any

from proofs_check import export
from proofs_check.cli.narrowing import narrowed, narrowing
from proofs_check.cli.options import Target, command, destinations, write_text


def add(commands: Any) -> None:
    """Declare the subcommands of this module."""
    sub = command(
        commands, "export", _export, "a table of claims for a paper's appendix: statement, setting, verdict, resolution"
    )
    narrowing(sub)
    form = sub.add_mutually_exclusive_group(required=True)
    form.add_argument("--latex", action="store_true", help="a LaTeX document that compiles as it is")
    form.add_argument("--csv", action="store_true", help="comma-separated values")
    form.add_argument("--markdown", action="store_true", help="Markdown, one table per paper")
    sub.add_argument("--fragment", action="store_true", help="with --latex: the table alone, to be put into a paper")
    sub.add_argument("--out", metavar="FILE", help="write to FILE instead of standard output")


def _export(parsed: argparse.Namespace) -> int:
    if parsed.fragment and not parsed.latex:
        raise ValueError("--fragment is about LaTeX; add --latex")
    destinations(Target("--out", parsed.out, stream=True))
    found, papers = narrowed(parsed)
    if parsed.latex:
        text = export.to_latex(found, papers, fragment=parsed.fragment)
    else:
        text = export.to_csv(found) if parsed.csv else export.to_markdown(found, papers)
    if parsed.out is None:
        print(text)
        return 0
    write_text(parsed.out, text + "\n")
    print(f"wrote {parsed.out}: {len(found)} claims", file=sys.stderr)
    return 0
