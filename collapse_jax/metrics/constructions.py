"""Metrics of the two constructions."""

import jax.numpy as jnp
from jaxtyping import Array, Bool, Int

from collapse_jax.families import SecondFitCollapse, SlowCollapse
from collapse_jax.metrics.registry import Values, metric


@metric()
def alpha(model, truth) -> Values:
    r"""The parameter $\alpha$ of `SecondFitCollapse`."""


@alpha.register(SecondFitCollapse)
def _(model, truth):
    return jnp.asarray(model.alpha)


@metric()
def collapsed(model, truth) -> Bool[Array, "*batch"]:
    r"""Whether $\alpha > 1/10$, where the spike starts to narrow, or an interval beyond 0 has been visited."""


@collapsed.register(SecondFitCollapse)
def _(model, truth):
    return model.alpha > 0.1


@collapsed.register(SlowCollapse)
def _(model, truth):
    return model.furthest > 0


@metric()
def sacrificed(model, truth) -> Bool[Array, "*batch"]:
    r"""Whether the most likely $\alpha$ exceeds (1 - max x) / 2, giving up the largest observation."""


@sacrificed.register(SecondFitCollapse)
def _(model, truth):
    return model.alpha > model.edge


@metric()
def furthest(model, truth) -> Int[Array, "*batch"]:
    """The furthest interval that `SlowCollapse` has visited; 0 at the first fit."""


@furthest.register(SlowCollapse)
def _(model, truth):
    return model.furthest
