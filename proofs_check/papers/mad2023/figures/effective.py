"""Figures 11, 12 and 31: what synthetic data are worth beside fresh real ones, from the exact limits."""

from typing import Any

import numpy as np

from proofs_check.figure import STYLES, Data, Figure, bare
from proofs_check.papers.mad2023.figures._numpy import fresh_loop, limits


def _limit(n_real: int, n: int, d: int, bias: float) -> float:
    """The second order of E W_2^2 in the limit; infinite where there is none."""
    from collapse_jax.laws import loops

    try:
        moments = loops.fresh_limit(int(n_real), int(n), d, float(bias))
    except ValueError:
        return np.inf
    return float(moments[2] + (moments[3] - 2 * moments[1] + d) / 4)


def _one_fit(n: Any, d: int) -> Any:
    """The same distance after one fit on n real data."""
    return d / n + d * (d + 1) / 4 / (n - 1)


def _effective(distance: Any, d: int) -> Any:
    """The number of real data of which one fit is as far from the truth."""
    b, c = distance + d + d * (d + 1) / 4, d
    return (b + np.sqrt(b**2 - 4 * distance * c)) / (2 * distance)


_PANELS11 = (0.7, 0.85, 1.0)


def _fig11(*, seed: int = 0, d: int = 100, grid: int = 25) -> Data:
    del seed  # nothing is simulated
    real, made = (np.unique(np.round(np.geomspace(low, 1e4, grid)).astype(int)) for low in (100, 10))
    data: Data = {"n_real": real, "n": made}
    for bias in _PANELS11:
        found = np.array([[_limit(int(r), int(n), d, bias) for r in real] for n in made])
        data[f"ratio_{bias}"] = _effective(found, d) / real
    return data


def _map(ax: Any, x: Any, y: Any, ratio: Any) -> Any:
    shown = ax.pcolormesh(x, y, ratio, vmin=0, vmax=3, cmap="cividis", shading="nearest", rasterized=True)
    if ratio.min() < 1 < ratio.max():
        ax.contour(x, y, ratio, [1.0], colors="white", linewidths=1.2)
    return shown


def _draw_fig11(axes: Any, data: Data) -> None:
    shown: Any = None
    for ax, bias in zip(axes, _PANELS11, strict=True):
        shown = _map(ax, data["n_real"], data["n"], data[f"ratio_{bias}"])
        ax.set_xscale("log")
        ax.set_yscale("log")
        ax.set_title(rf"$\lambda = {bias:g}$")
        ax.set_xlabel("real data $n_r$ per fit")
    axes[0].set_ylabel("synthetic data $n_s$ per fit")
    axes[0].figure.colorbar(shown, ax=list(axes), label="$n_e/n_r$")


def _caption_fig11(config: dict[str, Any], data: Data) -> str:
    return (
        f"Effective sample size of the limit of the fresh data loop, in units of $n_r$; Gaussian, $d = {config['d']}$. $n_e$ real "
        "data, fitted once, are as far from the truth in $E\\|\\mu\\|^2 + E\\|\\Sigma - I\\|_F^2/4$, the second order of "
        "$E\\,W_2^2$; limits from the exact eight-moment map. White: $n_e = n_r$; on its darker side synthetic data harm."
    )


fig11 = Figure(
    "mad2023.fig11",
    "how many real data the fresh data loop is worth, by real and synthetic data",
    _fig11,
    _draw_fig11,
    _caption_fig11,
    panels=(1, 3),
    size=(9.0, 2.9),
    quick={"grid": 13},
)

_PANELS12 = (100, 250, 1000)


def _fig12(*, seed: int = 0, d: int = 100, grid: int = 25) -> Data:
    del seed
    bias, made = np.linspace(0.1, 1, grid), np.unique(np.round(np.geomspace(10, 1e4, grid)).astype(int))
    data: Data = {"bias": bias, "n": made}
    for real in _PANELS12:
        found = np.array([[_limit(real, int(n), d, float(b)) for n in made] for b in bias])
        data[f"ratio_{real}"] = _effective(found, d) / real
    return data


def _draw_fig12(axes: Any, data: Data) -> None:
    shown: Any = None
    for ax, real in zip(axes, _PANELS12, strict=True):
        shown = _map(ax, data["n"], data["bias"], data[f"ratio_{real}"])
        ax.set_xscale("log")
        ax.set_title(f"$n_r = {real}$")
        ax.set_xlabel("synthetic data $n_s$ per fit")
    axes[0].set_ylabel(r"sampling bias $\lambda$")
    axes[0].figure.colorbar(shown, ax=list(axes), label="$n_e/n_r$")


fig12 = Figure(
    "mad2023.fig12",
    "how many real data the fresh data loop is worth, by sampling bias",
    _fig12,
    _draw_fig12,
    _caption_fig11,
    panels=(1, 3),
    size=(9.0, 2.9),
    quick={"grid": 13},
)

_SHARES, _BIASES = (1.0, 0.1, 0.03, 0.01, 0.003), (1.0, 0.97, 0.95, 0.93, 0.9)


def _fig31(*, chains: int = 64, generations: int = 60, seed: int = 0, d: int = 10, size: int = 1000) -> Data:
    n = np.unique(np.round(np.geomspace(1e3, 1e5, 13)).astype(int))
    data: Data = {"n": n, "at": np.asarray(size)}
    for share in _SHARES:
        data[f"share_{share}"] = np.array(
            [_one_fit(N, d) if share == 1 else _limit(round(share * N), N - round(share * N), d, 1.0) for N in n]
        )
    real, rng = size // 10, np.random.default_rng(seed)
    for bias in _BIASES:
        data[f"bias_{bias}"] = np.array([_limit(N // 10, N - N // 10, d, bias) for N in n])
        second = fresh_loop(rng, real, size - real, d, bias, generations, chains)[2]
        data[f"simulated_{bias}"] = np.ravel(limits(second[:, -1:], len(_BIASES)))
    return data


def _draw_fig31(axes: Any, data: Data) -> None:
    left, right = axes
    for share, style in zip(_SHARES, STYLES, strict=True):
        left.plot(data["n"], data[f"share_{share}"], color=style["color"], label=f"real data: {100 * share:g} %")
    for bias, style in zip(_BIASES, STYLES, strict=True):
        right.plot(data["n"], data[f"bias_{bias}"], color=style["color"], label=rf"$\lambda = {bias:g}$")
        mean, _, lower, upper = data[f"simulated_{bias}"]
        right.errorbar(
            float(data["at"]), mean, [[mean - lower], [upper - mean]], fmt=style["marker"], color=style["color"],
            markerfacecolor="white", markersize=4, capsize=2,
        )  # fmt: skip
    left.set_title(r"$\lambda = 1$")
    right.set_title("10 % real data")
    left.set_ylabel(r"limit of $E\,W_2^2$, second order")
    for ax in axes:
        ax.set_xscale("log")
        ax.set_yscale("log")
        ax.set_xlabel("data per fit, $n = n_r + n_s$")
        bare(ax)
        ax.legend(frameon=False, fontsize=7.5)


def _caption_fig31(config: dict[str, Any], data: Data) -> str:
    return (
        f"Limit of the fresh data loop against the size of the sample; Gaussian, $d = {config['d']}$. Lines: "
        "$E\\|\\mu\\|^2 + E\\|\\Sigma - I\\|_F^2/4$ from the exact eight-moment map. A constant share of real data keeps the "
        "rate $1/n$ for unbiased samples; a sampling bias leaves a floor. Marks: "
        f"the same at $n = {config['size']}$ after {config['generations']} generations, {config['chains']:,} "
        f"chains, with simultaneous 99 % limits (seed {config['seed']})."
    )


fig31 = Figure(
    "mad2023.fig31",
    "unbiased samples keep the rate 1/n, biased ones leave a floor",
    _fig31,
    _draw_fig31,
    _caption_fig31,
    panels=(1, 2),
    size=(8.4, 3.2),
    quick={"chains": 16},
)
