"""A claim beside what the ledger says was measured of it. Imports no JAX."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from proofs_check import ledger as ledgers
from proofs_check.claim import Claim
from proofs_check.staleness import unchanging

UNMEASURED = "not measured yet"
RUNGS = ("identity", "simulated", "law", "symbolic", "certified", "formal")  # of the evidence ladder, best last


@dataclass(frozen=True)
class Measured:
    """One claim, its entry in the ledger (None if it was never measured), and why that is stale ("" if it is not).

    **Fields**: `claim`; `entry`; `stale`.
    """

    claim: Claim
    entry: ledgers.Entry | None
    stale: str = ""

    @property
    def word(self) -> str:
        """The verdict, or "" where there is none."""
        return self.entry.verdict if self.entry else ""

    @property
    def vacuous(self) -> str:
        """Where the statement says nothing, beginning with or containing VACUOUS, or ""."""
        said = self.entry.vacuous if self.entry else ""
        return said if "VACUOUS" in said or not said else f"VACUOUS: {said}"

    @property
    def verdict(self) -> str:
        """The verdict with what qualifies it: "SUPPORTED, VACUOUS (stale)"."""
        if not self.entry:
            return UNMEASURED
        return f"{self.word}{', VACUOUS' * bool(self.vacuous)}{' (stale)' * bool(self.stale)}"

    @property
    def resolution(self) -> str:
        """The resolution reached, where chains were drawn."""
        reached = self.entry.resolution_reached if self.entry and self.entry.chains else None
        return "" if reached is None or not reached < 10 else f"{100 * reached:.2g} %"

    @property
    def evidence(self) -> tuple[str, ...]:
        """The rungs of the evidence ladder that the verdict rests on, lowest first."""
        known = {rung: level for level, rung in enumerate(RUNGS)}
        found = {*(self.entry.evidence if self.entry else ()), *self.proved}
        return tuple(sorted(found, key=lambda rung: known.get(rung, len(known))))

    @property
    def proved(self) -> tuple[str, ...]:
        """The rungs of the proofs that the ledger holds and whose code has not changed since."""
        if not self.entry or not self.entry.proofs:
            return ()
        from proofs_check import registry
        from proofs_check.staleness import proof_digest

        current = {proof_digest(declared) for declared in registry.proofs_of(self.claim)}
        return tuple(rung for rung, item in self.entry.proofs.items() if item["source"] in current)

    @property
    def sentence(self) -> str:
        """In one line: "measured 2026-11-25: SUPPORTED, resolution 0.9 %, 65,536 chains; stale: ..."."""
        if not self.entry:
            return UNMEASURED
        parts = [f"{self.word} (licence: {self.entry.licence})" if self.entry.licence else self.word]
        parts += [f"resolution {self.resolution} {self.entry.relative_to}".strip()] if self.resolution else []
        parts += [f"{self.entry.chains:,} chains"] if self.entry.chains else ["without sampling"]
        parts += [f"{self.entry.mutants} mutants refuted"] if self.entry.mutants else []
        text = f"measured {self.entry.date[:10]}: {', '.join(parts)}"
        text += f", the nearest {self.entry.nearest:g} resolutions off" if self.entry.nearest is not None else ""
        text += f"; {self.entry.clause}" if self.entry.clause else ""
        text += f"; {self.vacuous}" if self.vacuous else ""
        return text + (f"; stale: {self.stale}" if self.stale else "")

    @property
    def hunted(self) -> str:
        """How the last search for a counterexample ended, in one line; "" if there was none."""
        found = self.entry.hunt if self.entry else {}
        if not found:
            return ""
        from proofs_check.staleness import source_digest

        points = f"{found['points']:,} point{'s' * (found['points'] != 1)}"
        means = "without sampling" if found["means"] == "law" else "by chains"
        text = f"{found['date']}: {found['verdict']} in {points} {means}"
        if found["at"] is not None:
            place = ", ".join(f"{name}={value!r}" for name, value in found["at"].items())
            said = {"REFUTED": "fails", "BEYOND ALLOWANCE": "the remainder exceeds its allowance"}
            text += f"; {said.get(found['verdict'], 'tightest')} at {place or 'its only point'}"
            text += f" (ratio {found['ratio']:.4g})" if abs(found["ratio"] or math.inf) < 1e6 else ""
        return text + ("; stale: the claim has changed" if found["source"] != source_digest(self.claim) else "")

    def row(self) -> dict[str, Any] | None:
        """For JSON; None if it was never measured."""
        if not self.entry:
            return None
        keys = (
            *("verdict", "licence", "clause", "date", "resolution", "relative_to", "resolution_reached"),
            *("chains", "seed", "mutants", "nearest", "vacuous", "commit"),
        )
        return {
            **{key: getattr(self.entry, key) for key in keys},
            "evidence": list(self.evidence),
            "stale": self.stale,
        }


def parameters(claim: Claim) -> str:
    """The parameters of a claim with their defaults: "p=0.3, n=5".

    **Args**: `claim`: any claim.

    **Returns**: one line of text.
    """
    return ", ".join(f"{name}={value!r}" for name, value in claim.parameters.items())


def measured(claims: Iterable[Claim], ledger: ledgers.Ledger | None = None) -> list[Measured]:
    """What the ledger (by default the one that comes with the package) says about each claim.

    **Args**: `claims`: any claims, also a user's own, which no ledger may know; `ledger`: another one.

    **Returns**: one record per claim, in order.
    """
    book = ledgers.read() if ledger is None else ledger
    with unchanging():
        return [Measured(claim, entry := book.get(claim), book.stale(claim) if entry else "") for claim in claims]
