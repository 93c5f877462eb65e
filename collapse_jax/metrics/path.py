"""Numbers per chain that depend on the path so far: a state carried from fit to fit, and what it stands for."""

import math
from abc import abstractmethod
from collections.abc import Callable
from typing import Any

import equinox as eqx
import jax.numpy as jnp
from jaxtyping import Array, Float, PyTree

__all__ = ["FromFirst", "HittingTime", "PathMetric", "Since", "SquaredStep"]

Values = Float[Array, "*batch"]


class PathMetric(eqx.Module):
    """A number per chain that depends on the path so far, through a state carried from fit to fit.

    `start` is the state before the first fit, `update` the state after fit t, `value` the number it stands for.

    **Args**: `name`: under which a run records it.
    """

    name: eqx.AbstractVar[str]

    @abstractmethod
    def start(self, truth: Any, chains: int) -> PyTree[Array]:
        """The state at t = 0, with the chains as leading axis."""

    @abstractmethod
    def update(self, state: PyTree[Array], t: Array, model: Any, truth: Any) -> PyTree[Array]:
        """The state after fit t >= 1, given the one before."""

    def bounds(self, truth: Any, generations: int) -> tuple[float, float]:
        """What the number of no chain can leave in so many generations; infinite where that is not known."""
        return -math.inf, math.inf

    def value(self, state: PyTree[Array]) -> Values:
        """The number a state stands for; by default the state is that number."""
        return state  # pyright: ignore[reportReturnType]


class HittingTime(PathMetric):
    r"""$\min(T, t + 1)$ with $T = \inf\{t \ge 1: \text{event}\}$, for an indicator metric `event`.

    **Args**: `event`: (model, truth) -> bool per chain, shape (*batch); `name`: under which a run records it.
    """

    event: Callable[[Any, Any], Any] = eqx.field(static=True)
    name: str = eqx.field(static=True)

    def __check_init__(self):
        if not callable(self.event):
            raise ValueError(f"event={self.event!r} is no function; give one of (model, truth) -> bool per chain")

    def bounds(self, truth: Any, generations: int) -> tuple[float, float]:
        return 1.0, generations + 1.0

    def start(self, truth: Any, chains: int) -> Values:
        return jnp.ones((chains,), truth.dtype)

    def update(self, state: Values, t: Array, model: Any, truth: Any) -> Values:
        still_waiting = state >= t
        return jnp.where(still_waiting & ~self.event(model, truth), t + 1.0, state)


class SquaredStep(PathMetric):
    r"""$\|\theta_t - \theta_{t-1}\|^2$, $\theta_0$ the truth.

    **Args**: `parameter`: model -> $\theta$, shape (*batch, d); `name`: under which a run records it.
    """

    parameter: Callable[[Any], Array] = eqx.field(static=True)
    name: str = eqx.field(static=True, default="squared_step")

    def bounds(self, truth: Any, generations: int) -> tuple[float, float]:
        return 0.0, math.inf

    def start(self, truth: Any, chains: int) -> tuple[Array, Values]:
        theta = jnp.asarray(self.parameter(truth))
        return jnp.broadcast_to(theta, (chains, *theta.shape)), jnp.zeros((chains,), truth.dtype)

    def update(self, state: tuple[Array, Values], t: Array, model: Any, truth: Any) -> tuple[Array, Values]:
        theta = self.parameter(model)
        return theta, jnp.sum((theta - state[0]) ** 2, -1)

    def value(self, state: tuple[Array, Values]) -> Values:
        return state[1]


class FromFirst(PathMetric):
    r"""Distance to the first fit: $\|\theta_t - \theta_1\|_1$, or $\|\cdot\|_2^2$ with `squared`.

    **Args**: `parameter`: model -> $\theta$, shape (*batch, d); `squared`: which distance; `name`: under which a run
    records it.
    """

    parameter: Callable[[Any], Array] = eqx.field(static=True)
    squared: bool = eqx.field(static=True, default=False)
    name: str = eqx.field(static=True, default="from_first")

    def bounds(self, truth: Any, generations: int) -> tuple[float, float]:
        return 0.0, math.inf

    def start(self, truth: Any, chains: int) -> tuple[Array, Values]:
        theta = jnp.asarray(self.parameter(truth))
        return jnp.broadcast_to(theta, (chains, *theta.shape)), jnp.zeros((chains,), truth.dtype)

    def update(self, state: tuple[Array, Values], t: Array, model: Any, truth: Any) -> tuple[Array, Values]:
        theta = self.parameter(model)
        first = jnp.where(t == 1, theta, state[0])
        return first, jnp.sum((theta - first) ** 2 if self.squared else jnp.abs(theta - first), -1)

    def value(self, state: tuple[Array, Values]) -> Values:
        return state[1]


class Since(PathMetric):
    r"""$q_t - q_s$ along a path, $q$ a metric and $s$ an earlier fit; 0 for $t \le s$.

    The mean over chains compares two generations of the same chains, whose common noise cancels.

    **Args**: `of`: (model, truth) -> $q$, shape (*batch); `fit`: $s$; `name`: under which a run records it.
    """

    of: Callable[[Any, Any], Any] = eqx.field(static=True)
    fit: int = eqx.field(static=True)
    name: str = eqx.field(static=True, default="since")

    def start(self, truth: Any, chains: int) -> tuple[Values, Values]:
        nothing = jnp.zeros((chains,), truth.dtype)
        return nothing, nothing

    def update(self, state: tuple[Values, Values], t: Array, model: Any, truth: Any) -> tuple[Values, Values]:
        value = jnp.asarray(self.of(model, truth), truth.dtype)
        before = jnp.where(t <= self.fit, value, state[0])
        return before, value - before

    def value(self, state: tuple[Values, Values]) -> Values:
        return state[1]
