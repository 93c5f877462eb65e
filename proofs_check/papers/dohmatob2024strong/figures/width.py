"""Figures 1 and 4: the error against the number of random projections."""

from typing import Any

import numpy as np

from proofs_check.figure import STYLES, Data, Figure, bare, key_legend, record
from proofs_check.papers.dohmatob2024strong import theory

__all__ = ["fig1", "fig4"]


def _psi(
    *,
    d: int = 36,
    n_1: int = 27,
    n_2: int = 3,
    qualities: tuple[float, ...] = (0.0, 0.1, 0.5, 1.0),
    lam: float = 1e-3,
    sigma2: float = 0.01,
    simulated: tuple[int, ...] = (12, 24, 90),
    chains: int = 1 << 11,
    seed: int = 0,
) -> Data:
    from collapse_jax import simulate
    from collapse_jax.laws.spectrum import Spectrum
    from proofs_check.papers.dohmatob2024strong.claims._setups import mixed, projections
    from proofs_check.papers.dohmatob2024strong.deterministic import Rows, theorem_2

    n = n_1 + n_2
    widths = np.unique(np.round(np.geomspace(4, 8 * n, 160)))
    iso, rows = Spectrum.isotropic(d), Rows(n_1, n_2, sigma2, sigma2)
    data: Data = {"psi": widths / n, "simulated_psi": np.asarray(simulated) / n, "quality": np.asarray(qualities)}
    for i, c2 in enumerate(qualities):
        data[f"theory_{i}"] = np.array([theorem_2(iso, 1 / d, c2 / d, rows, m, lam) for m in widths])
    for m in simulated:
        for i, c2 in enumerate(qualities):
            run = simulate(projections(d, m, 1.0, sigma2, lam), mixed(d, n_1, n_2, c2), "risk", generations=1,
                           chains=chains, seed=seed, block=64, optimisation=0, progress=False)  # fmt: skip
            record(data, f"m{m}_{i}", run["risk"], len(simulated) * len(qualities))
    return data


def _draw_psi(axes: Any, data: Data) -> None:
    from matplotlib.ticker import NullFormatter

    [ax] = axes
    sizes = sorted({int(key[1:].split("_")[0]) for key in data if key.startswith("m")})
    for i, (c2, style) in enumerate(zip(data["quality"], STYLES, strict=False)):
        ax.plot(data["psi"], data[f"theory_{i}"], color=style["color"], linewidth=1.3, label=f"$c^2 = {c2:g}$")
        mean, low, high = (
            np.array([data[f"m{m}_{i}_{part}"][0] for m in sizes]) for part in ("mean", "lower", "upper")
        )
        ax.errorbar(data["simulated_psi"], mean, [mean - low, high - mean], fmt=style["marker"], color=style["color"],
                    markerfacecolor="white", markersize=4, capsize=2, linewidth=1)  # fmt: skip
    ax.axvline(1, color="#888888", linestyle=":", linewidth=1)
    ax.set_xscale("log")
    ax.set_yscale("log")
    for axis, ticks in ((ax.xaxis, (0.25, 0.5, 1, 2, 4, 8)), (ax.yaxis, (0.25, 0.5, 1, 2, 4))):
        axis.set_ticks(ticks, [f"{tick:g}" for tick in ticks])
        axis.set_minor_formatter(NullFormatter())
    ax.set_xlabel(r"projections per row, $\psi = m/n$")
    ax.set_ylabel(r"$E\|\hat w - w^*\|_\Sigma^2$")
    ax.legend(frameon=False, fontsize=8)
    bare(ax)


def _caption_psi(config: dict[str, Any], data: Data) -> str:
    return (
        f"Random projections on {config['n_1']} real and {config['n_2']} synthetic rows of {config['d']} isotropic features, "
        f"penalty {config['lam']:g} per row, noise variance {config['sigma2']:g}, $r^2 = 1$: the error against the model size, "
        "for synthetic data of four qualities. Lines are Theorem 2 in closed form, an equivalent for many features; the dotted "
        "line is the interpolation threshold m = n, where the double descent peaks. The paper has d = 600 and n = 500."
        f" Marks: means of {config['chains']:,} chains at three sizes, with simultaneous 99 % limits; seed {config['seed']}."
    )


fig1 = Figure(
    "dohmatob2024strong.fig1",
    "random projections on real and synthetic rows: the error over m/n, with its peak",
    _psi,
    _draw_psi,
    _caption_psi,
    size=(4.6, 3.4),
    quick={"chains": 64},
)


def _width(
    *,
    d: int = 500,
    n: tuple[int, ...] = (250, 1000, 10_000),
    shares: tuple[float, ...] = (0.05, 0.5),
    qualities: tuple[float, ...] = (0.1, 1.0, 6.0),
    sigma2: float = 0.1,
    seed: int = 0,
) -> Data:
    del seed  # nothing is drawn
    widths = np.unique(np.round(np.geomspace(5, 2000, 240)))
    data: Data = {"m": widths, "n": np.asarray(n), "shares": np.asarray(shares), "quality": np.asarray(qualities)}
    for share in shares:
        for i, c2 in enumerate(qualities):
            for rows in n:
                n_2 = round(share * rows)

                def at(m, form, *noise, n_1=rows - n_2, n_2=n_2, c2=c2):
                    return form(d, int(m), n_1, n_2, 1.0, c2, *noise)

                key = f"{share}_{i}_{rows}"
                data[f"theory_{key}"] = np.array([
                    at(m, theory.projected, sigma2) if m != rows and min(m, rows) < d else np.nan for m in widths
                ])  # fmt: skip
                marks = [m for m in (10, 50, 150, 300, 450) if m + 4 <= rows]
                data[f"at_{key}"] = np.array(marks)
                data[f"exact_{key}"] = np.array([at(m, theory.projected_exact, sigma2, sigma2) for m in marks])
    return data


_LINES = (":", "--", "-")


def _draw_width(axes: Any, data: Data) -> None:
    for ax, share in zip(axes, data["shares"], strict=True):
        for i, (_, style) in enumerate(zip(data["quality"], STYLES, strict=False)):
            for rows, line in zip(data["n"], _LINES, strict=False):
                key = f"{share}_{i}_{rows}"
                ax.plot(data["m"], data[f"theory_{key}"], line, color=style["color"], linewidth=1.2)
                ax.plot(data[f"at_{key}"], data[f"exact_{key}"], style["marker"], color=style["color"], markersize=3.5,
                        markerfacecolor="white")  # fmt: skip
        ax.set_xscale("log")
        ax.set_yscale("log")
        ax.set_ylim(0.03, 60)
        ax.set_xlabel("projections $m$")
        ax.set_title(f"share of synthetic rows $p_2 = {share:g}$", fontsize=9)
        bare(ax)
    axes[0].set_ylabel(r"$E\|\hat w - w^*\|^2$")
    qualities = [({"color": s["color"]}, f"$c^2 = {c2:g}$") for c2, s in zip(data["quality"], STYLES, strict=False)]
    rows = [({"linestyle": line}, f"$n = {n:,}$") for n, line in zip(data["n"].tolist(), _LINES, strict=False)]
    key_legend(axes[0], qualities, loc="upper left", fontsize=8)
    key_legend(axes[1], [*rows, ({"linestyle": "", "marker": "o"}, "exact")], loc="upper left", fontsize=8)


def _caption_width(config: dict[str, Any], data: Data) -> str:
    return (
        f"Random projections without penalty of {config['d']} isotropic features, noise variance {config['sigma2']:g}, "
        "$r^2 = 1$: the error against the model size. Lines are Theorem 2 in closed form (for n of at least 500 up to m = 500), "
        "marks the exact error at finite size, which least squares on m projections has. Synthetic data that are poor enough, "
        "$p_2^2 c^2 > r^2$, make the error rise with the width; elsewhere the collapse grows but the bias falls by more."
    )


fig4 = Figure(
    "dohmatob2024strong.fig4",
    "random projections: model size, quality and number of rows",
    _width,
    _draw_width,
    _caption_width,
    panels=(1, 2),
    size=(7.4, 3.2),
)
