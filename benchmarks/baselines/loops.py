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
    total, square = np.zeros(chains), np.zeros(chains)
    for t, x in enumerate(_grown(rng, chains, generations, n, h), 1):
        total, square = total + x.sum(1), square + np.einsum("ci,ci->c", x, x)
        yield (square / (t * n) - (total / (t * n)) ** 2 + h * h,)


_GRID = np.arange(-7, 7.01, 0.15)  # the square of a sum of kernels of width h = 0.2 is band-limited to 2e-8 there


def _kernels(x: np.ndarray, h: float) -> np.ndarray:
    """Sums of normal densities about the points, (.., n), at the places of the grid."""
    return np.exp(-0.5 / h**2 * (_GRID - x[..., None]) ** 2).sum(-2) / (h * np.sqrt(2 * np.pi))


def kde_ise_loop(rng: Generator, generations: int, n: int, h: float) -> list[float]:
    """The density of the whole pool anew, on a grid."""
    pool, path = rng.standard_normal(n), []
    for t in range(generations):
        if t:
            pool = np.concatenate([pool, rng.choice(pool, n) + h * rng.standard_normal(n)])
        path.append(float(_square_error(_kernels(pool, h) / len(pool))))
    return path


def _square_error(density: np.ndarray) -> np.ndarray:
    return ((density - np.exp(-(_GRID**2) / 2) / np.sqrt(2 * np.pi)) ** 2).sum(-1) * (_GRID[1] - _GRID[0])


def kde_ise_raw(rng: Generator, chains: int, generations: int, n: int, h: float) -> Iterator[Values]:
    """Running sums of the density on the grid: only new points are looked at."""
    density = np.zeros((chains, len(_GRID)))
    for t, x in enumerate(_grown(rng, chains, generations, n, h), 1):
        density += _kernels(x, h)
        yield (_square_error(density / (t * n)),)


def kde_ise_same(rng: Generator, chains: int, generations: int, n: int, h: float) -> Iterator[Values]:
    """Running sums of the characteristic function at multiples of 1/4 up to 4.2 / h, by rotation."""
    w = 0.25 * np.arange(1, 1 + int(6 / (0.25 * np.sqrt(2) * h)))[:, None]
    sums = np.zeros((len(w), chains), complex)
    for t, x in enumerate(_grown(rng, chains, generations, n, h), 1):
        once = np.exp(0.25j * x)
        wave = once.copy()
        for k in range(len(w)):
            sums[k] += wave.sum(1)
            wave *= once
        apart = sums / (t * n) * np.exp(-((h * w) ** 2) / 2) - np.exp(-(w**2) / 2)
        yield ((apart.real**2 + apart.imag**2).sum(0) * 0.25 / np.pi,)


def _grown(rng: Generator, chains: int, generations: int, n: int, h: float) -> Iterator[np.ndarray]:
    """The new points of every generation."""
    pool, chain = np.empty((chains, generations * n)), np.arange(chains)[:, None] * (generations * n)
    for t in range(generations):
        x = rng.standard_normal((chains, n))
        if t:
            x *= h
            x += pool.ravel().take(chain + rng.integers(0, t * n, (chains, n)))
        pool[:, t * n : (t + 1) * n] = x
        yield x


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
