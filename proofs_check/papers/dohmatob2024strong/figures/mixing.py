"""Figures 9 and 10: weights of synthetic rows, and mixing round after round."""

from typing import Any

import numpy as np

from proofs_check.figure import STYLES, Data, Figure, bare, key_legend, points, record
from proofs_check.papers.dohmatob2024strong import finite, theory

__all__ = ["fig9", "fig10"]


def _weights(
    *,
    d: int = 3,
    n_1: int = 400,
    n_2: int = 1200,
    qualities: tuple[float, ...] = (0.01, 0.05, 0.2),
    sigma2: float = 1.0,
    simulated: tuple[float, ...] = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0),
    chains: int = 1 << 14,
    seed: int = 0,
) -> Data:
    from collapse_jax import simulate
    from proofs_check.papers.dohmatob2024strong.claims._setups import mixed, regression

    alpha = np.linspace(0, 1, 33)
    data: Data = {"alpha": alpha, "weight": np.asarray(simulated), "quality": np.asarray(qualities),
                  "pooled": np.asarray(n_2 / (n_1 + n_2))}  # fmt: skip
    for i, c2 in enumerate(qualities):
        data[f"leading_{i}"] = np.array([theory.weighted(a, d, n_1, n_2, c2, sigma2) for a in alpha])
        data[f"exact_{i}"] = np.array([finite.weighted(float(a), d, n_1, n_2, c2, sigma2) for a in alpha])
        data[f"best_{i}"] = np.array(theory.best_weight(d, n_1, n_2, c2, sigma2))
        for j, weight in enumerate(simulated):
            run = simulate(regression(d, 1.0, sigma2), mixed(d, n_1, n_2, c2, weight=weight), "risk", generations=1,
                           chains=chains, seed=seed, optimisation=0, progress=False)  # fmt: skip
            record(data, f"w{j}_{i}", run["risk"], len(simulated) * len(qualities))
    return data


def _draw_weights(axes: Any, data: Data) -> None:
    [ax] = axes
    for i, (c2, style) in enumerate(zip(data["quality"], STYLES, strict=False)):
        colour, best = style["color"], float(data[f"best_{i}"])
        ax.plot(data["alpha"], data[f"exact_{i}"], color=colour, linewidth=1.3)
        ax.plot(data["alpha"], data[f"leading_{i}"], "--", color=colour, linewidth=1)
        ax.plot(best, np.interp(best, data["alpha"], data[f"exact_{i}"]), "*", color=colour, markersize=9)
        mean, low, high = (
            np.array([data[f"w{j}_{i}_{part}"][0] for j in range(data["weight"].size)])
            for part in ("mean", "lower", "upper")
        )
        ax.errorbar(data["weight"], mean, [mean - low, high - mean], fmt=style["marker"], color=colour,
                    markerfacecolor="white", markersize=4, capsize=2, linewidth=1, label=f"$c^2 = {c2:g}$")  # fmt: skip
    ax.axvline(float(data["pooled"]), color="#888888", linestyle=":", linewidth=1)
    ax.set_yscale("log")
    ax.set_xlabel(r"weight $\alpha$ of synthetic rows")
    ax.set_ylabel(r"$E\|\hat w - w^*\|^2$")
    ax.legend(frameon=False, fontsize=8)
    bare(ax)


def _caption_weights(config: dict[str, Any], data: Data) -> str:
    return (
        f"Least squares on {config['n_1']} real rows of total weight $1 - \\alpha$ and {config['n_2']:,} synthetic ones of "
        f"weight $\\alpha$, {config['d']} features, noise variance {config['sigma2']:g}: the error against $\\alpha$. Full lines "
        "are exact, dashed ones to leading order in d/n; stars mark the best weight in closed form, the dotted line plain "
        f"pooling. Marks: means of {config['chains']:,} chains, with simultaneous 99 % limits; seed {config['seed']}."
    )


fig9 = Figure(
    "dohmatob2024strong.fig9",
    "weights of synthetic rows against the collapse",
    _weights,
    _draw_weights,
    _caption_weights,
    size=(4.6, 3.4),
    quick={"chains": 1 << 10},
)


def _rounds(
    *,
    d: int = 3,
    rows: tuple[int, ...] = (10, 60),
    c2: float = 1.0,
    sigma2: float = 0.25,
    rounds: int = 8,
    chains: int = 1 << 14,
    seed: int = 0,
) -> Data:
    from collapse_jax import simulate
    from proofs_check.papers.dohmatob2024strong.claims._setups import mixed, regression

    t = np.arange(rounds + 1)
    data: Data = {"t": t, "rows": np.asarray(rows), "d": np.asarray(d)}
    for n in rows:
        half = n // 2
        data[f"exact_{n}"] = np.array([theory.iterative(k, d, half, half, c2, sigma2, sigma2) for k in t])
        clean = theory.under_exact(d, half, half, 0, sigma2, sigma2)
        data[f"clean_{n}"] = np.asarray(clean)
        data[f"limit_{n}"] = np.asarray(theory.corollary_3(clean, 0.5))
        run = simulate(regression(d, 1.0, sigma2), mixed(d, half, half, c2), "risk", generations=rounds, chains=chains,
                       seed=seed, optimisation=0, progress=False)  # fmt: skip
        record(data, f"n{n}", run["risk"], len(rows))
    return data


def _draw_rounds(axes: Any, data: Data) -> None:
    [ax] = axes
    t, d = data["t"], int(data["d"])
    for n, style in zip(data["rows"].tolist(), STYLES, strict=False):
        ax.plot(t, data[f"exact_{n}"], color=style["color"], linewidth=1.3)
        ax.axhline(float(data[f"limit_{n}"]), color=style["color"], linestyle="--", linewidth=1)
        ax.axhline(float(data[f"clean_{n}"]), color=style["color"], linestyle=":", linewidth=1)
        points(ax, t[1:], data, f"n{n}", style)
    ax.set_yscale("log")
    ax.set_ylim(top=8)
    ax.set_xlabel("round $t$")
    ax.set_ylabel(r"$E\|\hat w_t - w^*\|^2$")
    sizes = [
        ({**s, "linestyle": "-"}, f"$n/d = {n / d:g}$") for n, s in zip(data["rows"].tolist(), STYLES, strict=False)
    ]
    lines = [({"linestyle": "--"}, r"$\bar E/(1 - p_2^2)$"), ({"linestyle": ":"}, r"$\bar E$, real labels only")]
    key_legend(ax, [*sizes, *lines], loc="upper right", fontsize=8, ncol=2)
    bare(ax)


def _caption_rounds(config: dict[str, Any], data: Data) -> str:
    return (
        f"Least squares, {config['d']} features, half of the rows real and fresh in every round, half labelled by the last "
        f"model, at first by one of quality $c^2 = {config['c2']:g}$; noise variance {config['sigma2']:g}. Lines are exact, "
        "$E_t = e + \\rho E_{t-1}$; dashed the limit of Corollary 3, which is right as d/n tends to 0, dotted the error of as "
        f"many real rows. Marks: means of {config['chains']:,} chains, with simultaneous 99 % limits; seed {config['seed']}."
    )


fig10 = Figure(
    "dohmatob2024strong.fig10",
    "iterative mixing with fresh real rows removes the collapse",
    _rounds,
    _draw_rounds,
    _caption_rounds,
    size=(4.6, 3.4),
    quick={"chains": 1 << 10},
)
