"""Categorical and Bernoulli chains."""

from collections.abc import Iterator
from functools import cache

import numpy as np
from numpy.random import Generator

from benchmarks.baselines.run import Values


def categorical_loop(rng: Generator, generations: int, n: int, s: int) -> list[tuple[float, float]]:
    p, path = np.full(s, 1 / s), []
    for _ in range(generations):
        p = np.bincount(rng.choice(s, n, p=p), minlength=s) / n
        path.append((p @ p, np.count_nonzero(p)))
    return path


def categorical_raw(rng: Generator, chains: int, generations: int, n: int, s: int) -> Iterator[Values]:
    """Every token by inversion of the cumulative sum: one search over the concatenated tables of all chains."""
    p, chain = np.full((chains, s), 1 / s), np.arange(chains)[:, None]
    for _ in range(generations):
        table = np.cumsum(p, 1)
        table /= table[:, -1:]
        u = rng.random((chains, n))
        token = np.searchsorted((table + chain).ravel(), (u + chain).ravel(), side="right")
        p = np.bincount(token, minlength=chains * s).reshape(chains, s) / n
        yield np.einsum("cs,cs->c", p, p), np.count_nonzero(p, 1).astype(float)


def categorical_stats(rng: Generator, chains: int, generations: int, n: int, s: int) -> Iterator[Values]:
    p = np.full((chains, s), 1 / s)
    for _ in range(generations):
        p = rng.multinomial(n, p) / n
        yield np.einsum("cs,cs->c", p, p), np.count_nonzero(p, 1).astype(float)


def categorical_same(rng: Generator, chains: int, generations: int, n: int, s: int) -> Iterator[Values]:
    """Tokens are kept: a draw from an empirical law is a uniformly chosen member. Counted for the metrics only."""
    first = rng.integers(0, s, (chains, n), dtype=np.uint32)
    types = first + np.arange(chains, dtype=np.uint32)[:, None] * np.uint32(s)
    start = np.arange(chains, dtype=np.int64)[:, None] * n
    for t in range(generations):
        if t:
            types = types.ravel()[start + rng.integers(0, n, (chains, n), dtype=np.uint32)]
        counts = np.bincount(types.ravel(), minlength=chains * s).reshape(chains, s)
        yield np.einsum("cs,cs->c", counts, counts) / n**2, np.count_nonzero(counts, 1).astype(float)


def bernoulli_loop(rng: Generator, generations: int, n: int) -> list[float]:
    p, path = 0.5, []
    for _ in range(generations):
        p = (rng.random(n) < p).mean()
        path.append((p - 0.5) ** 2)
    return path


def bernoulli_raw(rng: Generator, chains: int, generations: int, n: int) -> Iterator[Values]:
    p, u = np.full((chains, 1), 0.5), np.empty((chains, n))
    for _ in range(generations):
        rng.random(out=u)
        p = np.count_nonzero(u < p, 1)[:, None] / n
        yield ((p[:, 0] - 0.5) ** 2,)


def bernoulli_stats(rng: Generator, chains: int, generations: int, n: int) -> Iterator[Values]:
    p = np.full(chains, 0.5)
    for _ in range(generations):
        p = rng.binomial(n, p) / n
        yield ((p - 0.5) ** 2,)


def bernoulli_same(rng: Generator, chains: int, generations: int, n: int) -> Iterator[Values]:
    """A finite chain on 0..n: one 32-bit word and one row of an alias table per step."""
    cut, alias, bits = alias_tables(n)
    width = np.uint32(32 - bits)
    state, error = np.full(chains, n // 2, np.uint32), (np.arange(n + 1) / n - 0.5) ** 2
    for _ in range(generations):
        word = rng.integers(0, 1 << 32, chains, dtype=np.uint32)
        column = word >> width
        cell = (state << np.uint32(bits)) + column
        state = np.where((word & np.uint32((1 << int(width)) - 1)) < cut.take(cell), column, alias.take(cell))
        yield (error.take(state),)


@cache
def alias_tables(n: int) -> tuple[np.ndarray, np.ndarray, int]:
    """Walker's tables of Bin(n, k / n), k = 0..n, each on a power of two of columns; thresholds in the bits left."""
    from scipy.stats import binom

    bits = n.bit_length()
    columns, scale = 1 << bits, 1 << (32 - bits)
    cut = np.full((n + 1, columns), scale, np.uint32)
    alias = np.tile(np.arange(columns, dtype=np.uint32), (n + 1, 1))
    for k in range(n + 1):
        mass = np.zeros(columns)
        mass[: n + 1] = binom.pmf(np.arange(n + 1), n, k / n) * columns
        small, large = list(np.flatnonzero(mass < 1)), list(np.flatnonzero(mass >= 1))
        while small and large:
            low, high = small.pop(), large[-1]
            cut[k, low], alias[k, low] = round(mass[low] * scale), high
            mass[high] -= 1 - mass[low]
            if mass[high] < 1:
                small.append(large.pop())
        # What is left over holds mass 1 to rounding; a column that nothing may reach points at one that is possible.
        for left in small:
            if left > n or mass[left] < 0.5:
                cut[k, left], alias[k, left] = 0, k
    return cut.ravel(), alias.ravel(), bits
