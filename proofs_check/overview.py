"""What a paper comes to: its claims by verdict, its best evidence, its figures. Imports no JAX."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, get_args

from proofs_check.claim import STAR, Expected, Verdict
from proofs_check.measured import RUNGS, Measured
from proofs_check.paper import Paper


@dataclass(frozen=True)
class Overview:
    """A paper, its claims beside what was measured of them, and the ids of its figures.

    **Fields**: `paper`: its record; `claims`; `figures`.
    """

    paper: Paper
    claims: tuple[Measured, ...]
    figures: tuple[str, ...]

    @property
    def words(self) -> dict[str, int]:
        """How many claims the ledger has with each verdict; all verdicts are there, and "" for none."""
        found = Counter(item.word for item in self.claims)
        return {word: found[word] for word in (*get_args(Verdict), *sorted({*found} - {*get_args(Verdict), ""}), "")}

    def count(self, word: Expected) -> str:
        """How many claims came out so, with and without a star: "12, 2*"."""
        plain, starred = self.words[word], self.words.get(f"{word}{STAR}", 0)
        return f"{plain}, {starred}{STAR}" if starred else str(plain)

    @property
    def evidence(self) -> dict[str, int]:
        """How many claims have which rung as their best evidence, best rung first."""
        best = Counter(item.evidence[-1] for item in self.claims if item.evidence)
        return {rung: best[rung] for rung in reversed(RUNGS) if best[rung]}

    @property
    def errata(self) -> tuple[Measured, ...]:
        """Refuted claims whose wording was read in the paper or in its authors' code."""
        return tuple(c for c in self.claims if c.word == "REFUTED" and c.claim.provenance in ("text", "code"))

    def row(self) -> dict[str, Any]:
        """For JSON."""
        words = self.words
        return {
            "key": self.paper.key,
            "title": self.paper.title,
            "authors": list(self.paper.authors),
            "year": self.paper.year,
            "arxiv": self.paper.arxiv,
            "venue": self.paper.venue,
            "aliases": list(self.paper.aliases),
            "topics": list(self.paper.topics),
            "read": self.paper.read,
            "claims": len(self.claims),
            "verdicts": {word: words[word] for word in words if word},
            "not_measured": words[""],
            "evidence": self.evidence,
            "figures": len(self.figures),
            "not_covered": dict(self.paper.not_covered),
        }


def overviews(papers: Mapping[str, Paper], claims: Sequence[Measured], figures: Iterable[str] = ()) -> list[Overview]:
    """One overview per paper.

    **Args**: `papers`: records by key; `claims`: of these papers and perhaps others; `figures`: ids of figures.

    **Returns**: the overviews, in the order of `papers`.
    """
    figures = list(figures)
    return [
        Overview(
            paper,
            tuple(item for item in claims if item.claim.paper == key),
            tuple(id for id in figures if id.split(".")[0] == key),
        )
        for key, paper in papers.items()
    ]
