"""Figure 2: single chains of a Gaussian and of a coin, refitted again and again."""

from typing import Any

import numpy as np

from proofs_check.figure import Data, Figure, bare, key_legend
from proofs_check.papers.suresh2024.figures._shared import EXACT, PATHS


def deviation(model, truth):
    return model.cov[..., 0, 0] ** 0.5


def heads(model, truth):
    return model.p


def _fig2(
    *,
    n: int = 100,
    p: float = 0.2,
    shown: int = 25,
    gaussian: int = 2500,
    coin: int = 600,
    chains: int = 25,
    seed: int = 0,
) -> Data:
    """`shown` sample paths of each; `gaussian` and `coin` are generations."""
    from scipy.special import digamma

    from collapse_jax import Bernoulli, Gaussian, Replace, laws, simulate

    data: Data = {"p": np.asarray(p)}
    for name, family, metric, last in (("a", Gaussian(ddof=1), deviation, gaussian), ("b", Bernoulli(p), heads, coin)):
        run = simulate(family, Replace(n), metric, generations=last, chains=max(chains, shown), keep_paths=shown,
                       seed=seed, progress=False)  # fmt: skip
        data[f"paths_{name}"] = run.paths[metric.__name__]
        data[f"t_{name}"] = np.arange(1, last + 1)
    drift = (digamma((n - 1) / 2) - np.log((n - 1) / 2)) / 2
    data["typical"] = np.exp(drift * data["t_a"])
    ends = data["t_b"][::20]
    data["t_alive"] = ends
    data["mixed"] = np.asarray([laws.drift.distribution(p, n, int(t))[1:-1].sum() for t in ends])
    return data


def _draw_fig2(axes: Any, data: Data) -> None:
    left, right = axes
    left.plot(data["t_a"], data["paths_a"], **PATHS)
    left.plot(data["t_a"], data["typical"], **EXACT)
    left.set_yscale("log")
    left.set_ylabel(r"fitted $\sigma_k$")
    left.set_xlabel("generation $k$")
    key_legend(
        left, [(EXACT, r"$\exp E \log \sigma_k$"), ({**PATHS, "linewidth": 1}, "single chains")], loc="lower left"
    )
    right.plot(data["t_b"], data["paths_b"], **PATHS)
    right.plot(data["t_alive"], data["mixed"], **EXACT)
    right.set_ylim(-0.02, 1.02)
    right.set_ylabel("fitted $p_k$")
    right.set_xlabel("generation $k$")
    key_legend(
        right, [(EXACT, "$P(0 < p_k < 1)$, exact"), ({**PATHS, "linewidth": 1}, "single chains")], loc="upper right"
    )
    for ax in axes:
        bare(ax)


def _caption_fig2(config: dict[str, Any], data: Data) -> str:
    return (
        f"Figure 2 of Suresh et al.: {config['shown']} chains each, n = {config['n']}, seed {config['seed']}. Left: a Gaussian with "
        f"$\\sigma_0 = 1$, unbiased variance, {config['gaussian']} generations, and the exponential of the exact mean of "
        f"$\\log \\sigma_k$ (derived). Right: a coin with $p_0 = {config['p']}$, {config['coin']} generations, and the exact "
        "probability that it still has two sides."
    )


fig2 = Figure(
    "suresh2024.fig2",
    "single chains of a Gaussian and of a coin",
    _fig2,
    _draw_fig2,
    _caption_fig2,
    panels=(1, 2),
    size=(7.4, 3.0),
)
