"""The source of data of a workflow that runs on the host, step by step, and whose models anything may draw and fit."""

from abc import ABC, abstractmethod
from typing import Any

import equinox as eqx
import jax
import jax.numpy as jnp
from jaxtyping import Array, Key, PyTree

from collapse_jax.data import Samples
from collapse_jax.families import Family
from collapse_jax.neural.keys import fold
from collapse_jax.workflows import Source
from collapse_jax.workflows._workflow import _FIT

__all__ = ["Backend", "HostSource", "Pool"]


class Backend(ABC):
    """What draws from models and fits them: compiled programs, functions of the user's, or only their shapes."""

    @abstractmethod
    def draw(self, key: Key[Array, ""], model: Any, n: int) -> PyTree[Array]:
        """`n` observations of every model, leaves (chains, n, *event)."""

    @abstractmethod
    def fit(self, key: Key[Array, ""], model: Any, data: Samples) -> Any:
        """Every model refitted on `data`."""


class Pool(Samples):
    """Raw observations whose subsamples keep their order: n of n, without replacement, are the sample itself.

    So the first fits of `Replace` and `AccumulateSubsample` see the same rows in the same order.
    """

    @classmethod
    def of(cls, values: PyTree[Array], axis: int, blank: bool = False) -> "Pool":
        return cls._from(Samples.of(values, axis, blank))

    @classmethod
    def _from(cls, data: Samples) -> "Pool":
        return cls(data.values, data.present, data.used, data.axis, data.blank)

    def _with(self, values: PyTree[Array], present: Array, used: Array | None = None) -> "Pool":
        return self._from(super()._with(values, present, used))

    def __add__(self, other: Any) -> "Pool":
        return self._from(super().__add__(other))

    def append(self, fresh: Any) -> "Pool":
        return self._from(super().append(fresh))

    def subsample(self, key: Key[Array, ""], n: int, replace: bool) -> "Pool":
        with jax.disable_jit(False):
            return _subsample(self, key, n, replace)


@eqx.filter_jit
def _subsample(pool: Pool, key: Key[Array, ""], n: int, replace: bool) -> Pool:
    chains = jax.tree.leaves(pool.values)[0].shape[0]
    slot = jnp.broadcast_to(jnp.arange(pool.slots, dtype=jnp.int32), (chains, pool.slots))
    picked = jnp.sort(Samples(slot, pool.present, pool.used, 1).subsample(key, n, replace).values, -1)

    def rows(leaf):
        return jax.vmap(lambda one, index: one[index])(leaf, picked)

    return Pool.of(jax.tree.map(rows, pool.values), 1, pool.blank)


class HostSource(Source):
    """Draws and fits through a `Backend`, and pairs the first fits of all workflows.

    While a workflow starts, the first real sample that it asks for and every fit have the key of the start, whatever
    keys the workflow splits it into: workflows whose first fit sees n real observations then see the same.

    **Args**: those of `Source`; `backend`; `start`: the key of the start, None in later steps; `asked`: a list that
    remembers whether a real sample has been asked for.
    """

    backend: Any = eqx.field(static=True)
    start: Any = None
    asked: Any = eqx.field(static=True, default=None)

    def draw(self, key: Key[Array, ""], model: Family, n: Any, slots: int | None = None) -> Any:
        samples = Pool.of(self.backend.draw(key, model, int(slots or self.slots)), 1)
        return samples if isinstance(n, int) else samples.first(n)

    def real(self, key: Key[Array, ""], truth: Family, n: Any, slots: int | None = None) -> Any:
        if self.start is not None and not self.asked:
            self.asked.append(True)
            key = self.start
        return self.draw(key, truth, n, slots)

    def compact(self, model: Family, data: Any) -> Any:
        return data

    def fit(self, key: Key[Array, ""], model: Family, data: Any) -> Any:
        return self.backend.fit(fold(key if self.start is None else self.start, _FIT), model, data)
