r"""What one asks of the two constructions, as functions (model, truth) -> one value per chain, of shape (*batch)."""

from typing import Any

import jax.numpy as jnp
from jaxtyping import Array, Bool, Float, Int

from proofs_check.papers.barzilai2025.families import SecondFitCollapse, SlowCollapse

__all__ = ["alpha", "collapsed", "furthest", "sacrificed"]


def alpha(model: Any, truth: Any) -> Float[Array, "*batch"]:
    r"""The parameter $\alpha$ of `SecondFitCollapse`."""
    _require(model, "alpha", SecondFitCollapse)
    return jnp.asarray(model.alpha)


def collapsed(model: Any, truth: Any) -> Bool[Array, "*batch"]:
    r"""Whether $\alpha > 1/10$, where the spike starts to narrow, or an interval beyond 0 has been visited."""
    _require(model, "collapsed", SecondFitCollapse, SlowCollapse)
    return model.alpha > 0.1 if isinstance(model, SecondFitCollapse) else model.furthest > 0


def sacrificed(model: Any, truth: Any) -> Bool[Array, "*batch"]:
    r"""Whether the most likely $\alpha$ exceeds (1 - max x) / 2, giving up the largest observation."""
    _require(model, "sacrificed", SecondFitCollapse)
    return model.alpha > model.edge


def furthest(model: Any, truth: Any) -> Int[Array, "*batch"]:
    """The furthest interval that `SlowCollapse` has visited; 0 at the first fit."""
    _require(model, "furthest", SlowCollapse)
    return model.furthest


def _require(model: Any, name: str, *families: type) -> None:
    if not isinstance(model, families):
        known = ", ".join(family.__name__ for family in families)
        raise ValueError(f"metric {name!r} is not defined for {type(model).__name__}; use it with {known}")
