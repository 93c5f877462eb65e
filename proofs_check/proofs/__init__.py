"""Proofs of claims, above simulation: each speaks of the same Python formula that is simulated.

`@proves("<paper>.<name>")` declares one in the module `proofs` of a paper's room; `symbolic` settles identities and
inequalities for every t, `certified` ranges of real numbers, `formal` theorems that Coq's kernel checks.
Nothing here needs SymPy, python-flint or Coq until a proof is decided.
"""

from proofs_check.proofs.algebra import moments
from proofs_check.proofs.certified import Everywhere, Root
from proofs_check.proofs.formal import Coq
from proofs_check.proofs.proof import RUNGS, Decision, Missing, Proof, Proven, Proves, Rung, proves
from proofs_check.proofs.symbolic import Identity, Induction, Inequality, Limit

__all__ = [
    "RUNGS",
    "Coq",
    "Decision",
    "Everywhere",
    "Identity",
    "Induction",
    "Inequality",
    "Limit",
    "Missing",
    "Proof",
    "Proven",
    "Proves",
    "Root",
    "Rung",
    "moments",
    "proves",
]
