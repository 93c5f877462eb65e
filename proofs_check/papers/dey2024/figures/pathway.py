r"""The plot of $\pi^2/6$: relative risks of workflows, for means and for medians, beside their closed forms."""

from typing import Any

import numpy as np

from proofs_check.figure import STYLES, Data, Figure, bare, points, record
from proofs_check.papers.dey2024 import theory

_MEANS = {
    "subsample": ("fit $n$ of everything", theory.subsample),
    "augment": ("augment", theory.augment),
    "doubling": ("pool doubles (code)", theory.doubling),
    "relabel_all": ("all relabelled (code)", theory.relabel_all),
}
_HEIGHTS = {r"$\pi^2/2 - 2$": theory.subsample_limit(), r"$\pi^2/6$": theory.LIMIT, r"$3/2$": 1.5}


def _data(
    *,
    chains: int = 1 << 15,
    median_chains: int = 1 << 14,
    generations: int = 12,
    fits: int = 5,
    n: int = 10,
    m: tuple[int, ...] = (5, 20, 80),
    seed: int = 0,
) -> Data:
    from collapse_jax import Accumulate, AccumulateSubsample, Gaussian, simulate
    from proofs_check.papers.dey2024.families import GaussianMedian
    from proofs_check.papers.dey2024.workflows import PoolDoubling, RelabelAll

    t, curves = np.arange(1, generations + 1), len(_MEANS) + len(m)
    data: Data = {"t": t, "fits": np.arange(1, fits + 1), "m": np.asarray(m)}

    def simulated(key: str, family: Any, workflow: Any, length: int, chains: int, unit: float) -> None:
        run = simulate(family, workflow, "mean_error", generations=length, chains=chains, seed=seed, progress=False)
        record(data, key, run["mean_error"], curves)
        for part in ("mean", "stderr", "lower", "upper"):
            data[f"{key}_{part}"] = data[f"{key}_{part}"] / unit

    workflows = (AccumulateSubsample(n), Accumulate(n), PoolDoubling(n), RelabelAll(n))
    for (key, (_, form)), workflow in zip(_MEANS.items(), workflows, strict=True):
        data[f"{key}_closed"] = np.asarray([form(k) for k in t])
        simulated(key, Gaussian(known_cov=True), workflow, generations, chains, 1 / n)
    data["subsample_closed"] = np.asarray([n * theory.subsampled_error(int(k), n, 1.0, 0) for k in t])
    for half in m:
        unit = theory.median_moment(half)
        simulated(f"median_{half}", GaussianMedian(), Accumulate(2 * half + 1), fits, median_chains, unit)
    return data


def _draw(axes: Any, data: Data) -> None:
    means, medians = axes
    t = data["t"]
    for style, (key, (label, _)) in zip(STYLES, _MEANS.items(), strict=False):
        means.plot(t, data[f"{key}_closed"], color=style["color"], linewidth=1.2, zorder=1)
        points(means, t, data, key, style, label)
    for name, height in _HEIGHTS.items():
        means.axhline(height, color="#555555", linestyle=":", linewidth=1, zorder=0)
        means.annotate(name, (t[-1] + 0.9, height), va="center", fontsize=8, color="#555555", annotation_clip=False)
    means.set_title("means: closed forms (lines) are exact at every $n$", fontsize=9)
    medians.set_title("medians: the limit is approached as $n^{-1/2}$", fontsize=9)
    fits = data["fits"]
    medians.plot(
        fits, [theory.augment(int(k)) for k in fits], color=STYLES[1]["color"], label=r"limit, $\sum_{k \leq t} k^{-2}$"
    )
    medians.axhline(theory.LIMIT, color="#555555", linestyle=":", linewidth=1, zorder=0)
    medians.annotate(r"$\pi^2/6$", (1, theory.LIMIT), (0, 4), textcoords="offset points", fontsize=8, color="#555555")
    for style, half in zip((STYLES[0], *STYLES[2:]), data["m"], strict=False):
        points(medians, fits, data, f"median_{half}", style, f"medians, $n = {2 * half + 1}$")
    for ax in axes:
        ax.set_xlabel("generation $t$")
        ax.set_ylabel("risk of fit $t$ / risk of fit 1")
        ax.xaxis.get_major_locator().set_params(integer=True)
        bare(ax)
        ax.legend(frameon=False, fontsize=7.5, loc="lower right" if ax is medians else "upper left", ncols=1 if ax is medians else 2)  # fmt: skip
    means.set_xlim(0.7, t[-1] + 0.8)
    means.set_ylim(0.8, 3.7)


def _caption(config: dict[str, Any], data: Data) -> str:
    sizes = ", ".join(str(2 * half + 1) for half in config["m"])
    return (
        f"Relative risks. Left: normal means, $n = {config['n']}$ per generation; fits on everything (augment), on $n$ of everything "
        "at random, and on what two of the authors' scripts collect under the name of augment: a pool that doubles, and one whose "
        "synthetic rows are all relabelled by the newest model. Right: medians of everything, whose ratio is below the limit at "
        f"small $n$; $n = {sizes}$, in units of the exact variance of one median. {config['chains']:,} chains, "
        f"{config['median_chains']:,} of medians; limits hold all true means at once with probability 99 % "
        f"(seed {config['seed']})."
    )


pathway = Figure(
    "dey2024.pathway",
    "relative risks and their limits: pi^2/6, 3/2 as coded, pi^2/2 - 2 for subsamples",
    _data,
    _draw,
    _caption,
    panels=(1, 2),
    size=(8.4, 3.4),
    quick={"chains": 1 << 13, "median_chains": 1 << 11},
)
