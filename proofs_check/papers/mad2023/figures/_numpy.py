"""The fresh data loop in plain NumPy, for dimensions in which the engine's packed triangles do not pay."""

from typing import Any

import numpy as np

from collapse_jax.results.estimate import simultaneous_t
from proofs_check.figure import ALPHA


def fresh_loop(
    rng: Any, n_real: int, n: int, d: int, bias: float, generations: int, chains: int, first: int | None = None
) -> tuple[Any, Any, Any]:
    r"""$\|\Sigma_t - I\|_F^2$, $W_2^2(p_t, p_0)$ and its second order, (chains, G); means and scatters (Bartlett) of both samples, n > d."""
    frobenius, distance, second = np.empty((3, chains, generations))
    for chain in range(chains):
        mean, root = np.zeros(d), np.eye(d)
        for t in range(generations):
            real = rng.standard_normal((n_real if t or first is None else first, d))
            new, number = real.mean(0), len(real)
            scatter = real.T @ real - number * np.outer(new, new)
            if t:
                apart = mean + rng.standard_normal(d) @ root / n**0.5 - new
                lower = np.tril(rng.standard_normal((d, d)), -1)
                lower[np.diag_indices(d)] = np.sqrt(rng.chisquare(n - 1 - np.arange(d)))
                made = lower.T @ root
                scatter = scatter + made.T @ made + number * n / (number + n) * np.outer(apart, apart)
                new, number = new + n / (number + n) * apart, number + n
            mean = new
            values, vectors = np.linalg.eigh(scatter / (number - 1))
            values = values.clip(0)
            frobenius[chain, t] = np.sum((values - 1) ** 2)
            distance[chain, t] = mean @ mean + np.sum((np.sqrt(values) - 1) ** 2)
            second[chain, t] = mean @ mean + frobenius[chain, t] / 4
            root = np.sqrt(bias * values)[:, None] * vectors.T
    return frobenius, distance, second


def limits(values: Any, curves: int) -> tuple[Any, Any, Any, Any]:
    """Means over chains, standard errors, and limits that hold at once with those of all `curves` of a figure (Student)."""
    mean, error = values.mean(0), values.std(0, ddof=1) / len(values) ** 0.5
    half = simultaneous_t(ALPHA / curves, values.shape[1], np.full(values.shape[1], len(values) - 1)) * error
    return mean, error, mean - half, mean + half
