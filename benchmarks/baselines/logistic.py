"""Logistic regression by Newton's method."""

from collections.abc import Iterator

import numpy as np
from numpy.random import Generator

from benchmarks.baselines.run import Values


def logistic_loop(
    rng: Generator, generations: int, n: int, beta: tuple[float, ...], points: tuple[float, ...]
) -> list[float]:
    truth = fitted = np.array(beta)
    path = []
    for _ in range(generations):
        x = np.stack([np.ones(n), rng.choice(points, n)], 1)
        y = rng.random(n) < 1 / (1 + np.exp(-x @ fitted))
        for _ in range(100):
            p = 1 / (1 + np.exp(-x @ fitted))
            step = np.linalg.solve((x * (p * (1 - p))[:, None]).T @ x, x.T @ (y - p))
            fitted = fitted + step
            if abs(step).max() < 1e-8:
                break
        path.append((fitted - truth) @ (fitted - truth))
    return path


def logistic_raw(
    rng: Generator, chains: int, generations: int, n: int, beta: tuple[float, ...], points: tuple[float, ...]
) -> Iterator[Values]:
    """Points and labels are drawn one by one and counted; Newton's method for all chains at once."""
    m, chain = len(points), np.arange(chains)[:, None]
    logits, fitted = _logits(chains, beta, points)
    for _ in range(generations):
        point = rng.integers(0, m, (chains, n)) + chain * m
        label = rng.random((chains, n)) < (1 / (1 + np.exp(-logits))).ravel()[point]
        visits = np.bincount(point.ravel(), minlength=chains * m).reshape(chains, m)
        successes = np.bincount(point.ravel(), label.ravel(), chains * m).reshape(chains, m)
        logits, fitted = _newton(fitted, visits, successes, points)
        yield (((fitted - beta) ** 2).sum(1),)


def logistic_stats(
    rng: Generator, chains: int, generations: int, n: int, beta: tuple[float, ...], points: tuple[float, ...]
) -> Iterator[Values]:
    m = len(points)
    logits, fitted = _logits(chains, beta, points)
    for _ in range(generations):
        visits = rng.multinomial(n, np.full(m, 1 / m), chains)
        successes = rng.binomial(visits, 1 / (1 + np.exp(-logits)))
        logits, fitted = _newton(fitted, visits, successes, points)
        yield (((fitted - beta) ** 2).sum(1),)


def _logits(chains: int, beta: tuple[float, ...], points: tuple[float, ...]) -> tuple[np.ndarray, np.ndarray]:
    fitted = np.tile(beta, (chains, 1))
    return fitted[:, :1] + fitted[:, 1:] * np.array(points), fitted


def _newton(fitted, visits, successes, points, tolerance: float = 1e-8) -> tuple[np.ndarray, np.ndarray]:
    """Maximum likelihood for intercept and slope, 2 x 2 systems by hand; stops when every chain has converged."""
    x = np.array(points)
    a, b = fitted[:, 0], fitted[:, 1]
    for _ in range(100):
        p = 1 / (1 + np.exp(-(a[:, None] + b[:, None] * x)))
        residual, weight = successes - visits * p, visits * p * (1 - p)
        g0, g1 = residual.sum(1), residual @ x
        h00, h01, h11 = weight.sum(1), weight @ x, weight @ (x * x)
        det = h00 * h11 - h01 * h01
        da, db = (h11 * g0 - h01 * g1) / det, (h00 * g1 - h01 * g0) / det
        a, b = a + da, b + db
        if max(np.abs(da).max(), np.abs(db).max()) < tolerance:
            break
    return a[:, None] + b[:, None] * x, np.stack([a, b], 1)
