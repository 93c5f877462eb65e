"""Data that somebody chose: of K observations of a model one is handed on."""

import math
from collections.abc import Callable
from typing import Any

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Key

from collapse_jax.data import Samples
from collapse_jax.families import Categorical, Family
from collapse_jax.laws.population import Rule, Selection, choices
from collapse_jax.numerics import random
from collapse_jax.workflows._around import Around
from collapse_jax.workflows._workflow import Source


def _reward(value: Any) -> Any:
    return value if callable(value) else Selection(value).reward


class Curated(Around):
    r"""Any workflow, its synthetic data curated: for each observation handed on, K are drawn and one of them is kept.

    By "bradley-terry" $x_k$ is kept with probability $e^{r(x_k)} / \sum_j e^{r(x_j)}$ (for more than two also named
    after Luce and Plackett), by "best" the first of those with the greatest reward. A verifier that rejects is
    the rule "best" with a reward of 1 for what it accepts and 0 else, but for a probability $(1 - a)^K$ that none of K
    is accepted.

    A reward per symbol is for `Categorical`, whose curated data have a law in closed form
    (`collapse_jax.laws.population.Selection`): both engines draw from it, and K may be infinite. A function of raw
    observations, an array (*batch, n, *event) or a tree of them, that returns rewards (*batch, n), is for every family;
    K observations are then drawn for each that is kept.

    **Args**: `workflow`: which data the next fit sees; `reward`: numbers, one per symbol, or a function; `K`: how many
    to choose from; `rule`: "bradley-terry" or "best".

    **Raises**: ValueError for an unknown rule, a K below 1, an infinite one with a function, and, in a run, rewards by
    number for a family other than `Categorical`.

    References: Ferbach, Bertrand, Bose and Gidel (2024).
    """

    reward: tuple[float, ...] | Callable[[Any], Array] = eqx.field(static=True, converter=_reward)
    K: float | int = eqx.field(static=True, default=2, converter=choices)
    rule: Rule = eqx.field(static=True, default="bradley-terry")

    def __post_init__(self):
        super().__post_init__()
        if self.picks_observations and math.isinf(self.K):
            raise ValueError("K = infinity is for rewards by number; with a function use a finite K")
        Selection((0.0,) if self.picks_observations else self.reward, self.K, self.rule)

    @property
    def picks_observations(self) -> bool:  # pyright: ignore
        """Whether observations are drawn and picked, rather than drawn from the law of what is picked."""
        return callable(self.reward)

    def fitted_sizes(self, generations: int) -> tuple[int, ...]:
        sizes = self.workflow.fitted_sizes(generations)
        return (*sizes, int(self.K) * max(self.schedule(generations))) if self.picks_observations else sizes

    def check(self, family: Family, generations: int) -> None:
        super().check(family, generations)
        if callable(self.reward):
            return
        if not isinstance(family, Categorical) or family.keeps_samples or family.s != len(self.reward):
            raise ValueError(
                f"{len(self.reward)} rewards are for Categorical on as many symbols with sampler='counts', not "
                f"{type(family).__name__}; give a named function of raw observations as reward"
            )

    def author(self, model: Any) -> Any:
        return model.replace(p=Selection(self.reward, self.K, self.rule)(model.p))

    def draw(self, key: Key[Array, ""], model: Family, n: Any, slots: int | None, source: Source) -> Any:
        if not callable(self.reward):
            return super().draw(key, model, n, slots, source)
        draw_key, pick_key = random.split(key)
        kept, K = slots or source.slots, int(self.K)
        drawn = source.draw(draw_key, model, kept * K, kept * K)
        reward = jnp.asarray(self.reward(drawn.values))
        batch = jax.tree.leaves(drawn.values)[0].shape[: drawn.axis]
        if reward.shape != (*batch, kept * K):
            raise ValueError(
                f"the reward has shape {reward.shape} for {kept * K} observations of each of {batch} models; return "
                f"one number per observation, here {(*batch, kept * K)}"
            )
        score = reward.reshape(*batch, kept, K)
        if self.rule == "best":
            choice = jnp.argmax(score, -1)
        else:  # one uniform number for each that is kept, in units of the sum of weights
            below = jnp.cumsum(jnp.exp(score - jnp.max(score, -1, keepdims=True)), -1)
            mark = random.uniform(pick_key, (*batch, kept, 1), below.dtype) * below[..., -1:]
            choice = jnp.sum(below[..., :-1] <= mark, -1)

        def pick(leaf):
            event = leaf.shape[drawn.axis + 1 :]
            groups = leaf.reshape(*batch, kept, K, *event)
            index = choice.reshape(*batch, kept, 1, *(1,) * len(event))
            return jnp.take_along_axis(groups, index, drawn.axis + 1).reshape(*batch, kept, *event)

        picked = Samples.of(jax.tree.map(pick, drawn.values), drawn.axis, drawn.blank)
        return picked if isinstance(n, int | np.integer) else picked.first(n)
