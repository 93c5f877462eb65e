"""Linear regression on its own labels (Gerstgrasser et al. 2024), on the grid of Kazdan et al. (2024)."""

from typing import Any

import numpy as np

from proofs_check.figure import STYLES, Data, Figure, bare, key_legend, log_axis, points, record
from proofs_check.papers.gerstgrasser2024 import theory

__all__ = ["fig7", "linear"]

_WORKFLOWS = ("replace", "accumulate")


def _linear(
    *,
    d: int = 10,
    T: tuple[int, ...] = (16, 32, 100, 1000),
    sigma2: float = 1.0,
    generations: int = 100,
    simulated: tuple[int, ...] = (16, 32, 100, 1000),
    subsampled: tuple[int, ...] = (32, 100),
    designs: tuple[str, ...] = ("shared", "fresh"),
    chains: int = 1 << 13,
    seed: int = 0,
) -> Data:
    """`simulated` and `subsampled` are the T of which chains are run, the latter a 32nd as many."""
    if d + 4 > min(T):
        raise ValueError(f"T={min(T)} has no finite variance of the risk with d={d}; use T >= {d + 4}")
    t = np.arange(1, generations + 1)
    data = {"generations": t, "d": np.asarray(d), "T": np.asarray(T), "simulated": np.asarray(simulated),
            "subsampled": np.asarray(subsampled)}  # fmt: skip
    for rows in T:
        data |= {f"{name}_T{rows}": values for name, values in _closed(d, rows, sigma2, generations).items()}
    curves = len(_WORKFLOWS) * len(designs) * len(simulated) + len(subsampled)
    for rows in simulated:
        _simulate(data, rows, d, sigma2, designs, generations, chains, seed, curves)
    for rows in subsampled:
        _subsample(data, rows, d, sigma2, generations, chains, seed, curves)
    return data


def _closed(d: int, T: int, sigma2: float, generations: int) -> Data:

    t = range(1, generations + 1)
    replaced = np.asarray([theory.replace(k, d, T, sigma2) for k in t])
    return {
        "replace_shared_closed": replaced,
        "replace_fresh_closed": replaced,
        "accumulate_shared_closed": np.asarray([theory.accumulate(k, d, T, sigma2) for k in t]),
        "accumulate_fresh_closed": np.asarray([theory.accumulate_fresh(k, d, T, sigma2) for k in t]),
        "accumulate_bound": np.asarray(theory.accumulate_bound(d, T, sigma2)),
        "subsample_leading": np.asarray([theory.subsample(k, d, T, sigma2) for k in t]),
    }


def _simulate(
    data: Data, T: int, d: int, sigma2: float, designs: Any, generations: int, chains: int, seed: int, curves: int
) -> None:
    from collapse_jax import Accumulate, LinearRegression, Replace, simulate

    for name, workflow in zip(_WORKFLOWS, (Replace(T), Accumulate(T)), strict=True):
        for design in designs:
            family = LinearRegression(d=d, sigma2=sigma2, design=design)
            run = simulate(family, workflow, "risk", generations=generations, chains=chains, seed=seed,
                           sizes="traced", progress=False)  # fmt: skip
            record(data, f"{name}_{design}_T{T}", run["risk"], curves)


def _subsample(
    data: Data, T: int, d: int, sigma2: float, generations: int, chains: int, seed: int, curves: int
) -> None:
    from collapse_jax import AccumulateSubsample, LinearRegression, simulate

    family, block = LinearRegression(d=d, sigma2=sigma2, design="shared"), 32
    run = simulate(family, AccumulateSubsample(T), "risk", generations=generations, chains=max(block, chains // 32),
                   seed=seed, block=block, progress=False)  # fmt: skip
    record(data, f"subsample_shared_T{T}", run["risk"], curves)


_LABELS = {"replace": "replace", "accumulate": "accumulate", "subsample": "accumulate, subsample $T$ rows"}


def _draw_linear(axes: Any, data: Data) -> None:
    t = data["generations"]
    for ax, (name, title) in zip(axes, _LABELS.items(), strict=True):
        log_axis(ax, t[-1])
        ax.set_yscale("log")
        ax.set_xlabel("generation $t$")
        ax.set_title(title, fontsize=9)
        for T, style in zip(data["T"].tolist(), STYLES, strict=False):
            _lines(ax, t, data, name, T, style["color"])
            for design, marker in (("shared", style), ("fresh", {**style, "marker": "x"})):
                if f"{name}_{design}_T{T}_mean" in data:
                    points(ax, t, data, f"{name}_{design}_T{T}", marker)
    low = min(data[f"replace_shared_closed_T{T}"][0] for T in data["T"])
    for ax in axes:
        ax.set_ylim(0.7 * low, 1.6 * data[f"replace_shared_closed_T{min(data['T'])}"][-1])
    axes[0].set_ylabel(r"excess test risk, in units of $\sigma^2$")
    _legends(axes, data)


def _lines(ax: Any, t: np.ndarray, data: Data, name: str, T: int, colour: str) -> None:
    if name == "subsample":
        ax.plot(t, data[f"subsample_leading_T{T}"], color=colour, linestyle="-.", linewidth=1)
        return
    ax.plot(t, data[f"{name}_shared_closed_T{T}"], color=colour, linewidth=1.2)
    if name == "accumulate":
        ax.plot(t, data[f"accumulate_fresh_closed_T{T}"], color=colour, linestyle="--", linewidth=1)
        ax.axhline(float(data[f"accumulate_bound_T{T}"]), color=colour, linestyle=":", linewidth=1.1)


def _legends(axes: Any, data: Data) -> None:
    sizes = [(style, f"$T = {T}$") for T, style in zip(data["T"].tolist(), STYLES, strict=False)]
    lines = [("-", "shared design"), ("--", "fresh designs"), (":", r"ceiling, $\pi^2/6$ of one fit")]
    marks = [
        ({"marker": marker, "linestyle": ""}, f"simulated, {label}")
        for marker, label in (("o", "shared"), ("x", "fresh"))
    ]
    key_legend(axes[0], sizes, loc="upper left")
    key_legend(axes[1], [*(({"linestyle": style}, label) for style, label in lines), *marks], loc="upper left")
    leading = ({"linestyle": "-."}, "leading order in $d/T$")
    key_legend(axes[2], [leading, *marks[: data["subsampled"].size][:1]], loc="upper left")


def _caption_linear(config: dict[str, Any], data: Data) -> str:
    few = max(32, config["chains"] // 32)
    subsampled = (
        f" and {few} chains for subsampling ($T$ = {', '.join(map(str, config['subsampled']))}, shared design, literal)"
        if config["subsampled"]
        else ""
    )
    return (
        f"Least squares on its own labels: $d = {config['d']}$ isotropic Gaussian features, $T$ rows per generation, "
        f"noise variance $\\sigma^2 = {config['sigma2']:g}$. Lines are closed forms, exact for replace ($\\sigma^2 d "
        "t / (T - d - 1)$, for either design) and for accumulate; the published ceiling (dotted) is Theorem 2, "
        "stated for a shared design, and fresh designs stay below it. The dash-dotted line is of leading order in "
        f"$d/T$, with limit $(\\pi^2/2 - 2) \\sigma^2 d / T$. Marks: means of {config['chains']:,} chains ($T$ = "
        f"{', '.join(map(str, config['simulated']))}){subsampled}, with simultaneous 99 % limits; seed "
        f"{config['seed']}."
    )


linear = Figure(
    "gerstgrasser2024.linear",
    "linear regression: replace, accumulate and subsample; shared and fresh designs",
    _linear,
    _draw_linear,
    _caption_linear,
    panels=(1, 3),
    size=(8.8, 3.4),
    quick={"chains": 1 << 10},
)


def _fig7(
    *,
    d: int = 10,
    T: tuple[int, ...] = (32, 100, 316),
    sigma2: float = 1.0,
    generations: int = 20,
    chains: int = 1 << 13,
    seed: int = 0,
) -> Data:
    return _linear(d=d, T=T, sigma2=sigma2, generations=generations, simulated=T, subsampled=(), designs=("shared",),
                   chains=chains, seed=seed)  # fmt: skip


def _draw_fig7(axes: Any, data: Data) -> None:
    t = data["generations"]
    for ax, name in zip(axes, _WORKFLOWS, strict=True):
        for T, style in zip(data["T"].tolist(), STYLES, strict=False):
            ax.plot(t, data[f"{name}_shared_closed_T{T}"], color=style["color"], linewidth=1.2)
            if name == "accumulate":
                ax.axhline(float(data[f"accumulate_bound_T{T}"]), color=style["color"], linestyle=":", linewidth=1.1)
            points(ax, t, data, f"{name}_shared_T{T}", style, f"$T = {T}$")
        ax.set_ylabel("excess test risk")
        ax.set_title(_LABELS[name], fontsize=9)
        ax.set_ylim(0, None)
        bare(ax)
    axes[0].legend(frameon=False, fontsize=8)
    key_legend(
        axes[1], [({"linestyle": "-"}, "closed form"), ({"linestyle": ":"}, "ceiling, Theorem 2")], loc="center right"
    )
    for ax in axes:
        ax.set_xticks([1, *range(5, t[-1] + 1, 5)])
    axes[-1].set_xlabel("generation $t$")


def _caption_fig7(config: dict[str, Any], data: Data) -> str:
    return (
        "Figure 7 of the paper has replacement above and accumulation below, for three T; its d, T and noise variance were "
        f"not available to us. Here $d = {config['d']}$, $\\sigma^2 = {config['sigma2']:g}$, one design. Lines: the exact risk, "
        "$\\sigma^2 d\\, t/(T - d - 1)$ and $\\sigma^2 d/(T - d - 1)$ times $1 + 1/4 + \\cdots + 1/t^2$; dotted, the ceiling "
        f"of Theorem 2. Marks: means of {config['chains']:,} chains with simultaneous 99 % limits; seed {config['seed']}."
    )


fig7 = Figure(
    "gerstgrasser2024.fig7",
    "linear regression, replace above and accumulate below, for three T",
    _fig7,
    _draw_fig7,
    _caption_fig7,
    panels=(2, 1),
    size=(5.0, 5.0),
    quick={"chains": 1 << 10},
)
