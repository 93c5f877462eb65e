"""Compiled programs, the cells they are called with, and the dispatches of a range of blocks.

A *cell* is a (family, workflow) pair, split into what a program is compiled for and the numbers it is called with:
cells of equal statics and shapes share one program. A *program* runs a fixed number of blocks per device; neither the
length of a run nor its layout changes what a block returns.
"""

import os
from functools import lru_cache
from threading import Lock
from typing import Any, NamedTuple
from weakref import WeakValueDictionary

import equinox as eqx
import jax
import numpy as np
from jax.sharding import Mesh, PartitionSpec
from jaxtyping import PyTree

from collapse_jax.engine.inline import inline, waits
from collapse_jax.engine.layout import on_cpu, placements
from collapse_jax.engine.request import Request
from collapse_jax.engine.scan import Block, Protocol, Setting, block_summary
from collapse_jax.engine.xla import compile_program
from collapse_jax.metrics.registry import code_of
from collapse_jax.numerics import random
from collapse_jax.results import Moments4, Tally
from collapse_jax.results.identity import is_users

__all__ = ["Cell", "Dispatches", "Program", "cell_of", "compiled", "program_for"]


class _Statics:
    """Hashable box for the static half of (family, workflow), compared by value."""

    def __init__(self, value: PyTree):
        self.value = value
        self._key = (jax.tree.structure(value), tuple(jax.tree.leaves(value)))

    def __hash__(self):
        return hash(self._key)

    def __eq__(self, other):
        return isinstance(other, _Statics) and self._key == other._key


class Cell(NamedTuple):
    """A family and a workflow: what a program is compiled for, and the arrays it is called with."""

    statics: _Statics
    structure: Any
    leaves: list[np.ndarray]


def cell_of(request: Request) -> Cell:
    """Hyper-parameters become arrays of one precision, so that changing a value never recompiles."""
    family, workflow, schedule, dtype = request.family, request.workflow, request.schedule, request.dtype
    if request.engine == "exact" and not workflow.needs_samples_of(family):
        family = family.sized(workflow.fitted_sizes(request.generations))
    workflow = workflow if schedule is None else workflow.without_sizes()

    def one(leaf):
        if isinstance(leaf, bool | int) or not eqx.is_array_like(leaf):
            return leaf
        array = np.asarray(leaf)
        return array.astype(dtype) if np.issubdtype(array.dtype, np.floating) else array

    dynamic, static = eqx.partition(jax.tree.map(one, (family, workflow, schedule)), eqx.is_array)
    leaves, structure = jax.tree.flatten(dynamic)
    return Cell(_Statics(static), structure, leaves)


class Program(NamedTuple):
    """A compiled program for `per_device` blocks on every device of a mesh."""

    executable: Any
    mesh: Mesh
    per_device: int
    block: int

    @property
    def width(self) -> int:
        """Blocks per dispatch."""
        return self.per_device * self.mesh.size

    @property
    def workers(self) -> int:
        """Threads that start dispatches: one per core where a dispatch fills a core, else two to keep devices busy."""
        return (os.cpu_count() or 1) if on_cpu(self.mesh) and self.mesh.size == 1 else 2

    def dispatches(self, memory: int) -> int:
        """Dispatches at once that stay within `memory` bytes."""
        return self.chunk(memory) // (self.block * self.width)

    def chunk(self, memory: int) -> int:
        """Chains whose dispatches, run by all workers at once, stay within `memory` bytes."""
        needed = _memory(self.executable)
        chains = self.width * self.block
        if needed is None:
            return chains * self.workers
        bytes_each = needed.temp_size_in_bytes + needed.output_size_in_bytes
        if bytes_each > memory:
            raise ValueError(
                f"{self.per_device * self.block} chains need {bytes_each >> 20} MiB, over the budget of "
                f"{memory >> 20} MiB; use a smaller block, fewer generations, engine='exact' or more memory"
            )
        return chains * int(min(max(1, memory // max(bytes_each, 1)), 256))


@lru_cache
def _memory(executable: Any) -> Any:
    return executable.memory_analysis()


class Dispatches(NamedTuple):
    """A program, the cell and the seed it is called with, and the range of blocks it is to run."""

    program: Program
    leaves: list[Any]
    seed: np.unsignedinteger
    first: int
    chains: int

    @classmethod
    def of(cls, program: Program, cell: Cell, seed: int, first: int, chains: int) -> "Dispatches":
        # A few numbers travel with every call faster than they are placed once.
        few = sum(leaf.nbytes for leaf in cell.leaves) < 1 << 14
        leaves = cell.leaves if few else jax.device_put(cell.leaves, placements(program.mesh)[1])
        return cls(program, leaves, _seed(seed), first, chains)

    @property
    def number(self) -> int:
        return -(-self.chains // (self.program.block * self.program.width))

    def run(self, index: int) -> tuple[Tally, tuple[np.ndarray, ...] | None]:
        """Tally and paths, (generations, chains) per metric, of one dispatch, on the host."""
        width, block = self.program.width, self.program.block
        with jax.enable_x64(True):
            position = np.arange(index * width, (index + 1) * width)
            valid = np.clip(self.chains - position * block, 0, block).astype(np.int32)
            blocks = (position + self.first).astype(np.uint32)
            summary, paths = jax.device_get(self.program.executable(self.seed, blocks, valid, self.leaves))
        chains = min(width * block, self.chains - index * width * block)
        present = -(-chains // block)
        moments = Moments4(*np.moveaxis(summary[:present], 2, 0))
        tally = Tally.of(self.first + index * width, moments, partial=chains % block > 0)
        if paths is None:
            return tally, None
        return tally, tuple(np.concatenate(list(values), -1)[:, :chains] for values in paths)


def _seed(seed: int) -> np.unsignedinteger:
    return np.uint32(seed) if seed < 1 << 32 else np.uint64(seed)


class _Gate:
    """Threads that ask for one program wait here for the first to compile it."""

    def __init__(self):
        self.lock = Lock()


# One per program, and only while somebody is at it: a metric may run chains of its own while it is traced, and if two
# programs shared a lock, the inner one could wait for the outer for ever.
_GATES: WeakValueDictionary[Any, _Gate] = WeakValueDictionary()
_GUARD = Lock()


def program_for(cell: Cell, protocol: Protocol, mesh: Mesh, seed: int) -> Program:
    """The program of the cells like this one and seeds of this width, compiled once however many threads ask."""
    # A CPU core is filled by one block, an accelerator by many; a constant of the platform, so bits do not depend
    # on the layout of a run.
    per_device = 1 if on_cpu(mesh) else 64
    shapes = tuple((leaf.shape, leaf.dtype) for leaf in cell.leaves)
    plan = Blueprint(cell.statics, cell.structure, shapes, _seed(seed).dtype, protocol, mesh, per_device)
    with _GUARD:
        gate = _GATES.setdefault(plan, _Gate())
    with gate.lock:
        return Program(compiled(plan), mesh, per_device, protocol.block)


class Blueprint(NamedTuple):
    """All that a compiled program depends on: cells and seeds of equal shapes, a protocol, devices."""

    statics: _Statics
    structure: Any
    shapes: tuple[tuple[tuple[int, ...], np.dtype], ...]
    seed: np.dtype
    protocol: Protocol
    mesh: Mesh
    per_device: int


@lru_cache(maxsize=128)
def compiled(plan: Blueprint) -> Any:
    """The executable for one dispatch: `per_device` blocks on every device of the mesh.

    It is called with the seed, the indices of the blocks, how many chains of each count, and the leaves of a cell.
    """
    statics, structure, shapes, seed, protocol, mesh, per_device = plan
    split, everywhere = placements(mesh)
    arrays = [jax.ShapeDtypeStruct(*shape, sharding=everywhere) for shape in shapes]
    number = (per_device * mesh.size,)
    blocks = tuple(jax.ShapeDtypeStruct(number, dtype, sharding=split) for dtype in (np.uint32, np.int32))
    arguments = (jax.ShapeDtypeStruct((), seed, sharding=everywhere), *blocks, arrays)

    def dispatch(seed, blocks, valid, leaves):
        setting = Setting(*eqx.combine(jax.tree.unflatten(structure, leaves), statics.value))

        def one(block, count):
            return block_summary(Block(jax.random.fold_in(random.key(seed), block), count), setting, protocol)

        if per_device == 1:
            return jax.tree.map(lambda leaf: leaf[None], one(blocks[0], valid[0]))
        return jax.vmap(one)(blocks, valid)

    def on_all(one_device):
        if mesh.size == 1:
            return jax.jit(one_device)
        chains, same = PartitionSpec("chains"), PartitionSpec()
        specs = (same, chains, chains, same)
        return jax.jit(jax.shard_map(one_device, mesh=mesh, in_specs=specs, out_specs=chains, check_vma=False))

    def lower():
        traced = on_all(dispatch).trace(*arguments)
        if on_cpu(mesh) and waits(traced.jaxpr):
            return on_all(inline(dispatch)).lower(*arguments)
        return traced.lower()

    cell = eqx.combine(jax.tree.unflatten(structure, arrays), statics.value)
    # A user may have given a metric of ours another implementation, which its name does not tell.
    theirs = [code for _, metric in protocol.metrics for code in code_of(metric, cell[0]) if is_users(code)]
    what = (cell, seed, protocol, per_device, *theirs)
    return compile_program(lower, what, protocol.optimisation, mesh.devices.flat[0], mesh.size == 1)
