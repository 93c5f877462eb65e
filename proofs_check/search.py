"""Finding claims by what they say: words, names of authors, arXiv numbers, families, workflows. Imports no JAX."""

import difflib
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from types import CodeType, FunctionType
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
    """What a claim says and whose it is, in plain lower case."""
    about = [claim.id, claim.statement, claim.source, claim.note, claim.relation, claim.regime, claim.provenance]
    about += [name for name in protocol_names(claim) for name in (name, kebab(name))]
    if paper is not None:
        about += [paper.key, paper.title, *paper.authors, str(paper.year), paper.arxiv, paper.venue, *paper.aliases]
    return plain(" ".join(about))


def _topics(paper: Paper | None) -> tuple[str, ...]:
    return () if paper is None else paper.topics


def plain(words: str) -> str:
    """Lower case without accents and runs of spaces."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", words) if not unicodedata.combining(c))
    return " ".join(bare.casefold().split())


def protocol_names(claim: Claim) -> list[str]:
    """Public families and workflows that the function of a claim names, itself or through helpers of its module.

    They are read off the code, so that nothing has to be built; a choice made by a parameter gives both.
    """
    public = {*exported("families"), *exported("workflows")}
    seen: set[int] = set()
    names: set[str] = set()

    def visit(function: Callable[..., Any]) -> None:
        if isinstance(function, FunctionType) and id(function) not in seen:
            seen.add(id(function))
            used = _names(function.__code__)
            names.update(used & public)
            inside = [cell.cell_contents for cell in function.__closure__ or ()]
            for value in [function.__globals__.get(name) for name in used] + inside:
                if isinstance(value, type) and value.__name__ in public:
                    names.add(value.__name__)
                elif isinstance(value, FunctionType) and value.__module__ == function.__module__:
                    visit(value)

    visit(claim.setup)
    return sorted(names)


def _names(code: CodeType) -> set[str]:
    inner = [_names(item) for item in code.co_consts if isinstance(item, CodeType)]
    return {*code.co_names}.union(*inner)


def near(word: str, known: Iterable[str], most: int = 3) -> list[str]:
    """The known names that resemble a word, best first; those that contain it, or its last part, before others."""
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
