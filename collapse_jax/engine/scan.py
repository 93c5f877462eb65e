"""The one scan: fit, measure, reduce, generation by generation, for a batch of chains. Pure JAX; knows no devices."""

import dataclasses
import functools
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Key

from collapse_jax.data import Samples
from collapse_jax.families import Engine, Family
from collapse_jax.metrics import Metric, PathMetric, resolve
from collapse_jax.numerics import random
from collapse_jax.workflows import Source, Workflow
from collapse_jax.workflows._workflow import kind, remembered

__all__ = ["SUMMARY", "Block", "Protocol", "Setting", "block_summary", "trajectories"]

# The fields of `estimate.Moments4`, in its order.
SUMMARY = ("count", "mean", "m2", "m3", "m4", "minimum", "maximum", "nonfinite")


class Protocol(NamedTuple):
    """The static part of a run: what one compiled program depends on besides shapes."""

    metrics: tuple[tuple[str, Any], ...]
    generations: int
    engine: Engine
    dtype: str
    block: int
    keep: bool = False
    optimisation: int = 1
    draws: random.Draws | None = None
    sampler: random.Sampler = "quantile"


class Setting(NamedTuple):
    """What chains run: the truth, the workflow, and sample sizes, (generations,), in place of the workflow's own."""

    family: Family
    workflow: Workflow
    schedule: Array | None = None


_LONG, _PARTS = 4096, 4  # observations that a pool may be long of before room for them is made in so many parts


class Block(NamedTuple):
    """A block of chains: the key of all its random numbers, and how many of its chains count."""

    key: Key[Array, ""]
    valid: Array


def trajectories(
    key: Key[Array, ""],
    family: Family,
    workflow: Workflow,
    metrics: Sequence[str | Metric | PathMetric],
    *,
    generations: int,
    chains: int,
    engine: Engine = "exact",
    draws: random.Draws | None = None,
    sampler: random.Sampler = "quantile",
) -> tuple[Array, ...]:
    """Metric values of some chains: the pure JAX core.

    Composes with `jit`, `vmap` over hyper-parameters and `grad`; `simulate` is this plus blocks, moments and checks.
    Call it under `jax.enable_x64(True)` for float64.

    **Args**: `key`: one of `collapse_jax.random.key`; any other key of JAX works too, more slowly on a CPU; the others:
    as in `collapse_jax.Request`.

    **Returns**: one array (generations, chains) per metric.
    """
    resolved = tuple(resolve(metric) for metric in metrics)
    if engine == "exact" and not workflow.needs_samples_of(family):
        family = family.sized(workflow.fitted_sizes(generations))
    protocol = Protocol(resolved, generations, engine, str(family.dtype), chains, draws=draws, sampler=sampler)
    return _scan(key, Setting(family, workflow), protocol, lambda values: values)


def _scan(key: Key[Array, ""], setting: Setting, protocol: Protocol, reduce: Callable[[tuple[Array, ...]], Any]) -> Any:
    """What `reduce` makes of the metric values, (chains,) each, of every generation, stacked."""
    with random.using(random.Settings(protocol.draws, protocol.sampler)):
        return _generations(key, setting, protocol, reduce)


def _generations(key, setting, protocol, reduce):
    truth, workflow, schedule = setting
    metrics, generations, chains = protocol.metrics, protocol.generations, protocol.block
    sizes = workflow.schedule(generations)
    constant = sizes[0] if schedule is None and len(set(sizes)) == 1 else None
    literal = "literal" if workflow.needs_samples_of(truth) else protocol.engine
    source = Source(literal, max(sizes), generations, random.settings())
    ends = _ends(source, workflow, truth)
    begin = dataclasses.replace(source, generations=ends[0])
    first_size = source.slots if schedule is None else schedule[0]
    if schedule is None:
        schedule = jnp.asarray(sizes, jnp.int64 if jax.config.jax_enable_x64 else jnp.int32)  # pyright: ignore

    # jit inside jit: the first generation and the scan body share one trace of the user's metrics.
    @jax.jit
    def measure(states, t, model):
        def one(name, metric, before):
            on_path = isinstance(metric, PathMetric)
            state = metric.update(before, t, model, truth) if on_path else None
            return state, _measured(name, metric.value(state) if on_path else metric(model, truth), chains, truth.dtype)

        measured = [one(name, metric, before) for (name, metric), before in zip(metrics, states, strict=True)]
        return tuple(state for state, _ in measured), tuple(value for _, value in measured)

    initial = tuple(metric.start(truth, chains) if isinstance(metric, PathMetric) else None for _, metric in metrics)
    batch = truth.begin(jax.random.fold_in(key, 0), chains, first_size, source.engine)
    first = schedule[0] if constant is None else constant
    if not isinstance(batch, Family):
        raise ValueError(f"{type(truth).__name__}.begin returned {kind(batch)}; return a Family, as broadcast makes it")
    asked = type(workflow).__name__
    memory, model = remembered(workflow.start(jax.random.fold_in(key, 1), batch, first, begin), f"{asked}.start")
    states, values = measure(initial, jnp.asarray(1, schedule.dtype), model)

    def generation(carry, inputs, source):
        *before, states = carry
        t, n = inputs
        found = workflow.step(jax.random.fold_in(key, t), t, n if constant is None else constant, *before, source)
        memory, model = remembered(found, f"{asked}.step")
        _unchanged(before, (memory, model), asked)
        states, values = measure(states, t, model)
        return (memory, model, states), reduce(values)

    if generations == 1:  # a scan of length 0 would be compiled all the same
        return jax.tree.map(lambda leaf: leaf[None], reduce(values))
    found = [jax.tree.map(lambda leaf: leaf[None], reduce(values))]
    later = jnp.arange(2, generations + 1, dtype=schedule.dtype)
    if not _keeps_samples(memory):  # statistics need no room
        ends = [generations]
    for done, end in zip([1, *ends], ends, strict=False):
        part = dataclasses.replace(source, generations=end)
        memory = memory if done == 1 else workflow.lengthen(memory, part)
        inputs = later[done - 1 : end - 1], schedule[done:end]
        step = functools.partial(generation, source=part)
        (memory, model, states), rest = jax.lax.scan(step, (memory, model, states), inputs)
        found.append(rest)
    return jax.tree.map(lambda *parts: jnp.concatenate(parts), *found)


def _ends(source: Source, workflow: Workflow, truth: Family) -> list[int]:
    """The last generation of each part of a run that makes room for its pool part by part.

    A fit on raw observations runs over all the room there is. Parts of equal length waste the least of it for their
    number, each of which is a program: four leave 1.25 times the work that there is, one twice that.
    """
    generations = source.generations
    grows = source.engine == "literal" and workflow.lengthens and not truth.keeps_samples
    if not grows or generations < 2 * _PARTS or source.slots * generations < _LONG:
        return [generations]
    return [-(-generations * part // _PARTS) for part in range(1, _PARTS + 1)]


def _keeps_samples(memory: Any) -> bool:
    leaves = jax.tree.leaves(memory, is_leaf=lambda item: isinstance(item, Samples))
    return any(isinstance(leaf, Samples) for leaf in leaves)


def _measured(name: str, value: Any, chains: int, dtype: Any) -> Array:
    """What a metric has returned, if it is one real number per chain."""
    array = jnp.asarray(value) if isinstance(value, jax.Array | np.ndarray) else None
    if array is None or array.shape != (chains,):
        what = kind(value) if array is None else f"shape {array.shape}"
        raise ValueError(f"metric {name!r} returned {what}; return one number per chain, ({chains},)")
    if jnp.issubdtype(array.dtype, jnp.complexfloating):
        raise ValueError(
            f"metric {name!r} returned complex numbers; return real ones, such as jnp.real or jnp.abs of them"
        )
    return array.astype(dtype)


def _unchanged(before: Sequence[Any], after: Sequence[Any], workflow: str) -> None:
    """Refuse a step that returns other shapes than it was given."""
    for what, old, new in zip(("memory", "model"), before, after, strict=True):
        shapes = [[jnp.shape(leaf) for leaf in jax.tree.leaves(tree)] for tree in (old, new)]
        if jax.tree.structure(old) != jax.tree.structure(new) or shapes[0] != shapes[1]:
            raise ValueError(
                f"{workflow}.step returned a {what} of another form than the one it was given ({shapes[1]} for "
                f"{shapes[0]}); shapes stay fixed during a run: make room in `start` with `reserve`, and `append`"
            )


def _summarise(valid: Array, values: tuple[Array, ...]) -> Array:
    """Moments of the first `valid` chains of every metric, in float64: one row per entry of `SUMMARY`."""

    def nothing(valid, x):
        zero = jnp.zeros(len(x))
        return jnp.stack([zero] * 5 + [zero + jnp.inf, zero - jnp.inf, zero])

    # XLA fuses the metrics into every reduction, that is, works them out eight times; it does not fuse across a branch.
    return jax.lax.cond(valid > 0, _moments, nothing, valid, jnp.stack(values))


def _moments(valid: Array, values: Array) -> Array:
    """The rows of `SUMMARY`, in as few reductions as possible, each of several arrays: starting one has its price."""
    x = values.astype(jnp.float64)
    counted = jnp.arange(x.shape[-1], dtype=jnp.int32) < valid
    finite = jnp.isfinite(x) & counted
    maximum, negative = jnp.max(jnp.where(finite, jnp.stack([x, -x]), -jnp.inf), -1)
    # Two passes about a value of the sample keep a constant sample exactly constant.
    origin = jnp.where(jnp.isfinite(maximum), maximum, 0)
    sums = jnp.stack([jnp.where(finite, x - origin[:, None], 0), jnp.where(counted & ~finite, 1.0, 0.0)])
    total, nonfinite = jnp.sum(sums, -1)
    count = valid - nonfinite
    mean = origin + total / jnp.maximum(count, 1)
    centred = jnp.where(finite, x - mean[:, None], 0)
    square = centred * centred
    powers = jnp.sum(jnp.stack([square, square * centred, square * square]), -1)
    return jnp.stack([count, mean, *powers, -negative, maximum, nonfinite])


def block_summary(block: Block, setting: Setting, protocol: Protocol) -> tuple[Array, tuple[Array, ...] | None]:
    """Summary of one block, (generations, len(SUMMARY), metrics), and its paths if they are kept."""

    def reduce(values):
        return _summarise(block.valid, values), (values if protocol.keep else None)

    return _scan(block.key, setting, protocol, reduce)
