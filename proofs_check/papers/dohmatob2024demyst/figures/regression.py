"""Figures 1a, 1b and 2: students of several generators, and what generators with too few rows forget."""

from typing import Any

import numpy as np

from collapse_jax.laws import equivalents
from collapse_jax.laws.spectrum import Spectrum, effective_penalty
from proofs_check.figure import ALPHA, STYLES, Data, Figure, bare
from proofs_check.papers.dohmatob2024demyst import theory
from proofs_check.papers.dohmatob2024demyst.sampling import forgetting, student_risks

__all__ = ["figure_1a", "figure_1b", "figure_2", "summary"]

_GENERATORS = (0, 1, 5, 10, 20)
_PLACES = np.geomspace(1e-5, 10, 7)
_ROWS = (60, 120, 200, 450, 1000, 3000, 10_000)


def summary(data: Data, key: str, samples: np.ndarray, curves: int) -> None:
    """Means over the first axis with limits, of normal error at ALPHA over all curves and places."""
    from scipy.stats import norm

    mean, error = samples.mean(0), samples.std(0, ddof=1) / len(samples) ** 0.5
    reach = norm.isf(ALPHA / (2 * curves * max(mean.shape))) * error
    data |= {f"{key}_mean": mean, f"{key}_stderr": error, f"{key}_lower": mean - reach, f"{key}_upper": mean + reach}


def _closed(values: np.ndarray, source: Any, T: int, T0: int, penalty: float, n: int, s2: float, s2_0: float) -> float:
    """Corollary 4.4."""
    spectrum = Spectrum(values)
    clean = theory.bias(spectrum, source, penalty, T) + theory.variance(spectrum, penalty, T, s2)
    return clean + n * s2_0 * theory.rho(spectrum, penalty, T, T0)


def _students(values, w0, T0, T, penalty_of, sigma2, sigma2_0, chains, seed) -> Data:
    """Left: T rows, many penalties. Right: many T, the penalty `penalty_of(T)`."""
    rng, d = np.random.default_rng(seed), len(values)
    penalties, rows = np.geomspace(1e-6, 30, 60), np.unique(np.geomspace(40, 2e4, 80).astype(int))
    rows = rows[np.abs(rows - d) > 2]
    closed = [_closed(values, w0**2, T, T0, p, n, sigma2, sigma2_0) for n in _GENERATORS for p in penalties]
    over_T = [_closed(values, w0**2, t, T0, penalty_of(t), n, sigma2, sigma2_0) for n in _GENERATORS for t in rows]
    data: Data = {
        "penalties": penalties, "rows": rows, "generators": np.asarray(_GENERATORS), "places": _PLACES,
        "row_places": np.asarray(_ROWS), "left_closed": np.reshape(closed, (len(_GENERATORS), -1)),
        "right_closed": np.reshape(over_T, (len(_GENERATORS), -1)),
    }  # fmt: skip
    drawn = [student_risks(rng, values, w0, T, T0, _PLACES, _GENERATORS, sigma2, sigma2_0) for _ in range(chains)]
    summary(data, "left", np.array(drawn).swapaxes(1, 2), 2 * len(_GENERATORS))
    right = [
        [student_risks(rng, values, w0, t, T0, [penalty_of(t)], _GENERATORS, sigma2, sigma2_0)[0] for t in _ROWS]
        for _ in range(chains)
    ]
    summary(data, "right", np.array(right).swapaxes(1, 2), 2 * len(_GENERATORS))
    return data


def _data_1a(*, chains: int = 40, d: int = 300, T0: int = 600, T: int = 1000, sigma: float = 0.1, sigma_0: float = 0.2,
             penalty: float = 1e-3, seed: int = 0) -> Data:  # fmt: skip
    w0 = np.full(d, d**-0.5)
    return _students(np.ones(d), w0, T0, T, lambda t: penalty, sigma**2, sigma_0**2, chains, seed)


def _data_1b(*, chains: int = 40, d: int = 300, T0: int = 600, T: int = 10_000, sigma: float = 1.0, sigma_0: float = 1.0,
             beta: float = 2.0, r: float = 0.375, seed: int = 0) -> Data:  # fmt: skip
    values = np.arange(1.0, d + 1) ** -beta
    w0, ell = values ** ((1 + beta * (2 * r - 1)) / (2 * beta)), float(theory.critical(beta, r))
    data = _students(values, w0, T0, T, lambda t: t**-ell, sigma**2, sigma_0**2, chains, seed)
    branch = np.maximum(data["rows"] / T0, d / T0) / (1 - d / T0)
    steps = [
        data["rows"] ** -float(theory.clean_exponent(beta, r)) * (1 + n * sigma_0**2 * branch) for n in _GENERATORS
    ]
    return data | {"right_rate": np.array(steps), "ell": np.asarray(ell)}


def _marks(ax: Any, x: np.ndarray, mean: Any, low: Any, high: Any, style: Any, label: str) -> None:
    """Means with limits, all at their places: where series meet, their curves do, too."""
    ax.vlines(x, np.maximum(low, 1e-3 * mean), high, color=style["color"], linewidth=1)
    ax.plot(
        x,
        mean,
        linestyle="",
        marker=style["marker"],
        color=style["color"],
        markersize=4,
        markerfacecolor="white",
        label=label,
    )


def _panel(ax: Any, data: Data, side: str, x: str, at: str) -> None:
    colours = [style["color"] for style in STYLES]
    for i, n in enumerate(data["generators"].tolist()):
        colour = colours[i]
        ax.plot(data[x], data[f"{side}_closed"][i], "--", color=colour, linewidth=1.2)
        mean, low, high = (data[f"{side}_{part}"][i] for part in ("mean", "lower", "upper"))
        _marks(ax, data[at], mean, low, high, STYLES[i], f"$n = {n}$")
        if f"{side}_rate" in data:
            ax.plot(data[x], data[f"{side}_rate"][i], ":", color=colour, linewidth=0.9)
    ax.set_xscale("log")
    ax.set_yscale("log")
    ax.set_ylim(0.5 * data[f"{side}_closed"].min(), 2 * data[f"{side}_closed"].max())
    bare(ax)


def _draw_1(axes: Any, data: Data) -> None:
    from proofs_check.figure import key_legend

    left, right = axes
    _panel(left, data, "left", "penalties", "places")
    _panel(right, data, "right", "rows", "row_places")
    left.set_xlabel(r"penalty $\lambda$")
    right.set_xlabel("rows of the student $T$")
    left.set_ylabel(r"$E_{test}$")
    left.legend(frameon=False, fontsize=7.5, title="generators", title_fontsize=7.5)
    entries = [({"linestyle": "--"}, "Corollary 4.4"), ({"linestyle": "", "marker": "o"}, "simulated")]
    if "right_rate" in data:
        entries.append(({"linestyle": ":"}, "rate of Theorem 5.1, constants 1"))
    key_legend(right, entries)


def _caption_1a(config: dict[str, Any], data: Data) -> str:
    return (
        f"Figure 1a of Dohmatob et al. (2024): $\\Sigma = I$, d = {config['d']}, $T_0$ = {config['T0']}, $\\sigma$ = {config['sigma']}, "
        f"$\\sigma_0$ = {config['sigma_0']}, $\\|w_0\\| = 1$ (taken; the text read gives none). Left: T = {config['T']}. Right: $\\lambda$ = "
        f"{config['penalty']}. {config['chains']} repetitions, seed {config['seed']}; bars: normal limits, error probability {ALPHA:g} for all."
    )


def _caption_1b(config: dict[str, Any], data: Data) -> str:
    return (
        f"Figure 1b of Dohmatob et al. (2024): $\\Sigma_j = j^{{-{config['beta']:g}}}$, r = {config['r']}, d = {config['d']}, $T_0$ = {config['T0']}, "
        f"$\\sigma$ = {config['sigma']}, $\\sigma_0$ = {config['sigma_0']}. Left: T = {config['T']}. Right: $\\lambda = T^{{-\\ell}}$, $\\ell$ = "
        f"{float(data['ell']):g}. {config['chains']} repetitions, seed {config['seed']}; bars: normal limits, error probability {ALPHA:g} for all."
    )


def _data_2(*, chains: int = 60, d: int = 300, T0: int = 150, generations: int = 8, seed: int = 0) -> Data:
    rng, n = np.random.default_rng(seed), np.arange(1, generations + 1)
    iso = Spectrum.isotropic(d)
    share = 1 / (1 + effective_penalty(iso, 0, T0))
    data: Data = {
        "n": n,
        "shared_closed": np.full(generations, theory.dependent_bias(d / T0, 1.0)),
        "fresh_closed": np.array([1 - theory.eta([d / T0] * k) for k in n]),
        "equivalent": np.array(
            [equivalents.excess_risk(iso, 1 / d, equivalents.chain(iso, 1 / d, [equivalents.Layer(T0)] * k)) for k in n]
        ),
        "share": np.asarray(share),
    }
    for key in ("shared", "fresh"):
        drawn = np.array([forgetting(rng, d, T0, generations, key == "shared") for _ in range(chains)])
        summary(data, key, drawn, 2)
    return data


def _draw_2(axes: Any, data: Data) -> None:
    [ax] = axes
    names = {"shared": r"one design: $1 - 1/\phi_0$", "fresh": r"fresh designs: $1 - \phi_0^{-n}$"}
    for (key, label), style in zip(names.items(), STYLES, strict=False):
        ax.plot(data["n"], data[f"{key}_closed"], color=style["color"], linewidth=1.2, label=label)
        mean, low, high = (data[f"{key}_{part}"] for part in ("mean", "lower", "upper"))
        _marks(ax, data["n"], mean, low, high, style, "simulated")
    ax.set_xlabel("generators $n$")
    ax.set_ylabel(r"$\Delta Bias / \|w_0\|^2$")
    ax.set_ylim(0.4, 1.05)
    ax.legend(frameon=False, fontsize=7.5)
    bare(ax)


def _caption_2(config: dict[str, Any], data: Data) -> str:
    return (
        f"Figure 2 of Dohmatob et al. (2024): what generators of least norm with $T_0$ = {config['T0']} rows for d = {config['d']} features "
        f"forget, $\\Sigma = I$, $\\sigma_0 = 0$; Theorems 4.5 and 4.6. {config['chains']} repetitions, seed {config['seed']}; bars: normal "
        f"limits, error probability {ALPHA:g} for all."
    )


figure_1a = Figure(
    "dohmatob2024demyst.fig1a", "risk of students of n generators, isotropic", _data_1a, _draw_1, _caption_1a,
    panels=(1, 2), size=(7.2, 3.2), quick={"chains": 10},
)  # fmt: skip
figure_1b = Figure(
    "dohmatob2024demyst.fig1b", "risk of students of n generators, power law", _data_1b, _draw_1, _caption_1b,
    panels=(1, 2), size=(7.2, 3.2), quick={"chains": 10},
)  # fmt: skip
figure_2 = Figure(
    "dohmatob2024demyst.fig2", "what generators with too few rows forget", _data_2, _draw_2, _caption_2,
    size=(4.2, 3.0), quick={"chains": 10},
)  # fmt: skip
