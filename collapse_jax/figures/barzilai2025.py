"""Iterative maximum likelihood under accumulation (Barzilai and Shamir 2025): theorems 4.1, 5.1, 5.2, figures 1-4."""

import math
from typing import Any

import numpy as np

from collapse_jax.figures._figure import ALPHA, STYLES, Data, Figure, bare, points, record

__all__ = ["construction1", "construction2", "fig4", "fig123", "thm41"]


def _harmonic(generations: int) -> np.ndarray:
    """H_t = sum of 1 / k^2, t = 1 .. generations."""
    from collapse_jax.theory.core import harmonic2

    return np.asarray([harmonic2(t) for t in range(1, generations + 1)], float)


# Theorem 4.1: the error in units of the Fisher information, for families that satisfy A1-A3.


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
    from collapse_jax.theory.barzilai2025 import geometric_information

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
    H = _harmonic(generations)
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
                           keep_paths=chains, progress=False)  # fmt: skip
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
            axes[i].annotate(f"{q:g}", (t[-1], law[-1]), (7, 0), textcoords="offset points", ha="left", va="center",
                             fontsize=7, annotation_clip=False)  # fmt: skip
        for size, style, shift in zip(data["n"], STYLES, (0.95, 1.05, 1.15), strict=False):
            _quantile_points(axes[i], t, data, f"error{i}_n{size}", style, shift)
    _draw_rms(axes[len(data["families"])], t, data)
    for ax in axes[: len(data["families"]) + 1]:
        ax.set_xscale("log")
        ax.set_xlabel("fit $T$")
        bare(ax)
    for ax in axes[len(data["families"]) + 1 :]:
        ax.set_axis_off()
    for ax in axes[: len(data["families"])]:
        ax.set_ylim(0, 4.4)
        ax.set_xlim(0.8, 2.6 * t[-1])
    for ax in axes[:5:3]:
        ax.set_ylabel(r"$(n/d)^{1/2}\,\|\theta^{(T)} - \theta^*\|_I$")


def _quantile_points(ax: Any, t: np.ndarray, data: Data, key: str, style: dict[str, Any], shift: float) -> None:
    ax.set_xscale("log")
    for row in range(len(data["quantiles"])):
        points(
            ax, shift * t, {f"q_{part}": data[f"{key}_{part}"][row] for part in ("mean", "lower", "upper")}, "q", style
        )


def _draw_rms(ax: Any, t: np.ndarray, data: Data) -> None:
    from matplotlib.lines import Line2D

    ax.plot(t, data["rms_limit"], color="#333333", linewidth=1)
    size, lines = data["n"][-1], ("-", "--", "-.", ":", (0, (5, 1, 1, 1, 1, 1)))
    for i, (title, line) in enumerate(zip(data["families"], lines, strict=False)):
        style = STYLES[i]
        ax.plot(t, np.sqrt(data[f"error{i}_n{size}_mse"]), color=style["color"], linestyle=line, linewidth=1.3,
                label=str(title))  # fmt: skip
    ax.set_title(f"root mean square, $n = {size}$", fontsize=9)
    ax.set_ylim(0.55, 1.36)
    handles = ax.get_legend_handles_labels()[0]
    sizes = [Line2D([], [], **style, linestyle="", markerfacecolor="white", markersize=4,
                    label=f"$n = {n}$, other panels") for n, style in zip(data["n"], STYLES, strict=False)]  # fmt: skip
    law = Line2D([], [], color="#333333", linewidth=1, label=r"Gaussian law; here $\sqrt{H_T}$")
    ax.legend(handles=[law, *handles, *sizes], frameon=False, fontsize=6.5, loc="lower right", labelspacing=0.25)


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
    quick={"n": (1000,), "chains": 1 << 11},
)


# Figures 1 to 3: three families outside the assumptions of Theorem 4.1.


def _parameter_error(model: Any, truth: Any) -> Any:
    r"""$\|(\mu, \sigma) - (\mu^*, \sigma^*)\|$ in one dimension."""
    import jax.numpy as jnp

    from collapse_jax.metrics import mean_error, variance

    return jnp.sqrt(
        mean_error(model, truth) + (jnp.sqrt(variance(model, truth)) - jnp.sqrt(variance(truth, truth))) ** 2
    )


def _rate_error(model: Any, truth: Any) -> Any:
    r"""$|1/\tau - 1/\tau^*|$."""
    return abs(1 / model.mean - 1 / truth.mean)


def _theta_error(model: Any, truth: Any) -> Any:
    r"""$|\theta - \theta^*|$."""
    return abs(model.theta - truth.theta)


_FAMILIES = {
    "gaussian": r"Gaussian $(\mu, \sigma)$",
    "exponential": "exponential, rate",
    "beta": r"beta, $\theta x^{\theta - 1}$",
}


def _fig123(
    *,
    n: tuple[int, ...] = (20, 50, 100),
    generations: int = 100,
    families: tuple[str, ...] = ("gaussian", "exponential", "beta"),
    chains: int = 1 << 16,
    seed: int = 0,
) -> Data:
    """Exponential and beta errors have one law, so every family has random numbers of its own, from seed + position."""
    from collapse_jax import Accumulate, Beta, Exponential, Gaussian, simulate
    from collapse_jax.theory.barzilai2025 import first_rate_error

    made = {
        "gaussian": (Gaussian(ddof=0), _parameter_error),
        "exponential": (Exponential(1.0), _rate_error),
        "beta": (Beta(1.0), _theta_error),
    }
    data = {"generations": np.arange(1, generations + 1), "n": np.asarray(n), "families": np.asarray(families),
            "ratio_limit": np.sqrt(_harmonic(generations))}  # fmt: skip
    for i, name in enumerate(families):
        family, metric = made[name]
        for size in n:
            run = simulate(family, Accumulate(size), metric, generations=generations, chains=chains, seed=seed + i,
                           progress=False)  # fmt: skip
            record(data, f"{name}_n{size}", run[metric.__name__], len(families) * len(n))
    for size in n:
        data[f"first_rate_n{size}"] = np.asarray(first_rate_error(size))
    return data


def _draw_fig123(axes: Any, data: Data) -> None:
    t = data["generations"]
    for ax, name in zip(axes, data["families"], strict=False):
        ax.set_xscale("log")
        for size, style in zip(data["n"], STYLES, strict=False):
            first = data[f"{name}_n{size}_mean"][0]
            ax.plot(t, first * data["ratio_limit"], color=style["color"], linestyle="--", linewidth=1)
            points(ax, t, data, f"{name}_n{size}", style, label=f"$n = {size}$")
        ax.set_title(_FAMILIES[str(name)], fontsize=9)
        ax.set_xlabel("fit $T$")
        ax.set_ylim(0, 0.34)
        bare(ax)
    axes[0].set_ylabel("mean error of the parameter")
    ax = axes[len(data["families"]) - 1]
    ax.plot([], [], color="#333333", linestyle="--", linewidth=1, label=r"$\sqrt{H_T}$ times the first fit")
    ax.legend(frameon=False, fontsize=7.5, ncols=2, loc="upper center", columnspacing=1)


def _caption_fig123(config: dict[str, Any], data: Data) -> str:
    first = ", ".join(f"{data[f'first_rate_n{size}']:.4f} ($n = {size}$)" for size in config["n"])
    return (
        "Figures 1 to 3: mean $\\|\\theta^{(T)} - \\theta^*\\|$ of the exact maximum-likelihood estimate under "
        "accumulation; $(\\mu, \\sigma) = (0, 1)$, rate 1 and $\\theta = 1$, $n$ observations per generation. None "
        "of the three satisfies the assumptions of Theorem 4.1, yet the error grows by a factor near "
        "$\\sqrt{\\pi^2/6} = 1.283$ only. Dashed: $\\sqrt{H_T}$, $H_T = 1 + 1/4 + \\cdots + 1/T^2$, the ratio "
        "for $n \\to \\infty$. The last two panels show the same law, since $-\\log x$ is exponential; at $T = 1$ "
        f"its mean is exactly {first}. Marks: means of {config['chains']:,} chains (the paper: 50), with simultaneous "
        f"99 % limits; seeds from {config['seed']}."
    )


fig123 = Figure(
    "barzilai2025.fig123",
    "mean error of Gaussian, exponential and beta fits under accumulation",
    _fig123,
    _draw_fig123,
    _caption_fig123,
    panels=(1, 3),
    size=(8.4, 2.9),
    quick={"n": (20,), "chains": 1 << 12},
)


# Figure 4: how the error grows does not depend on theta.


def _fig4(
    *,
    theta: tuple[float, ...] = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0),
    n: int = 50,
    generations: int = 100,
    runs: int = 50,
    groups: int = 256,
    seed: int = 0,
) -> Data:
    """`groups` repetitions of an experiment of `runs` runs for every theta, each theta with random numbers of its "
    "own."""
    from collapse_jax import Accumulate, Beta, simulate

    of_means, errors, mean_ratios, own_means = [], [], [], []
    for i, value in enumerate(theta):
        run = simulate(Beta(value), Accumulate(n), _theta_error, generations=generations, chains=groups * runs,
                       keep_paths=groups * runs, seed=seed + i, progress=False)  # fmt: skip
        first, last = run.paths["_theta_error"][[0, -1]]
        ratio = last.mean() / first.mean()
        of_means.append(ratio)
        errors.append((last - ratio * first).std(ddof=1) / first.mean() / math.sqrt(last.size))
        mean_ratios.append((last / first).reshape(groups, runs).mean(-1))
        own_means.append(last.reshape(groups, runs).mean(-1) / first.reshape(groups, runs).mean(-1))
    return {
        "theta": np.asarray(theta),
        "ratio": np.asarray(of_means),
        "ratio_stderr": np.asarray(errors),
        "mean_of_ratios": np.asarray(mean_ratios),
        "ratio_of_means": np.asarray(own_means),
        "limit": np.asarray(math.sqrt(_harmonic(generations)[-1])),
        "paper": np.asarray([[0.1, 3.27], [1.0, 1.25]]),
    }


def _draw_fig4(axes: Any, data: Data) -> None:
    theta = data["theta"]
    width = 0.028
    for ax, name, title in zip(
        axes,
        ("ratio_of_means", "mean_of_ratios"),
        ("ratio of the means of 50 runs", "mean of the ratios of 50 runs"),
        strict=True,
    ):
        spread = np.linspace(-width, width, 40)
        for x, values in zip(theta, data[name], strict=True):
            ax.plot(x + spread[: len(values)], values[:40], ".", color=STYLES[4]["color"], markersize=3, zorder=1)
        low, middle, high = np.quantile(data[name], (0.05, 0.5, 0.95), axis=1)
        ax.errorbar(theta, middle, [middle - low, high - middle], fmt="_", color=STYLES[2]["color"], markersize=9,
                    capsize=3, linewidth=1.3, zorder=2, label="median, 5-95 %")  # fmt: skip
        ax.axhline(float(data["limit"]), color="#333333", linestyle="--", linewidth=1, zorder=0,
                   label=r"$\sqrt{H_T}$, $n \to \infty$")  # fmt: skip
        ax.plot(*data["paper"].T, "*", color=STYLES[1]["color"], markersize=9, zorder=4, label="read from the paper")
        ax.set_yscale("log")
        ax.set_ylim(0.8, 90)
        ax.set_yticks([1, 2, 5, 10, 20, 50], labels=["1", "2", "5", "10", "20", "50"], minor=False)
        ax.minorticks_off()
        ax.set_title(title, fontsize=9)
        ax.set_xlabel(r"$\theta^*$")
        bare(ax)
    ratio, half = data["ratio"], 4 * data["ratio_stderr"]
    axes[0].errorbar(theta, ratio, half, fmt="o", color=STYLES[0]["color"], markerfacecolor="white", markersize=4.5,
                     capsize=2, zorder=3, label="ratio of means, all runs")  # fmt: skip
    axes[0].set_ylabel("error of fit $T$ / error of fit 1")
    for ax in axes:
        ax.legend(frameon=False, fontsize=7.5, loc="upper center", ncols=2, columnspacing=1.2)


def _caption_fig4(config: dict[str, Any], data: Data) -> str:
    below, above = np.quantile(data["mean_of_ratios"], (0.05, 0.95))
    low = (data["mean_of_ratios"] <= 1.25).mean()
    return (
        f"Figure 4: beta law $\\theta x^{{\\theta - 1}}$, $n = {config['n']}$, $T = {config['generations']}$, exact "
        "maximum likelihood. $\\theta^{(T)} / \\theta^*$ has a law free of $\\theta^*$, so no exact ratio can "
        f"depend on $\\theta^*$. Left: the ratio of mean errors, over {config['groups'] * config['runs']:,} runs "
        f"(circles, $\\pm 4$ standard errors) and over {config['runs']} (dots). Right: means of {config['runs']} "
        "per-run ratios, whose expectation is infinite ($1/|\\theta^{(1)} - \\theta^*|$ has no mean): 90 % of them "
        f"lie between {below:.1f} and {above:.1f} whatever $\\theta^*$ is. Stars: 3.27 and 1.25 as read from the "
        "paper, whose sample size and kind of average are not stated: no ratio of means comes near the first, and "
        f"only {low:.1%} of the means of ratios are as small as the second. {config['groups']} repetitions per "
        f"$\\theta^*$, 40 of them shown as dots; seeds from {config['seed']}."
    )


fig4 = Figure(
    "barzilai2025.fig4",
    "growth of the error of a beta fit is free of theta; the mean of ratios is heavy-tailed",
    _fig4,
    _draw_fig4,
    _caption_fig4,
    panels=(1, 2),
    size=(8.0, 3.3),
    quick={"groups": 64},
)


# Construction 1 (theorem 5.1): collapse at the second fit.

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
    from collapse_jax import Accumulate, SecondFitCollapse, simulate
    from collapse_jax.results.estimate import binomial_limits
    from collapse_jax.theory import barzilai2025 as theory

    data = {"fits": np.arange(1, fits + 1), "n": np.asarray(n), "sizes": np.asarray(sizes), "x": _GRID,
            "constants": np.asarray(constants), "limit_second": np.asarray(1 - theory.second_fit_collapse()),
            "limit_mean": np.asarray(theory.edge_error()),
            "exponent": np.asarray(theory.claim1_exponent())}  # fmt: skip
    for size in n:
        run = simulate(SecondFitCollapse(size), Accumulate(size), "collapsed", generations=fits, chains=chains,
                       seed=seed, progress=False)  # fmt: skip
        hit = np.rint(run["collapsed"].mean * chains)
        data |= _survival(f"survival_n{size}", binomial_limits(chains - hit, chains, ALPHA / (2 * fits * len(n))))
        data[f"survival_n{size}_mean"] = 1 - hit / chains
    data |= _first_fits(sizes, n, constants, first_chains, seed)
    limit = _limit_law(walks, seed)
    data["limit_tail"] = (limit > _GRID[:, None]).mean(-1)
    data["walk_mean"], data["walk_stderr"] = np.asarray(limit.mean()), np.asarray(limit.std() / math.sqrt(limit.size))
    return data


def _survival(key: str, limits: tuple[np.ndarray, np.ndarray]) -> Data:
    return {f"{key}_lower": limits[0], f"{key}_upper": limits[1]}


def _first_fits(
    sizes: tuple[int, ...], shown: tuple[int, ...], constants: tuple[float, ...], chains: int, seed: int
) -> Data:
    """Tail of n alpha after the first fit, and how often TV = alpha exceeds a log n / n; n is traced: one program."""
    import jax

    from collapse_jax import SecondFitCollapse
    from collapse_jax.results.estimate import binomial_limits

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
    from collapse_jax.theory import barzilai2025 as theory

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
    survival.set(xscale="log", yscale="log", xlabel="fit $t$", ylabel="P(no collapse by fit $t$)")
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
        ax.errorbar(n[at], seen[at], [(seen - low)[at], (high - seen)[at]], fmt=style["marker"], color=style["color"],
                    markerfacecolor="white", markersize=4, linewidth=1, capsize=2,
                    label=f"simulated, $a = {a:g}$")  # fmt: skip
        ax.plot(n[~at], high[~at], "v", color=style["color"], markersize=4, markerfacecolor="none")
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
    quick={"n": (100,), "chains": 1 << 12, "sizes": (10, 100, 1000), "first_chains": 1 << 16, "walks": 1 << 16},
)


# Construction 2 (theorem 5.2): collapse after a heavy-tailed number of fits.


def _construction2(*, n: tuple[int, ...] = (5, 200), horizon: int = 1000, chains: int = 1 << 15, seed: int = 0) -> Data:
    """`horizon`: synthetic samples per chain; fit t + 1 has seen t of them. Every n has its own random numbers."""
    from collapse_jax import Accumulate, SlowCollapse, simulate
    from collapse_jax.results.estimate import binomial_limits
    from collapse_jax.theory import barzilai2025 as theory

    t = np.unique(np.geomspace(1, horizon, 24).round().astype(int))
    data = {"t": t, "n": np.asarray(n), "limit": theory.first_visit_limit(t)}
    for i, size in enumerate(n):
        run = simulate(SlowCollapse(2), Accumulate(size), "collapsed", generations=horizon + 1, chains=chains,
                       seed=seed + i, progress=False)  # fmt: skip
        alive = chains - np.rint(run["collapsed"].mean[t] * chains)
        data[f"survival_n{size}_mean"] = alive / chains
        data |= _survival(f"survival_n{size}", binomial_limits(alive, chains, ALPHA / (len(t) * len(n))))
        data[f"exact_n{size}"] = np.asarray([theory.first_visit(int(k), size) for k in t])
    return data


def _draw_construction2(axes: Any, data: Data) -> None:
    t = data["t"]
    for ax, scale in zip(axes, (np.ones(len(t)), data["limit"]), strict=True):
        ax.set_xscale("log")
        ax.set_xlabel("synthetic samples $t$")
        ax.plot(t, data["limit"] / scale, color="#333333", linewidth=1.1, label=r"$2 / (2 + t)$, $n \to \infty$")
        for size, style, line, shift in zip(data["n"], STYLES, ("--", "-.", ":"), (0.96, 1.04, 1.12), strict=False):
            ax.plot(t, data[f"exact_n{size}"] / scale, color=style["color"], linestyle=line, linewidth=1.2,
                    label=f"exact, $n = {size}$")  # fmt: skip
            shown = {f"x_{part}": data[f"survival_n{size}_{part}"] / scale for part in ("mean", "lower", "upper")}
            points(ax, shift * t, shown, "x", style, label=f"simulated, $n = {size}$")
        bare(ax)
    axes[0].set_yscale("log")
    axes[0].set_ylabel("$P(T_1 > t)$")
    axes[1].set_ylabel("$P(T_1 > t)$, in units of $2 / (2 + t)$")
    axes[1].set_ylim(0.5, 1.6)
    axes[0].legend(frameon=False, fontsize=7.5, loc="lower left")


def _caption_construction2(config: dict[str, Any], data: Data) -> str:
    return (
        "Construction 2, accumulation: $T_1$ is the first synthetic sample with an observation in $[1, 2]$, from "
        "where the estimate is at total variation distance of at least $3/4$ from the truth. Exact: the mean of $(1 "
        "- \\min(u/2, 1/4))^{n t}$ for $u$ with density $n (1 - u)^{n-1}$ on $[0, 1]$. The limit has no mean, so "
        "collapse times are not to be averaged; with probability $\\delta$ collapse takes more than $2/\\delta - 2$ "
        "samples, so the $1/\\delta$ of Theorem 5.2 is real and its logarithm is not needed here. Marks: "
        f"{config['chains']:,} chains, with simultaneous 99 % limits; seeds from {config['seed']}."
    )


construction2 = Figure(
    "barzilai2025.construction2",
    "a consistent family that collapses after a heavy-tailed number of fits",
    _construction2,
    _draw_construction2,
    _caption_construction2,
    panels=(1, 2),
    size=(7.4, 3.1),
    quick={"n": (5,), "horizon": 200, "chains": 1 << 12},
)
