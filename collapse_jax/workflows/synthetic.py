"""Workflows in which real data enter once, at the first fit, and models then feed on models."""

from typing import Any

import equinox as eqx
import jax
import jax.numpy as jnp
from jaxtyping import Array, Key

from collapse_jax.data import Samples
from collapse_jax.families import Family
from collapse_jax.families._family import whole
from collapse_jax.laws.pedigree import Pedigree, chain, drawn, pooled
from collapse_jax.numerics import random
from collapse_jax.workflows._workflow import Source, Workflow


class Replace(Workflow):
    """Fit t sees only the n_t observations drawn from model t - 1; also called fully synthetic, or discard."""

    refits = True

    def start(self, key: Key[Array, ""], truth: Family, n: Any, source: Source) -> tuple[Any, Any]:
        return (), source.first(key, truth, n)

    def step(self, key: Key[Array, ""], t: Array, n: Any, memory: Any, model: Any, source: Source) -> tuple[Any, Any]:
        return (), source.refit(key, model, n)

    def pedigree(self, generations: int) -> Pedigree:
        return pooled(chain(self.schedule(generations)), [[t] for t in range(generations)])

    def leaves_unfilled(self, generations: int) -> bool:
        return len(set(self.schedule(generations))) > 1


class Accumulate(Workflow):
    """Fit t sees everything drawn so far: the real sample and the samples of models 1 .. t - 1; also called augment."""

    def start(self, key: Key[Array, ""], truth: Family, n: Any, source: Source) -> tuple[Any, Any]:
        pool = source.compact(truth, source.real(key, truth, n)).reserve(source.generations)
        return pool, source.fit(key, truth, pool)

    def step(self, key: Key[Array, ""], t: Array, n: Any, memory: Any, model: Any, source: Source) -> tuple[Any, Any]:
        pool = memory.append(source.compact(model, source.draw(key, model, n)))
        return pool, source.fit(key, model, pool)

    def lengthen(self, memory: Any, source: Source) -> Any:
        return memory.lengthen(source.slots * source.generations)

    def pedigree(self, generations: int) -> Pedigree:
        return pooled(chain(self.schedule(generations)), [range(t + 1) for t in range(generations)])


class AccumulateSubsample(Workflow):
    """Fit t sees n observations picked from the t n accumulated so far, without (or with) replacement.

    Subsets of successive fits overlap. Where a statistic counts how often each observation was seen (coins, symbols,
    labels at points), the exact engine draws hypergeometric counts from it, multinomial ones with replacement. No other
    sufficient statistic is closed under this workflow: the pool of raw observations is then kept, by both engines, and
    memory grows as n times the number of generations.

    **Args**: `n`: observations drawn and fitted per generation; `replace`: whether an observation may be picked
    twice.
    """

    replace: bool = eqx.field(static=True, default=False)
    needs_samples = True

    def needs_samples_of(self, family: Family) -> bool:
        return not family.tallies or family.keeps_samples

    def start(self, key: Key[Array, ""], truth: Family, n: Any, source: Source) -> tuple[Any, Any]:
        draw_key, pick_key = random.split(key)
        pool = source.real(draw_key, truth, n)
        seen = pool.subsample(pick_key, n, self.replace)
        return pool.reserve(source.generations), source.fit(key, truth, seen)

    def step(self, key: Key[Array, ""], t: Array, n: Any, memory: Any, model: Any, source: Source) -> tuple[Any, Any]:
        draw_key, pick_key = random.split(key)
        pool = memory.append(source.draw(draw_key, model, n))
        return pool, source.fit(key, model, pool.subsample(pick_key, n, self.replace))

    def check(self, family: Family, generations: int) -> None:
        if len(set(self.schedule(generations))) > 1:
            raise ValueError("AccumulateSubsample fits a constant number of observations; give n as one number")

    def pedigree(self, generations: int) -> Pedigree:
        del generations
        raise ValueError("AccumulateSubsample has no fixed weights: which observations a fit sees is left to chance")

    def leaves_unfilled(self, generations: int) -> bool:
        del generations
        return False


class ReplaceMultiple(Workflow):
    """Fit t sees t independent samples of n, all drawn from model t - 1: ever more synthetic data, and no real data.

    With a shared design the t samples relabel the same rows, so that X is stacked t times.
    """

    def start(self, key: Key[Array, ""], truth: Family, n: Any, source: Source) -> tuple[Any, Any]:
        real = source.compact(truth, source.real(key, truth, n))
        return (), source.fit(key, truth, real.reserve(source.generations))

    def step(self, key: Key[Array, ""], t: Array, n: Any, memory: Any, model: Any, source: Source) -> tuple[Any, Any]:
        def one(i):
            return source.compact(model, source.draw(jax.random.fold_in(key, i), model, n))

        def another(i, pool):
            return pool.append(one(i).only_if(i < t))

        first = one(0).reserve(source.generations)
        return (), source.fit(key, model, jax.lax.fori_loop(1, source.generations, another, first))

    def check(self, family: Family, generations: int) -> None:
        if len(set(self.schedule(generations))) > 1:
            raise ValueError("ReplaceMultiple draws samples of one size; use one number n, or Replace with a schedule")

    def pedigree(self, generations: int) -> Pedigree:
        return drawn([[one] * t for t, one in enumerate(chain(self.schedule(generations)), 1)])


class Window(Workflow):
    r"""Fit t sees the last k samples (the real one counts while t <= k).

    `redraw=False` keeps each sample as it was drawn, of size n_t. `redraw=True` draws anew at every fit,
    $\lfloor n_t / k \rfloor$ observations from each of the models t - k .. t - 1 that exist, model 0 being the truth:
    the "most recent models" of Seddik et al. (2024). There the first fits see fewer observations, a remainder of
    n / k is lost, and a Dirac mass need not be final.

    **Args**: `n`: observations per generation, a number or a schedule; `k`: how many generations back a fit sees;
    `redraw`: whether they are drawn anew.
    """

    k: int = eqx.field(static=True, converter=lambda k: whole(k, "k", "a number of generations"), default=2)
    redraw: bool = eqx.field(static=True, default=False)

    def start(self, key: Key[Array, ""], truth: Family, n: Any, source: Source) -> tuple[Any, Any]:
        if self.redraw:
            real = source.real(key, truth, n // self.k, source.slots // self.k)
            length = min(self.k, source.generations)
            model = source.fit(key, truth, _pooled((real,) + (real.none(),) * length))
            return (truth, (model,) * length), model
        real = source.real(key, truth, n)
        window = (real.none(),) * (min(self.k, source.generations) - 1) + (real,)
        return window, source.fit(key, truth, _pooled(window))

    def step(self, key: Key[Array, ""], t: Array, n: Any, memory: Any, model: Any, source: Source) -> tuple[Any, Any]:
        if self.redraw:
            return self._redrawn(key, t, n // self.k, memory, model, source)
        window = (*memory[1:], source.draw(key, model, n))
        return window, source.fit(key, model, _pooled(window))

    def _redrawn(self, key, t, share, memory, model, source):
        truth, recent = memory
        slots = source.slots // self.k
        keys = random.split(key, len(recent) + 1)
        drawn = [source.real(keys[0], truth, share, slots).only_if(t <= self.k)]
        for age, past in zip(range(len(recent), 0, -1), recent, strict=True):
            drawn.append(source.draw(keys[age], past, share, slots).only_if(age < t))
        model = source.fit(key, model, _pooled(drawn))
        return (truth, (*recent[1:], model)), model

    def pedigree(self, generations: int) -> Pedigree:
        n, fits = self.schedule(generations), range(1, generations + 1)
        if self.redraw:
            return drawn([[(m, n[t - 1] // self.k) for m in range(max(0, t - self.k), t)] for t in fits])
        return pooled(chain(n), [range(max(0, t - self.k), t) for t in fits])

    def fitted_sizes(self, generations: int) -> tuple[int, ...]:
        sizes = self.schedule(generations)
        return tuple(n // self.k for n in sizes) if self.redraw else sizes

    def check(self, family: Family, generations: int) -> None:
        if not self.redraw:
            return
        if family.shares_design:
            raise ValueError("a redrawn window labels floor(n / k) rows per model, not all of X; use design='fresh'")
        if min(self.schedule(generations)) < self.k:
            raise ValueError(f"n={min(self.schedule(generations))} leaves a model of the window no draw; use n >= k")
        if family.keeps_samples and len(set(self.schedule(generations))) > 1:
            raise ValueError("Window keeps samples of one size; use a constant n, or sampler='counts'")


def _pooled(window):
    total = window[-1]
    for data in window[:-1]:
        total = total + data
    return total


class RandomPool(Workflow):
    """Every observation of fit t comes from a model picked uniformly among 0 .. t - 1, model 0 being the truth.

    All observations are drawn anew at every fit, one by one in both engines; all past models are kept, and the authors
    of a fit's observations are gathered, so memory is that of G + n models per chain.
    """

    needs_samples = True

    def start(self, key: Key[Array, ""], truth: Family, n: Any, source: Source) -> tuple[Any, Any]:
        model = source.fit(key, truth, source.real(key, truth, n))

        def room(leaf):
            axis = self._axis(model, leaf)
            return jnp.zeros((*leaf.shape[:axis], source.generations, *leaf.shape[axis:]), leaf.dtype)

        history = {name: room(getattr(model, name)) for name in model.parameters}
        return (truth, self._remember(history, 0, model)), model

    @staticmethod
    def _axis(model: Family, leaf: Array) -> int:
        """Where the generations stand in the history of a parameter: behind the chains."""
        return leaf.ndim if model.chains_last else 1

    def _remember(self, history: Any, index: Any, model: Family) -> Any:
        def insert(past, leaf):
            return jax.lax.dynamic_update_index_in_dim(past, leaf, index, self._axis(model, leaf))

        return {name: insert(past, getattr(model, name)) for name, past in history.items()}

    def step(self, key: Key[Array, ""], t: Array, n: Any, memory: Any, model: Any, source: Source) -> tuple[Any, Any]:
        truth, history = memory
        origin_key, truth_key, model_key = random.split(key, 3)
        real = source.real(truth_key, truth, n)
        assert isinstance(real, Samples)
        origin = random.integers(origin_key, (*model.batch_shape, real.slots), t)

        def of_origin(past):
            index, others = jnp.maximum(origin - 1, 0), (1,) * (past.ndim - 2)
            if model.chains_last:
                return jnp.take_along_axis(past, index.reshape(*others, *origin.shape), -1)
            return jnp.take_along_axis(past, index.reshape(*origin.shape, *others), 1)

        authors = model.replace(**{name: of_origin(past) for name, past in history.items()})
        synthetic = source.draw(model_key, authors, 1, 1).values

        def pick(true, made):
            made = jnp.squeeze(made, 2)
            return jnp.where((origin == 0).reshape(origin.shape + (1,) * (made.ndim - 2)), true, made)

        model = source.fit(key, model, real.holding(jax.tree.map(pick, real.values, synthetic)))
        return (truth, self._remember(history, t - 1, model)), model

    def check(self, family: Family, generations: int) -> None:
        if family.shares_design:
            raise ValueError(
                "RandomPool labels every row by a model of its own, so there is no shared design; use design='fresh'"
            )
        if family.keeps_samples and len(set(self.schedule(generations))) > 1:
            raise ValueError("RandomPool keeps samples of one size; use a constant n, or sampler='counts'")

    def pedigree(self, generations: int) -> Pedigree:
        del generations
        raise ValueError("RandomPool has no fixed weights; its second moments are laws.second_moment.random_pool")

    def leaves_unfilled(self, generations: int) -> bool:
        return len(set(self.schedule(generations))) > 1
