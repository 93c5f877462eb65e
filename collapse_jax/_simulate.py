"""Running the scan at scale: blocks of chains are dispatched to devices and merged in block order on the host.

A *block* of 1,024 chains is the unit of randomness, of dispatch and of reduction. It runs in one compiled program
whose shapes do not depend on how many chains the run has, how they are chunked or how many devices there are, and its
summary is merged in block order in float64. Hence the same seed gives the same numbers to the last bit however a run
is laid out, and memory does not grow with the number of chains.
"""

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from itertools import islice
from threading import Lock
from typing import Any, NamedTuple

import equinox as eqx
import jax
import numpy as np
from jax.sharding import AxisType, Mesh, NamedSharding, PartitionSpec
from jaxtyping import PyTree
from tqdm import tqdm

from collapse_jax import metrics as _metrics
from collapse_jax._run import Run, configuration, versions
from collapse_jax._scan import SUMMARY, Protocol, block_summary
from collapse_jax.estimate import Moments4
from collapse_jax.families import Engine, Family
from collapse_jax.metrics import Metric, PathMetric
from collapse_jax.workflows import Workflow

__all__ = ["BLOCK", "Interrupted", "simulate"]

BLOCK = 1024
_DEFAULT_MEMORY = 2 << 30


class Interrupted(KeyboardInterrupt):
    """Ctrl-C during `simulate`; `run` holds the chains that were finished, or None."""

    def __init__(self, run: Run | None):
        super().__init__("interrupted")
        self.run = run


def _cast(tree: PyTree, dtype: str) -> PyTree:
    """Hyper-parameters as arrays of one precision, so that changing a value never recompiles."""

    def one(leaf):
        if isinstance(leaf, bool | int) or not eqx.is_array_like(leaf):
            return leaf
        array = np.asarray(leaf)
        return array.astype(dtype) if np.issubdtype(array.dtype, np.floating) else array

    return jax.tree.map(one, tree)


# Threads that ask for one program wait for the first to compile it; the locks are few, and shared by chance.
_LOCKS = tuple(Lock() for _ in range(64))


def _program(*key: Any) -> Any:
    """The compiled program of these arguments, compiled once however many threads ask."""
    with _LOCKS[hash(key) % len(_LOCKS)]:
        return _compiled(*key)


@lru_cache(maxsize=128)
def _compiled(
    statics: "_Statics", structure: Any, arguments: "_Example", protocol: Protocol, mesh: Mesh, per_device: int
):
    """The program for one dispatch: `per_device` blocks on every device of the mesh."""

    def dispatch(seed, blocks, valid, leaves):
        family, workflow = eqx.combine(jax.tree.unflatten(structure, leaves), statics.value)

        def one(block, count):
            return block_summary(jax.random.key(seed), block, count, family, workflow, protocol)

        if per_device == 1:
            return jax.tree.map(lambda leaf: leaf[None], one(blocks[0], valid[0]))
        return jax.vmap(one)(blocks, valid)

    if mesh.size > 1:
        chains, everywhere = PartitionSpec("chains"), PartitionSpec()
        specs = (everywhere, chains, chains, everywhere)
        dispatch = jax.shard_map(dispatch, mesh=mesh, in_specs=specs, out_specs=chains, check_vma=False)
    lowered = jax.jit(dispatch).lower(*arguments.value)
    try:
        return lowered.compile(_compiler_options(mesh.devices.flat[0].platform, protocol.optimisation))
    except jax.errors.JaxRuntimeError as error:
        reason = str(error).splitlines()[0]
        raise ValueError(
            f"no program for this run: {reason}; use a smaller n, block or number of generations, or engine='exact'"
        ) from None


@lru_cache
def _compiler_options(platform: str, optimisation: int) -> Any:
    """Options of XLA for a CPU. LLVM's first level is as fast as its last and compiles in 0.8 of the time."""
    options: dict[str, Any] = {"xla_backend_optimization_level": optimisation}
    if optimisation == 0:
        options |= {"xla_cpu_use_fusion_emitters": False, "xla_cpu_parallel_codegen_split_count": 1}

    def known(name: str) -> bool:
        try:
            jax.jit(lambda: 0).lower().compile({name: options[name]})
        except jax.errors.JaxRuntimeError:  # a version of XLA without this option
            return False
        return True

    return {name: value for name, value in options.items() if platform == "cpu" and known(name)}


class _Example:
    """Arguments of a program, hashed and compared by shape, precision and placement only."""

    def __init__(self, value: PyTree):
        self.value = value
        self._key = tuple((leaf.shape, leaf.dtype, leaf.sharding) for leaf in jax.tree.leaves(value))

    def __hash__(self):
        return hash(self._key)

    def __eq__(self, other):
        return isinstance(other, _Example) and self._key == other._key


class _Statics:
    """Hashable box for the static half of (family, workflow), compared by value."""

    def __init__(self, value: PyTree):
        self.value = value
        self._key = (jax.tree.structure(value), tuple(jax.tree.leaves(value)))

    def __hash__(self):
        return hash(self._key)

    def __eq__(self, other):
        return isinstance(other, _Statics) and self._key == other._key


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
    keep_paths: int = 0,
    block: int = BLOCK,
    chunk: int | None = None,
    memory: int = _DEFAULT_MEMORY,
    devices: int | Sequence[Any] | None = 1,
    progress: bool | None = None,
    first_block: int = 0,
    optimisation: int = 1,
) -> Run:
    r"""Run recursive chains and return the moments of every metric at every generation.

    Chain c starts from `family`, the truth. Fit t = 1 is on real data; fit t >= 2 sees what `workflow` shows it of
    the data drawn from models 1 .. t - 1. Only moments, extremes and counts are kept, merged in float64.

    **Args**: `metrics`: names (see `collapse_jax.METRICS`) or named functions (model, truth) -> value per chain;
    `generations`: number of fits; `chains`: independent repetitions; `engine`: "exact" draws sufficient statistics
    from their law, "literal" draws raw data; `dtype`: "float64" or "float32" for the chains (summaries are float64);
    `keep_paths`: keep the metric values of the first so many chains; `block`: chains per block, part of what
    determines the random numbers; `chunk`: chains in flight at once, by default what fits in `memory` bytes;
    `devices`: how many of `jax.devices()` to use (None for all), or the devices; `progress`: show a bar, by default
    when standard error is a terminal; `first_block`: skip that many blocks, so that runs can be continued and added;
    `optimisation`: 0 to 3, how hard LLVM tries on a CPU: 0 compiles three times faster than 1 and runs three times
    slower, and may differ in the last bits.

    **Raises**: ValueError for a size, name or combination that is not defined, naming the remedy; `Interrupted` on
    Ctrl-C, holding the finished chains.
    """
    names = list(metrics) if isinstance(metrics, Sequence) and not isinstance(metrics, str) else [metrics]
    resolved = tuple(_metrics.resolve(metric) for metric in names)
    _validate(
        family,
        workflow,
        resolved,
        engine,
        dtype,
        generations=generations,
        chains=chains,
        block=block,
        keep_paths=keep_paths,
        first_block=first_block,
        seed=seed,
        optimisation=optimisation,
        chunk=1 if chunk is None else chunk,
        memory=memory,
    )
    # NumPy integers are welcome, but a configuration has to be written as JSON.
    generations, chains, seed, block = int(generations), int(chains), int(seed), int(block)
    keep_paths, first_block = int(keep_paths), int(first_block)
    protocol = Protocol(resolved, generations, engine, dtype, block, keep_paths > 0, int(optimisation))
    config = {
        "family": configuration(family),
        "workflow": configuration(workflow),
        "metrics": [name for name, _ in resolved],
        "generations": generations,
        "chains": chains,
        "seed": seed,
        "engine": engine,
        "dtype": dtype,
        "block": block,
        "first_block": first_block,
        "keep_paths": min(keep_paths, chains),
        "optimisation": int(optimisation),
        **versions(),
    }
    with jax.enable_x64(True):
        mesh = _mesh(devices)
        dispatches = _dispatches(family, workflow, protocol, mesh, seed, chains, first_block)
        size = chunk or _chunk_size(dispatches, memory)
        return _collect(dispatches, config, max(1, size // (block * dispatches.width)), keep_paths, progress)


class _Dispatches(NamedTuple):
    """Everything needed to start the dispatches of a run: a compiled program, its arguments, and how many there are."""

    program: Any
    arguments: Callable[[int], tuple]
    number: int
    width: int
    chains: int
    block: int
    workers: int

    def run(self, index: int) -> list[tuple[Moments4, tuple[np.ndarray, ...] | None]]:
        """The summaries of the blocks of one dispatch, in block order, on the host."""
        with jax.enable_x64(True):
            summary, paths = jax.device_get(self.program(*self.arguments(index)))
        blocks = min(self.width, -(-self.chains // self.block) - index * self.width)
        return [
            (
                Moments4(*(summary[name][i].astype(np.float64) for name in SUMMARY)),
                None if paths is None else tuple(values[i] for values in paths),
            )
            for i in range(blocks)
        ]


def _mesh(devices: int | Sequence[Any] | None) -> Mesh:
    available = jax.devices()
    if isinstance(devices, bool | float) or (not isinstance(devices, int) and devices is not None and not len(devices)):
        raise ValueError(f"devices={devices!r} is not a number of devices or a list of them; use for example devices=1")
    if isinstance(devices, int) and not 1 <= devices <= len(available):
        raise ValueError(
            f"devices={devices} but JAX sees {len(available)}; set JAX_NUM_CPU_DEVICES to split a CPU, or use fewer"
        )
    chosen = available if devices is None else available[:devices] if isinstance(devices, int) else list(devices)
    return Mesh(np.asarray(chosen), ("chains",), axis_types=(AxisType.Auto,))


def _dispatches(family, workflow, protocol: Protocol, mesh: Mesh, seed: int, chains: int, first_block: int):
    dynamic, static = eqx.partition(_cast((family, workflow), protocol.dtype), eqx.is_array)
    leaves, structure = jax.tree.flatten(dynamic)
    on_cpu = mesh.devices.flat[0].platform == "cpu"
    # A CPU core is filled by one block, an accelerator by many; a constant of the platform, so bits do not depend
    # on the layout of a run.
    per_device = 1 if on_cpu else 64
    width = per_device * mesh.size
    sharded = NamedSharding(mesh, PartitionSpec("chains")) if mesh.size > 1 else mesh.devices.flat[0]
    replicated = NamedSharding(mesh, PartitionSpec()) if mesh.size > 1 else mesh.devices.flat[0]
    leaves = jax.device_put(leaves, replicated)
    seed_array = jax.device_put(np.uint32(seed) if seed < 1 << 32 else np.uint64(seed), replicated)

    def arguments(index: int) -> tuple:
        position = np.arange(index * width, (index + 1) * width)
        valid = np.clip(chains - position * protocol.block, 0, protocol.block)
        blocks = jax.device_put((position + first_block).astype(np.uint32), sharded)
        return seed_array, blocks, jax.device_put(valid.astype(np.int32), sharded), leaves

    program = _program(_Statics(static), structure, _Example(arguments(0)), protocol, mesh, per_device)
    workers = (os.cpu_count() or 1) if on_cpu and mesh.size == 1 else 2
    return _Dispatches(
        program, arguments, -(-chains // (protocol.block * width)), width, chains, protocol.block, workers
    )


def _chunk_size(dispatches: _Dispatches, memory: int) -> int:
    """Chains whose dispatches, run by all workers at once, stay within `memory` bytes."""
    needed = dispatches.program.memory_analysis()
    chains = dispatches.width * dispatches.block
    if needed is None:
        return chains * dispatches.workers
    bytes_each = needed.temp_size_in_bytes + needed.output_size_in_bytes
    if bytes_each > memory:
        raise ValueError(
            f"a block of {dispatches.block} chains needs {bytes_each >> 20} MiB, over the budget of "
            f"{memory >> 20} MiB; use a smaller block, fewer generations, engine='exact' or more memory"
        )
    return chains * int(min(max(1, memory // max(bytes_each, 1)), 256))


def _collect(dispatches: _Dispatches, config: dict, per_chunk: int, keep_paths: int, progress: bool | None) -> Run:
    shape = (config["generations"], len(config["metrics"]))
    total = Moments4.none(shape)
    paths: dict[str, list[np.ndarray]] = {name: [] for name in config["metrics"]}
    done = 0

    def finish() -> Run:
        kept = {name: np.concatenate(parts, -1)[:, :keep_paths] for name, parts in paths.items()} if keep_paths else {}
        return Run(
            {**config, "chains": min(done, config["chains"]), "keep_paths": min(keep_paths, done, config["chains"])},
            total,
            kept,
        )

    bar = tqdm(
        total=config["chains"], unit=" chains", unit_scale=True, disable=None if progress is None else not progress
    )
    try:
        with bar, ThreadPoolExecutor(min(dispatches.workers, per_chunk)) as pool:
            for result in _in_order(pool, dispatches, per_chunk):
                for summary, values in result:
                    total = total + summary
                    room = keep_paths - done
                    if values is not None and room > 0:
                        inside = min(room, config["chains"] - done)
                        for parts, kept in zip(paths.values(), values, strict=True):
                            parts.append(kept[:, :inside])
                    done += dispatches.block
                    bar.update(min(dispatches.block, config["chains"] - bar.n))
    except KeyboardInterrupt:
        raise Interrupted(finish() if done else None) from None
    return finish()


def _in_order(pool: ThreadPoolExecutor, dispatches: _Dispatches, per_chunk: int) -> Iterator[list]:
    """Results of all dispatches in order, at most `per_chunk` of them pending; a failure cancels the rest."""
    pending = []
    todo = iter(range(dispatches.number))
    try:
        pending = [pool.submit(dispatches.run, index) for index in islice(todo, per_chunk)]
        while pending:
            result = pending.pop(0).result()
            pending.extend(pool.submit(dispatches.run, index) for index in islice(todo, 1))
            yield result
    finally:
        for future in pending:
            future.cancel()


def _validate(
    family,
    workflow,
    metrics,
    engine,
    dtype,
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
    if first_block + -(-chains // block) > 1 << 31:
        raise ValueError("only 2^31 blocks have random numbers of their own; use fewer chains or another seed")
    workflow.check(family, generations)
    largest = max(workflow.fitted_sizes(generations))
    raw = engine == "literal" or workflow.needs_samples or family.keeps_samples
    if raw and largest * block * np.dtype(dtype).itemsize > memory:
        raise ValueError(
            f"a block of {block} chains of {largest:.3g} observations does not fit in {memory >> 20} MiB; "
            "use a smaller n or block, engine='exact', or more memory"
        )
    family.check(workflow.fitted_sizes(generations), "literal" if workflow.needs_samples else engine)
