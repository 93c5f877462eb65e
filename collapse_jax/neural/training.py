"""How one fit of a net is done: which optimiser, for how long, from which weights, stopped by what."""

import math
from collections.abc import Callable
from typing import Any, Literal

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
import optax
from jax import lax
from jaxtyping import Array, Bool, Float32, Int32, Key, PyTree

__all__ = ["Rows", "Training"]

_LATE = 10  # the loss of a fit is a mean over the last tenth of its steps
_HELD = 8  # batches of held-out rows that a look at them takes

Loss = Callable[[Array, PyTree[Array], Array], Array]


def _real(value: Any) -> Any:
    return value if value is None or isinstance(value, jax.Array) else np.asarray(value, np.float32)


def _whole(value: Any) -> Any:
    if value is None or isinstance(value, jax.Array):
        return value
    if isinstance(value, bool) or not np.all(np.asarray(value) == np.floor(value)):
        raise ValueError(f"{value!r} is no number of steps; give a whole number >= 1")
    return np.asarray(value, np.int32)


class Rows(eqx.Module):
    """The observations that one fit is to see, of which `number` are rows `order[0]`, `order[1]`, ..

    **Args**: `values`: leaves (slots, \\*event); `order`: (slots,); `number`: how many count.
    """

    values: PyTree[Array]
    order: Int32[Array, "slots"]
    number: Int32[Array, ""]

    @classmethod
    def of(cls, values: PyTree[Array], present: Bool[Array, "slots"]) -> "Rows":
        """The rows that are present, in their order."""
        order = jnp.argsort(~present, stable=True).astype(jnp.int32)
        return cls(values, order, jnp.sum(present, dtype=jnp.int32))

    def take(self, ranks: Int32[Array, "batch"]) -> PyTree[Array]:
        """The rows of these numbers."""
        return jax.tree.map(lambda leaf: leaf[self.order[ranks]], self.values)

    def split(self, key: Key[Array, ""], share: Float32[Array, ""]) -> tuple["Rows", "Rows"]:
        """A random part of this share, at least one row, and the rest.

        The number that decides about a row is its own, whatever the number of slots.
        """
        rank = jnp.arange(self.order.shape[0], dtype=jnp.int32)
        mark = jax.vmap(lambda i: jax.random.uniform(jax.random.fold_in(key, i), (), jnp.float32))(rank)
        order = self.order[jnp.argsort(jnp.where(rank < self.number, mark, 2)).astype(jnp.int32)]
        held = jnp.maximum(1, jnp.floor(share * self.number.astype(jnp.float32)).astype(jnp.int32))
        return Rows(self.values, order, held), Rows(self.values, jnp.roll(order, -held), self.number - held)


class Training(eqx.Module):
    r"""How one fit is done. The compute policy has no default: `steps`, whatever the data, or `passes` over them.

    Minibatches are drawn with replacement from the rows that are present. The learning rate of step i of s is
    $\eta_i = \eta\, \min(1, \tfrac{i + 1}{\text{warmup}})\, \tfrac12 [1 + \cos(\pi i / s)]$, without the cosine if
    `decay` is False. All numbers may be traced: another value of them compiles nothing anew.

    With `stopping` a share of the rows, drawn anew at every fit, is held out; every `every` steps their loss is taken,
    and a fit ends when it has not fallen for `patience` looks, with the weights of the best one.

    **Args**: `optimiser`: a function of the learning rate, such as `optax.adam`; it sees all weights as one vector;
    `rate`: $\eta$; `steps`: per fit; or `passes`: over the rows present; `batch`: rows per step; `start`: fresh weights
    at every fit, "scratch", or those of the last model, "previous"; `decay`: whether the rate falls to 0; `warmup`:
    steps; `stopping`: share held out, None for no early stopping; `patience`: looks; `every`: steps between looks.

    **Raises**: ValueError unless exactly one of `steps` and `passes` is given, and for numbers out of their range.

    >>> Training(steps=160, rate=1e-2).batch
    32
    """

    optimiser: Callable[[Any], optax.GradientTransformation] = eqx.field(static=True, default=optax.adam)
    rate: Any = eqx.field(converter=_real, default=1e-3)
    steps: Any = eqx.field(converter=_whole, default=None)
    passes: Any = eqx.field(converter=_real, default=None)
    batch: int = eqx.field(static=True, default=32)
    start: Literal["scratch", "previous"] = eqx.field(static=True, default="scratch")
    decay: bool = eqx.field(static=True, default=True)
    warmup: Any = eqx.field(converter=_whole, default=20)
    stopping: Any = eqx.field(converter=_real, default=None)
    patience: Any = eqx.field(converter=_whole, default=5)
    every: Any = eqx.field(converter=_whole, default=20)

    def __check_init__(self):
        if (self.steps is None) == (self.passes is None):
            raise ValueError(
                "a fit lasts a number of steps, whatever the data, or a number of passes over them, and the two "
                "policies give different answers; give exactly one, steps=160 or passes=20"
            )
        if not isinstance(self.optimiser, Callable) or isinstance(self.optimiser, optax.GradientTransformation):
            raise ValueError(
                f"optimiser={self.optimiser!r} is no function of the learning rate; use optax.adam, or lambda rate: "
                "optax.chain(.., optax.adam(rate))"
            )
        if self.start not in ("scratch", "previous"):
            raise ValueError(f"start={self.start!r} is unknown; use 'scratch' or 'previous'")
        if isinstance(self.batch, bool) or not isinstance(self.batch, int) or self.batch < 1:
            raise ValueError(f"batch={self.batch!r} is no number of rows; use a whole number >= 1")
        for name in ("steps", "warmup", "patience", "every"):
            _within(getattr(self, name), name, lambda it: it >= 1, "use a whole number >= 1")
        for name in ("rate", "passes"):
            _within(getattr(self, name), name, lambda it: 0 < it < math.inf, "use a number > 0")
        _within(self.stopping, "stopping", lambda it: 0 < it < 1, "use a share of the rows in (0, 1), or None")

    def lasts(self, rows: Int32[Array, ""]) -> Int32[Array, ""]:
        """Steps of a fit on so many rows."""
        if self.steps is not None:
            return jnp.asarray(self.steps, jnp.int32)
        return jnp.ceil(jnp.float32(self.passes) * rows.astype(jnp.float32) / self.batch).astype(jnp.int32)

    def rate_at(self, step: Int32[Array, ""], steps: Int32[Array, ""]) -> Float32[Array, ""]:
        """The learning rate of one step."""
        done = step.astype(jnp.float32)
        rate = jnp.float32(self.rate) * jnp.minimum(1, (done + 1) / jnp.asarray(self.warmup, jnp.float32))
        if self.decay:
            rate = rate * 0.5 * (1 + jnp.cos(jnp.float32(math.pi) * done / steps.astype(jnp.float32)))
        return rate

    def run(self, loss: Loss, weights: Array, rows: Rows, key: Key[Array, ""]) -> tuple[Array, Array]:
        """Train, from these weights.

        **Args**: `loss`: of weights, a batch and a key; `weights`: (size,); `rows`: what the fit sees; `key`.

        **Returns**: the weights, and the loss: the mean of the last tenth of the steps, or of the held-out rows.
        """
        split_key, step_key, held_key = jax.random.split(key, 3)
        held = None
        if self.stopping is not None:
            held, rows = rows.split(split_key, jnp.asarray(self.stopping, jnp.float32))
        steps = self.lasts(rows.number)

        def step(i: Array, carry: tuple[Array, Any, Array]) -> tuple[Array, Any, Array]:
            weights, state, total = carry
            pick_key, noise_key = jax.random.split(jax.random.fold_in(step_key, i))
            batch = rows.take(jax.random.randint(pick_key, (self.batch,), 0, rows.number, jnp.int32))
            value, slope = jax.value_and_grad(loss)(weights, batch, noise_key)
            change, after = self.optimiser(self.rate_at(i, steps)).update(slope, state, weights)
            after = jax.tree.map(lambda new, old: new.astype(old.dtype), after, state)
            late = i >= steps - _late(steps)
            return weights + jnp.asarray(change, weights.dtype), after, total + jnp.where(late, value, 0)

        begun = weights, self.optimiser(jnp.float32(0)).init(weights), jnp.float32(0)
        if held is None:
            weights, _, total = lax.fori_loop(jnp.int32(0), steps, step, begun)
            return weights, total / _late(steps).astype(jnp.float32)
        seen = held.take(jnp.arange(_HELD * self.batch, dtype=jnp.int32) % held.number)
        return self._stopped(step, begun, steps, lambda weights: loss(weights, seen, held_key))

    def _stopped(self, step: Any, begun: Any, steps: Array, held: Callable[[Array], Array]) -> tuple[Array, Array]:
        every, patience = jnp.asarray(self.every, jnp.int32), jnp.asarray(self.patience, jnp.int32)

        def goes_on(state):
            done, _, (_, _, waited) = state
            return (done < steps) & (waited < patience)

        def look(state):
            done, carry, (best, least, waited) = state
            end = jnp.minimum(done + every, steps)
            carry = lax.fori_loop(done, end, step, carry)
            found = held(carry[0])
            better = found < least
            waited = jnp.where(better, 0, waited + 1)
            return end, carry, (jnp.where(better, carry[0], best), jnp.where(better, found, least), waited)

        first = (jnp.int32(0), begun, (begun[0], jnp.float32(jnp.inf), jnp.int32(0)))
        _, _, (best, least, _) = lax.while_loop(goes_on, look, first)
        return best, least


def _late(steps: Array) -> Array:
    return jnp.maximum(1, steps // _LATE)


def _within(value: Any, name: str, holds: Callable[[Any], Any], remedy: str) -> None:
    if value is None or isinstance(value, jax.Array):  # what is traced cannot be looked at
        return
    if np.ndim(value) or not holds(value):
        raise ValueError(f"{name}={value!r} is out of its range; {remedy}")
