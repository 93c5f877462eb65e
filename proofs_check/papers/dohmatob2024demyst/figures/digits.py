"""Figures 4, 5 and 6 on other images: kernel ridge with two penalties, and random features relabelled again and again."""

from typing import Any

import numpy as np

from collapse_jax.laws.equivalents import Layer
from proofs_check.figure import ALPHA, STYLES, Data, Figure, bare
from proofs_check.papers.dohmatob2024demyst import digits, theory
from proofs_check.papers.dohmatob2024demyst.figures.regression import summary

__all__ = ["figure_4", "figure_5"]

_GENERATORS = (0, 1, 4, 10)
_ROWS = (20, 50, 100, 200, 400, 1000)
_NEEDS = ("sklearn", "tables")
_POPULATION = (
    "The population is scikit-learn's 1,797 digits; rows are drawn from them, errors are means over all of them. "
)


def _kernels(width: float, slope: float, degree: int) -> dict[str, np.ndarray]:
    x = digits.images()[0]
    return {"radial": digits.radial(x, width), "polynomial": digits.polynomial(x, slope, degree)}


def _data_4(*, chains: int = 10, T0: int = 200, sigma: float = 1.0, sigma_0: float = 1.0, width: float = 0.05,
            slope: float = 0.01, degree: int = 5, seed: int = 0) -> Data:  # fmt: skip
    rng, parity = np.random.default_rng(seed), (digits.images()[1] % 2)[:, None].astype(float)
    line = np.unique(np.geomspace(_ROWS[0], _ROWS[-1], 40).astype(int))
    data: Data = {"rows": np.asarray(_ROWS), "line": line, "T0": np.asarray(T0), "generators": np.asarray(_GENERATORS)}
    for name, kernel in _kernels(width, slope, degree).items():
        population = digits.Population.of(kernel, parity)
        beta, r = population.exponents()
        ell = float(theory.critical(beta, r))
        data[f"{name}_exponents"] = np.array([beta, r, ell])
        powers = {"clean": lambda T, ell=ell: ell, "adapted": lambda T, ell=ell: ell * np.log(T0) / np.log(T)}
        for kind, power in powers.items():
            data[f"{name}_{kind}_closed"] = np.array(
                [
                    [
                        population.risk([Layer(T0, 0, sigma_0**2)] * n + [Layer(T, T ** -power(T), sigma**2)])
                        for T in line
                    ]
                    for n in _GENERATORS
                ]
            )
        drawn = np.array([_students(rng, kernel, parity, T0, sigma, sigma_0, powers) for _ in range(chains)])
        for index, kind in enumerate(powers):
            summary(data, f"{name}_{kind}", drawn[:, index], 4 * len(_GENERATORS))
    return data


def _students(rng, kernel, parity, T0, sigma, sigma_0, powers) -> np.ndarray:
    """Risks of one line of generators and its students: (penalties, generators, rows)."""
    taught, fitted = {0: parity}, parity
    for n in range(1, _GENERATORS[-1] + 1):
        fitted = taught[n] = digits.refit(rng, kernel, T0, 0.0)(fitted, sigma_0)
    labels = np.concatenate([taught[n] for n in _GENERATORS], 1)
    risks = np.empty((len(powers), len(_GENERATORS), len(_ROWS)))
    for index, power in enumerate(powers.values()):
        for place, T in enumerate(_ROWS):
            student = digits.refit(rng, kernel, T, T ** -power(T))(labels, sigma)
            risks[index, :, place] = ((student - parity) ** 2).mean(0)
    return risks


def _draw_4(axes: Any, data: Data) -> None:
    from proofs_check.figure import key_legend

    for ax, name in zip(axes, ("radial", "polynomial"), strict=True):
        for i, n in enumerate(data["generators"].tolist()):
            ink, marker = STYLES[i]["color"], STYLES[i]["marker"]
            for kind, line, face, shift in (("clean", "-", ink, 0.97), ("adapted", "--", "white", 1.03)):
                ax.plot(data["line"], data[f"{name}_{kind}_closed"][i], line, color=ink, linewidth=1.1)
                low, mean, high = (data[f"{name}_{kind}_{part}"][i] for part in ("lower", "mean", "upper"))
                ax.vlines(shift * data["rows"], np.maximum(low, 0.3 * mean), high, color=ink, linewidth=0.9)
                label = f"$n = {n}$" if kind == "clean" else None
                ax.plot(shift * data["rows"], mean, marker, color=ink, markerfacecolor=face, markersize=4, label=label)
        ax.axvline(float(data["T0"]), color="#888888", linestyle=":", linewidth=1)
        ax.annotate("$T_0$", (float(data["T0"]), 1), (3, -9), xycoords=("data", "axes fraction"),
                    textcoords="offset points", fontsize=8, color="#666666")  # fmt: skip
        beta, r, _ = data[f"{name}_exponents"]
        ax.set_title(rf"{name}: $\beta = {beta:.2f}$, $r = {r:.2f}$", fontsize=9)
        ax.set_xscale("log")
        ax.set_yscale("log")
        ax.set_xlabel("rows of the student $T$")
        bare(ax)
    axes[0].set_ylabel("squared error in excess of noise")
    for ax in axes:
        ax.set_ylim(bottom=0.02)
    axes[0].legend(
        frameon=False,
        fontsize=7.5,
        title="generators",
        title_fontsize=7.5,
        loc="lower left",
        ncols=4,
        columnspacing=1,
        handletextpad=0.2,
    )
    key_legend(
        axes[1],
        [
            ({"linestyle": "-", "marker": "o"}, r"$\lambda = T^{-\ell_{crit}}$"),
            ({"linestyle": "--", "marker": "o", "markerfacecolor": "white"}, r"$\lambda = T^{-\ell_*}$"),
        ],
    )


def _caption_4(config: dict[str, Any], data: Data) -> str:
    return (
        "After figure 4 of Dohmatob et al. (2024): kernel ridge regression of parity, on digits in place of MNIST, $\\sigma^2 = \\sigma_0^2$ = "
        f"{config['sigma'] ** 2:g}, generators without penalty on $T_0$ = {config['T0']} rows (taken; the text read gives none), "
        "$\\ell_{crit}$ from the exponents of each kernel's own spectrum and $\\ell_* = \\ell_{crit}\\log T_0/\\log T$. "
        f"{_POPULATION}Radial kernel $e^{{-{config['width']:g}\\|x - x'\\|^2}}$, polynomial $(1 + {config['slope']:g}\\,x^\\top x')^{config['degree']}$, "
        "pixels in [0, 1]. Lines: deterministic equivalent of the kernel's spectrum; marks: simulated, "
        f"{config['chains']} repetitions, seed {config['seed']}; bars: normal limits, error probability {ALPHA:g} for all. Left of $T_0$ the "
        "exponent $\\ell_*$ is above $\\ell_{crit}$, and worse: there the best one is $\\ell_{crit}$."
    )


def _data_5(*, chains: int = 10, k: int = 20_000, T: int = 600, sigma: float = 0.1, generations: int = 10,
            seed: int = 0) -> Data:  # fmt: skip
    rng = np.random.default_rng(seed)
    x, digit = digits.images()
    truth = np.eye(10)[digit]
    found: dict[str, list] = {"shared": [], "fresh": [], "given": []}
    for _ in range(chains):
        kernel = digits.rectified_features(rng, x, k)
        for name, risks in _relabelled(rng, kernel, truth, T, sigma, generations).items():
            found[name].append(risks)
    data: Data = {"n": np.arange(generations + 1), "shared_closed": np.mean(found["given"], 0)}
    for name in ("shared", "fresh"):
        summary(data, name, np.array(found[name]), 2)
    return data


def _relabelled(rng, kernel, truth, T, sigma, generations) -> dict[str, np.ndarray]:
    """Risks with one set of rows and with new ones, and the mean of the former over the noise, which is linear in n."""
    rows = rng.choice(len(kernel), T, replace=False)
    one = digits.refit(rng, kernel, T, 0.0, rows)
    bare_fit = one(truth, 0.0)
    places = np.zeros((len(kernel), T))
    places[rows, np.arange(T)] = 1
    spread = (one(places, 0.0) ** 2).sum() / len(kernel) * truth.shape[1] * sigma**2
    found: dict[str, list[float]] = {"shared": [], "fresh": [], "given": []}
    shared = fresh = truth
    for n in range(generations + 1):
        shared = one(shared, sigma)
        fresh = digits.refit(rng, kernel, T, 0.0)(fresh, sigma)
        found["shared"].append(float(((shared - truth) ** 2).sum(1).mean()))
        found["fresh"].append(float(((fresh - truth) ** 2).sum(1).mean()))
        found["given"].append(float(((bare_fit - truth) ** 2).sum(1).mean() + (n + 1) * spread))
    return {name: np.array(risks) for name, risks in found.items()}


def _draw_5(axes: Any, data: Data) -> None:
    [ax] = axes
    ax.plot(
        data["n"],
        data["shared_closed"],
        color=STYLES[0]["color"],
        linewidth=1.2,
        label="the same rows: mean over the noise",
    )
    names = {"shared": "the same rows: simulated", "fresh": "new rows: simulated"}
    for (key, label), style in zip(names.items(), STYLES, strict=False):
        low, mean, high = (data[f"{key}_{part}"] for part in ("lower", "mean", "upper"))
        ax.vlines(data["n"], low, high, color=style["color"], linewidth=1)
        ax.plot(data["n"], mean, style["marker"], color=style["color"], markersize=4, markerfacecolor="white",
                label=label)  # fmt: skip
    ax.set_xlabel("generators $n$")
    ax.set_ylabel("squared error in excess of noise")
    ax.set_ylim(0)
    ax.legend(frameon=False, fontsize=7.5)
    bare(ax)


def _caption_5(config: dict[str, Any], data: Data) -> str:
    return (
        f"After figures 5 and 6 of Dohmatob et al. (2024), random features only: {config['k']:,} rectified features, one-hot labels with noise of "
        f"deviation {config['sigma']:g}, T = {config['T']} rows for every model (taken), errors summed over the ten labels, least norm in place of 200 epochs of stochastic gradients. "
        f"{_POPULATION}Networks that are trained throughout have no closed form and are not drawn. {config['chains']} repetitions, seed "
        f"{config['seed']}; bars: normal limits, error probability {ALPHA:g} for all."
    )


figure_4 = Figure(
    "dohmatob2024demyst.fig4", "kernel ridge on digits, two penalties", _data_4, _draw_4, _caption_4,
    panels=(1, 2), size=(7.2, 3.4), quick={"chains": 4}, needs=_NEEDS,
)  # fmt: skip
figure_5 = Figure(
    "dohmatob2024demyst.fig5", "random features on digits, labelled again and again", _data_5, _draw_5, _caption_5,
    size=(4.4, 3.1), quick={"chains": 4, "k": 2000}, needs=_NEEDS,
)  # fmt: skip
