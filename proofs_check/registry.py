"""Finding papers, claims and figures: the shipped ones by scanning `proofs_check.papers`, a user's by path. No JAX.

A paper lives in a folder of its own, its room: `__init__.py` holds its record `PAPER`, `claims.py` or the modules of
`claims/` its claims, `figures.py` or `figures/` its figures, `proofs.py` or `proofs/` its proofs. Nothing else lists
them.
"""

import difflib
import fnmatch
import functools
import importlib
import importlib.util
import pkgutil
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

from proofs_check import papers as shelf
from proofs_check.claim import Claim
from proofs_check.paper import Paper

if TYPE_CHECKING:
    from proofs_check.figure import Figure
    from proofs_check.proofs import Proves

_PRIVATE = "_collapse_paper_"  # a user's folder is imported under this prefix, where it can shadow nothing


@dataclass(frozen=True)
class Room:
    """What a folder holds: the record of its paper, its claims by id and its figures by id.

    **Fields**: `paper`; `claims`; `figures`; `proofs`, by the id of their claim.
    """

    paper: Paper
    claims: dict[str, Claim]
    figures: dict[str, "Figure"]
    proofs: dict[str, list["Proves"]]


@functools.cache
def papers() -> dict[str, Paper]:
    """The shipped papers by key. Imports their records only."""
    found = {}
    for info in pkgutil.iter_modules(shelf.__path__):
        if info.ispkg:
            found[info.name] = _record(importlib.import_module(f"{shelf.__name__}.{info.name}"), info.name)
    return dict(sorted(found.items()))


@functools.cache
def claims() -> dict[str, Claim]:
    """The shipped claims by id, sorted."""
    return _joined(_claims(f"{shelf.__name__}.{key}") for key in papers())


@functools.cache
def figures() -> dict[str, "Figure"]:
    """The shipped figures by id, sorted."""
    return _joined(_figures(f"{shelf.__name__}.{key}") for key in papers())


@functools.cache
def proofs() -> dict[str, list["Proves"]]:
    """The proofs of shipped claims, by the id of the claim; none is decided."""
    return _proofs((f"{shelf.__name__}.{key}" for key in papers()), claims())


def proofs_of(claim: Claim) -> list["Proves"]:
    """The proofs of a claim, shipped or of a user's room.

    **Args**: `claim`: any claim.

    **Returns**: their declarations, none for a claim that stands in no room.
    """
    if claim.paper in papers():
        return proofs().get(claim.id, []) if claims().get(claim.id) is claim else []
    package = claim.setup.__module__
    while package and getattr(sys.modules.get(package), "PAPER", None) is None:
        package = package.rpartition(".")[0]
    return _proofs([package], {claim.id: claim}, strict=False).get(claim.id, []) if package else []


def room(path: str | Path) -> Room:
    """The room in a folder: relative imports inside it work, and it may use everything installed.

    **Args**: `path`: the folder; its name is the key of the paper.

    **Returns**: the `Room`.

    **Raises**: ValueError, in one line, where the folder has no PAPER, no claims, ids of another paper, a name that
    cannot be imported or that a shipped paper has, or where importing it fails.
    """
    folder = Path(path).resolve()
    if not (folder / "__init__.py").is_file():
        raise ValueError(f"{path} is no paper; give a folder whose __init__.py defines PAPER = Paper(...)")
    key = folder.name
    if not key.isidentifier():
        raise ValueError(f"{path}: {key!r} cannot be imported; name the folder with letters, digits and _")
    if key in papers():
        raise ValueError(f"{path}: a shipped paper has the key {key!r}; rename the folder")
    name = f"{_PRIVATE}{key}"
    for old in [one for one in sys.modules if one == name or one.startswith(f"{name}.")]:
        del sys.modules[old]
    spec = importlib.util.spec_from_file_location(
        name, folder / "__init__.py", submodule_search_locations=[str(folder)]
    )
    paper = _record(_run(spec, path), key)
    found = _importing(path, lambda: _claims(name))
    if not found:
        raise ValueError(f"{path} holds no claims; decorate functions in its claims.py with proofs_check.claim")
    proved = _importing(path, lambda: _proofs([name], found))
    return Room(paper, found, _importing(path, lambda: _figures(name)), proved)


def figures_of(one: Room | str | Path) -> dict[str, "Figure"]:
    """The figures of a room, or of the folder it lies in.

    **Args**: `one`: a room, or where it lies.

    **Returns**: the figures by id.
    """
    return one.figures if isinstance(one, Room) else room(one).figures


def claims_of(module: ModuleType) -> list[Claim]:
    """The claims defined in a module (not those it imports), in order.

    **Args**: `module`: an imported module.

    **Returns**: the claims.

    **Raises**: ValueError for two claims of one id.
    """
    own = _defined(module, Claim, lambda claim: claim.setup)
    ids = [claim.id for claim in own]
    for id in ids:
        if ids.count(id) > 1:
            raise ValueError(f"two claims have the id {id!r}; rename one")
    return own


def module_of(path: str) -> ModuleType:
    """What a Python file of the user's defines.

    **Args**: `path`: of the file.

    **Returns**: the module, which is not kept among the imported ones.

    **Raises**: ValueError, in one line, for a file that is not there or cannot be imported.
    """
    file = Path(path)
    if file.suffix != ".py" or not file.is_file():
        raise ValueError(f"no Python file {path}; give one that is there")
    return _run(importlib.util.spec_from_file_location(file.stem, file), path, keep=False)


def from_file(path: str) -> list[Claim]:
    """The claims in a Python file.

    **Args**: `path`: of the file.

    **Returns**: the claims, in order.

    **Raises**: ValueError, in one line, for a file that is not there, cannot be imported or holds no claims.
    """
    if not Path(path).is_file():
        raise ValueError(f"no file {path}; give a Python file with claims, an id, or a glob")
    found = claims_of(module_of(path))
    if not found:
        raise ValueError(f"{path} holds no claims; decorate a function with proofs_check.claim")
    return found


def select(patterns: Iterable[str], paper: str | None = None) -> list[Claim]:
    """Claims by id, glob, key of a paper, file.py or folder of a paper; all shipped ones if nothing is named.

    `paper` keeps those of one paper, named in any way that `find_paper` understands.

    **Args**: `patterns`: any number of these; `paper`: key, alias, arXiv number or surname.

    **Returns**: the claims, each once.

    **Raises**: ValueError for a pattern that names nothing, with near ids, and for a paper without claims here.
    """
    known = claims()
    chosen: dict[str, Claim] = {}
    for pattern in patterns:
        if pattern.endswith(".py"):
            found = from_file(pattern)
        elif pattern not in known and Path(pattern).is_dir():
            found = list(room(pattern).claims.values())
        else:
            glob = f"{pattern}.*" if pattern in papers() else pattern
            found = [claim for id, claim in known.items() if fnmatch.fnmatchcase(id, glob)]
        if not found and "/" in pattern:
            raise ValueError(
                f"no folder {pattern}; give the folder of a paper, a Python file with claims, an id, or a glob"
            )
        if not found:
            near = [id for id in known if pattern.strip("*?").split(".")[-1] in id][:3]
            near = near or difflib.get_close_matches(pattern, known, 3)
            hint = f"did you mean {', '.join(near)}?" if near else "`collapse list` shows them"
            raise ValueError(f"no claim {pattern!r}; {hint}")
        for claim in found:
            if chosen.setdefault(claim.id, claim) is not claim:
                raise ValueError(f"two claims have the id {claim.id!r}; rename one")
    chosen = chosen or known
    if paper is not None:
        held = {claim.paper for claim in chosen.values()}
        key = paper if paper in held else find_paper(paper).key
        if key not in held:
            raise ValueError(f"no claim of paper {paper!r} is among these; papers are {', '.join(sorted(held))}")
        chosen = {id: claim for id, claim in chosen.items() if claim.paper == key}
    return list(chosen.values())


def choose(ids: Sequence[str]) -> list["Figure"]:
    """Shipped figures by id, its last part where only one has it, or the key of a paper.

    **Args**: `ids`: what was asked for.

    **Returns**: the figures, each once.

    **Raises**: ValueError for an id that no figure or more than one has.
    """
    known, chosen = figures(), {}
    for id in ids:
        same = [id] if id in known else [one for one in known if one.partition(".")[2] == id]
        of_paper = [one for one in known if one.partition(".")[0] == id]
        if len(same) != 1 and not of_paper:
            near = same or difflib.get_close_matches(id, known, 3, 0.4) or list(known)[:3]
            raise ValueError(f"no figure {id!r}; did you mean {', '.join(near)}? `collapse figure --list` shows all")
        chosen |= {one: known[one] for one in of_paper or same}
    return list(chosen.values())


def find_paper(text: str) -> Paper:
    """A shipped paper by key, alias, arXiv number or an author's surname, the first author's before others.

    **Args**: `text`: what was asked for, in any case.

    **Returns**: the record of the paper.

    **Raises**: ValueError for what no paper or the authors of several papers have.
    """
    asked, known = text.strip().casefold(), papers()
    number = asked.removeprefix("arxiv:").strip()
    for paper in known.values():
        if asked in (paper.key.casefold(), *(alias.casefold() for alias in paper.aliases)):
            return paper
        if paper.arxiv and number.partition("v")[0] == paper.arxiv:
            return paper
    found = [one for one in known.values() if asked in (name.casefold() for name in one.surnames)]
    leading = [one for one in found if asked == one.surnames[0].casefold()]
    if len(found) == 1 or len(leading) == 1:
        return (leading or found)[0]
    if found:
        raise ValueError(f"{text!r} wrote several of the papers; give one of {', '.join(one.key for one in found)}")
    names = ", ".join(f"{paper.key} ({paper.arxiv})" if paper.arxiv else paper.key for paper in known.values())
    raise ValueError(f"no paper {text!r}; papers are {names}")


def _record(package: ModuleType, key: str) -> Paper:
    record = getattr(package, "PAPER", None)
    if not isinstance(record, Paper):
        raise ValueError(f"the folder {key} has no record; define PAPER = Paper(...) in its __init__.py")
    if record.key != key:
        raise ValueError(f"the PAPER in folder {key} has the key {record.key!r}; folder and key have to be the same")
    return record


def _claims(package: str) -> dict[str, Claim]:
    found = [{claim.id: claim for claim in claims_of(module)} for module in _modules(package, "claims")]
    return _joined(found)


def _figures(package: str) -> dict[str, "Figure"]:
    from proofs_check.figure import Figure

    key = sys.modules[package].PAPER.key
    own = [one for module in _modules(package, "figures") for one in _defined(module, Figure, lambda one: one.data)]
    for figure in own:
        if not figure.id.startswith(f"{key}."):
            raise ValueError(f"the figure {figure.id!r} stands in the room of {key}; call it {f'{key}.{figure.id}'!r}")
    return _joined({figure.id: figure} for figure in own)


def _proofs(packages: Iterable[str], known: dict[str, Claim], *, strict: bool = True) -> dict[str, list["Proves"]]:
    from proofs_check.proofs import Proves

    found: dict[str, list[Proves]] = {}
    modules = [module for package in packages for module in _modules(package, "proofs")]
    for one in (one for module in modules for one in _defined(module, Proves, lambda one: one.build)):
        for id in one.ids:
            if strict and id not in known:
                raise ValueError(f"{one.build.__module__} proves {id!r}, which is no claim there; correct the id")
            found.setdefault(id, []).append(one)
    return found


def _modules(package: str, part: str) -> list[ModuleType]:
    """`part`.py of a room, or the modules of its folder `part`, in order; a leading underscore marks a helper."""
    if importlib.util.find_spec(f"{package}.{part}") is None:
        return []
    top = importlib.import_module(f"{package}.{part}")
    names = sorted(info.name for info in pkgutil.iter_modules(getattr(top, "__path__", [])))
    return [top, *(importlib.import_module(f"{top.__name__}.{name}") for name in names if not name.startswith("_"))]


def _defined(module: ModuleType, kind: type, function: Callable[[Any], Any]) -> list[Any]:
    """The objects of a kind that a module makes itself, told by the home of their function."""
    found = [value for value in vars(module).values() if isinstance(value, kind)]
    return [value for value in found if function(value).__module__ == module.__name__]


def _joined(parts: Iterable[dict[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for part in parts:
        for id, one in part.items():
            if id in found:
                raise ValueError(f"two {type(one).__name__.lower()}s have the id {id!r}; rename one")
            found[id] = one
    return dict(sorted(found.items()))


def _run(spec: Any, path: str | Path, keep: bool = True) -> ModuleType:
    """Import what a spec describes; a package has to be kept, or its own imports would not find it."""
    module = importlib.util.module_from_spec(spec)
    if keep:
        sys.modules[spec.name] = module
    _importing(path, lambda: spec.loader.exec_module(module))
    return module


def _importing(path: str | Path, work: Callable[[], Any]) -> Any:
    """Do the work; what a user's code raises becomes one line."""
    try:
        return work()
    except ValueError as error:
        raise ValueError(f"{path}: {error}".replace("\n", " ")) from error
    except Exception as error:
        raise ValueError(f"{path} cannot be imported: {type(error).__name__}: {error}".replace("\n", " ")) from error
