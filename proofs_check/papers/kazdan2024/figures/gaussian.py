"""The Gaussian panels: mean, determinant and trace for every dimension and sample size of the authors' sweep."""

from typing import Any

import numpy as np

from proofs_check.figure import STYLES, Data, Figure, bare, key_legend, log_axis, record
from proofs_check.papers.kazdan2024 import theory

# Of the authors' logs, d = 1: setting, n, t, mean of the fitted variance over 100 seeds (45 for n = 316), standard error.
STORED = (
    ("accumulate", 10, 100, 0.866, 0.051),
    ("accumulate", 32, 100, 0.960, 0.030),
    ("accumulate", 100, 100, 0.990, 0.018),
    ("accumulate", 316, 100, 1.001, 0.015),
    ("replace", 10, 10, 0.320, 0.046),
    ("replace", 100, 100, 0.318, 0.045),
)
_LINE = {"replace": "-", "accumulate": "--"}


def _data(
    *,
    d: tuple[int, ...] = (1, 3, 10, 31, 100),
    n: tuple[int, ...] = (10, 32, 100, 316, 1000),
    simulated: tuple[int, ...] = (1, 3, 10, 31, 100),
    chains: tuple[int, ...] = (8192, 8192, 1024, 128, 16),
    generations: int = 100,
    seed: int = 0,
) -> Data:
    """`chains` of every dimension in `simulated`."""
    t = np.unique(np.round(np.geomspace(1, generations, 20)).astype(int))
    data: Data = {"d": np.asarray(d), "n": np.asarray(n), "t": np.arange(1, generations + 1), "at": t}
    for size in n:
        for dim in d:
            data |= _closed(dim, size, [int(k) for k in t])
    for dim, number in zip(simulated, chains, strict=True):
        data[f"chains_{dim}"] = np.asarray(number)
        _simulate(data, dim, n, generations, number, seed, 6 * len(n) * len(simulated))
    return data


def _closed(d: int, n: int, at: list[int]) -> Data:
    """Expected mean error and trace per dimension; of the determinant E log det, and log E det under accumulation."""
    key = f"d{d}_n{n}"
    found = {
        f"{key}_replace_trace": [theory.replace_cov(k, n, 0) for k in at],
        f"{key}_accumulate_trace": [theory.accumulate_cov(k, n) for k in at],
        f"{key}_replace_mean": [theory.replace_mean_error(k, n, 0) for k in at],
        f"{key}_accumulate_mean": [theory.accumulate_mean_error(k, n) for k in at],
    }
    if n > d:
        found[f"{key}_replace_det"] = [theory.replace_log_det(k, n, d, 0) / d for k in at]
        found[f"{key}_accumulate_det"] = [np.log(theory.accumulate_det(k, n, d)) / d for k in at]
    return {name: np.asarray(values, float) for name, values in found.items()}


def _simulate(data: Data, d: int, n: tuple[int, ...], generations: int, chains: int, seed: int, curves: int) -> None:
    from collapse_jax import METRICS, Accumulate, Gaussian, Replace, metric, sweep

    def scaled(name, of):
        return metric(name=name)(lambda model, truth: of(model, truth) / d)

    parts = {"mean": "mean_error", "det": "log_det", "trace": "trace"}
    measured = [scaled(part, METRICS[of]) for part, of in parts.items()]
    for name, workflow in (("replace", Replace), ("accumulate", Accumulate)):

        def build(n, workflow=workflow):
            return Gaussian(d=d, ddof=0), workflow(n)

        runs = sweep(
            build, {"n": n}, measured, generations=generations, chains=chains, seed=seed, optimisation=0 if d > 3 else 1
        )
        for size in n:
            for part in parts if size > d else ("mean", "trace"):
                record(data, f"sim_d{d}_n{size}_{name}_{part}", runs[size][part], curves)


def _trusted(n: int, d: int, chains: int, t: np.ndarray) -> int:
    r"""How many generations of the mean trace under replacement so many chains can show: relative variance below R/400.

    By the moments of a Wishart matrix $n \Sigma_{t+1}$ of $\nu = n - 1$ degrees of freedom given $\Sigma_t$.
    """
    whole, square, shown, nu = float(d * d), float(d), 0, n - 1
    for k in t:
        whole, square = nu * (nu * whole + 2 * square) / n**2, nu * ((nu + 1) * square + whole) / n**2
        if whole > (1 + chains / 400) * (d * (nu / n) ** k) ** 2:
            break
        shown = int(k)
    return shown


def _draw(axes: Any, data: Data) -> None:
    panels = axes.reshape(3, -1) if hasattr(axes, "reshape") else axes
    for column, d in enumerate(data["d"]):
        for row, part in enumerate(("mean", "det", "trace")):
            _panel(panels[row][column], data, int(d), part)
        panels[0][column].set_title(f"$d = {d}$")
        panels[2][column].set_xlabel("generation $t$")
    labels = (r"$E\|\mu_t - \mu_0\|^2 / d$", r"$\log\det\Sigma_t\, /\, d$", r"$E\,\mathrm{tr}\,\Sigma_t\, /\, d$")
    for row, label in enumerate(labels):
        panels[row][0].set_ylabel(label)
    first = panels[0][0]
    key_legend(first, [({**style, "linestyle": "-"}, f"$n = {n}$") for n, style in zip(data["n"], STYLES, strict=False)],
               loc="upper left", fontsize=6.5, ncols=2, labelspacing=0.2)  # fmt: skip
    kinds = [({"linestyle": "-"}, "replace"), ({"linestyle": "--"}, "accumulate")]
    stored = ({"marker": "x", "linestyle": "", "color": "black"}, "authors' 100 seeds")
    key_legend(panels[2][0], [*kinds, stored], loc="lower left", fontsize=6.5, labelspacing=0.2)


def _panel(ax: Any, data: Data, d: int, part: str) -> None:
    log_axis(ax, data["t"][-1])
    if part == "mean":
        ax.set_yscale("log")
        ax.set_ylim(4e-4, 40)
    for n, style in zip(data["n"], STYLES, strict=False):
        for name, line in _LINE.items():
            key = f"d{d}_n{n}_{name}_{part}"
            if key in data:
                ax.plot(data["at"], data[key], line, color=style["color"], linewidth=1)
            if f"sim_{key}_mean" in data:
                _marks(ax, data, f"sim_{key}", style, _shown(data, int(n), d, name, part))
    if part == "trace":
        ax.set_ylim(-0.03, 1.08)
        if d == 1:
            for name, _, t, mean, error in STORED:
                at = t * 1.09 if name == "accumulate" else t
                ax.vlines(at, mean - 2 * error, mean + 2 * error, color="black", linewidth=1, zorder=10)
                ax.plot(at, mean, "x", color="black", markersize=5, zorder=10)
    if part == "det":
        ax.set_ylim(-6, 0.4)
    bare(ax)


def _shown(data: Data, n: int, d: int, name: str, part: str) -> np.ndarray:
    """A dozen generations, of the trace under replacement only those in which so many chains can show its mean."""
    heavy = part == "trace" and name == "replace"
    last = _trusted(n, d, int(data[f"chains_{d}"]), data["t"]) if heavy else len(data["t"])
    return np.unique(np.round(np.geomspace(1, last, 10)).astype(int)) - 1 if last else np.arange(0)


def _marks(ax: Any, data: Data, key: str, style: Any, at: np.ndarray) -> None:
    """Marks with limits that stay where they are: moved aside they would seem to miss a steep line."""
    mean, lower, upper = (data[f"{key}_{part}"][at] for part in ("mean", "lower", "upper"))
    ax.vlines(data["t"][at], lower, upper, color=style["color"], linewidth=0.8)
    ax.plot(data["t"][at], mean, style["marker"], color=style["color"], markerfacecolor="white", markersize=3)


def _caption(config: dict[str, Any], data: Data) -> str:
    return (
        "A Gaussian fitted by maximum likelihood (covariance with 1/n) under replacement (solid) and accumulation (dashed), "
        f"for the d and n of the authors' sweep. Lines: closed forms; of the determinant under accumulation $\\log E\\det$, "
        f"which lies above $E\\log\\det$ by Jensen's inequality; none for $n \\leq d$, where it is 0. Marks: means of "
        f"{', '.join(f'{number:,}' for number in config['chains'])} chains (d = {', '.join(map(str, config['simulated']))}) with simultaneous 99 % limits, of the "
        "trace under replacement only as far as so many chains can show a mean that sits in rare ones; seed "
        f"{config['seed']}. Crosses: means in the authors' logs with two standard errors."
    )


gaussian = Figure(
    "kazdan2024.gaussian",
    "mean, determinant and trace of a refitted Gaussian for every d and n of the authors' sweep",
    _data,
    _draw,
    _caption,
    panels=(3, 5),
    size=(12.5, 7.0),
    quick={"chains": (256, 256, 64, 16, 4)},
)
