"""Figure 4: how the error grows does not depend on theta."""

import math
from typing import Any

import numpy as np

from proofs_check.figure import STYLES, Data, Figure, bare
from proofs_check.papers.barzilai2025 import theory
from proofs_check.papers.barzilai2025.figures._shared import harmonic
from proofs_check.papers.barzilai2025.metrics import relative_error


def _fig4(
    *,
    theta: tuple[float, ...] = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0),
    n: int = 50,
    generations: int = 100,
    runs: int = 50,
    groups: int = 256,
    seed: int = 0,
) -> Data:
    """`groups` repetitions of an experiment of `runs` runs for every theta, each theta with random numbers of its "
    "own."""
    from collapse_jax import Accumulate, Beta, simulate

    of_means, errors, mean_ratios, own_means = [], [], [], []
    for i, value in enumerate(theta):
        run = simulate(Beta(value), Accumulate(n), relative_error, generations=generations, chains=groups * runs,
                       keep_paths=groups * runs, seed=seed + i, progress=False)  # fmt: skip
        first, last = run.paths["relative_error"][[0, -1]]
        ratio = last.mean() / first.mean()
        of_means.append(ratio)
        errors.append((last - ratio * first).std(ddof=1) / first.mean() / math.sqrt(last.size))
        mean_ratios.append((last / first).reshape(groups, runs).mean(-1))
        own_means.append(last.reshape(groups, runs).mean(-1) / first.reshape(groups, runs).mean(-1))
    return {
        "theta": np.asarray(theta),
        "ratio": np.asarray(of_means),
        "ratio_stderr": np.asarray(errors),
        "mean_of_ratios": np.asarray(mean_ratios),
        "ratio_of_means": np.asarray(own_means),
        "limit": np.asarray(math.sqrt(harmonic(generations)[-1])),
        "paper": np.asarray(list(theory.FIGURE_4.items())),
    }


def _draw_fig4(axes: Any, data: Data) -> None:
    theta = data["theta"]
    width = 0.028
    for ax, name, title in zip(
        axes,
        ("ratio_of_means", "mean_of_ratios"),
        ("ratio of the means of 50 runs", "mean of the ratios of 50 runs"),
        strict=True,
    ):
        spread = np.linspace(-width, width, 40)
        for x, values in zip(theta, data[name], strict=True):
            ax.plot(x + spread[: len(values)], values[:40], ".", color=STYLES[4]["color"], markersize=3, zorder=1)
        low, middle, high = np.quantile(data[name], (0.05, 0.5, 0.95), axis=1)
        ax.errorbar(theta, middle, [middle - low, high - middle], fmt="_", color=STYLES[2]["color"], markersize=9,
                    capsize=3, linewidth=1.3, zorder=2, label="median, 5-95 %")  # fmt: skip
        ax.axhline(float(data["limit"]), color="#333333", linestyle="--", linewidth=1, zorder=0,
                   label=r"$\sqrt{H_T}$, $n \to \infty$")  # fmt: skip
        ax.plot(*data["paper"].T, "*", color=STYLES[1]["color"], markersize=9, zorder=4, label="read from the paper")
        ax.set_yscale("log")
        ax.set_ylim(0.8, 130)
        ax.set_yticks([1, 2, 5, 10, 20, 50], labels=["1", "2", "5", "10", "20", "50"], minor=False)
        ax.minorticks_off()
        ax.set_title(title, fontsize=9)
        ax.set_xlabel(r"$\theta^*$")
        bare(ax)
    ratio, half = data["ratio"], 4 * data["ratio_stderr"]
    axes[0].errorbar(theta, ratio, half, fmt="o", color=STYLES[0]["color"], markerfacecolor="white", markersize=4.5,
                     capsize=2, zorder=3, label="ratio of means, all runs")  # fmt: skip
    axes[0].set_ylabel("error of fit $T$ / error of fit 1")
    for ax in axes:
        ax.legend(frameon=False, fontsize=7.5, loc="upper center", ncols=2, columnspacing=1.2)


def _caption_fig4(config: dict[str, Any], data: Data) -> str:
    below, above = np.quantile(data["mean_of_ratios"], (0.05, 0.95))
    printed = data["paper"][:, 1]
    low = (data["mean_of_ratios"] <= printed[1]).mean()
    return (
        f"Figure 4: beta law $\\theta x^{{\\theta - 1}}$, $n = {config['n']}$, $T = {config['generations']}$, exact "
        "maximum likelihood. $\\theta^{(T)} / \\theta^*$ has a law free of $\\theta^*$, so no exact ratio can "
        f"depend on $\\theta^*$. Left: the ratio of mean errors, over {config['groups'] * config['runs']:,} runs "
        f"(circles, $\\pm 4$ standard errors) and over {config['runs']} (dots). Right: means of {config['runs']} "
        "per-run ratios, whose expectation is infinite ($1/|\\theta^{(1)} - \\theta^*|$ has no mean): 90 % of them "
        f"lie between {below:.1f} and {above:.1f} whatever $\\theta^*$ is. Stars: {printed[0]:g} and {printed[1]:g} as read "
        "from the paper, whose sample size and kind of average are not stated: no ratio of means comes near the first, and "
        f"only {low:.1%} of the means of ratios are as small as the second. {config['groups']} repetitions per "
        f"$\\theta^*$, 40 of them shown as dots; seeds from {config['seed']}."
    )


fig4 = Figure(
    "barzilai2025.fig4",
    "growth of the error of a beta fit is free of theta; the mean of ratios is heavy-tailed",
    _fig4,
    _draw_fig4,
    _caption_fig4,
    panels=(1, 2),
    size=(8.0, 3.3),
    quick={"groups": 64},
)
