"""Curation on eight modes and on two moons: exact curves on infinite samples, and finite samples beside them."""

import math
from typing import Any

import numpy as np

from proofs_check.figure import STYLES, Data, Figure, bare, key_legend, points, record

_KEYS = ("two", "four", "all")
_CHOICES = {"two": 2, "four": 4, "all": math.inf}
_LABELS = {"two": "$K = 2$", "four": "$K = 4$", "all": r"$K = \infty$"}
_MIXED = 0.5


def _distance_reward(places: np.ndarray, best: np.ndarray, gamma: float, free: float) -> np.ndarray:
    r"""$r(x) = -\gamma \max(0, \|x - \mu_*\| - r_{min})$."""
    return -gamma * np.maximum(0, np.linalg.norm(places - best, axis=-1) - free)


def _moments(laws: np.ndarray, reward: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    mean = laws @ reward
    return mean, laws @ reward**2 - mean**2


def _modes_data(
    *,
    chains: int = 1 << 13,
    generations: int = 12,
    seed: int = 0,
    n: int = 50,
    gamma: float = 0.5,
    radius: float = 2.0,
    free: float = 0.5,
) -> Data:
    from collapse_jax import Categorical, Curated, FreshReal, Replace, simulate
    from collapse_jax.laws.population import Selection, retrained

    angle = 2 * np.pi * np.arange(8) / 8
    places = radius * np.stack([np.cos(angle), np.sin(angle)], 1)
    reward = _distance_reward(places, places[0], gamma, free)
    p = np.full(8, 1 / 8)

    def expected_reward(model, truth):
        return (model.p * reward.astype(model.p.dtype)).sum(-1)

    def variance_of_reward(model, truth):
        r = reward.astype(model.p.dtype)
        return (model.p * r**2).sum(-1) - (model.p * r).sum(-1) ** 2

    def best_mode(model, truth):
        return model.p[..., 0]

    metrics = {"mean": expected_reward, "variance": variance_of_reward, "best": best_mode}
    data: Data = {"t": np.arange(1, generations + 1), "reward": reward, "n": np.asarray(n)}
    for key, K in _CHOICES.items():
        for name, lam in ((key, math.inf), (f"{key}_mixed", _MIXED)):
            laws = retrained(p, Selection(tuple(reward), K), generations - 1, lam)
            data[f"{name}_mean_exact"], data[f"{name}_variance_exact"] = _moments(laws, reward)
            data[f"{name}_best_exact"] = laws[:, 0]
    for name, inner in (("four", Replace(n)), ("four_mixed", FreshReal(n, n_real=round(n / _MIXED)))):
        workflow = Curated(inner, tuple(reward), 4)
        run = simulate(
            Categorical(p),
            workflow,
            list(metrics.values()),
            generations=generations,
            chains=chains,
            seed=seed,
            engine="literal",  # n draws of eight symbols cost less than seven binomials
            progress=False,
        )
        for short, metric in metrics.items():
            record(data, f"{name}_{short}", run[metric.__name__], 6)
    return data


def _modes_draw(axes: Any, data: Data) -> None:
    titles = {
        "mean": r"mean reward $E_{p_t} r$",
        "variance": r"variance of the reward",
        "best": "share of the best mode",
    }
    for ax, (quantity, title) in zip(axes, titles.items(), strict=True):
        for style, key in zip(STYLES, _KEYS, strict=False):
            for name, dash in ((key, "-"), (f"{key}_mixed", "--")):
                ax.plot(
                    data["t"], data[f"{name}_{quantity}_exact"], color=style["color"], linestyle=dash, linewidth=1.2
                )
        for name, marker in (("four", "o"), ("four_mixed", "s")):
            points(ax, data["t"], data, f"{name}_{quantity}", {"color": STYLES[1]["color"], "marker": marker})
        ax.set_title(title)
        ax.set_xlabel("generation $t$")
        ax.xaxis.get_major_locator().set_params(integer=True)
        bare(ax)
    axes[0].set_ylabel("reward")
    entries = [({"color": style["color"]}, _LABELS[key]) for style, key in zip(STYLES, _KEYS, strict=False)]
    entries += [
        ({"linestyle": "-"}, "curated alone, exact"),
        ({"linestyle": "--"}, r"$\lambda = 1/2$, exact"),
        ({"color": STYLES[1]["color"], "linestyle": "", "marker": "o"}, f"$n = {data['n']}$, simulated"),
        ({"color": STYLES[1]["color"], "linestyle": "", "marker": "s"}, r"the same, $\lambda = 1/2$"),
    ]
    key_legend(axes[0], entries, loc="center right", bbox_to_anchor=(1.02, 0.47), fontsize=6)


def _modes_caption(config: dict[str, Any], data: Data) -> str:
    return (
        f"Eight modes on a circle of radius {config['radius']:g}, as an alphabet of eight symbols, with the reward "
        f"$r(x) = -\\gamma \\max(0, \\|x - \\mu_*\\| - {config['free']:g})$, $\\gamma = {config['gamma']:g}$, of the "
        "distance to the first; after a fit on real data each generation is fitted to what Bradley and Terry's choice among "
        "K leaves of the last. Lines: infinite samples, exact. Dashed: two real observations for each curated one. Marks: "
        f"n = {config['n']} curated observations per generation, K = 4, mean of {config['chains']:,} chains with limits "
        f"that hold for all marks at once with probability 99 % (seed {config['seed']}). Drift costs finite samples part of "
        "the gain."
    )


modes = Figure(
    "ferbach2024.modes",
    "eight modes under curation: reward, its variance, and the best mode",
    _modes_data,
    _modes_draw,
    _modes_caption,
    panels=(1, 3),
    size=(9.6, 3.0),
    quick={"chains": 1 << 10},
)


def _moons(cells: int, noise: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Two interleaved half circles, blurred, on a grid: its two axes and the law, (cells, cells)."""
    x, y = np.linspace(-1.6, 2.6, cells), np.linspace(-1.1, 1.6, cells)
    angle = np.pi * (np.arange(80) + 0.5) / 80
    arcs = np.concatenate(
        [np.stack([np.cos(angle), np.sin(angle)], 1), np.stack([1 - np.cos(angle), 0.5 - np.sin(angle)], 1)]
    )
    along_x = np.exp(-((x[:, None] - arcs[:, 0]) ** 2) / (2 * noise**2))
    along_y = np.exp(-((y[:, None] - arcs[:, 1]) ** 2) / (2 * noise**2))
    law = along_y @ along_x.T
    return x, y, law / law.sum()


def _moons_data(
    *,
    generations: int = 16,
    seed: int = 0,
    cells: int = 90,
    noise: float = 0.12,
    gamma: float = 1.0,
    free: float = 0.3,
) -> Data:
    del seed  # nothing is drawn
    from collapse_jax.laws.population import Selection, equilibrium, retrained

    x, y, law = _moons(cells, noise)
    places = np.stack(np.meshgrid(x, y), -1).reshape(-1, 2)
    best = np.array([0.0, 1.0])
    reward = tuple(_distance_reward(places, best, gamma, free))
    r, p = np.asarray(reward), law.ravel()
    data: Data = {"x": x, "y": y, "t": np.arange(generations + 1), "best": best, "at": np.array([0, 4, generations])}
    for key, K in _CHOICES.items():
        keep = Selection(reward, K)
        for name, lam in ((key, math.inf), (f"{key}_mixed", _MIXED)):
            laws = retrained(p, keep, generations, lam)
            data[f"{name}_mean"], data[f"{name}_variance"] = _moments(laws, r)
            if key == "four":
                data[f"{name}_maps"] = laws[data["at"]].reshape(-1, *law.shape)
    data["limit_mean"], data["limit_variance"] = _moments(equilibrium(p, r, _MIXED / (1 + _MIXED)), r)
    return data


def _moons_draw(axes: Any, data: Data) -> None:
    lam = r"$\lambda = 1/2$"
    for row, name in enumerate(("four", "four_mixed")):
        for column, law in enumerate(data[f"{name}_maps"]):
            ax = axes[4 * row + column]
            ax.pcolormesh(data["x"], data["y"], law**0.5, cmap="Blues", shading="nearest", rasterized=True)
            ax.plot(*data["best"], marker="+", color=STYLES[1]["color"], markersize=9)
            ax.set_title(f"{('curated alone', lam)[row]}, $t = {data['at'][column]}$")
            ax.set_aspect("equal")
            ax.set_xticks([])
            ax.set_yticks([])
            ax.set_xlabel("$x_1$")
            ax.set_ylabel("$x_2$")
    for ax, quantity, title in ((axes[3], "mean", "mean reward"), (axes[7], "variance", "variance of the reward")):
        for style, key in zip(STYLES, _KEYS, strict=False):
            for name, dash in ((key, "-"), (f"{key}_mixed", "--")):
                ax.plot(data["t"], data[f"{name}_{quantity}"], color=style["color"], linestyle=dash, linewidth=1.2)
        ax.axhline(float(data[f"limit_{quantity}"]), color="#444444", linestyle=":", linewidth=1)
        ax.set_title(title)
        ax.set_xlabel("generation $t$")
        ax.xaxis.get_major_locator().set_params(integer=True)
        bare(ax)
    entries = [({"color": style["color"]}, _LABELS[key]) for style, key in zip(STYLES, _KEYS, strict=False)]
    entries += [({"linestyle": "--"}, r"$\lambda = 1/2$"), ({"linestyle": ":"}, r"its limit, $K = \infty$")]
    key_legend(axes[3], entries, loc="center right", fontsize=6)


def _moons_caption(config: dict[str, Any], data: Data) -> str:
    return (
        f"Two moons with noise {config['noise']:g} as a law on a grid of {config['cells']} x {config['cells']}, iterated "
        f"exactly. Reward $-\\gamma \\max(0, \\|x - \\mu_*\\| - {config['free']:g})$, $\\gamma = {config['gamma']:g}$, of "
        "the distance to the cross. Maps: square root of the density, K = 4, Bradley and Terry's choice, curated data alone "
        "(top) and with two real observations for each curated one (bottom). Right: mean and variance of the reward; "
        "dashed: mixed; dotted: the fixed point in closed form for unlimited choice. Nothing is simulated, so that no seed matters."
    )


moons = Figure(
    "ferbach2024.moons",
    "two moons under curation, alone and mixed with real data: laws, rewards and variance",
    _moons_data,
    _moons_draw,
    _moons_caption,
    panels=(2, 4),
    size=(10.4, 4.2),
    quick={"cells": 60},
)
