"""Which claims a subcommand is about: words, places, and options that several subcommands share. Imports no JAX."""

import argparse
import fnmatch
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar, get_args

from proofs_check import registry
from proofs_check.claim import Claim, Provenance, Relation, Verdict, without_star
from proofs_check.figure import Figure
from proofs_check.measured import RUNGS, Measured, measured
from proofs_check.paper import Paper
from proofs_check.search import near, plain, search

_Item = TypeVar("_Item")
_WORDS = (*get_args(Verdict), "ERROR", "VACUOUS", "STALE", "UNMEASURED")


def narrowing(sub: argparse.ArgumentParser) -> None:
    """Declare the arguments that `narrowed` reads."""
    sub.add_argument(
        "words",
        nargs="*",
        metavar="WORD|glob|file.py|folder",
        help="claims in which all words occur: parts of ids, statements, sources, titles, authors, arXiv numbers, "
        "families, workflows; or those of a file or folder of yours",
    )
    sub.add_argument("--paper", help="only this paper: its key, an alias, its arXiv number, or a surname")
    sub.add_argument("--verdict", metavar="WORD", help=f"only with this verdict: {', '.join(_WORDS).lower()}")
    sub.add_argument("--evidence", metavar="RUNG", help=f"only with this evidence: {', '.join(RUNGS)}")
    sub.add_argument("--relation", choices=get_args(Relation), help="only with this relation")
    sub.add_argument("--provenance", choices=get_args(Provenance), help="only with this provenance")


def narrowed(parsed: argparse.Namespace) -> tuple[list[Measured], dict[str, Paper]]:
    """The claims asked for, beside what the ledger says of them, and the records of all papers they may belong to."""
    places, words = apart(parsed.words)
    there = found_in(places)
    claims, papers = there.claims, there.papers
    for word in filter(_is_glob, words):
        claims = _matching(claims, word)
    words = [word for word in words if not _is_glob(word)]
    claims = search(claims, words, papers) if words else claims
    if parsed.paper is not None:
        claims = _of_paper(claims, papers, parsed.paper)
    for name in ("relation", "provenance"):
        wanted = getattr(parsed, name)
        if wanted is not None:
            claims = _having(claims, f"{name} {wanted}", lambda c, name=name: [getattr(c, name)], wanted)
    found = measured(claims)
    if parsed.verdict is not None:
        found = _having(found, f"verdict {parsed.verdict}", _words, _known(parsed.verdict.upper(), _WORDS))
    if parsed.evidence is not None:
        found = _having(found, f"evidence {parsed.evidence}", lambda m: m.evidence, _known(parsed.evidence, RUNGS))
    return found, papers


def apart(arguments: Sequence[str]) -> tuple[list[str], list[str]]:
    """Files and folders of claims, and all other arguments."""
    places = [argument for argument in arguments if _is_place(argument)]
    return places, [argument for argument in arguments if argument not in places]


def _is_place(argument: str) -> bool:
    folder = Path(argument)
    return argument.endswith(".py") or "/" in argument or any((folder / n).exists() for n in ("claims.py", "claims"))


def _is_glob(word: str) -> bool:
    return any(sign in word for sign in "*?[")


@dataclass(frozen=True)
class Found:
    """Where a subcommand looks: claims, the records of all papers by key, and figures by id."""

    claims: list[Claim]
    papers: dict[str, Paper]
    figures: dict[str, Figure]


def found_in(places: Sequence[str]) -> Found:
    """What files and folders hold, or all that is shipped."""
    if not places:
        return Found(list(registry.claims().values()), registry.papers(), registry.figures())
    files = [claim for place in places if place.endswith(".py") for claim in registry.from_file(place)]
    rooms = [registry.room(place) for place in places if not place.endswith(".py")]
    return Found(
        files + [claim for room in rooms for claim in room.claims.values()],
        {**registry.papers(), **{room.paper.key: room.paper for room in rooms}},
        {id: figure for room in rooms for id, figure in room.figures.items()},
    )


def _matching(claims: Sequence[Claim], pattern: str) -> list[Claim]:
    found = [claim for claim in claims if fnmatch.fnmatchcase(claim.id, pattern)]
    if not found:
        close = near(pattern, (claim.id for claim in claims))
        hint = f"did you mean {', '.join(close)}?" if close else "`collapse list` shows all"
        raise ValueError(f"no claim {pattern!r}; {hint}")
    return found


def _of_paper(claims: Sequence[Claim], papers: Mapping[str, Paper], text: str) -> list[Claim]:
    keys = {claim.paper for claim in claims}
    named = [key for key in keys if plain(text) in map(plain, _names(key, papers.get(key)))]
    key = named[0] if named else registry.find_paper(text).key
    return _having(claims, f"paper {key}", lambda claim: [claim.paper], key)


def _names(key: str, paper: Paper | None) -> list[str]:
    return [key] if paper is None else [key, *filter(None, [paper.arxiv]), *paper.aliases]


def _words(item: Measured) -> list[str]:
    """Every word of `_WORDS` that holds of a claim."""
    words = {item.word, without_star(item.word)} if item.word else {"UNMEASURED"}  # with a star and without
    return [*words, *["VACUOUS"] * bool(item.vacuous), *["STALE"] * bool(item.stale)]


def _known(word: str, words: Sequence[str]) -> str:
    if word not in words:
        raise ValueError(f"{word!r} is unknown; use one of {', '.join(words)}")
    return word


def _having(items: Sequence[_Item], name: str, values: Callable[[_Item], Iterable[str]], wanted: str) -> list[_Item]:
    """The items that have the value wanted; ValueError naming the values that there are."""
    found = [item for item in items if wanted in values(item)]
    if not found:
        there = sorted({value for item in items for value in values(item)})
        raise ValueError(f"none of {len(items)} claims has {name}; there is {', '.join(there) or 'nothing measured'}")
    return found
