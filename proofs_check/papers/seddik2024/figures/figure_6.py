"""Figure 6: windows of recent models, and randomly pooled models."""

from typing import Any

import numpy as np

from proofs_check.figure import STYLES, Data, Figure, bare, key_legend, log_axis, points, record
from proofs_check.papers.seddik2024 import theory
from proofs_check.papers.seddik2024.figures._shared import zipf


def _fig6(
    *,
    n: int = 10,
    windows: tuple[int, ...] = (1, 3, 5),
    pool: bool = True,
    S0: float = 0.1,
    support: int = 52,
    generations: int = 500,
    shown: int = 3,
    chains: int = 1 << 13,
    seed: int = 0,
) -> Data:
    """`shown` sample paths are kept of every protocol."""
    from collapse_jax import Categorical, RandomPool, Window, simulate

    p, protocols = zipf(support, S0), [f"K{k}" for k in windows] + ["pool"] * pool
    data = {"generations": np.arange(1, generations + 1), "protocols": np.asarray(protocols), "n": np.asarray(n)}
    for name in protocols:
        k = int(name[1:]) if name != "pool" else 0
        workflow = Window(n=n, k=k, redraw=True) if k else RandomPool(n)
        run = simulate(Categorical(p, sampler="index"), workflow, "sum_of_squares", generations=generations,
                       chains=chains, keep_paths=shown, seed=seed, progress=False)  # fmt: skip
        record(data, f"sigma_{name}", run["sum_of_squares"], len(protocols))
        data[f"paths_{name}"] = run.paths["sum_of_squares"]
        data[f"exact_{name}"] = _exact_window(k, n, S0, generations) if k else _exact_pool(n, S0, generations)
    return data


def _exact_window(k: int, n: int, S0: float, generations: int) -> np.ndarray:
    """E sigma_m where fit m sees n // k fresh observations of each of the models m - k .. m - 1 that exist."""
    from collapse_jax.laws import second_moment

    sizes = theory.window_sizes(n, k, generations)
    return np.asarray(second_moment.sum_of_squares(sizes, S0), float)[-generations:]


def _exact_pool(n: int, S0: float, generations: int) -> np.ndarray:
    return np.asarray([theory.random_pool(t, n, S0) for t in range(1, generations + 1)], float)


def _draw_fig6(axes: Any, data: Data) -> None:
    t = data["generations"]
    names = [str(name) for name in data["protocols"]]
    for ax, name in zip(axes, names, strict=False):
        log_axis(ax, t[-1])
        for path in data[f"paths_{name}"].T:
            ax.plot(t, path, color="#b9bdc4", linewidth=0.6, zorder=0)
        ax.plot(t, data[f"exact_{name}"], color=STYLES[1]["color"], linewidth=1.4, linestyle="--")
        points(ax, t, data, f"sigma_{name}", STYLES[0])
        ax.set_title("random pool" if name == "pool" else f"window $K = {name[1:]}$", fontsize=9)
        ax.set_xlabel("generation $m$")
        ax.set_ylim(0, 1.04)
        bare(ax)
    for ax in axes[len(names) :]:
        ax.set_axis_off()
    for ax in axes[1 : len(names)]:
        ax.set_yticklabels([])
    axes[0].set_ylabel(r"$\sigma_m = \|p^{(m)}\|_2^2$")
    entries = [({"linestyle": "--", "color": STYLES[1]["color"]}, "exact mean"),
               ({"linestyle": "", **STYLES[0]}, "simulated mean"),
               ({"color": "#b9bdc4", "linewidth": 1}, "single chains")]  # fmt: skip
    key_legend(axes[len(names) - 1], entries, loc="upper left")


def _caption_fig6(config: dict[str, Any], data: Data) -> str:
    n, S0 = config["n"], config["S0"]
    kept = ", ".join(f"{k * (n // k)} ($K = {k}$)" for k in config["windows"])
    pool = theory.random_pool_limit(n, S0)
    return (
        f"Most recent models and randomly pooled models: $n = {n}$, $S_0 = {S0:g}$, Zipf law on {config['support']} "
        "of the 600 symbols. With a window, fit $m$ sees $\\lfloor n / K \\rfloor$ fresh observations of each of the "
        f"last $K$ models (of as many as there are, so that $\\sigma_m$ falls at first), {kept} in all; with the pool "
        "each of the $n$ observations comes from a model drawn uniformly among the truth and all models so far. "
        "Windows delay total collapse; under the pool $E\\,\\sigma_m$ has the limit $1 - (1 - S_0) \\sin(x) / x$, $x "
        f"= \\pi / \\sqrt{{n}}$: {pool:.4f}. Exact means by the recursion of second moments (derived; the paper has "
        f"no theorem). Marks: means of {config['chains']:,} chains, with simultaneous 99 % limits; seed "
        f"{config['seed']}."
    )


fig6 = Figure(
    "seddik2024.fig6",
    "windows of recent models delay collapse, a random pool of all models prevents it",
    _fig6,
    _draw_fig6,
    _caption_fig6,
    panels=(1, 4),
    size=(8.8, 2.8),
    quick={"chains": 1 << 11},
)
