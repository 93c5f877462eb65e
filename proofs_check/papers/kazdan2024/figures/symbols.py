"""Discrete time to collapse over the number of symbols and the sample size."""

from typing import Any

import numpy as np

from proofs_check.figure import STYLES, Data, Figure, bare, key_legend
from proofs_check.papers.kazdan2024 import theory

PUBLISHED = ((10, 17.0), (100, 200.0), (1000, 1.8e3), (10_000, 1.65e4), (100_000, 1.95e5))
"""Read off the published plot, K = 10: sample size, mean number of iterations until one symbol is left."""


def _data(
    *,
    K: tuple[int, ...] = (2, 10, 100, 1000),
    n: tuple[int, ...] = (10, 18, 32, 56, 100, 178, 316, 562, 1000),
    simulated: tuple[int, ...] = (10, 32, 100),
    horizon: int = 10,
    chains: int = 1 << 10,
    seed: int = 0,
) -> Data:
    """Chains run for `horizon` n generations, which leaves out about exp(-horizon) of the law."""
    from collapse_jax import Categorical, Replace, simulate
    from collapse_jax.laws import coalescent
    from collapse_jax.results.estimate import simultaneous_z
    from proofs_check.figure import ALPHA

    wide = np.unique(np.round(np.geomspace(n[0], 1e5, 60)))
    data: Data = {"K": np.asarray(K), "n": np.asarray(n), "wide": wide, "simulated": np.asarray(simulated)}
    z = simultaneous_z(ALPHA, len(K) * len(simulated))
    for k in K:
        p = np.full(k, 1 / k)
        data[f"exact_K{k}"] = np.asarray([coalescent.expected_collapse_time(p, size) for size in n])
        data[f"diffusion_K{k}"] = np.asarray([theory.collapse_time(size, [1 / k] * k) for size in wide])
        data[f"rule_K{k}"] = np.asarray([theory.entropy_rule(size, [1 / k] * k) for size in wide])
        found = []
        for size in simulated:
            run = simulate(Categorical(p, sampler="index"), Replace(size), "collapse_time", generations=horizon * size,
                           chains=chains, seed=seed, progress=False)["collapse_time"]  # fmt: skip
            found.append((run.mean[-1], z * run.standard_error[-1]))
        data[f"mean_K{k}"], data[f"half_K{k}"] = np.asarray(found).T
    return data


def _draw(axes: Any, data: Data) -> None:
    for ax, scaled in zip(axes, (False, True), strict=True):
        for k, style in zip(data["K"], STYLES, strict=False):
            per, wide = (data["n"], data["wide"]) if scaled else (1.0, 1.0)
            colour, at = style["color"], data["simulated"]
            ax.plot(data["n"], data[f"exact_K{k}"] / per, color=colour, linewidth=1.4)
            ax.plot(data["wide"], data[f"diffusion_K{k}"] / wide, "--", color=colour, linewidth=0.9)
            ax.plot(data["wide"], data[f"rule_K{k}"] / wide, ":", color=colour, linewidth=0.9)
            shown = at if scaled else 1.0
            ax.errorbar(at, data[f"mean_K{k}"] / shown, data[f"half_K{k}"] / shown, fmt=style["marker"], color=colour,
                        markerfacecolor="white", markersize=4, linewidth=1, capsize=2)  # fmt: skip
        size, time = np.asarray(PUBLISHED).T
        ax.plot(size, time / (size if scaled else 1.0), "x", color="black", markersize=6)
        ax.set_xscale("log")
        ax.set_xlabel("sample size $n$")
        bare(ax)
    axes[0].set_yscale("log")
    axes[0].set_ylabel("$E[T]$, generations")
    axes[1].set_ylabel("$E[T] / n$")
    axes[1].set_ylim(0, 5)
    symbols = [({**style, "linestyle": "-"}, f"$K = {k}$") for k, style in zip(data["K"], STYLES, strict=False)]
    key_legend(axes[0], symbols, loc="upper left")
    kinds = [({"linestyle": "-"}, "exact"), ({"linestyle": "--"}, "diffusion"), ({"linestyle": ":"}, "$n H(p_0)$"),
             ({"marker": "x", "linestyle": "", "color": "black"}, "published, $K = 10$")]  # fmt: skip
    key_legend(axes[1], kinds, loc="upper right")


def _caption(config: dict[str, Any], data: Data) -> str:
    return (
        "Generations until one of K symbols is left, uniform at first, n draws a generation, replacement. Solid: exact, from "
        "the coalescent. Dashed: diffusion, $-2 n \\Sigma (1 - p_i) \\log(1 - p_i)$, at most 2 n. Dotted: $n H(p_0)$ in nats, "
        "as a summary of a later paper gives it (off the scale for K = 1000). Crosses: read off the published plot, K = 10. "
        f"Marks: means of {config['chains']:,} chains of ${config['horizon']} n$ generations with simultaneous 99 % limits; "
        f"seed {config['seed']}."
    )


symbols = Figure(
    "kazdan2024.symbols",
    "discrete time to collapse over K and n: exact, diffusion, simulated and as published",
    _data,
    _draw,
    _caption,
    panels=(1, 2),
    size=(8.0, 3.4),
    quick={"chains": 1 << 7},
)
