"""Gaussian chains in one dimension."""

from collections.abc import Iterator

import numpy as np
from numpy.random import Generator

from benchmarks.baselines.run import Values


def gaussian_loop(rng: Generator, generations: int, n: int, workflow: str = "replace", k: int = 1) -> list[float]:
    mean, deviation, pool, path = 0.0, 1.0, [], []
    for _ in range(generations):
        pool.append(rng.normal(mean, deviation, n))
        if workflow == "replace":
            pool = pool[-1:]
        elif workflow == "window":
            pool = pool[-k:]
        seen = np.concatenate(pool)
        if workflow == "subsample":
            seen = rng.choice(seen, n, replace=False)
        mean, deviation = seen.mean(), seen.std()
        path.append(mean**2 if workflow == "replace" else deviation**2)
    return path


def gaussian_raw(rng: Generator, chains: int, generations: int, n: int) -> Iterator[Values]:
    mean, deviation = np.zeros((chains, 1)), np.ones((chains, 1))
    x = np.empty((chains, n))
    for _ in range(generations):
        rng.standard_normal(out=x)
        x *= deviation
        x += mean
        mean = x.mean(1, keepdims=True)
        x -= mean
        deviation = np.sqrt(np.einsum("ci,ci->c", x, x) / n)[:, None]
        yield (mean[:, 0] ** 2,)


def gaussian_stats(rng: Generator, chains: int, generations: int, n: int) -> Iterator[Values]:
    mean, variance = np.zeros(chains), np.ones(chains)
    for _ in range(generations):
        mean = mean + np.sqrt(variance / n) * rng.standard_normal(chains)
        variance = variance * rng.chisquare(n - 1, chains) / n
        yield (mean**2,)


def gaussian_same(rng: Generator, chains: int, generations: int, n: int) -> Iterator[Values]:
    mean, variance, z, g = np.zeros(chains), np.ones(chains), np.empty(chains), np.empty(chains)
    for _ in range(generations):
        rng.standard_normal(out=z)
        rng.standard_gamma((n - 1) / 2, out=g)
        z *= np.sqrt(variance)
        z *= n**-0.5
        mean += z
        variance *= g
        variance *= 2 / n
        yield (mean * mean,)


def pooled_raw(rng: Generator, chains: int, generations: int, n: int, k: int = 0) -> Iterator[Values]:
    """All samples so far, or the last k: running sums over raw observations about the true mean 0."""
    mean, deviation = np.zeros((chains, 1)), np.ones((chains, 1))
    x, recent = np.empty((chains, n)), []
    total, square = np.zeros(chains), np.zeros(chains)
    for t in range(1, generations + 1):
        rng.standard_normal(out=x)
        x *= deviation
        x += mean
        sums = x.sum(1), np.einsum("ci,ci->c", x, x)
        if k:
            recent = [*recent[-(k - 1) :], sums]
            total, square = (np.add.reduce(parts) for parts in zip(*recent, strict=True))
        else:
            total, square = total + sums[0], square + sums[1]
        rows = n * (min(t, k) if k else t)
        mean = (total / rows)[:, None]
        variance = square / rows - mean[:, 0] ** 2
        deviation = np.sqrt(variance)[:, None]
        yield (variance,)


def pooled_stats(rng: Generator, chains: int, generations: int, n: int, k: int = 0) -> Iterator[Values]:
    mean, variance, recent = np.zeros(chains), np.ones(chains), []
    total, square = np.zeros(chains), np.zeros(chains)
    for t in range(1, generations + 1):
        sample = mean + np.sqrt(variance / n) * rng.standard_normal(chains)
        sums = sample, sample * sample + variance * rng.standard_gamma((n - 1) / 2, chains) * (2 / n)
        if k:
            recent = [*recent[-(k - 1) :], sums]
            total, square = (np.add.reduce(parts) for parts in zip(*recent, strict=True))
        else:
            total, square = total + sums[0], square + sums[1]
        batches = min(t, k) if k else t
        mean = total / batches
        variance = square / batches - mean * mean
        yield (variance,)


def subsample_raw(rng: Generator, chains: int, generations: int, n: int) -> Iterator[Values]:
    """The pool is shuffled in place as far as needed: n steps of Fisher and Yates, whatever the size of the pool."""
    pool, chain = np.empty((generations * n, chains)), np.arange(chains)
    mean, deviation = np.zeros(chains), np.ones(chains)
    for t in range(generations):
        pool[t * n : (t + 1) * n] = mean + deviation * rng.standard_normal((n, chains))
        if t:
            for i in range(n):
                j = rng.integers(i, (t + 1) * n, chains)
                picked = pool[j, chain]
                pool[j, chain] = pool[i]
                pool[i] = picked
        seen = pool[:n]
        mean = seen.mean(0)
        variance = np.einsum("ic,ic->c", seen - mean, seen - mean) / n
        deviation = np.sqrt(variance)
        yield (variance,)
