"""The Gaussian loop with a sampling bias, for every t and n."""

from fractions import Fraction
from pathlib import Path

from collapse_jax.laws.domain import Integers, Interval, domain
from proofs_check.papers.mad2023 import theory
from proofs_check.proofs import Coq, Induction, proves

_COQ = Path(__file__).parent / "coq"

_OVER = domain(n=Integers(2), bias=Interval("(0, 1)"))


@proves("mad2023.prop_cov")
def prop_cov():
    """The unbiased variance of draws whose variance is lambda v."""
    return Induction(
        stated=lambda t, n, bias: theory.covariance(t, bias),
        at=lambda n, bias, generations: {"n": n, "bias": bias},
        mutants={
            "unbiased samples": lambda t, n, bias: 1,
            "1/n covariance": lambda t, n, bias: theory.covariance(t, bias) * (1 - 1 / n) ** t,
        },
        over=_OVER,
        step=lambda t, v, n, bias: bias * v,
        base=lambda n, bias: 1,
    )


@proves("mad2023.prop_mean")
def prop_mean():
    """The mean moves by that of n draws of variance lambda^t."""
    return Induction(
        stated=theory.mean_error,
        at=lambda n, bias, generations: {"n": n, "bias": bias},
        mutants={
            "t/n": lambda t, n, bias: t / n,
            "biased from the start": lambda t, n, bias: bias * theory.mean_error(t, n, bias),
        },
        over=_OVER,
        step=lambda t, error, n, bias: error + theory.covariance(t + 1, bias) / n,
        base=lambda n, bias: 1 / n,
    )


@proves("mad2023.prop_mean")
def prop_mean_formally():
    return Coq.beside(
        prop_mean.build(),
        file=_COQ / "prop_mean.v",
        theorem="prop_mean",
        statement="forall t n bias, n <> 0 -> error t n bias = mean_error t n bias",
        definition="mean_error",
        values=((1, 10, Fraction(1, 2)), (3, 20, Fraction(4, 5))),
    )
