"""Published statements as objects that can be decided.

    from proofs_check import Check, claim

`@claim(...)` turns a short function into a `Claim`; `verify` decides it. The command line is `collapse`.
"""

from proofs_check.claim import Check, Claim, claim, require
from proofs_check.verdict import REFUTED, SUPPORTED, UNDECIDED, Outcome, Plan, verify, verify_all

__all__ = [
    "REFUTED",
    "SUPPORTED",
    "UNDECIDED",
    "Check",
    "Claim",
    "Outcome",
    "Plan",
    "claim",
    "require",
    "verify",
    "verify_all",
]
