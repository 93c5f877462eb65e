"""All pages together, and writing them to a folder: only what changed, so that Sphinx reads no more than it has to."""

from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from proofs_check.claim import without_star
from proofs_check.site.choosing import choosing_page
from proofs_check.site.contents import Contents
from proofs_check.site.copied import Repository, explanation_pages, guide_pages, start_page, tutorial_pages
from proofs_check.site.figures import figure_pages, pictures
from proofs_check.site.map import map_page
from proofs_check.site.marks import Pages
from proofs_check.site.papers import paper_pages
from proofs_check.site.reference import reference_pages
from proofs_check.site.statements import Draw, statement_pages
from proofs_check.site.table import csv_of, table_page

__all__ = ["all_pages", "write"]

DOORS = {
    "Tutorials: worked stories": "tutorials/index",
    "How to: one task a page": "guide/index",
    "Choosing an engine, a workflow, a metric": "choosing",
    "Statements: all, to search": "statements",
    "Papers": "papers/index",
    "Map: what hangs together": "map",
    "Gallery of figures": "figures/index",
    "Reference: every public name": "reference/index",
    "Explanation: how it is built, what a word guarantees": "explanation/index",
}
"""Where to go from the first page."""


def all_pages(contents: Contents, draw: Draw) -> tuple[Pages, list[Path]]:
    """Every source by name, and the pictures that they show."""
    repository = Repository(contents)
    pages: Pages = {
        **start_page(repository, DOORS, _counts(contents)),
        **tutorial_pages(repository),
        **guide_pages(repository),
        "choosing.md": choosing_page(contents),
        "statements.md": table_page(contents),
        **statement_pages(contents, draw),
        **paper_pages(contents),
        "map.md": map_page(contents),
        **figure_pages(contents),
        **reference_pages(),
        **explanation_pages(repository),
        "extra/statements.csv": csv_of(contents) + "\n",
    }
    shown = {*repository.pictures, *(f"figures/{name}" for name in pictures(contents))}
    return pages, [contents.root / name for name in sorted(shown)]


def _counts(contents: Contents) -> str:
    words = Counter(without_star(item.word) or "not measured" for item in contents.claims.values())
    told = ", ".join(f"{count} {word}" for word, count in words.most_common())
    return f"{len(contents.claims)} statements of {len(contents.items)} rooms: {told}."


def write(folder: Path, pages: Pages, pictures: Iterable[Path]) -> None:
    """Write the sources of the site and remove what is no page any more.

    **Args**: `folder`: for the sources; `pages`: by name; `pictures`: that they show.
    """
    files = {folder / name: text.encode() for name, text in pages.items()}
    files |= {folder / "pictures" / picture.name: picture.read_bytes() for picture in pictures}
    for old in [path for path in folder.rglob("*") if path.is_file() and path not in files]:
        old.unlink()
    for path, content in files.items():
        if not path.is_file() or path.read_bytes() != content:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
    for empty in sorted((path for path in folder.rglob("*") if path.is_dir()), reverse=True):
        if not any(empty.iterdir()):
            empty.rmdir()
