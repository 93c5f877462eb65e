"""What the pages are about, looked up once: papers, claims beside what was measured of them, figures, ties."""

import functools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from proofs_check import registry
from proofs_check.figure import Figure
from proofs_check.measured import Measured, measured
from proofs_check.overview import Overview, overviews
from proofs_check.relations import Edge, edges


@dataclass(frozen=True)
class Contents:
    """Everything that the site shows of the literature.

    **Fields**: `items`: the papers with their claims; `figures`: by id; `ties`: between claims; `root`: of the clone,
    with its folders `docs`, `figures` and `notebooks`.
    """

    items: tuple[Overview, ...]
    figures: Mapping[str, Figure]
    ties: tuple[Edge, ...]
    root: Path

    @classmethod
    def of(cls, root: Path, keys: Iterable[str] | None = None) -> "Contents":
        """What is shipped.

        **Args**: `root`: a clone of the repository; `keys`: of the papers, by default of all.

        **Returns**: the contents.
        """
        papers = registry.papers()
        chosen = papers if keys is None else {key: papers[key] for key in keys}
        claims = {id: claim for id, claim in registry.claims().items() if claim.paper in chosen}
        figures = {id: one for id, one in registry.figures().items() if id.partition(".")[0] in chosen}
        ties = [tie for tie in edges(papers.values(), registry.claims()) if {tie.start, tie.end} <= {*claims}]
        return cls(tuple(overviews(chosen, measured(claims.values()), figures)), figures, tuple(ties), root)

    @functools.cached_property
    def claims(self) -> dict[str, Measured]:
        """All claims by id."""
        return {item.claim.id: item for one in self.items for item in one.claims}

    @functools.cached_property
    def overview(self) -> dict[str, Overview]:
        """All papers by key."""
        return {one.paper.key: one for one in self.items}
