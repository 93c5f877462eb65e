"""Throughput of one row, Gaussian d = 1 under Replace, exact engine: `python -m benchmarks.throughput`.

Chain-generations per second after compilation, by precision and number of chains, with the device they were taken on;
writes JSON. The full table is a later piece of work; this records what the engine does today.
"""

import argparse
import json
import resource
import statistics
import time
from pathlib import Path
from typing import Any

import jax

from collapse_jax import Gaussian, Replace, simulate
from collapse_jax._run import versions


def measure(chains: int, dtype: str, n: int = 100, generations: int = 100, runs: int = 5) -> dict[str, Any]:
    """Median wall time of `runs` runs with different seeds, compilation excluded."""

    def once(seed: int) -> float:
        started = time.perf_counter()
        simulate(
            Gaussian(ddof=0),
            Replace(n),
            "variance",
            generations=generations,
            chains=chains,
            dtype=dtype,
            seed=seed,
            progress=False,
        )
        return time.perf_counter() - started

    first = once(0)
    times = [once(seed) for seed in range(1, runs + 1)]
    median = statistics.median(times)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    return {
        "chains": chains,
        "generations": generations,
        "n": n,
        "dtype": dtype,
        "seconds": median,
        "spread": [min(times), max(times)],
        "first_call": first,
        "per_second": chains * generations / median,
        "peak_rss_mib": peak,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--chains", type=int, nargs="+", default=[10_000, 100_000, 1_000_000])
    parser.add_argument("--sizes", type=int, nargs="+", default=[10**2, 10**4, 10**6, 10**8])
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--out", default="benchmarks/results/throughput.json")
    parsed = parser.parse_args()
    rows = [measure(chains, dtype, runs=parsed.runs) for chains in parsed.chains for dtype in ("float64", "float32")]
    rows += [measure(10_000, "float64", n, runs=parsed.runs) for n in parsed.sizes]
    for row in rows:
        print({key: value if not isinstance(value, float) else float(f"{value:.3g}") for key, value in row.items()})
    about = {"device": str(jax.devices()[0].device_kind), "platform": jax.default_backend(), **versions()}
    path = Path(parsed.out)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"about": about, "rows": rows}, indent=2) + "\n")


if __name__ == "__main__":
    main()
