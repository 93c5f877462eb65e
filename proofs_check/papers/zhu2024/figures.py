"""Edited labels: the protocol, what Theorem 1 prints for it, and the bound of Theorem 2."""

from typing import Any

import numpy as np

from proofs_check.figure import STYLES, Data, Figure, bare, points, record
from proofs_check.papers.zhu2024 import regression as theory

__all__ = ["toedit"]

_SETS = {
    "all": "every row, each time",
    "half": "the same half, each time",
    "disjoint": "another tenth, each time",
    "falling": "half, a quarter, ..",
}


def _edits(T: int, generations: int) -> dict[str, list[tuple[int, int]]]:
    tenth = T // 10
    return {
        "all": [(0, T)] * (generations - 1),
        "half": [(0, T // 2)] * (generations - 1),
        "disjoint": [(k * tenth % T, k * tenth % T + tenth) for k in range(generations - 1)],
        "falling": [(0, T // 2 ** (k + 1)) for k in range(generations - 1)],
    }


def _data(*, d: int = 5, T: int = 40, generations: int = 11, chains: int = 1 << 13, seed: int = 0) -> Data:
    from collapse_jax import LinearRegression, simulate
    from proofs_check.papers.zhu2024.edited_labels import EditedLabels

    t, m = np.arange(1, generations + 1), np.arange(T + 1)
    one = theory.ceiling(d, T, 1.0) / 2
    data: Data = {"t": t, "m": m / T, "protocol": np.array([theory.first_edit(k, d, T, 1.0) for k in m]) / one,
                  "printed": np.array([theory.as_printed(k, d, T, 1.0) for k in m]) / one}  # fmt: skip
    sets = _edits(T, generations)
    family = LinearRegression(d=d, sigma2=1.0, design="shared")
    risk = _over(one)

    def simulated(edits):
        run = simulate(family, EditedLabels(T, edits=edits), risk, generations=len(edits) + 1, chains=chains, seed=seed,
                       progress=False)  # fmt: skip
        return run["in_units_of_one_fit"]

    for name, edits in sets.items():
        run = simulated(edits)
        record(data, name, run, 2 * len(sets))
        edited = np.concatenate([[0], np.cumsum([end - first for first, end in edits])])
        data[f"{name}_printed"] = np.array([theory.as_printed(k, d, T, 1.0) for k in edited]) / one
    shares = (5, 10, 20, 30)
    first = [simulated([(0, k)]) for k in shares]
    bands = [run.band(0.01 / (2 * len(shares))) for run in first]
    data["shares"] = np.array(shares) / T
    data["first"] = np.array([[run.mean[-1], low[-1], high[-1]] for run, (low, high) in zip(first, bands, strict=True)])
    return data


def _over(one: float) -> Any:
    from collapse_jax import metric
    from collapse_jax.metrics import risk

    @metric(name="in_units_of_one_fit")
    def found(model, truth):
        return risk(model, truth) / one

    return found


def _draw(axes: Any, data: Data) -> None:
    left, right = axes
    left.plot(data["m"], data["protocol"], color=STYLES[0]["color"], label="the protocol (derived)")
    left.plot(data["m"], data["printed"], "--", color=STYLES[1]["color"], label="Theorem 1 as printed")
    mean, low, high = data["first"].T
    left.errorbar(data["shares"], mean, [mean - low, high - mean], fmt="o", color=STYLES[0]["color"],
                  markerfacecolor="white", markersize=4, capsize=2, linewidth=1, label="simulated")  # fmt: skip
    left.set_xlabel(r"share of rows edited, $\mathrm{tr}\,M_1 / T$")
    left.set_title("fit 2, after one edit", fontsize=9)
    for (name, label), style in zip(_SETS.items(), STYLES, strict=False):
        right.plot(data["t"], data[f"{name}_printed"], "--", color=style["color"], linewidth=1)
        points(right, data["t"], data, name, style, label)
    right.axhline(2, color="#444444", linestyle=":", linewidth=1.2, label="Theorem 2: at most 2")
    right.set_yscale("log")
    right.set_yticks([1, 2, 4, 8], ["1", "2", "4", "8"])
    right.minorticks_off()
    right.set_xlabel("fit $t$")
    right.set_title("an edit before every fit; dashed: Theorem 1 as printed", fontsize=9)
    left.set_ylabel("risk in units of one fit")
    for ax in axes:
        bare(ax)
        ax.legend(frameon=False, fontsize=7.5)


def _caption(config: dict[str, Any], data: Data) -> str:
    return (
        f"Linear regression with edited labels, one design, $T = {config['T']}$ rows, $d = {config['d']}$, risk in units of "
        "$\\sigma^2 d / (T - d - 1)$. Before a fit the labels of the rows named are replaced by predictions of the last model "
        "with new noise. Left: closed form for the protocol, and the mean that Theorem 1 as printed implies, equal where no "
        "row is edited or every row. Right: four ways to edit; dashed, Theorem 1 as printed, one more for each T edits; "
        "dotted, the first bound of Theorem 2, which no way of editing keeps, not even other rows each time. Marks: means of "
        f"{config['chains']:,} chains with simultaneous 99 % limits; seed {config['seed']}."
    )


toedit = Figure(
    "zhu2024.toedit",
    "edited labels: the protocol, Theorem 1 as printed and the bound of Theorem 2",
    _data,
    _draw,
    _caption,
    panels=(1, 2),
    size=(8.0, 3.3),
    quick={"chains": 1 << 10},
)
