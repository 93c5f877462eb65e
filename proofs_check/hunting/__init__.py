"""The hunt for counterexamples: the domain of a claim is searched for a point at which its statement fails.

Called by `collapse hunt`. It knows what a claim is, how a look is judged and how one is confirmed; of papers, of how
the ledger is kept and of what is printed it knows nothing.
"""

from proofs_check.hunting.found import Found, hunt
from proofs_check.hunting.looks import Look
from proofs_check.hunting.search import Search
from proofs_check.hunting.space import Space

__all__ = ["Found", "Look", "Search", "Space", "hunt"]
