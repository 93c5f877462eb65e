"""The outcomes of one run as a table to copy: comma-separated values, and LaTeX that compiles."""

import math
from collections.abc import Callable, Sequence

from proofs_check import export
from proofs_check.claim import Claim
from proofs_check.ledger import Entry
from proofs_check.measured import Measured
from proofs_check.outcome import Outcome
from proofs_check.registry import papers

__all__ = ["csv_of", "latex_of"]


def csv_of(outcomes: Sequence[Outcome]) -> str:
    """One line per outcome, under the headers of `collapse export --csv`."""
    return export.to_csv(_measured(outcomes), _tested(outcomes))


def latex_of(outcomes: Sequence[Outcome]) -> str:
    """A longtable with what it needs in the preamble, as `collapse export --latex` writes it."""
    return export.to_latex(_measured(outcomes), papers(), fragment=True, tested=_tested(outcomes))


def _tested(outcomes: Sequence[Outcome]) -> Callable[[Claim], str]:
    """Protocol and parameters as the run had them: no check is built again."""
    held = {}
    for outcome in outcomes:
        about = ", ".join(filter(None, (" ".join(outcome.protocol.split()), outcome.quantity.replace("_", " "))))
        given = ", ".join(f"{name}={value!r}" for name, value in outcome.parameters.items())
        held[outcome.claim.id] = f"{about}; {given}" if given else about
    return lambda claim: held[claim.id]


def _measured(outcomes: Sequence[Outcome]) -> list[Measured]:
    """Outcomes as entries of today that no ledger holds, so that no code has to be hashed."""
    return [Measured(outcome.claim, _entry(outcome)) for outcome in outcomes]


def _entry(outcome: Outcome) -> Entry:
    return Entry(
        id=outcome.claim.id,
        verdict=outcome.verdict,
        resolution=outcome.resolution,
        resolution_reached=outcome.reached if math.isfinite(outcome.reached) else None,
        chains=outcome.chains,
        looks=outcome.looks,
        seed=outcome.seed,
        evidence=list(outcome.evidence),
        vacuous=outcome.vacuous,
        relative_to=outcome.relative_to,
    )
