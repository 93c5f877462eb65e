"""Definitions of collapse for a Gaussian mean, for every generation and size."""

from fractions import Fraction

from collapse_jax.laws.domain import Integers, domain
from collapse_jax.laws.special import pi
from proofs_check.papers.schaeffer2025 import theory
from proofs_check.proofs import Induction, Limit, proves

_N = domain(n=Integers(1))


@proves("schaeffer2025.profile.catastrophic_accumulate")
def catastrophic_accumulate():
    """The sum rises to pi^2/6."""
    return Limit(
        stated=lambda t, n: pi(n) ** 2 / 6 / n,
        at=lambda n, generations: {"n": n},
        mutants={"1.55 for pi^2/6": lambda t, n: Fraction(31, 20) / n, "no increase": lambda t, n: 1 / n},
        over=_N,
        path=lambda t, n: theory.accumulate(t) / n,
        relation="<=",
    )


@proves("schaeffer2025.profile.catastrophic_replace")
def catastrophic_replace():
    """Every fit adds the noise of one."""
    return Induction(
        stated=lambda t, n: theory.replace(t) / n,
        at=lambda n, generations: {"n": n},
        mutants={
            "5 % more": lambda t, n: Fraction(21, 20) * t / n,
        },
        over=_N,
        step=lambda t, risk, n: risk + 1 / n,
        base=lambda n: 1 / n,
    )
