"""A corpus whose tokens are edited in place, for every t."""

from fractions import Fraction
from pathlib import Path

from collapse_jax.laws.domain import Integers, Interval, Positive, domain
from proofs_check.papers.zhu2024 import regression, theory
from proofs_check.proofs import Coq, Induction, Inequality, proves

_COQ = Path(__file__).parent / "coq"


@proves("zhu2024.toedit_discrete")
def toedit_discrete():
    r"""Two tokens become copies of one with probability $\rho (2 - \rho)/n$ in a round: at least one of them is edited,
    and
    its parent is the other or both have one parent."""
    return Induction(
        stated=theory.edited,
        at=lambda p, n, rate, generations: {"n": n, "S0": sum(q * q for q in p), "rate": rate},
        mutants={"replacement": lambda t, n, S0, rate: theory.edited(t, n, S0, rate * 0 + 1)},
        over=domain(n=Integers(2), S0=Interval("(0, 1)"), rate=Interval("(0, 1)")),
        step=lambda t, S, n, S0, rate: S + (1 - S) * rate * (2 - rate) / n,
        base=lambda n, S0, rate: S0 + (1 - S0) / n,
    )


@proves("zhu2024.toedit_discrete")
def toedit_discrete_formally():
    return Coq.beside(
        toedit_discrete.build(),
        file=_COQ / "edited.v",
        theorem="edited_in_place",
        statement="forall t n S0 rate, n <> 0 -> squares_of t n S0 rate = edited (S t) n S0 rate",
        definition="edited",
        values=((1, 10, Fraction(1, 3), Fraction(1, 4)), (3, 7, Fraction(1, 2), Fraction(1, 3))),
    )


@proves("zhu2024.toedit_thm2")
def toedit_thm2():
    """Refuted at the third fit: where all rows are edited, every round adds the error of one fit, as replacement does."""
    return Inequality(
        stated=lambda t, d, T, sigma2: regression.ceiling(d, T, sigma2),
        at=lambda d, T, sigma2, generations: {"d": d, "T": T, "sigma2": sigma2},
        mutants={"one fit": lambda t, d, T, sigma2: regression.ceiling(d, T, sigma2) / 2},
        over=domain("T >= d + 2", d=Integers(1), T=Integers(3), sigma2=Positive, t=Integers(1)),
        residual=lambda stated, d, T, sigma2, t: stated(t, d, T, sigma2) - t * sigma2 * d / (T - d - 1),
    )
