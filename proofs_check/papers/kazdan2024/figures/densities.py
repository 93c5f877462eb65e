"""Fitted densities of one chain in one dimension, beside the width that is typical."""

from typing import Any

import numpy as np

from proofs_check.figure import STYLES, Data, Figure, bare, key_legend
from proofs_check.papers.kazdan2024 import theory

_NAMES = ("replace", "accumulate")
_TRUTH = {"color": "black", "linewidth": 0.9, "linestyle": (0, (4, 2))}


def fitted_mean(model, truth):
    return model.mean[..., 0]


def fitted_variance(model, truth):
    return model.cov[..., 0, 0]


def _typical(name: str, t: int, n: int) -> float:
    r"""$\exp E \log \Sigma_t$ under replacement, $E \Sigma_t$ under accumulation."""
    return float(np.exp(theory.replace_log_det(t, n, 1, 0)) if name == "replace" else theory.accumulate_cov(t, n))


def _data(
    *,
    n: tuple[int, ...] = (10, 32, 100, 316, 1000),
    shown: tuple[int, ...] = (1, 4, 16, 100),
    chain: int = 0,
    seed: int = 0,
) -> Data:
    """Chain number `chain` for every n, at the generations `shown`."""
    from collapse_jax import Accumulate, Gaussian, Replace, simulate

    data: Data = {"n": np.asarray(n), "t": np.asarray(shown)}
    measured = [fitted_mean, fitted_variance]
    for name, workflow in zip(_NAMES, (Replace, Accumulate), strict=True):
        for size in n:
            run = simulate(Gaussian(ddof=0), workflow(size), measured, generations=max(shown), chains=chain + 2,
                           keep_paths=chain + 1, sizes="traced", optimisation=0, seed=seed, progress=False)  # fmt: skip
            paths = [run.paths[of.__name__][np.asarray(shown) - 1, chain] for of in measured]
            data[f"{name}_n{size}_mean"], data[f"{name}_n{size}_variance"] = paths
            data[f"{name}_n{size}_typical"] = np.asarray([_typical(name, t, size) for t in shown])
    return data


def _normal(x: np.ndarray, mean: float, variance: float) -> np.ndarray:
    return np.exp(-((x - mean) ** 2) / (2 * variance)) / (2 * np.pi * variance) ** 0.5


def _line(mean: float, variance: float) -> tuple[np.ndarray, np.ndarray]:
    """A normal density where it is above what a panel shows, at places dense enough for it."""
    x = mean + variance**0.5 * np.linspace(-5, 5, 401)
    return x, _normal(x, mean, variance)


def _draw(axes: Any, data: Data) -> None:
    rows = np.asarray(axes).reshape(len(_NAMES), -1)
    for row, name in zip(rows, _NAMES, strict=True):
        for ax, n in zip(row, data["n"], strict=True):
            ax.plot(*_line(0, 1), **_TRUTH)
            parts = (data[f"{name}_n{n}_{part}"] for part in ("mean", "variance", "typical"))
            for mean, variance, typical, style in zip(*parts, STYLES, strict=False):
                ax.plot(*_line(mean, variance), color=style["color"], linewidth=1.2)
                ax.plot(*_line(0, typical), ":", color=style["color"], linewidth=1.1)
            ax.set_yscale("log")
            ax.set_ylim(3e-3, 60)
            ax.set_xlim(-3, 3)
            bare(ax)
        row[0].set_ylabel(f"density, {name}")
    for ax, n in zip(rows[0], data["n"], strict=True):
        ax.set_title(f"$n = {n}$")
    for ax in rows[-1]:
        ax.set_xlabel("$x$")
    shades = [({"color": style["color"]}, f"$t = {t}$") for t, style in zip(data["t"], STYLES, strict=False)]
    key_legend(rows[0][-1], shades, loc="upper left", fontsize=6.5, labelspacing=0.2)
    lines = [({"linestyle": "-"}, "one chain"), ({"linestyle": ":"}, "typical width"), (_TRUTH, "truth")]
    key_legend(rows[1][-1], lines, loc="upper left", fontsize=6.5, labelspacing=0.2)


def _caption(config: dict[str, Any], data: Data) -> str:
    return (
        "Densities of a Gaussian refitted by maximum likelihood (variance with 1/n), $d = 1$, one chain for each n "
        f"(number {config['chain']} of seed {config['seed']}), on a logarithmic scale. Dotted: the closed form of its width, centred "
        "at 0: $N(0, \\exp E \\log \\sigma_t^2)$ under replacement, where the mean of $\\sigma_t^2$ sits in rare chains, and "
        "$N(0, E \\sigma_t^2)$ under accumulation. Dashed: the truth. The authors' panel "
        "centres every density at 0 and takes its variance for a standard deviation (kazdan2024.pdf_panel_as_coded)."
    )


densities = Figure(
    "kazdan2024.densities",
    "fitted densities of single chains, d = 1, for every n of the authors' sweep",
    _data,
    _draw,
    _caption,
    panels=(2, 5),
    size=(12.5, 4.6),
)
