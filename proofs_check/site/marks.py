"""Marks that pages share: where a thing has its page, and how words, formulas and raw HTML stand in Markdown."""

import html
import posixpath
from collections.abc import Mapping, Sequence

from proofs_check.docs import prose
from proofs_check.render import badge

__all__ = [
    "Pages",
    "cell",
    "code",
    "facts",
    "folded",
    "formula",
    "href",
    "link",
    "page_of",
    "raw",
    "said",
    "table",
    "word",
]

Pages = dict[str, str]
"""Sources by their name relative to the root of the site; without its suffix it is the name of the page."""


def page_of(id: str) -> str:
    """The page of a statement."""
    return f"statements/{id}"


def link(text: str, page: str, start: str) -> str:
    """A Markdown link from the page `start` to the page `page`, which may end in #fragment."""
    name, mark, fragment = page.partition("#")
    return f"[{text}]({href(name, start)}.md{mark}{fragment})"


def href(page: str, start: str) -> str:
    """The way from one page to another, without a suffix."""
    return posixpath.relpath(page, posixpath.dirname(start) or ".")


def raw(markup: str) -> str:
    """HTML that stays as it is."""
    return f"```{{raw}} html\n{markup.strip()}\n```"


def formula(latex: str) -> str:
    """A formula on lines of its own."""
    return f"```{{math}}\n{latex.strip()}\n```"


def code(text: str, language: str = "python") -> str:
    """A block of code, whatever fences it holds."""
    return f"`````{language}\n{text.rstrip()}\n`````"


def folded(summary: str, body: str, *, open: bool = False) -> str:
    """Markdown that a click unfolds."""
    start = f'<details class="fold"{" open" * open}><summary>{html.escape(summary)}</summary>'
    return "\n\n".join([raw(start), body, raw("</details>")])


def word(verdict: str) -> str:
    """A verdict as it stands in running Markdown."""
    return badge(verdict) if verdict else "not measured"


def facts(items: Mapping[str, str]) -> str:
    """A list of terms and what is said of them; what is empty is left out."""
    return "\n\n".join(f"{name}\n: {' '.join(value.split())}" for name, value in items.items() if value)


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A Markdown table."""
    lines = [head, ["---"] * len(head), *([cell(one) for one in row] for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def cell(text: str) -> str:
    """Text that fits into one cell."""
    return " ".join(text.split()).replace("|", r"\|")


def said(text: str) -> str:
    """Words of a claim or a record, in which only code is mark-up."""
    return prose(" ".join(text.split()))
