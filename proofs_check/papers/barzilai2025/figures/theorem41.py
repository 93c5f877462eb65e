"""Theorem 4.1: the error in units of the Fisher information, for families that satisfy A1-A3."""

import math
from typing import Any

import numpy as np

from proofs_check.figure import ALPHA, STYLES, Data, Figure, bare, key_legend, points
from proofs_check.papers.barzilai2025.figures._shared import harmonic
from proofs_check.papers.barzilai2025.theory import geometric_information


def _logistic_error(model: Any, truth: Any) -> Any:
    r"""$(\beta - \beta^*)' I (\beta - \beta^*)$, I the Fisher information of one observation at the truth."""
    import jax
    import jax.numpy as jnp

    chance = jax.nn.sigmoid(truth.points @ truth.beta)
    shift = (model.beta - truth.beta) @ truth.points.T
    return jnp.sum(truth.weights * chance * (1 - chance) * shift**2, -1)


def _smooth_families() -> dict[str, tuple[Any, Any, float, int]]:
    """Title -> (family, metric, factor that makes it information units, dimension)."""
    from collapse_jax import Bernoulli, Gaussian, LogisticRegression, TruncatedGeometric

    line = np.stack([np.ones(5), np.linspace(-1, 1, 5)], 1)
    return {
        "Gaussian mean, $d = 1$": (Gaussian(known_cov=True), "natural_error", 1.0, 1),
        "Gaussian mean, $d = 10$": (Gaussian(d=10, known_cov=True), "natural_error", 1.0, 10),
        "coin, by its logit": (Bernoulli(0.3), "natural_error", 0.21, 1),
        "truncated geometric": (TruncatedGeometric(-0.5, 4), "natural_error", geometric_information(-0.5, 4), 1),
        "logistic regression, $d = 2$": (LogisticRegression([0.5, 1.0], line), _logistic_error, 1.0, 2),
    }


def _thm41(
    *,
    n: tuple[int, ...] = (100, 1000),
    generations: int = 100,
    quantiles: tuple[float, ...] = (0.5, 0.9, 0.99),
    families: tuple[int, ...] = (0, 1, 2, 3, 4),
    chains: int = 1 << 13,
    seed: int = 0,
) -> Data:
    """`families`: which of the five to simulate, by position."""
    from scipy.stats import chi2

    from collapse_jax import Accumulate, simulate

    chosen = [item for i, item in enumerate(_smooth_families().items()) if i in families]
    H = harmonic(generations)
    data = {
        "generations": np.arange(1, generations + 1),
        "n": np.asarray(n),
        "quantiles": np.asarray(quantiles),
        "families": np.asarray([title for title, _ in chosen]),
        "rms_limit": np.sqrt(H),
    }
    for i, (_, (family, metric, factor, d)) in enumerate(chosen):
        data[f"law{i}"] = np.sqrt(np.outer(chi2.ppf(quantiles, d) / d, H))
        for size in n:
            run = simulate(family, Accumulate(size), metric, generations=generations, chains=chains, seed=seed,
                           keep_paths=chains, sizes="traced", progress=False)  # fmt: skip
            [(name, paths)] = run.paths.items()
            error = np.sqrt(paths * (size * factor / d))
            key = f"error{i}_n{size}"
            data |= _quantiles(key, error, quantiles, len(chosen) * len(n) * generations)
            data[f"{key}_lost"] = np.asarray(run[name].nonfinite.max())
            data[f"{key}_mse"] = (error**2).mean(-1)
            data[f"{key}_mse_stderr"] = (error**2).std(-1, ddof=1) / math.sqrt(chains)
    return data


def _quantiles(key: str, error: np.ndarray, quantiles: tuple[float, ...], groups: int) -> Data:
    """Sample quantiles over the last axis with simultaneous distribution-free limits: order statistics."""
    from scipy.stats import binom

    chains, ordered = error.shape[-1], np.sort(error, -1)
    tail = ALPHA / (2 * groups * len(quantiles))
    low = binom.ppf(tail, chains, quantiles).astype(int) - 1
    high = binom.isf(tail, chains, quantiles).astype(int)
    middle = np.minimum((np.asarray(quantiles) * chains).astype(int), chains - 1)
    return {
        f"{key}_mean": ordered[:, middle].T,
        f"{key}_lower": np.where(low >= 0, ordered[:, np.maximum(low, 0)], -np.inf).T,
        f"{key}_upper": np.where(high < chains, ordered[:, np.minimum(high, chains - 1)], np.inf).T,
    }


def _draw_thm41(axes: Any, data: Data) -> None:
    t = data["generations"]
    for i, title in enumerate(data["families"]):
        axes[i].set_title(str(title), fontsize=9)
        for q, law in zip(data["quantiles"], data[f"law{i}"], strict=True):
            axes[i].plot(t, law, color="#333333", linewidth=0.9)
            axes[i].annotate(f"{q:g}", (t[-1], law[-1]), (13, 0), textcoords="offset points", ha="left", va="center",
                             fontsize=7, annotation_clip=False)  # fmt: skip
        for size, style, shift in zip(data["n"], STYLES, (0.88, 1.14, 1.4), strict=False):
            _quantile_points(axes[i], t, data, f"error{i}_n{size}", style, shift)
    _draw_rms(axes[len(data["families"])], t, data)
    for ax in axes[: len(data["families"]) + 1]:
        ax.set_xscale("log")
        ax.set_xlabel("fit $T$")
        bare(ax)
    for ax in axes[len(data["families"]) + 1 :]:
        ax.set_axis_off()
    for ax in axes[: len(data["families"])]:
        ax.set_ylim(0, 4.9)
        ax.set_xlim(0.72, 2.9 * t[-1])
    for ax in axes[:5:3]:
        ax.set_ylabel(r"$(n/d)^{1/2}\,\|\theta^{(T)} - \theta^*\|_I$")


def _quantile_points(ax: Any, t: np.ndarray, data: Data, key: str, style: dict[str, Any], shift: float) -> None:
    ax.set_xscale("log")
    for row in range(len(data["quantiles"])):
        points(
            ax, shift * t, {f"q_{part}": data[f"{key}_{part}"][row] for part in ("mean", "lower", "upper")}, "q", style
        )


def _draw_rms(ax: Any, t: np.ndarray, data: Data) -> None:

    ax.plot(t, data["rms_limit"], color="#333333", linewidth=1)
    size, lines = data["n"][-1], ("-", "--", "-.", ":", (0, (5, 1, 1, 1, 1, 1)))
    for i, (title, line) in enumerate(zip(data["families"], lines, strict=False)):
        style = STYLES[i]
        ax.plot(t, np.sqrt(data[f"error{i}_n{size}_mse"]), color=style["color"], linestyle=line, linewidth=1.3,
                label=str(title))  # fmt: skip
    ax.set_title(f"root mean square, $n = {size}$", fontsize=9)
    ax.set_ylim(0.55, 1.36)
    law = [({"color": "#333333", "linewidth": 1}, r"Gaussian law; here $\sqrt{H_T}$")]
    kinds = [({"color": style["color"], "linestyle": line, "linewidth": 1.3}, str(title))
             for title, style, line in zip(data["families"], STYLES, lines, strict=False)]  # fmt: skip
    sizes = [
        ({**style, "linestyle": ""}, f"$n = {n}$, other panels") for n, style in zip(data["n"], STYLES, strict=False)
    ]
    key_legend(ax, [*law, *kinds, *sizes], fontsize=6.5, loc="lower right", labelspacing=0.25)


def _caption_thm41(config: dict[str, Any], data: Data) -> str:
    shown = ", ".join(f"{q:g}" for q in config["quantiles"])
    return (
        f"Maximum likelihood under accumulation. Quantiles ({shown}) over chains of the error $\\|\\Delta\\|_I = "
        "(\\Delta^\\prime I \\Delta)^{1/2}$, $I$ the Fisher information of one observation at the truth, per root "
        "dimension. Theorem 4.1 bounds it, with a constant it leaves open, uniformly in $T$; its logarithmic "
        "dependence on $d$ hides a $\\sqrt{d}$ in $K_1$. Lines: the law $H_T \\chi^2_d / d$, $H_T = 1 + 1/4 + "
        "\\cdots + 1/T^2$, exact for the Gaussian mean (known variance) and the limit $n \\to \\infty$ for the "
        "others: coin with $p = 0.3$, geometric on $0..4$ with $\\theta = -0.5$, logistic regression with $\\beta = "
        f"(0.5, 1)$, intercept and five covariates in $[-1, 1]$. Marks: {config['chains']:,} chains, with "
        f"simultaneous 99 % limits (distribution-free); seed {config['seed']}."
    )


thm41 = Figure(
    "barzilai2025.thm41",
    "smooth families: sqrt(n) times the error is flat in T, with the exact Gaussian law",
    _thm41,
    _draw_thm41,
    _caption_thm41,
    panels=(2, 3),
    size=(8.4, 4.9),
    quick={"chains": 1 << 11},
)
