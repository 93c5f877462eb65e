"""A data set that grows by what models say and by what is real: a generalised Polya urn."""

from typing import Any

import equinox as eqx
from jaxtyping import Array, Key

from collapse_jax.families import Family
from collapse_jax.families._family import whole
from collapse_jax.laws.pedigree import Pedigree, pooled
from collapse_jax.numerics import random
from collapse_jax.workflows._workflow import Source, Workflow


def _share(n: Any) -> int:
    return 0 if isinstance(n, int) and not isinstance(n, bool) and n == 0 else whole(n, "n_real", "0 or a sample size")


def _first(n: Any) -> int:
    return whole(n, "first", "a sample size")


class Urn(Workflow):
    r"""Fit t sees all data so far: `first` real ones, then n_t of the last model and `n_real` real ones per generation.

    With categorical models it is an urn of counts: $C_{t+1} = C_t + \mathrm{Mult}(n, C_t/|C_t|) + \mathrm{Mult}(n_{\rm
    real}, p)$. Without real data and n = 1 it is Polya's, whose composition tends to a Dirichlet law; with
    `Tempered` around it, the feedback is $\theta^{1/T}$ (Marchi et al. 2024, with alpha_k = n and beta_k = `n_real`).
    `n_real = 0` and `first = n` is `Accumulate`.

    **Args**: `n`: draws of the last model per generation, a number or a schedule (its first entry is not drawn);
    `n_real`: real ones per generation, 0 for none; `first`: real observations of the first fit.
    """

    n_real: int = eqx.field(static=True, converter=_share, default=0)
    first: int = eqx.field(static=True, converter=_first, default=1)

    def start(self, key: Key[Array, ""], truth: Family, n: Any, source: Source) -> tuple[Any, Any]:
        first_key, real_key, synthetic_key = random.split(key, 3)
        data = source.real(first_key, truth, self.first, self.first)
        model = source.fit(key, truth, data)
        empty = [source.real(synthetic_key, truth, n).none()]
        if self.n_real:
            empty.append(source.real(real_key, truth, self.n_real, self.n_real).none())
        return (truth, data, tuple(pool.reserve(max(1, source.generations - 1)) for pool in empty)), model

    def step(self, key: Key[Array, ""], t: Array, n: Any, memory: Any, model: Any, source: Source) -> tuple[Any, Any]:
        real_key, synthetic_key = random.split(key)
        truth, data, growth = memory
        fresh = [source.draw(synthetic_key, model, n)]
        if self.n_real:
            fresh.append(source.real(real_key, truth, self.n_real, self.n_real))
        growth = tuple(pool.append(new) for pool, new in zip(growth, fresh, strict=True))
        total = data
        for pool in growth:
            total = total + pool
        return (truth, data, growth), source.fit(key, model, total)

    def pedigree(self, generations: int) -> Pedigree:
        sizes = self.schedule(generations)
        data, seen = [(0, self.first)], [[0]]
        for t in range(1, generations):
            data += [(t, sizes[t])] + [(0, self.n_real)] * (self.n_real > 0)
            seen.append(list(range(len(data))))
        return pooled(data, seen)

    def fitted_sizes(self, generations: int) -> tuple[int, ...]:
        return (self.first, *self.schedule(generations))

    def leaves_unfilled(self, generations: int) -> bool:
        del generations
        return True
