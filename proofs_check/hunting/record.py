"""The points of searches as a file, so that a later one goes on where an earlier one ended."""

import dataclasses
import datetime
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from proofs_check.claim import Claim
from proofs_check.hunting.found import Found
from proofs_check.hunting.looks import Look
from proofs_check.hunting.search import Search
from proofs_check.staleness import source_digest

_FORMAT = "collapse hunt 1"
_KEPT = ("seed", "alpha", "means", "asked", "spent", "seconds")


def save(path: Path, searches: Iterable[Search], others: dict[str, Any] | None = None) -> None:
    """Write searches to a file, whole or not at all.

    **Args**: `path`: the file; `searches`: of different claims; `others`: what the file held of further claims.
    """
    from collapse_jax.results import files

    held = dict(others or {})
    for search in searches:
        held[search.claim.id] = {
            "source": source_digest(search.claim),
            **{name: getattr(search, name) for name in _KEPT},
            "looked": [look.row() for look in search.looked],
        }
    files.write(path, (json.dumps({"format": _FORMAT, "hunts": held}) + "\n").encode())


def load(path: Path) -> dict[str, Any]:
    """What a file holds, by claim; nothing if there is no file yet.

    **Raises**: ValueError, naming the remedy, for a file that is something else.
    """
    try:
        held = json.loads(path.read_text(encoding="utf-8"))
        if held["format"] != _FORMAT:
            raise ValueError(f"format {held['format']!r} is not known")
        return dict(held["hunts"])
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ValueError(f"{path} holds no hunt ({error}); delete it, or give another file to --resume") from None


def resumed(claim: Claim, held: dict[str, Any], seed: int, alpha: float) -> Search:
    """The search that a file holds, or a new one.

    **Args**: `held`: what `load` returned; `seed`, `alpha`: of the search.

    **Returns**: the search to go on with.

    **Raises**: ValueError if the file is about another seed or alpha, or about the claim before it changed.
    """
    new = Search.of(claim, seed, alpha)
    item = held.get(claim.id)
    if item is None:
        return new
    if item["source"] != source_digest(claim):
        raise ValueError(f"{claim.id} changed since this hunt began; give another file to --resume")
    if (item["seed"], item["alpha"]) != (seed, alpha):
        raise ValueError(
            f"the hunt of {claim.id} has seed {item['seed']} and alpha {item['alpha']:g}; give these, or another file"
        )
    looked = [Look.from_row(row) for row in item["looked"]]
    return dataclasses.replace(new, **{name: item[name] for name in _KEPT}, looked=looked)


def entry(found: Found) -> dict[str, Any]:
    """What the ledger keeps of a hunt: word, points, the tightest ratio and its point, means, seed, date and source."""
    tightest = found.smallest or found.search.tightest
    return {
        "verdict": found.verdict,
        "points": len(found.search.decided),
        "ratio": None if tightest is None else float(f"{max(tightest.ratio, -1e300):.4g}"),
        "at": None if tightest is None else tightest.point,
        "means": found.search.means,
        "seed": found.search.seed,
        "date": datetime.date.today().isoformat(),
        "source": source_digest(found.claim),
    }
