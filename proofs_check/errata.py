"""One page of all errata: what is printed or coded in a paper, and what holds, as measured. Imports no JAX."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import get_args

from proofs_check.claim import PROVENANCE, Claim
from proofs_check.measured import UNMEASURED, Measured
from proofs_check.overview import Overview
from proofs_check.paper import Consequence, Erratum

__all__ = ["errata_page", "erratum_rows"]

_HEADINGS: dict[Consequence, str] = {
    "conclusion": "A conclusion changes",
    "constant": "A formula or a constant changes",
    "wording": "The wording changes",
}

_INTRODUCTION = """# Errata

What is printed in a paper, or coded in its authors' repository, and does not hold as it stands, or holds less sharply
than it could; ordered by consequence. Every row is tested by a claim, whose verdict stands beside it as it was
measured, with the form that holds. The provenance says how the printed form is known: {provenance}; `derived` marks
what was not stated as a formula. A slip in a formula does not mean that the message of a paper fails; the pages of the
papers say what holds.
Corrections of these corrections are welcome."""

_OTHERS = """## Refuted, and not said by a paper

Statements that were tested because one might expect them, and fail: ours, or a paper's beyond its own setting."""

_HEAD = (
    "| where | printed or coded | what holds | tested as printed | as corrected | provenance |\n"
    "|---|---|---|---|---|---|"
)


def errata_page(items: Sequence[Overview], before: str = "") -> str:
    """The page, in Markdown.

    **Args**: `items`: the papers with their claims; `before`: what stands above.

    **Returns**: Markdown.

    **Raises**: ValueError for an erratum that names a claim which there is not.
    """
    measured = {item.claim.id: item for overview in items for item in overview.claims}
    named = {name for _, one in _all(items) for name in (one.claim, one.corrected)}
    known = "; ".join(f"`{name}`, {words}" for name, words in PROVENANCE.items() if name != "derived")
    parts = [before, _INTRODUCTION.format(provenance=known)]
    for consequence in get_args(Consequence):
        rows = [_row(overview, one, measured) for overview, one in _all(items) if one.consequence == consequence]
        if rows:
            parts.append("\n".join([f"## {_HEADINGS[consequence]}", "", _HEAD, *rows]))
    others = [item for item in measured.values() if item.claim.expected == "REFUTED" and item.claim.id not in named]
    if others:
        rows = [f"| {_link(item.claim)} | {_cell(item.claim.source)} | {_cell(item.claim.note)} |" for item in others]
        parts.append("\n".join([_OTHERS, "", "| claim | source | what holds |\n|---|---|---|", *rows]))
    return "\n\n".join(part for part in parts if part) + "\n"


def _all(items: Sequence[Overview]) -> Iterator[tuple[Overview, Erratum]]:
    for overview in items:
        for one in overview.paper.errata:
            yield overview, one


def erratum_rows(item: Overview, measured: Mapping[str, Measured], link: Callable[[Claim], str]) -> list[list[str]]:
    """The errata of one paper as rows: where, printed, what holds, tested as printed, as corrected, known how.

    **Args**: `item`: the paper; `measured`: its claims by id; `link`: from a claim to a link to it.

    **Returns**: the cells.

    **Raises**: ValueError for an erratum that names a claim which there is not.
    """
    return [_cells(item, one, measured, link) for one in item.paper.errata]


def _row(overview: Overview, one: Erratum, measured: Mapping[str, Measured]) -> str:
    where, *rest = _cells(overview, one, measured, _link)
    cells = [f"[{overview.paper.citation}](claims/{overview.paper.key}.md): {where}", *rest]
    return f"| {' | '.join(map(_cell, cells))} |"


def _cells(
    overview: Overview, one: Erratum, measured: Mapping[str, Measured], link: Callable[[Claim], str]
) -> list[str]:
    for name in filter(None, (one.claim, one.corrected)):
        if name not in measured:
            raise ValueError(f"an erratum of {overview.paper.key} names the claim {name!r}, which there is not")
    tested = measured[one.claim]
    corrected = _outcome(measured[one.corrected], link) if one.corrected else ""
    printed = "" if one.corrected == one.claim else _outcome(tested, link)
    return [one.where, one.printed, one.holds, printed, corrected, f"`{tested.claim.provenance}`"]


def _outcome(item: Measured, link: Callable[[Claim], str]) -> str:
    """The verdict, its numbers, and a link to the claim."""
    entry = item.entry
    if entry is None:
        return f"{UNMEASURED}, {link(item.claim)}"
    numbers = f"{entry.chains:,} chains, resolution {item.resolution}" if entry.chains else "without sampling"
    return f"{item.verdict}, {numbers}: {link(item.claim)}"


def _link(claim: Claim) -> str:
    fragment = "".join(sign for sign in claim.id.lower() if sign.isalnum() or sign in "-_")
    return f"[{claim.id}](claims/{claim.paper}.md#{fragment})"


def _cell(words: str) -> str:
    """Words that fit into one cell of a table."""
    return " ".join(words.split()).replace("|", r"\|")
