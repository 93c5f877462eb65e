"""Timing: columns of a row taken in turn, medians with extremes, first calls apart; and what machine this is."""

import math
import os
import platform
import statistics
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.rows import FLOORS, NUMPY, Row

# Seconds of one call: sizes are lowered until a call takes less than the first, calls repeated to take the second.
LONGEST, SHORTEST = 0.6, 0.1


@dataclass
class Column:
    """One column of one row while it is measured; `call(chains, seed)` runs it, in multiples of `step` chains.

    `clock`: wall time, or `time.process_time` for that of all threads together.
    """

    call: Callable[[int, int], Any]
    chains: int
    step: int
    clock: Callable[[], float] = time.perf_counter
    first_call: float = 0.0
    repeats: int = 1
    seconds: list[float] = field(default_factory=list)

    def prepare(self, longest: float = LONGEST) -> None:
        """The first call, one step of chains with everything that is compiled, and then a size that suits the clock."""
        self.first_call = self._timed(self.step, 0)
        taken = self._timed(self.chains, 1)
        while taken > longest and self.chains > self.step:
            smaller = self.step * int(self.chains * longest / taken * 0.8 / self.step)
            self.chains = max(self.step, min(smaller, self.chains - self.step))
            taken = self._timed(self.chains, 1)
        self.repeats = min(20, max(1, math.ceil(SHORTEST / taken)))

    def run(self, seed: int) -> None:
        taken = [self._timed(self.chains, seed * self.repeats + i) for i in range(self.repeats)]
        self.seconds.append(statistics.fmean(taken))

    def _timed(self, chains: int, seed: int) -> float:
        started = self.clock()
        self.call(chains, seed)
        return self.clock() - started

    def record(self, generations: int) -> dict[str, Any]:
        median = statistics.median(self.seconds)
        return {
            "chains": self.chains,
            "runs": len(self.seconds),
            "calls_per_run": self.repeats,
            "seconds": median,
            "least": min(self.seconds),
            "most": max(self.seconds),
            "first_call": self.first_call,
            "per_second": self.chains * generations / median,
        }


def measure(
    row: Row,
    *,
    runs: int = 5,
    scale: float = 1.0,
    devices: int | None = 1,
    columns: Iterable[str] | None = None,
    clock: Callable[[], float] = time.perf_counter,
) -> dict[str, Any]:
    """All columns of a row, run in turn `runs` times so that a drift of the machine meets them alike."""
    wanted = [name for name in row.columns() if columns is None or name in columns]
    prepared = {name: column for name in wanted if (column := _column(row, name, scale, devices, clock)) is not None}
    for column in prepared.values():
        column.prepare()
    for run in range(runs):
        for column in prepared.values():
            column.run(run + 2)
    results = {name: column.record(row.generations) for name, column in prepared.items()}
    if _shares_algebra(row) and "numpy_stats" in results:
        results["numpy_same"] = results["numpy_stats"]
    return {
        "title": row.title,
        "generations": row.generations,
        "metrics": list(row.metrics),
        "like": row.like,
        "block": row.block,
        "columns": results,
    }


def _shares_algebra(row: Row) -> bool:
    """Whether the sufficient statistics are already the reduced algebra: then they are timed once."""
    baselines = row.baselines
    return "numpy_same" in baselines and baselines["numpy_same"] == baselines.get("numpy_stats")


def _column(
    row: Row, name: str, scale: float, devices: int | None, clock: Callable[[], float] = time.perf_counter
) -> Column | None:
    from benchmarks import engine

    if name == "numpy_same" and _shares_algebra(row):
        return None
    if name in NUMPY:
        baseline, step = row.baselines[name], 1
        call = lambda chains, seed: baseline.run(chains, row.generations, seed)  # noqa: E731
    elif name in FLOORS:
        step = engine.step_of(row, name)
        call = lambda chains, seed: engine.floor(row, name, chains, seed)  # noqa: E731
    else:
        step = engine.step_of(row, name)
        call = lambda chains, seed: engine.ours(row, name, chains, seed, devices)  # noqa: E731
    return Column(call, max(step, step * round(row.size(name) * scale / step)), step, clock)


def machine() -> dict[str, Any]:
    """What the numbers were taken on."""
    import jax

    from collapse_jax.results import versions

    device = jax.devices()[0]
    return {
        "cpu": _cpu(),
        "cores": os.cpu_count(),
        "vectors": _vectors(),
        "platform": device.platform,
        "device": device.device_kind,
        "devices": len(jax.devices()),
        "load": round(os.getloadavg()[0], 1),
        "date": time.strftime("%Y-%m-%d"),
        **versions(),
    }


def _proc(field_: str) -> str:
    path = Path("/proc/cpuinfo")
    lines = path.read_text().splitlines() if path.exists() else []
    return next((line.split(":", 1)[1].strip() for line in lines if line.startswith(field_)), "")


def _cpu() -> str:
    return _proc("model name") or platform.processor() or platform.machine()


def _vectors() -> str:
    """The widest vector extension that the processor reports."""
    flags = set(_proc("flags").split()) or {"neon"} & {_proc("Features") and "neon"}
    known = {"avx512f": "AVX-512", "avx2": "AVX2", "avx": "AVX", "neon": "NEON"}
    return next((label for flag, label in known.items() if flag in flags), "unknown")
