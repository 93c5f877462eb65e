"""A page per paper: its record, what its statements come to, how they hang together, figures, errata, closed forms."""

import importlib
import importlib.util
import inspect
from typing import get_args

from proofs_check import papers as shelf
from proofs_check import registry
from proofs_check.claim import Expected
from proofs_check.errata import erratum_rows
from proofs_check.overview import Overview
from proofs_check.site.contents import Contents
from proofs_check.site.docstring import docstring
from proofs_check.site.map import inside
from proofs_check.site.marks import Pages, code, facts, folded, formula, link, page_of, raw, table, word

__all__ = ["paper_pages"]


def paper_pages(contents: Contents) -> Pages:
    """The pages by name, and `papers/index.md` with one row for each."""
    pages = {f"papers/{item.paper.key}.md": _page(item, contents) for item in contents.items}
    return {"papers/index.md": _index(contents), **pages}


def _index(contents: Contents) -> str:
    rows = []
    for item in contents.items:
        counts = [item.count(word).replace("*", r"\*") for word in get_args(Expected)]
        name = link(item.paper.citation, f"papers/{item.paper.key}", "papers/index")
        rows.append([name, item.paper.title, str(len(item.claims)), *counts, str(len(item.figures))])
    keys = "\n".join(item.paper.key for item in contents.items)
    head = ["paper", "title", "statements", *get_args(Expected), "figures"]
    toc = f"```{{toctree}}\n:hidden:\n:titlesonly:\n\n{keys}\n```"
    lead = "Every paper whose statements were tested, and three rooms of statements that are in no paper."
    return f"# Papers\n\n{lead}\n\n{table(head, rows)}\n\n{toc}\n"


def _page(item: Overview, contents: Contents) -> str:
    paper, here = item.paper, f"papers/{item.paper.key}"
    number = f"arXiv {paper.arxiv}" if paper.arxiv else ""
    about = {
        "Title": f"*{paper.title}*" if paper.authors else "",
        "Authors": "; ".join(paper.authors),
        "Appeared": ", ".join(filter(None, (str(paper.year) if paper.authors else "", paper.venue, number))),
        "Topics": ", ".join(paper.topics),
        "What was read": paper.read.strip(),
        "Statements": ", ".join(f"{item.count(word)} {word}" for word in get_args(Expected)).replace("*", r"\*"),
    }
    drawing = inside(item, contents.ties)
    parts = [
        f"# {paper.citation}",
        facts(about),
        paper.summary.strip(),
        "## Statements",
        *(_statement(one, here) for one in item.claims),
        f"## How they hang together\n\n{raw(drawing)}" if drawing else "",
        _errata(item, contents),
        _figures(item, here),
        _left_out(item),
        _closed_forms(paper.key),
        folded("BibTeX", code(paper.bibtex(), "bibtex")),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _statement(one, here: str) -> str:
    claim = one.claim
    name = link(claim.id, page_of(claim.id), here)
    line = f"{word(one.word)} {name} ({claim.regime}, {' + '.join(one.evidence) or 'not measured'})"
    return f"{line}\n\n{formula(claim.statement)}"


def _errata(item: Overview, contents: Contents) -> str:
    if not item.paper.errata:
        return ""
    rows = erratum_rows(item, contents.claims, lambda claim: link(claim.id, page_of(claim.id), f"papers/{claim.paper}"))
    head = ["where", "printed or coded", "what holds", "tested as printed", "as corrected", "provenance"]
    return f"## Errata\n\n{table(head, rows)}"


def _figures(item: Overview, here: str) -> str:
    if not item.figures:
        return ""
    lines = [f"- {link(id, f'figures/{id}', here)}" for id in item.figures]
    return "\n".join(["## Figures", "", *lines])


def _left_out(item: Overview) -> str:
    lines = [f"- `{id}`: {' '.join(reason.split())}" for id, reason in item.paper.not_covered.items()]
    return "\n".join(["## Known and not covered", "", *lines]) if lines else ""


def _closed_forms(key: str) -> str:
    """The functions of the room's `theory`, which the claims predict with."""
    name = f"{shelf.__name__}.{key}.theory"
    if key not in registry.papers() or importlib.util.find_spec(name) is None:
        return ""
    module = importlib.import_module(name)
    names = getattr(module, "__all__", None) or [name for name in vars(module) if not name.startswith("_")]
    found = [getattr(module, name) for name in names]
    own = [one for one in found if inspect.isfunction(one) and one.__module__.startswith(module.__name__)]
    if not own:
        return ""
    lines = [
        f"### {one.__name__}\n\n{code(f'{one.__name__}{inspect.signature(one)}')}\n\n{docstring(one)}" for one in own
    ]
    lead = f"Functions of `{name}`, in NumPy, with which the claims predict."
    return "\n\n".join(["## Closed forms", lead, *lines])
