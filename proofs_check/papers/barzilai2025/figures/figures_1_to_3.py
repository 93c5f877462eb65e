"""Figures 1 to 3: three families outside the assumptions of Theorem 4.1."""

from typing import Any

import numpy as np

from proofs_check.figure import STYLES, Data, Figure, bare, points, record
from proofs_check.papers.barzilai2025.figures._shared import harmonic
from proofs_check.papers.barzilai2025.metrics import relative_error
from proofs_check.papers.barzilai2025.theory import first_rate_error


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

    made = {
        "gaussian": (Gaussian(ddof=0), _parameter_error),
        "exponential": (Exponential(1.0), _rate_error),
        "beta": (Beta(1.0), relative_error),
    }
    data = {"generations": np.arange(1, generations + 1), "n": np.asarray(n), "families": np.asarray(families),
            "ratio_limit": np.sqrt(harmonic(generations))}  # fmt: skip
    for i, name in enumerate(families):
        family, metric = made[name]
        for size in n:
            run = simulate(family, Accumulate(size), metric, generations=generations, chains=chains, seed=seed + i,
                           sizes="traced", progress=False)  # fmt: skip
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
    quick={"chains": 1 << 12},
)
