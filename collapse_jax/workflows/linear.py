"""Any workflow whose weights are fixed, given by its matrix of weights."""

from typing import Any

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
from jax.core import Tracer
from jaxtyping import Array, Float, Key

from collapse_jax.families import Family
from collapse_jax.laws.pedigree import Pedigree, chain
from collapse_jax.workflows._workflow import Source, Workflow


def _matrix(weights: Any) -> Any:
    if isinstance(weights, jax.Array):
        return weights
    try:
        return np.array(weights, np.float64)
    except (TypeError, ValueError):
        raise ValueError(f"weights={weights!r} is no matrix of numbers; give a lower triangular (G, G) one") from None


class Linear(Workflow):
    r"""Fit t weighs the data sets drawn so far, data set j = 1, .., t being n_j observations of model j - 1.

    By default every data set is fitted alone and the estimates are averaged, parameter by parameter,

    $$\theta_t = \sum_{j \le t} W_{tj}\, \hat\theta(\text{data set } j), \qquad \sum_j W_{tj} = 1,\ W_{tj} \ge 0.$$

    With `pool` fit t is one fit on the union of the data sets that have weight, whose weights are then their shares
    of its observations, $W_{tj} = n_j / \sum_{i: W_{ti} > 0} n_i$. `Replace`, `Accumulate`, `Window` and `FixedReal`
    with n_real = n_1 are such matrices: their `pedigree(G).weights`.

    **Args**: `n`: observations per data set, a number or a schedule; `weights`: W, lower triangular, (G, G), at least
    one row per fit; `pool`: whether data sets are pooled rather than estimates averaged.

    **Raises**: ValueError for a matrix that is no such W, fewer rows than fits, and, with `pool`, weights that are not
    the shares of the sizes.

    **References**: Dey and Donoho (2024), arXiv 2410.22812 (general workflows).
    """

    weights: Float[Array, "G G"] = eqx.field(converter=_matrix, default=((1.0,),))
    pool: bool = eqx.field(static=True, default=False)

    def __check_init__(self):
        if isinstance(self.weights, jax.Array):
            return
        shape = np.shape(self.weights)
        if len(shape) != 2 or shape[0] != shape[1] or not shape[0]:
            raise ValueError(f"weights has shape {shape}; give a lower triangular (G, G) matrix")
        if np.any(np.triu(self.weights, 1)):
            raise ValueError("weights above the diagonal: fit t sees data sets 1 .. t; give a lower triangular matrix")
        if not np.all(np.asarray(self.weights) >= 0) or not np.allclose(self.weights.sum(1), 1, rtol=0, atol=1e-9):
            raise ValueError("rows of weights are no shares; use weights >= 0 and divide each row by its sum")

    def start(self, key: Key[Array, ""], truth: Family, n: Any, source: Source) -> tuple[Any, Any]:
        first = source.real(key, truth, n)
        model = source.fit(key, truth, first)
        made = first if self.pool else {name: getattr(model, name) for name in model.parameters}
        return jax.tree.map(
            lambda leaf: jnp.stack([leaf] + [jnp.zeros_like(leaf)] * (source.generations - 1)), made
        ), model

    def step(self, key: Key[Array, ""], t: Array, n: Any, memory: Any, model: Any, source: Source) -> tuple[Any, Any]:
        drawn = source.draw(key, model, n)
        alone = None if self.pool else source.fit(key, model, drawn)
        made = drawn if self.pool else {name: getattr(alone, name) for name in model.parameters}
        memory = jax.tree.map(lambda past, leaf: past.at[t - 1].set(leaf), memory, made)
        weights = jnp.asarray(self.weights)[t - 1]

        def of(j: Any) -> Any:
            return jax.tree.map(lambda past: past[j], memory)

        if self.pool:

            def add(j, pool):
                return pool.append(of(j).only_if(weights[j] > 0))

            pool = of(0).only_if(weights[0] > 0).reserve(source.generations)
            return memory, source.fit(key, model, jax.lax.fori_loop(1, source.generations, add, pool))

        def average(j, state):
            before, weight = state
            share = weights[j].astype(model.dtype)
            weight = weight + share
            joined = model.replace(**of(j)).blend(before, share / jnp.where(weight > 0, weight, 1))
            # A data set without weight is not looked at, even where its fit is lost.
            return jax.tree.map(lambda new, old: jnp.where(share > 0, new, old), joined, before), weight

        first = model.replace(**of(0))
        state = (first, weights[0].astype(model.dtype))
        return memory, jax.lax.fori_loop(1, source.generations, average, state)[0]

    def pedigree(self, generations: int) -> Pedigree:
        self._rows(generations)
        source, size = zip(*chain(self.schedule(generations)), strict=True)
        return Pedigree(np.array(source), np.array(size), np.asarray(self.weights)[:generations, :generations])

    def _rows(self, generations: int) -> None:
        if len(self.weights) < generations:
            raise ValueError(
                f"weights has {len(self.weights)} rows for {generations} generations; give one row per fit"
            )

    def check(self, family: Family, generations: int) -> None:
        self._rows(generations)
        if not self.pool and family.keeps_samples:
            raise ValueError(
                "a weighted average of empirical samples is not a sample; use pool=True, or sampler='counts'"
            )
        if self.pool and not isinstance(self.weights, Tracer):
            size = np.asarray(self.schedule(generations))
            given = np.asarray(self.weights)[:generations, :generations]
            shares = np.where(given > 0, size, 0) / np.where(given > 0, size, 0).sum(1, keepdims=True)
            if not np.allclose(given, shares, rtol=0, atol=1e-9):
                raise ValueError(
                    "pooled data sets weigh by their sizes, and weights says otherwise; give shares of the sizes, or "
                    "pool=False to average estimates"
                )
