"""The two loops that the authors' scripts for self-supervised features run under the name of augmentation."""

from typing import Any

from jaxtyping import Array, Key

from collapse_jax import Accumulate, Family, Workflow
from collapse_jax.families._family import whole
from collapse_jax.laws.pedigree import Pedigree, pooled
from collapse_jax.workflows import Source

__all__ = ["PoolDoubling", "RelabelAll"]


class PoolDoubling(Accumulate):
    r"""Model t - 1 labels every row of the pool anew, and the pool grows by them: n, 2 n, 4 n, .. rows.

    In law `Accumulate` on batches of n, n, 2 n, 4 n, .., so that $\operatorname{Var} Z_t = \frac32 - 2^{-t}$ and not
    $\sum_{k \le t} k^{-2}$: half of every pool comes from the newest model.

    **Args**: `n`: observations in the real sample.

    **Raises**: ValueError for a schedule.

    **References**: Dey and Donoho (2024), arXiv 2410.22812, the authors' code: the scripts that keep the pool in memory.
    """

    def schedule(self, generations: int) -> tuple[int, ...]:
        n = _real(self)
        return (n, *(n << t for t in range(generations - 1)))

    pedigree = Accumulate.pedigree


class RelabelAll(Workflow):
    r"""Fit t sees the real sample and (t - 1) n observations, all labelled by model t - 1.

    $\operatorname{Var} Z_t = \frac32 - \frac{1}{2 t}$: only the real sample is kept as it was.

    **Args**: `n`: observations in the real sample.

    **Raises**: ValueError for a schedule.

    **References**: Dey and Donoho (2024), arXiv 2410.22812, the authors' code: the scripts that keep the pool on disk.
    """

    def start(self, key: Key[Array, ""], truth: Family, n: Any, source: Source) -> tuple[Any, Any]:
        size = _real(self)
        real = source.real(key, truth, size, size)
        return real, source.fit(key, truth, real)

    def step(self, key: Key[Array, ""], t: Array, n: Any, memory: Any, model: Any, source: Source) -> tuple[Any, Any]:
        return memory, source.fit(key, model, memory + source.draw(key, model, n))

    def schedule(self, generations: int) -> tuple[int, ...]:
        n = _real(self)
        return (n, *(n * t for t in range(1, generations)))

    def pedigree(self, generations: int) -> Pedigree:
        sizes = self.schedule(generations)
        return pooled(list(enumerate(sizes)), [[0], *([0, t] for t in range(1, generations))])


def _real(workflow: Workflow) -> int:
    if not isinstance(workflow.n, int):
        name = type(workflow).__name__
        raise ValueError(f"{name} makes its own schedule, n={workflow.n!r} is one already; give the real sample's size")
    return whole(workflow.n, "n", "a sample size")
