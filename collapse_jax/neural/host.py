"""Models of any framework, as functions on the host, through the workflows of the library."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Key, PyTree

from collapse_jax.data import Samples
from collapse_jax.families import Family
from collapse_jax.neural.loop import Loop, Tracks
from collapse_jax.neural.outcome import Study
from collapse_jax.neural.said import said
from collapse_jax.neural.source import Backend
from collapse_jax.neural.study import checked, finished
from collapse_jax.results.record import configuration, versions
from collapse_jax.workflows import Workflow

__all__ = ["HostModel", "host_study"]


@dataclass(frozen=True)
class HostModel:
    """A model of any framework, or a program of one's own: functions of NumPy arrays and of a seed.

    **Args**: `train`: (rows, seed) -> state, anything that holds the fitted model, `rows` being an array (n, \\*event)
    or a tree of them; `sample`: (state, n, seed) -> n rows; `test`: state -> numbers by name; `real`: (n, seed) -> n
    rows of the truth.

    **Raises**: ValueError for what is no function.
    """

    train: Callable[[Any, int], Any]
    sample: Callable[[Any, int, int], Any]
    test: Callable[[Any], Mapping[str, Any]] | None = None
    real: Callable[[int, int], Any] | None = None

    def __post_init__(self):
        remedies = {
            "train": "give a function (rows, seed) -> state",
            "sample": "give a function (state, n, seed) -> rows",
            "test": "give a function state -> {'name': number}: what is to be measured of a fitted model",
            "real": "give a function (n, seed) -> rows: where real data come from",
        }
        for name, remedy in remedies.items():
            if not callable(getattr(self, name)):
                raise ValueError(f"{name}={getattr(self, name)!r} is no function; {remedy}")


class _States(tuple):
    """One per chain; whatever they are, arrays of JAX included, nobody is to look inside."""

    __hash__, __eq__ = object.__hash__, object.__eq__


class _Fitted(Family):
    """Models of the host; of the truth there are no states."""

    mark: Any
    states: Any = eqx.field(static=True, default=None)
    parameters: ClassVar[Mapping[str, int]] = {"mark": 0}
    ignores_unfilled: ClassVar[bool] = True

    def sample(self, key: Key[Array, ""], n: int) -> PyTree[Array]:
        raise ValueError("models of the host draw through the source of a workflow; use source.draw")

    def fit(self, data: Any) -> Any:
        raise ValueError("models of the host are fitted through the source of a workflow; use source.fit")

    def blend(self, other: Any, weight: Any) -> Any:
        raise ValueError(
            "two models of the host have no average; pool their data instead: FreshReal with weight=None, Contaminated "
            "with estimate='last', Linear with pool=True"
        )


class _Host(Backend):
    """Calls the functions chain by chain, with seeds that follow from the key."""

    def __init__(self, model: HostModel):
        self.model = model

    def draw(self, key: Key[Array, ""], model: _Fitted, n: int) -> PyTree[Array]:
        seeds = _seeds(key, _chains(model))
        states = [None] * len(seeds) if model.states is None else model.states
        each = [self._rows(state, n, seed) for state, seed in zip(states, seeds, strict=True)]
        return jax.tree.map(lambda *rows: jnp.asarray(np.stack(rows)), *each)

    def _rows(self, state: Any, n: int, seed: int) -> Any:
        made = self.model.real(n, seed) if state is None else self.model.sample(state, n, seed)  # pyright: ignore
        rows = jax.tree.map(np.asarray, made)
        shapes = [leaf.shape for leaf in jax.tree.leaves(rows)]
        if not shapes or any(shape[:1] != (n,) for shape in shapes):
            asked = "real" if state is None else "sample"
            raise ValueError(f"{asked} returned shapes {shapes} for {n} rows; return ({n}, *event)")
        return rows

    def fit(self, key: Key[Array, ""], model: _Fitted, data: Samples) -> _Fitted:
        present = np.asarray(data.present)
        values = jax.tree.map(np.asarray, data.values)
        states = []
        for chain, seed in enumerate(_seeds(key, _chains(model))):
            state = self.model.train(jax.tree.map(lambda leaf, c=chain: leaf[c][present], values), seed)
            if state is None:
                raise ValueError("train returned None; return what `sample` and `test` need of the fitted model")
            states.append(state)
        return _Fitted(model.mark, _States(states))

    def measure(self, model: _Fitted) -> np.ndarray:
        """Numbers of every chain, (numbers, chains)."""
        found = [self.model.test(state) for state in model.states]  # pyright: ignore[reportOptionalCall]
        return np.array([[float(one[name]) for one in found] for name in found[0]])

    def names(self, model: _Fitted) -> tuple[str, ...]:
        """Of the numbers."""
        found = self.model.test(model.states[0])  # pyright: ignore[reportOptionalCall]
        if not isinstance(found, Mapping) or not found:
            raise ValueError(f"test returned {found!r}; return numbers by name, such as {{'kl': 0.1}}")
        return tuple(found)


def host_study(
    model: HostModel,
    workflows: Mapping[str, Workflow],
    *,
    generations: int,
    chains: int,
    seed: int = 0,
    progress: bool | None = None,
) -> Study:
    """Run a model of any framework through several workflows, paired, and measure every fit.

    Workflows run as they are; chains are fitted one after another. First fits that see equally many real rows see the
    same ones with the same seed, in all workflows. Rows that are drawn stay in the precision they are made in.

    **Args**: `model`: how to train, draw and test; `workflows`: by name; `generations`: fits per chain; `chains`: per
    workflow; `seed`: all others follow from it; `progress`: whether a bar says what is left, None on a terminal.

    **Returns**: a `Study`, without weights.

    **Raises**: ValueError, naming the remedy, for sizes that are none, rows of another shape, and workflows that need
    more of a model than its data (averages of estimates, `RandomPool`, those of one family).
    """
    if not isinstance(model, HostModel):
        raise ValueError(f"{model!r} is no HostModel; give HostModel(train, sample, test, real)")
    generations, chains, seed = checked(workflows, generations, chains, seed)
    backend, names = _Host(model), []
    with jax.enable_x64(True):
        truth = _Fitted(np.zeros(()))
        for name, workflow in workflows.items():
            try:
                workflow.check(truth, generations)
            except ValueError as error:
                raise ValueError(f"{name}: {error}") from error

    def measure(block: int, fitted: Any) -> tuple[np.ndarray, np.ndarray]:
        del block
        if not names:
            names.extend(backend.names(fitted))
        return backend.measure(fitted), np.full(chains, np.nan)

    def begin(key: Any, chains: int, n: Any) -> Any:
        del key, n
        return truth.broadcast((chains,))

    loop = Loop(workflows, generations, chains, chains, seed, backend, begin, measure, double=True, threads=1)
    tracks = {name: Tracks() for name in workflows}
    finished(loop, tracks, None, progress)
    config = {
        "model": said(model, "the model"),
        "workflows": {name: configuration(workflow) for name, workflow in workflows.items()},
        "generations": generations,
        "chains": chains,
        "seed": seed,
        **versions(),
    }
    return Study.of(config, tuple(names), tracks, {})


def _chains(model: _Fitted) -> int:
    shape = model.batch_shape
    if len(shape) != 1:
        raise ValueError(
            f"one model per chain draws, not one per observation ({shape}); use Window(n, k, redraw=True), "
            "RecentModels or Accumulate in place of RandomPool"
        )
    return shape[0]


def _seeds(key: Key[Array, ""], chains: int) -> list[int]:
    """A seed from 0 to 2^31 - 1 for every chain."""
    with jax.disable_jit(False):
        words = jax.random.key_data(jax.random.split(key, chains))
    return [int(word) >> 1 for word in np.asarray(words)[:, -1]]
