r"""Replacement collapses, accumulation does not: simulated beside closed forms, for two families.

Left: excess test risk of linear regression with a shared design, which grows as t under Replace and stays below
$\pi^2/6$ times the risk of one fit under Accumulate (Gerstgrasser et al. 2024). Right: variance of a Gaussian fitted
by maximum likelihood, which dies as $(1 - 1/n)^t$ under Replace and stays above
$\sin(\pi/\sqrt n)/(\pi/\sqrt n)$ under Accumulate (Kazdan et al. 2024; closed forms derived).
"""

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from matplotlib.axes import Axes

ALPHA = 0.01
_CURVES = 4
# Blue and vermilion differ in lightness too; dashes and markers tell the workflows apart without any colour.
_STYLE = {
    "replace": {"color": "#c4450a", "marker": "s", "linestyle": "--"},
    "accumulate": {"color": "#0b4a8f", "marker": "o", "linestyle": "-"},
}


def replace_accumulate(
    axes: "Sequence[Axes] | None" = None,
    *,
    chains: int = 1 << 17,
    generations: int = 10,
    seed: int = 0,
    n: int = 10,
    d: int = 10,
    T: int = 100,
) -> "tuple[Sequence[Axes], dict[str, np.ndarray]]":
    r"""Draw the two panels and return (axes, data).

    **Args**: `axes`: two of them, by default of a new figure; `chains`: per curve; `n`: sample size of the Gaussian;
    `d`, `T`: dimension and rows of the regression, unit noise variance.

    **Returns**: the axes, and by name "{risk|variance}_{replace|accumulate}_{mean|stderr|lower|upper|closed}" arrays of
    shape (generations,), "{risk|variance}_limit" and "generations". `lower` and `upper` hold all true means of the
    figure at once with probability 99 % (normal limits, Bonferroni).

    **Raises**: ValueError for T < d + 2 or n < 2, where the quantities drawn are not finite or not defined.
    """
    if d + 2 > T:
        raise ValueError(
            f"T={T} is too small for a mean: the expected risk is infinite for T <= d + 1; use T >= {d + 2}"
        )
    if n < 2:
        raise ValueError(f"n={n} leaves no variance to fit; use n >= 2")
    data = _data(chains, generations, seed, n, d, T)
    if axes is None:
        from matplotlib import pyplot

        axes = pyplot.subplots(1, 2, figsize=(8.4, 3.4), layout="constrained")[1]
    risk, variance = axes
    _panel(risk, data, "risk", r"limit of Accumulate: $\pi^2/6$ times one fit")
    risk.set_title(f"Linear regression, $d = {d}$, $T = {T}$ rows", fontsize=11)
    risk.set_ylabel(r"excess test risk, in units of $\sigma^2$")
    _panel(variance, data, "variance", r"limit of Accumulate: $\sin(\pi/\sqrt{n})\,/\,(\pi/\sqrt{n})$")
    variance.set_title(f"Gaussian, $n = {n}$ points", fontsize=11)
    variance.set_ylabel(r"mean fitted variance, in units of $\sigma_0^2$")
    return axes, data


def _data(chains: int, generations: int, seed: int, n: int, d: int, T: int) -> dict[str, np.ndarray]:
    from collapse_jax import Accumulate, Gaussian, LinearRegression, Replace, simulate
    from collapse_jax.theory import gerstgrasser2024, kazdan2024

    regression, gaussian = LinearRegression(d=d, design="shared"), Gaussian(ddof=0)
    t = range(1, generations + 1)
    data = {
        "generations": np.asarray(t),
        "risk_replace_closed": np.asarray([gerstgrasser2024.replace(k, d, T, 1.0) for k in t]),
        "risk_accumulate_closed": np.asarray([gerstgrasser2024.accumulate(k, d, T, 1.0) for k in t]),
        "risk_limit": np.asarray(gerstgrasser2024.accumulate_bound(d, T, 1.0)),
        "variance_replace_closed": np.asarray([kazdan2024.replace_cov(k, n, 0) for k in t]),
        "variance_accumulate_closed": np.asarray([kazdan2024.accumulate_cov(k, n) for k in t]),
        "variance_limit": np.asarray(math.sin(math.pi / math.sqrt(n)) / (math.pi / math.sqrt(n))),
    }
    for metric, family, size in (("risk", regression, T), ("variance", gaussian, n)):
        for name, workflow in (("replace", Replace(size)), ("accumulate", Accumulate(size))):
            run = simulate(family, workflow, metric, generations=generations, chains=chains, seed=seed, progress=False)
            curve = run[metric]
            key = f"{metric}_{name}"
            data[f"{key}_mean"], data[f"{key}_stderr"] = curve.mean, curve.standard_error
            data[f"{key}_lower"], data[f"{key}_upper"] = curve.band(ALPHA / _CURVES)
    return data


def _panel(ax: Any, data: dict[str, np.ndarray], metric: str, limit: str) -> None:
    t = data["generations"]
    for name, style in _STYLE.items():
        key = f"{metric}_{name}"
        mean = data[f"{key}_mean"]
        ax.plot(
            t,
            data[f"{key}_closed"],
            color=style["color"],
            linestyle=style["linestyle"],
            linewidth=1.4,
            label=f"{name.capitalize()}, closed form",
        )
        ax.errorbar(
            t,
            mean,
            [mean - data[f"{key}_lower"], data[f"{key}_upper"] - mean],
            fmt=style["marker"],
            color=style["color"],
            markerfacecolor="white",
            markersize=5,
            linewidth=1.2,
            capsize=3,
            label=f"{name.capitalize()}, simulated",
        )
    ax.axhline(data[f"{metric}_limit"], color="#444444", linestyle=":", linewidth=1.3, label=limit, zorder=0)
    ax.set_xlabel("generation $t$")
    ax.set_ylim(bottom=0)
    ax.xaxis.get_major_locator().set_params(integer=True)
    ax.spines[["top", "right"]].set_visible(False)
    handles, labels = ax.get_legend_handles_labels()  # lines first, then error bars: pair them by workflow
    order = [0, 3, 1, 4, 2]
    ax.legend([handles[i] for i in order], [labels[i] for i in order], frameon=False, fontsize=8.5)
