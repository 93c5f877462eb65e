"""Chains of nets in the figures of several papers: medians, what most chains do, and how many pairs agree."""

from typing import Any

import numpy as np

from proofs_check.figure import ALPHA, STYLES, Data, bare, key_legend

__all__ = ["LOOPS", "curves", "ends", "legend", "log_values", "pairs", "studied"]

_MIDDLE = 0.25, 0.75

LOOPS: dict[str, tuple[dict[str, Any], str]] = {
    "replace": ({**STYLES[1], "linestyle": "--"}, "replace"),
    "multiple": ({**STYLES[3], "linestyle": "-."}, "replace, $t\\,n$ draws"),
    "subsample": ({**STYLES[2], "linestyle": ":"}, "accumulate, subsample $n$"),
    "fixed_real": ({**STYLES[4], "linestyle": (0, (5, 1, 1, 1, 1, 1))}, "real data added"),
    "accumulate": ({**STYLES[0], "linestyle": "-"}, "accumulate"),
}
"""How a workflow is drawn, and what it is called."""


def studied(
    kind: str,
    workflows: tuple[str, ...],
    metrics: tuple[str, ...],
    chains: int,
    generations: int,
    seed: int,
    prefix: str = "",
    **setting: Any,
) -> Data:
    """Numbers of every chain, "<prefix><workflow>_<metric>" being (generations, chains); chain c is paired in all.

    **Args**: `kind`, `setting`: of the nets' `Setting`; `workflows`, `metrics`: by name; `chains`; `generations`;
    `seed`; `prefix`: what tells two studies of one figure apart.

    **Returns**: the arrays.
    """
    from proofs_check.papers.common.loops import Setting

    found = Setting(kind, **setting).study(workflows, chains, seed, generations)
    return {f"{prefix}{name}_{metric}": np.asarray(found[name][metric]) for name in workflows for metric in metrics}


def curves(ax: Any, data: Data, metric: str, prefix: str = "", label: str = "", **changes: Any) -> None:
    """The median of every workflow that was run, with the middle half of its chains.

    **Args**: `ax`; `data`: of `studied`; `metric`, `prefix`: of its keys; `label`: of the ordinate; `changes`: of style.
    """
    for name, (style, _) in LOOPS.items():
        paths = data.get(f"{prefix}{name}_{metric}")
        if paths is None:
            continue
        t = np.arange(1, len(paths) + 1)
        low, high = np.quantile(paths, _MIDDLE, axis=1)
        ax.fill_between(t, low, high, color=style["color"], alpha=0.16, linewidth=0)
        marks = {"markerfacecolor": "white", "markersize": 4, "linewidth": 1.2}
        ax.plot(t, np.median(paths, 1), **{**style, **marks, **changes})
        ax.set_xticks(t if len(t) < 9 else t[::2])
    ax.set_xlabel("generation $t$")
    if label:
        ax.set_ylabel(label)
    bare(ax)


def log_values(ax: Any) -> None:
    """A logarithmic ordinate with plain numbers at 1, 2 and 5 times powers of ten.

    **Args**: `ax`.
    """
    from matplotlib.ticker import LogLocator, NullFormatter, StrMethodFormatter

    ax.set_yscale("log")
    ax.yaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
    ax.yaxis.set_major_formatter(StrMethodFormatter("{x:g}"))
    ax.yaxis.set_minor_formatter(NullFormatter())


def legend(ax: Any, **place: Any) -> None:
    """The workflows that some panel shows.

    **Args**: `ax`: where; `place`: options of `Axes.legend`.
    """
    key_legend(ax, list(LOOPS.values()), **place)


def ends(data: Data, workflow: str, metric: str, prefix: str = "") -> str:
    """The medians after the first and the last fit, in words.

    **Args**: `data`: of `studied`; `workflow`, `metric`, `prefix`: of its keys.

    **Returns**: "FIRST to LAST".
    """
    paths = data[f"{prefix}{workflow}_{metric}"]
    return f"{np.median(paths[0]):.3g} to {np.median(paths[-1]):.3g}"


def pairs(data: Data, a: str, b: str, metric: str, prefix: str = "") -> str:
    """In how many pairs of chains `a` ends above `b`, in words.

    **Args**: `data`: of `studied`; `a`, `b`: workflows; `metric`, `prefix`: of its keys.

    **Returns**: part of a caption, with exact limits of the share of all pairs.
    """
    from collapse_jax.results.estimate import binomial_limits

    apart = data[f"{prefix}{a}_{metric}"][-1] - data[f"{prefix}{b}_{metric}"][-1]
    above = int(np.sum(apart > 0))
    low, high = (float(limit) for limit in binomial_limits(above, apart.size, ALPHA))
    return f"{above} of {apart.size} pairs (share of all pairs, exact 99 % limits: {low:.2f} to {high:.2f})"
