"""One page of all figures: their pictures, captions and the commands that draw them, by paper. Imports no JAX."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from proofs_check.figure import Figure
from proofs_check.overview import Overview

__all__ = ["DRAW", "gallery_page"]

DRAW = "collapse figure --all --dpi 100 --out figures"
"""What draws every picture that the page shows."""

_INTRODUCTION = f"""# Gallery

Every figure with its caption, which states all parameters. `{DRAW}` draws all of them;
without `--dpi` a figure comes as PNG and PDF fit for print, with its numbers (.npz) beside. `--quick` takes fewer
chains for the same curves, as some pictures here do: their captions say how many."""


def gallery_page(items: Sequence[Overview], figures: Mapping[str, Figure], folder: Path, before: str = "") -> str:
    """The page, in Markdown.

    **Args**: `items`: the papers, with the ids of their figures; `figures`: by id; `folder`: where the drawn ones lie,
    FILE.png and FILE.json, a sibling of the folder of the page; `before`: what stands above.

    **Returns**: Markdown.
    """
    parts = [before, _INTRODUCTION]
    for item in items:
        if item.figures:
            paper = item.paper
            parts.append(f"## [{paper.citation}](claims/{paper.key}.md)")
            parts += [_figure(figures[id], folder) for id in item.figures]
    return "\n\n".join(part for part in parts if part) + "\n"


def _figure(figure: Figure, folder: Path) -> str:
    name = figure.file or figure.id
    picture, about = folder / f"{name}.png", folder / f"{name}.json"
    lines = [f"### {figure.id}", "", " ".join(figure.summary.split()), ""]
    if picture.is_file() and about.is_file():
        lines += [f"![{figure.id}](../{folder.name}/{picture.name})", "", caption(about), ""]
    else:
        lines += ["Not drawn yet.", ""]
    return "\n".join([*lines, f"`collapse figure {figure.id}`"])


def caption(about: Path) -> str:
    """The caption that was written beside a picture, its formulas as Markdown shows them.

    **Args**: `about`: FILE.json.

    **Returns**: one paragraph.

    **Raises**: ValueError for a file that describes no figure.
    """
    try:
        words = json.loads(about.read_text(encoding="utf-8"))["caption"]
    except (ValueError, KeyError, TypeError):
        raise ValueError(f"{about} does not describe a figure; draw it again: {DRAW}") from None
    return " ".join(words.split())
