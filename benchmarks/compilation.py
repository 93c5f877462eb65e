"""What `simulate(optimisation=...)` buys on a CPU: `python -m benchmarks.compilation [--out FILE]`.

Process seconds (all threads) of compiling and of running four programs at LLVM's levels 0 to 3, in units of level 3.
"""

import argparse
import json
import time
from pathlib import Path

import jax

import collapse_jax as cj
from collapse_jax._dispatch import compiled
from collapse_jax._run import versions

CASES = [
    (cj.Bernoulli(0.3), cj.Accumulate(5), "squared_error"),
    (cj.Categorical((0.5, 0.3, 0.2), sampler="index"), cj.Replace(10), "sum_of_squares"),
    (cj.Gaussian(d=3, ddof=0), cj.Accumulate(8), "mean_error"),
    (cj.LinearRegression(d=5, design="fresh"), cj.Replace(40), "risk"),
]
CHAINS = 32_768


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
    if out:
        out.write_text(json.dumps({"ratios_to_level_3": ratios, "chains": CHAINS, **versions()}, indent=2) + "\n")


if __name__ == "__main__":
    main()
