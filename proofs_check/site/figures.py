"""A page per figure: picture, caption, what it came from, the command that draws it and the code that does."""

import inspect
import json
import re
import textwrap
from typing import Any

from proofs_check.figure import Figure
from proofs_check.gallery import caption
from proofs_check.site.contents import Contents
from proofs_check.site.marks import Pages, cell, code, facts, folded, link, raw, table

__all__ = ["figure_pages", "pictures"]


def pictures(contents: Contents) -> list[str]:
    """The pictures that the pages show, by the name of their file in the folder `figures` of the clone."""
    folder = contents.root / "figures"
    names = [f"{one.file or one.id}.png" for one in contents.figures.values()]
    return sorted(name for name in names if (folder / name).is_file())


def figure_pages(contents: Contents) -> Pages:
    """The pages by name, and `figures/index.md` with every picture."""
    pages = {f"figures/{id}.md": _page(one, contents) for id, one in contents.figures.items()}
    return {"figures/index.md": _index(contents), **pages}


def _index(contents: Contents) -> str:
    drawn = set(pictures(contents))
    cards = []
    for id, one in contents.figures.items():
        picture = f"{one.file or id}.png"
        image = f'<img src="../_images/{picture}" alt="" loading="lazy">' if picture in drawn else "Not drawn yet"
        cards.append(f'<li><a href="{id}.html">{image}<strong>{id}</strong></a> {_plain(one.summary)}</li>')
    # Sphinx copies the pictures that pages name in Markdown; every picture has a page of its own.
    gallery = raw(f'<ul class="gallery">{"".join(cards)}</ul>')
    lead = "Every figure of the papers that the claims can draw. A picture leads to its caption, parameters and code."
    toc = "\n".join(contents.figures)
    return f"---\nhide-toc: true\n---\n\n# Gallery\n\n{lead}\n\n{gallery}\n\n```{{toctree}}\n:hidden:\n\n{toc}\n```\n"


def _plain(text: str) -> str:
    return " ".join(text.split()).replace("<", "&lt;")


def _page(one: Figure, contents: Contents) -> str:
    here = f"figures/{one.id}"
    name = one.file or one.id
    folder = contents.root / "figures"
    picture, about = folder / f"{name}.png", folder / f"{name}.json"
    shown = picture.is_file() and about.is_file()
    paper = contents.overview[one.id.partition(".")[0]].paper
    published = ", ".join(filter(None, (paper.title, paper.where))) if paper.authors else "of no paper"
    parts = [
        f"# {one.id}",
        " ".join(one.summary.split()),
        f"![{one.id}](../pictures/{name}.png)\n\n{caption(about)}" if shown else "Not drawn yet.",
        facts({"Paper": f"{link(paper.citation, f'papers/{paper.key}', here)}: {published}", "Data": _data(name)}),
        code(f"collapse figure {one.id} --out figures\ncollapse figure {one.id} --quick", "console"),
        _provenance(json.loads(about.read_text(encoding="utf-8"))) if shown else "",
        *(folded(title, code(text)) for title, text in _code(one)),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _data(name: str) -> str:
    return f"`{name}.npz` (the numbers), `{name}.json` (what they came from), written beside the picture"


def _provenance(about: dict[str, Any]) -> str:
    made = {**about.get("config", {}), "alpha": about.get("alpha"), **about.get("versions", {})}
    rows = [[f"`{name}`", f"`{cell(str(value))}`"] for name, value in made.items() if value is not None]
    return folded("Configuration and versions", table(["name", "value"], rows))


def _code(one: Figure) -> list[tuple[str, str]]:
    parts = []
    for title, function in (("Code: the numbers", one.data), ("Code: the ink", one.draw)):
        try:
            parts.append((title, textwrap.dedent(re.sub(r"\n\s+$", "", inspect.getsource(function)))))
        except (OSError, TypeError):
            continue
    return parts
