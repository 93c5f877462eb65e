"""Pages that are kept by hand, with links that lead inside: README and CONTRIBUTING in sections, docs/, notebooks."""

import json
import posixpath
import re
from collections.abc import Mapping

from proofs_check.site.contents import Contents
from proofs_check.site.marks import Pages, href, page_of

__all__ = ["Repository", "explanation_pages", "guide_pages", "sections", "start_page", "tutorial_pages"]

_EXPLANATION = {
    "architecture": "docs/architecture.md",
    "guarantees": "docs/guarantees.md",
    "evidence": "docs/evidence.md",
    "engines": "docs/engines.md",
    "errata": "docs/errata.md",
    "benchmarks": "benchmarks/README.md",
}
_WRITTEN_ELSEWHERE = ("docs/gallery.md",)
_GUIDE = (
    "Figures",
    "Laws without sampling",
    "A grid in one call",
    "Many devices, many machines, no lost work",
    "Command line",
    "Installation",
)
_ELSEWHERE = {
    "docs/neural.md": ("A net of one's own", "A model of another framework"),
    "docs/scaling.md": ("Array jobs, no network", "Several processes"),
}
"""Tasks that a page of `docs/` explains along the way."""


class Repository:
    """Where the files of the repository are on the site, and their text with links that lead there."""

    def __init__(self, contents: Contents):
        self.contents = contents
        docs = {path.stem: f"docs/{path.name}" for path in sorted((contents.root / "docs").glob("*.md"))}
        kept = {name: file for name, file in {**docs, **_EXPLANATION}.items() if file not in _WRITTEN_ELSEWHERE}
        self.explanation = {name: file for name, file in kept.items() if (contents.root / file).is_file()}
        self.notebooks = sorted(path.name for path in (contents.root / "notebooks").glob("*.ipynb"))
        self._page = {
            "README.md": "index",
            "CONTRIBUTING.md": "guide/index",
            "docs/gallery.md": "figures/index",
            "docs/claims/README.md": "papers/index",
            **{f"docs/claims/{key}.md": f"papers/{key}" for key in contents.overview},
            **{f"notebooks/{name}": f"tutorials/{name.removesuffix('.ipynb')}" for name in self.notebooks},
            **{file: f"explanation/{name}" for name, file in self.explanation.items()},
        }
        self._anchor = {
            f"docs/claims/{item.claim.paper}.md#{_anchor(id)}": page_of(id) for id, item in contents.claims.items()
        }
        self.pictures: set[str] = set()

    def read(self, file: str) -> str:
        return (self.contents.root / file).read_text(encoding="utf-8")

    def linked(self, text: str, file: str, here: str) -> str:
        """Markdown from `file` for the page `here`; what has no page is named and not linked."""

        def one(found: re.Match[str]) -> str:
            picture, words, target = found.groups()
            if re.match(r"[a-z]+:", target) or target.startswith("#"):
                return found[0]
            path = posixpath.normpath(posixpath.join(posixpath.dirname(file), target))
            if picture:
                self.pictures.add(path)
                return f"![{words}]({href(f'pictures/{posixpath.basename(path)}', here)})"
            name, mark, fragment = path.partition("#")
            page = self._anchor.get(path) or self._page.get(name)
            if page is None:
                return words
            suffix = ".ipynb" if page.startswith("tutorials/") else ".md"
            return f"[{words}]({href(page, here)}{suffix}{'' if path in self._anchor else mark + fragment})"

        text = re.sub(r"(!?)\[([^\]]*)\]\(([^)\s]+)\)", one, text)
        text = re.sub(r"^<!--.*?-->\n*", "", text, flags=re.M)
        return re.sub(r"^```math$", "```{math}", text, flags=re.M)


def _anchor(heading: str) -> str:
    return "".join(sign for sign in heading.lower() if sign.isalnum() or sign in "-_")


def sections(text: str) -> dict[str, str]:
    """What stands under each heading of second rank, by the heading."""
    parts = re.split(r"^## (.*)$", text, flags=re.M)
    return {name.strip(): body.strip() for name, body in zip(parts[1::2], parts[2::2], strict=True)}


def start_page(repository: Repository, doors: Mapping[str, str], counts: str) -> Pages:
    """`index.md`: what this is, two commands, ten lines, what the three words mean, and where to go on."""
    text = repository.linked(repository.read("README.md"), "README.md", "index")
    lead = text.partition("\n## ")[0].strip()
    held = sections(text)
    ways = "\n".join(f"- [{name}]({page}.md)" for name, page in doors.items())
    toc = "\n".join(doors.values())
    parts = [lead, counts, ways, f"## Ten lines\n\n{held['Ten lines']}", f"## Three words\n\n{held['Verdicts']}"]
    return {"index.md": "\n\n".join([*parts, f"```{{toctree}}\n:hidden:\n:titlesonly:\n\n{toc}\n```"]) + "\n"}


def guide_pages(repository: Repository) -> Pages:
    """One page per task: how to add something from CONTRIBUTING, and use from README and from pages of `docs/`."""
    adding = {name: body for name, body in sections(repository.read("CONTRIBUTING.md")).items() if "To add" in name}
    using = sections(repository.read("README.md"))
    found = {_slug(name): (name, "CONTRIBUTING.md", body) for name, body in adding.items()}
    found |= {_slug(name): (name, "README.md", using[name]) for name in _GUIDE if name in using}
    for file, names in _ELSEWHERE.items():
        held = sections(repository.read(file)) if file in repository.explanation.values() else {}
        found |= {_slug(name): (name, file, held[name]) for name in names if name in held}
    pages = {}
    for slug, (name, file, body) in found.items():
        here = f"guide/{slug}"
        pages[f"{here}.md"] = f"# {name}\n\n{repository.linked(body, file, here)}\n"
    rules = repository.linked(sections(repository.read("CONTRIBUTING.md"))["Rules"], "CONTRIBUTING.md", "guide/index")
    index = _index("How to", [(slug, name) for slug, (name, _, _) in found.items()], f"## Rules\n\n{rules}")
    return {"guide/index.md": index, **pages}


def explanation_pages(repository: Repository) -> Pages:
    """The pages of docs/, and what was measured of speed."""
    pages, names = {}, []
    for name, file in repository.explanation.items():
        here = f"explanation/{name}"
        text = repository.linked(repository.read(file), file, here)
        pages[f"{here}.md"] = text
        heading = re.search(r"^# (.*)$", text, re.M)
        names.append((name, heading[1] if heading else name))
    return {"explanation/index.md": _index("Explanation", names), **pages}


def tutorial_pages(repository: Repository) -> Pages:
    """The notebooks with the outputs that they hold."""
    pages, names = {}, []
    for file in repository.notebooks:
        held = json.loads(repository.read(f"notebooks/{file}"))
        here = f"tutorials/{file.removesuffix('.ipynb')}"
        for cell in held["cells"]:
            if cell["cell_type"] == "markdown":
                cell["source"] = repository.linked("".join(cell["source"]), f"notebooks/{file}", here)
        pages[f"{here}.ipynb"] = json.dumps(held, indent=1) + "\n"
        heading = re.search(r"^# (.*)$", "".join(held["cells"][0]["source"]), re.M)
        names.append((file.removesuffix(".ipynb"), heading[1] if heading else file))
    return {"tutorials/index.md": _index("Tutorials", names, suffix=".ipynb"), **pages}


def _index(title: str, names: list[tuple[str, str]], more: str = "", suffix: str = ".md") -> str:
    lines = "\n".join(f"- [{name}]({slug}{suffix})" for slug, name in names)
    toc = "\n".join(slug for slug, _ in names)
    body = "\n\n".join(filter(None, [lines, more]))
    return f"# {title}\n\n{body}\n\n```{{toctree}}\n:hidden:\n:titlesonly:\n\n{toc}\n```\n"


def _slug(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", name.lower().replace("to add a ", "")).strip("-")
