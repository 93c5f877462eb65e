"""Kernel estimates, mirrored normal laws, urns and curated symbols."""

from collections.abc import Iterator

import numpy as np
from numpy.random import Generator

from benchmarks.baselines.run import Values


def kde_loop(rng: Generator, generations: int, n: int, h: float) -> list[float]:
    pool, path = rng.standard_normal(n), []
    for t in range(generations):
        if t:
            pool = np.concatenate([pool, rng.choice(pool, n) + h * rng.standard_normal(n)])
        path.append(pool.var() + h * h)
    return path


def kde_raw(rng: Generator, chains: int, generations: int, n: int, h: float) -> Iterator[Values]:
    """The pool lies in place; its moments are running sums about the true mean 0."""
    pool, chain = np.empty((chains, generations * n)), np.arange(chains)[:, None] * (generations * n)
    total, square = np.zeros(chains), np.zeros(chains)
    for t in range(generations):
        x = rng.standard_normal((chains, n))
        if t:
            x *= h
            x += pool.ravel().take(chain + rng.integers(0, t * n, (chains, n)))
        pool[:, t * n : (t + 1) * n] = x
        total, square = total + x.sum(1), square + np.einsum("ci,ci->c", x, x)
        rows = (t + 1) * n
        yield (square / rows - (total / rows) ** 2 + h * h,)


def mixture_loop(rng: Generator, generations: int, n: int) -> list[float]:
    mu, sigma, path = 1.0, 1.0, []
    for _ in range(generations):
        x = rng.choice((-1.0, 1.0), n) * mu + sigma * rng.standard_normal(n)
        mu, sigma = (float(part) for part in _estimate(np.abs(x), n))
        path.append(mu**2 + sigma**2)
    return path


def mixture_raw(rng: Generator, chains: int, generations: int, n: int) -> Iterator[Values]:
    mu, sigma = np.ones(chains), np.ones(chains)
    for _ in range(generations):
        # The sign of the centre does not change the law of |x|.
        mu, sigma = _estimate(np.abs(mu[:, None] + sigma[:, None] * rng.standard_normal((chains, n))), n)
        yield (mu**2 + sigma**2,)


def _estimate(size: np.ndarray, n: int) -> tuple[np.ndarray, np.ndarray]:
    """Algorithm 1 of Suresh et al. (2024) with eta = 2, from |x|."""
    m, v, eta = size.mean(-1), size.var(-1), 2
    q = m**2 + v
    growth = np.exp((eta - 1) * ((n - 1) / 2 + 4 * eta) / (eta * (n - 1) * (n + 4 * eta - 1)))
    apart = q <= growth * m**2
    a = np.where(apart, 50, 2 * growth * q / np.where(apart, 1, q - growth * m**2))
    square = np.where(q * (a - 2) <= 2 * a * m**2, a * q * v / (a * m**2 + 2 * q), q)
    return np.sqrt(np.maximum(q - square, 0)), np.sqrt(square)


def urn_loop(rng: Generator, generations: int, s: int, first: int, n: int, n_real: int) -> list[float]:
    truth, path = np.full(s, 1 / s), []
    counts = np.bincount(rng.choice(s, first, p=truth), minlength=s)
    for t in range(generations):
        if t:
            counts = counts + np.bincount(rng.choice(s, n, p=counts / counts.sum()), minlength=s)
            counts = counts + np.bincount(rng.choice(s, n_real, p=truth), minlength=s)
        p = counts / counts.sum()
        path.append(p @ p)
    return path


def urn_raw(rng: Generator, chains: int, generations: int, s: int, first: int, n: int, n_real: int) -> Iterator[Values]:
    truth = np.full((chains, s), 1 / s)
    counts = _counts(_symbols(rng, truth, first), s)
    for t in range(generations):
        if t:
            p = counts / counts.sum(1, keepdims=True)
            counts = counts + _counts(_symbols(rng, p, n), s) + _counts(_symbols(rng, truth, n_real), s)
        p = counts / counts.sum(1, keepdims=True)
        yield (np.einsum("cs,cs->c", p, p),)


def urn_stats(
    rng: Generator, chains: int, generations: int, s: int, first: int, n: int, n_real: int
) -> Iterator[Values]:
    truth = np.full((chains, s), 1 / s)
    counts = rng.multinomial(first, truth)
    for t in range(generations):
        if t:
            counts = counts + rng.multinomial(n, counts / counts.sum(1, keepdims=True)) + rng.multinomial(n_real, truth)
        p = counts / counts.sum(1, keepdims=True)
        yield (np.einsum("cs,cs->c", p, p),)


def curated_loop(rng: Generator, generations: int, s: int, n: int, reward: tuple[float, ...]) -> list[float]:
    """The first fit sees real data; then of two symbols one is kept, as Bradley and Terry have it."""
    weight, path = np.exp(reward), []
    p = np.bincount(rng.choice(s, n, p=np.full(s, 1 / s)), minlength=s) / n
    for t in range(generations):
        if t:
            pair = rng.choice(s, (n, 2), p=p)
            first = rng.random(n) * weight[pair].sum(1) < weight[pair[:, 0]]
            p = np.bincount(np.where(first, pair[:, 0], pair[:, 1]), minlength=s) / n
        path.append(p @ p)
    return path


def curated_raw(
    rng: Generator, chains: int, generations: int, s: int, n: int, reward: tuple[float, ...]
) -> Iterator[Values]:
    weight = np.exp(reward)
    p = _counts(_symbols(rng, np.full((chains, s), 1 / s), n), s) / n
    for t in range(generations):
        if t:
            left, right = np.split(_symbols(rng, p, 2 * n), 2, 1)
            first = rng.random((chains, n)) * (weight[left] + weight[right]) < weight[left]
            p = _counts(np.where(first, left, right), s) / n
        yield (np.einsum("cs,cs->c", p, p),)


def curated_stats(
    rng: Generator, chains: int, generations: int, s: int, n: int, reward: tuple[float, ...]
) -> Iterator[Values]:
    weight = np.exp(reward)
    kept = 2 * weight[:, None] / (weight[:, None] + weight)
    p = rng.multinomial(n, np.full((chains, s), 1 / s)) / n
    for t in range(generations):
        if t:
            chosen = p * (p @ kept.T)
            p = rng.multinomial(n, chosen / chosen.sum(1, keepdims=True)) / n
        yield (np.einsum("cs,cs->c", p, p),)


def _symbols(rng: Generator, p: np.ndarray, n: int) -> np.ndarray:
    """By inversion: how many of the few cumulative sums are at most u."""
    table, u = np.cumsum(p, 1), rng.random((len(p), n))
    symbol = np.zeros(u.shape, np.int64)
    for k in range(p.shape[1] - 1):
        symbol += u >= table[:, k : k + 1] / table[:, -1:]
    return symbol


def _counts(symbols: np.ndarray, s: int) -> np.ndarray:
    chains = len(symbols)
    return np.bincount((symbols + np.arange(chains)[:, None] * s).ravel(), minlength=chains * s).reshape(chains, s)
