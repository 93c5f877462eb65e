"""The language model of the studies: our chains side by side, and chain by chain. CPU time of all threads.

`python -m benchmarks.neural` writes benchmarks/results/neural.json and renders the section of benchmarks/README.md;
`--render` only renders it.
"""

import argparse
import importlib.util
import json
import os
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

LEAST = 4.0
"""Asked for: how many times fewer CPU seconds than the loop."""
_WALL = time.perf_counter
_SHOWN = {"ours": "ours", "optax": "loop of jitted Optax steps", "torch": "PyTorch, one thread"}


def columns(setting: Any, chains: int, few: int, generations: int) -> dict[str, tuple[int, Callable[[int], Any]]]:
    """Chains, and what runs them with a seed, of every column; a loop runs `few` chains, as it is linear in them."""
    from benchmarks.baselines import nets
    from proofs_check.papers.common.loops import METRIC, N, probe

    family, n = setting.family(), N[setting.kind]

    def ours(seed: int) -> dict[str, Any]:
        found = setting.study(nets.WORKFLOWS, chains, seed, generations)
        return {name: found[name][METRIC[setting.kind]] for name in nets.WORKFLOWS}

    def loop(model: Any) -> tuple[int, Callable[[int], Any]]:
        return few, lambda seed: nets.study(model, n, generations, few, seed)

    found = {"ours": (chains, ours), "optax": loop(nets.Optax(family, probe(setting.kind)))}
    if importlib.util.find_spec("torch"):
        found["torch"] = loop(nets.Torch(family))
    return found


def timed(call: Callable[[], Any], clock: Callable[[], float] = time.process_time) -> tuple[float, Any]:
    """Seconds, and what it returned."""
    started = clock()
    found = call()
    return clock() - started, found


def measured(setting: Any, chains: int, few: int, generations: int, runs: int) -> dict[str, Any]:
    """All columns, in turn, and what a chain takes of memory; seconds are of a fit with its draws and measures."""
    from benchmarks.baselines.nets import WORKFLOWS
    from benchmarks.measure import machine

    about, made = machine(), columns(setting, chains, few, generations)
    first = {name: timed(lambda call=call: call(0))[0] for name, (_, call) in made.items()}
    seconds: dict[str, list[float]] = {name: [] for name in made}
    paths: dict[str, list[Any]] = {name: [] for name in made}
    for run in range(runs):
        for name, (_, call) in made.items():
            taken, found = timed(lambda call=call, seed=run + 1: call(seed))
            seconds[name].append(taken)
            paths[name].append([[float(value) for value in found[workflow].mean(1)] for workflow in WORKFLOWS])
    entries = {}
    for name, (count, _) in made.items():
        fits = count * generations * len(WORKFLOWS)
        each = [taken / fits for taken in seconds[name]]
        entries[name] = {
            "chains": count,
            "first_call": first[name],
            "seconds_per_fit": min(each),
            "most": max(each),
            "means": dict(zip(WORKFLOWS, (_mean(column) for column in zip(*paths[name], strict=True)), strict=True)),
        }
    least = entries["ours"]["seconds_per_fit"]
    ratios = {name: entry["seconds_per_fit"] / least for name, entry in entries.items() if name != "ours"}
    return {
        "about": about,
        "net": f"{setting.kind}, width {setting.width}, {setting.policy}",
        "generations": generations,
        "runs": runs,
        "columns": entries,
        "ratios": ratios,
        "target": {"least": LEAST, "met": ratios["optax"] >= LEAST},
        "bytes_per_chain": memory(setting.family(), setting.kind, chains // 2),
    }


def _mean(paths: Sequence[Sequence[float]]) -> list[float]:
    return [statistics.fmean(values) for values in zip(*paths, strict=True)]


def memory(family: Any, kind: str, block: int, generations: int = 8) -> dict[str, int]:
    """Bytes per chain of a study of `generations` fits: what XLA sets aside in a fit and in a probe, and the state.

    **Args**: `family`; `kind`: of its probe; `block`: chains of a program; `generations`: of the pool of accumulation.
    """
    import jax
    import jax.numpy as jnp

    from collapse_jax.data import Samples
    from collapse_jax.numerics import random
    from proofs_check.papers.common.loops import N, probe

    with jax.enable_x64(False):
        slots = generations * N[kind]
        key = random.key(0)
        one = jax.eval_shape(lambda key: family.truth.sample(key, slots), key)
        rows = jax.tree.map(lambda leaf: jax.ShapeDtypeStruct((block, *leaf.shape), leaf.dtype), one)
        weights = jax.ShapeDtypeStruct((block, family.size), jnp.float32)

        def fit(key, before, values):
            data = Samples(values, jnp.ones(slots, bool), jnp.int32(0), 1)
            return family.trained(key, before, jnp.asarray(False), data).weights

        def measure(key, weights):
            return probe(kind).values(family.replace(weights=weights, loss=jnp.zeros(block, jnp.float32)), key)

        parts = {"fit": _temporary(fit, key, weights, rows), "probe": _temporary(measure, key, weights)}
    pool = sum(leaf.size * leaf.dtype.itemsize for leaf in jax.tree.leaves(one))
    return {**{name: size // block for name, size in parts.items()}, "weights": 4 * family.size, "pool": pool}


def _temporary(function: Callable[..., Any], *args: Any) -> int:
    import jax

    from collapse_jax.engine.xla import compiler_options

    program = jax.jit(function).lower(*args).compile(compiler_options(jax.default_backend(), 1))
    analysis = program.memory_analysis()
    return 0 if analysis is None else int(analysis.temp_size_in_bytes)


def growth(tiny: bool, generations: int = 2) -> list[dict[str, Any]]:
    """Wall seconds of studies of more and more chains, the second of two whose seeds differ; the first compiles.

    **Args**: `tiny`: three logits and four chains, in place of the language model and 512; `generations`.
    """
    from collapse_jax import Replace
    from collapse_jax.neural import NeuralFamily, Probe, Training, measures, nets, study, truths
    from proofs_check.papers.common.loops import N, Setting, probe

    family, measured_by, n, sizes = Setting("language").family(), probe("language"), N["language"], (8, 32, 128, 512)
    if tiny:
        family = NeuralFamily(truths.NextToken([[0.5, 0.3, 0.2]]), nets.Softmax(1, 3), Training(steps=2))
        measured_by, n, sizes = Probe.of(kl=measures.excess), 8, (2, 4)
    found = []
    for chains in sizes:
        options = {"generations": generations, "chains": chains, "progress": False}

        def run(seed: int, options: dict[str, Any] = options) -> float:
            return timed(lambda: study(family, {"replace": Replace(n)}, measured_by, seed=seed, **options), _WALL)[0]

        first, again = run(0), run(1)
        rate = chains * generations / again
        found.append({"chains": chains, "first_call": first, "seconds": again, "fits_per_second": rate})
    return found


def brief(results: dict[str, Any]) -> str:
    """The section of README."""
    about, made = results["about"], results["columns"]
    head = (
        f"{about['cpu']}, {about['cores']} cores, {about['vectors']}, device {about['device']}; jax {about['jax']}; "
        f"{about['date']}, load {about['load']:g} at the start; {results['net']}; {results['generations']} fits, least "
        f"of {results['runs']} runs"
    )
    rows = [
        "| column | chains | CPU s per fit | relative to ours | first call, CPU s | KL, replace, fit 1 to the last |"
    ]
    rows.append("|---|---|---|---|---|---|")
    for name, shown in _SHOWN.items():
        if name not in made:
            rows.append(f"| {shown} | absent | - | - | - | - |")
            continue
        entry, path = made[name], made[name]["means"]["replace"]
        ratio, moved = results["ratios"].get(name, 1), f"{path[0]:.3f} to {path[-1]:.3f}"
        each = f"{entry['seconds_per_fit']:.2g} | {ratio:.2g} | {entry['first_call']:.0f}"
        rows.append(f"| {shown} | {entry['chains']} | {each} | {moved} |")
    kept = {name: f"{size / 1024:,.0f} KiB" for name, size in results["bytes_per_chain"].items()}
    met = "met" if results["target"]["met"] else "not met"
    return "\n".join(
        [
            head,
            "",
            *rows,
            "",
            f"Loop / ours >= {results['target']['least']:g} was asked for: {results['ratios']['optax']:.2g}, {met}.",
            f"Per chain, with room for eight fits: weights {kept['weights']}, pool {kept['pool']}, temporaries",
            f"of a fit {kept['fit']} and of a probe {kept['probe']} (XLA's memory analysis).",
            "",
        ]
    )


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.neural", description=__doc__)
    parser.add_argument("--chains", type=int, default=16)
    parser.add_argument("--few", type=int, default=4, help="chains of the loops")
    parser.add_argument("--generations", type=int, default=3)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--width", type=int, default=32)
    parser.add_argument("--out", type=Path, help="the JSON file; benchmarks/results/neural.json by default")
    parser.add_argument("--render", action="store_true", help="measure nothing: render README from that file")
    parsed = parser.parse_args(argv)
    os.environ.setdefault("OMP_NUM_THREADS", "1")

    from benchmarks import table
    from proofs_check.papers.common.loops import Setting

    path = parsed.out or table.RESULTS / "neural.json"
    if not parsed.render:
        setting = Setting("language", width=parsed.width)
        results = measured(setting, parsed.chains, parsed.few, parsed.generations, parsed.runs)
        path.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
    results = table.load(path)
    print(brief(results))
    if parsed.out is None:
        page = table.README.read_text(encoding="utf-8")
        table.README.write_text(table.between(page, "neural", brief(results)), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
