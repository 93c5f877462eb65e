"""Figure 2: expected time of collapse."""

from typing import Any

import numpy as np

from proofs_check.figure import STYLES, Data, Figure, bare, key_legend, points
from proofs_check.papers.seddik2024 import theory
from proofs_check.papers.seddik2024.figures._shared import zipf


def _dirac(model: Any, truth: Any) -> Any:
    """Whether all members of a sample agree; cheaper than counting symbols."""
    return (model.types == model.types[..., :1]).all(-1)


def _fig2(
    *,
    S0: tuple[float, ...] = (0.05, 0.1, 0.3, 0.5),
    support: int = 52,
    n: tuple[int, ...] = (10, 15, 20, 30, 40, 50, 75, 100, 150, 200, 250, 300, 350, 400),
    simulated: tuple[int, ...] = (10, 50, 100, 200, 300, 400),
    chains: int = 384,
    horizon: int = 10,
    seed: int = 0,
) -> Data:
    """Chains run for `horizon` n generations; expectations beyond are cut off in the simulated and compared law "
    "alike."""
    from collapse_jax.laws import coalescent

    data = {"S0": np.asarray(S0), "n": np.asarray(n), "simulated": np.asarray(simulated)}
    for square in S0:
        p = zipf(support, square)
        data[f"exact_S{square}"] = np.asarray([coalescent.expected_collapse_time(p, k) for k in n])
        bounds = [theory.collapse_time_bounds(k, square, support) for k in n]
        data[f"lower_bound_S{square}"], data[f"upper_bound_S{square}"] = np.asarray(bounds, float).T
        data[f"diffusion_S{square}"] = np.asarray([theory.collapse_time_diffusion(k, list(p)) for k in n])
        data[f"diffusion_slope_S{square}"] = np.asarray(-2 * np.sum((1 - p) * np.log1p(-p)))
        _times(data, square, p, simulated, chains, horizon, seed, len(S0) * len(simulated))
    return data


def _times(
    data: Data,
    square: float,
    p: np.ndarray,
    simulated: tuple[int, ...],
    chains: int,
    horizon: int,
    seed: int,
    curves: int,
) -> None:
    from collapse_jax import Categorical, HittingTime, Replace, simulate
    from collapse_jax.results.estimate import simultaneous_z
    from proofs_check.figure import ALPHA

    time = HittingTime(event=_dirac, name="time")
    means, errors = [], []
    for size in simulated:
        run = simulate(Categorical(p, sampler="index"), Replace(size), time, generations=horizon * size, chains=chains,
                       block=128, seed=seed, progress=False)  # fmt: skip
        means.append(run["time"].mean[-1])
        errors.append(run["time"].standard_error[-1])
    half = simultaneous_z(ALPHA, curves) * np.asarray(errors)
    key = f"time_S{square}"
    data |= {f"{key}_mean": np.asarray(means), f"{key}_stderr": np.asarray(errors)}
    data |= {f"{key}_lower": means - half, f"{key}_upper": means + half}


def _draw_fig2(axes: Any, data: Data) -> None:
    n, at = data["n"].astype(float), data["simulated"].astype(float)
    for ax, per in zip(axes, (np.ones_like(n), n), strict=True):
        per_point = np.interp(at, n, per)
        for dodge, square, style in zip((-4.5, -1.5, 1.5, 4.5, 7.5), data["S0"], STYLES, strict=False):
            ax.plot(n, data[f"exact_S{square}"] / per, color=style["color"], linewidth=1.2)
            ax.plot(n, data[f"lower_bound_S{square}"] / per, color=style["color"], linestyle="--", linewidth=1)
            shown = {f"x_{part}": data[f"time_S{square}_{part}"] / per_point for part in ("mean", "lower", "upper")}
            points(ax, at + dodge * (ax is axes[1]), shown, "x", style)
            if ax is axes[1]:
                ax.axhline(float(data[f"diffusion_slope_S{square}"]), color=style["color"], linestyle=":", linewidth=1)
        ax.set_xlabel("sample size $n$")
        bare(ax)
    axes[0].set_ylabel("$E[T]$, generations")
    axes[1].set_ylabel("$E[T] / n$")
    axes[1].set_ylim(0, 2.9)
    squares = [
        ({**style, "linestyle": "-"}, f"$S_0 = {square:g}$") for square, style in zip(data["S0"], STYLES, strict=False)
    ]
    key_legend(axes[0], squares)
    kinds = [({"linestyle": "-"}, "exact"), ({"linestyle": ":"}, "slope of the diffusion"),
             ({"linestyle": "--"}, "lower bound of Theorem 1")]  # fmt: skip
    key_legend(axes[1], kinds, loc="upper right")


def _caption_fig2(config: dict[str, Any], data: Data) -> str:
    largest = {square: data[f"upper_bound_S{square}"][-1] for square in config["S0"]}
    top = config["n"][-1]
    middle = config["S0"][min(1, len(config["S0"]) - 1)]
    return (
        f"Time until the fitted law is a Dirac mass, fully synthetic; $p^{{(0)}}$ a Zipf law on {config['support']} "
        "of the 600 symbols, its exponent set by $S_0 = \\Sigma\\, p_i^2$. Solid: exact, from the coalescent. "
        "Dashed: lower bound of Theorem 1, about half the truth. Dotted: slope $-2 \\Sigma\\, (1 - p_i) \\log (1 - "
        "p_i)$ of the diffusion. The upper bound of Theorem 1, quadratic in $n$, is off the scale "
        f"({largest[middle]:,.0f} at $n = {top}$, $S_0 = {middle:g}$). Marks: means of {config['chains']} chains of "
        f"${config['horizon']} n$ generations ($n$ = {', '.join(map(str, config['simulated']))}), with simultaneous "
        f"99 % limits; seed {config['seed']}."
    )


fig2 = Figure(
    "seddik2024.fig2",
    "expected time of collapse against n: exact, simulated, and the bound of Theorem 1",
    _fig2,
    _draw_fig2,
    _caption_fig2,
    panels=(1, 2),
    size=(7.4, 3.1),
    quick={"chains": 256},
)
