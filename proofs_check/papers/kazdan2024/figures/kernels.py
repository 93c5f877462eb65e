"""Kernel density estimates in one dimension: error, spread and likelihood, each beside its law."""

from typing import Any

import numpy as np

from proofs_check.figure import STYLES, Data, Figure, bare, key_legend, log_axis, points, record
from proofs_check.papers.kazdan2024 import densities

_ERRORS = ("replace", "accumulate", "fresh_real", "fixed_real")
_SPREADS = ("replace", "accumulate", "scott")
_NAMES = {"replace": "replace", "accumulate": "accumulate", "fresh_real": "new real points too",
          "fixed_real": "the same real points too", "scott": "accumulate, $h = (n t)^{-1/5}$"}  # fmt: skip


def _second_moment(model: Any, truth: Any) -> Any:
    return (model.present * model.means[..., 0] ** 2).sum(-1) / model.number + model.bandwidth**2


def _data(
    *,
    n: int = 30,
    n_real: int = 15,
    h: float = 0.3,
    few: int = 10,
    wide: float = 0.5,
    widths: tuple[float, ...] = (0.1, 0.5, 1.0),
    errors: int = 20,
    generations: int = 60,
    chains: int = 1 << 12,
    seed: int = 0,
) -> Data:
    from collapse_jax import KDE, Accumulate, FixedReal, FreshReal, Replace, laws, simulate

    def run(family, workflow, metric, horizon):
        name = metric if isinstance(metric, str) else metric.__name__
        return simulate(family, workflow, metric, generations=horizon, chains=chains, seed=seed, progress=False)[name]

    curves = len(_ERRORS) + len(_SPREADS) + len(widths)
    t = np.arange(1, generations + 1)
    data: Data = {"t": t, "t_error": np.arange(1, errors + 1), "widths": np.asarray(widths)}
    workflows = (Replace(n), Accumulate(n), FreshReal(n, n_real=n_real), FixedReal(n, n_real=n_real))
    for name, workflow in zip(_ERRORS, workflows, strict=True):
        pedigree = laws.pedigree.of(workflow, errors)
        data[f"error_{name}"] = laws.kde.integrated_squared_error(pedigree, h, laws.kde.normal())
        record(data, f"error_{name}", run(KDE(h), workflow, "ise", errors), curves)
    data["spread_replace"] = np.asarray([densities.replace_second_moment(int(k), wide, 1.0) for k in t])
    data["spread_accumulate"] = np.asarray([densities.accumulate_second_moment(int(k), wide, 1.0) for k in t])
    data["spread_scott"] = np.asarray([densities.scott_second_moment(int(k), few, 1.0, 1) for k in t])
    spreads = ((KDE(wide), Replace(few)), (KDE(wide), Accumulate(few)), (KDE("scott"), Accumulate(few)))
    for name, (family, workflow) in zip(_SPREADS, spreads, strict=True):
        record(data, f"spread_{name}", run(family, workflow, _second_moment, generations), curves)
    for width in widths:
        data[f"lower_h{width}"] = np.asarray([densities.nll_lower(int(k), width, 1.0, 1) for k in t])
        data[f"upper_h{width}"] = np.asarray([densities.nll_upper(int(k), width, 1.0, 1) for k in t])
        record(data, f"nll_h{width}", run(KDE(width), Replace(few), "nll", generations), curves)
    return data


def _draw(axes: Any, data: Data) -> None:
    error, spread, nll = axes
    for ax in axes:  # first, as marks are spread over the axis as it is scaled
        log_axis(ax, (data["t_error"] if ax is error else data["t"])[-1])
    for name, style in zip(_ERRORS, STYLES, strict=False):
        error.plot(data["t_error"], data[f"error_{name}"], color=style["color"], linewidth=1.2)
        points(error, data["t_error"], data, f"error_{name}", style)
    error.set_ylabel(r"$E \int (f_t - p)^2$")
    for name, style in zip(_SPREADS, STYLES, strict=False):
        spread.plot(data["t"], data[f"spread_{name}"], color=style["color"], linewidth=1.2)
        points(spread, data["t"], data, f"spread_{name}", style)
    spread.set_ylabel(r"$E \int x^2 f_t$")
    spread.set_yscale("log")
    for width, style in zip(data["widths"], STYLES, strict=False):
        nll.fill_between(data["t"], data[f"lower_h{width}"], data[f"upper_h{width}"], color=style["color"], alpha=0.12)
        nll.plot(data["t"], data[f"upper_h{width}"], ":", color=style["color"], linewidth=1)
        nll.plot(data["t"], data[f"lower_h{width}"], "--", color=style["color"], linewidth=1)
        points(nll, data["t"], data, f"nll_h{width}", style)
    nll.set_ylabel("$E\\,$NLL, nats")
    nll.set_yscale("log")
    nll.set_ylim(1, 2000)
    for ax in axes:
        ax.set_xlabel("generation $t$")
        bare(ax)
    error.set_ylim(bottom=0)
    for ax, names in ((error, _ERRORS), (spread, _SPREADS)):
        entries = [({**style, "linestyle": "-"}, _NAMES[name]) for name, style in zip(names, STYLES, strict=False)]
        key_legend(ax, entries, loc="upper left", fontsize=7)
    entries = [(dict(style), f"$h = {width:g}$") for width, style in zip(data["widths"], STYLES, strict=False)]
    lines = [({"linestyle": ":"}, "Jensen over kernels"), ({"linestyle": "--"}, "Jensen over models")]
    key_legend(nll, [*entries, *lines], loc="upper left", fontsize=7)


def _caption(config: dict[str, Any], data: Data) -> str:
    return (
        f"Gaussian kernel density estimates of a standard normal truth. Left: integrated squared error, $h = {config['h']}$, "
        f"{config['n']} new points a generation, {config['n_real']} real ones where they take part; lines exact, from "
        f"characteristic functions. Middle: second moment of the fitted density, $h = {config['wide']}$, n = {config['few']}: "
        "$1 + t h^2$, $1 + h^2 H_t$, and bounded where the bandwidth narrows with the pool. Right: negative log-likelihood "
        f"under replacement, n = {config['few']}, between the two lines of Jensen's inequality; the slope tends to 1/2 nat a "
        f"generation for every h. Marks: means of {config['chains']:,} chains with simultaneous 99 % limits, seed "
        f"{config['seed']}."
    )


kernels = Figure(
    "kazdan2024.kernels",
    "kernel density estimates: integrated squared error, spread and likelihood beside their laws",
    _data,
    _draw,
    _caption,
    panels=(1, 3),
    size=(11.0, 3.4),
    quick={"chains": 1 << 9},
)
