"""The chains that the claims share, and what is asked of them."""

from typing import Any

import collapse_jax as cj
from collapse_jax.laws.domain import Integers, Positive, Probability, domain

COIN = domain(n=Integers(2), p=Probability, generations=Integers(1))
DEVIATION = domain(n=Integers(3), epsilon=Positive, generations=Integers(1))


def alive(model, truth):
    """Whether heads can still fall."""
    return model.p > 0


def mixed(model, truth):
    """Whether both sides can still fall."""
    return (model.p > 0) & (model.p < 1)


def coin(metric, p, n, generations, at, **rest: Any):
    """A coin of probability p refitted on n tosses."""
    from proofs_check.claim import Check

    return Check(
        cj.Bernoulli(p),
        cj.Replace(n),
        metric=metric,
        generations=generations,
        at=tuple(t for t in at if t <= generations) or (generations,),
        statistic="probability",
        scale=0.5,
        **rest,
    )
