"""Figures 3 and 4: one real corpus reused beside n synthetic samples."""

from typing import Any

import numpy as np

from proofs_check.figure import STYLES, Data, Figure, bare, key_legend, log_axis, points, record
from proofs_check.papers.seddik2024 import theory
from proofs_check.papers.seddik2024.figures._shared import zipf


def _probabilities(model: Any) -> Any:
    return model.p


def _partial(p: np.ndarray, n: int, N: int, generations: int, chains: int, seed: int) -> Any:
    """One run; the same metrics everywhere, so that both figures share compiled programs."""
    from collapse_jax import Categorical, FixedReal, FromFirst, simulate

    metrics = ["sum_of_squares", FromFirst(parameter=_probabilities, name="l1"),
               FromFirst(parameter=_probabilities, squared=True, name="l2")]  # fmt: skip
    return simulate(Categorical(p), FixedReal(n=n, n_real=N), metrics, generations=generations, chains=chains,
                    seed=seed, progress=False)  # fmt: skip


def _partial_theory(p: np.ndarray, n: int, N: int, generations: int) -> Data:
    S0, t = float(np.sum(p**2)), range(1, generations + 1)
    return {
        "corrected": np.asarray([theory.partially_synthetic(k, n, N, S0) for k in t]),
        # stated from the second fit on; the first is on real data
        "printed": np.asarray(
            [theory.partially_synthetic_printed(k, n, N, S0) if k > 1 else S0 + (1 - S0) / N for k in t]
        ),
        "l2_closed": np.asarray([theory.corpus_deviation(k, n, N, S0) for k in t]),
        "l1_bound": np.asarray(float(theory.corpus_l1_bound(n, N, list(p)))),
    }


def _record_partial(data: Data, key: str, run: Any, curves: int) -> None:
    for name, metric in (("sigma", "sum_of_squares"), ("l1", "l1"), ("l2", "l2")):
        record(data, f"{name}_{key}", run[metric], curves)


def _fig3(
    *,
    N: int = 100,
    n: tuple[int, ...] = (1, 10, 100, 1000),
    S0: float = 0.1,
    support: int = 52,
    generations: int = 50,
    simulated: tuple[int, ...] = (1, 10, 100, 1000),
    small_N: int = 10,
    small_n: int = 100,
    chains: int = 1 << 15,
    seed: int = 0,
) -> Data:
    p = zipf(support, S0)
    data = {"generations": np.arange(1, generations + 1), "n": np.asarray(n), "N": np.asarray(N),
            "small_n": np.asarray(small_n), "small_N": np.asarray(small_N)}  # fmt: skip
    pairs = [(size, N) for size in n] + [(small_n, small_N)]
    for size, corpus in pairs:
        key = f"n{size}_N{corpus}"
        data |= {f"{name}_{key}": values for name, values in _partial_theory(p, size, corpus, generations).items()}
        if size in simulated or corpus != N:
            run = _partial(p, size, corpus, generations, chains, seed)
            _record_partial(data, key, run, 3 * (len(simulated) + 1))
    return data


def _draw_fig3(axes: Any, data: Data) -> None:
    t, N = data["generations"], data["N"]
    sigma, l1, small = axes
    for ax in axes:
        log_axis(ax, t[-1])
        ax.set_xlabel("generation $m$")
        bare(ax)
    l1.set_yscale("log")
    for size, style in zip(data["n"], STYLES, strict=False):
        key = f"n{size}_N{N}"
        _sigma(sigma, t, data, key, style)
        l1.axhline(float(data[f"l1_bound_{key}"]), color=style["color"], linestyle=":", linewidth=1.1)
        if f"l1_{key}_mean" in data:
            l1.plot(t[1:], data[f"l1_{key}_mean"][1:], color=style["color"], linewidth=0.8)
            points(l1, t, data, f"l1_{key}", style, first=1)
    _sigma(small, t, data, f"n{data['small_n']}_N{data['small_N']}", STYLES[1])
    sigma.set_ylabel(r"$\sigma_m = \|p^{(m)}\|_2^2$")
    l1.set_ylabel(r"$\|p^{(m)} - p^{(1)}\|_1$")
    small.set_ylabel(r"$\sigma_m$")
    sigma.set_title(f"$N = {N}$", fontsize=9)
    l1.set_title(f"$N = {N}$", fontsize=9)
    small.set_title(f"$N = {data['small_N']}$, $n = {data['small_n']}$", fontsize=9)
    sizes = [({**style, "linestyle": ""}, f"$n = {size}$") for size, style in zip(data["n"], STYLES, strict=False)]
    key_legend(l1, [*sizes, ({"linestyle": ":"}, "derived bound")], loc="lower right", ncols=2, columnspacing=1)
    low, high = l1.get_ylim()
    l1.set_ylim(low / 6, high)
    key_legend(
        small, [({"linestyle": "-"}, "corrected"), ({"linestyle": "--"}, "eq. (9) as printed")], loc="lower right"
    )


def _sigma(ax: Any, t: np.ndarray, data: Data, key: str, style: dict[str, Any]) -> None:
    ax.plot(t, data[f"corrected_{key}"], color=style["color"], linewidth=1.2)
    ax.plot(t[1:], data[f"printed_{key}"][1:], color=style["color"], linewidth=1.2, linestyle="--")
    if f"sigma_{key}_mean" in data:
        points(ax, t, data, f"sigma_{key}", style)


def _caption_fig3(config: dict[str, Any], data: Data) -> str:
    N, support = config["N"], config["support"]
    vacuous = {size: theory.theorem3(size, N, 600) for size in config["n"]}
    worst = ", ".join(f"{_power(value)} ($n = {size}$)" for size, value in vacuous.items())
    return (
        "Partially synthetic: one corpus of $N$ real samples reused with $n$ samples of the last model; $S_0 = "
        f"{config['S0']:g}$, Zipf law on {support} of the 600 symbols. Left and right: $E\\,\\sigma_m$ by eq. (9) as "
        "printed (dashed, from $m = 2$) and with the sign of its transient corrected (solid); they differ by "
        "$O(1/N)$, which the small corpus on the right shows. Middle: mean deviation from the first fit below the "
        "derived bound $[n (1 - 1/N) / (N^2 + 2 N n + n)]^{1/2} \\Sigma\\, [p_i (1 - p_i)]^{1/2}$ (dotted), "
        f"which stays below {np.sqrt((support - 1) / (2 * N)):.2f} for any $n$. Theorem 3 bounds it by {worst}: "
        f"vacuous, as the norm is at most 2. Marks: means of {config['chains']:,} chains, with simultaneous 99 % "
        f"limits; all $n$ start from the same corpora, so that their deviations go together; seed {config['seed']}."
    )


def _power(value: float) -> str:
    mantissa, exponent = f"{value:.1e}".split("e")
    return rf"${mantissa} \times 10^{{{int(exponent)}}}$"


fig3 = Figure(
    "seddik2024.fig3",
    "partially synthetic, several n: the sum of squares and the deviation from the first fit",
    _fig3,
    _draw_fig3,
    _caption_fig3,
    panels=(1, 3),
    size=(8.8, 3.1),
    quick={"chains": 1 << 11},
)


def _fig4(
    *,
    N: int = 100,
    n: int = 10,
    S0: tuple[float, ...] = (0.05, 0.1, 0.3, 0.5),
    support: int = 52,
    generations: int = 50,
    chains: int = 1 << 14,
    seed: int = 0,
) -> Data:
    data = {"generations": np.arange(1, generations + 1), "S0": np.asarray(S0)}
    for square in S0:
        p = zipf(support, square)
        theory = _partial_theory(p, n, N, generations)
        data |= {f"{name}_S{square}": values for name, values in theory.items()}
        _record_partial(data, f"S{square}", _partial(p, n, N, generations, chains, seed), 3 * len(S0))
    return data


def _draw_fig4(axes: Any, data: Data) -> None:
    t = data["generations"]
    for ax in axes:
        log_axis(ax, t[-1])
        ax.set_xlabel("generation $m$")
        bare(ax)
    for square, style in zip(data["S0"], STYLES, strict=False):
        axes[0].plot(t[1:], data[f"l1_S{square}_mean"][1:], color=style["color"], linewidth=0.8)
        axes[0].axhline(float(data[f"l1_bound_S{square}"]), color=style["color"], linestyle=":", linewidth=1.1)
        axes[1].plot(t[1:], 1e4 * data[f"l2_closed_S{square}"][1:], color=style["color"], linewidth=1.2)
        scaled = {f"x_{part}": 1e4 * data[f"l2_S{square}_{part}"] for part in ("mean", "lower", "upper")}
        points(axes[0], t, data, f"l1_S{square}", style, first=1)
        points(axes[1], t, scaled, "x", style, first=1)
    axes[0].set_ylabel(r"$\|p^{(m)} - p^{(1)}\|_1$")
    axes[1].set_ylabel(r"$10^4\,\|p^{(m)} - p^{(1)}\|_2^2$")
    axes[0].set_ylim(0, 1.15 * max(float(data[f"l1_bound_S{square}"]) for square in data["S0"]))
    axes[1].set_ylim(0, None)
    squares = [
        ({**style, "linestyle": ""}, f"$S_0 = {square:g}$") for square, style in zip(data["S0"], STYLES, strict=False)
    ]
    key_legend(axes[0], [({"linestyle": ":"}, "derived bound")], loc="lower right")
    key_legend(axes[1], [*squares, ({"linestyle": "-"}, "closed form")], loc="lower right", ncols=2)


def _caption_fig4(config: dict[str, Any], data: Data) -> str:
    return (
        f"Partially synthetic, $N = {config['N']}$ real samples reused with $n = {config['n']}$ synthetic ones, for "
        f"Zipf laws on {config['support']} symbols with different $S_0 = \\Sigma\\, p_i^2$. Left: simulated, below "
        "the derived bound (dotted). Right: exact, $(1 - S_0)(1 - 1/N) n (1 - \\beta^{m-1}) / (N^2 + 2 N n + n)$ "
        "with $\\beta = (1 - 1/n) n^2 / (N + n)^2$: the deviation falls with $S_0$ exactly as $1 - S_0$. Marks: "
        f"means of {config['chains']:,} chains, with simultaneous 99 % limits; seed {config['seed']}."
    )


fig4 = Figure(
    "seddik2024.fig4",
    "partially synthetic, several p: the deviation from the first fit falls as S_0 rises",
    _fig4,
    _draw_fig4,
    _caption_fig4,
    panels=(1, 2),
    size=(7.4, 3.0),
    quick={"chains": 1 << 11},
)
