"""Synthetic data pulled towards the truth before they are used."""

from typing import Any

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float, Key

from collapse_jax.data import Samples
from collapse_jax.families import Family
from collapse_jax.numerics import random
from collapse_jax.workflows._around import Around, _Altered
from collapse_jax.workflows._workflow import Source, setting


class Corrected(Around):
    r"""Any workflow, its synthetic data drawn from $\pi_\gamma p = (p + \gamma\,p^*)/(1 + \gamma)$, $p^*$ the truth.

    The idealised correction of Gillman et al. (2024): each synthetic observation is replaced by a draw from the truth
    with probability $\gamma / (1 + \gamma)$, independently. $\gamma = 0$ is the workflow itself. Both engines draw
    raw observations.

    **Args**: `workflow`: which data the next fit sees, such as `FixedReal(n=25, n_real=50)`; `gamma`: the strength
    $\gamma$ of the correction, may be traced.

    **Raises**: ValueError for a negative strength, and, in a run, for a design shared by all data.

    >>> from collapse_jax import FixedReal
    >>> Corrected(FixedReal(n=25, n_real=50), gamma=0.3).gamma
    0.3
    """

    gamma: Float[Array, ""] | float = 0.0
    picks_observations = True

    def __post_init__(self):
        super().__post_init__()
        remedy = "is no strength of a correction; use a number >= 0, 0 for none"
        setting(self.gamma, "gamma", lambda it: 0 <= it < np.inf, remedy)

    def start(self, key: Key[Array, ""], truth: Any, n: Any, source: Source) -> tuple[Any, Any]:
        memory, model = self.workflow.start(key, truth, n, _Altered.of(_Towards(self.gamma, truth), source))
        return (truth, memory), model

    def step(self, key: Key[Array, ""], t: Array, n: Any, memory: Any, model: Any, source: Source) -> tuple[Any, Any]:
        truth, inner = memory
        inner, model = self.workflow.step(key, t, n, inner, model, _Altered.of(_Towards(self.gamma, truth), source))
        return (truth, inner), model

    def lengthen(self, memory: Any, source: Source) -> Any:
        truth, inner = memory
        return truth, self.workflow.lengthen(inner, source)

    def check(self, family: Family, generations: int) -> None:
        if family.shares_design:
            raise ValueError(
                "Corrected replaces rows by rows of the truth, so there is no shared design; use design='fresh'"
            )
        super().check(family, generations)


class _Towards(eqx.Module):
    """What a corrected workflow makes of a model."""

    gamma: Float[Array, ""] | float
    truth: Any

    def draw(self, key: Key[Array, ""], model: Family, n: Any, slots: int | None, source: Source) -> Any:
        model_key, truth_key, pick_key = random.split(key, 3)
        made, true = source.draw(model_key, model, n, slots), source.real(truth_key, self.truth, n, slots)
        assert isinstance(made, Samples)
        assert isinstance(true, Samples)
        gamma = jnp.asarray(self.gamma, model.dtype)
        kept = random.uniform(pick_key, (*model.batch_shape, made.slots), model.dtype) >= gamma / (1 + gamma)

        def pick(synthetic, real):
            return jnp.where(kept.reshape(kept.shape + (1,) * (synthetic.ndim - kept.ndim)), synthetic, real)

        return made.holding(jax.tree.map(pick, made.values, true.values))
