"""Theorems 3 and 4: the standard deviation of a Gaussian, and of a symmetric mixture."""

from math import log
from typing import Any

import numpy as np

from proofs_check.figure import STYLES, Data, Figure, bare, key_legend, points, record
from proofs_check.papers.suresh2024 import theory
from proofs_check.papers.suresh2024.figures._shared import BOUND, EXACT, OTHER, column

DRAWN = {"color": STYLES[2]["color"], "linestyle": "-.", "linewidth": 1.3}


def _gaussian(*, n: int = 10, epsilon: float = 0.1, r: float = 0.7, generations: int = 200, chains: int = 1 << 15,
              seed: int = 0) -> Data:  # fmt: skip
    from collapse_jax import Gaussian, Replace, laws, simulate

    def above(model, truth):
        return model.log_det > 2 * log(epsilon)

    t = np.arange(1, generations + 1)
    run = simulate(
        Gaussian(ddof=1), Replace(n), above, generations=generations, chains=chains, seed=seed, progress=False
    )
    data: Data = {"t": t}
    record(data, "above", run["above"], 1)
    data["exact"] = column(lambda k: 1 - laws.gaussian.log_variance_cdf(2 * log(epsilon), k, n, 1), t)
    data["theorem"] = column(lambda k: theory.gaussian_tail(k, n, 1 / epsilon), t)
    data["drawn"] = column(lambda k: theory.moment_tail(k, n, 1 / epsilon, r), t)
    data["bertrand"] = column(lambda k: theory.first_moment_tail(k, n, 1 / epsilon), t)
    powers = np.linspace(0.02, 1, 50)
    data["best"] = np.min([column(lambda k, s=s: theory.moment_tail(k, n, 1 / epsilon, s), t) for s in powers], 0)
    return data


def _draw_gaussian(axes: Any, data: Data) -> None:
    [ax] = axes
    t = data["t"]
    grey = {"color": "#777777", "linestyle": (0, (1, 1)), "linewidth": 1.2}
    ax.plot(t, data["exact"], **EXACT)
    for name, style in (("theorem", BOUND), ("drawn", DRAWN), ("bertrand", grey), ("best", OTHER)):
        ax.plot(t, data[name], **style)
    points(ax, t, data, "above", STYLES[0])
    ax.set_yscale("log")
    ax.set_ylim(2e-3, 12)
    ax.axhline(1, color="#cccccc", linewidth=0.8, zorder=0)
    ax.set_xlabel("generation $k$")
    ax.set_ylabel(r"$P(\sigma_k > \epsilon)$")
    key_legend(ax, [(BOUND, "Theorem 3"), (grey, r"first moment, $c_4^k \sigma_0/\epsilon$"), (DRAWN, "drawn as 'Our Upper Bound'"),
                    (OTHER, "best moment for each $k$"), (EXACT, "exact"), ({"linestyle": "", **STYLES[0]}, "simulated")],
               loc="lower left")  # fmt: skip
    bare(ax)


def _caption_gaussian(config: dict[str, Any], data: Data) -> str:
    return (
        f"A Gaussian with $\\sigma_0 = 1$ refitted on n = {config['n']} draws, unbiased variance, $\\epsilon = {config['epsilon']}$. The notebook "
        f"draws Markov's inequality for $\\sigma_k^{{{config['r']}}}$ under the label 'Our Upper Bound'; Theorem 3 lies above it, and "
        "above the first moment, which is the curve of Bertrand et al. that it is compared with. Bounds above 1 say nothing. "
        f"Exact: Fourier inversion (derived). {config['chains']:,} chains (the paper has 1000), with simultaneous 99 % limits; seed {config['seed']}."
    )


gaussian = Figure(
    "suresh2024.gaussian",
    "Theorem 3 and the curve that is drawn for it",
    _gaussian,
    _draw_gaussian,
    _caption_gaussian,
    size=(5.4, 3.6),
    quick={"chains": 1 << 12},
)


def _mixture(*, n: int = 10, epsilon: float = 0.1, mu: tuple[float, ...] = (1.0, 2.0), generations: int = 200, shown: int = 120,
             chains: int = 1 << 13, seed: int = 0) -> Data:  # fmt: skip
    """Chains are run for `shown` generations, by which none is left; the bound is drawn for all."""
    from collapse_jax import Replace, SymmetricMixture, simulate

    def above(model, truth):
        return model.sigma > epsilon

    t = np.arange(1, generations + 1)
    data: Data = {
        "t": t,
        "k": t[:shown],
        "mu": np.asarray(mu),
        "bound": column(lambda k: theory.mixture_tail(k, n, 1 / epsilon), t),
    }
    for i, centre in enumerate(mu):
        for estimator in ("joint", "approximate"):
            family = SymmetricMixture(centre, 1.0, estimator=estimator)
            run = simulate(
                family, Replace(n), above, generations=shown, chains=chains, engine="literal", seed=seed, progress=False
            )
            record(data, f"{estimator}_{i}", run["above"], 2 * len(mu))
    return data


def _draw_mixture(axes: Any, data: Data) -> None:
    for i, ax in enumerate(axes):
        ax.plot(data["t"], np.minimum(data["bound"], 1), **BOUND)
        points(ax, data["k"], data, f"joint_{i}", STYLES[0])
        points(ax, data["k"], data, f"approximate_{i}", STYLES[2])
        ax.set_title(rf"$\mu_0 = {data['mu'][i]:g}$, $\sigma_0 = 1$", fontsize=9)
        ax.set_xlabel("generation $k$")
        ax.set_ylim(-0.02, 1.5)
        ax.set_yticks(np.linspace(0, 1, 6))
        bare(ax)
    axes[0].set_ylabel(r"$P(\sigma_k > \epsilon)$")
    key_legend(axes[0], [(BOUND, "Theorem 4"), ({"linestyle": "", **STYLES[0]}, "joint maximum likelihood"),
                         ({"linestyle": "", **STYLES[2]}, "approximate (Algorithm 1)")], loc="upper right")  # fmt: skip


def _caption_mixture(config: dict[str, Any], data: Data) -> str:
    return (
        f"Symmetric mixtures of two normal laws refitted on n = {config['n']} draws, $\\epsilon = {config['epsilon']}$, for {config['shown']} generations; the "
        f"paper shows $\\mu_0 = 1$. The bound of Theorem 4, cut at 1, is for the approximate estimate. {config['chains']:,} chains "
        f"(the paper has 500), with simultaneous 99 % limits; seed {config['seed']}."
    )


mixture = Figure(
    "suresh2024.mixture",
    "Theorem 4: a symmetric mixture by two estimators",
    _mixture,
    _draw_mixture,
    _caption_mixture,
    panels=(1, 2),
    size=(7.4, 3.0),
    quick={"chains": 1 << 10},
)
