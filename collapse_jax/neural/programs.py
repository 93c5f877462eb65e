"""The programs of a study: each compiled once, whatever the workflows and the sizes of their pools."""

from collections import OrderedDict
from collections.abc import Callable
from threading import Lock
from typing import Any

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Key, PyTree

from collapse_jax.data import Samples
from collapse_jax.engine.xla import compiler_options
from collapse_jax.neural.family import NeuralFamily
from collapse_jax.neural.probe import Probe
from collapse_jax.neural.source import Backend

__all__ = ["Programs", "Shapes"]


class Shapes(Backend):
    """Draws and fits nothing but shapes: what a workflow needs, found out before anything is trained.

    `slots` is the largest number of slots that a fit was given.
    """

    def __init__(self):
        self.slots = 0

    def draw(self, key: Key[Array, ""], model: Any, n: int) -> PyTree[Array]:
        shapes = jax.eval_shape(lambda key: model.sample(key, n), key)
        return jax.tree.map(lambda leaf: jnp.zeros(leaf.shape, leaf.dtype), shapes)

    def fit(self, key: Key[Array, ""], model: Any, data: Samples) -> Any:
        del key
        self.slots, chains = max(self.slots, data.slots), model.batch_shape
        return model.replace(weights=jnp.zeros((*chains, model.size), jnp.float32), loss=jnp.zeros(chains, jnp.float32))


class Programs(Backend):
    """Draws, trains and measures nets. A fit takes a pool of `slots`, so that all pools share one program.

    On a CPU a program has one thread, and blocks of chains run beside each other. Steps, rates and the numbers of a
    truth and of a network are arguments of the programs, which a later study of the same nets finds compiled.

    **Args**: `probe`: what is measured; `slots`: of the largest pool.
    """

    def __init__(self, probe: Probe, slots: int):
        self.probe, self.slots = probe, slots

    def draw(self, key: Key[Array, ""], model: Any, n: int) -> PyTree[Array]:
        return _run(_drawn, key, model, n)

    def fit(self, key: Key[Array, ""], model: NeuralFamily, data: Samples) -> Any:
        (chains,), fitted = model.batch_shape, model.is_fitted
        previous = model.weights if fitted else jnp.zeros((chains, model.size), jnp.float32)
        plain = model.replace(weights=jnp.zeros((chains, 0), jnp.float32))
        full = Samples(data.values, data.present, jnp.int32(0), data.axis).lengthen(self.slots)
        return _run(_trained, key, plain, previous, jnp.asarray(fitted), full)

    def measure(self, key: Key[Array, ""], model: Any) -> np.ndarray:
        """The numbers of the probe, (numbers, chains)."""
        return np.asarray(_run(_measured, key, model, self.probe))


def _drawn(key: Any, model: Any, n: int) -> Any:
    return model.sample(key, n)


def _trained(key: Any, model: Any, previous: Any, fitted: Any, data: Any) -> Any:
    return model.trained(key, previous, fitted, data)


def _measured(key: Any, model: Any, probe: Probe) -> Any:
    return probe.values(model, key)


# Blocks ask for a program at the same time; one compiles. Of many nets the programs used last are kept.
_LOCK = Lock()
_MADE: OrderedDict[Any, Callable[[Any], Any]] = OrderedDict()
_MOST = 64


def _run(function: Callable[..., Any], *args: Any) -> Any:
    """`function(*args)` as one program, known by what is no array and by the shapes of what is."""
    arrays, rest = eqx.partition(args, eqx.is_array)
    shapes = tuple((leaf.shape, leaf.dtype) for leaf in jax.tree.leaves(arrays))
    known = (function, jax.tree.structure(args), tuple(jax.tree.leaves(rest)), shapes)
    with jax.disable_jit(False):
        with _LOCK:
            if known not in _MADE:
                _MADE[known] = _compiled(lambda arrays: function(*eqx.combine(arrays, rest)), arrays)
                while len(_MADE) > _MOST:
                    _MADE.popitem(last=False)
            _MADE.move_to_end(known)
            program = _MADE[known]
        return program(arrays)


def _compiled(function: Callable[[Any], Any], arrays: Any) -> Callable[[Any], Any]:
    """The program, whose result may hold what is no array; that is known when it is traced."""
    other = []

    def only_arrays(arrays):
        found, rest = eqx.partition(function(arrays), eqx.is_array)
        other.append(rest)
        return found

    options = compiler_options(jax.default_backend(), 1)
    program = jax.jit(only_arrays).lower(arrays).compile(options)
    return lambda arrays: eqx.combine(program(arrays), other[-1])
