"""A memory that is shown tokens of some other law than the one it is asked for."""

from typing import Any

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float, Key

from collapse_jax import Family, Workflow
from collapse_jax.workflows import Source


def _law(value: Any) -> Any:
    return value if isinstance(value, jax.Array) else np.asarray(value, float)


class Shown(Workflow):
    r"""Fit t sees $n_t$ tokens of a law q, every fit new ones; the truth p is what it is asked for.

    Fits do not depend on each other: with sizes 1, 2, 4, .. one run is a scaling law.

    **Args**: `n`: tokens per fit, a number or a schedule; `q`: the law in training, (s,).

    **Raises**: ValueError for what is no law and, in a run, for another number of symbols.
    """

    q: Float[Array, "s"] = eqx.field(converter=_law, kw_only=True)

    def __check_init__(self):
        if isinstance(self.q, np.ndarray) and not (
            self.q.ndim == 1 and (self.q >= 0).all() and abs(self.q.sum() - 1) < 1e-9
        ):
            raise ValueError(f"q={self.q} is no law; give probabilities that sum to 1")

    def check(self, family: Family, generations: int) -> None:
        super().check(family, generations)
        if np.shape(getattr(family, "p", ())) != np.shape(self.q):
            raise ValueError(f"q has {len(self.q)} symbols, and the family has others; give one probability for each")

    def start(self, key: Key[Array, ""], truth: Any, n: Any, source: Source) -> tuple[Any, Any]:
        return truth, self._shown(key, truth, n, source)

    def step(self, key: Key[Array, ""], t: Array, n: Any, memory: Any, model: Any, source: Source) -> tuple[Any, Any]:
        return memory, self._shown(key, memory, n, source)

    def _shown(self, key: Key[Array, ""], truth: Any, n: Any, source: Source) -> Any:
        law = jnp.broadcast_to(jnp.asarray(self.q, truth.dtype), truth.p.shape)
        return source.fit(key, truth, source.draw(key, truth.replace(p=law), n))
