"""A counterexample, decided anew: with chains that the search did not see, where there are chains."""

import dataclasses
from dataclasses import dataclass

from proofs_check.claim import Check, Claim
from proofs_check.hunting.looks import Look, bare, by_law
from proofs_check.outcome import Outcome
from proofs_check.plan import QUICK, Plan
from proofs_check.statement import REFUTED


@dataclass(frozen=True)
class Confirmed:
    """What another decision says of a counterexample.

    **Args**: `holds`: whether the statement is refuted there; `by`: how that is known, or why it is not.
    """

    holds: bool
    by: str


def confirmed(claim: Claim, look: Look, alpha: float, seed: int) -> Confirmed:
    """Decide a counterexample again.

    **Args**: `look`: the violation; `alpha`: error probability; `seed`: of chains, another than that of the search.

    **Returns**: the word. A law stands without chains where these are too few to tell, not where they exclude it.
    """
    check = claim.check(**look.point)
    if not isinstance(check, Check):
        again = by_law(claim, look.point)
        return Confirmed(again.word == "violated", "computed without sampling")
    by_law_too = check.law is not None and by_law(claim, look.point).word == "violated"
    from proofs_check.verdict import verify

    resolution = min(QUICK.resolution, max(look.off / 3, 1e-6))  # so fine that chains do not stop at SUPPORTED
    plan = Plan(alpha, resolution, QUICK.max_chains, seed, parameters=look.point, hasty=True)
    try:
        outcome = verify(bare(claim), plan)
    except ValueError as error:
        reason = str(error)
        if by_law_too and "exclude the exact law" not in reason:
            return Confirmed(True, f"by the exact law; not simulated: {reason}")
        return Confirmed(False, reason)
    return _word(outcome, by_law_too)


def _word(outcome: Outcome, by_law_too: bool) -> Confirmed:
    chains = f"{outcome.chains:,} other chains (seed {outcome.seed}, alpha {outcome.alpha:.2g})"
    if outcome.simulated == REFUTED:
        return Confirmed(True, f"{'by the exact law and ' if by_law_too else ''}by {chains}")
    if by_law_too:
        return Confirmed(True, f"by the exact law; {chains} are too few to see it")
    return Confirmed(False, f"not confirmed by {chains}: {outcome.simulated}")


def withdrawn(look: Look, why: str) -> Look:
    """A violation that was not confirmed."""
    return dataclasses.replace(look, word="failed", note=why)
