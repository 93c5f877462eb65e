"""Grids of runs: cells of equal shapes share one compiled program, and all cells share the cores."""

import hashlib
import inspect
import json
import math
import os
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, replace
from functools import partial
from itertools import product
from typing import Any

import jax
import numpy as np

from collapse_jax.engine.collect import Interrupted, Progress, in_order, threads
from collapse_jax.engine.dispatch import Cell, Dispatches, Program, cell_of, program_for
from collapse_jax.engine.grid import Sweep
from collapse_jax.engine.layout import beside, chosen, fits, kept, mesh_of, on_cpu
from collapse_jax.engine.memory import budget
from collapse_jax.engine.processes import distributed as join_processes
from collapse_jax.engine.processes import share
from collapse_jax.engine.request import Metrics, Request, one_of
from collapse_jax.engine.trial import trial
from collapse_jax.families import Family
from collapse_jax.results import Checkpoint, Run
from collapse_jax.workflows import Workflow
from collapse_jax.workflows._workflow import kind

__all__ = ["sweep"]


def sweep(
    build: Callable[..., tuple[Family, Workflow]], over: Mapping[str, Sequence], metrics: Metrics, **options: Any
) -> Sweep:
    """Run a grid of settings as `simulate` runs one.

    `build(**coordinates)` makes the family and the workflow of a cell; `over` gives the values of every coordinate,
    and the cells are all their combinations. In the exact engine sample sizes and schedules are numbers like any
    other, so that a program is compiled only where a shape or a class changes (a dimension, a vocabulary, another
    workflow), the programs beside one another; cells then run beside one another too. Every cell has random numbers of
    its own, from `seed` and its coordinates, which do not depend on the other cells. A cell has the law of `simulate`,
    not its bits, as known sizes allow shorter tables of quantiles there.

    **Args**: `options`: those of `collapse_jax.Request` but for `chunk`, `progress` and `first_block`; `block` is by
    default at most the number of chains; `shard`: (i, N) runs every N-th cell from the i-th on, to be joined by
    `Sweep.join`; `distributed`: every process of a job runs such a shard, and all return the whole sweep; `checkpoint`:
    a folder in which every finished cell is kept, so that the same call goes on where it was stopped.

    **Returns**: a `Sweep`, from coordinates to runs.

    **Raises**: ValueError as `simulate`, naming the cell; `Interrupted` on Ctrl-C.
    """
    _validate(build, over)
    if unfit := [name for name in ("chunk", "progress", "first_block") if name in options]:
        raise ValueError(f"{unfit[0]} is an option of one run, not of a sweep; leave it out")
    seed = options.get("seed", 0)
    if isinstance(seed, bool) or not isinstance(seed, int | np.integer) or seed < 0:
        raise ValueError(f"seed={seed!r} is not possible; use a whole number >= 0")
    grid = {name: _coordinates(name, values) for name, values in over.items()}
    cells = [dict(zip(grid, key, strict=True)) for key in product(*grid.values())]

    def run(shard: tuple[int, int] | None) -> dict[tuple, Run]:
        requests = {}
        for coordinates in cells:
            try:
                made = _request(_built(build, coordinates), coordinates, metrics, options)
            except ValueError as error:
                raise ValueError(f"cell {coordinates}: {error}") from None
            requests[tuple(coordinates.values())] = made
        return _cells(requests, grid, shard)

    one_of(options.get("shard"), options.get("distributed"))
    if not options.get("distributed"):
        return Sweep(grid, run(options.get("shard")), int(seed))
    # An error in one process has to reach the others, so everything happens between joining and sharing.
    process, processes = join_processes()
    shares = share(lambda: list(run((process + 1, processes)).values()), process, processes)
    keys, found = [tuple(coordinates.values()) for coordinates in cells], {}
    for index, runs in enumerate(shares):
        found |= zip(keys[index::processes], runs, strict=True)
    return Sweep(grid, {key: found[key] for key in keys}, int(seed))


def _validate(build: Any, over: Any) -> None:
    """Refuse what is no grid, or nothing that makes its cells."""
    example = "give for example over={'n': (10, 100)}"
    if not callable(build):
        raise ValueError(f"build={build!r} is no function; give one of the coordinates that returns (family, workflow)")
    if not isinstance(over, Mapping) or not all(isinstance(name, str) for name in over):
        raise ValueError(f"over={over!r} is no grid; {example}, from names to values")
    for name, values in over.items():
        if not isinstance(values, Sequence | np.ndarray) or isinstance(values, str | bytes):
            raise ValueError(f"over[{name!r}]={values!r} is no sequence of values; {example}")
    if not over or not all(len(values) for values in over.values()):
        raise ValueError(f"there is nothing to sweep over; {example}")
    try:
        inspect.signature(build).bind(**over)
    except TypeError as error:
        raise ValueError(f"build does not take the coordinates {', '.join(over)}: {error}") from None
    except ValueError:  # a callable that does not say what it takes
        return


def _built(build: Callable[..., Any], coordinates: Mapping[str, Any]) -> tuple[Family, Workflow]:
    found = build(**coordinates)
    pair = isinstance(found, tuple) and len(found) == 2
    if not pair or not isinstance(found[0], Family) or not isinstance(found[1], Workflow):
        raise ValueError(f"build returned {kind(found)}; return a family and a workflow, in this order")
    return found


def _request(cell: tuple[Family, Workflow], coordinates: Mapping[str, Any], metrics: Any, options: dict) -> Request:
    """The request of one cell, its blocks no larger than it has chains."""
    seed = _seed(options.get("seed", 0), coordinates)
    request = Request(*cell, metrics, **{"sizes": "traced", **options, "seed": seed})
    if request.block is not None:
        return request
    return replace(request, block=min(request.chains_per_block, max(2, request.chains)))


@dataclass(frozen=True, eq=False)
class _Plan:
    request: Request
    config: dict[str, Any]
    checkpoint: Checkpoint | None
    before: Run | None


def _cells(
    requests: dict[tuple, Request], grid: Mapping[str, tuple], shard: tuple[int, int] | None
) -> dict[tuple, Run]:
    """The runs of all cells, or of those of a shard."""
    keys = list(requests) if shard is None else list(requests)[shard[0] - 1 :: shard[1]]
    if not keys:
        return {}
    with jax.enable_x64(True):
        first = requests[keys[0]]
        mesh = mesh_of(chosen(first.devices, first.distributed))
        device = mesh.devices.flat[0]
        room = budget(device) if first.memory is None else first.memory
        folder = None if first.checkpoint is None else os.path.join(os.fspath(first.checkpoint), "")
        plans = {}
        for key in keys:
            request, coordinates = requests[key], dict(zip(grid, key, strict=True))
            config = request.config(device.platform)
            config["coordinates"] = {name: _plain(value) for name, value in coordinates.items()}
            try:
                fits(request, config["block"], room)
            except ValueError as error:
                raise ValueError(f"cell {coordinates}: {error}") from None
            saved = None if folder is None else Checkpoint(folder, config, math.inf)
            plans[key] = _Plan(request, config, saved, saved.load() if saved else None)
        return _run(plans, mesh, beside(sum(kept(plan.config) for plan in plans.values()), room))


def _program(mesh: Any, request: Request) -> tuple[Cell, Program]:
    with jax.enable_x64(True):  # a setting of the thread
        trial(request)
        cell = cell_of(request)
        return cell, program_for(cell, request.protocol, mesh, int(request.seed))


def _run(plans: dict[tuple, _Plan], mesh: Any, room: int) -> dict[tuple, Run]:
    runs = {key: plan.before for key, plan in plans.items() if plan.before is not None}
    todo = {key: plan for key, plan in plans.items() if key not in runs}
    for plan in todo.values():
        if plan.checkpoint is not None:
            plan.checkpoint.probe()
    workers = (os.cpu_count() or 1) if on_cpu(mesh) and mesh.size == 1 else 2
    try:
        # Threads of its own: a metric may call `simulate` while it is traced, which needs threads that are free.
        with ThreadPoolExecutor(workers) as pool:
            programs = list(pool.map(partial(_program, mesh), (plan.request for plan in todo.values())))
        dispatches = {
            key: Dispatches.of(program, cell, plan.config["seed"], 0, plan.config["chains"])
            for (key, plan), (cell, program) in zip(todo.items(), programs, strict=True)
        }
        chunks = {key: each.program.dispatches(room) for key, each in dispatches.items()}
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
