"""One real sample in every round, for every number of rounds and all sizes."""

from fractions import Fraction

from collapse_jax.laws.domain import Integers, domain
from proofs_check.papers.fu2024 import theory
from proofs_check.proofs import Induction, proves


@proves("fu2024.phase")
def phase():
    """About the mean of the real sample, which is 1/n_real off: D' = q^2 (D + 1/n)."""
    return Induction(
        stated=lambda t, n, n_real: theory.error(t - 1, n_real, n),
        at=lambda n, n_real, generations: {"n": n, "n_real": n_real},
        mutants={
            "the real sample alone": lambda t, n, n_real: 1 / n_real,
            "one round ahead": lambda t, n, n_real: theory.error(t, n_real, n),
            "the limit of many rounds and data": lambda t, n, n_real: Fraction(3, 2) / n_real,
        },
        over=domain(n=Integers(1), n_real=Integers(1)),
        step=lambda t, e, n, n_real: 1 / n_real + (n / (n_real + n)) ** 2 * (e - 1 / n_real + 1 / n),
        base=lambda n, n_real: 1 / n_real,
    )
