"""What the claims measure besides the metrics of the library."""

from collections.abc import Callable
from typing import Any

import equinox as eqx
import jax.numpy as jnp
from jaxtyping import Array, Float

from collapse_jax.metrics import PathMetric
from collapse_jax.metrics.losses import hallucinated

__all__ = ["Bend", "hallucinated_tenth"]

Values = Float[Array, "*batch"]


class Bend(PathMetric):
    r"""$q_t - 2 q_s + q_1$ along a path, for $t \ge s$: the second difference over logarithmic time where $t = s^2$.

    **Args**: `of`: (model, truth) -> $q$; `middle`: $s$; `name`: under which a run records it.
    """

    of: Callable[[Any, Any], Any] = eqx.field(static=True)
    middle: int = eqx.field(static=True)
    name: str = eqx.field(static=True, default="bend")

    def start(self, truth: Any, chains: int) -> tuple[Values, Values, Values]:
        nothing = jnp.zeros((chains,), truth.dtype)
        return nothing, nothing, nothing

    def update(self, state: tuple[Values, Values, Values], t: Array, model: Any, truth: Any) -> Any:
        value = self.of(model, truth)
        first = jnp.where(t == 1, value, state[0])
        middle = jnp.where(t <= self.middle, value, state[1])
        return first, middle, value - 2 * middle + first

    def value(self, state: tuple[Values, Values, Values]) -> Values:
        return state[2]


def hallucinated_tenth(model: Any, truth: Any) -> Values:
    """Mass that the model puts where the truth has a tenth."""
    return hallucinated(model, truth, 0.1)
