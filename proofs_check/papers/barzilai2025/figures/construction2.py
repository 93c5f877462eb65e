"""Construction 2 (Theorem 5.2): collapse after a heavy-tailed number of fits."""

from typing import Any

import numpy as np

from proofs_check.figure import ALPHA, STYLES, Data, Figure, bare, points
from proofs_check.papers.barzilai2025 import theory
from proofs_check.papers.barzilai2025.figures._shared import survival_limits
from proofs_check.papers.barzilai2025.metrics import collapsed


def _construction2(*, n: tuple[int, ...] = (5, 200), horizon: int = 1000, chains: int = 1 << 15, seed: int = 0) -> Data:
    """`horizon`: synthetic samples per chain; fit t + 1 has seen t of them. Every n has its own random numbers."""
    from collapse_jax import Accumulate, simulate
    from collapse_jax.results.estimate import binomial_limits
    from proofs_check.papers.barzilai2025.families import SlowCollapse

    t = np.unique(np.geomspace(1, horizon, 24).round().astype(int))
    data = {"t": t, "n": np.asarray(n), "limit": theory.first_visit_limit(t)}
    for i, size in enumerate(n):
        run = simulate(SlowCollapse(2), Accumulate(size), collapsed, generations=horizon + 1, chains=chains,
                       seed=seed + i, sizes="traced", progress=False)  # fmt: skip
        alive = chains - np.rint(run["collapsed"].mean[t] * chains)
        data[f"survival_n{size}_mean"] = alive / chains
        data |= survival_limits(f"survival_n{size}", binomial_limits(alive, chains, ALPHA / (len(t) * len(n))))
        data[f"exact_n{size}"] = np.asarray([theory.first_visit(int(k), size) for k in t])
    return data


def _draw_construction2(axes: Any, data: Data) -> None:
    t = data["t"]
    for ax, scale in zip(axes, (np.ones(len(t)), data["limit"]), strict=True):
        ax.set_xscale("log")
        ax.set_xlabel("synthetic samples $t$")
        ax.plot(t, data["limit"] / scale, color="#333333", linewidth=1.1, label=r"$2 / (2 + t)$, $n \to \infty$")
        for size, style, line, shift in zip(data["n"], STYLES, ("--", "-.", ":"), (0.96, 1.04, 1.12), strict=False):
            ax.plot(t, data[f"exact_n{size}"] / scale, color=style["color"], linestyle=line, linewidth=1.2,
                    label=f"exact, $n = {size}$")  # fmt: skip
            shown = {f"x_{part}": data[f"survival_n{size}_{part}"] / scale for part in ("mean", "lower", "upper")}
            points(ax, shift * t, shown, "x", style, label=f"simulated, $n = {size}$")
        bare(ax)
    axes[0].set_yscale("log")
    axes[0].set_ylabel("$P(T_1 > t)$")
    axes[1].set_ylabel("$P(T_1 > t)$, in units of $2 / (2 + t)$")
    axes[1].set_ylim(0.5, 1.6)
    axes[0].legend(frameon=False, fontsize=7.5, loc="lower left")


def _caption_construction2(config: dict[str, Any], data: Data) -> str:
    return (
        "Construction 2, accumulation: $T_1$ is the first synthetic sample with an observation in $[1, 2]$, from "
        "where the estimate is at total variation distance of at least $3/4$ from the truth. Exact: the mean of $(1 "
        "- \\min(u/2, 1/4))^{n t}$ for $u$ with density $n (1 - u)^{n-1}$ on $[0, 1]$. The limit has no mean, so "
        "collapse times are not to be averaged; with probability $\\delta$ collapse takes more than $2/\\delta - 2$ "
        "samples, so the $1/\\delta$ of Theorem 5.2 is real and its logarithm is not needed here. Marks: "
        f"{config['chains']:,} chains, with simultaneous 99 % limits; seeds from {config['seed']}."
    )


construction2 = Figure(
    "barzilai2025.construction2",
    "a consistent family that collapses after a heavy-tailed number of fits",
    _construction2,
    _draw_construction2,
    _caption_construction2,
    panels=(1, 2),
    size=(7.4, 3.1),
    quick={"chains": 1 << 12},
)
