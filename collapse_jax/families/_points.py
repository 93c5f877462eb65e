"""The pool of points behind a kernel estimate, with the sums over it that pool."""

import math
from typing import Any, Self

import jax.numpy as jnp
from jax import lax
from jaxtyping import Array, Float

from collapse_jax.data import Data, Samples
from collapse_jax.numerics.alone import alone

__all__ = ["Points", "Running", "frequency_step", "tail"]

_MANY = {jnp.dtype("float32"): 64, jnp.dtype("float64"): 128}  # frequencies


def tail(dtype: Any) -> float:
    r"""The T of which $e^{-T^2/2}$ is the rounding of a precision."""
    return math.sqrt(-2 * math.log(jnp.finfo(dtype).eps))


def frequency_step(narrowest: Array, dtype: Any) -> Array:
    r"""The step at which the last frequency of `Running` is just beyond a normal law of this standard deviation."""
    return 1.001 * tail(dtype) / (math.sqrt(2) * _MANY[jnp.dtype(dtype)] * narrowest)


class Running(Data):
    r"""Sums over points that do not contain the bandwidth of a kernel on them, which may change from fit to fit.

    The mean, the sum of squares about it and the extremes; in one dimension also $\sum_i \cos k \Delta (x_i - o)$ and
    the sines, k = 1, .., K, whose step $\Delta$ and origin o are those of the truth for all data sets of a run.
    """

    number: Float[Array, ""]
    mean: Float[Array, "*batch d"]
    scatter: Float[Array, "*batch"]
    low: Float[Array, "*batch"]
    high: Float[Array, "*batch"]
    cosines: Float[Array, "K *batch"]
    sines: Float[Array, "K *batch"]
    step: Float[Array, ""]
    origin: Float[Array, ""]

    @classmethod
    def of(cls, data: Samples, step: Array, origin: Array) -> Self:
        """Of the observations that are present."""
        values, dtype = data.values, data.values.dtype
        # The axes of a point in front: a sum over the last axis but one is many times slower on a CPU.
        x = jnp.moveaxis(values, -1, 0)
        number = data.number.astype(dtype)
        mean = jnp.sum(jnp.where(data.present, x, 0), -1) / jnp.maximum(number, 1)
        apart = jnp.where(data.present, x - mean[..., None], 0)
        low, high = (
            pick(jnp.where(data.present, x, empty), (0, -1))
            for pick, empty in ((jnp.min, jnp.inf), (jnp.max, -jnp.inf))
        )
        cosines, sines = _waves(step * (x[0] - origin), data.present, _MANY[dtype] if len(x) == 1 else 0)
        scatter = jnp.sum(jnp.sum(apart**2, -1), 0)
        return cls(number, jnp.moveaxis(mean, 0, -1), scatter, low, high, cosines, sines, step, origin)

    def __add__(self, other: Any) -> Self:
        number = self.number + other.number
        share = other.number / jnp.maximum(number, 1)
        apart = other.mean - self.mean
        return type(self)(
            number,
            self.mean + share * apart,
            self.scatter + other.scatter + self.number * share * jnp.sum(apart**2, -1),
            jnp.minimum(self.low, other.low),
            jnp.maximum(self.high, other.high),
            self.cosines + other.cosines,
            self.sines + other.sines,
            self.step,
            self.origin,
        )

    def none(self) -> Self:
        number, mean, scatter, cosines, sines = map(
            jnp.zeros_like, (self.number, self.mean, self.scatter, self.cosines, self.sines)
        )
        low, high = jnp.full_like(self.low, jnp.inf), jnp.full_like(self.high, -jnp.inf)
        return type(self)(number, mean, scatter, low, high, cosines, sines, self.step, self.origin)


class Points(Data):
    """Observations, and the sums over them."""

    samples: Samples
    running: Running

    @classmethod
    def of(cls, data: Samples, step: Array, origin: Array) -> Self:
        """The observations that are present."""
        return cls(data, Running.of(data, step, origin))

    def __add__(self, other: Any) -> Self:
        return type(self)(self.samples + other.samples, self.running + other.running)

    def none(self) -> Self:
        return type(self)(self.samples.none(), self.running.none())

    def only_if(self, condition: Any) -> Self:
        return type(self)(self.samples.only_if(condition), self.running.only_if(condition))

    def reserve(self, draws: int) -> Self:
        return type(self)(self.samples.reserve(draws), self.running)

    def lengthen(self, slots: int) -> Self:
        return type(self)(self.samples.lengthen(slots), self.running)

    def append(self, fresh: Any) -> Self:
        return type(self)(self.samples.append(fresh.samples), self.running + fresh.running)


def _waves(angle: Float[Array, "*batch slots"], present: Array, number: int) -> tuple[Array, Array]:
    """Sums over the slots of the cosines and sines of 1, .., `number` times the angles, by rotation."""
    if not number:
        empty = jnp.zeros((0, *angle.shape[:-1]), angle.dtype)
        return empty, empty

    def once(angle):
        angle = jnp.moveaxis(angle, -1, 0)
        return jnp.cos(angle), jnp.sin(angle)

    cosine, sine = alone(once, angle)
    filled = present.reshape(-1, *(1,) * (cosine.ndim - 1))

    def turn(carry, _):
        c, s = carry
        return (c * cosine - s * sine, s * cosine + c * sine), (jnp.sum(c, 0), jnp.sum(s, 0))

    first = jnp.where(filled, cosine, 0), jnp.where(filled, sine, 0)
    # Two turns a pass: written out, XLA works out every power from the first.
    return lax.scan(turn, first, None, length=number, unroll=2)[1]
