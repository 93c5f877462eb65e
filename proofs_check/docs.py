"""Pages that are written, not kept: `python -m proofs_check.docs` renews docs/claims/, docs/errata.md,
docs/gallery.md, the tables in docs/guarantees.md, docs/evidence.md, docs/neural.md and README.

They show what the ledger says was measured, never what was expected. A test fails when they are stale.
"""

import re
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import get_args

from proofs_check import ledger, registry
from proofs_check.claim import PROVENANCE, Claim, Expected
from proofs_check.errata import errata_page
from proofs_check.gallery import gallery_page
from proofs_check.ledger import Ledger
from proofs_check.measured import Measured, measured, parameters
from proofs_check.overview import Overview, overviews
from proofs_check.paper import Paper
from proofs_check.proofs.proof import RUNGS
from proofs_check.render import MARK

_MOST = 7  # rows in README, whose readers want to see what kind of thing is covered
_WRITTEN = "<!-- Written by `python -m proofs_check.docs`; edit the paper's folder or the ledger instead. -->"


def pages(folder: str | None = None, items: Sequence[Overview] | None = None) -> dict[str, str]:
    """The pages about all papers, or about the one in `folder`, by the name of their file.

    **Args**: `folder`: a room of a user's; `items`: the papers, where they have been looked up.

    **Returns**: Markdown by the name of its file.
    """
    return {f"{item.paper.key}.md": page(item) for item in items or _overviews(folder)}


def _overviews(folder: str | None = None) -> list[Overview]:
    if folder is not None:
        room = registry.room(folder)
        return overviews({room.paper.key: room.paper}, measured(room.claims.values()), room.figures)
    return overviews(registry.papers(), measured(registry.claims().values()), registry.figures())


def page(item: Overview) -> str:
    """Everything about one paper: its record, its claims with their outcomes, what is not covered, its figures.

    **Args**: `item`: the paper, its claims and figures.

    **Returns**: Markdown.
    """
    paper = item.paper
    parts = [_WRITTEN, f"# {paper.citation}", *_record(paper), _index(item.claims)]
    parts += [_claim(claim) for claim in item.claims]
    if paper.not_covered:
        lines = [f"- `{id}`: {' '.join(reason.split())}" for id, reason in paper.not_covered.items()]
        parts.append("\n".join(["## Known and not covered", "", *lines]))
    if item.figures:
        lines = [f"- `{id}`: {figure_summary(id)}" for id in item.figures]
        parts.append("\n".join(["## Figures", "", "`collapse figure ID` draws them.", "", *lines]))
    return "\n\n".join(part for part in parts if part) + "\n"


def figure_summary(id: str) -> str:
    """What a shipped figure says of itself; nothing for one that is not shipped.

    **Args**: `id`: of the figure.

    **Returns**: its summary, in one line.
    """
    figure = registry.figures().get(id)
    return " ".join(figure.summary.split()) if figure is not None else ""


def _record(paper: Paper) -> list[str]:
    about = []
    if paper.authors:
        number = f"arXiv [{paper.arxiv}](https://arxiv.org/abs/{paper.arxiv})" if paper.arxiv else ""
        where = ". ".join(filter(None, (paper.venue, number)))
        about.append(f"{'; '.join(paper.authors)} ({paper.year}): *{paper.title}*. {where}.")
    if paper.topics:
        about.append(f"Topics: {', '.join(paper.topics)}.")
    if paper.read:
        about.append(f"**What was read.** {paper.read.strip()}")
    return [*about, paper.summary.strip()]


def _index(claims: Sequence[Measured]) -> str:
    head = "| claim | kind | provenance | verdict | resolution | chains | evidence | measured |"
    rows = []
    for item in claims:
        entry = item.entry
        cells = [
            f"[{item.claim.id}](#{_anchor(item.claim.id)})",
            item.claim.regime,
            item.claim.provenance,
            prose(item.verdict),
            item.resolution,
            f"{entry.chains:,}" if entry and entry.chains else "",
            " + ".join(item.evidence),
            entry.date[:10] if entry else "",
        ]
        rows.append(f"| {' | '.join(cells)} |")
    return "\n".join(["## Claims", "", head, "|---|---|---|---|---|---|---|---|", *rows])


def _anchor(heading: str) -> str:
    """The fragment that GitHub gives a heading."""
    return "".join(sign for sign in heading.lower() if sign.isalnum() or sign in "-_")


def _claim(item: Measured) -> str:
    claim = item.claim
    facts = {
        "Outcome": prose(item.sentence),
        "Kind": f"`{claim.relation}`, {claim.regime}",
        "Source": prose(" ".join(claim.source.split())),
        "Provenance": f"`{claim.provenance}`, {PROVENANCE[claim.provenance]}",
        "Parameters": f"`{parameters(claim)}`" if claim.parameters else "",
        "Domain": f"`{claim.domain}`" if claim.domain else "",
    }
    lines = [f"- {name}: {value}" for name, value in facts.items() if value]
    parts = [f"### {claim.id}", f"```math\n{claim.statement}\n```", prose(claim.note.strip()), "\n".join(lines)]
    return "\n\n".join(part for part in parts if part)


def prose(words: str) -> str:
    """Words in which Markdown shall find no mark-up but code.

    **Args**: `words`: as a claim has them.

    **Returns**: the same in Markdown.
    """
    parts = re.split(r"(`[^`]*`)", words)
    return "".join(part if part[:1] == "`" else re.sub(r"([*<])", r"\\\1", part) for part in parts)


def table(most: int | None = None, folder: str = "docs/claims/", items: Sequence[Overview] | None = None) -> str:
    """One row per paper: its statements, their verdicts, the best evidence for them, figures, errata; last their sums.

    **Args**: `most`: only the papers with the most statements, so many of them; `folder`: where the pages are;
    `items`: the papers, where they have been looked up.

    **Returns**: Markdown.
    """
    head = "| paper | statements | SUPPORTED | REFUTED | UNDECIDED | not measured | best evidence | figures | errata |"
    items = items or _overviews()
    shown = {item.paper.key for item in sorted(items, key=lambda item: -len(item.claims))[:most]}
    rows = [
        _row(f"[{item.paper.citation}]({folder}{item.paper.key}.md)", item) for item in items if item.paper.key in shown
    ]
    every = tuple(claim for item in items for claim in item.claims)
    total = Overview(items[0].paper, every, tuple(id for item in items for id in item.figures))
    name = f"all {len(items)} rooms" if most is None else f"[all {len(items)} rooms]({folder}README.md)"
    return "\n".join([head, "|---|---|---|---|---|---|---|---|---|", *rows, _row(name, total)])


def _row(name: str, item: Overview) -> str:
    evidence = ", ".join(f"{rung} {count}" for rung, count in item.evidence.items())
    words = [item.count(word).replace("*", r"\*") for word in get_args(Expected)]
    counts = [len(item.claims), *words, item.words[""]]
    return f"| {' | '.join([name, *map(str, counts), evidence, str(len(item.figures)), str(len(item.errata))])} |"


def licences() -> str:
    """How many of the shipped claims about means rest on what, as the ledger has it.

    **Returns**: a sentence and a table, in Markdown.
    """
    book = ledger.read()
    entries = [entry for entry in map(book.get, registry.claims().values()) if entry is not None]
    found = Counter(entry.licence or "none" for entry in entries if entry.licence != "exact")
    lead = f"Of the {found.total()} shipped claims about means, at full resolution (`proofs_check/ledger.json`):"
    rows = [f"| `{name}` | {words} | {found[name]} |" for name, words in _RESTS_ON.items()]
    return "\n".join([lead, "", "| licence | rests on | claims |", "|---|---|---|", *rows])


def proved(papers: Sequence[Overview] | None = None) -> str:
    """Which shipped claims have proofs on which rungs, as the ledger has it.

    **Args**: `papers`: where they have been looked up.

    **Returns**: a sentence and a table, in Markdown.
    """
    items = [item for paper in papers or _overviews() for item in paper.claims if item.proved]
    rows = []
    for item in items:
        marks = ["yes" if rung in item.proved else "" for rung in RUNGS]
        rows.append(
            f"| [{item.claim.id}](claims/{item.claim.paper}.md#{_anchor(item.claim.id)}) | {' | '.join(marks)} |"
        )
    counts = ", ".join(f"{sum(rung in item.proved for item in items)} {rung}" for rung in RUNGS)
    lead = f"{len(items)} of {len(registry.claims())} shipped claims have proofs: {counts}."
    return "\n".join([lead, "", f"| claim | {' | '.join(RUNGS)} |", "|---|---|---|---|", *rows])


def _pairs() -> list[Claim]:
    """The claims about pairs of chains of nets."""
    return [claim for claim in registry.claims().values() if claim.paper == "neural" and claim.relation == ">="]


def contrasts(book: Ledger | None = None) -> str:
    """What pairs of chains of nets have said, as the ledger has it.

    **Args**: `book`: another ledger than the one that comes with the package.

    **Returns**: a sentence and a table, in Markdown.
    """
    every = _pairs()
    rows = []
    for item in measured(every, book):
        if item.entry is None:
            continue
        id, entry = item.claim.id, item.entry
        share = "" if entry.share is None else f"{100 * entry.share:.4g} %"
        cells = [
            f"[{id}](claims/neural.md#{_anchor(id)})",
            prose(item.verdict),
            share,
            f"{entry.chains}",
            entry.date[:10],
        ]
        rows.append(f"| {' | '.join(cells)} |")
    lead = f"{len(rows)} of {len(every)} statements about pairs of chains are measured (`proofs_check/ledger.json`):"
    return "\n".join([lead, "", "| claim | word | share of pairs | pairs | date |", "|---|---|---|---|---|", *rows])


_ASKED = {
    "worse": "replace above accumulate",
    "rises": "replace rises",
    "flat": "accumulate flat",
    "control": "control above accumulate",
    "subsample": "replace above subsample",
    "fixed_real": "fixed real flat",
}
"""What is asked of every net under a compute policy, by the last part of the id."""


def flips(book: Ledger | None = None) -> str:
    """The same statements about every net under both compute policies, beside each other.

    **Args**: `book`: another ledger than the one that comes with the package.

    **Returns**: a table in Markdown, with the signs of the words; "-" for what is not claimed, or not measured.
    """
    cells: dict[tuple[str, str], dict[str, str]] = {}
    for item in measured(_pairs(), book):
        _, net, policy, *asked = item.claim.id.split(".")
        if policy not in ("steps", "passes") or not asked or asked[0] not in _ASKED or item.entry is None:
            continue
        share = "" if item.entry.share is None else f" {100 * item.entry.share:.3g} %"
        said = f"{MARK[item.entry.verdict]}{share}{' (stale)' if item.stale else ''}"
        cells.setdefault((net, policy), {})[asked[0]] = f"[{said}](claims/neural.md#{_anchor(item.claim.id)})"
    rows = [
        f"| {net}, {policy} | {' | '.join(found.get(name, '-') for name in _ASKED)} |"
        for (net, policy), found in cells.items()
    ]
    head = f"| net, compute | {' | '.join(_ASKED.values())} |"
    return "\n".join([head, "|---" * (len(_ASKED) + 1) + "|", *rows])


def hunts(papers: Sequence[Overview] | None = None) -> str:
    """How the searches for counterexamples ended that the ledger holds: their number, and all that found one.

    **Args**: `papers`: where they have been looked up.

    **Returns**: a sentence and a table, in Markdown.
    """
    every = [item for paper in papers or _overviews() for item in paper.claims]
    found = [(item, item.entry.hunt) for item in every if item.entry is not None and item.entry.hunt]
    points = sum(hunt["points"] for _, hunt in found)
    without = sum(hunt["means"] == "law" for _, hunt in found)
    broken = [(item, hunt) for item, hunt in found if hunt["verdict"] == "REFUTED"]
    dates = sorted({hunt["date"] for _, hunt in found})
    when = f", {' to '.join([*dates[:1], *dates[1:][-1:]])}" if dates else ""
    beyond = sum(hunt["verdict"] == "BEYOND ALLOWANCE" for _, hunt in found)
    known = sum(item.claim.expected == "REFUTED" for item, _ in broken)
    lead = (
        f"{len(found)} of {len(every)} statements were hunted ({without} without sampling) in {points:,} points{when}; "
        f"{len(broken)} counterexamples were found, {known} of them of statements that are expected to fail; "
        f"of {beyond} limits and rates the remainder exceeds its allowance somewhere."
    )
    rows = []
    for item, hunt in broken:
        place = ", ".join(f"{name}={value!r}" for name, value in (hunt["at"] or {}).items())
        ratio = f"{hunt['ratio']:.4g}" if hunt["ratio"] is not None else ""
        id, paper = item.claim.id, item.claim.paper
        cells = [f"[{id}](claims/{paper}.md#{_anchor(id)})", place or "its only point", ratio, f"{hunt['points']:,}"]
        rows.append(f"| {' | '.join(cells)} |")
    head = ["| REFUTED | smallest counterexample | observed / stated | points |", "|---|---|---|---|"]
    return "\n".join([lead, "", *head, *rows])


_RESTS_ON = {
    "law": "an exact law beside the simulation",
    "bound": "a range",
    "variance": "a variance",
    "tail": "nothing: a word with a star",
    "none": "UNDECIDED, as expected of it",
}


def updated(text: str, name: str, body: str) -> str:
    """A text with what stands between two markers replaced.

    **Raises**: ValueError if the markers are missing.

    **Args**: `text`: of a page that is kept; `name`: of the markers; `body`: what belongs there.

    **Returns**: the same text with `body`.
    """
    begin, end = f"<!-- {name}:begin -->", f"<!-- {name}:end -->"
    before, _, rest = text.partition(begin)
    _, found, after = rest.partition(end)
    if not found:
        raise ValueError(f"the markers {begin} and {end} are missing; put them where the table belongs")
    return f"{before}{begin}\n{body}\n{end}{after}"


def _wanted(root: Path) -> dict[str, str]:
    """Everything that is written, by its name relative to `root`; README last."""
    items = _overviews()
    found = {f"docs/claims/{name}": text for name, text in sorted(pages(items=items).items())}
    found["docs/claims/README.md"] = f"{_WRITTEN}\n\n# Papers\n\n{table(folder='', items=items)}\n"
    found["docs/errata.md"] = errata_page(items, _WRITTEN)
    found["docs/gallery.md"] = gallery_page(items, registry.figures(), root / "figures", _WRITTEN)
    tables = (
        ("docs/guarantees.md", "licences", licences()),
        ("docs/evidence.md", "rungs", proved(items)),
        ("docs/neural.md", "flips", flips()),
        ("docs/neural.md", "contrasts", contrasts()),
        ("docs/hunt.md", "hunts", hunts(items)),
        ("README.md", "papers", table(_MOST, items=items)),
    )
    for name, marked, body in tables:
        text = found[name] if name in found else (root / name).read_text(encoding="utf-8")
        found[name] = updated(text, marked, body)
    return found


def stale(root: Path) -> list[str]:
    """The files under `root` that differ from what would be written, or should not be there.

    **Args**: `root`: a clone of the repository.

    **Returns**: their names relative to `root`.
    """
    return _stale(root, _wanted(root))


def _stale(root: Path, wanted: dict[str, str]) -> list[str]:
    there = {f"docs/claims/{file.name}" for file in (root / "docs" / "claims").glob("*.md")}
    found = {name: (root / name).read_text(encoding="utf-8") for name in {*wanted, *there} if (root / name).is_file()}
    names = sorted(name for name in {*found, *wanted} if found.get(name) != wanted.get(name))
    return sorted(names, key=lambda name: name == "README.md")


def write(root: Path) -> list[str]:
    """Renew what is stale under `root`; returns the names of the files.

    **Args**: `root`: a clone of the repository.

    **Returns**: the names of what was written or removed.
    """
    wanted = _wanted(root)
    names = _stale(root, wanted)
    (root / "docs" / "claims").mkdir(parents=True, exist_ok=True)
    for name in names:
        if name in wanted:
            (root / name).write_text(wanted[name], encoding="utf-8")
        else:
            (root / name).unlink()
    return names


def main() -> None:
    """Renew what is stale in the clone named on the command line, by default the current folder."""
    root = Path(sys.argv[1] if len(sys.argv) > 1 else ".")
    print("\n".join(write(root)) or "nothing is stale")


if __name__ == "__main__":
    main()
