"""How the cost of a chain-generation grows with n, d, chains, generations and devices, as ratios to the first value.

`python -m benchmarks.scaling` prints them; `python -m benchmarks` keeps them beside the table.
"""

import argparse
import json
import math
import os
import statistics
import subprocess
import sys
from typing import Any

SWEEPS: dict[str, tuple[tuple[int, ...], str]] = {
    "n": ((10**2, 10**4, 10**6, 10**8), "Gaussian d=1, replace, 16,384 chains, G=50"),
    "d": ((1, 3, 10, 31), "Gaussian n=100, replace, 2,048 chains, G=20"),
    "chains": ((10**3, 10**4, 10**5, 10**6), "Gaussian d=1, n=100, replace, G=20"),
    "generations": ((10, 100, 1000), "Gaussian d=1, n=100, replace, 4,096 chains"),
    "devices": ((1, 2, 4), "host devices, a process each; Gaussian d=1, n=100, replace, 32,768 chains, G=50"),
}


def _sizes(name: str, value: int) -> dict[str, int]:
    """n, d, chains and generations of one point of a sweep."""
    sizes = {
        "n": {"n": value, "d": 1, "chains": 16_384, "generations": 50},
        "d": {"n": 100, "d": value, "chains": 2_048, "generations": 20},
        "chains": {"n": 100, "d": 1, "chains": value, "generations": 20},
        "generations": {"n": 100, "d": 1, "chains": 4_096, "generations": value},
        "devices": {"n": 100, "d": 1, "chains": 32_768, "generations": 50},
    }
    return sizes[name]


def cost(n: int, d: int, chains: int, generations: int, *, runs: int = 3, devices: int | None = 1) -> float:
    """Median seconds per chain-generation in float32, after a first call; short calls are repeated."""
    from benchmarks.measure import Column
    from collapse_jax import Gaussian, Replace, simulate

    def call(chains: int, seed: int) -> None:
        simulate(
            Gaussian(d=d, ddof=0),
            Replace(n),
            "mean_error",
            generations=generations,
            chains=chains,
            dtype="float32",
            seed=seed,
            devices=devices,
            progress=False,
        )

    column = Column(call, chains, min(chains, 1024))
    column.prepare(longest=math.inf)
    for run in range(runs):
        column.run(run + 2)
    return statistics.median(column.seconds) / (chains * generations)


def _on_devices(number: int, runs: int, scale: float) -> float:
    """The cost on a CPU split into so many host devices, in a process of its own."""
    environment = {**os.environ, "JAX_NUM_CPU_DEVICES": str(number), "JAX_PLATFORMS": "cpu"}
    command = [sys.executable, "-m", "benchmarks.scaling", "--child", "--runs", str(runs), "--scale", str(scale)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    return float(done.stdout.splitlines()[-1])


def scaling(runs: int = 3, scale: float = 1.0, sweeps: Any = None) -> dict[str, Any]:
    """Cost per chain-generation along every sweep, relative to its first value."""
    results = {}
    for name in SWEEPS if sweeps is None else sweeps:
        values, setting = SWEEPS[name]
        costs = []
        for value in values:
            if name == "devices":
                costs.append(_on_devices(value, runs, scale))
            else:
                sizes = _sizes(name, value)
                costs.append(cost(**{**sizes, "chains": max(256, int(sizes["chains"] * scale))}, runs=runs))
        results[name] = {"setting": setting, "values": list(values), "relative": [one / costs[0] for one in costs]}
    return results


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.scaling", description=__doc__)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--scale", type=float, default=1.0, help="multiplies every number of chains")
    parser.add_argument("--sweeps", nargs="+", choices=list(SWEEPS), help="all by default")
    parser.add_argument("--child", action="store_true", help=argparse.SUPPRESS)
    parsed = parser.parse_args(argv)
    if parsed.child:
        sizes = _sizes("devices", 0)
        print(
            cost(**{**sizes, "chains": max(256, int(sizes["chains"] * parsed.scale))}, runs=parsed.runs, devices=None)
        )
        return 0
    print(json.dumps(scaling(parsed.runs, parsed.scale, parsed.sweeps), indent=2))
    return 0


if __name__ == "__main__":
    sys.exit(main())
