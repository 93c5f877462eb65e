"""The loop over generations, on the host: workflows step by step, blocks of chains beside each other."""

import os
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Any

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np

from collapse_jax.neural.keys import fold
from collapse_jax.neural.source import Backend, HostSource
from collapse_jax.numerics import random
from collapse_jax.workflows import Workflow
from collapse_jax.workflows._workflow import remembered

__all__ = ["Loop", "Tracks", "shapes_of"]


class Tracks:
    """What a study has found of one workflow: numbers of every fit so far, and the state of every block after it."""

    def __init__(self, values: list[Any] | None = None, losses: list[Any] | None = None, states: Any = None):
        self.values, self.losses, self.states = values or [], losses or [], states

    @property
    def fits(self) -> int:
        return len(self.values)


@dataclass(frozen=True)
class Loop:
    """All that the chains of a study depend on.

    **Args**: `workflows`: by name; `generations`; `chains`; `block`: chains per block; `seed`; `backend`: draws and
    fits; `begin`: (key, chains, n) -> the truth of a block; `measure`: (block, model) -> (numbers, losses), each
    (.., chains); `double`: whether numbers on the host are double precision; `threads`: blocks at once.
    """

    workflows: Mapping[str, Workflow]
    generations: int
    chains: int
    block: int
    seed: int
    backend: Backend
    begin: Callable[[Any, int, Any], Any]
    measure: Callable[[int, Any], tuple[Any, Any]]
    double: bool = False
    threads: int = 2

    @property
    def blocks(self) -> int:
        return -(-self.chains // self.block)

    def run(self, tracks: Mapping[str, Tracks]) -> Iterator[tuple[str, int]]:
        """Advance every workflow by one fit at a time; yields (workflow, generation) after each fit.

        What draws and fits is compiled by itself, and a workflow runs as it is written: operation by operation.
        """
        with ThreadPoolExecutor(max(1, min(self.threads, self.blocks, os.cpu_count() or 1))) as pool:
            for t in range(1, self.generations + 1):
                for name, track in tracks.items():
                    if track.fits >= t:
                        continue
                    states = [None] * self.blocks if track.states is None else track.states
                    found = list(pool.map(partial(self._advance, name, t), range(self.blocks), states))
                    states, values, losses = zip(*found, strict=True)
                    track.states = list(states)
                    track.values.append(np.concatenate(values, -1)[..., : self.chains])
                    track.losses.append(np.concatenate(losses, -1)[: self.chains])
                    yield name, t

    def _advance(self, name: str, t: int, block: int, state: Any) -> tuple[Any, np.ndarray, np.ndarray]:
        """State, numbers and losses of one block after fit t."""
        with jax.enable_x64(self.double), jax.disable_jit():
            key = fold(random.key(self.seed), block)
            state = step(self.workflows[name], self.generations, key, t, state, partial(self._begin, key), self.backend)
            values, losses = self.measure(block, state[1])
            return state, np.asarray(values, np.float64), np.asarray(losses, np.float64)

    def _begin(self, key: Any, n: Any) -> Any:
        return self.begin(fold(key, 0), self.block, n)


def step(workflow: Workflow, generations: int, key: Any, t: int, state: Any, begin: Any, backend: Backend) -> Any:
    """Memory and model after fit t, with the keys that `simulate` has for it."""
    sizes, name, own = workflow.schedule(generations), type(workflow).__name__, fold(key, t)
    n = sizes[0] if len(set(sizes)) == 1 else jnp.asarray(sizes[t - 1], jnp.int32)
    asked = [] if t == 1 else None
    source = HostSource("literal", max(sizes), generations, random.settings(), backend, own if t == 1 else None, asked)
    if t == 1:
        return remembered(workflow.start(own, begin(n), n, source), f"{name}.start")
    memory, model = state
    return remembered(workflow.step(own, jnp.asarray(t, jnp.int32), n, memory, model, source), f"{name}.step")


def shapes_of(workflow: Workflow, generations: int, begin: Any, backend: Backend) -> Any:
    """What memory and model of a block look like after any fit; nothing is computed, and what is refused is refused.

    **Raises**: ValueError for a workflow that refuses the family or is refused by it, or whose memory changes its form.
    """

    def two(key):
        first = step(workflow, generations, key, 1, None, partial(begin, key), backend)
        return first, step(workflow, generations, key, 2, first, None, backend) if generations > 1 else first

    with jax.enable_x64(False):
        first, second = eqx.filter_eval_shape(two, random.key(0))
    if _form(first) != _form(second):
        raise ValueError(
            f"{type(workflow).__name__}.step returned a memory of another form than it was given; shapes stay fixed "
            "during a run: make room in `start` with `reserve`, and `append`"
        )
    return first


def _form(state: Any) -> list[Any]:
    leaves = jax.tree.leaves(eqx.filter(state, lambda leaf: isinstance(leaf, jax.ShapeDtypeStruct)))
    return [(leaf.shape, leaf.dtype) for leaf in leaves]
