"""The verb: a request is described, laid out over devices and processes, and collected.

A *block* of chains (by their size, 8 to 4,096) is the unit of randomness, of dispatch and of reduction. It runs
in one compiled program whose shapes do not depend on how many chains the run has, how they are chunked or how many
devices there are, and the summaries are merged in a canonical order in float64. Hence the same seed gives the same
numbers to the last bit however a run is laid out, and memory does not grow with the number of chains.
"""

import functools
import inspect
import os
from collections.abc import Callable
from typing import Any, ParamSpec

import jax

from collapse_jax.engine.collect import Progress, collect, keeping
from collapse_jax.engine.dispatch import Dispatches, cell_of, program_for
from collapse_jax.engine.layout import beside, chosen, fits, kept, mesh_of
from collapse_jax.engine.memory import budget
from collapse_jax.engine.processes import distributed as join
from collapse_jax.engine.processes import share
from collapse_jax.engine.request import Request, one_of
from collapse_jax.engine.trial import trial
from collapse_jax.results import Checkpoint, Run, merge
from collapse_jax.results.shard import part

__all__ = ["simulate"]

P = ParamSpec("P")


def _asked_by(make: Callable[P, Request]) -> Callable[[Callable[[Request], Run]], Callable[P, Run]]:
    """Give a function of a request the parameters of the request, so that they are written once.

    Where several processes work together, an error in one has to reach the others: the request is made between joining
    them and sharing.
    """

    def decorate(verb: Callable[[Request], Run]) -> Callable[P, Run]:
        @functools.wraps(verb)
        def asked(*args: P.args, **kwargs: P.kwargs) -> Run:
            unknown = [name for name in kwargs if name not in options]
            if unknown:
                raise ValueError(f"simulate has no option {unknown[0]!r}; its options are {', '.join(options)}")
            one_of(kwargs.get("shard"), kwargs.get("distributed"))
            if not kwargs.get("distributed"):
                return verb(make(*args, **kwargs))
            process, processes = join()
            runs = share(lambda: [_of_process(make(*args, **kwargs), process, processes)], process, processes)
            return merge(run for [run] in runs)

        parameters = inspect.signature(make)
        options = list(parameters.parameters)
        asked.__signature__ = parameters.replace(return_annotation=Run)  # pyright: ignore[reportAttributeAccessIssue]
        return asked

    return decorate


@_asked_by(Request)
def simulate(request: Request) -> Run:
    r"""Run recursive chains and return the moments of every metric at every generation.

    Chain c starts from `family`, the truth. Fit t = 1 is on real data; fit t >= 2 sees what `workflow` shows it of
    the data drawn from models 1 .. t - 1. Only moments, extremes and counts are kept, merged in float64.

    **Args**: those of `collapse_jax.Request`, which explains them: `simulate(family, workflow, metrics, generations=..,
    chains=.., seed=0, engine="exact", ..)`.

    **Returns**: a `Run`, from metric names to curves over t = 1 .. generations.

    **Raises**: ValueError for a size, name or combination that is not defined, and for a checkpoint that is damaged, of
    another run or cannot be written, naming the remedy; `Interrupted` on Ctrl-C and `Unsaved` when the checkpoint
    cannot be written any more, both holding the finished chains.
    """
    return _part(request, request.shard, request.progress)


def _of_process(request: Request, process: int, processes: int) -> Run:
    """The part of this process; only the first shows a bar."""
    return _part(request, (process + 1, processes), False if process else request.progress)


def _part(request: Request, shard: tuple[int, int] | None, bar: bool | None) -> Run:
    """The run, or one shard of it."""
    with jax.enable_x64(True):
        mesh = mesh_of(chosen(request.devices, request.distributed))
        device = mesh.devices.flat[0]
        room = budget(device) if request.memory is None else request.memory
        config = request.config(device.platform)
        fits(request, config["block"], room)
        if shard is not None:
            config = part(config, (int(shard[0]), int(shard[1])))
        room = beside(kept(config), room)
        saved = None
        if request.checkpoint is not None:
            place = _own(request.checkpoint, shard, request.distributed)
            saved = Checkpoint(place, config, float(request.checkpoint_every))
        return _resume(request, config, mesh, room, saved, bar)


def _own(checkpoint: str | os.PathLike, shard: tuple[int, int] | None, distributed: bool) -> str:
    """The checkpoint of this process; a folder tells shards apart by itself."""
    path = os.fspath(checkpoint)
    return f"{path}.{shard[0]}-of-{shard[1]}" if distributed and shard and not os.path.isdir(path) else path


def _resume(
    request: Request, config: dict[str, Any], mesh: Any, room: int, checkpoint: Checkpoint | None, bar: bool | None
) -> Run:
    """Run the blocks that the checkpoint does not hold."""
    before = None if checkpoint is None else checkpoint.load()
    if before is not None and before.chains == config["chains"]:
        return before
    if checkpoint is not None:
        checkpoint.probe()
    progress = Progress(config, before)
    todo = config["chains"] - progress.chains
    with keeping(progress, checkpoint):
        if todo:
            trial(request)
            cell = cell_of(request)
            program = program_for(cell, request.protocol, mesh, config["seed"])
            first = config["first_block"] + progress.whole
            dispatches = Dispatches.of(program, cell, config["seed"], first, todo)
            size = min(request.chunk or program.chunk(room), config["chains"])
            collect(dispatches, progress, max(1, size // (config["block"] * program.width)), checkpoint, bar)
        run = progress.run()
        if checkpoint is not None:
            checkpoint.save(run)
        return run
