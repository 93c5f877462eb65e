"""Variances of a mean under the workflows of the paper and under the two loops of its scripts, for every t and n."""

import functools
import itertools
from fractions import Fraction
from pathlib import Path

from collapse_jax.laws.domain import Integers, domain
from collapse_jax.laws.special import pi
from proofs_check.papers.dey2024 import theory
from proofs_check.proofs import Coq, Everywhere, Induction, Limit, proves
from proofs_check.proofs.certified import ball, flint

_COQ = Path(__file__).parent / "coq"

_N = domain(n=Integers(1))


def _of_n(form, mutants, gain, first=1):
    """The variance of fit t + 1 is that of fit t and `gain(t + 1)/n`."""
    return Induction(
        stated=lambda t, n: form(t) / n,
        at=lambda n, generations: {"n": n},
        mutants=mutants,
        over=_N,
        step=lambda t, variance, n: variance + gain(t + 1) / n,
        base=lambda n: 1 / n,
    )


@proves("dey2024.augment")
def augment():
    """The pool's mean moves by the noise of n among t n points."""
    mutants = {
        "n + 1 for n": lambda t, n: theory.augment(t) / (n + 1),
        "the limit 3/2": lambda t, n: (3 - 1 / t) / (2 * n),
        "discard": lambda t, n: theory.discard(t) / n,
    }
    return _of_n(theory.augment, mutants, lambda t: 1 / t**2)


@proves("dey2024.discard")
def discard():
    mutants = {
        "n + 1 for n": lambda t, n: theory.discard(t) / (n + 1),
        "one generation late": lambda t, n: (t - 1) / n,
        "augment": lambda t, n: theory.augment(t) / n,
    }
    return _of_n(theory.discard, mutants, lambda t: 1)


@proves("dey2024.code_doubling")
def code_doubling():
    """Half of the pool of 2^(t-1) n points is new: its mean moves by half of the noise of 2^(t-2) n points."""
    mutants = {
        "n + 1 for n": lambda t, n: theory.doubling(t) / (n + 1),
        "augment": lambda t, n: theory.augment(t) / n,
        "relabel all": lambda t, n: theory.relabel_all(t) / n,
    }
    return _of_n(theory.doubling, mutants, lambda t: _quarter(t))


def _quarter(t):
    """(1/2)^2 / 2^(t - 2)."""
    import sympy

    return sympy.Rational(1, 4) / 2 ** (t - 2)


@proves("dey2024.code_relabel_all")
def code_relabel_all():
    """The real n keep their mean m, the (t - 1) n others are drawn anew from fit t - 1, whose mean is m plus its own
    noise:
    Var of (m + (t - 1)(m' + z))/t, with Cov(m, m') = 1/n."""

    def step(t, variance, n):
        k = t + 1
        return (1 / n + 2 * (k - 1) / n + (k - 1) ** 2 * (variance + 1 / ((k - 1) * n))) / k**2

    return Induction(
        stated=lambda t, n: theory.relabel_all(t) / n,
        at=lambda n, generations: {"n": n},
        mutants={
            "n + 1 for n": lambda t, n: theory.relabel_all(t) / (n + 1),
            "augment": lambda t, n: theory.augment(t) / n,
            "doubling": lambda t, n: theory.doubling(t) / n,
        },
        over=_N,
        step=step,
        base=lambda n: 1 / n,
    )


@proves("dey2024.augment")
def augment_formally():
    return Coq.beside(
        augment.build(),
        file=_COQ / "augment.v",
        theorem="augmented",
        statement="forall t n, n <> 0 -> variance t n = augment t n",
        definition="augment",
        values=((1, 2), (3, 20)),
    )


_LAST = 1000


@functools.cache
def _subsampled():
    """Var Z_t, t = 1, 2, .., in balls."""

    def step(value, t):
        k = ball(t)
        return value + 1 / (k * (k + 1)) + 2 / (k + 1) ** 2 - 1 / ((k + 1) ** 2 * k)

    return list(itertools.accumulate(range(1, _LAST), step, initial=ball(1)))


@proves("dey2024.augment_subsample.limit")
def augment_subsample_limit():
    """Every t: Var Z_t is below its limit by at most 3/t. Beyond the 1,000th a step adds more than 0, and less than
    3/t - 3/(t + 1), by 3 x^3/(1 + x)^2; x = 1/t."""

    def left(t):
        limit = flint().arb.pi() ** 2 / 2 - 2
        return limit - _subsampled()[int(float(t)) - 1]

    every = {"t": (1, _LAST)}
    return Everywhere(
        stated=lambda t: theory.subsample_limit() - 1.5 / t,
        at=lambda t: {},
        mutants={"3": lambda t: 3 + 1.5 / t, "twice pi^2/6": lambda t: 2 * theory.LIMIT},
        margin=lambda stated, t: 1.5 / t - (stated(t) - (flint().arb.pi() ** 2 / 2 - 2 - left(t))),
        box=every,
        pieces=((lambda stated, t: 1.5 / t + (stated(t) - (flint().arb.pi() ** 2 / 2 - 2 - left(t))), every),),
        lemmas=(
            (lambda _, x: 1 / (1 + x) + 2 / (1 + x) ** 2 - x / (1 + x) ** 2, {"x": (0, "0.001")}),
            (lambda _, x: 3 / (1 + x) ** 2, {"x": (0, "0.001")}),
        ),
        whole=("t",),
    )


@proves("dey2024.augment.efficiency")
def efficiency():
    """The reciprocal: a sum that rises to pi^2/6."""
    return Limit(
        stated=lambda t: 6 / pi(t) ** 2,
        at=lambda t: {},
        mutants={
            "1 % above": lambda t: Fraction(101, 100) * 6 / pi(t) ** 2,
            "2/3, the loops with 3/2": lambda t: Fraction(2, 3),
        },
        over=domain(),
        path=theory.augment,
        relation="<=",
        read=lambda value: 1 / value,
    )
