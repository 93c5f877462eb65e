"""From simulation to a formula: which closed form of a library a law may have, as a guess that can be decided.

    from proofs_check.conjecture import Conjecture, investigate

The command is `collapse conjecture my.py`.
"""

from typing import TYPE_CHECKING, Any

from proofs_check.conjecture.forms import FORMS, Form
from proofs_check.conjecture.guess import Guess, guess
from proofs_check.conjecture.problem import Conjecture

if TYPE_CHECKING:
    from proofs_check.conjecture.study import Finding, investigate

__all__ = ["FORMS", "Conjecture", "Finding", "Form", "Guess", "guess", "investigate"]


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module 'proofs_check.conjecture' has no attribute {name!r}")
    from proofs_check.conjecture import study

    return getattr(study, name)
