"""Real data that contain synthetic ones, in a known share, without labels that tell which is which."""

from typing import Any, Literal, get_args

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Key

from collapse_jax.data import Samples
from collapse_jax.families import Family
from collapse_jax.numerics import random
from collapse_jax.workflows._shares import per_fit, shares
from collapse_jax.workflows._workflow import Source, Workflow

Estimate = Literal["last", "pooled", "linear"]


class Contaminated(Workflow):
    r"""Fit t sees n_t observations, each real with probability `share` and else of the last model, not known which.

    $X_t \sim \alpha_t\, p + (1 - \alpha_t)\, \hat p_{t-1}$, and with $\hat\theta(X_t)$ the fit on $X_t$ alone

    $$\theta_t = \theta_{t-1} + \gamma_t\, [\hat\theta(X_t) - \theta_{t-1}].$$

    - `estimate="last"`: $\gamma_t = 1$, blind to what came before (Bakshi and Chakraborty 2026);
    - `estimate="pooled"`: $\gamma_t = n_t / \sum_{i \le t} n_i$, all data as if they were real;
    - `estimate="linear"`: $\gamma_t = n_t \alpha_t / \sum_{i \le t} n_i \alpha_i^2$, which averages the
      unbiased $[\hat\theta(X_i) - (1 - \alpha_i)\,\theta_{i-1}] / \alpha_i$ with weights
      $n_i \alpha_i^2$ (Kanabar and Gastpar 2025).

    Averages of estimates: for a probability vector what is said, for another family of its parameters. The first fit
    is on real data, $\alpha_1 = 1$. The linear estimate stays between its parts while $\gamma_t \le 1$. Observations
    are drawn one by one, by both engines.

    **Args**: `n`: observations per fit, a number or a schedule; `share`: $\alpha_t$, a number or one per fit, of which
    the first is not used; `estimate`: what is done with them.

    **Raises**: ValueError for a share outside [0, 1], for a linear estimate without real data, and an unknown one.
    """

    share: float | tuple[float, ...] = eqx.field(static=True, converter=shares("share", "real data"), default=0.5)
    estimate: Estimate = eqx.field(static=True, default="last")
    needs_samples = True

    def __check_init__(self):
        if self.estimate not in get_args(Estimate):
            raise ValueError(f"estimate={self.estimate!r} is unknown; use one of {', '.join(get_args(Estimate))}")
        if self.estimate == "linear" and min(np.atleast_1d(np.asarray(self.share))) <= 0:
            raise ValueError("share=0 leaves nothing to correct by; use shares > 0, or estimate='pooled'")

    def start(self, key: Key[Array, ""], truth: Family, n: Any, source: Source) -> tuple[Any, Any]:
        return truth, source.fit(key, truth, source.real(key, truth, n))

    def step(self, key: Key[Array, ""], t: Array, n: Any, memory: Any, model: Any, source: Source) -> tuple[Any, Any]:
        real_key, synthetic_key, which_key = random.split(key, 3)
        real, synthetic = source.real(real_key, memory, n), source.draw(synthetic_key, model, n)
        share = jnp.asarray(self.alpha(source.generations))[t - 1]
        is_real = random.uniform(which_key, (*model.batch_shape, real.slots), jnp.result_type(float)) < share
        found = source.fit(key, model, either(is_real, real, synthetic))
        if self.estimate == "last":
            return memory, found
        gain = jnp.asarray(self.gains(source.generations), model.dtype)[t - 1]
        return memory, found.blend(model, gain)

    def alpha(self, generations: int) -> np.ndarray:
        """The shares of fits 1 .. G, the first of which is 1.

        **Args**: `generations`: G.

        **Returns**: (G,).

        **Raises**: ValueError for a schedule that is too short.
        """
        return np.concatenate([[1.0], per_fit(self.share, "share", generations)[1:]])

    def gains(self, generations: int) -> np.ndarray:
        r"""$\gamma_1, \ldots, \gamma_G$.

        **Args**: `generations`: G.

        **Returns**: (G,).
        """
        n, alpha = np.array(self.schedule(generations), float), self.alpha(generations)
        if self.estimate == "last":
            return np.ones(generations)
        return n / np.cumsum(n) if self.estimate == "pooled" else n * alpha / np.cumsum(n * alpha**2)

    def check(self, family: Family, generations: int) -> None:
        self.alpha(generations)
        if family.keeps_samples and self.estimate != "last":
            raise ValueError("an average of two empirical samples is not a sample; use sampler='counts'")
        if family.keeps_samples and len(set(self.schedule(generations))) > 1:
            raise ValueError("Contaminated keeps samples of one size; use a constant n, or sampler='counts'")
        if family.shares_design:
            raise ValueError(
                "Contaminated picks an author for every row, so there is no shared design; use design='fresh'"
            )
        if (gain := self.gains(generations).max()) > 1 + 1e-12:
            raise ValueError(
                f"gamma_t = {gain:.3g} > 1 at some fit leaves the range of the parameters; use a larger first sample"
            )

    def leaves_unfilled(self, generations: int) -> bool:
        return len(set(self.schedule(generations))) > 1


def either(condition: Array, one: Samples, other: Samples) -> Samples:
    """Slot by slot, the observation of `one` where the condition holds, else of `other`, (*batch, slots)."""

    def pick(a, b):
        return jnp.where(condition.reshape(condition.shape + (1,) * (a.ndim - condition.ndim)), a, b)

    return one.holding(jax.tree.map(pick, one.values, other.values))
