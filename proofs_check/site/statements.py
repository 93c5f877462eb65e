"""A page per statement: formula, domain, protocol, licence, what was measured and proved, mutants, ties, plot, code."""

import inspect
import textwrap
from collections.abc import Callable

from proofs_check.claim import PROVENANCE, Claim
from proofs_check.export import setting
from proofs_check.measured import Measured, parameters
from proofs_check.paper import cite
from proofs_check.site.contents import Contents
from proofs_check.site.marks import Pages, code, facts, folded, formula, link, page_of, raw, said, table, word
from proofs_check.site.sketch import sketch

__all__ = ["statement_pages"]

Draw = Callable[[Claim], str]

_KEY = """<p class="key"><span class="swatch stated"></span> stated <span class="swatch mutant"></span> its mutants
<span class="swatch exact"></span> the exact value, where one is known</p>"""


def statement_pages(contents: Contents, draw: Draw = sketch) -> Pages:
    """The pages by name; `draw` makes the plot."""
    return {f"{page_of(id)}.md": _page(item, contents, draw) for id, item in contents.claims.items()}


def _page(item: Measured, contents: Contents, draw: Draw) -> str:
    claim = item.claim
    here = page_of(claim.id)
    paper = contents.overview[claim.paper].paper
    plot = draw(claim)
    parts = [
        "---\norphan: true\n---",
        f"# {claim.id}",
        f"{word(item.word)} of {link(paper.citation, f'papers/{paper.key}', here)}",
        formula(claim.statement),
        said(claim.note),
        facts(_facts(item)),
        f"## Plot\n\n{raw(f'<figure>{plot}{_KEY}</figure>')}" if plot else "",
        "## What it rests on",
        _evidence(item),
        "## Mutants\n\n" + "\n".join(f"- {said(name)}" for name in claim.check().mutants),
        _ties(claim.id, contents, here),
        _errata(claim.id, contents),
        "## To run it",
        code(f"collapse show {claim.id}\ncollapse verify {claim.id}", "console"),
        folded("The claim as code", code(textwrap.dedent(inspect.getsource(claim.setup)))),
        folded("LaTeX", code(claim.statement, "latex")),
        folded("BibTeX", code(cite(claim, paper), "bibtex")),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _facts(item: Measured) -> dict[str, str]:
    claim = item.claim
    return {
        "Kind": f"`{claim.relation}`, {claim.regime}",
        "Source": said(claim.source),
        "Provenance": f"`{claim.provenance}`: {PROVENANCE[claim.provenance]}",
        "Domain": f"`{claim.domain}`" if claim.domain else "",
        "Protocol": f"`{setting(claim).partition('; ' + parameters(claim))[0]}`",
        "Parameters": f"`{parameters(claim)}`" if claim.parameters else "",
        "Outcome": said(item.sentence),
    }


def _evidence(item: Measured) -> str:
    """One row per rung, best last."""
    entry = item.entry
    if entry is None:
        return "Not measured yet."
    rows = []
    for rung in item.evidence:
        proof = entry.proofs.get(rung)
        if proof is not None:
            assumes = ", ".join(f"`{one}`" for one in proof.get("assumes", ()))
            about = f"{proof['mutants']} mutants refuted" + (f"; assumes {assumes}" if assumes else "")
            rows.append([rung, proof["verdict"], proof["date"], about])
        elif rung == "simulated":
            about = f"{entry.chains:,} chains in {entry.looks} looks, seed {entry.seed}, licence `{entry.licence}`"
            rows.append([rung, word(entry.verdict), entry.date, about])
        else:
            rows.append([rung, word(entry.law or entry.verdict), entry.date, "without sampling"])
    parts = [table(["rung", "word", "date", "how"], rows)]
    if entry.hunt:
        told = "; ".join(f"{name}: {value}" for name, value in entry.hunt.items())
        parts.append(f"A search for a counterexample ended thus: `{told}`.")
    return "\n\n".join(parts)


_BACK = {"corrects": "is corrected by", "implies": "follows from", "special case of": "has the special case",
         "uses": "is used by"}  # fmt: skip


def _ties(id: str, contents: Contents, here: str) -> str:
    lines = [f"- {tie.tie} {link(tie.end, page_of(tie.end), here)}" for tie in contents.ties if tie.start == id]
    lines += [
        f"- {_BACK[tie.tie]} {link(tie.start, page_of(tie.start), here)}" for tie in contents.ties if tie.end == id
    ]
    return "\n".join(["## Ties", "", *lines]) if lines else ""


def _errata(id: str, contents: Contents) -> str:
    found = [(item, one) for item in contents.items for one in item.paper.errata if id in (one.claim, one.corrected)]
    lines = [
        f"- {item.paper.citation}, {one.where}. Printed: {one.printed}. Holds: {one.holds}." for item, one in found
    ]
    return "\n".join(["## Erratum", "", *lines]) if lines else ""
