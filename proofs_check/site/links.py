"""Whether a folder of pages stands on its own: `python -m proofs_check.site.links FOLDER`.

Every link inside leads to a file that is there and to an id on it; no page takes a script, a style or a picture from
elsewhere.
"""

import posixpath
import sys
from collections.abc import Mapping
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

__all__ = ["broken"]

_TAKEN = {"script": "src", "img": "src", "link": "href", "iframe": "src", "source": "src", "object": "data"}


class _Page(HTMLParser):
    """Ids, links and what is taken from elsewhere."""

    def __init__(self, text: str):
        super().__init__()
        self.ids: set[str] = set()
        self.links: set[str] = set()
        self.taken: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]):
        held = {name: value or "" for name, value in attrs}
        self.ids |= {held[name] for name in ("id", "name") if name in held}
        if tag == "a" and "href" in held:
            self.links.add(held["href"])
        if _TAKEN.get(tag) in held:
            self.taken.add(held[_TAKEN[tag]])


def broken(folder: Path) -> list[str]:
    """What is wrong, one line each: "page: target".

    **Args**: `folder`: of HTML files.

    **Returns**: the lines, none where all is well.
    """
    names = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}
    pages = {name: _Page((folder / name).read_text(encoding="utf-8")) for name in names if name.endswith(".html")}
    return sorted(
        f"{name}: {target}"
        for name, page in pages.items()
        for target in page.links | page.taken
        if _wrong(name, target, target in page.taken, pages, names)
    )


def _wrong(page: str, target: str, taken: bool, pages: Mapping[str, _Page], names: set[str]) -> bool:
    parts = urlsplit(target)
    if parts.scheme or parts.netloc:
        return taken and parts.scheme != "data"
    if not parts.path:
        return not _there(unquote(parts.fragment), pages[page])
    path = posixpath.normpath(posixpath.join(posixpath.dirname(page), unquote(parts.path)))
    if path not in names:
        return True
    return path in pages and not _there(unquote(parts.fragment), pages[path])


def _there(fragment: str, page: _Page) -> bool:
    """Whether a fragment names a place, or the choices of a form that narrows a list down."""
    return not fragment or fragment in page.ids or "=" in fragment


def main() -> None:
    """Print what is wrong with the folder named on the command line; exit status 1 if anything is."""
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    folder = Path(sys.argv[1])
    found = broken(folder)
    count = sum(1 for _ in folder.rglob("*.html"))
    print("\n".join([*found, f"{count} pages, {len(found)} broken links"]))
    sys.exit(bool(found) or not count)


if __name__ == "__main__":
    main()
