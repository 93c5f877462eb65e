"""Real data beside synthetic ones from the last few models."""

import functools
import operator
from typing import Any

import equinox as eqx
from jaxtyping import Array, Key

from collapse_jax.families import Family
from collapse_jax.families._family import whole
from collapse_jax.laws.pedigree import Pedigree, drawn, pooled
from collapse_jax.numerics import random
from collapse_jax.workflows._workflow import Source, Workflow


class RecentModels(Workflow):
    r"""Fit t sees n_real real observations and n_t synthetic ones, in equal shares from the last k models.

    The loops of Alemohammad et al. (2023) with a memory of K = k models: all synthetic data are drawn anew at every
    fit, $\lfloor n_t / \min(k, t - 1) \rfloor$ from each of the models that exist, so that a remainder is lost. With
    k = 1 it is `FreshReal`, or `FixedReal` where the real sample is kept.

    **Args**: `n`: synthetic observations per fit, a number or a schedule; `n_real`: real ones, all that fit 1 sees;
    `k`: how many models; `fresh`: whether the real observations are new ones at every fit, or one sample that is kept.
    """

    n_real: int = eqx.field(static=True, converter=lambda n: whole(n, "n_real", "a sample size"), default=1)
    k: int = eqx.field(static=True, converter=lambda k: whole(k, "k", "a number of models"), default=2)
    fresh: bool = eqx.field(static=True, default=True)

    def start(self, key: Key[Array, ""], truth: Family, n: Any, source: Source) -> tuple[Any, Any]:
        real_key, synthetic_key = random.split(key)
        real = source.real(real_key, truth, self.n_real, self.n_real)
        empty = source.real(synthetic_key, truth, n).none()
        length = self._length(source.generations)
        model = source.fit(key, truth, functools.reduce(operator.add, [real, *[empty] * length]))
        return (truth if self.fresh else real, (model,) * length), model

    def _length(self, generations: int) -> int:
        return max(1, min(self.k, generations - 1))

    def step(self, key: Key[Array, ""], t: Array, n: Any, memory: Any, model: Any, source: Source) -> tuple[Any, Any]:
        kept, recent = memory
        keys = random.split(key, len(recent) + 1)
        data = [source.real(keys[0], kept, self.n_real, self.n_real) if self.fresh else kept]
        share = n // (t - 1).clip(1, self.k)
        for age, past in enumerate(reversed(recent), 1):
            data.append(source.draw(keys[age], past, share, source.slots).only_if(age < t))
        model = source.fit(key, model, functools.reduce(operator.add, data))
        return (kept, (*recent[1:], model)), model

    def pedigree(self, generations: int) -> Pedigree:
        real = (0, self.n_real)
        shares = [
            [(s, n // min(self.k, t)) for s in range(max(1, t - self.k + 1), t + 1)]
            for t, n in enumerate(self.schedule(generations))
        ]
        if self.fresh:
            return drawn([[real, *share] for share in shares])
        ends, total = [], 1
        for share in shares:
            ends.append(range(total, total + len(share)))
            total += len(share)
        return pooled([real, *(one for share in shares for one in share)], [[0, *end] for end in ends])

    def fitted_sizes(self, generations: int) -> tuple[int, ...]:
        return (self.n_real, *(n // min(self.k, max(t, 1)) for t, n in enumerate(self.schedule(generations))))

    def check(self, family: Family, generations: int) -> None:
        least = min(self.schedule(generations))
        if least < self.k:
            raise ValueError(f"n={least} leaves a model of the last {self.k} no draw; use n >= k")
        if family.shares_design:
            raise ValueError("RecentModels labels floor(n / k) rows per model, not all of X; use design='fresh'")
        if family.keeps_samples:
            raise ValueError("RecentModels draws shares of several sizes; use sampler='counts'")
