"""The error against the amount of synthetic data, after some rounds."""

from typing import Any

import numpy as np

from proofs_check.figure import ALPHA, STYLES, Data, Figure, bare
from proofs_check.papers.fu2024 import theory

_ROUNDS, _SIZES = (1, 5, 20), (5, 20, 50, 150, 500)


def _phase(*, chains: int = 1 << 15, seed: int = 0, n_real: int = 50) -> Data:
    from collapse_jax import FixedReal, Gaussian, simulate

    n = np.geomspace(1, 5000, 200)
    data: Data = {"n": n, "sizes": np.asarray(_SIZES), "n_real": np.asarray(n_real)}
    for T in _ROUNDS:
        data[f"closed_{T}"] = n_real * np.asarray(theory.error(T, n_real, n))
        data[f"simulated_{T}"] = np.empty((len(_SIZES), 3))
    last = max(_ROUNDS) + 1
    for place, size in enumerate(_SIZES):
        run = simulate(Gaussian(known_cov=True), FixedReal(size, n_real=n_real), "mean_error", generations=last,
                       chains=chains, seed=seed, progress=False)  # fmt: skip
        low, high = run["mean_error"].band(ALPHA / len(_SIZES))
        for T in _ROUNDS:
            data[f"simulated_{T}"][place] = n_real * np.array([run["mean_error"].mean[T], low[T], high[T]])
    return data


def _draw_phase(axes: Any, data: Data) -> None:
    [ax] = axes
    for T, style in zip(_ROUNDS, STYLES, strict=False):
        colour, closed = style["color"], data[f"closed_{T}"]
        ax.plot(data["n"], closed, color=colour, linewidth=1.3, label=f"exact, $T = {T}$")
        mean, low, high = data[f"simulated_{T}"].T
        ax.errorbar(data["sizes"], mean, [mean - low, high - mean], fmt=style["marker"], color=colour,
                    markerfacecolor="white", markersize=4, capsize=2, linewidth=1)  # fmt: skip
        ax.plot(data["n"][closed.argmax()], closed.max(), "v", color=colour, markersize=6)
    ax.axhline(1.5, color="#444444", linestyle=":", linewidth=1, label="3/2, many rounds and data")
    ax.set_xscale("log")
    ax.set_xlabel("synthetic data $n$ per round")
    ax.set_ylabel(r"$n_r\,E(\mu_{T+1} - \mu_0)^2$")
    ax.set_ylim(0.95, 1.7)
    bare(ax)
    ax.legend(frameon=False, fontsize=8)


def _caption_phase(config: dict[str, Any], data: Data) -> str:
    return (
        f"One real sample of $n_r = {config['n_real']}$ in every fit, a Gaussian of known variance: after $T$ rounds the error of "
        "the mean rises and then falls in the amount of synthetic data (triangles: the peaks, at $n = n_r$ for $T = 1$). "
        f"Lines: closed form. Marks: {config['chains']:,} chains, all limits together at 99 % (seed {config['seed']})."
    )


phase = Figure(
    "fu2024.phase",
    "more synthetic data first harm, and then help",
    _phase,
    _draw_phase,
    _caption_phase,
    size=(5.4, 3.4),
    quick={"chains": 1 << 12},
)
