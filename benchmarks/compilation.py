"""What the options of XLA buy on a CPU: `python -m benchmarks.compilation [--out FILE]`.

Process seconds (all threads) of compiling and of running four programs at LLVM's levels 0 to 3, in units of level 3
(`simulate(optimisation=...)`); and the wall time of rows of the table when one option of ours is left out.
"""

import argparse
import json
import statistics
import time
from pathlib import Path
from unittest import mock

import jax

import collapse_jax as cj
from benchmarks import engine
from benchmarks.rows import BY_ID
from collapse_jax.engine import xla
from collapse_jax.engine.dispatch import compiled
from collapse_jax.results import versions

CASES = [
    (cj.Bernoulli(0.3), cj.Accumulate(5), "squared_error"),
    (cj.Categorical((0.5, 0.3, 0.2), sampler="index"), cj.Replace(10), "sum_of_squares"),
    (cj.Gaussian(d=3, ddof=0), cj.Accumulate(8), "mean_error"),
    (cj.LinearRegression(d=5, design="fresh"), cj.Replace(40), "risk"),
]
CHAINS = 32_768
# chains of every row: blocks enough for eight cores
ROWS = {"a": 98_304, "b": 8_192, "c1": 16_384, "c3": 16_384, "d": 1_024, "f": 32_768}
OPTIONS = ("xla_cpu_prefer_vector_width", "xla_disable_hlo_passes")


def measure(optimisation: int) -> tuple[float, float]:
    """Process seconds of compiling (tracing and one block of chains included), and of `CHAINS` chains after it."""
    compiling = running = 0.0
    for family, workflow, metric in CASES:
        protocol = {"generations": 10, "progress": False, "optimisation": optimisation}
        compiled.cache_clear()
        jax.clear_caches()
        started = time.process_time()
        cj.simulate(family, workflow, metric, chains=1024, **protocol)
        compiling += time.process_time() - started
        started = time.process_time()
        cj.simulate(family, workflow, metric, chains=CHAINS, **protocol)
        running += time.process_time() - started
    return compiling, running


def left_out(option: str, runs: int = 7, scale: float = 1.0) -> dict[str, float]:
    """Median wall time without the option over that with it, by row; with it is timed before and after."""
    chosen = xla.compiler_options

    def fewer(platform: str, optimisation: int) -> dict:
        return {name: value for name, value in chosen(platform, optimisation).items() if name != option}

    def median(row, options) -> float:
        seconds = []
        with mock.patch.object(xla, "compiler_options", options):
            compiled.cache_clear()
            for seed in range(runs + 1):  # the first one compiles
                started = time.perf_counter()
                engine.ours(row, "ours_f32", round(ROWS[row.id] * scale), seed)
                seconds.append(time.perf_counter() - started)
        return statistics.median(seconds[1:])

    ratios = {}
    for name in ROWS:
        before, without, after = (median(BY_ID[name], options) for options in (chosen, fewer, chosen))
        ratios[name] = round(2 * without / (before + after), 2)
    compiled.cache_clear()
    return ratios


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, help="write the ratios as JSON")
    out = parser.parse_args().out
    measure(3)  # a first pass, for what JAX does once per process
    seconds = {level: measure(level) for level in (3, 2, 1, 0)}
    ratios = {str(level): [round(value / base, 2) for value, base in zip(pair, seconds[3], strict=True)]
              for level, pair in seconds.items()}  # fmt: skip
    for level, (compiling, running) in ratios.items():
        print(f"level {level}: compiling {compiling:.2f}, running {running:.2f}")
    without = {option: left_out(option) for option in OPTIONS}
    for option, rows in without.items():
        print(f"without {option}, wall time by row: {rows}")
    if out:
        found = {"ratios_to_level_3": ratios, "chains": CHAINS, "wall_time_without": without, **versions()}
        out.write_text(json.dumps(found, indent=2) + "\n")


if __name__ == "__main__":
    main()
