"""`collapse papers` and `cite`: the literature that the claims are about. Imports no JAX."""

import argparse
import json
from typing import Any, get_args

from proofs_check import registry
from proofs_check.claim import Expected
from proofs_check.cli.listing import one, table
from proofs_check.cli.narrowing import Found, apart, found_in
from proofs_check.cli.options import command
from proofs_check.measured import measured
from proofs_check.overview import Overview, overviews
from proofs_check.paper import Paper, cite
from proofs_check.search import near, plain


def add(commands: Any) -> None:
    """Declare the subcommands of this module."""
    sub = command(commands, "papers", _papers, "the papers, with their claims by verdict and their figures")
    sub.add_argument("words", nargs="*", metavar="WORD|folder", help="only those with all words; or a folder of yours")
    sub.add_argument("--json", action="store_true", help="as JSON, with what is not covered and why")

    sub = command(commands, "cite", _cite, "BibTeX of a paper, or of the paper of a claim and what was tested")
    sub.add_argument(
        "id", nargs="+", metavar="ID|PAPER", help="a claim, or a paper by key, alias, arXiv number, surname"
    )


def _papers(parsed: argparse.Namespace) -> int:
    places, words = apart(parsed.words)
    found = _overviews(places)
    for word in map(plain, words):
        kept = [item for item in found if word in plain(_text(item))]
        if not kept:
            raise ValueError(f"no paper mentions {word!r}; papers are {', '.join(item.paper.key for item in found)}")
        found = kept
    if parsed.json:
        print(json.dumps([item.row() for item in found], indent=2))
        return 0
    head = ["paper", "arXiv", "claims", "SUPPORTED", "REFUTED", "UNDECIDED", "unmeasured", "figures", "title"]
    print(table(head, map(_row, found), right=range(2, 8)))
    return 0


def _overviews(places: list[str]) -> list[Overview]:
    there = found_in(places)
    shown = {claim.paper for claim in there.claims} if places else there.papers
    papers = {key: paper for key, paper in there.papers.items() if key in shown}
    return overviews(papers, measured(there.claims), there.figures)


def _text(item: Overview) -> str:
    paper = item.paper
    return " ".join([paper.key, paper.title, *paper.authors, paper.arxiv, paper.venue, *paper.aliases, *paper.topics])


def _row(item: Overview) -> list[str]:
    words = [item.count(word) for word in get_args(Expected)]
    counts = [len(item.claims), *words, item.words[""], len(item.figures)]
    return [item.paper.key, item.paper.arxiv or "-", *map(str, counts), item.paper.title]


def _cite(parsed: argparse.Namespace) -> int:
    places, ids = apart(parsed.id)
    there = found_in(places)
    if ids and ids[0] not in (claim.id for claim in there.claims):
        paper = _paper(ids[0], there)
        if paper is not None:
            print(paper.bibtex())
            return 0
    claim = one(there.claims, ids)
    print(cite(claim, there.papers.get(claim.paper)))
    return 0


def _paper(text: str, there: Found) -> Paper | None:
    """The paper that is meant, if one is."""
    try:
        return there.papers[text] if text in there.papers else registry.find_paper(text)
    except ValueError:
        if near(text, (claim.id for claim in there.claims)) or "*" in text:
            return None
        raise
