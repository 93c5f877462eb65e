"""Weights: the limit of the error against the weight of real data, its optimum, and what pooling gives."""

from typing import Any

import numpy as np

from proofs_check.figure import ALPHA, STYLES, Data, Figure, bare
from proofs_check.papers.he2025 import theory

_RATIOS, _WEIGHTS = (0.25, 1.0, 4.0), (0.2, 0.4, 0.6, 0.8, 1.0)


def _weights(*, chains: int = 1 << 14, generations: int = 30, seed: int = 0, n: int = 20) -> Data:
    from collapse_jax import FreshReal, Gaussian, simulate

    w, k = np.linspace(0.08, 1, 200), np.geomspace(0.01, 100, 120)
    data: Data = {
        "w": w, "k": k, "weights": np.asarray(_WEIGHTS), "best": theory.optimal_weight(k),
        "naive": theory.naive_factor(k), "variance": (n - 1) / 2 * np.array([theory.variance_error(4000, n, n, x) for x in w]),
    }  # fmt: skip
    alpha = ALPHA / (len(_RATIOS) * len(_WEIGHTS)) / generations
    for ratio in _RATIOS:
        data[f"limit_{ratio}"] = theory.factor(w, ratio)
        found = []
        for weight in _WEIGHTS:
            run = simulate(
                Gaussian(ddof=1),
                FreshReal(round(n / ratio), n_real=n, weight=weight),
                "mean_error",
                generations=generations,
                chains=chains,
                seed=seed,
                progress=False,
            )
            low, high = run["mean_error"].band(alpha * generations)
            found.append([n * run["mean_error"].mean[-1], n * low[-1], n * high[-1]])
        data[f"simulated_{ratio}"] = np.array(found)
    return data


def _draw_weights(axes: Any, data: Data) -> None:
    left, middle, right = axes
    for ratio, style in zip(_RATIOS, STYLES, strict=False):
        colour = style["color"]
        left.plot(data["w"], data[f"limit_{ratio}"], color=colour, linewidth=1.3, label=f"$k = {ratio:g}$")
        best = float(theory.optimal_weight(ratio))
        left.plot(best, best, "*", color=colour, markersize=9)
        mean, low, high = data[f"simulated_{ratio}"].T
        left.errorbar(data["weights"], mean, [mean - low, high - mean], fmt=style["marker"], color=colour,
                      markerfacecolor="white", markersize=4, capsize=2, linewidth=1)  # fmt: skip
    left.plot([0, 1], [0, 1], ":", color="#444444", linewidth=1, label="$C = w$")
    left.set_ylim(0, 2.2)
    left.set_xlabel("weight $w$ of the real estimate")
    left.set_ylabel(r"$n\,E(\mu_\infty - \mu_0)^2$")
    middle.plot(data["k"], data["best"], color=STYLES[0]["color"], label="$w^* = C(w^*, k)$")
    middle.plot(data["k"], data["naive"], "--", color=STYLES[1]["color"], label="pooled, $(1 + k)/(2 + k)$")
    middle.plot(1, (5**0.5 - 1) / 2, "*", color="#444444", markersize=9, label="golden ratio")
    middle.set_xscale("log")
    middle.set_ylim(0, 1.05)
    middle.set_xlabel("real per synthetic data, $k$")
    middle.set_ylabel("limit in units of one real fit")
    right.plot(data["w"], data["limit_1.0"], color=STYLES[1]["color"], label="mean")
    right.plot(data["w"], data["variance"], "--", color=STYLES[2]["color"], label="variance")
    right.set_ylim(0.5, 1.5)
    right.set_xlabel("weight $w$ of the real estimate, $k = 1$")
    right.set_ylabel("limit in units of one real fit")
    for ax in axes:
        bare(ax)
        ax.legend(frameon=False, fontsize=7.5)


def _caption_weights(config: dict[str, Any], data: Data) -> str:
    return (
        f"Fresh real data with weight $w$, $n = {config['n']}$ real and $m = n/k$ synthetic data per fit, Gaussian. Left: limit "
        "of the error of the mean, $C(w, k)$ (lines), its minima (stars) lie on the diagonal; marks: "
        f"{config['chains']:,} chains at t = {config['generations']}, limits together at 99 %. Middle: the optimum beside "
        "pooling. Right: mean and variance at k = 1, exact at this n; their optima differ slightly. Seed "
        f"{config['seed']}."
    )


weights = Figure(
    "he2025.weights",
    "weighting beats pooling, and the optimum is its own value",
    _weights,
    _draw_weights,
    _caption_weights,
    panels=(1, 3),
    size=(9.6, 3.1),
    quick={"chains": 1 << 11},
)
