"""Figure 1: snapshots on the simplex."""

from typing import Any

import numpy as np

from proofs_check.figure import STYLES, Data, Figure
from proofs_check.papers.seddik2024 import theory


def _fig1(
    *,
    n: int = 1000,
    contexts: int = 81,
    snapshots: tuple[int, ...] = (0, 10, 20, 30, 40),
    runs: int = 512,
    seed: int = 0,
) -> Data:
    """`runs` models, of which the first is shown; n observations in total fall on the contexts at random."""
    import jax
    from scipy.stats import binom

    from collapse_jax import Contexts

    truth = np.random.default_rng(seed).dirichlet(np.ones(3), contexts)
    family = Contexts(truth, unvisited="keep")

    def generation(model, key):  # Replace, written out: the picture needs the rows of p
        model = model.fit(model.statistic(key, n))
        return model, model.p

    with jax.enable_x64(True):
        keys = jax.random.split(jax.random.key(seed), max(snapshots))
        start = family.broadcast((runs,))
        run = jax.jit(lambda model, keys: jax.lax.scan(generation, model, keys)[1]).lower(start, keys).compile()
        paths = np.asarray(run(start, keys))
    paths = np.concatenate([np.broadcast_to(truth, (1, *paths.shape[1:])), paths])
    visits = np.arange(1, n + 1)
    factor = 1 - float(binom.pmf(visits, n, 1 / contexts) @ (1 / visits))
    squares, S0 = np.sum(paths**2, -1).mean(-1), float(np.sum(truth**2, -1).mean())
    dirac = (paths.max(-1) == 1).mean(-1)
    return {
        "snapshots": np.asarray(snapshots),
        "p": paths[list(snapshots), 0],
        "dirac": dirac.mean(-1),
        "dirac_stderr": dirac.std(-1, ddof=1) / np.sqrt(runs),
        "squares_mean": squares.mean(-1),
        "squares_stderr": squares.std(-1, ddof=1) / np.sqrt(runs),
        "squares_closed": np.asarray([theory.contexts(t, S0, factor) for t in range(max(snapshots) + 1)]),
    }


_CORNERS = np.array([[0.0, 0.0], [1.0, 0.0], [0.5, np.sqrt(3) / 2]])


def _draw_fig1(axes: Any, data: Data) -> None:
    for ax, m, p in zip(axes, data["snapshots"], data["p"], strict=True):
        inside = p.max(-1) < 1
        ax.fill(*_CORNERS.T, facecolor="#f4f4f2", edgecolor="#333333", linewidth=1)
        ax.plot(*(p[inside] @ _CORNERS).T, "o", color=STYLES[0]["color"], markersize=2.6, markeredgewidth=0, alpha=0.75)
        for corner, count, drop in zip(_CORNERS, np.sum(p[~inside] == 1, 0), (-1, -1, 1), strict=True):
            if count:
                ax.plot(*corner, "s", color=STYLES[1]["color"], markersize=3 + 1.1 * np.sqrt(count), clip_on=False)
            colour, side = (STYLES[1]["color"] if count else "#777777"), ("bottom" if drop > 0 else "top")
            ax.annotate(str(count), corner, (0, 9 * drop), textcoords="offset points", ha="center", va=side, fontsize=8,
                        color=colour)  # fmt: skip
        ax.set_title(f"$m = {m}$", fontsize=9.5, pad=16)
        ax.set_aspect("equal")
        ax.set_axis_off()


def _caption_fig1(config: dict[str, Any], data: Data) -> str:
    shares = ", ".join(f"{data['dirac'][m]:.2f} ($m = {m}$)" for m in config["snapshots"][1:])
    return (
        f"Next-token laws of {config['contexts']} contexts on $s = 3$ symbols, one run. Fully synthetic, $n = "
        f"{config['n']}$ observations per generation in total, about {config['n'] / config['contexts']:.1f} per "
        "context; contexts are visited uniformly at random and keep their row when unvisited; $p^{(0)}$ uniform on "
        "the simplex. Dots: laws in the interior or on an edge; squares and numbers: laws that have become Dirac "
        f"masses at a corner. Share of Dirac masses over {config['runs']:,} runs: {shares}. The paper does not say "
        "that $n$ is a total; with 1000 observations per context hardly any law would have collapsed by $m = 40$ "
        f"($\\rho_{{40}} \\approx 1.7 \\times 10^{{-4}}$). Seed {config['seed']}."
    )


fig1 = Figure(
    "seddik2024.fig1",
    "next-token laws of 81 contexts on the simplex collapse to its corners",
    _fig1,
    _draw_fig1,
    _caption_fig1,
    panels=(1, 5),
    size=(9.0, 2.2),
    quick={"runs": 64},
)
