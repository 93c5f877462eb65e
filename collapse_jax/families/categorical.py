"""Empirical distributions on a finite vocabulary: one-hot softmax models, or Wright-Fisher drift."""

from collections.abc import Mapping
from typing import Any, ClassVar, Literal, Self

import equinox as eqx
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Bool, Float, Int, Integer, Key

from collapse_jax.data import Counts, Samples
from collapse_jax.families._family import Engine, Family, share
from collapse_jax.families._precision import check_count
from collapse_jax.families._redefined import contradicts
from collapse_jax.numerics import random
from collapse_jax.numerics.alone import alone
from collapse_jax.numerics.simplex import probabilities


class Categorical(Family):
    r"""A probability vector $p$ on $s$ symbols, fitted by empirical frequencies.

    With one-hot contexts this is exactly the softmax classifier of Seddik et al. (2024, eq. 2), one context at a time;
    under `Replace` it is Wright-Fisher drift. Two exact samplers:

    - `sampler="counts"`: $\mathrm{Mult}(n, p)$ by conditional binomials, O(s) per generation, for n >> s;
    - `sampler="index"`: keep the n symbols themselves; an iid draw from an empirical law is a uniformly chosen
      member, so a generation is n gathers, O(n) whatever s is, for n < 10 s or so.

    **Args**: `p`: probabilities of shape (s,), summing to 1 in their own precision: an array of float32 is normalised
    again.

    **Raises**: ValueError for negative entries or a sum that is not 1.
    """

    p: Float[Array, "*batch s"]
    sampler: Literal["counts", "index"] = eqx.field(static=True)
    parameters: ClassVar[Mapping[str, int]] = {"p": 1}
    ignores_unfilled: ClassVar[bool] = True

    def __init__(self, p: Any = (0.5, 0.3, 0.2), *, sampler: Literal["counts", "index"] = "counts"):
        self.p = probabilities(p, "p")
        self.sampler = sampler
        if sampler not in ("counts", "index"):
            raise ValueError(f"sampler={sampler!r} is unknown; use 'counts' or 'index'")

    @property
    def s(self) -> int:
        return self.p.shape[-1]

    @property
    def keeps_samples(self) -> bool:
        return self.sampler == "index"

    def check(self, sizes: tuple[int, ...], engine: Engine) -> None:
        del sizes, engine
        cls = type(self)
        if self.keeps_samples and cls.fit is Categorical.fit and contradicts(cls, "fit", ("sample",)):
            raise ValueError(
                f"{cls.__name__} redefines `sample`, but with sampler='index' a fit draws as Categorical does; "
                "use sampler='counts'"
            )

    def check_precision(self, sizes: tuple[int, ...], engine: Engine, dtype: str) -> None:
        super().check_precision(sizes, engine, dtype)
        check_count(max(sizes), "n")

    def sample(self, key: Key[Array, ""], n: int) -> Integer[Array, "*batch n"]:
        symbols = random.categorical(key, self.p, n)
        # Short integers where samples are kept: a block of them has to stay in a cache.
        return symbols.astype(jnp.uint16) if self.keeps_samples and self.s <= 1 << 16 else symbols

    def statistic(self, key: Key[Array, ""], n) -> Counts:
        return Counts(random.multinomial(key, n, self.p, self.dtype))

    def fit(self, data: Counts | Samples) -> "Categorical | Empirical":
        if isinstance(data, Counts):
            return self.replace(p=share(data.counts, jnp.sum(data.counts, -1, keepdims=True)))
        if self.sampler == "index":
            return Empirical.of(data.values, data.present, self.s, self.dtype)
        return self.replace(p=_frequencies(data.values, data.present, self.s, self.dtype))


class Empirical(Family):
    """The empirical law of the symbols of one sample: what `Categorical(sampler="index")` becomes once fitted.

    `types` are the symbols in the slots, `present` says which slots are filled, `p` holds the frequencies, counted
    where the model is fitted: once for all metrics, and XLA leaves it out where no metric asks. `of` makes another one.
    """

    types: Integer[Array, "*batch slots"]
    present: Bool[Array, "slots"]
    p: Float[Array, "*batch s"]
    parameters: ClassVar[Mapping[str, int]] = {"types": 1}
    ignores_unfilled: ClassVar[bool] = True

    @classmethod
    def of(cls, types: Integer[Array, "*batch slots"], present: Bool[Array, "slots"], s: int, dtype: Any) -> Self:
        return cls(types, present, _frequencies(types, present, s, dtype))

    @property
    def s(self) -> int:
        return self.p.shape[-1]

    @property
    def dtype(self):
        return self.p.dtype

    @property
    def keeps_samples(self) -> bool:
        return True

    def sample(self, key: Key[Array, ""], n: int) -> Integer[Array, "*batch n"]:
        filled_first = jnp.argsort(~self.present, stable=True)
        member = random.integers(key, (*self.batch_shape, n), jnp.sum(self.present))
        return jnp.take_along_axis(self.types, filled_first[member], -1)

    def fit(self, data: Samples) -> Self:
        return self.of(data.values, data.present, self.s, self.dtype)

    def refit(self, key: Key[Array, ""], n, *, on_lattice: bool) -> Self | None:
        if not on_lattice:
            return None
        member = random.integers(key, self.types.shape, n)  # all n slots are filled
        types = alone(_pick, self.types, member)
        return type(self)(types, self.present, _frequencies(types, None, self.s, self.dtype))


class Contexts(Family):
    r"""Next-token probabilities $p_{jk} = P(Y = k \mid X = j)$ for c contexts, fitted by the frequencies in each.

    The softmax classifier with one-hot contexts (Seddik et al. 2024, eq. 2): contexts are independent problems, except
    that of n observations a random number $n_j$, multinomial with probabilities `weights`, falls on context j. What an
    unvisited context gets is a convention the paper leaves open: `unvisited="keep"` its previous row,
    `unvisited="uniform"` the uniform law.

    **Args**: `p`: rows of probabilities, (c, s); `weights`: probabilities of the contexts, (c,), uniform by default.

    **Raises**: ValueError for rows or weights that are not probabilities, or an unknown convention.
    """

    p: Float[Array, "*batch c s"]
    weights: Float[Array, "c"]
    unvisited: Literal["keep", "uniform"] = eqx.field(static=True)
    parameters: ClassVar[Mapping[str, int]] = {"p": 2}
    ignores_unfilled: ClassVar[bool] = True

    def __init__(self, p: Any, weights: Any = None, *, unvisited: Literal["keep", "uniform"]):
        self.p = probabilities(p, "p", 2)
        c = self.p.shape[0]
        self.weights = probabilities(np.full(c, 1 / c) if weights is None else weights, "weights")
        if self.weights.shape != (c,):
            raise ValueError(f"weights has {self.weights.size} entries for {c} contexts; give one per row of p")
        if unvisited not in ("keep", "uniform"):
            raise ValueError(f"unvisited={unvisited!r} is unknown; use 'keep' (the previous row) or 'uniform'")
        self.unvisited = unvisited

    def check_precision(self, sizes: tuple[int, ...], engine: Engine, dtype: str) -> None:
        super().check_precision(sizes, engine, dtype)
        check_count(max(sizes), "n")

    def sample(self, key: Key[Array, ""], n: int) -> tuple[Int[Array, "*batch n"], Int[Array, "*batch n"]]:
        context_key, symbol_key = random.split(key)
        weights = jnp.broadcast_to(jnp.asarray(self.weights, self.dtype), (*self.batch_shape, *self.weights.shape))
        context = random.categorical(context_key, weights, n)
        rows = jnp.take_along_axis(self.p, context[..., None], -2)
        return context, random.categorical(symbol_key, rows, 1)[..., 0]

    def statistic(self, key: Key[Array, ""], n) -> Counts:
        visit_key, symbol_key = random.split(key)
        weights = jnp.broadcast_to(jnp.asarray(self.weights, self.dtype), (*self.batch_shape, *self.weights.shape))
        visits = random.multinomial(visit_key, n, weights, self.dtype)
        return Counts(random.multinomial(symbol_key, visits, self.p, self.dtype))

    def fit(self, data: Counts | Samples) -> Self:
        counts = (
            data.counts if isinstance(data, Counts) else visited(data, self.p.shape[-2], self.p.shape[-1], self.dtype)
        )
        visits = jnp.sum(counts, -1, keepdims=True)
        fallback = self.p if self.unvisited == "keep" else 1 / self.p.shape[-1]
        return self.replace(p=jnp.where(visits > 0, share(counts, jnp.where(visits > 0, visits, 1)), fallback))


def visited(data: Samples, c: int, s: int, dtype: Any) -> Float[Array, "*batch c s"]:
    """How often each of s symbols was seen after each of c contexts, of observations (context, symbol)."""
    context, symbol = data.values
    cell = context * s + symbol
    flat = cell.reshape(-1, cell.shape[-1])
    row = jnp.arange(flat.shape[0])[:, None]
    weight = jnp.broadcast_to(data.present.astype(dtype), flat.shape)
    counts = jnp.zeros((flat.shape[0], c * s), dtype).at[row, flat].add(weight)
    return counts.reshape(*cell.shape[:-1], c, s)


def _pick(types, member):
    """`types[..., member]`, as one gather from a flat array."""
    n = types.shape[-1]
    flat, index = types.reshape(-1, n), member.reshape(-1, n)
    place = jnp.arange(flat.shape[0], dtype=index.dtype)[:, None] * n + index
    return flat.reshape(-1).at[place].get(mode="promise_in_bounds").reshape(member.shape)


def _frequencies(types, present, s, dtype):
    """Share of each symbol among the present ones (None: all), by one flat scatter-add and no array of size n s."""
    flat = types.reshape(-1, types.shape[-1]).astype(jnp.int32)
    place = jnp.arange(flat.shape[0], dtype=jnp.int32)[:, None] * s + flat
    # Short integers where they can count the slots: a block of counts has to stay in a cache.
    whole = jnp.uint16 if flat.shape[1] < 1 << 16 else jnp.int32
    weight = jnp.ones(flat.shape, whole) if present is None else jnp.broadcast_to(present.astype(whole), flat.shape)
    counts = jnp.zeros(flat.shape[0] * s, whole)
    counts = counts.at[place.reshape(-1)].add(weight.reshape(-1), mode="promise_in_bounds").astype(dtype)
    number = flat.shape[1] if present is None else jnp.sum(present)
    return share(counts, number).reshape(*types.shape[:-1], s)
