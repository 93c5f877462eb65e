"""Our columns of the table on an accelerator, with what limits row (a): `python -m benchmarks.accelerator --out FILE`.

Rates in float32, float64 and float32 draws with a float64 state, for many more chains than on a CPU; the device's
memory bandwidth and operations per second by two small programs; the language model of the studies with from 8 to 512
chains; with --suite, the tests on that device in both default precisions. --dry-run does all of it on the CPU with tiny
sizes.
"""

import argparse
import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

# Row (a) by hand, per chain and generation in float32: one Threefry evaluation for two words (20 rounds of about 4
# integer operations, and the key schedule), two normals (about 30 each), a polynomial of degree 8, the update and a
# sum; and what passes through memory if nothing of one generation is kept in registers: two random numbers and three
# numbers of state, written and read.
OPERATIONS, BYTES = 200, 40
COLUMNS = ("ours_f32", "ours_f64", "ours_f32draws", "floor_f32", "floor_f64")
SUITE_ENVIRONMENTS = ({"JAX_ENABLE_X64": "0"}, {"JAX_ENABLE_X64": "1"})


def bandwidth(elements: int, repeats: int = 5) -> float:
    """Bytes per second of y = x + 1 in float32, read and written."""
    import jax
    import jax.numpy as jnp

    x = jnp.zeros(elements, jnp.float32)
    add = jax.jit(lambda x: x + 1)
    return 8 * elements / _best(lambda: add(x), repeats)


def operations(elements: int, steps: int = 256, repeats: int = 5) -> float:
    """Floating-point operations per second of chained multiply-adds in registers, two for each."""
    import jax
    import jax.numpy as jnp

    def chained(x):
        for _ in range(steps):
            x = x * jnp.float32(0.999) + jnp.float32(1e-3)
        return x

    x = jnp.zeros(elements, jnp.float32)
    program = jax.jit(chained)
    return 2 * steps * elements / _best(lambda: program(x), repeats)


def _best(call: Any, repeats: int) -> float:
    import jax

    jax.block_until_ready(call())
    taken = []
    for _ in range(repeats):
        started = time.perf_counter()
        jax.block_until_ready(call())
        taken.append(time.perf_counter() - started)
    return min(taken)


def limit(rate: float, bytes_per_second: float, operations_per_second: float) -> dict[str, Any]:
    """What bounds row (a) on this device, and how far `rate` is from it."""
    bounds = {"bytes": bytes_per_second / BYTES, "operations": operations_per_second / OPERATIONS}
    name = min(bounds, key=lambda key: bounds[key])
    return {"by": name, "bounds": bounds, "measured": rate, "share_of_bound": rate / bounds[name]}


def device() -> dict[str, Any]:
    """The device in words and numbers, as far as it tells."""
    import jax

    first = jax.devices()[0]
    try:
        memory = first.memory_stats() or {}
    except (jax.errors.JaxRuntimeError, NotImplementedError):
        memory = {}
    return {
        "platform": first.platform,
        "kind": first.device_kind,
        "number": len(jax.devices()),
        "memory_bytes": memory.get("bytes_limit"),
        "core_count": getattr(first, "core_count", None),
    }


def suite(paths: list[str]) -> list[dict[str, Any]]:
    """The tests on the device that JAX uses here, once for each default precision."""
    import jax

    outcomes = []
    for environment in SUITE_ENVIRONMENTS:
        started = time.perf_counter()
        done = subprocess.run(
            [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *paths],
            env={**os.environ, "JAX_PLATFORMS": _platforms(jax.default_backend()), **environment},
            capture_output=True,
            text=True,
        )
        summary = (done.stdout.strip().splitlines() or [done.stderr[-200:]])[-1]
        seconds = time.perf_counter() - started
        outcomes.append({**environment, "returncode": done.returncode, "summary": summary, "seconds": seconds})
        print(f"suite with {environment}: {summary}", flush=True)
    return outcomes


def _platforms(backend: str) -> str:
    """JAX_PLATFORMS for a child that is to use this backend, with the CPU at hand for what asks for it."""
    return {"cpu": "cpu", "gpu": "cuda,cpu", "tpu": "tpu,cpu"}.get(backend, backend)


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.accelerator", description=__doc__)
    parser.add_argument("--out", type=Path, default=Path("benchmarks/results/accelerator.json"))
    parser.add_argument("--rows", nargs="+", help="rows by letter, all by default")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--scale", type=float, default=100.0, help="multiplies the chains of the table")
    parser.add_argument("--suite", nargs="*", metavar="PATH", help="run the tests too, all or those named")
    parser.add_argument("--dry-run", action="store_true", help="tiny sizes on the CPU")
    parsed = parser.parse_args(argv)
    if parsed.dry_run:
        os.environ["JAX_PLATFORMS"] = "cpu"

    import jax

    from benchmarks import neural, table
    from benchmarks.measure import machine, measure
    from benchmarks.rows import BY_ID

    if jax.default_backend() == "cpu" and not parsed.dry_run:
        parser.error("JAX sees no accelerator here; install jax[cuda13] or another plugin, or use --dry-run")
    names = parsed.rows or (["a", "c1", "f"] if parsed.dry_run else list(BY_ID))
    elements = 1 << (20 if parsed.dry_run else 28)
    bytes_per_second, operations_per_second = bandwidth(elements), operations(elements >> 4)
    runs, scale = (1, 0.01) if parsed.dry_run else (parsed.runs, parsed.scale)
    rows = {}
    for name in names:
        rows[name] = measure(BY_ID[name], runs=runs, scale=scale, columns=COLUMNS)
        rates = {column: f"{entry['per_second']:.3g}" for column, entry in rows[name]["columns"].items()}
        print(f"({name}) {rows[name]['title']}, chain-generations/s: {rates}", flush=True)
    results = {
        "about": machine(),
        "device": device(),
        "dry_run": parsed.dry_run,
        "bytes_per_second": bytes_per_second,
        "operations_per_second": operations_per_second,
        "rows": table.with_ratios(rows),
        "nets": neural.growth(parsed.dry_run),
    }
    for entry in results["nets"]:
        print(f"{entry['chains']} nets: {entry['fits_per_second']:.3g} fits/s", flush=True)
    fastest = table.rate(rows, "a100k" if "a100k" in rows else "a", "ours_f32")
    if fastest is not None:
        results["limit_of_row_a"] = limit(fastest, bytes_per_second, operations_per_second)
        print(f"row (a) is bounded by {results['limit_of_row_a']}")
    if parsed.suite is not None:
        results["suite"] = suite(parsed.suite or ["tests"])
    parsed.out.parent.mkdir(parents=True, exist_ok=True)
    parsed.out.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
    return int(any(outcome["returncode"] for outcome in results.get("suite", [])))


if __name__ == "__main__":
    sys.exit(main())
