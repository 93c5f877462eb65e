r"""Replacement collapses, accumulation does not: simulated beside closed forms, for two families.

Left: excess test risk of linear regression with a shared design, which grows as t under Replace and stays below
$\pi^2/6$ times the risk of one fit under Accumulate (Gerstgrasser et al. 2024). Right: variance of a Gaussian fitted
by maximum likelihood, which dies as $(1 - 1/n)^t$ under Replace and stays above
$\sin(\pi/\sqrt n)/(\pi/\sqrt n)$ under Accumulate (Kazdan et al. 2024; closed forms derived).
"""

from typing import Any

import numpy as np

from proofs_check.figure import Data, Figure, record
from proofs_check.papers.gerstgrasser2024 import theory as regression_theory
from proofs_check.papers.kazdan2024 import theory as gaussian_theory

_CURVES = 4
# Blue and vermilion differ in lightness too; dashes and markers tell the workflows apart without any colour.
_STYLE = {
    "replace": {"color": "#c4450a", "marker": "s", "linestyle": "--"},
    "accumulate": {"color": "#0b4a8f", "marker": "o", "linestyle": "-"},
}


def _data(
    *, chains: int = 1 << 15, generations: int = 10, seed: int = 0, n: int = 10, d: int = 10, T: int = 100
) -> Data:
    if d + 2 > T:
        raise ValueError(
            f"T={T} is too small for a mean: the expected risk is infinite for T <= d + 1; use T >= {d + 2}"
        )
    if n < 2:
        raise ValueError(f"n={n} leaves no variance to fit; use n >= 2")
    from collapse_jax import Accumulate, Gaussian, LinearRegression, Replace, simulate

    regression, gaussian = LinearRegression(d=d, design="shared"), Gaussian(ddof=0)
    t = range(1, generations + 1)
    data = {
        "generations": np.asarray(t),
        "n": np.asarray(n),
        "d": np.asarray(d),
        "T": np.asarray(T),
        "risk_replace_closed": np.asarray([regression_theory.replace(k, d, T, 1.0) for k in t]),
        "risk_accumulate_closed": np.asarray([regression_theory.accumulate(k, d, T, 1.0) for k in t]),
        "risk_limit": np.asarray(regression_theory.accumulate_bound(d, T, 1.0)),
        "variance_replace_closed": np.asarray([gaussian_theory.replace_cov(k, n, 0) for k in t]),
        "variance_accumulate_closed": np.asarray([gaussian_theory.accumulate_cov(k, n) for k in t]),
        "variance_limit": np.asarray(gaussian_theory.accumulate_cov_limit(n)),
    }
    for metric, family, size in (("risk", regression, T), ("variance", gaussian, n)):
        for name, workflow in (("replace", Replace(size)), ("accumulate", Accumulate(size))):
            run = simulate(family, workflow, metric, generations=generations, chains=chains, seed=seed, progress=False)
            record(data, f"{metric}_{name}", run[metric], _CURVES)
    return data


def _draw(axes: Any, data: Data) -> None:
    risk, variance = axes
    _panel(risk, data, "risk", r"$\pi^2/6$ times one fit", above=True)
    risk.set_title(f"Linear regression, $d = {data['d']}$, $T = {data['T']}$ rows", fontsize=11)
    risk.set_ylabel(r"excess test risk, in units of $\sigma^2$")
    _panel(variance, data, "variance", r"$\sin(\pi/\sqrt{n})\,/\,(\pi/\sqrt{n})$", above=False)
    variance.set_title(f"Gaussian, $n = {data['n']}$ points", fontsize=11)
    variance.set_ylabel(r"mean fitted variance, in units of $\sigma_0^2$")


def _panel(ax: Any, data: Data, metric: str, limit: str, *, above: bool) -> None:
    """One metric under both workflows; `limit` is written beside the line that Accumulate tends to."""
    t = data["generations"]
    for name, style in _STYLE.items():
        mean, lower, upper, closed = (data[f"{metric}_{name}_{part}"] for part in ("mean", "lower", "upper", "closed"))
        colour, label = style["color"], name.capitalize()
        ax.plot(t, closed, color=colour, linestyle=style["linestyle"], linewidth=1.4, label=f"{label}, closed form")
        ax.errorbar(t, mean, [mean - lower, upper - mean], fmt=style["marker"], color=colour, markerfacecolor="white",
                    markersize=4.5, linewidth=1.2, capsize=3.5, label=f"{label}, simulated 99 %")  # fmt: skip
    height = float(data[f"{metric}_limit"])
    ax.axhline(height, color="#444444", linestyle=":", linewidth=1.3, zorder=0)
    ax.annotate(limit, (t[-1], height), (0, 7 if above else -9), textcoords="offset points", ha="right",
                va="bottom" if above else "top", fontsize=9.5, color="#444444")  # fmt: skip
    ax.set_xlabel("generation $t$")
    ax.set_ylim(bottom=0)
    ax.xaxis.get_major_locator().set_params(integer=True)
    ax.spines[["top", "right"]].set_visible(False)
    handles, labels = ax.get_legend_handles_labels()  # lines first, then error bars: pair them by workflow
    ax.legend([handles[i] for i in (0, 2, 1, 3)], [labels[i] for i in (0, 2, 1, 3)], frameon=False, fontsize=9)


def _caption(config: dict[str, Any], data: Data) -> str:
    return (
        f"Replacement and accumulation. Left: least squares with one design of $T = {config['T']}$ rows in $d = "
        f"{config['d']}$ dimensions, relabelled at every generation. Right: Gaussian fitted by maximum likelihood to "
        f"$n = {config['n']}$ points per generation. Lines: closed forms. Marks: means of {config['chains']:,} "
        f"chains, with limits that hold all true means at once with probability 99 % (seed {config['seed']})."
    )


replace_accumulate = Figure(
    "common.replace_accumulate",
    "replacement collapses, accumulation does not: regression and a Gaussian",
    _data,
    _draw,
    _caption,
    panels=(1, 2),
    size=(8.4, 3.4),
    quick={"chains": 1 << 12},
    file="replace_accumulate",
)
