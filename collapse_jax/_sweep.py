"""Grids of runs: cells of equal shapes share one compiled program, and all cells share the cores."""

import hashlib
import json
import math
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from itertools import product
from typing import Any

import jax
import numpy as np

from collapse_jax._checkpoint import Checkpoint
from collapse_jax._collect import Interrupted, Progress, in_order, threads
from collapse_jax._dispatch import Cell, Dispatches, Program, cell_of, mesh_of, program_for
from collapse_jax._memory import budget
from collapse_jax._run import Run
from collapse_jax._scan import Protocol
from collapse_jax._simulate import request, validate_memory
from collapse_jax.families import Engine, Family
from collapse_jax.random import Draws, Sampler
from collapse_jax.workflows import Workflow

__all__ = ["Sweep", "sweep"]


@dataclass(frozen=True, eq=False)
class Sweep(Mapping[tuple, Run]):
    """The runs of a grid: `grid[100, 0.5]` is the run at these coordinates, in the order of `over`.

    `select(n=100)` keeps the cells with that coordinate; `to_xarray()` puts all of them side by side.
    """

    over: dict[str, tuple]
    runs: dict[tuple, Run]

    def __getitem__(self, coordinates: Any) -> Run:
        key = coordinates if isinstance(coordinates, tuple) else (coordinates,)
        if key not in self.runs:
            raise KeyError(f"no cell {key!r}; coordinates are ({', '.join(self.over)}), each one of {self.over}")
        return self.runs[key]

    def __iter__(self) -> Iterator[tuple]:
        return iter(self.runs)

    def __len__(self) -> int:
        return len(self.runs)

    def select(self, **coordinates: Any) -> "Sweep":
        """The cells with these coordinates."""
        for name, value in coordinates.items():
            if name not in self.over or value not in self.over[name]:
                raise KeyError(f"{name}={value!r} is not in the grid; it runs over {self.over}")
        over = {name: (coordinates[name],) if name in coordinates else values for name, values in self.over.items()}
        return Sweep(over, {key: self.runs[key] for key in product(*over.values())})

    def array(self, metric: str, moment: str = "mean") -> np.ndarray:
        """One moment of a metric, shape (len of every coordinate.., generations)."""
        rows = [getattr(self.runs[key][metric], moment) for key in product(*self.over.values())]
        return np.reshape(rows, (*map(len, self.over.values()), len(rows[0])))

    def to_xarray(self) -> Any:
        """An `xarray.Dataset` over the coordinates and the generation, with mean and standard error (extra `data`)."""
        try:
            import xarray
        except ImportError:
            raise ImportError("to_xarray needs the extra 'data': pip install collapse_jax[data]") from None
        first = next(iter(self.runs.values()))
        dimensions = (*self.over, "generation")
        variables = {
            f"{metric}{suffix}": (dimensions, self.array(metric, moment))
            for metric in first
            for moment, suffix in (("mean", ""), ("standard_error", "_standard_error"))
        }
        return xarray.Dataset(
            variables, {**{k: list(v) for k, v in self.over.items()}, "generation": first.generations}
        )


def sweep(
    build: Callable[..., tuple[Family, Workflow]],
    over: Mapping[str, Sequence],
    metrics: Any,
    *,
    generations: int,
    chains: int,
    seed: int = 0,
    engine: Engine = "exact",
    dtype: str = "float64",
    draws: Draws | None = None,
    sampler: Sampler = "quantile",
    block: int | None = None,
    memory: int | None = None,
    checkpoint: str | os.PathLike | None = None,
    optimisation: int = 1,
) -> Sweep:
    """Run a grid of settings as `simulate` runs one.

    `build(**coordinates)` makes the family and the workflow of a cell; `over` gives the values of every coordinate,
    and the cells are all their combinations. In the exact engine sample sizes and schedules are numbers like any
    other, so that a program is compiled only where a shape or a class changes (a dimension, a vocabulary, another
    workflow), the programs beside one another; cells then run beside one another too. Every cell has random numbers of
    its own, from `seed` and its coordinates, which do not depend on the other cells. A cell has the law of `simulate`,
    not its bits, as known sizes allow shorter tables of quantiles there.

    **Args**: see `simulate`; `block` is by default at most the number of chains; `checkpoint`: a folder in which
    every finished cell is kept, so that the same call goes on where it was stopped.

    **Raises**: ValueError as `simulate`, naming the cell; `Interrupted` on Ctrl-C.
    """
    if not over or not all(len(values) for values in over.values()):
        raise ValueError("there is nothing to sweep over; give for example over={'n': (10, 100)}")
    if isinstance(seed, bool) or not isinstance(seed, int | np.integer) or seed < 0:
        raise ValueError(f"seed={seed!r} is not possible; use a whole number >= 0")
    grid = {name: _coordinates(name, values) for name, values in over.items()}
    folder = None if checkpoint is None else os.path.join(os.fspath(checkpoint), "")
    with jax.enable_x64(True):
        device = jax.devices()[0]
        mesh = mesh_of([device])
        room = budget(device) if memory is None else memory
        plans = {}
        for key in product(*grid.values()):
            coordinates = dict(zip(grid, key, strict=True))
            try:
                family, workflow = build(**coordinates)
                config, protocol = request(
                    family,
                    workflow,
                    metrics,
                    generations=generations,
                    chains=chains,
                    seed=_seed(seed, coordinates),
                    engine=engine,
                    dtype=dtype,
                    draws=draws,
                    sampler=sampler,
                    keep_paths=0,
                    block=block,
                    chunk=None,
                    memory=memory,
                    first_block=0,
                    optimisation=optimisation,
                    most=max(2, chains),
                )
                config |= {"platform": device.platform, "coordinates": {k: _plain(v) for k, v in coordinates.items()}}
                validate_memory(family, workflow, config, room)
            except ValueError as error:
                raise ValueError(f"cell {coordinates}: {error}") from None
            saved = None if folder is None else Checkpoint(folder, config, math.inf)
            plans[key] = _Plan(
                config, protocol, _cell(family, workflow, config), saved, saved.load() if saved else None
            )
        return Sweep(grid, _run(plans, mesh, room))


@dataclass(frozen=True, eq=False)
class _Plan:
    config: dict[str, Any]
    protocol: Protocol
    cell: Cell
    checkpoint: Checkpoint | None
    before: Run | None


def _cell(family: Family, workflow: Workflow, config: dict[str, Any]) -> Cell:
    """Sample sizes are arguments of the program wherever its shapes do not depend on them."""
    # A workflow from elsewhere may look at its own n.
    ours = type(workflow).__module__.startswith("collapse_jax.")
    if not ours or config["engine"] == "literal" or workflow.needs_samples or family.keeps_samples:
        return cell_of(family, workflow, config["dtype"])
    schedule = np.asarray(workflow.schedule(config["generations"]), np.int64)
    return cell_of(family, workflow.without_sizes(), config["dtype"], schedule)


def _program(mesh: Any, plan: _Plan) -> Program:
    with jax.enable_x64(True):  # a setting of the thread
        return program_for(plan.cell, plan.protocol, mesh, plan.config["seed"])


def _run(plans: dict[tuple, _Plan], mesh: Any, room: int) -> dict[tuple, Run]:
    runs = {key: plan.before for key, plan in plans.items() if plan.before is not None}
    todo = {key: plan for key, plan in plans.items() if key not in runs}
    for plan in todo.values():
        if plan.checkpoint is not None:
            plan.checkpoint.probe()
    workers = os.cpu_count() or 1
    try:
        # Threads of its own: a metric may call `simulate` while it is traced, which needs threads that are free.
        with ThreadPoolExecutor(workers) as pool:
            programs = list(pool.map(partial(_program, mesh), todo.values()))
        dispatches = {
            key: Dispatches.of(program, plan.cell, plan.config["seed"], 0, plan.config["chains"])
            for (key, plan), program in zip(todo.items(), programs, strict=True)
        }
        chunks = {key: each.program.chunk(room) // each.program.block for key, each in dispatches.items()}
        # Large programs first: one that starts last keeps the other cores waiting.
        order = sorted(dispatches, key=lambda key: chunks[key])
        jobs = (partial(dispatches[key].run, index) for key in order for index in range(dispatches[key].number))
        with closing(in_order(threads(workers), jobs, max(1, min(chunks.values(), default=1)))) as results:
            for key in order:
                progress = Progress(plans[key].config)
                for _ in range(dispatches[key].number):
                    progress.add(*next(results))
                runs[key] = progress.run()
                checkpoint = plans[key].checkpoint
                if checkpoint is not None:
                    checkpoint.save(runs[key])
    except KeyboardInterrupt:
        kept = any(plan.checkpoint for plan in plans.values())
        advice = "make the same call to go on" if kept else "give a checkpoint folder to keep them"
        raise Interrupted(None, f"interrupted after {len(runs)} of {len(plans)} cells; {advice}") from None
    return {key: runs[key] for key in plans}


def _coordinates(name: str, values: Sequence) -> tuple:
    """The values of one coordinate, hashable, distinct, and of kinds that have a lasting name."""
    frozen = tuple(_frozen(name, value) for value in values)
    if len(set(frozen)) < len(frozen):
        raise ValueError(f"a value of {name!r} occurs twice in {values!r}; give every value once")
    return frozen


def _frozen(name: str, value: Any) -> Any:
    if isinstance(value, list | tuple):
        return tuple(_frozen(name, item) for item in value)
    if isinstance(value, np.generic):
        return value.item()
    if not isinstance(value, str | int | float | bool | type | None):
        raise ValueError(
            f"{name}={value!r} is no coordinate; use numbers, names, tuples of them or classes, and let build look "
            "the rest up"
        )
    return value


def _plain(value: Any) -> Any:
    """A coordinate as JSON can hold it."""
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    return f"{value.__module__}.{value.__qualname__}" if isinstance(value, type) else value


def _seed(seed: int, coordinates: Mapping[str, Any]) -> int:
    """64 bits from the seed and the coordinates of a cell."""
    text = json.dumps([int(seed), {name: _plain(value) for name, value in coordinates.items()}], sort_keys=True)
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big")
