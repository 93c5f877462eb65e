"""The risk against the weight of real labels: designs, ratios of signal to noise, and what a search finds."""

from typing import Any

import numpy as np

from proofs_check.figure import ALPHA, STYLES, Data, Figure, bare
from proofs_check.papers.garg2025 import theory

__all__ = ["weight"]

_WEIGHTS = (0.2, 0.4, 0.6, 0.8, 1.0)
_SIGNALS = (0.2, 1.0, 5.0)


def _data(
    *,
    chains: int = 1 << 12,
    generations: int = 12,
    seed: int = 0,
    n: int = 6,
    wide: int = 18,
    tall: int = 3,
    r2: float = 4.0,
    lam: float = 0.5,
) -> Data:
    from collapse_jax import LinearRegression, simulate
    from collapse_jax.optimise import bracket
    from proofs_check.papers.garg2025.claims._setups import marchenko_pastur, min_norm
    from proofs_check.papers.garg2025.workflows import MixedLabels

    w = np.linspace(0.06, 1, 160)
    data: Data = {"w": w, "weights": np.asarray(_WEIGHTS), "golden": np.asarray(theory.golden_ratio())}
    rows = tall * 6
    panels = {
        "ols": (LinearRegression(d=tall, sigma2=1.0, design="shared"), rows, lambda x: theory.ols(400, rows, tall, 1.0, x)),
        "minnorm": (min_norm(wide, r2, 1.0, "shared"), n,
                    lambda x: theory.minnorm(400, n, wide, r2, 1.0, x)),
        "fresh": (min_norm(wide, r2, 1.0, "fresh"), n,
                  lambda x: theory.fresh_limit(n, wide, r2, 1.0, x)),
    }  # fmt: skip
    for name, (family, size, form) in panels.items():
        one = form(1.0)
        data[f"{name}_limit"] = np.array([form(x) for x in w]) / one
        data[f"{name}_best"] = np.asarray(bracket(form, 0.06, 1).argmin)
        found = []
        for x in _WEIGHTS:
            run = simulate(family, MixedLabels(size, weight=x), "risk", generations=generations, chains=chains, seed=seed,
                           progress=False)["risk"]  # fmt: skip
            low, high = run.band(ALPHA / (len(panels) * len(_WEIGHTS)))
            found.append([run.mean[-1] / one, low[-1] / one, high[-1] / one])
        data[f"{name}_simulated"] = np.array(found)
    s, mass = marchenko_pastur(0.5)
    for signal in _SIGNALS:

        def risk(x, signal=signal):
            return float(mass @ theory.ridge_limit(s, signal, 0.5, lam, x))

        data[f"ridge_{signal}"] = np.array([risk(x) for x in w]) / risk(1.0)
        data[f"ridge_{signal}_best"] = np.asarray(bracket(risk, 0.06, 1).argmin)
        data[f"ridge_{signal}_least"] = np.asarray(risk(float(data[f"ridge_{signal}_best"])) / risk(1.0))
    return data


_LABELS = {"ols": "$n > d$, one design", "minnorm": "$n < d$, one design", "fresh": "$n < d$, new rows"}


def _draw(axes: Any, data: Data) -> None:
    left, right = axes
    w = data["w"]
    for (name, label), style in zip(_LABELS.items(), STYLES, strict=False):
        left.plot(w, data[f"{name}_limit"], color=style["color"], linewidth=1.3, label=label)
        best = float(data[f"{name}_best"])
        left.plot(best, np.interp(best, w, data[f"{name}_limit"]), "*", color=style["color"], markersize=9)
        mean, low, high = data[f"{name}_simulated"].T
        left.errorbar(data["weights"], mean, [mean - low, high - mean], fmt=style["marker"], color=style["color"],
                      markerfacecolor="white", markersize=4, capsize=2, linewidth=1)  # fmt: skip
    for signal, style in zip(_SIGNALS, STYLES, strict=False):
        right.plot(w, data[f"ridge_{signal}"], color=style["color"], label=rf"$\|b\|^2/\sigma^2 = {signal:g}$")
        right.plot(data[f"ridge_{signal}_best"], data[f"ridge_{signal}_least"], "*", color=style["color"], markersize=9)
    for ax in axes:
        ax.axvline(data["golden"], color="#444444", linestyle=":", linewidth=1, label="golden ratio")
        ax.set_ylim(0.55, 2)
        ax.set_xlabel("weight $w$ of the real labels")
        bare(ax)
        ax.legend(frameon=False, fontsize=7.5)
    left.set_title("least squares, minimum norm", fontsize=9)
    right.set_title(r"ridge, $d/n \to 1/2$", fontsize=9)
    left.set_ylabel("risk of the loop / risk on real labels alone")


def _caption(config: dict[str, Any], data: Data) -> str:
    best = {name: float(data[f"{name}_best"]) for name in _LABELS}
    return (
        "Labels $w\\, y + (1 - w)\\, \\tilde y$ on the same rows, noise variance 1. Lines: limits of the risk in closed form, "
        "over that at $w = 1$; stars: the weight that a search finds, "
        f"{best['ols']:.4f}, {best['minnorm']:.4f} and {best['fresh']:.4f} on the left. Left: $n = {6 * config['tall']}$, "
        f"$d = {config['tall']}$; $n = {config['n']}$, $d = {config['wide']}$, $\\|b\\|^2 = {config['r2']:g}$. Marks: means of "
        f"{config['chains']:,} chains at fit {config['generations']}, when at $w = 0.2$ a share of "
        f"{0.8 ** (2 * config['generations'] - 2):.2g} of the first fit is left, with simultaneous 99 % limits; seed "
        f"{config['seed']}. Right: ridge, $\\lambda = {config['lam']:g}$ beside the mean of squares, averaged over the law of "
        "Marchenko and Pastur; the best weight rises with the signal."
    )


weight = Figure(
    "garg2025.weight",
    "risk against the weight of real labels: least squares, minimum norm, ridge",
    _data,
    _draw,
    _caption,
    panels=(1, 2),
    size=(8.0, 3.3),
    quick={"chains": 1 << 9},
)
