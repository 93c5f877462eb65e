"""The urn at temperature 1, for every t."""

from fractions import Fraction
from pathlib import Path

from collapse_jax.laws.domain import Integers, Interval, domain
from proofs_check.papers.marchi2024 import theory
from proofs_check.proofs import Coq, Induction, proves

_COQ = Path(__file__).parent / "coq"


@proves("marchi2024.T1")
def T1():
    r"""One ball joins A + t - 1 others: $p' = p + (\delta - p)/(A + t)$, so $E\|p'\|^2 = S + (1 - S)/(A + t)^2$."""
    return Induction(
        stated=theory.polya_squares,
        at=lambda p, first, generations: {"first": first, "S0": sum(q * q for q in p)},
        mutants={
            "the limit at once": lambda t, first, S0: 1 - (1 - S0) * (1 - 1 / first) * first / (first + 1),
            "replacement of one": lambda t, first, S0: 1 - (1 - S0) * (1 - 1 / first) ** t,
        },
        over=domain(first=Integers(2), S0=Interval("(0, 1)")),
        step=lambda t, S, first, S0: S + (1 - S) / (first + t) ** 2,
        base=lambda first, S0: S0 + (1 - S0) / first,
    )


@proves("marchi2024.T1")
def T1_formally():
    return Coq.beside(
        T1.build(),
        file=_COQ / "T1.v",
        theorem="urn",
        statement="forall t first S0, 1 <= first -> squares_of t first S0 = polya_squares (S t) first S0",
        definition="polya_squares",
        values=((1, 10, Fraction(1, 3)), (3, 7, Fraction(1, 2))),
    )
