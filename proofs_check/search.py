"""Finding claims by what they say: words, names of authors, arXiv numbers, families, workflows. Imports no JAX."""

import ast
import difflib
import re
import sys
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from types import CodeType, FunctionType, ModuleType
from typing import Any

from collapse_jax import exported
from proofs_check.claim import Claim
from proofs_check.construct import kebab
from proofs_check.paper import Paper


def search(claims: Sequence[Claim], words: Sequence[str], papers: Mapping[str, Paper]) -> list[Claim]:
    """The claims in which all words occur.

    **Args**: `claims`: where to look; `words`: parts of words, in any case and order, of ids, statements, sources,
    notes, names of families and workflows, and of the paper's title, authors, aliases, venue, year and arXiv number; a
    word that is in none of them may be one of the paper's topics; `papers`: the records of the papers, by key.

    **Returns**: the claims, in the order given.

    **Raises**: ValueError if there is none, naming what exists.
    """
    texts = {claim.id: text(claim, papers.get(claim.paper)) for claim in claims}
    topics = {claim.id: plain(" ".join(_topics(papers.get(claim.paper)))) for claim in claims}
    hits = {}
    for word in map(plain, words):
        own = {id for id, words in texts.items() if word in words}
        hits[word] = own or {id for id, words in topics.items() if word in words}
    found = [claim for claim in claims if all(claim.id in ids for ids in hits.values())]
    if not found:
        raise ValueError(_nothing(hits, [*texts.values(), *topics.values()], len(claims), papers))
    return found


def text(claim: Claim, paper: Paper | None) -> str:
    """What a claim says and whose it is, in plain lower case.

    **Args**: `claim`: any claim; `paper`: the record of its paper, if it has one.

    **Returns**: one line of text.
    """
    about = [claim.id, claim.statement, claim.source, claim.note, claim.relation, claim.regime, claim.provenance]
    about += [name for name in protocol_names(claim) for name in (name, kebab(name))]
    if paper is not None:
        about += [paper.key, paper.title, *paper.authors, str(paper.year), paper.arxiv, paper.venue, *paper.aliases]
    return plain(" ".join(about))


def _topics(paper: Paper | None) -> tuple[str, ...]:
    return () if paper is None else paper.topics


def plain(words: str) -> str:
    """Lower case without accents and runs of spaces.

    **Args**: `words`: any text.

    **Returns**: the text to be compared.
    """
    bare = "".join(c for c in unicodedata.normalize("NFKD", words) if not unicodedata.combining(c))
    return " ".join(bare.casefold().split())


def protocol_names(claim: Claim) -> list[str]:
    """Families and workflows, public or of its room, that the function of a claim names, itself or through helpers.

    They are read off the code, so that nothing has to be built; a choice made by a parameter gives both.

    **Args**: `claim`: any claim.

    **Returns**: names of classes, sorted.
    """
    room = claim.setup.__module__.partition(".claims")[0]
    public = _models(room)
    seen: set[int] = set()
    found: set[str] = set()

    def visit(value: Any, used: set[str]) -> None:
        value = value.setup if isinstance(value, Claim) else value
        if id(value) in seen or not _home(value).startswith(room):
            return
        seen.add(id(value))
        if isinstance(value, ModuleType):
            values = [vars(value).get(name) for name in used]
        elif isinstance(value, FunctionType):
            used = _names(value.__code__)
            found.update(used & public)
            values = [value.__globals__.get(name) for name in used]
            values += [cell.cell_contents for cell in value.__closure__ or ()]
        else:
            return
        found.update(item.__name__ for item in values if isinstance(item, type) and item.__name__ in public)
        for item in values:
            visit(item, used)

    visit(claim.setup, set())
    return sorted(found)


@cache
def _models(room: str) -> frozenset[str]:
    """Names of the public families and workflows, and of those that the files of a room derive from them."""
    known = {*exported("families"), *exported("workflows"), "NeuralFamily"}
    trees = [ast.parse(path.read_text(encoding="utf-8")) for path in _files(sys.modules[room])]
    kinds = [node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.ClassDef)]
    bases = {kind.name: {_last(base) for base in kind.bases} for kind in kinds}
    while new := {name for name, of in bases.items() if of & known} - known:
        known |= new
    return frozenset(known)


def _files(room: ModuleType) -> list[Path]:
    folders = [Path(place) for place in getattr(room, "__path__", ())]
    return sorted(path for folder in folders for path in folder.rglob("*.py")) or [Path(str(room.__file__))]


def _last(base: ast.expr) -> str:
    """`Around` of `Around` and of `cj.Around`."""
    return base.attr if isinstance(base, ast.Attribute) else base.id if isinstance(base, ast.Name) else ""


def _home(value: Any) -> str:
    """The module in which a function is defined, or a module's own name."""
    return str(getattr(value, "__name__" if isinstance(value, ModuleType) else "__module__", None))


def _names(code: CodeType) -> set[str]:
    inner = [_names(item) for item in code.co_consts if isinstance(item, CodeType)]
    return {*code.co_names}.union(*inner)


def near(word: str, known: Iterable[str], most: int = 3) -> list[str]:
    """The known names that resemble a word, best first; those that contain it, or its last part, before others.

    **Args**: `word`: what was asked for; `known`: what there is; `most`: how many names at most.

    **Returns**: the names, perhaps none.
    """
    known = sorted(set(known))
    last = word.strip("*?").split(".")[-1]
    holding = [name for name in known if len(last) > 1 and last in name]
    return list(dict.fromkeys([*holding, *difflib.get_close_matches(word, known, most, 0.6)]))[:most]


def _nothing(hits: Mapping[str, set[str]], texts: Iterable[str], number: int, papers: Mapping[str, Paper]) -> str:
    missing = [word for word, ids in hits.items() if not ids]
    if not missing:
        found = ", ".join(f"{word!r} ({len(ids)})" for word, ids in hits.items())
        return f"none of {number} claims has all of {found}; use fewer words"
    vocabulary = {word for text in texts for word in re.findall(r"[a-z][a-z0-9._-]{2,}", text)}
    close = near(missing[0], vocabulary)
    hint = f"did you mean {', '.join(close)}?" if close else "`collapse list` shows them"
    return f"none of {number} claims mentions {missing[0]!r}; {hint} (papers are {', '.join(papers)})"
