"""Figures 10 and 30: the fresh data loop over time, by its first sample and by its memory."""

from typing import Any

import numpy as np

from proofs_check.figure import STYLES, Data, Figure, bare, points, record
from proofs_check.papers.mad2023.figures._numpy import fresh_loop, limits
from proofs_check.papers.mad2023.figures._spectrum import distances

_FIRST, _BIAS = (100, 1000), (1.0, 0.8)
_PARTS = ("mean", "stderr", "lower", "upper")


def _fig10(
    *, chains: int = 64, generations: int = 40, seed: int = 0, n_real: int = 100, n: int = 900, d: int = 100
) -> Data:
    from collapse_jax.laws import loops

    data: Data = {"t": np.arange(1, generations + 1)}
    rng = np.random.default_rng(seed)
    for bias in _BIAS:
        for first in _FIRST:
            moments = loops.fresh_real(n_real, n, d, generations, bias, first)
            data[f"F_{bias}_{first}"] = moments[:, 3] - 2 * moments[:, 1] + d
            data[f"W_{bias}_{first}"] = moments[:, 2] + distances(n_real, n, d, bias, generations, first)
        found = fresh_loop(rng, n_real, n, d, bias, generations, chains)
        for letter, values in zip("FW", found, strict=False):
            parts = limits(values, 2 * len(_BIAS))
            data |= {f"{letter}_{bias}_{part}": x for part, x in zip(_PARTS, parts, strict=True)}
    return data


def _draw_fig10(axes: Any, data: Data) -> None:
    labels = (
        (r"$E\,\|\Sigma_t - I\|_F^2$", "exact", "F"),
        (r"$E\,W_2^2(p_t, p_0)$", "large $d$", "W"),
    )
    for ax, (name, kind, letter) in zip(axes, labels, strict=True):
        for bias, style in zip(_BIAS, STYLES, strict=False):
            for first, dash in zip(_FIRST, ("-", "--"), strict=True):
                ax.plot(data["t"], data[f"{letter}_{bias}_{first}"], dash, color=style["color"], linewidth=1.2,
                        label=rf"{kind}, $\lambda = {bias:g}$, $n_{{ini}} = {first}$")  # fmt: skip
            points(ax, data["t"], data, f"{letter}_{bias}", style)
        ax.set_xlabel("generation $t$")
        ax.set_ylabel(name)
        ax.set_ylim(bottom=0)
        bare(ax)
        ax.legend(frameon=False, fontsize=7)


def _caption_fig10(config: dict[str, Any], data: Data) -> str:
    return (
        f"Fresh data loop of a Gaussian, $d = {config['d']}$, $n_r = {config['n_real']}$ new real and $n_s = {config['n']}$ "
        "synthetic data per fit, unbiased covariance, sampling bias $\\lambda$; first sample of $n_{ini}$ real data. "
        "Left: the eight-moment map, exact. Right: the spectrum for large $d$, each fit from the one before by the resolvent "
        f"of a sample with two covariances. Marks: $n_{{ini}} = n_r$, means of {config['chains']} chains with simultaneous 99 % "
        f"limits (seed {config['seed']}). The paper's axis WD is the squared distance."
    )


fig10 = Figure(
    "mad2023.fig10",
    "the fresh data loop forgets its first sample, biased or not",
    _fig10,
    _draw_fig10,
    _caption_fig10,
    panels=(1, 2),
    size=(8.4, 3.2),
    quick={"chains": 8},
)

_MEMORY, _SIMULATED = (1, 3, 10, 30), (1, 3)


def _fig30(*, chains: int = 1 << 13, generations: int = 60, seed: int = 0, n_real: int = 1000, n: int = 10_000) -> Data:
    from collapse_jax import Gaussian, RecentModels, simulate
    from collapse_jax.laws import pedigree

    data: Data = {"t": np.arange(1, generations + 1), "limit": np.asarray((n_real + n) / (n_real + 2 * n))}
    for k in _MEMORY:
        found = pedigree.of(RecentModels(n, n_real=n_real, k=k), generations)
        data[f"law_{k}"] = n_real * pedigree.quadratic_error(found, 1.0, 0)
    for k in _SIMULATED:
        run = simulate(
            Gaussian(known_cov=True),
            RecentModels(n, n_real=n_real, k=k),
            "mean_error",
            generations=generations,
            chains=chains,
            seed=seed,
            progress=False,
        )
        record(data, f"error_{k}", run["mean_error"], len(_SIMULATED))
        for part in ("mean", "stderr", "lower", "upper"):
            data[f"error_{k}_{part}"] = n_real * data[f"error_{k}_{part}"]
    return data


def _draw_fig30(axes: Any, data: Data) -> None:
    [ax] = axes
    for k, style in zip(_MEMORY, STYLES, strict=False):
        ax.plot(data["t"], data[f"law_{k}"], color=style["color"], linewidth=1.3, label=f"exact, $K = {k}$")
        if k in _SIMULATED:
            points(ax, data["t"], data, f"error_{k}", style, f"simulated, $K = {k}$")
    ax.axhline(float(data["limit"]), color="#444444", linestyle=":", linewidth=1.1, label="limit for $K = 1$")
    ax.set_xlabel("generation $t$")
    ax.set_ylabel(r"$n_r\,E(\mu_t - \mu_0)^2$")
    ax.set_ylim(0, 1.1)
    bare(ax)
    ax.legend(frameon=False, fontsize=7.5, ncol=2)


def _caption_fig30(config: dict[str, Any], data: Data) -> str:
    return (
        f"Fresh data loop with the synthetic data of the last $K$ models, $n_r = {config['n_real']}$, $n_s = "
        f"{config['n']}$ per fit, $\\lambda = 1$, known covariance; error of the mean in units of one real fit. Lines: from "
        f"the pedigree, exact. Marks: means of {config['chains']:,} chains with limits that hold together with "
        f"probability 99 % (seed {config['seed']})."
    )


fig30 = Figure(
    "mad2023.fig30",
    "a longer memory of previous models helps",
    _fig30,
    _draw_fig30,
    _caption_fig30,
    size=(5.4, 3.4),
    quick={"chains": 1 << 11},
)
