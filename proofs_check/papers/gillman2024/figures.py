"""The Gaussian toy example: the protocol of the theorem, and that of the published script."""

from typing import Any

import numpy as np

from proofs_check.figure import STYLES, Data, Figure, bare, points, record
from proofs_check.papers.gillman2024 import theory

_GAMMAS = (0.0, 0.1, 1.0)


def _script(rng: Any, gamma: float, generations: int, n_real: int, n: int) -> Any:
    """Squared distances to N(0, I) as the script runs: histogram, its rejection sampler, a pool that is kept."""
    real = rng.standard_normal((n_real, 2))
    strength, pool, found = gamma / (1 + gamma), [], np.empty(generations)
    data = real
    for t in range(generations):
        mean, cov = data.mean(0), np.cov(data.T, ddof=0)
        values, vectors = np.linalg.eigh(cov)
        values = values.clip(0)
        found[t] = mean @ mean + np.sum((np.sqrt(values) - 1) ** 2)
        made = mean + rng.standard_normal((n, 2)) * np.sqrt(values) @ vectors.T
        pool.append(_resampled(rng, made, strength, n))
        kept = [one[: int((i + 1) / len(pool) * n)] for i, one in enumerate(pool)]
        data = np.concatenate([real, *kept])
    return found


def _resampled(rng: Any, made: Any, strength: float, n: int) -> Any:
    """n points by rejection from N(0, I), the envelope being the ratio of the two largest densities."""
    density, x, y = np.histogram2d(made[:, 0], made[:, 1], bins=10, density=True)
    peak = 1 / (2 * np.pi)
    envelope = ((1 - strength) * density.max() + strength * peak) / peak
    accepted = np.empty((0, 2))
    while len(accepted) < n:
        points = rng.standard_normal((400, 2))
        # truncation towards zero, as int() does: cells in (-1, 0) fold onto 0
        i, j = (((points[:, axis] - edges[0]) / (edges[1] - edges[0])).astype(int) for axis, edges in ((0, x), (1, y)))
        inside = (i >= 0) & (i < 10) & (j >= 0) & (j < 10)
        ideal = peak * np.exp(-np.sum(points**2, 1) / 2)
        target = (1 - strength) * np.where(inside, density[i % 10, j % 10], 0) + strength * ideal
        accepted = np.concatenate([accepted, points[target / (envelope * ideal) > rng.uniform(size=400)]])
    return accepted[:n]


def _toy(
    *, chains: int = 1 << 12, runs: int = 48, generations: int = 200, seed: int = 0, n_real: int = 50, n: int = 25
) -> Data:
    from collapse_jax import Corrected, FixedReal, Gaussian, laws, simulate

    rounds = 12
    data: Data = {"t": np.arange(1, rounds + 1), "step": np.arange(generations)}
    rng = np.random.default_rng(seed)
    for gamma in _GAMMAS:
        data[f"closed_{gamma}"] = 2 * laws.loops.corrected_real(n_real, n, rounds, gamma)[:, 1]
        data[f"limit_{gamma}"] = np.asarray(2 * theory.limit_error(n_real, n, gamma))
        run = simulate(
            Gaussian(d=2, ddof=0),
            Corrected(FixedReal(n, n_real=n_real), gamma=gamma),
            ["mean_error", "w2"],
            generations=rounds,
            chains=chains,
            seed=seed,
            progress=False,
        )
        record(data, f"error_{gamma}", run["mean_error"], len(_GAMMAS))
        data[f"w2_{gamma}"] = np.asarray(run["w2"].mean[-1])
        paths = np.array([_script(rng, gamma, generations, n_real, n) for _ in range(runs)])
        data[f"script_{gamma}"], data[f"script_{gamma}_stderr"] = paths.mean(0), paths.std(0, ddof=1) / runs**0.5
    return data


def _draw_toy(axes: Any, data: Data) -> None:
    left, right = axes
    for gamma, style in zip(_GAMMAS, STYLES, strict=False):
        left.plot(
            data["t"],
            data[f"closed_{gamma}"],
            color=style["color"],
            linewidth=1.3,
            label=rf"exact, $\gamma = {gamma:g}$",
        )
        points(left, data["t"], data, f"error_{gamma}", style, rf"simulated, $\gamma = {gamma:g}$")
        left.axhline(float(data[f"limit_{gamma}"]), color=style["color"], linestyle=":", linewidth=0.8)
        mean, error = data[f"script_{gamma}"], data[f"script_{gamma}_stderr"]
        right.plot(data["step"], mean, color=style["color"], linewidth=1.3, label=rf"script, $\gamma = {gamma:g}$")
        right.fill_between(
            data["step"], mean - 2 * error, mean + 2 * error, color=style["color"], alpha=0.2, linewidth=0
        )
        right.axhline(float(data[f"w2_{gamma}"]), color=style["color"], linestyle="--", linewidth=1,
                      label=rf"theorem's protocol, $\gamma = {gamma:g}$")  # fmt: skip
    left.set_ylabel(r"$E\,\|\mu_t - \mu_0\|^2$")
    left.set_xlabel("generation $t$")
    right.set_ylabel(r"$E\,W_2^2(p_t, p_0)$")
    right.set_xlabel("step of the script")
    right.set_ylim(bottom=0)
    for ax in axes:
        bare(ax)
        ax.set_ylim(top=1.3 * ax.get_ylim()[1])
        ax.legend(frameon=False, fontsize=7, ncol=2, loc="upper left")


def _caption_toy(config: dict[str, Any], data: Data) -> str:
    return (
        f"A Gaussian in the plane on {config['n_real']} fixed real and {config['n']} corrected synthetic points, 1/n covariance. "
        "Left, the protocol of the theorem: error of the mean, exact (lines; dotted: limits) and simulated with "
        f"{config['chains']:,} chains, limits together at 99 %. Right, the published script, in which corrected points of all "
        "generations are kept and are redrawn from a histogram by a sampler with too low an envelope: means of "
        f"{config['runs']} runs, two standard errors either way; dashed: where the protocol of the theorem settles, "
        f"simulated. Seed {config['seed']}."
    )


toy = Figure(
    "gillman2024.toy",
    "the toy example as the theorem has it, and as the script runs",
    _toy,
    _draw_toy,
    _caption_toy,
    panels=(1, 2),
    size=(8.6, 3.3),
    quick={"chains": 1 << 10, "runs": 8},
)
