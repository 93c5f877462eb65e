"""Linear regression on one design: every d, T and noise variance of the authors' sweep."""

from typing import Any

import numpy as np

from proofs_check.figure import ALPHA, STYLES, Data, Figure, bare, key_legend, log_axis
from proofs_check.papers.kazdan2024 import theory

__all__ = ["linear"]

_WORKFLOWS = {"replace": "-", "subsample": "-.", "accumulate": "--"}
_FORMS = {
    "replace": theory.linreg_replace,
    "subsample": theory.linreg_subsample,
    "accumulate": theory.linreg_accumulate,
}


def _data(
    *,
    d: tuple[int, ...] = (1, 3, 10, 32, 100),
    T: tuple[int, ...] = (10, 32, 100, 316, 1000),
    sigma2: tuple[float, ...] = (0.1, 1.0, 10.0),
    simulated: tuple[int, ...] = (1, 3),
    generations: int = 100,
    chains: int = 1 << 10,
    few: int = 1 << 10,
    seed: int = 0,
) -> Data:
    """`few` chains are run of a subsample, whose rows are literal; the risk is proportional to the noise variance."""
    t = np.arange(1, generations + 1)
    data: Data = {"t": t, "d": np.array(d), "T": np.array(T), "sigma2": np.array(sigma2)}
    for dim in d:
        for rows in (rows for rows in T if rows >= dim + 2):
            for name, form in _FORMS.items():
                data[f"{name}_d{dim}_T{rows}"] = np.array([form(int(k), dim, rows, 1.0) for k in t])
    for dim in simulated:
        _simulate(data, dim, T, generations, chains, few, seed)
    return data


def _simulate(data: Data, d: int, T: tuple[int, ...], generations: int, chains: int, few: int, seed: int) -> None:
    from collapse_jax import Accumulate, AccumulateSubsample, LinearRegression, Replace, simulate

    family, short = LinearRegression(d=d, sigma2=1.0, design="shared"), min(10, generations)
    for rows in (rows for rows in T if rows >= d + 4):
        for name, workflow in (("replace", Replace(rows)), ("accumulate", Accumulate(rows))):
            run = simulate(family, workflow, "risk", generations=generations, chains=chains, seed=seed, sizes="traced",
                           progress=False)["risk"]  # fmt: skip
            _keep(data, f"{name}_d{d}_T{rows}", run)
    if d > 1 and d + 4 <= 32 in T:
        run = simulate(family, AccumulateSubsample(32), "risk", generations=short, chains=few, seed=seed, block=few,
                       progress=False)["risk"]  # fmt: skip
        _keep(data, f"subsample_d{d}_T32", run)


def _keep(data: Data, key: str, run: Any) -> None:
    low, high = run.band(ALPHA / 30)
    data[f"sim_{key}"] = np.stack([run.mean, low, high])


def _draw(axes: Any, data: Data) -> None:
    panels = axes.reshape(len(data["sigma2"]), -1)
    for row, sigma2 in zip(panels, data["sigma2"].tolist(), strict=True):
        for ax, d in zip(row, data["d"].tolist(), strict=True):
            _panel(ax, data, d, sigma2)
        row[0].set_ylabel(rf"excess risk, $\sigma^2 = {sigma2:g}$")
    for ax, d in zip(panels[0], data["d"].tolist(), strict=True):
        ax.set_title(f"$d = {d}$")
    for ax in panels[-1]:
        ax.set_xlabel("generation $t$")
    sizes = [({**style, "linestyle": "-"}, f"$T = {T}$") for T, style in zip(data["T"].tolist(), STYLES, strict=False)]
    key_legend(panels[0][0], sizes, loc="upper left", fontsize=6.5, ncols=2, labelspacing=0.2)
    kinds = [({"linestyle": line}, name) for name, line in _WORKFLOWS.items()]
    key_legend(panels[1][0], kinds, loc="upper left", fontsize=6.5, labelspacing=0.2)


def _panel(ax: Any, data: Data, d: int, sigma2: float) -> None:
    log_axis(ax, data["t"][-1])
    ax.set_yscale("log")
    ax.set_ylim(3e-4 * sigma2, 3e3 * sigma2)
    for T, style in zip(data["T"].tolist(), STYLES, strict=False):
        for name, line in _WORKFLOWS.items():
            key = f"{name}_d{d}_T{T}"
            if key in data:
                ax.plot(data["t"], sigma2 * data[key], line, color=style["color"], linewidth=1)
            if f"sim_{key}" in data:
                mean, low, high = sigma2 * data[f"sim_{key}"]
                at = np.unique(np.round(np.geomspace(1, len(mean), 6)).astype(int)) - 1
                ax.vlines(at + 1, low[at], high[at], color=style["color"], linewidth=0.8)
                marker = "x" if name == "subsample" else style["marker"]
                ax.plot(at + 1, mean[at], marker, color=style["color"], markerfacecolor="white", markersize=3)
    bare(ax)


def _caption(config: dict[str, Any], data: Data) -> str:
    return (
        "Least squares on labels of its own, one design, for the d, T and noise variances of the authors' sweep; T as there "
        "above d, and here at least d + 2, where the mean exists. Lines: closed forms, exact under replacement (solid) and "
        "accumulation (dashed), of leading order in d/T for T of the accumulated rows (dash-dotted): for T near d its error "
        f"is larger. Marks: means of {config['chains']:,} chains (d = {', '.join(map(str, config['simulated']))}) with simultaneous 99 % limits, crosses of "
        f"{config['few']} chains of the subsample (d = 3, T = 32, ten generations); the risk is proportional to the noise variance, "
        f"so one run serves a column. Seed {config['seed']}."
    )


linear = Figure(
    "kazdan2024.linear",
    "linear regression for every d, T and noise variance of the authors' sweep",
    _data,
    _draw,
    _caption,
    panels=(3, 5),
    size=(12.5, 7.0),
    quick={"chains": 1 << 7, "few": 1 << 8},
)
