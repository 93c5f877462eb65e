"""Deciding the proofs of claims, and what the ledger keeps of them. Imports neither JAX nor the tools of proofs."""

import datetime
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from proofs_check import registry
from proofs_check.claim import Claim
from proofs_check.proofs.proof import RUNGS, Proven, Proves, Rung
from proofs_check.staleness import proof_digest

SIMULATED = "simulated"


def rungs_of(text: str) -> tuple[bool, tuple[Rung, ...]]:
    """Rungs by name, separated by commas: whether chains are to be run, and which proofs.

    **Args**: `text`: of "simulated", "symbolic", "certified", "formal", or "all".

    **Returns**: the two.

    **Raises**: ValueError for another word.
    """
    known = (SIMULATED, *RUNGS)
    asked = known if text.strip() == "all" else tuple(word.strip() for word in text.split(","))
    for word in asked:
        if word not in known:
            raise ValueError(f"--rungs {word!r} is not one of {', '.join(known)}, all; join several by commas")
    return SIMULATED in asked, tuple(rung for rung in RUNGS if rung in asked)


@dataclass(frozen=True)
class Kept:
    """What the ledger holds of a proof: its word, "refuted/all" of its mutants, what it rests on, when, and the hash of
    its code."""

    verdict: str
    mutants: str
    assumes: list[str]
    date: str
    source: str


def prove(claims: Iterable[Claim], rungs: Sequence[Rung] = RUNGS) -> Iterator[tuple[Proven, Proves]]:
    """Decide the proofs of these claims on these rungs, one after another.

    **Args**: `claims`: shipped ones, or of a room; those without a proof are passed over; `rungs`: which.

    **Returns**: what became of each, beside its declaration.
    """
    for claim in claims:
        for declared in registry.proofs_of(claim):
            proof = declared.build()
            if proof.rung in rungs:
                yield proof.run(claim), declared


def kept(proven: Proven, declared: Proves) -> dict[str, Any]:
    """The entry of the ledger for a proof that counts."""
    words = list(proven.mutants.values())
    today = datetime.date.today().isoformat()
    refuted = f"{words.count('REFUTED')}/{len(words)}"
    return vars(Kept(proven.verdict, refuted, list(proven.assumes), today, proof_digest(declared)))
