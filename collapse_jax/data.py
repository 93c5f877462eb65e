"""What a fit sees: data sets that pool.

A data set is an element of a commutative monoid: `a + b` is the sample that holds both. Sufficient statistics pool in
constant space (`Sums`, `Moments`, `Counts`, `Gram`); raw observations (`Samples`) pool by lying side by side. All
leaves carry the batch axes of the models they came from first, or last where the family holds its chains last.
"""

import math
from abc import abstractmethod
from typing import Any, Self

import equinox as eqx
import jax
import jax.numpy as jnp
from jax import lax
from jaxtyping import Array, Bool, Float, Key, PyTree

from collapse_jax.numerics import linalg, order, random, triangle
from collapse_jax.numerics.alone import alone

__all__ = ["Coins", "Counts", "Data", "Gram", "Moments", "Projections", "Rows", "Samples", "Sums", "Trials"]


_FEW = 2048  # sorting a pool was slower than n^2 comparisons at n = 1,000, and faster at 3,000


class Data(eqx.Module):
    """A pooled data set. To add a kind: subclass, and define `+` so that `fit(a + b)` is the fit on both samples."""

    @abstractmethod
    def __add__(self, other: Any) -> Self:
        """The data set that holds both."""

    def none(self) -> Self:
        """The neutral element with this structure: no observations."""
        return jax.tree.map(jnp.zeros_like, self)

    def only_if(self, condition: Any) -> Self:
        """This data set where `condition` (a traced scalar) holds, no observations where it does not."""
        return jax.tree.map(lambda leaf, empty: jnp.where(condition, leaf, empty), self, self.none())

    def reserve(self, draws: int) -> Self:
        """Room for `draws` data sets of this size in all; statistics need none."""
        return self

    def lengthen(self, slots: int) -> Self:
        """Room for `slots` observations in all, and what was held before; statistics need none."""
        return self

    def append(self, fresh: Any) -> Self:
        """`self + fresh` in place of reserved room, so that shapes stay fixed inside a scan."""
        return self + fresh


class Sums(Data):
    """Count and total of real observations: sufficient for a one-parameter mean."""

    count: Float[Array, "*batch"]
    total: Float[Array, "*batch_and_event"]

    def __add__(self, other: Any) -> Self:
        return type(self)(self.count + other.count, self.total + other.total)


class Coins(Sums):
    """Count and total of observations that are 0 or 1, of which subsamples can be drawn."""

    def subsample(self, key: Key[Array, ""], n: Any, replace: bool) -> Self:
        """What `n` of these observations amount to, picked uniformly, with or without replacement."""
        shape, dtype = self.total.shape, self.total.dtype
        if replace:
            total = random.binomial(key, n, share(self.total, self.count), shape, dtype)
        else:
            total = random.hypergeometric(key, self.total, self.count - self.total, n, shape, dtype)
        return type(self)(total * 0 + n, total)


class Counts(Data):
    """How often each of the s symbols was seen."""

    counts: Float[Array, "*batch s"]

    def __add__(self, other: Any) -> Self:
        return type(self)(self.counts + other.counts)

    def subsample(self, key: Key[Array, ""], n: Any, replace: bool) -> Self:
        """How often each symbol is among `n` of these observations, picked uniformly, with or without replacement."""
        return type(self)(_picked(key, self.counts, n, replace))


class Trials(Data):
    """How often each of the m points was visited, and how often the label there was 1."""

    visits: Float[Array, "*batch m"]
    successes: Float[Array, "*batch m"]

    def __add__(self, other: Any) -> Self:
        return type(self)(self.visits + other.visits, self.successes + other.successes)

    def subsample(self, key: Key[Array, ""], n: Any, replace: bool) -> Self:
        """Visits and successes among `n` of these observations, picked uniformly, with or without replacement."""
        cells = jnp.concatenate([self.successes, self.visits - self.successes], -1)
        successes, failures = jnp.split(_picked(key, cells, n, replace), 2, -1)
        return type(self)(successes + failures, successes)


def _picked(key, counts, n, replace):
    if not replace:
        return random.multivariate_hypergeometric(key, counts, n, counts.dtype)
    return random.multinomial(key, n, counts / jnp.sum(counts, -1, keepdims=True), counts.dtype)


def share(part: Any, total: Any) -> Array:
    """`part / total`, exactly 1 where they are equal.

    XLA may divide by multiplying with a reciprocal, and 49 (1/49) < 1: a coin that fell 49 times heads has to be
    absorbed.
    """
    return jnp.where(part == total, 1, part / total)


class Moments(Data):
    r"""Count, mean and centred scatter $\sum_i (x_i - \bar x)(x_i - \bar x)' = 4^e F F'$ of d-vectors, chains last.

    Pooled by the update of Chan, Golub and LeVeque,
    $S = S_a + S_b + \frac{n_a n_b}{n_a + n_b} \delta \delta'$ with $\delta = \bar x_b - \bar x_a$, on packed triangular
    factors, so that singular scatters (fewer points than dimensions) pool too.
    """

    count: Float[Array, "*batch"]
    mean: Float[Array, "d *batch"]
    exponent: Float[Array, "*batch"]
    factor: Float[Array, "p *batch"]

    def __add__(self, other: Any) -> Self:
        count = self.count + other.count
        share = other.count / jnp.where(count > 0, count, 1)
        delta = other.mean - self.mean
        between = jnp.sqrt(self.count * share) * delta

        # A set without scatter (one point, or none) has an arbitrary exponent, which must not drown the others.
        def level(exponent, values):
            return jnp.where(jnp.any(values != 0, 0), exponent, -jnp.inf)

        apart = triangle.binary_exponent(jnp.max(jnp.abs(between), 0))
        levels = (level(self.exponent, self.factor), level(other.exponent, other.factor), level(apart, between))
        exponent = jnp.maximum(jnp.maximum(levels[0], levels[1]), levels[2])
        exponent = jnp.where(jnp.isfinite(exponent), exponent, 0)
        a, b, c = (triangle.power_of_two(part - exponent) for part in levels)
        between = between * triangle.power_of_two(-apart)
        joined = triangle.factor_of([self.factor * a, other.factor * b], [between * c])
        return type(self)(count, self.mean + share * delta, *triangle.normalise(exponent, joined))


class Gram(Data):
    r"""Normal equations of a regression sample, chains last: $G = X'X$ (packed), $g = X'y$ and the number of rows."""

    count: Float[Array, "*batch"]
    gram: Float[Array, "p *batch"]
    cross: Float[Array, "d *batch"]

    def __add__(self, other: Any) -> Self:
        return type(self)(self.count + other.count, self.gram + other.gram, self.cross + other.cross)


class Projections(Data):
    r"""Labels of a shared design, chains last: $R = L^{-1} X'y$ for $X'X = L L'$ of one sample, and how many samples.

    All Gram matrices of a chain are multiples of one, so that only their number is kept.
    """

    count: Float[Array, "*batch"]
    samples: Float[Array, "*batch"]
    labels: Float[Array, "d *batch"]

    def __add__(self, other: Any) -> Self:
        return type(self)(self.count + other.count, self.samples + other.samples, self.labels + other.labels)


class Rows(Data):
    r"""Rows $(x_i, y_i)$ of a regression, turned into d + 1 that no least-squares fit can tell from them.

    $F F' = \sum_i (x_i, y_i)'(x_i, y_i)$ by orthogonal transformations of the rows, which keep residuals, minimum-norm
    solutions and, unlike the products of normal equations, all digits.
    """

    count: Float[Array, "*batch"]
    factor: Float[Array, "*batch k k"]

    @classmethod
    def of(cls, count: Float[Array, "*batch"], rows: Float[Array, "*batch n k"]) -> Self:
        """What `count` rows amount to; rows of zeros are none."""
        return cls(count, linalg.factor_of_rows(rows))

    @property
    def rows(self) -> Float[Array, "*batch k k"]:
        """The d + 1 rows."""
        return jnp.swapaxes(self.factor, -1, -2)

    def __add__(self, other: Any) -> Self:
        return type(self).of(self.count + other.count, jnp.concatenate([self.rows, other.rows], -2))


class Samples(Data):
    """Raw observations: every leaf of `values` has shape (*batch, slots, *event), slots being axis `axis`.

    `present` marks the filled slots. What stands in the others must not count: `total`, `mean`, `var`, `quantile` and
    `median` leave them out, `weights` are 0 there and `filled` puts a number there. `used` counts the slots that
    `append` has handed out.

    **Args**: `values`: the observations, an array or a tree of them; `present`: (slots,), which slots are filled;
    `used`: how many have been handed out; `axis`: where the slots are, the number of batch axes; `blank`: whether
    unfilled slots of real numbers hold NaN, so that a fit that reads them is seen to; else they hold finite junk.
    """

    values: PyTree[Array]
    present: Bool[Array, "slots"]
    used: Array
    axis: int = eqx.field(static=True)
    blank: bool = eqx.field(static=True, default=False)

    @classmethod
    def of(cls, values: PyTree[Array], axis: int, blank: bool = False) -> "Samples":
        """All slots filled; `axis` is the sample axis, the number of batch axes."""
        slots = jax.tree.leaves(values)[0].shape[axis]
        return cls(values, jnp.ones((slots,), bool), jnp.int32(slots), axis, blank)

    @property
    def slots(self) -> int:
        return self.present.shape[0]

    @property
    def number(self) -> Array:
        """How many observations are present."""
        return jnp.sum(self.present)

    @property
    def weights(self) -> Float[Array, "slots"]:
        """1 / number in filled slots, 0 in the others; where values are NaN there, use them with `filled`."""
        return self.present / jnp.maximum(self.number, 1)

    def first(self, n) -> "Samples":
        """Only the first `n` slots present: a data set of size n_t in a buffer of the schedule's largest size."""
        return self._with(self.values, jnp.arange(self.slots) < n)

    def total(self, values: Array | None = None) -> Array:
        """Sum over the present observations, or of an array laid out like a leaf of `values`."""
        x = self._leaf(values)
        return jnp.sum(jnp.where(self._beside(x), x, 0), self.axis)

    def mean(self, values: Array | None = None) -> Array:
        """Mean over the present observations, or of an array laid out like a leaf of `values`."""
        return self.total(values) / self.number

    def var(self, values: Array | None = None, *, ddof: int) -> Array:
        r"""$\frac{1}{N - \mathrm{ddof}} \sum_i (x_i - \bar x)^2$ over the present observations, entry by entry."""
        x = self._leaf(values)
        return self.total((x - jnp.expand_dims(self.mean(x), self.axis)) ** 2) / (self.number - ddof)

    def quantile(self, q: Any, values: Array | None = None) -> Array:
        """The q-quantile of the present observations, entry by entry, linear between order statistics; NaN of none.

        **Args**: `q`: a number in [0, 1]; `values`: an array laid out like a leaf of `values`, by default that leaf.
        """
        x = self._leaf(values)
        x = x if jnp.issubdtype(x.dtype, jnp.floating) else x.astype(jnp.result_type(float))
        beside = self._beside(x)
        lost = jnp.any(jnp.isnan(x) & beside, self.axis)
        # A NaN among the observations makes the quantile NaN, as that of NumPy.
        lines = jnp.moveaxis(jnp.where(beside & ~jnp.isnan(x), x, 0), self.axis, -1)
        place = jnp.maximum(self.number - 1, 0) * jnp.asarray(q, x.dtype)
        low = jnp.floor(place).astype(jnp.int32)
        below, above = order.neighbours(lines, self.present, low)
        above = jnp.where(place > low, above, below)
        between = below + (above - below) * (place - low)
        return jnp.where(lost | (self.number == 0), jnp.nan, jnp.where(above == below, below, between))

    def median(self, values: Array | None = None) -> Array:
        """The median of the present observations, entry by entry."""
        return self.quantile(0.5, values)

    def filled(self, value: Any) -> PyTree[Array]:
        """`values`, with `value` in unfilled slots."""
        return jax.tree.map(
            lambda leaf: jnp.where(self._beside(leaf), leaf, jnp.asarray(value, leaf.dtype)), self.values
        )

    def holding(self, values: PyTree[Array]) -> "Samples":
        """The same slots with other values."""
        return self._with(values, self.present)

    def _leaf(self, values: Array | None) -> Array:
        if values is not None:
            return values
        [leaf, *others] = jax.tree.leaves(self.values)
        if others:
            raise ValueError("an observation has several parts; name one, as in data.mean(data.values[0])")
        return leaf

    def _beside(self, values: Array, present: Array | None = None) -> Array:
        """Which slots are filled, ready to meet an array laid out like a leaf of `values`."""
        filled = self.present if present is None else present
        return filled.reshape(filled.shape + (1,) * (values.ndim - self.axis - 1))

    def _with(self, values: PyTree[Array], present: Array, used: Array | None = None) -> "Samples":
        """These values, those of unfilled slots hidden."""

        def hidden(leaf):
            real = jnp.issubdtype(leaf.dtype, jnp.inexact)
            return jnp.where(self._beside(leaf, present), leaf, jnp.nan) if real else leaf

        values = jax.tree.map(hidden, values) if self.blank else values
        return Samples(values, present, self.used if used is None else used, self.axis, self.blank)

    def __add__(self, other: Any) -> "Samples":
        values = jax.tree.map(lambda a, b: jnp.concatenate([a, b], self.axis), self.values, other.values)
        present = jnp.concatenate([self.present, other.present])
        return Samples(values, present, self.used + other.used, self.axis, self.blank)

    def none(self) -> "Samples":
        empty = jax.tree.map(jnp.zeros_like, self)
        return self._with(empty.values, empty.present, empty.used)

    def only_if(self, condition: Any) -> "Samples":
        return self._with(self.values, self.present & condition)

    def reserve(self, draws: int) -> "Samples":
        return self.lengthen(self.slots * draws)

    def lengthen(self, slots: int) -> "Samples":
        def pad(leaf, axis):
            widths = [(0, 0)] * leaf.ndim
            widths[axis] = (0, slots - self.slots)
            return jnp.pad(leaf, widths)

        values = jax.tree.map(lambda leaf: pad(leaf, self.axis), self.values)
        return self._with(values, pad(self.present, 0))

    def append(self, fresh: Any) -> "Samples":
        def insert(pool, new, axis):
            return lax.dynamic_update_slice_in_dim(pool, new, self.used, axis)

        values = jax.tree.map(lambda a, b: insert(a, b, self.axis), self.values, fresh.values)
        present, used = insert(self.present, fresh.present, 0), self.used + fresh.slots
        return Samples(values, present, used, self.axis, self.blank)

    def subsample(self, key: Key[Array, ""], n: int, replace: bool) -> "Samples":
        """`n` of the present observations of every chain, uniformly, with or without replacement."""
        batch = jax.tree.leaves(self.values)[0].shape[: self.axis]

        def slot(place):
            """Where the present observations of these numbers are; most often nothing lies between them."""

            def sought(place):
                return jnp.argsort(~self.present, stable=True).astype(place.dtype)[place]

            scattered = jnp.any(self.present != (jnp.arange(self.slots) < self.number))
            return lax.cond(scattered, sought, lambda place: place, place)

        if replace:
            pick = slot(random.integers(key, (*batch, n), self.number, self.slots))
        elif n <= _FEW:
            pick = slot(jnp.moveaxis(random.subsets(key, self.number, n, batch, self.slots), 0, -1))
        else:
            priority = random.uniform(key, (*batch, self.slots), jnp.result_type(float))
            pick = lax.top_k(jnp.where(self.present, priority, -1), n)[1]

        row = jnp.arange(math.prod(batch), dtype=pick.dtype).reshape(*batch, 1) * self.slots

        def take(pick, leaf):
            flat = leaf.reshape(-1, *leaf.shape[self.axis + 1 :])
            return flat.at[row + pick].get(mode="promise_in_bounds")

        return Samples.of(jax.tree.map(lambda leaf: alone(take, pick, leaf), self.values), self.axis, self.blank)
