"""An earlier log of regression, row by row: its numbers beside the laws of this library, in docs/regression.md.

`python tools/regression_log.py` writes the page. The log's simulations were literal, in NumPy, and not of this library.
"""

import sys
from pathlib import Path

from regression_rows import Entry, entries

from collapse_jax.results.estimate import simultaneous_z

PAGE = Path(__file__).resolve().parent.parent / "docs" / "regression.md"
ALPHA = 0.01

_HEAD = """# Regression: an earlier log beside the laws

Before this library there were derivations, checked by literal simulations in NumPy. Their log is repeated here: what
was simulated then, with one standard error, what was predicted then, and what the laws of this library give now. z is
(simulated - ours) / standard error. An *exact* law is in agreement where |z| is below the limit that holds for all
rows at once with probability 99 %. Of a *limit* (leading order in d over rows) a share is left open before that, as
its row says. `python tools/regression_log.py` writes this page.
"""

_TAIL = """
Left out are rows of the log without an error or without all of their settings: deterministic equivalents of single
chains and of random projections, pooling with noise, ridge with absolute and per-sample penalties, slopes of power
laws, and `ToEdit`. Their statements are claims of [demystified](claims/dohmatob2024demyst.md),
[strong](claims/dohmatob2024strong.md), [gerstgrasser2024](claims/gerstgrasser2024.md) and
[zhu2024](claims/zhu2024.md), decided there anew.
"""


def page() -> str:
    """The page, in Markdown."""
    rows = list(entries())
    limit = simultaneous_z(ALPHA, len(rows))
    head = ["statement", "claim", "ours", "predicted then", "simulated then", "z", "word"]
    lines = [_line(head), _line(["---", "---", *["---:"] * 4, "---"])]
    for row in rows:
        link = f"[{row.claim}](claims/{row.claim.partition('.')[0]}.md#{row.claim.replace('.', '').lower()})"
        numbers = [f"{row.ours:.5g}", f"{row.predicted:.5g}", f"{row.simulated:g} +- {row.error:.2g}", f"{row.z:.1f}"]
        kind = f"limit, {row.open:.1%} open: " if row.open else "exact: "
        lines.append(_line([row.statement, link, *numbers, kind + _word(row, limit)]))
    count = sum(_word(row, limit) == "in agreement" for row in rows)
    return (
        f"{_HEAD}\n{count} of {len(rows)} rows are in agreement; the limit of |z| is {limit:.2f}.\n\n"
        + "\n".join(lines)
        + "\n"
        + _TAIL
    )


def _word(row: Entry, limit: float) -> str:
    beyond = abs(row.simulated - row.ours) - row.open * abs(row.ours)
    return "in agreement" if beyond <= limit * row.error else "NOT in agreement"


def _line(cells: list[str]) -> str:
    return "| " + " | ".join(cells) + " |"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
    print(f"written: {PAGE.name}")
    sys.exit("NOT in agreement" in page())
