"""Schedules: how fast sample sizes have to grow."""

from typing import Any

import numpy as np

from proofs_check.figure import STYLES, Data, Figure, bare, log_axis, points, record
from proofs_check.papers.xu2025 import metrics, theory

_GROWTH = ("constant", "linear", "power 1.5", "square")
_LABEL = {"constant": "n", "linear": "n t", "power 1.5": "n t^{3/2}", "square": "n t^2"}


def _schedules(*, chains: int = 1 << 14, generations: int = 60, seed: int = 0, n: int = 20) -> Data:
    from collapse_jax import Gaussian, Replace, simulate

    data: Data = {"t": np.arange(1, generations + 1), "limit": np.asarray(np.pi**2 / 6)}
    better = metrics.better_than_first()
    for growth in _GROWTH:
        sizes = theory.schedule(n, generations, growth)
        data[f"error_{growth}"] = n * np.cumsum(1 / np.asarray(sizes))
        data[f"better_{growth}"] = np.array(
            [np.nan] + [theory.p_better(theory.ratio(t, sizes), 1) for t in range(2, generations + 1)]
        )
        data[f"variance_{growth}"] = np.cumprod(1 - 1 / np.asarray(sizes))
        shared: dict[str, Any] = {"generations": generations, "chains": chains, "seed": seed, "progress": False}
        run = simulate(Gaussian(known_cov=True), Replace(sizes), ["mean_error", better], **shared)
        record(data, f"error_{growth}", run["mean_error"], 2 * len(_GROWTH))
        for part in ("mean", "stderr", "lower", "upper"):
            data[f"error_{growth}_{part}"] = n * data[f"error_{growth}_{part}"]
        record(data, f"better_{growth}", run["better_than_first"], 2 * len(_GROWTH))
    return data


def _draw_schedules(axes: Any, data: Data) -> None:
    for ax, name, first in zip(axes, ("error", "better", "variance"), (0, 1, 0), strict=True):
        log_axis(ax, data["t"][-1])
        for growth, style in zip(_GROWTH, STYLES, strict=False):
            ax.plot(
                data["t"],
                data[f"{name}_{growth}"],
                color=style["color"],
                linewidth=1.3,
                label=f"$n_t = {_LABEL[growth]}$",
            )
            if name != "variance":
                points(ax, data["t"], data, f"{name}_{growth}", style, first=first)
        ax.set_xlabel("generation $t$")
        bare(ax)
    axes[0].set_yscale("log")
    axes[0].axhline(float(data["limit"]), color="#444444", linestyle=":", linewidth=1, label=r"$\pi^2/6$")
    axes[0].set_ylabel(r"$n\,E(\mu_t - \mu_0)^2$")
    axes[1].axhline(0.5, color="#444444", linestyle=":", linewidth=1)
    axes[1].set_ylabel(r"$P(|\mu_t - \mu_0| < |\mu_1 - \mu_0|)$")
    axes[1].set_ylim(0, 0.55)
    axes[2].set_ylabel(r"$E\,v_t$ (1/n variance)")
    axes[2].set_ylim(0, 1.05)
    axes[0].legend(frameon=False, fontsize=7.5)


def _caption_schedules(config: dict[str, Any], data: Data) -> str:
    return (
        f"Replacement with growing samples, a Gaussian, $n = {config['n']}$. Left: error of the mean, $n \\sum 1/n_k$; only "
        "superlinear growth keeps it bounded. Middle: probability that the chain is nearer to the truth than its first fit, "
        "$\\frac{1}{\\pi} \\arctan\\frac{2}{r}$, below 1/2 (dotted) for every schedule. Right: mean fitted variance, "
        "$\\prod (1 - 1/n_k)$. Lines: closed forms. "
        f"Marks, left and middle: {config['chains']:,} chains, all limits together at 99 % (seed {config['seed']})."
    )


schedules = Figure(
    "xu2025.schedules",
    "superlinear growth bounds the random walk, and no schedule makes progress likely",
    _schedules,
    _draw_schedules,
    _caption_schedules,
    panels=(1, 3),
    size=(9.6, 3.1),
    quick={"chains": 1 << 11},
)
