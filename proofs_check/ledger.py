"""What was measured of every claim, kept as JSON beside the code: one entry per claim, sorted. Reading needs no JAX.

An entry is *stale* when the code of its claim, or the engine and the judges, are not those that it was measured with.
"""

import dataclasses
import datetime
import functools
import json
import math
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from proofs_check.claim import Claim, without_star
from proofs_check.staleness import engine_digest, source_digest, unchanging

if TYPE_CHECKING:
    from proofs_check.outcome import Outcome
    from proofs_check.proofs import Proven, Proves

SHIPPED = Path(__file__).parent / "ledger.json"
_FORMAT = "collapse ledger 1"
_AGAIN = "collapse verify --full --ledger DIR"


@dataclass(frozen=True)
class Entry:
    """What was measured of one claim; `mutants` is "refuted/all", `source` and `engine` hashes of the code, `proofs` by
    rung, `hunt` how a search for a counterexample ended, `share` of how many pairs of chains a contrast holds."""

    id: str
    verdict: str
    resolution: float | None = None
    resolution_reached: float | None = None
    chains: int = 0
    looks: int = 0
    seed: int = 0
    alpha: float = 0.0
    date: str = ""
    versions: dict[str, str] = field(default_factory=dict)
    commit: str = ""
    mutants: str = ""
    evidence: list[str] = field(default_factory=list)
    vacuous: str = ""
    licence: str = ""
    clause: str = ""
    relative_to: str = ""
    nearest: float | None = None
    law: str | None = None
    source: str = ""
    engine: str = ""
    proofs: dict[str, dict[str, Any]] = field(default_factory=dict)
    hunt: dict[str, Any] = field(default_factory=dict)
    share: float | None = None

    @classmethod
    def of(cls, outcome: "Outcome") -> "Entry":
        """The entry of an outcome of today."""
        from collapse_jax.results import versions

        words = [without_star(word) for word in outcome.mutants.values()]
        return cls(
            id=outcome.claim.id,
            verdict=outcome.verdict,
            resolution=outcome.resolution,
            resolution_reached=float(f"{outcome.reached:.4g}") if math.isfinite(outcome.reached) else None,
            chains=outcome.chains,
            looks=outcome.looks,
            seed=outcome.seed,
            alpha=outcome.alpha,
            date=datetime.date.today().isoformat(),
            versions=dict(versions()),
            commit=_commit(),
            mutants=f"{words.count('REFUTED')}/{len(words)}",
            evidence=list(outcome.evidence),
            vacuous=outcome.vacuous,
            licence=outcome.licence,
            clause=outcome.clause,
            relative_to=outcome.relative_to,
            nearest=float(f"{outcome.nearest:.3g}") if math.isfinite(outcome.nearest) else None,
            law=outcome.law,
            source=source_digest(outcome.claim),
            engine=engine_digest(),
            share=outcome.observed[-1] if outcome.engine == "neural" else None,
        )

    @functools.cached_property
    def text(self) -> str:
        """This entry as it stands in the file: made once, however often the ledger is written."""
        item = dataclasses.asdict(self)
        del item["id"]
        for name in ("hunt", "share"):
            if item[name] in ({}, None):
                del item[name]
        return json.dumps(item, indent=1).replace("\n", "\n  ")


@dataclass(frozen=True)
class Ledger:
    """Entries by the id of their claim; `shard` is (i, N) for the i-th of N parts, None for a whole ledger."""

    entries: Mapping[str, Entry] = field(default_factory=dict)
    shard: tuple[int, int] | None = None

    def get(self, claim: Claim) -> Entry | None:
        """The entry of a claim, None if it was never measured."""
        return self.entries.get(claim.id)

    def stale(self, claim: Claim) -> str:
        """Why the entry of a claim no longer holds; "" if it does, or if there is none."""
        entry = self.get(claim)
        if entry is None:
            return ""
        if entry.source != source_digest(claim):
            return "the claim's source changed since"
        return "" if entry.engine == engine_digest() else "the engine changed since"

    def due(self, claims: Iterable[Claim]) -> list[Claim]:
        """The claims that were never measured, or whose entry is stale."""
        with unchanging():
            return [claim for claim in claims if self.get(claim) is None or self.stale(claim)]

    def updated(self, entries: Iterable[Entry], known: Iterable[str] | None = None) -> "Ledger":
        """With these entries in place of older ones; only claims that are `known`, if that is given."""
        found = dict(self.entries)
        for entry in entries:
            old = found.get(entry.id)
            if old is not None and not entry.proofs:  # what was measured again was not proved again
                entry = dataclasses.replace(entry, proofs=old.proofs)
            if old is not None and not entry.hunt:
                entry = dataclasses.replace(entry, hunt=old.hunt)
            found[entry.id] = entry
        kept = found if known is None else {id: found[id] for id in known if id in found}
        return Ledger(dict(sorted(kept.items())), self.shard)

    def proved(self, proofs: Iterable[tuple["Proven", "Proves"]]) -> "Ledger":
        """With what became of these proofs; one that no longer counts is taken out, a missing tool changes nothing."""
        from proofs_check import proving

        found = dict(self.entries)
        for proven, declared in proofs:
            entry = found.get(proven.id)
            if entry is None or proven.verdict == "SKIPPED":
                continue
            others = {rung: item for rung, item in entry.proofs.items() if rung != proven.rung}
            mine = {proven.rung: proving.kept(proven, declared)} if proven.counts else {}
            found[proven.id] = dataclasses.replace(entry, proofs=dict(sorted({**others, **mine}.items())))
        return Ledger(found, self.shard)

    def hunted(self, id: str, hunt: Mapping[str, Any]) -> "Ledger":
        """With how a hunt for a counterexample ended; a claim that was never measured is left out."""
        entry = self.entries.get(id)
        if entry is None:
            return self
        return Ledger({**self.entries, id: dataclasses.replace(entry, hunt=dict(hunt))}, self.shard)

    def write(self, place: str | Path) -> Path:
        """Write the ledger, whole or not at all, to a file or to `ledger.json` in a folder.

        **Raises**: ValueError, naming the remedy, where it cannot be written.
        """
        from collapse_jax.results import files

        path = file_of(place, self.shard)
        head = {"format": _FORMAT, **({"shard": list(self.shard)} if self.shard else {}), "claims": {}}
        lines = ",\n".join(f"  {json.dumps(id)}: {self.entries[id].text}" for id in sorted(self.entries))
        text = json.dumps(head, indent=1)
        text = text.replace('"claims": {}', f'"claims": {{\n{lines}\n }}') if lines else text
        try:
            files.write(path, (text + "\n").encode())
        except OSError as error:
            raise ValueError(f"cannot write {path}: {error.strerror}; choose a folder that can be written") from None
        return path


def file_of(place: str | Path, shard: tuple[int, int] | None = None) -> Path:
    """The file of a ledger: `place` itself if it ends in .json, else a file in that folder."""
    path = Path(place)
    if path.suffix == ".json":
        return path
    return path / (f"ledger-{shard[0]}-of-{shard[1]}.json" if shard else "ledger.json")


def probe(place: str | Path, shard: tuple[int, int] | None = None) -> None:
    """Make the folder of a ledger, and refuse a place that cannot be written before anything is measured."""
    from collapse_jax.results import files

    path = file_of(place, shard)
    files.check({"ledger": path}, make=True)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ValueError(f"cannot write {path}: {error.strerror}; choose a folder that can be written") from None


def read(path: str | Path | None = None) -> Ledger:
    """The ledger in a file or folder, by default the one that comes with the package; empty if there is none yet.

    **Raises**: ValueError, naming the remedy, for a file that is cut off or no ledger.
    """
    place = SHIPPED if path is None else file_of(path)
    try:
        content = place.read_text()
    except FileNotFoundError:
        return Ledger()
    except (OSError, UnicodeDecodeError) as error:
        raise ValueError(f"cannot read {place}: {error}; give a ledger written by `{_AGAIN}`") from None
    try:
        held: Any = json.loads(content)
        if held["format"] != _FORMAT:
            raise ValueError(f"format {held['format']!r} is not known")
        entries = {id: Entry(id=id, **item) for id, item in held["claims"].items()}
        shard = tuple(held["shard"]) if "shard" in held else None
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise ValueError(
            f"{place} is damaged or no ledger ({error}); restore or delete it, then run `{_AGAIN}`"
        ) from None
    return Ledger(entries, shard)


def merge(files: Sequence[str | Path]) -> Ledger:
    """The ledger of a suite whose shards were decided apart.

    **Args**: `files`: the ledgers of all shards, in any order.

    **Returns**: one ledger with the entries of all.

    **Raises**: ValueError for a missing or repeated shard, for shards of suites divided differently, and for shards
    measured with different engines.
    """
    missing = [str(file) for file in files if not Path(file).is_file()]
    if missing or not files:
        raise ValueError(f"no file {missing[0] if missing else ''}; give the ledger-I-of-N.json of all N shards")
    parts: dict[int, Ledger] = {}
    numbers: set[int] = set()
    for file in files:
        part = read(file)
        if part.shard is None:
            raise ValueError(f"{file} is no shard; merge what `collapse verify --full --shard I/N` wrote")
        index, number = part.shard
        if index in parts:
            raise ValueError(f"{file} is shard {index} a second time; give every shard once")
        parts[index] = part
        numbers.add(number)
    if len(numbers) > 1:
        raise ValueError(f"these are shards of {' and of '.join(map(str, sorted(numbers)))}; merge those of one suite")
    [number] = numbers
    absent = [str(index) for index in range(1, number + 1) if index not in parts]
    if absent:
        raise ValueError(
            f"shard {', '.join(absent)} of {number} is missing; run `collapse verify --full --shard` for it"
        )
    entries: dict[str, Entry] = {}
    for _, part in sorted(parts.items()):
        if twice := [id for id in part.entries if id in entries]:
            raise ValueError(f"two shards hold {twice[0]}; decide all shards with one version")
        entries |= part.entries
    if len({entry.engine for entry in entries.values()}) > 1:
        raise ValueError("the shards were measured with different engines; decide all of them with one version")
    return Ledger(dict(sorted(entries.items())))


@functools.cache
def _commit() -> str:
    """The commit that the code is at, with "+" if it was edited since; "" outside of a repository."""
    folder = Path(__file__).parent

    def git(*arguments: str) -> str:
        try:
            done = subprocess.run(["git", "-C", folder, *arguments], capture_output=True, text=True, check=True)
        except (OSError, subprocess.CalledProcessError):
            return ""
        return done.stdout.strip()

    edited = git("status", "--porcelain", "--untracked-files=no", "--", ".", "../collapse_jax", ":!ledger.json")
    return git("rev-parse", "--short=12", "HEAD") + "+" * bool(edited)
