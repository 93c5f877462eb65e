"""How statements hang together: one corrects, implies or uses another, as the records of papers say. Imports no JAX."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple, get_args

from proofs_check.claim import Claim
from proofs_check.paper import Paper, Tie

__all__ = ["Edge", "edges"]


class Edge(NamedTuple):
    """`start` corrects, implies, is a special case of, or uses `end`.

    **Fields**: `start`; `tie`; `end`.
    """

    start: str
    tie: Tie
    end: str


def edges(papers: Iterable[Paper], claims: Mapping[str, Claim]) -> list[Edge]:
    """Every tie that the records declare, and "corrects" for every erratum whose corrected form is a claim of its own.

    **Args**: `papers`: their records; `claims`: by id.

    **Returns**: the edges, each once, sorted.

    **Raises**: ValueError for a tie that there is not, one that ends at a claim that there is not or at its start, and
    one that stands in the record of a paper that it does not concern.
    """
    found = set()
    for paper in papers:
        for start, tie, end in paper.relates:
            for id in (start, end):
                if id not in claims:
                    raise ValueError(f"{paper.key} relates {id!r}, which is no claim; correct the id")
            if tie not in get_args(Tie):
                raise ValueError(f"{paper.key} has the tie {tie!r}; use one of {', '.join(get_args(Tie))}")
            if start == end or paper.key not in (claims[start].paper, claims[end].paper):
                raise ValueError(f"{paper.key} relates {start!r} to {end!r}; give two claims, one of them its own")
            found.add(Edge(start, tie, end))
        found |= {
            Edge(one.corrected, "corrects", one.claim)
            for one in paper.errata
            if one.corrected in claims and one.claim in claims and one.corrected != one.claim
        }
    return sorted(found)
