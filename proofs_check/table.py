"""The mission table in README: `python -m proofs_check.table` rewrites it from the registry."""

import sys
from itertools import groupby
from pathlib import Path

from proofs_check.claim import Claim
from proofs_check.plan import Plan
from proofs_check.registry import claims, papers

BEGIN, END = "<!-- claims:begin -->", "<!-- claims:end -->"


def table() -> str:
    """One Markdown table per paper, one row per claim."""
    groups = groupby(claims().values(), lambda claim: claim.paper)
    return "\n\n".join(_section(paper, list(claims)) for paper, claims in groups)


def _section(paper: str, claims: list[Claim]) -> str:
    head = ["| claim | statement | kind | provenance | evidence | verdict |", "|---|---|---|---|---|---|"]
    about = papers()[paper]
    title = f"{about.title}, arXiv {about.arxiv}" if about.arxiv else "derived statements"
    return "\n".join([f"**{paper}** ({title})\n", *head, *map(_row, claims)])


def _row(claim: Claim) -> str:
    from proofs_check.verdict import prepare

    prepared = prepare(claim, Plan())
    statement = claim.statement.replace("|", r"\vert ").replace(r"\\vert ", r"\Vert ")
    vacuous = " (VACUOUS)" if prepared.statements[""].empty() else ""
    evidence = " + ".join(prepared.check.evidence)
    cells = [f"`{claim.id}`", f"${statement}$", claim.regime, claim.provenance, evidence, claim.expected + vacuous]
    return f"| {' | '.join(cells)} |"


def updated(text: str) -> str:
    """The text with what stands between the markers replaced by the current table."""
    before, _, rest = text.partition(BEGIN)
    _, found, after = rest.partition(END)
    if not found:
        raise ValueError(f"the markers {BEGIN} and {END} are missing; put them where the table belongs")
    return f"{before}{BEGIN}\n{table()}\n{END}{after}"


def main() -> None:
    path = Path(sys.argv[1] if len(sys.argv) > 1 else "README.md")
    path.write_text(updated(path.read_text()))


if __name__ == "__main__":
    main()
