"""Construction 1 (Theorem 5.1): collapse at the second fit."""

import math
from typing import Any

import numpy as np

from proofs_check.figure import ALPHA, STYLES, Data, Figure, bare, points
from proofs_check.papers.barzilai2025 import theory
from proofs_check.papers.barzilai2025.figures._shared import survival_limits
from proofs_check.papers.barzilai2025.metrics import collapsed

_GRID = np.linspace(0, 8, 65)


def _construction1(
    *,
    n: tuple[int, ...] = (100, 1000),
    fits: int = 32,
    chains: int = 1 << 15,
    sizes: tuple[int, ...] = (10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000),
    constants: tuple[float, ...] = (1.0, 3.0),
    first_chains: int = 1 << 20,
    walks: int = 1 << 18,
    seed: int = 0,
) -> Data:
    """`n`: chains of `fits` fits; `sizes`: first fits only, `first_chains` of them; `walks`: of the scaling limit."""
    from collapse_jax import Accumulate, simulate
    from collapse_jax.results.estimate import binomial_limits
    from proofs_check.papers.barzilai2025.families import SecondFitCollapse

    data = {"fits": np.arange(1, fits + 1), "n": np.asarray(n), "sizes": np.asarray(sizes), "x": _GRID,
            "constants": np.asarray(constants), "limit_second": np.asarray(1 - theory.second_fit_collapse()),
            "limit_mean": np.asarray(theory.edge_error()),
            "exponent": np.asarray(theory.claim1_exponent())}  # fmt: skip
    for size in n:
        run = simulate(SecondFitCollapse(size), Accumulate(size), collapsed, generations=fits, chains=chains,
                       seed=seed, progress=False)  # fmt: skip
        hit = np.rint(run["collapsed"].mean * chains)
        data |= survival_limits(f"survival_n{size}", binomial_limits(chains - hit, chains, ALPHA / (2 * fits * len(n))))
        data[f"survival_n{size}_mean"] = 1 - hit / chains
    data |= _first_fits(sizes, n, constants, first_chains, seed)
    limit = _limit_law(walks, seed)
    data["limit_tail"] = (limit > _GRID[:, None]).mean(-1)
    data["walk_mean"], data["walk_stderr"] = np.asarray(limit.mean()), np.asarray(limit.std() / math.sqrt(limit.size))
    return data


def _first_fits(
    sizes: tuple[int, ...], shown: tuple[int, ...], constants: tuple[float, ...], chains: int, seed: int
) -> Data:
    """Tail of n alpha after the first fit, and how often TV = alpha exceeds a log n / n; n is traced: one program."""
    import jax

    from collapse_jax.results.estimate import binomial_limits
    from proofs_check.papers.barzilai2025.families import SecondFitCollapse

    block = min(chains, 1 << 14)
    data: Data = {}
    alpha = np.empty(0)
    with jax.enable_x64(True):
        truth = SecondFitCollapse(100).broadcast((block,))
        draw = jax.jit(lambda key, n: truth.fit(truth.statistic(key, n)).alpha)
        first = draw.lower(jax.random.key(seed), 1.0).compile()
        for size in sorted({*sizes, *shown}):
            key = jax.random.fold_in(jax.random.key(seed), size)
            blocks = [np.asarray(first(jax.random.fold_in(key, i), float(size))) for i in range(chains // block)]
            alpha = np.concatenate(blocks)
            if size in shown:
                data[f"tail_n{size}"] = (size * alpha > _GRID[:, None]).mean(-1)
                data[f"mean_n{size}"] = np.asarray(size * alpha.mean())
            if size in sizes:
                data[f"violations_{size}"] = np.asarray([np.sum(alpha > a * math.log(size) / size) for a in constants])
    hits = np.stack([data.pop(f"violations_{size}") for size in sizes], -1)
    low, high = binomial_limits(hits, len(alpha), ALPHA / (2 * hits.size))
    return {**data, "claim1": hits / len(alpha), "claim1_lower": low, "claim1_upper": high}


def _limit_law(walks: int, seed: int) -> np.ndarray:
    """Draws of lim n alpha = (E_0 + W) / 2, W the sum of E_i where that of E_i - 4 log 2 is largest, if positive."""
    rng = np.random.default_rng(seed)
    total = np.cumsum(rng.exponential(size=(walks, 48)), -1)
    walk = total - theory.C * np.arange(1, 49)
    best = walk.argmax(-1)[:, None]
    given_up = np.where(np.take_along_axis(walk, best, -1) > 0, np.take_along_axis(total, best, -1), 0)[:, 0]
    return (rng.exponential(size=walks) + given_up) / 2


def _draw_construction1(axes: Any, data: Data) -> None:
    law, survival, claim = axes
    x, kappa = data["x"], float(data["exponent"])
    for size, style in zip(data["n"], STYLES, strict=False):
        tail = data[f"tail_n{size}"]
        law.plot(x[::4], np.where(tail > 0, tail, np.nan)[::4], style["marker"], color=style["color"],
                 markerfacecolor="white", markersize=4, label=f"$n = {size}$")  # fmt: skip
    law.plot(x, np.where(data["limit_tail"] > 0, data["limit_tail"], np.nan), color="#333333", linewidth=1.1,
             label=r"limit $n \to \infty$")  # fmt: skip
    law.plot(x, np.exp(-2 * x), color="#333333", linestyle="--", linewidth=1, label=r"if $\alpha = (1 - \max x)/2$")
    law.plot(x[24:], 0.13 * np.exp(-2 * kappa * x[24:]), color="#333333", linestyle=":", linewidth=1.1,
             label=r"rate $e^{-2 \kappa x}$")  # fmt: skip
    law.set(yscale="log", ylim=(2e-4, 1.5), xlabel="$x$", ylabel=r"$P(n\,\alpha^{(1)} > x)$")
    t = data["fits"]
    survival.set(xscale="log", yscale="log", xlabel="fit $t$", ylabel="$P$(no collapse by fit $t$)")
    for size, style in zip(data["n"], STYLES, strict=False):
        points(survival, t, data, f"survival_n{size}", style, label=f"$n = {size}$")
    survival.plot([2], [float(data["limit_second"])], "*", color=STYLES[1]["color"], markersize=13, zorder=1,
                  markerfacecolor="none",
                  label=r"limit $n \to \infty$, $t = 2$")  # fmt: skip
    survival.set_yticks([0.2, 0.4, 0.6, 0.8, 1], labels=["0.2", "0.4", "0.6", "0.8", "1"], minor=False)
    survival.set_xticks([1, 2, 4, 8, 16, 32], labels=["1", "2", "4", "8", "16", "32"], minor=False)
    survival.minorticks_off()
    _draw_claim1(claim, data)
    for ax, place in zip(axes, ("upper right", "lower left", "upper right"), strict=True):
        ax.legend(frameon=False, fontsize=7.5, loc=place)
        bare(ax)


def _draw_claim1(ax: Any, data: Data) -> None:
    n = data["sizes"]
    for i, (a, style) in enumerate(zip(data["constants"], STYLES, strict=False)):
        seen, low, high = data["claim1"][i], data["claim1_lower"][i], data["claim1_upper"][i]
        at = seen > 0
        if at.any():
            ax.errorbar(n[at], seen[at], [(seen - low)[at], (high - seen)[at]], fmt=style["marker"],
                        color=style["color"], markerfacecolor="white", markersize=4, linewidth=1, capsize=2,
                        label=f"simulated, $a = {a:g}$")  # fmt: skip
        if not at.all():
            ax.plot(n[~at], high[~at], "v", color=style["color"], markersize=4, markerfacecolor="none",
                    label=f"none seen, $a = {a:g}$")  # fmt: skip
    ax.plot(n, 1 / n, color="#333333", linestyle="--", linewidth=1.1, label="claimed, $1/n$")
    ax.set(
        xscale="log",
        yscale="log",
        ylim=(3e-8, 20),
        xlabel="sample size $n$",
        ylabel=r"$P(\mathrm{TV}^{(1)} > a \log n / n)$",
    )


def _caption_construction1(config: dict[str, Any], data: Data) -> str:
    kappa = float(data["exponent"])
    return (
        "Construction 1, exact maximum likelihood, accumulation. Left: tail of $n \\alpha^{(1)}$, whose total "
        f"variation distance from the truth is $\\alpha^{{(1)}}$; the limit is that of {config['walks']:,} random "
        f"walks with steps $E_i - 4 \\log 2$ (mean {float(data['limit_mean']):.4f}), $\\kappa = {kappa:.5f}$ the rate "
        "of its far tail. The estimate is not $(1 - \\max x)/2$ (dashed): giving up the largest observations can "
        "pay. Middle: probability that no model up to fit $t$ has collapsed ($\\alpha \\leq 1/10$); at $t = 2$ the "
        f"limit is {float(data['limit_second']):.4f}, collapse having probability "
        f"{1 - float(data['limit_second']):.4f}. Right: part (1) of Theorem 5.1 says that the first fit is off by "
        "more than $a \\log n / n$, $a = 1$, with probability at most $1/n$ (dashed); that fails for large $n$, and "
        f"asymptotically $a \\geq 1/(2\\kappa) = {1 / (2 * kappa):.2f}$ is needed. {config['chains']:,} chains, "
        f"{config['first_chains']:,} first fits; simultaneous 99 % limits; arrows down: upper limits where no "
        f"violation was seen; seed {config['seed']}."
    )


construction1 = Figure(
    "barzilai2025.construction1",
    "a consistent family that collapses at the second fit with probability 0.24",
    _construction1,
    _draw_construction1,
    _caption_construction1,
    panels=(1, 3),
    size=(8.8, 3.1),
    quick={"chains": 1 << 12, "first_chains": 1 << 15, "walks": 1 << 16},
)
