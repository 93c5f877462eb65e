"""Twelve configurations whose numbers are pinned to the bit: `python -m benchmarks.pins` writes results/pins.json.

A change that moves code must not move numbers. `tests/test_pins.py` runs them again: to the last bit with the versions
and the processor that wrote the file, and within its simultaneous limits anywhere else.
"""

import hashlib
import json
import platform
from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np

import collapse_jax as cj

FILE = Path(__file__).parent / "results" / "pins.json"


def _schedule(model, truth):
    return model.p * (1 - model.p)


def configurations() -> dict[str, dict[str, Any]]:
    """Keyword arguments of `simulate` by name: every engine, sampler and kind of data."""
    common = {"chains": 5000, "generations": 5, "seed": 7, "progress": False}
    cov = [[2.0, 0.5, 0.0], [0.5, 1.0, 0.3], [0.0, 0.3, 1.0]]
    cases = {
        "gaussian_replace": (cj.Gaussian(ddof=1), cj.Replace(30), ["log_variance", "mean_error"], {}),
        "gaussian_d3_accumulate": (cj.Gaussian(cov=cov, ddof=0), cj.Accumulate(12), ["log_det", "w2"], {}),
        "gaussian_literal": (cj.Gaussian(ddof=1), cj.Window(10, k=3), ["variance"], {"engine": "literal"}),
        "bernoulli_schedule": (cj.Bernoulli(0.3), cj.Replace([10, 20, 30, 40, 50]), [_schedule, "squared_error"], {}),
        "bernoulli_pool": (cj.Bernoulli(0.3), cj.RandomPool(20), ["squared_error"], {"chains": 1500}),
        "poisson_rejection": (cj.Poisson(3.0), cj.FixedReal(15, n_real=10), ["absorbed", "variance"],
                              {"sampler": "rejection"}),
        "exponential_float32": (cj.Exponential(2.0), cj.FreshReal(10, n_real=10), ["kl_forward"], {"dtype": "float32"}),
        "categorical_counts": (cj.Categorical([0.5, 0.3, 0.2]), cj.Accumulate(40), ["tv", "entropy"], {}),
        "categorical_collapse": (cj.Categorical([0.5, 0.3, 0.2]), cj.Replace(6), ["collapse_time", "support_size"], {}),
        "subsample": (cj.Poisson(2.0), cj.AccumulateSubsample(8), ["squared_error"], {"keep_paths": 64}),
        "least_squares_shared": (cj.LinearRegression(d=4, design="shared"), cj.Accumulate(16), ["risk"], {}),
        "ridge_fresh_multiple": (cj.LinearRegression([0.0] * 3, ridge=0.5, penalty="absolute", design="fresh"),
                                 cj.ReplaceMultiple(12), ["risk", "kl_forward"], {"draws": "float32"}),
    }  # fmt: skip
    return {
        name: {"family": family, "workflow": workflow, "metrics": metrics, **common, **options}
        for name, (family, workflow, metrics, options) in cases.items()
    }


def environment() -> dict[str, str]:
    """What the last bit depends on besides the code: compiler, its target, the host's arithmetic."""
    import jax
    import jaxlib

    cpu = ""
    if Path("/proc/cpuinfo").exists():
        lines = Path("/proc/cpuinfo").read_text().splitlines()
        cpu = next((line.partition(":")[2].strip() for line in lines if line.startswith("flags")), "")
    flags = hashlib.sha256(cpu.encode()).hexdigest()[:16]
    versions = {"jax": jax.__version__, "jaxlib": jaxlib.__version__, "numpy": np.__version__}
    return {**versions, "machine": platform.machine(), "processor": flags}


def digest(run: Any) -> str:
    """The moments and paths of a run, to the bit."""
    parts = [np.ascontiguousarray(getattr(run.moments, item.name)) for item in fields(run.moments)]
    parts += [np.ascontiguousarray(run.paths[name]) for name in sorted(run.paths)]
    return hashlib.sha256(b"".join(part.tobytes() for part in parts)).hexdigest()


def main() -> None:
    found: dict[str, Any] = {"environment": environment(), "runs": {}}
    for name, options in configurations().items():
        run = cj.simulate(**options)
        found["runs"][name] = {
            "sha256": digest(run),
            "mean": {metric: curve.mean.tolist() for metric, curve in run.items()},
            "standard_error": {metric: curve.standard_error.tolist() for metric, curve in run.items()},
        }
        print(name, found["runs"][name]["sha256"][:12])
    FILE.write_text(json.dumps(found, indent=1) + "\n")


if __name__ == "__main__":
    main()
