"""Figures 1 to 4: the spectrum of the generator's covariance, the fixed points, how much synthetic data, the transition."""

from typing import Any

import numpy as np

from proofs_check.figure import STYLES, Data, Figure, bare, points, record
from proofs_check.papers.elfirdoussi2024 import deterministic, theory
from proofs_check.papers.elfirdoussi2024.deterministic import Mix


def _simulated(data: Data, key: str, family: Any, workflow: Any, generations: int, chains: int, seed: int, curves: int):
    """Accuracy at fits 2 .. of one run: a schedule of sizes is a curve over sizes, as no fit depends on the one before."""
    from collapse_jax import simulate

    run = simulate(family, workflow, "accuracy", generations=generations, chains=chains, seed=seed, progress=False)
    record(data, key, run["accuracy"], curves)
    for part in ("mean", "stderr", "lower", "upper"):
        data[f"{key}_{part}"] = data[f"{key}_{part}"][1:]


# Figure 1

_SIZES = (5_000, 50_000)


def _spectrum(*, chains: int = 4, seed: int = 0, p: int = 500) -> Data:
    """`chains` spectra are drawn."""
    rng = np.random.default_rng(seed)
    data: Data = {}
    for size in _SIZES:
        ratio = p / size
        low, high = (1 - ratio**0.5) ** 2, (1 + ratio**0.5) ** 2
        x = np.linspace(low, high, 400)
        data[f"x_{size}"] = x
        data[f"density_{size}"] = np.sqrt(np.maximum((high - x) * (x - low), 0)) / (2 * np.pi * ratio * x)
        found = []
        for _ in range(chains):
            factor = np.tril(rng.standard_normal((p, p)), -1)  # Bartlett's, whatever the size
            np.fill_diagonal(factor, np.sqrt(rng.chisquare(size - np.arange(p))))
            found.append(np.linalg.svd(factor, compute_uv=False) ** 2 / size)
        data[f"eigenvalues_{size}"] = np.concatenate(found)
    return data


def _draw_spectrum(axes: Any, data: Data) -> None:
    for ax, size in zip(axes, _SIZES, strict=True):
        ax.hist(data[f"eigenvalues_{size}"], 40, density=True, color="#c9d6df", label="eigenvalues")
        ax.plot(data[f"x_{size}"], data[f"density_{size}"], color=STYLES[1]["color"], label="Marchenko and Pastur")
        ax.set_title(f"$\\hat n = {size:,}$".replace(",", "\\,"))
        ax.set_xlabel(r"eigenvalue of $\hat C$")
        bare(ax)
    axes[0].set_ylabel("density")
    axes[0].legend(frameon=False, fontsize=7.5)


def _caption_spectrum(config: dict[str, Any], data: Data) -> str:
    return (
        f"Eigenvalues of $\\hat C = \\hat n^{{-1}} \\sum_i z_i z_i'$ at p = {config['p']}, {config['chains']} drawn (bars), and "
        f"their limit (line). The more the generator saw, the closer to I. Seed {config['seed']}."
    )


fig1 = Figure("elfirdoussi2024.fig1", "the spectrum of the generator's covariance", _spectrum, _draw_spectrum,
              _caption_spectrum, panels=(1, 2), size=(7.0, 2.9), quick={"chains": 1})  # fmt: skip


# Figure 2

_TIMES = (2, 5, 10)


def _fixed_points(*, seed: int = 0, n: int = 1_000, eps: float = 0.2, phi: float = 0.9, rho: float = 0.2) -> Data:
    del seed
    p = np.linspace(10, 10_000, 50).round()
    data: Data = {"p": p}
    for times in _TIMES:
        mix = Mix(n, times * n, eps, phi, rho, 1.0)
        for name, coded in (("corrected", False), ("coded", True)):
            found = [deterministic.deltas(mix, np.ones(int(one)), as_coded=coded) for one in p]
            data[f"{name}_{times}"] = np.array(found)
    return data


def _draw_fixed_points(axes: Any, data: Data) -> None:
    for index, (ax, name) in enumerate(zip(axes, (r"$\delta$", r"$\delta_s$"), strict=True)):
        for times, style in zip(_TIMES, STYLES, strict=False):
            ax.plot(data["p"], data[f"corrected_{times}"][:, index], color=style["color"], label=f"$m = {times}\\,n$")
            ax.plot(data["p"], data[f"coded_{times}"][:, index], "--", color=style["color"], linewidth=1)
        ax.plot([], [], "--", color="#444444", linewidth=1, label="as coded")
        ax.set_xlabel("dimension $p$")
        ax.set_ylabel(name)
        bare(ax)
    axes[0].legend(frameon=False, fontsize=7.5)


def _caption_fixed_points(config: dict[str, Any], data: Data) -> str:
    return (
        f"The fixed points at n = {config['n']:,} real data, C = I, $\\gamma = 1$, $\\varepsilon = {config['eps']}$, "
        f"$\\phi = {config['phi']}$, $\\rho = {config['rho']}$: with $\\delta_s = N^{{-1}} \\mathrm{{tr}}\\,C \\bar Q$ (lines) and as the "
        "code has it, $\\alpha$ times that (dashed)."
    )


fig2 = Figure("elfirdoussi2024.fig2", "the two fixed points against the dimension", _fixed_points, _draw_fixed_points,
              _caption_fixed_points, panels=(1, 2), size=(7.0, 2.9), quick={})  # fmt: skip


# Figure 3

_DIMENSIONS = (50, 200, 500)
_VERIFIERS = {"oracle": (1.0, 0.0), "weak": (0.5, 1.0), "none": (1.0, 1.0)}


def _wrong(p: int, mu: float, n_hat: int) -> float:
    """1 - accuracy of a classifier fitted to clean data of the generator alone, as the script has it."""
    clean = Mix(0, n_hat, 0.0, 1.0, 1.0, 1.0)
    return 1 - deterministic.toy(clean, p, n_hat, mu).accuracy


def _amounts(*, chains: int = 256, seed: int = 0, n: int = 1_000, mu: float = 0.7, simulated: int = 50) -> Data:
    """The smallest dimension is simulated."""
    import collapse_jax as cj

    m = np.linspace(5, 4_750, 50).round().astype(int)
    data: Data = {"m": m, "marks": m[::8]}
    for p in _DIMENSIONS:
        eps = _wrong(p, mu, n)
        for name, (phi, rho) in _VERIFIERS.items():
            data[f"{name}_{p}"] = np.array(
                [deterministic.toy(Mix(n, int(one), eps, phi, rho, 1.0), p, n, mu).accuracy for one in m]
            )
            if p == simulated:
                sizes = tuple(int(one) for one in (data["marks"][0], *data["marks"]))
                family = cj.LinearClassifier([mu] + [0.0] * (p - 1), ridge=1.0, penalty="per_sample")
                workflow = cj.Verified(cj.FixedReal(sizes, n_real=n), eps, phi, rho, generator_size=n)
                _simulated(data, f"sim_{name}", family, workflow, len(sizes), chains, seed, len(_VERIFIERS))
    return data


def _draw_amounts(axes: Any, data: Data) -> None:
    for ax, p in zip(axes, _DIMENSIONS, strict=True):
        for (name, (phi, rho)), style in zip(_VERIFIERS.items(), STYLES, strict=False):
            label = f"{name}, $(\\rho, \\phi) = ({rho:g}, {phi:g})$"
            ax.plot(data["m"], data[f"{name}_{p}"], color=style["color"], label=label)
            if p == _DIMENSIONS[0]:
                points(ax, data["marks"], data, f"sim_{name}", style)
        ax.set_title(f"$p = {p}$")
        ax.set_xlabel("synthetic data $m$")
        bare(ax)
    axes[0].set_ylabel("accuracy")
    axes[0].legend(frameon=False, fontsize=7)


def _caption_amounts(config: dict[str, Any], data: Data) -> str:
    return (
        f"Accuracy with n = {config['n']:,} real data and m synthetic ones of a generator whose covariance saw as many, $\\mu = "
        f"{config['mu']}$, $\\gamma = 1$; $\\varepsilon$ is the error of a classifier of clean synthetic data. Lines: corrected limit; "
        f"marks at p = {config['simulated']}: {config['chains']:,} chains, limits together at 99 %, every one with real data of its "
        f"own (the script fixes one real sample). Published over m/5000. Seed {config['seed']}."
    )


fig3 = Figure("elfirdoussi2024.fig3", "how much synthetic data helps, by verifier", _amounts, _draw_amounts,
              _caption_amounts, panels=(1, 3), size=(9.6, 3.0), quick={"chains": 64})  # fmt: skip


# Figure 4

_RATIOS = (1, 10, 100, 1_000)
_MARKS = (0.1, 0.3, 0.5, 0.65, 0.7273, 0.8, 0.95)


def _transition(
    *, chains: int = 256, seed: int = 0, p: int = 100, simulated: int = 20, phi: float = 0.8, rho: float = 0.3
) -> Data:
    """Every ratio m/p by one schedule, at fewer dimensions than the lines, whose limit depends on m/p only."""
    import collapse_jax as cj

    best = float(theory.critical_error(phi, rho))
    eps = np.concatenate([np.linspace(0, best, 100), np.linspace(best, 1, 50)[1:]])
    data: Data = {"eps": eps, "marks": np.array(_MARKS), "best": np.array(best)}
    for ratio in _RATIOS:
        moments = [law(ratio * p, p, 1.0, eps, phi, rho, 1.0) for law in (theory.synth_score, theory.synth_square)]
        data[f"limit_{ratio}"] = theory.accuracy(*moments)
    sizes = (simulated, *(ratio * simulated for ratio in _RATIOS))
    family = cj.LinearClassifier([1.0] + [0.0] * (simulated - 1), ridge=1.0, penalty="per_sample")
    for index, one in enumerate(_MARKS):
        workflow = cj.Verified(cj.Replace(sizes), one, phi, rho)
        _simulated(data, f"at_{index}", family, workflow, len(sizes), chains, seed, len(_MARKS))
    for place, ratio in enumerate(_RATIOS):
        for part in ("mean", "stderr", "lower", "upper"):
            data[f"sim_{ratio}_{part}"] = np.array([data[f"at_{index}_{part}"][place] for index in range(len(_MARKS))])
    return {key: value for key, value in data.items() if not key.startswith("at_")}


def _draw_transition(axes: Any, data: Data) -> None:
    [ax] = axes
    for ratio, style in zip(_RATIOS, STYLES, strict=False):
        ax.plot(data["eps"], data[f"limit_{ratio}"], color=style["color"], label=f"$m/p = {ratio:g}$")
        points(ax, data["marks"], data, f"sim_{ratio}", style)
    ax.plot(data["best"], 0.5, "*", color="black", markersize=10, zorder=5, label=r"$\varepsilon^*$")
    ax.axhline(0.5, color="#999999", linewidth=0.8, linestyle=":")
    ax.set_xlabel(r"share of wrong labels $\varepsilon$")
    ax.set_ylabel("accuracy")
    ax.legend(frameon=False, fontsize=7.5)
    bare(ax)


def _caption_transition(config: dict[str, Any], data: Data) -> str:
    return (
        f"Synthetic data only, $\\phi = {config['phi']}$, $\\rho = {config['rho']}$, $\\mu = 1$, $\\gamma = 1$: the corrected limit (lines, p = "
        f"{config['p']}) and simulations (marks, p = {config['simulated']}, {config['chains']:,} chains, limits together at "
        f"99 %). All cross 1/2 at $\\varepsilon^* = 1/(1 + \\rho/\\phi) = {float(data['best']):.4f}$. Seed {config['seed']}."
    )


fig4 = Figure("elfirdoussi2024.fig4", "accuracy crosses 1/2 where right and wrong labels are kept alike", _transition,
              _draw_transition, _caption_transition, size=(5.4, 3.6), quick={"chains": 64})  # fmt: skip
