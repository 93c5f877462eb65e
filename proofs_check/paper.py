"""What is recorded about a paper: who wrote it, what of it was read, and what its statements come to. No JAX."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from proofs_check.claim import PROVENANCE, Claim

Consequence = Literal["conclusion", "constant", "wording"]
Tie = Literal["corrects", "implies", "special case of", "uses"]


@dataclass(frozen=True)
class Erratum:
    """A statement, as printed or coded somewhere, that does not hold as it stands, and what holds instead.

    **Args**: `where`: the place, such as "Theorem 3, as printed"; `printed`: what stands there, in Markdown; `holds`:
    what is true; `claim`: the id of the claim that tests it; `corrected`: that of the form that holds, if there
    is one, and the same id where only that form can be tested;
    `consequence`: whether it changes a "conclusion", a "constant", or only the "wording".
    """

    where: str
    printed: str
    holds: str
    claim: str
    corrected: str = ""
    consequence: Consequence = "constant"


@dataclass(frozen=True)
class Paper:
    """One paper, or the statements that belong to none (no authors).

    **Args**: `key`: the name of its room and the first part of its ids, such as "seddik2024"; `authors`: all of them,
    as "Last, First"; `year`, `arxiv`, `venue`: where it appeared; `aliases`: other names one might look for; `topics`:
    words of the field; `read`: what of it was read, and how; `not_covered`: known statements without a claim, each with
    its reason; `errata`: what is printed or coded and does not hold; `relates`: how its statements hang together with
    one another and with those of other papers, as (id, tie, id); `summary`: what the statements come to, in Markdown.
    """

    key: str
    title: str
    authors: tuple[str, ...]
    year: int
    arxiv: str
    venue: str = ""
    aliases: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    read: str = ""
    not_covered: Mapping[str, str] = field(default_factory=dict)
    errata: tuple[Erratum, ...] = ()
    relates: tuple[tuple[str, Tie, str], ...] = ()
    summary: str = ""

    @property
    def surnames(self) -> tuple[str, ...]:
        return tuple(author.partition(",")[0] for author in self.authors)

    @property
    def citation(self) -> str:
        """As in running text: "Seddik et al. 2024"; the title where there is no author."""
        names = self.surnames
        if not names:
            return self.title
        who = names[0] if len(names) == 1 else " and ".join(names) if len(names) == 2 else f"{names[0]} et al."
        return f"{who} {self.year}"

    @property
    def where(self) -> str:
        """Where it can be read: its number in the arXiv, else its venue."""
        return f"arXiv {self.arxiv}" if self.arxiv else self.venue

    def bibtex(self) -> str:
        """A BibTeX entry with every author; of the software, for statements of no paper."""
        if not self.authors:
            return _OURS
        fields = {
            "author": " and ".join(self.authors),
            "title": f"{{{self.title}}}",
            "year": str(self.year),
            "eprint": self.arxiv,
            "archivePrefix": "arXiv" if self.arxiv else "",
            "note": self.venue,
        }
        body = ",\n".join(f"  {name} = {{{value}}}" for name, value in fields.items() if value)
        return f"@misc{{{self.key},\n{body}\n}}"


_OURS = "@software{collapse_jax,\n  author = {{The collapse_jax developers}},\n  title = {collapse_jax}\n}"


def cite(claim: Claim, paper: Paper | None) -> str:
    """How to cite a claim: its paper, a claim derived for this project too, and what exactly was tested."""
    entry = paper.bibtex() if paper is not None else _OURS
    return f"{entry}\n% {claim.id}: {claim.source}\n% provenance: {claim.provenance} ({PROVENANCE[claim.provenance]})"
