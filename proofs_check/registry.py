"""Finding claims: the shipped ones and those in a user's file. Imports no JAX."""

import fnmatch
import importlib
import importlib.util
import pkgutil
from collections.abc import Iterable
from pathlib import Path
from types import ModuleType

from proofs_check import claims
from proofs_check.claim import Claim


def claims_of(module: ModuleType) -> list[Claim]:
    """The claims defined in a module (not those it imports), in order."""
    found = [value for value in vars(module).values() if isinstance(value, Claim)]
    own = [claim for claim in found if claim.setup.__module__ == module.__name__]
    ids = [claim.id for claim in own]
    for id in ids:
        if ids.count(id) > 1:
            raise ValueError(f"two claims have the id {id!r}; rename one")
    return own


def shipped() -> dict[str, Claim]:
    """All claims that come with the package, by id."""
    found: dict[str, Claim] = {}
    for info in pkgutil.iter_modules(claims.__path__):
        for claim in claims_of(importlib.import_module(f"{claims.__name__}.{info.name}")):
            if claim.id in found:
                raise ValueError(f"two claims have the id {claim.id!r}; rename one")
            found[claim.id] = claim
    return dict(sorted(found.items()))


def from_file(path: str) -> list[Claim]:
    """The claims in a Python file."""
    file = Path(path)
    if not file.is_file():
        raise ValueError(f"no file {path}; give a Python file with claims, an id, or a glob")
    spec = importlib.util.spec_from_file_location(file.stem, file)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
    except Exception as error:
        raise ValueError(f"{path} cannot be imported: {type(error).__name__}: {error}".replace("\n", " ")) from error
    found = claims_of(module)
    if not found:
        raise ValueError(f"{path} holds no claims; decorate a function with proofs_check.claim")
    return found


def select(patterns: Iterable[str], paper: str | None = None) -> list[Claim]:
    """Claims by id, glob or file; all shipped ones if nothing is named."""
    known = shipped()
    chosen: dict[str, Claim] = {}
    for pattern in patterns:
        if pattern.endswith(".py"):
            found = from_file(pattern)
        else:
            found = [claim for id, claim in known.items() if fnmatch.fnmatchcase(id, pattern)]
        if not found:
            near = [id for id in known if pattern.strip("*?").split(".")[-1] in id][:3]
            hint = f"did you mean {', '.join(near)}?" if near else "`collapse list` shows them"
            raise ValueError(f"no claim {pattern!r}; {hint}")
        for claim in found:
            if chosen.setdefault(claim.id, claim) is not claim:
                raise ValueError(f"two claims have the id {claim.id!r}; rename one")
    chosen = chosen or known
    if paper is not None:
        papers = sorted({claim.paper for claim in chosen.values()})
        if paper not in papers:
            raise ValueError(f"no claim of paper {paper!r}; papers are {', '.join(papers)}")
        chosen = {id: claim for id, claim in chosen.items() if claim.paper == paper}
    return list(chosen.values())
