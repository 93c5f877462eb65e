"""The grid of Kazdan et al. (2024): n by d by workflow, 100 seeds, 100 generations: `python -m benchmarks.grid`.

Times it as one user would ask for it, with everything compiled on the way, and beside it NumPy on sufficient
statistics; writes benchmarks/results/grid.json.
"""

import argparse
import json
import sys
import time
from collections.abc import Sequence
from itertools import product
from typing import Any

import numpy as np
from numpy.random import SFC64, Generator

from benchmarks.baselines.matrices import bartlett

N = (10, 32, 100, 316, 1000)
D = (1, 3, 10, 31, 100)
WORKFLOWS = ("replace", "accumulate")
Cell = tuple[int, int, str]


def cells(n: Sequence[int] = N, d: Sequence[int] = D) -> list[Cell]:
    """All (n, d, workflow) of the grid."""
    return list(product(n, d, WORKFLOWS))


def ours(grid: Sequence[Cell], seeds: int, generations: int, seed: int = 0) -> dict[Cell, np.ndarray]:
    """Mean over seeds of |mean error|^2 / d by generation, all cells in one call, in float32."""
    from collapse_jax import Accumulate, Gaussian, Replace, sweep

    workflows = {"replace": Replace, "accumulate": Accumulate}

    def cell(n, d, workflow):
        return Gaussian(d=d, ddof=0), workflows[workflow](n)

    over = {
        name: tuple(dict.fromkeys(values))
        for name, values in zip(("n", "d", "workflow"), zip(*grid, strict=True), strict=True)
    }
    runs = sweep(cell, over, "mean_error", generations=generations, chains=seeds, dtype="float32", seed=seed)
    return {(n, d, workflow): run["mean_error"].mean / d for (n, d, workflow), run in runs.items()}


def numpy_stats(grid: Sequence[Cell], seeds: int, generations: int, seed: int = 0) -> dict[Cell, np.ndarray]:
    """The same curves from sufficient statistics in NumPy, all seeds of a cell at once."""
    return {cell: _chain(Generator(SFC64(seed)), *cell, seeds, generations) for cell in grid}


def _chain(rng: Generator, n: int, d: int, workflow: str, seeds: int, generations: int) -> np.ndarray:
    mean, root = np.zeros((seeds, d, 1)), np.broadcast_to(np.eye(d), (seeds, d, d))
    curve, total, square = [], np.zeros(()), np.zeros(())
    for t in range(1, generations + 1):
        sample = mean + root @ rng.standard_normal((seeds, root.shape[2], 1)) / np.sqrt(n)
        scatter = root @ bartlett(rng, n - 1, root.shape[2], seeds)[..., : min(n - 1, root.shape[2])] / np.sqrt(n)
        if workflow == "replace":
            mean, root = sample, scatter  # a factor with fewer columns where n - 1 < d: no decomposition ever
        else:
            total = total + sample
            square = square + scatter @ scatter.swapaxes(1, 2) + sample @ sample.swapaxes(1, 2)
            mean = total / t
            root = _root(square / t - mean @ mean.swapaxes(1, 2))
        curve.append(np.mean(mean**2))
    return np.array(curve)


def _root(cov: np.ndarray) -> np.ndarray:
    """A factor of every matrix, also of singular ones."""
    try:
        return np.linalg.cholesky(cov)
    except np.linalg.LinAlgError:
        values, vectors = np.linalg.eigh(cov)
        return vectors * np.sqrt(np.maximum(values, 0))[:, None]


def main(argv: list[str] | None = None) -> int:
    from benchmarks.measure import machine
    from benchmarks.table import RESULTS

    parser = argparse.ArgumentParser(prog="python -m benchmarks.grid", description=__doc__)
    parser.add_argument("--n", type=int, nargs="+", default=list(N))
    parser.add_argument("--d", type=int, nargs="+", default=list(D))
    parser.add_argument("--seeds", type=int, default=100)
    parser.add_argument("--generations", type=int, default=100)
    parser.add_argument("--out", default=str(RESULTS / "grid.json"))
    parsed = parser.parse_args(argv)
    grid = cells(parsed.n, parsed.d)
    result: dict[str, Any] = {
        "about": machine(),
        "cells": len(grid),
        "seeds": parsed.seeds,
        "generations": parsed.generations,
    }
    for number, (name, run) in enumerate({"ours": ours, "ours_again": ours, "numpy_stats": numpy_stats}.items()):
        started = time.perf_counter()
        run(grid, parsed.seeds, parsed.generations, number)
        result[name] = time.perf_counter() - started
        print(f"{name}: {result[name]:.1f} s", flush=True)
    result["numpy_over_ours"] = result["numpy_stats"] / result["ours"]
    result["numpy_over_ours_again"] = result["numpy_stats"] / result["ours_again"]
    with open(parsed.out, "w", encoding="utf-8") as file:
        file.write(json.dumps(result, indent=1) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
