"""A billion chain-generations of row (a) in one run, its peak memory, how time grows: `python -m benchmarks.billion`.

Writes benchmarks/results/billion.json. The chains run in a child process, so that its peak is that of the run alone.
Then wall time is taken over two decades of chains and three of generations.
"""

import argparse
import json
import resource
import statistics
import subprocess
import sys
import time
from typing import Any


def _run(chains: int, generations: int, dtype: str, devices: int, seed: int = 0) -> tuple[Any, float]:
    """A run of row (a) and its wall time."""
    from collapse_jax import Gaussian, Replace, simulate

    started = time.perf_counter()
    run = simulate(
        Gaussian(ddof=0),
        Replace(100),
        "mean_error",
        generations=generations,
        chains=chains,
        dtype=dtype,
        devices=devices,
        seed=seed,
        progress=False,
    )
    return run, time.perf_counter() - started


def growth(dtype: str, devices: int, runs: int = 3, scale: float = 1.0) -> dict[str, Any]:
    """Seconds per chain-generation relative to the largest size, medians of `runs` taken in turn, compiled before.

    Chains grow by whole blocks of 4,096 that one, two, four or eight cores share evenly; generations in one block.
    """
    chains, longest = max(1, round(24 * scale)) * 4096, max(1, round(1000 * scale))
    sizes = {
        "chains": [(chains * factor, 100) for factor in (1, 10, 100)],
        "generations": [(4096, 200 * longest // factor) for factor in (1000, 100, 10, 1) if longest >= factor],
    }
    result = {}
    for name, points in sizes.items():
        for _, generations in points:
            _run(4096, generations, dtype, devices)
        taken = [[_run(*point, dtype, devices, seed)[1] for point in points] for seed in range(1, runs + 1)]
        each = [
            statistics.median(times) / (c * g) for times, (c, g) in zip(zip(*taken, strict=True), points, strict=True)
        ]
        result[name] = {"chains and generations": points, "relative": [one / each[-1] for one in each]}
    return result


def child(chains: int, generations: int, dtype: str, devices: int) -> dict[str, Any]:
    """The run, its wall time and its deviation from the closed form in standard errors."""
    from benchmarks.measure import machine
    from proofs_check.papers.kazdan2024 import theory as kazdan2024

    run, seconds = _run(chains, generations, dtype, devices)
    curve = run["mean_error"]
    z = [
        (mean - kazdan2024.replace_mean_error(int(t), 100, 0)) / error
        for t, mean, error in zip(run.generations, curve.mean, curve.standard_error, strict=True)
    ]
    unit = 1 if sys.platform == "darwin" else 1024  # of ru_maxrss, in bytes
    return {
        "chains": chains,
        "generations": generations,
        "chain_generations": chains * generations,
        "dtype": dtype,
        "seconds": seconds,
        "per_second": chains * generations / seconds,
        "peak_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 2**20,
        "largest_z": max(map(abs, z)),
        "about": machine(),
    }


def main(argv: list[str] | None = None) -> int:
    from benchmarks.table import RESULTS

    parser = argparse.ArgumentParser(prog="python -m benchmarks.billion", description=__doc__)
    parser.add_argument("--chain-generations", type=float, default=1e9)
    parser.add_argument("--generations", type=int, default=100)
    parser.add_argument("--dtype", choices=("float32", "float64"), default="float32")
    parser.add_argument("--devices", type=int, default=1)
    parser.add_argument("--out", default=str(RESULTS / "billion.json"))
    parser.add_argument("--child", action="store_true", help=argparse.SUPPRESS)
    arguments = sys.argv[1:] if argv is None else argv
    parsed = parser.parse_args(arguments)
    chains = round(parsed.chain_generations / parsed.generations)
    if parsed.child:
        print(json.dumps(child(chains, parsed.generations, parsed.dtype, parsed.devices)))
        return 0
    command = [sys.executable, "-m", "benchmarks.billion", *arguments, "--child"]
    result = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()[-1])
    result["growth"] = growth(parsed.dtype, parsed.devices, scale=parsed.chain_generations / 1e9)
    with open(parsed.out, "w", encoding="utf-8") as file:
        file.write(json.dumps(result, indent=1) + "\n")
    print(
        f"{result['chain_generations']:.3g} chain-generations in {result['seconds']:.3g} s, "
        f"{result['per_second']:.3g} per second, peak {result['peak_mib']:.0f} MiB, "
        f"largest |z| against the closed form {result['largest_z']:.2f}"
    )
    for grown in result["growth"].values():
        relative = ", ".join(f"{one:.3f}" for one in grown["relative"])
        print(f"cost of a chain-generation, the largest = 1, {grown['chains and generations']}: {relative}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
