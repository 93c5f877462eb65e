"""Theorems 1 and 2, and Corollary 1: coins, Poisson counts and symbols of a Zipf-Mandelbrot law."""

from typing import Any

import numpy as np

from proofs_check.figure import STYLES, Data, Figure, bare, key_legend, points, record
from proofs_check.papers.suresh2024 import theory
from proofs_check.papers.suresh2024.figures._shared import BOUND, EXACT, OTHER, column, probability


def alive(model, truth):
    return model.p > 0


def rate_alive(model, truth):
    return model.rate > 0


def _bernoulli(
    *,
    p: tuple[float, ...] = (0.001, 0.01),
    n: tuple[int, ...] = (10_000, 100),
    generations: int = 50,
    chains: int = 1 << 13,
    seed: int = 0,
) -> Data:
    """One panel for every pair of p and n."""
    from collapse_jax import Bernoulli, Replace, simulate

    t = np.arange(1, generations + 1)
    data: Data = {"t": t, "p": np.asarray(p), "n": np.asarray(n)}
    for i, (q, size) in enumerate(zip(p, n, strict=True)):
        run = simulate(
            Bernoulli(q), Replace(size), alive, generations=generations, chains=chains, seed=seed, progress=False
        )
        record(data, f"alive_{i}", run["alive"], len(p))
        data[f"lower_{i}"], data[f"upper_{i}"] = np.asarray([theory.alive_bounds(int(k), size, q) for k in t]).T
        data[f"sharp_{i}"] = column(lambda k, size=size, q=q: theory.sandwich(k, size, q)[1], t)
    return data


def _draw_bernoulli(axes: Any, data: Data) -> None:
    t = data["t"]
    for i, ax in enumerate(axes):
        ax.plot(t, data[f"lower_{i}"], **EXACT)
        ax.plot(t, data[f"upper_{i}"], **BOUND)
        ax.plot(t, data[f"sharp_{i}"], **OTHER)
        points(ax, t, data, f"alive_{i}", STYLES[0])
        ax.set_title(f"$p_0 = {data['p'][i]:g}$, $n = {data['n'][i]}$", fontsize=9)
        probability(ax)
        bare(ax)
    axes[0].set_ylabel(r"$P(p_k \neq 0)$")
    key_legend(axes[0], [(EXACT, "Theorem 1, lower"), (BOUND, "Theorem 1, upper"), (OTHER, "upper bound, derived"),
                          ({"linestyle": "", **STYLES[0]}, "simulated")], loc="lower left")  # fmt: skip


def _caption_bernoulli(config: dict[str, Any], data: Data) -> str:
    return (
        "Theorem 1 at the parameters of the paper: when a rare side of a coin is forgotten. The upper bound of the theorem "
        "has its minimum at k = 6 on the right, rises, and leaves the panel; the one derived here "
        f"$1 - (1 - p_0)^{{\\kappa_{{k-1}}}}$ cannot be told from the truth. {config['chains']:,} chains (the paper has 5000), with "
        f"simultaneous 99 % limits; seed {config['seed']}."
    )


bernoulli = Figure(
    "suresh2024.bernoulli",
    "Theorem 1: bounds on when a side of a coin is lost",
    _bernoulli,
    _draw_bernoulli,
    _caption_bernoulli,
    panels=(1, 2),
    size=(7.4, 3.0),
    quick={"chains": 1 << 11},
)


def _poisson(*, n: int = 10, rates: tuple[float, ...] = (1.0, 10.0), generations: int = 500, chains: int = 1 << 13,
             seed: int = 0) -> Data:  # fmt: skip
    from collapse_jax import Poisson, Replace, simulate

    t = np.arange(1, generations + 1)
    data: Data = {"t": t, "rates": np.asarray(rates)}
    for i, rate in enumerate(rates):
        run = simulate(
            Poisson(rate), Replace(n), rate_alive, generations=generations, chains=chains, seed=seed, progress=False
        )
        record(data, f"alive_{i}", run["rate_alive"], len(rates))
        data[f"exact_{i}"] = column(lambda k, rate=rate: theory.poisson_alive(k, n, rate), t)
        data[f"lower_{i}"] = 1 - np.exp(-n * rate / t)
        data[f"upper_{i}"] = 1 - np.exp(-3 * n * rate / t)
    return data


def _draw_poisson(axes: Any, data: Data) -> None:
    t = data["t"]
    for i, ax in enumerate(axes):
        ax.plot(t, data[f"exact_{i}"], **EXACT)
        ax.plot(t, data[f"lower_{i}"], **BOUND)
        ax.plot(t, data[f"upper_{i}"], **BOUND)
        points(ax, t, data, f"alive_{i}", STYLES[0])
        ax.set_title(rf"$\lambda_0 = {data['rates'][i]:g}$", fontsize=9)
        probability(ax)
        bare(ax)
    axes[0].set_ylabel(r"$P(\Lambda_k \neq 0)$")
    key_legend(axes[0], [(EXACT, "Theorem 2, exact"), (BOUND, "with $1/k$, $3/k$ for $g_k$"),
                         ({"linestyle": "", **STYLES[0]}, "simulated")], loc="upper right")  # fmt: skip


def _caption_poisson(config: dict[str, Any], data: Data) -> str:
    return (
        f"Theorem 2: Poisson counts refitted on n = {config['n']} of their own. The probability that anything is left is exact; dashed, the "
        f"same with the ends of the interval [1/k, 3/k] that the notebook prints. {config['chains']:,} chains (the paper has 5000), with "
        f"simultaneous 99 % limits; seed {config['seed']}."
    )


poisson = Figure(
    "suresh2024.poisson",
    "Theorem 2: when Poisson counts vanish",
    _poisson,
    _draw_poisson,
    _caption_poisson,
    panels=(1, 2),
    size=(7.4, 3.0),
    quick={"chains": 1 << 10},
)


def _zipf(
    *,
    m: int = 1000,
    n: int = 1000,
    exponents: tuple[float, ...] = (1.0, 2.0),
    shifts: tuple[float, ...] = (2.7, 5.0),
    generations: int = 10,
    chains: int = 1 << 9,
    seed: int = 0,
) -> Data:
    from collapse_jax import Categorical, Replace, laws, simulate

    t = np.arange(1, generations + 1)
    data: Data = {"t": t, "a": np.asarray(exponents), "b": np.asarray(shifts), "n": np.asarray(n)}
    for i, (a, b) in enumerate(zip(exponents, shifts, strict=True)):
        p = theory.zipf_mandelbrot(m, a, b)
        run = simulate(Categorical(p, sampler="index"), Replace(n), "support_size", generations=generations, chains=chains,
                       seed=seed, progress=False)  # fmt: skip
        record(data, f"left_{i}", run["support_size"], len(exponents))
        data[f"exact_{i}"] = laws.coalescent.support_curve(p, n, generations)
        data[f"lower_{i}"], data[f"upper_{i}"] = np.asarray([theory.unique_bounds(int(k), n, p) for k in t]).T
    return data


def _draw_zipf(axes: Any, data: Data) -> None:
    t = data["t"]
    for i, ax in enumerate(axes):
        ax.plot(t, data[f"exact_{i}"], **EXACT)
        ax.plot(t, data[f"lower_{i}"], **OTHER)
        ax.plot(t, data[f"upper_{i}"], **BOUND)
        points(ax, t, data, f"left_{i}", STYLES[0])
        ax.set_title(f"$p_i \\propto (i + {data['b'][i]:g})^{{-{data['a'][i]:g}}}$", fontsize=9)
        ax.set_xlabel("generation $k$")
        ax.set_ylim(bottom=0)
        bare(ax)
    axes[0].set_ylabel("expected number of symbols left")
    key_legend(axes[0], [(EXACT, "exact"), (OTHER, "Corollary 1, lower"), (BOUND, "Corollary 1, upper"),
                         ({"linestyle": "", **STYLES[0]}, "simulated")], loc="lower left")  # fmt: skip


def _caption_zipf(config: dict[str, Any], data: Data) -> str:
    return (
        f"Corollary 1: symbols of a Zipf-Mandelbrot law on m = {config['m']}, refitted on n = {config['n']} of its own draws. Exact: "
        "the coalescent (derived); the lower bound lies under it. The paper's panels are divided by the number of "
        f"symbols in the first sample. {config['chains']:,} chains (the paper has 200), with simultaneous 99 % limits; seed {config['seed']}."
    )


zipf = Figure(
    "suresh2024.zipf",
    "Corollary 1: how many symbols of a Zipf-Mandelbrot law are left",
    _zipf,
    _draw_zipf,
    _caption_zipf,
    panels=(1, 2),
    size=(7.4, 3.0),
    quick={"chains": 1 << 7},
)
