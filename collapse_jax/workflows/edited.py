"""A corpus that is edited in place: token by token, some are replaced by what the model says."""

from typing import Any

import equinox as eqx
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Key

from collapse_jax.families import Family
from collapse_jax.numerics import random
from collapse_jax.workflows._shares import per_fit, shares
from collapse_jax.workflows._workflow import Source, Workflow
from collapse_jax.workflows.contaminated import either


class Edited(Workflow):
    r"""One corpus of n observations, each of which is replaced with probability `rate` by a draw of the last model.

    Fit t sees the corpus as it then stands; what is edited is left to chance, independently for every observation and
    generation. `rate = 1` is `Replace`, `rate = 0` fits the real corpus again and again. For a categorical model

    $$1 - S_{t+1} = (1 - S_t)\,[1 - \rho_t (2 - \rho_t) / n]$$

    (derived). This is token editing (Zhu et al. 2024, "ToEdit") with the choice of tokens left to chance.
    Observations are kept one by one, by both engines.

    **Args**: `n`: the size of the corpus, one number; `rate`: $\rho_t$, a number or one per fit, of which the first is
    not used.

    **Raises**: ValueError for a rate outside [0, 1].
    """

    rate: float | tuple[float, ...] = eqx.field(static=True, converter=shares("rate", "observations"), default=0.1)
    needs_samples = True

    def start(self, key: Key[Array, ""], truth: Family, n: Any, source: Source) -> tuple[Any, Any]:
        corpus = source.real(key, truth, n)
        return corpus, source.fit(key, truth, corpus)

    def step(self, key: Key[Array, ""], t: Array, n: Any, memory: Any, model: Any, source: Source) -> tuple[Any, Any]:
        draw_key, which_key = random.split(key)
        fresh = source.draw(draw_key, model, n)
        rate = jnp.asarray(self.rates(source.generations))[t - 1]
        edited = random.uniform(which_key, (*model.batch_shape, fresh.slots), jnp.result_type(float)) < rate
        corpus = either(edited, fresh, memory)
        return corpus, source.fit(key, model, corpus)

    def rates(self, generations: int) -> np.ndarray:
        """The rates of fits 1 .. G.

        **Args**: `generations`: G.

        **Returns**: (G,).

        **Raises**: ValueError for a schedule that is too short.
        """
        return per_fit(self.rate, "rate", generations)

    def check(self, family: Family, generations: int) -> None:
        self.rates(generations)
        if len(set(self.schedule(generations))) > 1:
            raise ValueError("Edited keeps one corpus; give n as one number")
        if family.shares_design:
            raise ValueError("Edited replaces single observations, not labels of a shared design; use design='fresh'")

    def leaves_unfilled(self, generations: int) -> bool:
        del generations
        return False
