"""Total collapse of empirical distributions (Seddik et al. 2024): figures 1 to 4 and 6."""

from typing import Any

import numpy as np

from collapse_jax.figures._figure import STYLES, Data, Figure, bare, log_axis, points, record

__all__ = ["fig1", "fig2", "fig3", "fig4", "fig6"]


def _zipf(support: int, S0: float) -> np.ndarray:
    """The Zipf law on `support` symbols with this sum of squares; symbols of probability 0 need no simulation."""
    from collapse_jax.laws import coalescent

    return np.asarray(coalescent.zipf(support, S0), float)


def _probabilities(model: Any) -> Any:
    return model.p


def _keys(ax: Any, entries: list[tuple[dict[str, Any], str]], **place: Any) -> None:
    """A legend of line and marker kinds in neutral grey."""
    from matplotlib.lines import Line2D

    handles = [Line2D([], [], **{"color": "#333333", "linewidth": 1.2, "markersize": 4, "markerfacecolor": "white",
                                 **style}, label=label) for style, label in entries]  # fmt: skip
    ax.legend(handles=handles, frameon=False, fontsize=7.5, **place)


# Figure 1: snapshots on the simplex.


def _fig1(
    *,
    n: int = 1000,
    contexts: int = 81,
    snapshots: tuple[int, ...] = (0, 10, 20, 30, 40),
    runs: int = 512,
    seed: int = 0,
) -> Data:
    """`runs` models, of which the first is shown; n observations in total fall on the contexts at random."""
    import jax
    from scipy.stats import binom

    from collapse_jax import Contexts
    from collapse_jax.theory import seddik2024 as theory

    truth = np.random.default_rng(seed).dirichlet(np.ones(3), contexts)
    family = Contexts(truth, unvisited="keep")

    def generation(model, key):  # Replace, written out: the picture needs the rows of p
        model = model.fit(model.statistic(key, n))
        return model, model.p

    with jax.enable_x64(True):
        keys = jax.random.split(jax.random.key(seed), max(snapshots))
        start = family.broadcast((runs,))
        run = jax.jit(lambda model, keys: jax.lax.scan(generation, model, keys)[1]).lower(start, keys).compile()
        paths = np.asarray(run(start, keys))
    paths = np.concatenate([np.broadcast_to(truth, (1, *paths.shape[1:])), paths])
    visits = np.arange(1, n + 1)
    factor = 1 - float(binom.pmf(visits, n, 1 / contexts) @ (1 / visits))
    squares, S0 = np.sum(paths**2, -1).mean(-1), float(np.sum(truth**2, -1).mean())
    dirac = (paths.max(-1) == 1).mean(-1)
    return {
        "snapshots": np.asarray(snapshots),
        "p": paths[list(snapshots), 0],
        "dirac": dirac.mean(-1),
        "dirac_stderr": dirac.std(-1, ddof=1) / np.sqrt(runs),
        "squares_mean": squares.mean(-1),
        "squares_stderr": squares.std(-1, ddof=1) / np.sqrt(runs),
        "squares_closed": np.asarray([theory.contexts(t, S0, factor) for t in range(max(snapshots) + 1)]),
    }


_CORNERS = np.array([[0.0, 0.0], [1.0, 0.0], [0.5, np.sqrt(3) / 2]])


def _draw_fig1(axes: Any, data: Data) -> None:
    for ax, m, p in zip(axes, data["snapshots"], data["p"], strict=True):
        inside = p.max(-1) < 1
        ax.fill(*_CORNERS.T, facecolor="#f4f4f2", edgecolor="#333333", linewidth=1)
        ax.plot(*(p[inside] @ _CORNERS).T, "o", color=STYLES[0]["color"], markersize=2.6, markeredgewidth=0, alpha=0.75)
        for corner, count, drop in zip(_CORNERS, np.sum(p[~inside] == 1, 0), (-1, -1, 1), strict=True):
            if count:
                ax.plot(*corner, "s", color=STYLES[1]["color"], markersize=3 + 1.1 * np.sqrt(count), clip_on=False)
            colour, side = (STYLES[1]["color"] if count else "#777777"), ("bottom" if drop > 0 else "top")
            ax.annotate(str(count), corner, (0, 9 * drop), textcoords="offset points", ha="center", va=side, fontsize=8,
                        color=colour)  # fmt: skip
        ax.set_title(f"$m = {m}$", fontsize=9.5, pad=16)
        ax.set_aspect("equal")
        ax.set_axis_off()


def _caption_fig1(config: dict[str, Any], data: Data) -> str:
    shares = ", ".join(f"{data['dirac'][m]:.2f} ($m = {m}$)" for m in config["snapshots"][1:])
    return (
        f"Next-token laws of {config['contexts']} contexts on $s = 3$ symbols, one run. Fully synthetic, $n = "
        f"{config['n']}$ observations per generation in total, about {config['n'] / config['contexts']:.1f} per "
        "context; contexts are visited uniformly at random and keep their row when unvisited; $p^{(0)}$ uniform on "
        "the simplex. Dots: laws in the interior or on an edge; squares and numbers: laws that have become Dirac "
        f"masses at a corner. Share of Dirac masses over {config['runs']:,} runs: {shares}. The paper does not say "
        "that $n$ is a total; with 1000 observations per context hardly any law would have collapsed by $m = 40$ "
        f"($\\rho_{{40}} \\approx 1.7 \\times 10^{{-4}}$). Seed {config['seed']}."
    )


fig1 = Figure(
    "seddik2024.fig1",
    "next-token laws of 81 contexts on the simplex collapse to its corners",
    _fig1,
    _draw_fig1,
    _caption_fig1,
    panels=(1, 5),
    size=(9.0, 2.2),
    quick={"runs": 64},
)


# Figure 2: expected time of collapse.


def _dirac(model: Any, truth: Any) -> Any:
    """Whether all members of a sample agree; cheaper than counting symbols."""
    return (model.types == model.types[..., :1]).all(-1)


def _fig2(
    *,
    S0: tuple[float, ...] = (0.05, 0.1, 0.3, 0.5),
    support: int = 52,
    n: tuple[int, ...] = (10, 15, 20, 30, 40, 50, 75, 100, 150, 200, 250, 300, 350, 400),
    simulated: tuple[int, ...] = (10, 50, 100, 200, 300, 400),
    chains: int = 384,
    horizon: int = 10,
    seed: int = 0,
) -> Data:
    """Chains run for `horizon` n generations; expectations beyond are cut off in the simulated and compared law "
    "alike."""
    from collapse_jax.laws import coalescent
    from collapse_jax.theory import seddik2024 as theory

    data = {"S0": np.asarray(S0), "n": np.asarray(n), "simulated": np.asarray(simulated)}
    for square in S0:
        p = _zipf(support, square)
        data[f"exact_S{square}"] = np.asarray([coalescent.expected_collapse_time(p, k) for k in n])
        bounds = [theory.collapse_time_bounds(k, square, support) for k in n]
        data[f"lower_bound_S{square}"], data[f"upper_bound_S{square}"] = np.asarray(bounds, float).T
        data[f"diffusion_S{square}"] = np.asarray([theory.collapse_time_diffusion(k, list(p)) for k in n])
        data[f"diffusion_slope_S{square}"] = np.asarray(-2 * np.sum((1 - p) * np.log1p(-p)))
        _times(data, square, p, simulated, chains, horizon, seed, len(S0) * len(simulated))
    return data


def _times(
    data: Data,
    square: float,
    p: np.ndarray,
    simulated: tuple[int, ...],
    chains: int,
    horizon: int,
    seed: int,
    curves: int,
) -> None:
    from collapse_jax import Categorical, HittingTime, Replace, simulate
    from collapse_jax.figures._figure import ALPHA
    from collapse_jax.results.estimate import simultaneous_z

    time = HittingTime(event=_dirac, name="time")
    means, errors = [], []
    for size in simulated:
        run = simulate(Categorical(p, sampler="index"), Replace(size), time, generations=horizon * size, chains=chains,
                       block=128, seed=seed, progress=False)  # fmt: skip
        means.append(run["time"].mean[-1])
        errors.append(run["time"].standard_error[-1])
    half = simultaneous_z(ALPHA, curves) * np.asarray(errors)
    key = f"time_S{square}"
    data |= {f"{key}_mean": np.asarray(means), f"{key}_stderr": np.asarray(errors)}
    data |= {f"{key}_lower": means - half, f"{key}_upper": means + half}


def _draw_fig2(axes: Any, data: Data) -> None:
    n, at = data["n"].astype(float), data["simulated"].astype(float)
    for ax, per in zip(axes, (np.ones_like(n), n), strict=True):
        per_point = np.interp(at, n, per)
        for dodge, square, style in zip((-4.5, -1.5, 1.5, 4.5, 7.5), data["S0"], STYLES, strict=False):
            ax.plot(n, data[f"exact_S{square}"] / per, color=style["color"], linewidth=1.2)
            ax.plot(n, data[f"lower_bound_S{square}"] / per, color=style["color"], linestyle="--", linewidth=1)
            shown = {f"x_{part}": data[f"time_S{square}_{part}"] / per_point for part in ("mean", "lower", "upper")}
            points(ax, at + dodge * (ax is axes[1]), shown, "x", style)
            if ax is axes[1]:
                ax.axhline(float(data[f"diffusion_slope_S{square}"]), color=style["color"], linestyle=":", linewidth=1)
        ax.set_xlabel("sample size $n$")
        bare(ax)
    axes[0].set_ylabel("$E[T]$, generations")
    axes[1].set_ylabel("$E[T] / n$")
    axes[1].set_ylim(0, 2.9)
    squares = [
        ({**style, "linestyle": "-"}, f"$S_0 = {square:g}$") for square, style in zip(data["S0"], STYLES, strict=False)
    ]
    _keys(axes[0], squares)
    kinds = [({"linestyle": "-"}, "exact"), ({"linestyle": ":"}, "slope of the diffusion"),
             ({"linestyle": "--"}, "lower bound of Theorem 1")]  # fmt: skip
    _keys(axes[1], kinds, loc="upper right")


def _caption_fig2(config: dict[str, Any], data: Data) -> str:
    largest = {square: data[f"upper_bound_S{square}"][-1] for square in config["S0"]}
    top = config["n"][-1]
    middle = config["S0"][min(1, len(config["S0"]) - 1)]
    return (
        f"Time until the fitted law is a Dirac mass, fully synthetic; $p^{{(0)}}$ a Zipf law on {config['support']} "
        "of the 600 symbols, its exponent set by $S_0 = \\Sigma\\, p_i^2$. Solid: exact, from the coalescent. "
        "Dashed: lower bound of Theorem 1, about half the truth. Dotted: slope $-2 \\Sigma\\, (1 - p_i) \\log (1 - "
        "p_i)$ of the diffusion. The upper bound of Theorem 1, quadratic in $n$, is off the scale "
        f"({largest[middle]:,.0f} at $n = {top}$, $S_0 = {middle:g}$). Marks: means of {config['chains']} chains of "
        f"${config['horizon']} n$ generations ($n$ = {', '.join(map(str, config['simulated']))}), with simultaneous "
        f"99 % limits; seed {config['seed']}."
    )


fig2 = Figure(
    "seddik2024.fig2",
    "expected time of collapse against n: exact, simulated, and the bound of Theorem 1",
    _fig2,
    _draw_fig2,
    _caption_fig2,
    panels=(1, 2),
    size=(7.4, 3.1),
    quick={"simulated": (10, 50), "chains": 1024},
)


# Figures 3 and 4: one real corpus reused beside n synthetic samples.


def _partial(p: np.ndarray, n: int, N: int, generations: int, chains: int, seed: int) -> Any:
    """One run; the same metrics everywhere, so that both figures share compiled programs."""
    from collapse_jax import Categorical, FixedReal, FromFirst, simulate

    metrics = ["sum_of_squares", FromFirst(parameter=_probabilities, name="l1"),
               FromFirst(parameter=_probabilities, squared=True, name="l2")]  # fmt: skip
    return simulate(Categorical(p), FixedReal(n=n, n_real=N), metrics, generations=generations, chains=chains,
                    seed=seed, progress=False)  # fmt: skip


def _partial_theory(p: np.ndarray, n: int, N: int, generations: int) -> Data:
    from collapse_jax.theory import seddik2024 as theory

    S0, t = float(np.sum(p**2)), range(1, generations + 1)
    return {
        "corrected": np.asarray([theory.partially_synthetic(k, n, N, S0) for k in t]),
        "printed": np.asarray([theory.partially_synthetic_printed(k, n, N, S0) for k in t]),
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
    p = _zipf(support, S0)
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
    _keys(l1, [*sizes, ({"linestyle": ":"}, "derived bound")], loc="lower right", ncols=2, columnspacing=1)
    low, high = l1.get_ylim()
    l1.set_ylim(low / 6, high)
    _keys(small, [({"linestyle": "-"}, "corrected"), ({"linestyle": "--"}, "eq. (9) as printed")], loc="lower right")


def _sigma(ax: Any, t: np.ndarray, data: Data, key: str, style: dict[str, Any]) -> None:
    ax.plot(t, data[f"corrected_{key}"], color=style["color"], linewidth=1.2)
    ax.plot(t[1:], data[f"printed_{key}"][1:], color=style["color"], linewidth=1.2, linestyle="--")
    if f"sigma_{key}_mean" in data:
        points(ax, t, data, f"sigma_{key}", style)


def _caption_fig3(config: dict[str, Any], data: Data) -> str:
    from collapse_jax.theory import seddik2024 as theory

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
    quick={"simulated": (10, 1000), "chains": 1 << 11},
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
        p = _zipf(support, square)
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
    _keys(axes[0], [({"linestyle": ":"}, "derived bound")], loc="lower right")
    _keys(axes[1], [*squares, ({"linestyle": "-"}, "closed form")], loc="lower right", ncols=2)


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


# Figure 6: windows of recent models, and randomly pooled models.


def _fig6(
    *,
    n: int = 10,
    windows: tuple[int, ...] = (1, 3, 5),
    pool: bool = True,
    S0: float = 0.1,
    support: int = 52,
    generations: int = 500,
    shown: int = 3,
    chains: int = 1 << 13,
    seed: int = 0,
) -> Data:
    """`shown` sample paths are kept of every protocol."""
    from collapse_jax import Categorical, RandomPool, Window, simulate

    p, protocols = _zipf(support, S0), [f"K{k}" for k in windows] + ["pool"] * pool
    data = {"generations": np.arange(1, generations + 1), "protocols": np.asarray(protocols), "n": np.asarray(n)}
    for name in protocols:
        k = int(name[1:]) if name != "pool" else 0
        workflow = Window(n=n, k=k, redraw=True) if k else RandomPool(n)
        run = simulate(Categorical(p, sampler="index"), workflow, "sum_of_squares", generations=generations,
                       chains=chains, keep_paths=shown, seed=seed, progress=False)  # fmt: skip
        record(data, f"sigma_{name}", run["sum_of_squares"], len(protocols))
        data[f"paths_{name}"] = run.paths["sum_of_squares"]
        data[f"exact_{name}"] = _exact_window(k, n, S0, generations) if k else _exact_pool(n, S0, generations)
    return data


def _exact_window(k: int, n: int, S0: float, generations: int) -> np.ndarray:
    """E sigma_m where fit m sees n // k fresh observations of each of the models m - k .. m - 1 that exist."""
    from collapse_jax.laws import second_moment

    sizes = [[(n // k) * (m - k <= t) for t in range(m)] for m in range(1, generations + 1)]
    return np.asarray(second_moment.sum_of_squares(sizes, S0), float)[-generations:]


def _exact_pool(n: int, S0: float, generations: int) -> np.ndarray:
    from collapse_jax.theory import seddik2024 as theory

    return np.asarray([theory.random_pool(t, n, S0) for t in range(1, generations + 1)], float)


def _draw_fig6(axes: Any, data: Data) -> None:
    t = data["generations"]
    names = [str(name) for name in data["protocols"]]
    for ax, name in zip(axes, names, strict=False):
        log_axis(ax, t[-1])
        for path in data[f"paths_{name}"].T:
            ax.plot(t, path, color="#b9bdc4", linewidth=0.6, zorder=0)
        ax.plot(t, data[f"exact_{name}"], color=STYLES[1]["color"], linewidth=1.4, linestyle="--")
        points(ax, t, data, f"sigma_{name}", STYLES[0])
        ax.set_title("random pool" if name == "pool" else f"window $K = {name[1:]}$", fontsize=9)
        ax.set_xlabel("generation $m$")
        ax.set_ylim(0, 1.04)
        bare(ax)
    for ax in axes[len(names) :]:
        ax.set_axis_off()
    for ax in axes[1 : len(names)]:
        ax.set_yticklabels([])
    axes[0].set_ylabel(r"$\sigma_m = \|p^{(m)}\|_2^2$")
    entries = [({"linestyle": "--", "color": STYLES[1]["color"]}, "exact mean"),
               ({"linestyle": "", **STYLES[0]}, "simulated mean"),
               ({"color": "#b9bdc4", "linewidth": 1}, "single chains")]  # fmt: skip
    _keys(axes[len(names) - 1], entries, loc="upper left")


def _caption_fig6(config: dict[str, Any], data: Data) -> str:
    n, S0 = config["n"], config["S0"]
    kept = ", ".join(f"{k * (n // k)} ($K = {k}$)" for k in config["windows"])
    pool = 1 - (1 - S0) * np.sinc(1 / np.sqrt(n))
    return (
        f"Most recent models and randomly pooled models: $n = {n}$, $S_0 = {S0:g}$, Zipf law on {config['support']} "
        "of the 600 symbols. With a window, fit $m$ sees $\\lfloor n / K \\rfloor$ fresh observations of each of the "
        f"last $K$ models (of as many as there are, so that $\\sigma_m$ falls at first), {kept} in all; with the pool "
        "each of the $n$ observations comes from a model drawn uniformly among the truth and all models so far. "
        "Windows delay total collapse; under the pool $E\\,\\sigma_m$ has the limit $1 - (1 - S_0) \\sin(x) / x$, $x "
        f"= \\pi / \\sqrt{{n}}$: {pool:.4f}. Exact means by the recursion of second moments (derived; the paper has "
        f"no theorem). Marks: means of {config['chains']:,} chains, with simultaneous 99 % limits; seed "
        f"{config['seed']}."
    )


fig6 = Figure(
    "seddik2024.fig6",
    "windows of recent models delay collapse, a random pool of all models prevents it",
    _fig6,
    _draw_fig6,
    _caption_fig6,
    panels=(1, 4),
    size=(8.8, 2.8),
    quick={"windows": (1, 3), "chains": 1 << 11},
)
