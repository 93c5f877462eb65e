"""Published statements as objects that can be decided.

    from proofs_check import Check, claim

`@claim(...)` turns a short function into a `Claim`; `verify` decides it. The command line is `collapse`.
"""

from typing import TYPE_CHECKING, Any

from proofs_check.claim import Check, Claim, Computed, Experiment, claim, require
from proofs_check.paper import Paper
from proofs_check.plan import QUICK, Plan

if TYPE_CHECKING:
    from proofs_check.outcome import Outcome
    from proofs_check.suite import verify_all
    from proofs_check.verdict import verify

__all__ = [
    "QUICK",
    "Check",
    "Claim",
    "Computed",
    "Experiment",
    "Outcome",
    "Paper",
    "Plan",
    "claim",
    "require",
    "verify",
    "verify_all",
]


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module 'proofs_check' has no attribute {name!r}")
    from proofs_check import outcome, suite, verdict

    where = {"Outcome": outcome, "verify_all": suite, "verify": verdict}
    return getattr(where[name], name)
