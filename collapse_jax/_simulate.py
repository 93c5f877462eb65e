"""The verb: a run is checked, described, laid out over devices and processes, and collected.

A *block* of chains (by their size, 8 to 4,096) is the unit of randomness, of dispatch and of reduction. It runs
in one compiled program whose shapes do not depend on how many chains the run has, how they are chunked or how many
devices there are, and the summaries are merged in a canonical order in float64. Hence the same seed gives the same
numbers to the last bit however a run is laid out, and memory does not grow with the number of chains.
"""

import os
from collections.abc import Sequence
from typing import Any

import jax
import numpy as np

from collapse_jax import metrics as _metrics
from collapse_jax._checkpoint import Checkpoint
from collapse_jax._collect import Progress, collect, keeping
from collapse_jax._dispatch import Dispatches, cell_of, mesh_of, program_for
from collapse_jax._memory import budget
from collapse_jax._processes import distributed as _join
from collapse_jax._processes import share
from collapse_jax._run import Run, configuration, versions
from collapse_jax._scan import Protocol
from collapse_jax._shard import merge, part
from collapse_jax._triangle import UNROLL
from collapse_jax.families import Engine, Family
from collapse_jax.metrics import Metric, PathMetric
from collapse_jax.random import Draws, Sampler
from collapse_jax.workflows import Workflow

__all__ = ["BLOCK", "simulate"]

BLOCK = 1024


def simulate(
    family: Family,
    workflow: Workflow,
    metrics: str | Metric | PathMetric | Sequence[str | Metric | PathMetric],
    *,
    generations: int,
    chains: int,
    seed: int = 0,
    engine: Engine = "exact",
    dtype: str = "float64",
    draws: Draws | None = None,
    sampler: Sampler = "quantile",
    keep_paths: int = 0,
    block: int | None = None,
    chunk: int | None = None,
    memory: int | None = None,
    devices: int | Sequence[Any] | None = 1,
    progress: bool | None = None,
    first_block: int = 0,
    shard: tuple[int, int] | None = None,
    distributed: bool = False,
    checkpoint: str | os.PathLike | None = None,
    checkpoint_every: int | float = 30,
    optimisation: int = 1,
) -> Run:
    r"""Run recursive chains and return the moments of every metric at every generation.

    Chain c starts from `family`, the truth. Fit t = 1 is on real data; fit t >= 2 sees what `workflow` shows it of
    the data drawn from models 1 .. t - 1. Only moments, extremes and counts are kept, merged in float64.

    **Args**: `metrics`: names (see `collapse_jax.METRICS`) or named functions (model, truth) -> value per chain;
    `generations`: number of fits; `chains`: independent repetitions; `engine`: "exact" draws sufficient statistics
    from their law, "literal" draws raw data; `dtype`: "float64" or "float32" for the chains (summaries are float64);
    `draws`: precision of the random draws, that of `dtype` by default; `sampler`: "quantile" inverts distribution
    functions, "rejection" proposes and rejects;
    `keep_paths`: keep the metric values of the first so many chains; `block`: chains per block, part of what
    determines the random numbers (by default 1,024; 4,096 where a model is a few numbers; fewer where a chain is large:
    256 or 128 with a pool or a sample kept, 128, 32 and 8 with matrices larger than 16, 32 and 64); `chunk`: chains in
    flight at once, by default what fits in `memory` bytes; `memory`: by default half of what the device has, on a CPU
    at most 2 GiB;
    `devices`: how many of `jax.devices()` to use (None for all), or the devices; `progress`: show a bar, by default
    when standard error is a terminal; `first_block`: skip that many blocks, so that runs can be continued and added;
    `shard`: (i, N) runs the i-th of N parts, i = 1 .. N, to be joined by `collapse_jax.merge`;
    `distributed`: every process of a job (see `collapse_jax.distributed`) runs a part on its devices, and all return
    the whole run; `checkpoint`: a file, or a folder to put one in, where the finished blocks are written every
    `checkpoint_every` seconds and at the end: the same call resumes there, also with more chains;
    `optimisation`: 0 to 3, how hard LLVM tries on a CPU: 0 compiles three times faster than 1 and runs four times
    slower, and may differ in the last bits.

    **Raises**: ValueError for a size, name or combination that is not defined, and for a checkpoint that is damaged, of
    another run or cannot be written, naming the remedy; `Interrupted` on Ctrl-C and `Unsaved` when the checkpoint
    cannot be written any more, both holding the finished chains.
    """
    _validate_layout(shard, distributed, checkpoint_every)
    every = float(checkpoint_every)

    def run(part_of: tuple[int, int] | None, bar: bool | None) -> Run:
        with jax.enable_x64(True):
            config, protocol = request(
                family,
                workflow,
                metrics,
                generations=generations,
                chains=chains,
                seed=seed,
                engine=engine,
                dtype=dtype,
                draws=draws,
                sampler=sampler,
                keep_paths=keep_paths,
                block=block,
                chunk=chunk,
                memory=memory,
                first_block=first_block,
                optimisation=optimisation,
            )
            mesh = mesh_of(_chosen(devices, distributed))
            config["platform"] = mesh.devices.flat[0].platform
            room = budget(mesh.devices.flat[0]) if memory is None else memory
            validate_memory(family, workflow, config, room)
            if part_of is not None:
                config = part(config, (int(part_of[0]), int(part_of[1])))
            saved = None if checkpoint is None else Checkpoint(_own(checkpoint, part_of, distributed), config, every)
            return _resume(family, workflow, protocol, config, mesh, chunk, room, saved, bar)

    if not distributed:
        return run(shard, progress)
    # An error in one process has to reach the others, so everything else happens between joining and sharing.
    process, processes = _join()
    return merge(share(lambda: run((process + 1, processes), False if process else progress), process, processes))


def request(
    family: Family,
    workflow: Workflow,
    metrics: str | Metric | PathMetric | Sequence[str | Metric | PathMetric],
    *,
    generations: int,
    chains: int,
    seed: int,
    engine: Engine,
    dtype: str,
    draws: Draws | None,
    sampler: Sampler,
    keep_paths: int,
    block: int | None,
    chunk: int | None,
    memory: int | None,
    first_block: int,
    optimisation: int,
    most: int | None = None,
) -> tuple[dict[str, Any], Protocol]:
    """What was asked for, checked: the configuration of a run, its platform left open, and the static part of it.

    `most`: chains in a block at the most, where `block` is left open.
    """
    names = list(metrics) if isinstance(metrics, Sequence) and not isinstance(metrics, str) else [metrics]
    resolved = tuple(_metrics.resolve(metric) for metric in names)
    _validate(
        family,
        workflow,
        resolved,
        engine,
        dtype,
        draws,
        sampler,
        generations=generations,
        chains=chains,
        block=BLOCK if block is None else block,
        keep_paths=keep_paths,
        first_block=first_block,
        seed=seed,
        optimisation=optimisation,
        chunk=1 if chunk is None else chunk,
        memory=1 if memory is None else memory,
    )
    if block is None:
        block = _block(family, workflow, engine)
        block = block if most is None else min(block, most)
    if first_block + -(-chains // block) > 1 << 31:
        raise ValueError("only 2^31 blocks have random numbers of their own; use fewer chains or another seed")
    # NumPy integers are welcome, but a configuration has to be written as JSON.
    config = {
        "family": configuration(family),
        "workflow": configuration(workflow),
        "metrics": [name for name, _ in resolved],
        "generations": int(generations),
        "chains": int(chains),
        "seed": int(seed),
        "engine": engine,
        "dtype": dtype,
        "draws": draws or dtype,
        "sampler": sampler,
        "block": int(block),
        "first_block": int(first_block),
        "keep_paths": int(keep_paths),
        "optimisation": int(optimisation),
        "platform": None,
        **versions(),
    }
    protocol = Protocol(
        resolved,
        config["generations"],
        engine,
        dtype,
        config["block"],
        config["keep_paths"] > 0,
        config["optimisation"],
        None if draws == dtype else draws,
        sampler,
    )
    return config, protocol


def _block(family: Family, workflow: Workflow, engine: Engine) -> int:
    """As many chains as keep a core busy without leaving its cache."""
    if workflow.needs_samples:
        return BLOCK // 4
    if engine == "literal":
        return BLOCK
    if family.keeps_samples:
        return BLOCK // 8
    if family.order > UNROLL:  # dense matrices
        return BLOCK // 8 if family.order <= 32 else BLOCK // 32 if family.order <= 64 else BLOCK // 128
    numbers = sum(np.size(getattr(family, name)) for name in family.parameters)
    return 4 * BLOCK if numbers <= 4 else BLOCK


def _own(checkpoint: str | os.PathLike, shard: tuple[int, int] | None, distributed: bool) -> str:
    """The checkpoint of this process; a folder tells shards apart by itself."""
    path = os.fspath(checkpoint)
    return f"{path}.{shard[0]}-of-{shard[1]}" if distributed and shard and not os.path.isdir(path) else path


def _resume(family, workflow, protocol, config, mesh, chunk, room, checkpoint: Checkpoint | None, bar) -> Run:
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
            cell = cell_of(family, workflow, config["dtype"])
            program = program_for(cell, protocol, mesh, config["seed"])
            first = config["first_block"] + progress.whole
            dispatches = Dispatches.of(program, cell, config["seed"], first, todo)
            size = chunk or program.chunk(room)
            collect(dispatches, progress, max(1, size // (config["block"] * program.width)), checkpoint, bar)
        run = progress.run()
        if checkpoint is not None:
            checkpoint.save(run)
        return run


def _chosen(devices: int | Sequence[Any] | None, distributed: bool) -> list[Any]:
    """The devices asked for, of this process if there are several."""
    available = jax.local_devices() if distributed else jax.devices()
    if isinstance(devices, bool | float) or (not isinstance(devices, int) and devices is not None and not len(devices)):
        raise ValueError(f"devices={devices!r} is not a number of devices or a list of them; use for example devices=1")
    if isinstance(devices, int) and not 1 <= devices <= len(available):
        raise ValueError(
            f"devices={devices} but JAX sees {len(available)}; set JAX_NUM_CPU_DEVICES to split a CPU, or use fewer"
        )
    return available if devices is None else available[:devices] if isinstance(devices, int) else list(devices)


def _validate(
    family,
    workflow,
    metrics,
    engine,
    dtype,
    draws,
    sampler,
    *,
    generations,
    chains,
    block,
    keep_paths,
    first_block,
    seed,
    chunk,
    memory,
    optimisation,
):
    if not isinstance(family, Family) or not isinstance(workflow, Workflow):
        raise ValueError(
            "simulate(family, workflow, ...) takes a Family and a Workflow, e.g. Gaussian(ddof=1) and Replace(n=100)"
        )
    least = {
        "generations": (generations, 1),
        "chains": (chains, 1),
        "block": (block, 2),
        "keep_paths": (keep_paths, 0),
        "first_block": (first_block, 0),
        "seed": (seed, 0),
        "chunk": (chunk, 1),
        "memory": (memory, 1),
        "optimisation": (optimisation, 0),
    }
    for name, (value, lowest) in least.items():
        if isinstance(value, bool) or not isinstance(value, int | np.integer) or value < lowest:
            raise ValueError(f"{name}={value!r} is not possible; use a whole number >= {lowest}")
    if optimisation > 3:
        raise ValueError(f"optimisation={optimisation} is not a level of LLVM; use 0 to 3")
    if seed >= 1 << 64:
        raise ValueError(f"seed={seed} does not fit 64 bits; use a seed below 2^64")
    if engine not in ("exact", "literal"):
        raise ValueError(f"engine={engine!r} is unknown; use 'exact' or 'literal'")
    if dtype not in ("float32", "float64"):
        raise ValueError(f"dtype={dtype!r} is unknown; use 'float64' or 'float32'")
    if draws not in (None, "float32", "float64"):
        raise ValueError(f"draws={draws!r} is unknown; use 'float64', 'float32' or None for that of dtype")
    if draws == "float64" and dtype == "float32":
        raise ValueError(
            "draws='float64' with dtype='float32' would be rounded away; use dtype='float64' too, or no draws"
        )
    if sampler not in ("quantile", "rejection"):
        raise ValueError(f"sampler={sampler!r} is unknown; use 'quantile' or 'rejection'")
    if not metrics:
        raise ValueError("no metric to record; name at least one")
    if len({name for name, _ in metrics}) < len(metrics):
        raise ValueError("two metrics have the same name; rename one of the functions")
    known = _metrics.metrics_for(family)
    for name, metric in metrics:
        if _metrics.METRICS.get(name) is metric and name not in known:
            raise ValueError(
                f"metric {name!r} is not defined for {type(family).__name__}; defined are {', '.join(known)}"
            )
    workflow.check(family, generations)
    family.check(workflow.fitted_sizes(generations), "literal" if workflow.needs_samples else engine)


def _validate_layout(shard, distributed, checkpoint_every):
    if shard is not None:
        whole = (
            isinstance(shard, Sequence)
            and len(shard) == 2
            and all(isinstance(number, int | np.integer) and not isinstance(number, bool) for number in shard)
        )
        if not whole or not 1 <= shard[0] <= shard[1]:
            raise ValueError(f"shard={shard!r} is not possible; use (i, N) with i = 1 .. N")
        if distributed:
            raise ValueError("distributed=True gives every process a shard; leave shard out")
    number = isinstance(checkpoint_every, int | float) and not isinstance(checkpoint_every, bool)
    if not number or not checkpoint_every >= 0:
        raise ValueError(f"checkpoint_every={checkpoint_every!r} is not possible; use seconds >= 0")


def validate_memory(family: Family, workflow: Workflow, config: dict[str, Any], memory: int) -> None:
    """Refuse raw data that no block could hold."""
    if config["engine"] != "literal" and not workflow.needs_samples and not family.keeps_samples:
        return
    largest, block = max(workflow.fitted_sizes(config["generations"])), config["block"]
    if largest * block * np.dtype(config["dtype"]).itemsize > memory:
        raise ValueError(
            f"a block of {block} chains of {largest:.3g} observations does not fit in {memory >> 20} MiB; "
            "use a smaller n or block, engine='exact', or more memory"
        )
