"""What a user asks of a run: every option once, typed, validated once, and as JSON."""

import os
from collections.abc import Sequence
from dataclasses import KW_ONLY, dataclass
from typing import Any, Literal, cast

import jax
import numpy as np

from collapse_jax.engine.layout import block_size
from collapse_jax.engine.platform import usable
from collapse_jax.engine.scan import Protocol
from collapse_jax.families import Engine, Family
from collapse_jax.host import afford
from collapse_jax.metrics import METRICS, Metric, PathMetric, metrics_for, resolve
from collapse_jax.metrics.registry import code_of
from collapse_jax.numerics.random import Draws, Sampler
from collapse_jax.results.identity import fingerprint, is_users
from collapse_jax.results.record import configuration, versions
from collapse_jax.workflows import Workflow

__all__ = ["Request"]

Metrics = str | Metric | PathMetric | Sequence[str | Metric | PathMetric]


@dataclass(frozen=True, eq=False)
class Request:
    r"""The options of `simulate` and `sweep`.

    What is simulated, and what determines the numbers:

    **Args**: `family`: the truth, from which chain c starts; `workflow`: what fit t sees; `metrics`: names (see
    `collapse_jax.METRICS`) or named functions (model, truth) -> value per chain; `generations`: number of fits;
    `chains`: independent repetitions; `seed`: 0 <= seed < 2^64; `engine`: "exact" draws sufficient statistics from
    their law, "literal" draws raw data; `dtype`: "float64" or "float32" for the chains (summaries are float64);
    `draws`: precision of the random draws, that of `dtype` by default; `sampler`: "quantile" inverts distribution
    functions, "rejection" proposes and rejects; `keep_paths`: keep the metric values of the first so many chains;
    `block`: chains per block, part of what determines the random numbers (by default 1,024; 4,096 where a model is a
    few numbers; fewer where a chain is large: 256 or 128 with a pool or a sample kept, 128, 32 and 8 with matrices
    larger than 16, 32 and 64); `first_block`: skip that many blocks, so that runs can be continued and added;
    `sizes`: "known" compiles sample sizes in, "traced" makes them arguments, so that one program serves all n, with
    other random numbers of the same law; `optimisation`: 0 to 3, how hard LLVM tries on a CPU: 0 compiles three times
    faster than 1 and runs four times slower, and may differ in the last bits.

    How it lies on the machine, which changes no bit: `chunk`: chains in flight at once, by default what fits in
    `memory` bytes; `memory`: for chains in flight and kept paths, by default half of what the device has, on a CPU at
    most 2 GiB; `devices`: how many of
    `jax.devices()` to use (None for all), or the devices; `progress`: show a bar, by default when standard error is a
    terminal; `shard`: (i, N) runs the i-th of N parts, i = 1 .. N, to be joined by `collapse_jax.merge`; `distributed`:
    every process of a job (see `collapse_jax.distributed`) runs a part on its devices, and all return the whole run;
    `checkpoint`: a file, or a folder to put one in, where the finished blocks are written every `checkpoint_every`
    seconds and at the end: the same call resumes there, also with more chains.

    **Raises**: ValueError for a size, name or combination that is not defined, naming the remedy.
    """

    family: Family
    workflow: Workflow
    metrics: Metrics
    _: KW_ONLY
    generations: int
    chains: int
    seed: int = 0
    engine: Engine = "exact"
    dtype: str = "float64"
    draws: Draws | None = None
    sampler: Sampler = "quantile"
    keep_paths: int = 0
    block: int | None = None
    first_block: int = 0
    sizes: Literal["known", "traced"] = "known"
    optimisation: int = 1
    chunk: int | None = None
    memory: int | None = None
    devices: int | Sequence[Any] | None = 1
    progress: bool | None = None
    shard: tuple[int, int] | None = None
    distributed: bool = False
    checkpoint: str | os.PathLike | None = None
    checkpoint_every: int | float = 30

    def __post_init__(self):
        usable()
        with jax.enable_x64(True):
            self._validate()

    @property
    def measured(self) -> tuple[tuple[str, Any], ...]:
        """Name and function of every metric."""
        metrics: Any = self.metrics
        several = isinstance(metrics, Sequence) and not isinstance(metrics, str)
        return tuple(resolve(metric) for metric in cast(list, metrics if several else [metrics]))

    @property
    def chains_per_block(self) -> int:
        """`block`, or what suits the size of a chain."""
        return block_size(self.family, self.workflow, self.engine) if self.block is None else int(self.block)

    @property
    def schedule(self) -> np.ndarray | None:
        """Sample sizes, (generations,), where they are arguments of the program; None where it knows them."""
        # A workflow from elsewhere may look at its own n.
        ours = all(type(layer).__module__.startswith("collapse_jax.") for layer in self.workflow.layers)
        raw = self.engine == "literal" or self.workflow.needs_samples_of(self.family) or self.family.keeps_samples
        if self.sizes == "known" or not ours or raw:
            return None
        return np.asarray(self.workflow.schedule(self.generations), np.int64)

    @property
    def protocol(self) -> Protocol:
        """The static part: what one compiled program depends on besides shapes."""
        return Protocol(
            metrics=self.measured,
            generations=int(self.generations),
            engine=self.engine,
            dtype=self.dtype,
            block=self.chains_per_block,
            keep=self.keep_paths > 0,
            optimisation=int(self.optimisation),
            draws=None if self.draws == self.dtype else self.draws,
            sampler=self.sampler,
        )

    def config(self, platform: str | None = None) -> dict[str, Any]:
        """What determines the numbers, as JSON holds it; user code with the fingerprint of what it does.

        **Args**: `platform`: of the devices that run it.

        **Returns**: the configuration that a `Run`, its files and its checkpoints carry.
        """
        code = {name: found for name, metric in self.measured if (found := self._code(name, metric))}
        # NumPy integers are welcome, but a configuration has to be written as JSON.
        return {
            "family": configuration(self.family),
            "workflow": configuration(self.workflow),
            "metrics": [name for name, _ in self.measured],
            **({"code": code} if code else {}),
            "generations": int(self.generations),
            "chains": int(self.chains),
            "seed": int(self.seed),
            "engine": self.engine,
            "dtype": self.dtype,
            "draws": self.draws or self.dtype,
            "sampler": self.sampler,
            "sizes": self.sizes,
            "block": self.chains_per_block,
            "first_block": int(self.first_block),
            "keep_paths": int(self.keep_paths),
            "optimisation": int(self.optimisation),
            "platform": platform,
            **versions(),
        }

    def _code(self, name: str, metric: Any) -> str:
        """What identifies a metric that its name does not: of the user's, or with an implementation of the user's."""
        reached = [item for item in code_of(metric, self.family) if is_users(item)]
        if METRICS.get(name) is not metric:
            reached.insert(0, metric)
        return fingerprint(tuple(reached)) if reached else ""

    def _validate(self) -> None:
        if not isinstance(self.family, Family) or not isinstance(self.workflow, Workflow):
            raise ValueError(
                "simulate(family, workflow, ...) takes a Family and a Workflow, e.g. Gaussian(ddof=1) and "
                "Replace(n=100)"
            )
        self._validate_numbers()
        afford(f"generations={self.generations}", numbers=10 * int(self.generations), remedy="use fewer generations")
        self._validate_names()
        self._validate_layout()
        self._validate_metrics()
        engine = "literal" if self.workflow.needs_samples_of(self.family) else self.engine
        self.workflow.check(self.family, self.generations)
        sizes = self.workflow.fitted_sizes(self.generations)
        self.family.check(sizes, engine)
        self.family.check_precision(sizes, engine, self.dtype)
        if int(self.first_block) + -(-int(self.chains) // self.chains_per_block) > 1 << 31:
            raise ValueError("only 2^31 blocks have random numbers of their own; use fewer chains or another seed")

    def _validate_numbers(self) -> None:
        for name, lowest in _LEAST.items():
            value = getattr(self, name)
            if value is None and name in _OPEN:
                continue
            if isinstance(value, bool) or not isinstance(value, int | np.integer) or value < lowest:
                raise ValueError(f"{name}={value!r} is not possible; use a whole number >= {lowest}")
        if self.block is not None and self.block > 1 << 31:
            raise ValueError(f"block={self.block} is more than can be drawn at once; use at most 2^31")
        if self.progress is not None and not isinstance(self.progress, bool | np.bool_):
            raise ValueError(f"progress={self.progress!r} is not possible; use True, False or None")
        if self.optimisation > 3:
            raise ValueError(f"optimisation={self.optimisation} is not a level of LLVM; use 0 to 3")
        if self.seed >= 1 << 64:
            raise ValueError(f"seed={self.seed} does not fit 64 bits; use a seed below 2^64")

    def _validate_names(self) -> None:
        for name, (first, second, *rest) in _NAMES.items():
            value = getattr(self, name)
            if not isinstance(value, str | None) or value not in (first, second, *rest):
                known = f"{first!r}, {second!r} or None for that of dtype" if rest else f"{first!r} or {second!r}"
                raise ValueError(f"{name}={value!r} is unknown; use {known}")
        if self.draws == "float64" and self.dtype == "float32":
            raise ValueError(
                "draws='float64' with dtype='float32' would be rounded away; use dtype='float64' too, or no draws"
            )

    def _validate_metrics(self) -> None:
        if not self.measured:
            raise ValueError("no metric to record; name at least one")
        if len({name for name, _ in self.measured}) < len(self.measured):
            raise ValueError("two metrics have the same name; rename one of the functions")
        known = metrics_for(self.family)
        for name, metric in self.measured:
            if METRICS.get(name) is metric and name not in known:
                raise ValueError(
                    f"metric {name!r} is not defined for {type(self.family).__name__}; defined are {', '.join(known)}"
                )

    def _validate_layout(self) -> None:
        shard, every = self.shard, self.checkpoint_every
        if shard is not None:
            whole = (
                isinstance(shard, Sequence)
                and len(shard) == 2
                and all(isinstance(number, int | np.integer) and not isinstance(number, bool) for number in shard)
            )
            if not whole or not 1 <= shard[0] <= shard[1]:
                raise ValueError(f"shard={shard!r} is not possible; use (i, N) with i = 1 .. N")
            one_of(shard, self.distributed)
        if not isinstance(every, int | float) or isinstance(every, bool) or not every >= 0:
            raise ValueError(f"checkpoint_every={every!r} is not possible; use seconds >= 0")


def one_of(shard: Any, distributed: Any) -> None:
    """Refuse a shard of what is shared out among processes; asked before they are joined, lest the others wait."""
    if shard is not None and distributed:
        raise ValueError("distributed=True gives every process a shard; leave shard out")


_LEAST = {
    "generations": 1,
    "chains": 1,
    "block": 2,
    "keep_paths": 0,
    "first_block": 0,
    "seed": 0,
    "chunk": 1,
    "memory": 1,
    "optimisation": 0,
}
_OPEN = ("block", "chunk", "memory")
_NAMES: dict[str, tuple[Any, ...]] = {
    "engine": ("exact", "literal"),
    "dtype": ("float64", "float32"),
    "draws": ("float64", "float32", None),
    "sampler": ("quantile", "rejection"),
    "sizes": ("known", "traced"),
}
