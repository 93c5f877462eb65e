"""The library's own columns, and the floor below them: the same random numbers, drawn alike, and no chain."""

import os
from concurrent.futures import ThreadPoolExecutor
from functools import cache, partial
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from benchmarks.rows import Row
from collapse_jax import random, simulate
from collapse_jax.engine.xla import compiler_options

# dtype, draws, engine
_SETTINGS = {
    "ours_literal": ("float32", None, "literal"),
    "ours_f32": ("float32", None, "exact"),
    "ours_f64": ("float64", None, "exact"),
    "ours_f32draws": ("float64", "float32", "exact"),
}


def ours(row: Row, column: str, chains: int, seed: int = 0, devices: int | None = 1, **changes: Any) -> Any:
    """The `Run` of one of the columns `ours_*`."""
    dtype, draws, engine = _SETTINGS[column]
    arguments = {
        "generations": row.generations,
        "chains": chains,
        "seed": seed,
        "dtype": dtype,
        "draws": draws,
        "engine": engine,
        "block": block_of(row, column),
        "devices": devices,
        "progress": False,
        **changes,
    }
    return simulate(row.family(), row.workflow, list(row.metrics), **arguments)


def block_of(row: Row, column: str) -> int:
    """Chains per block of a column of the library or of a floor."""
    return row.literal_block if column == "ours_literal" else row.block


def step_of(row: Row, column: str) -> int:
    """Chains that occupy the device once: a block for every core of a CPU, or one dispatch of an accelerator."""
    return block_of(row, column) * ((os.cpu_count() or 1) if jax.default_backend() == "cpu" else 64)


def floor(row: Row, column: str, chains: int, seed: int = 0) -> float:
    """Draw the random numbers of `chains` chains, block by block on as many threads as `simulate` has workers.

    Returns their sum, which keeps XLA from leaving them out.
    """
    on_cpu = jax.default_backend() == "cpu"
    per_dispatch = row.block * (1 if on_cpu else 64)
    dispatches = -(-chains // per_dispatch)
    program = _floor_program(row.normals, row.words, row.generations, per_dispatch, column.removeprefix("floor_"))
    # As the engine does, a CPU takes one block per dispatch and an accelerator 64.
    with ThreadPoolExecutor(os.cpu_count() if on_cpu else 2) as pool:
        return float(sum(pool.map(partial(_dispatch, program, np.uint32(seed)), range(dispatches))))


def _dispatch(program: Any, seed: np.uint32, index: int) -> float:
    with jax.enable_x64(True):
        return float(program(seed, np.uint32(index)))


@cache
def _floor_program(normals: int, words: int, generations: int, chains: int, precision: str) -> Any:
    dtype = {"f32": jnp.float32, "f64": jnp.float64}[precision]
    # Arrays of about 2^16 numbers: large enough to fill vectors, small enough for the cache.
    together = max(1, min(generations, (1 << 16) // (max(normals, words) * chains)))
    together = max(size for size in range(1, together + 1) if generations % size == 0)

    def draw(key, t):
        key = jax.random.fold_in(key, t)
        total = jnp.zeros((), jnp.float32)
        if normals:
            z = random.normal(key, (together, normals, chains), dtype)
            total += jnp.sum(z).astype(jnp.float32)
        if words:
            bits = jax.random.bits(jax.random.fold_in(key, 1), (together, words, chains), jnp.uint32)
            total += jnp.sum(bits >> 16).astype(jnp.float32)
        return key, total

    def program(seed, block):
        key = jax.random.fold_in(random.key(seed), block)
        steps = jnp.arange(generations // together, dtype=jnp.uint32)
        return jnp.sum(jax.lax.scan(lambda carry, t: (carry, draw(carry, t)[1]), key, steps)[1])

    with jax.enable_x64(True):
        lowered = jax.jit(program).lower(np.uint32(0), np.uint32(0))
        return lowered.compile(compiler_options(jax.default_backend(), 1))
