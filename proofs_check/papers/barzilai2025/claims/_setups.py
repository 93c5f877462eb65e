"""The check that the printed forms of Theorem 4.1 share."""

import math
from typing import Any

import collapse_jax as cj
from collapse_jax.laws.domain import Integers, Interval, domain
from proofs_check.claim import Check
from proofs_check.papers.barzilai2025 import theory

SETTING = domain(p=Interval("(0, 1)"), n=Integers(1), d=Integers(1), delta=Interval("(0, 1)"))

LARGE = SETTING & domain(n=Integers(20))
"""Samples of the sizes that Theorem 4.1 is about."""


FITS = (1, 3, 10, 30, 100, 300, 1000)


def theorem41_check(family, n, information, delta, generations, error="natural_error", d=1):
    """P(error > C sqrt(log(7d/delta)/n)) <= delta at every tested t, with C the sharp constant of d = 1 over sqrt(I)."""
    radius = theory.theorem41_radius(delta, d, n, theory.SHARP_CONSTANT / math.sqrt(information))
    measure: Any = cj.METRICS[error]

    def beyond(model, truth):
        return ~(measure(model, truth) <= radius**2)

    return Check(
        family,
        cj.Accumulate(n),
        metric=beyond,
        generations=generations,
        at=tuple(t for t in FITS if t <= generations),
        statistic="probability",
        predicted=lambda t: delta,
        mutants={"delta / 500": lambda t: delta / 500},
        scale=delta,
        bounds=(0, 1),
    )
