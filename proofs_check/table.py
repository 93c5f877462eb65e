"""The table of claims in README: `python -m proofs_check.table` rewrites it from the registry."""

import sys
from pathlib import Path

from proofs_check.registry import shipped

BEGIN, END = "<!-- claims:begin -->", "<!-- claims:end -->"


def table() -> str:
    """One Markdown row per claim."""
    rows = ["| claim | statement | kind | provenance | verdict |", "|---|---|---|---|---|"]
    for claim in shipped().values():
        statement = claim.statement.replace("|", r"\vert ").replace(r"\\vert ", r"\Vert ")
        rows.append(f"| `{claim.id}` | ${statement}$ | {claim.regime} | {claim.provenance} | {claim.expected} |")
    return "\n".join(rows)


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
