r"""The chains of every row in NumPy, three ways, and one chain at a time as papers' scripts write them.

A vectorised baseline is a generator over generations: it is given a generator of random numbers, the number of chains
and the sizes of its row, and yields the measured values of all chains. `run` splits the chains into blocks that fit in
cache and keeps means and variances, as the library does. float64 and one thread throughout.

"raw" draws every observation; "stats" draws sufficient statistics from their law; "same" is given the reduced
algebra of the library's exact engine, chains last.
"""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import numpy as np
from numpy.random import SFC64, Generator

Values = tuple[np.ndarray, ...]


@dataclass(frozen=True)
class Outcome:
    """Mean and variance over chains, (generations, metrics)."""

    mean: np.ndarray
    variance: np.ndarray
    chains: int

    @property
    def standard_error(self) -> np.ndarray:
        return np.sqrt(self.variance / self.chains)


@dataclass(frozen=True)
class Baseline:
    """A way to run chains in NumPy: `block` chains at a time, or one by one (block 0, `function` returns a path)."""

    function: Callable[..., Any]
    block: int = 0
    sizes: dict[str, Any] = field(default_factory=dict)

    def run(self, chains: int, generations: int, seed: int = 0) -> Outcome:
        rng = Generator(SFC64(seed))
        if not self.block:
            paths = np.array([self.function(rng, generations, **self.sizes) for _ in range(chains)], float)
            paths = paths.reshape(chains, generations, -1)
            return Outcome(paths.mean(0), paths.var(0, ddof=min(1, chains - 1)), chains)
        parts = []
        for start in range(0, chains, self.block):
            values = self.function(rng, min(self.block, chains - start), generations, **self.sizes)
            parts.append([[_moments(value) for value in measured] for measured in values])
        count = np.minimum(self.block, chains - np.arange(0, chains, self.block))[:, None, None]
        mean, m2 = np.moveaxis(np.array(parts), -1, 0)
        overall = (count * mean).sum(0) / chains
        return Outcome(overall, (m2 + count * (mean - overall) ** 2).sum(0) / max(chains - 1, 1), chains)


def _moments(value: np.ndarray) -> tuple[float, float]:
    mean = np.add.reduce(value) / value.size
    centred = value - mean
    return mean, float(centred @ centred)


# --- Gaussian, one dimension ----------------------------------------------------------------------------------------


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


# --- Gaussian, d dimensions -----------------------------------------------------------------------------------------


def matrix_loop(rng: Generator, generations: int, n: int, d: int) -> list[float]:
    mean, cov, path = np.zeros(d), np.eye(d), []
    for _ in range(generations):
        x = rng.multivariate_normal(mean, cov, n, method="cholesky")
        mean, cov = x.mean(0), np.cov(x.T, bias=True)
        path.append(mean @ mean)
    return path


def matrix_raw(rng: Generator, chains: int, generations: int, n: int, d: int) -> Iterator[Values]:
    mean, factor = np.zeros((chains, 1, d)), np.broadcast_to(np.eye(d), (chains, d, d))
    z = np.empty((chains, n, d))
    for _ in range(generations):
        rng.standard_normal(out=z)
        x = z @ factor.swapaxes(1, 2)
        x += mean
        mean = x.mean(1, keepdims=True)
        x -= mean
        factor = np.linalg.cholesky(x.swapaxes(1, 2) @ x / n)
        yield (np.einsum("cod,cod->c", mean, mean),)


def matrix_stats(rng: Generator, chains: int, generations: int, n: int, d: int) -> Iterator[Values]:
    mean, cov = np.zeros((chains, d)), np.broadcast_to(np.eye(d), (chains, d, d))
    for _ in range(generations):
        factor = np.linalg.cholesky(cov)
        mean = mean + (factor @ rng.standard_normal((chains, d, 1)))[..., 0] / math.sqrt(n)
        root = factor @ bartlett(rng, n - 1, d, chains)
        cov = root @ root.swapaxes(1, 2) / n
        yield (np.einsum("cd,cd->c", mean, mean),)


def matrix_same(rng: Generator, chains: int, generations: int, n: int, d: int) -> Iterator[Values]:
    """The factor is multiplied, never decomposed: F <- F A / sqrt n, lower triangular, chains last."""
    mean, factor = np.zeros((d, chains)), np.eye(d)[..., None] * np.ones(chains)
    for _ in range(generations):
        step = rng.standard_normal((d, chains))
        step *= n**-0.5
        for i in range(d):
            mean[i] += np.einsum("kc,kc->c", factor[i, : i + 1], step[: i + 1])
        multiply_lower(factor, bartlett_last(rng, n - 1, d, chains, n**-0.5))
        yield (np.einsum("dc,dc->c", mean, mean),)


def bartlett(rng: Generator, df: int, d: int, chains: int) -> np.ndarray:
    """Lower-triangular A, (chains, d, d), with A A' ~ W_d(I, df); columns from df on vanish."""
    factor = np.zeros((chains, d, d))
    row, column = np.tril_indices(d, -1)
    inside = column < df
    factor[:, row[inside], column[inside]] = rng.standard_normal((chains, int(inside.sum())))
    used = np.arange(min(d, df))
    factor[:, used, used] = np.sqrt(2 * rng.standard_gamma((df - used) / 2, (chains, used.size)))
    return factor


def bartlett_last(rng: Generator, df: int, d: int, chains: int, scale: float = 1.0) -> np.ndarray:
    """The same as (d, d, chains), for df >= d; what is above the diagonal is not to be read."""
    factor = np.empty((d, d, chains))
    for j in range(d):
        factor[j + 1 :, j] = rng.standard_normal((d - j - 1, chains))
        factor[j, j] = np.sqrt(2 * rng.standard_gamma((df - j) / 2, chains))
    factor *= scale
    return factor


def multiply_lower(left: np.ndarray, right: np.ndarray) -> None:
    """left <- left @ right for lower triangles (d, d, chains), column by column; left has zeros above its diagonal."""
    for j in range(left.shape[0]):
        left[j:, j] = np.einsum("ikc,kc->ic", left[j:, j:], right[j:, j])


# --- least squares --------------------------------------------------------------------------------------------------


def regression_loop(rng: Generator, generations: int, T: int, d: int, design: str, workflow: str) -> list[float]:
    w, rows, labels, path = np.zeros(d), [], [], []
    fixed = rng.standard_normal((T, d)) if design == "shared" else None
    for _ in range(generations):
        x = rng.standard_normal((T, d)) if fixed is None else fixed
        y = x @ w + rng.standard_normal(T)
        rows, labels = ([*rows, x], [*labels, y]) if workflow == "accumulate" else ([x], [y])
        w = np.linalg.lstsq(np.concatenate(rows), np.concatenate(labels), rcond=None)[0]
        path.append(w @ w)
    return path


def fresh_raw(
    rng: Generator, chains: int, generations: int, T: int, d: int, accumulate: bool = False
) -> Iterator[Values]:
    w, x = np.zeros((chains, d, 1)), np.empty((chains, T, d))
    gram = cross = np.zeros(())
    for _ in range(generations):
        rng.standard_normal(out=x)
        y = x @ w + rng.standard_normal((chains, T, 1))
        across = x.swapaxes(1, 2)
        new = across @ x, across @ y
        gram, cross = (gram + new[0], cross + new[1]) if accumulate else new
        w = np.linalg.solve(gram, cross)
        yield (np.einsum("cdo,cdo->c", w, w),)


def fresh_stats(
    rng: Generator, chains: int, generations: int, T: int, d: int, accumulate: bool = False
) -> Iterator[Values]:
    error, gram = np.zeros((chains, d, 1)), np.zeros(())
    for _ in range(generations):
        factor = bartlett(rng, T, d, chains)
        noise = factor @ rng.standard_normal((chains, d, 1))
        new = factor @ factor.swapaxes(1, 2)
        gram = gram + new if accumulate else new
        error = error + np.linalg.solve(gram, noise)
        yield (np.einsum("cdo,cdo->c", error, error),)


def student_same(rng: Generator, chains: int, generations: int, T: int, d: int) -> Iterator[Values]:
    """Fresh designs under replacement: the step of the error is exactly multivariate t, z / sqrt(chi2_{T-d+1})."""
    error, z = np.zeros((d, chains)), np.empty((d, chains))
    for _ in range(generations):
        rng.standard_normal(out=z)
        z /= np.sqrt(2 * rng.standard_gamma((T - d + 1) / 2, chains))
        error += z
        yield (np.einsum("dc,dc->c", error, error),)


def fresh_same(rng: Generator, chains: int, generations: int, T: int, d: int) -> Iterator[Values]:
    """Fresh designs accumulated: e += G^{-1} A z with G the sum of A A', chains last."""
    error, gram = np.zeros((d, chains)), np.zeros((d, d, chains))
    for _ in range(generations):
        factor, z = bartlett_last(rng, T, d, chains), rng.standard_normal((d, chains))
        noise = np.empty((d, chains))
        for i in range(d):
            row = factor[i, : i + 1]
            noise[i] = np.einsum("kc,kc->c", row, z[: i + 1])
            gram[i, : i + 1] += np.einsum("jkc,kc->jc", lower(factor, i + 1), row)
        error += solve_last(gram.copy(), noise)
        yield (np.einsum("dc,dc->c", error, error),)


def lower(factor: np.ndarray, size: int) -> np.ndarray:
    """The leading block with what is above its diagonal set to 0 (in place: nobody else reads that)."""
    factor[: size - 1, size - 1] = 0
    return factor[:size, :size]


def solve_last(gram: np.ndarray, right: np.ndarray) -> np.ndarray:
    """G^{-1} b for lower triangles of G, (d, d, chains), and b, (d, chains), by Cholesky; both are overwritten."""
    d = gram.shape[0]
    for j in range(d):
        root = 1 / np.sqrt(gram[j, j])
        column = gram[j + 1 :, j]
        column *= root
        gram[j, j] = root
        right[j] *= root
        right[j + 1 :] -= column * right[j]
        for i in range(j + 1, d):
            gram[i, j + 1 : i + 1] -= column[i - j - 1] * column[: i - j]
    for j in range(d - 1, -1, -1):
        if j + 1 < d:
            right[j] -= np.einsum("ic,ic->c", gram[j + 1 :, j], right[j + 1 :])
        right[j] *= gram[j, j]
    return right


def shared_raw(rng: Generator, chains: int, generations: int, T: int, d: int) -> Iterator[Values]:
    """One design: its Gram matrix is inverted once, and the pooled fit needs X' of the sum of all labels."""
    x = rng.standard_normal((chains, T, d))
    across = x.swapaxes(1, 2)
    inverse = np.linalg.inv(across @ x)
    w, cross = np.zeros((chains, d, 1)), np.zeros((chains, d, 1))
    for t in range(1, generations + 1):
        y = x @ w + rng.standard_normal((chains, T, 1))
        cross += across @ y
        w = inverse @ cross / t
        yield (np.einsum("cdo,cdo->c", w, w),)


def shared_stats(rng: Generator, chains: int, generations: int, T: int, d: int) -> Iterator[Values]:
    factor = bartlett(rng, T, d, chains)
    across = factor.swapaxes(1, 2)
    inverse = np.linalg.inv(factor @ across)
    w, cross = np.zeros((chains, d, 1)), np.zeros((chains, d, 1))
    for t in range(1, generations + 1):
        cross += factor @ (across @ w + rng.standard_normal((chains, d, 1)))
        w = inverse @ cross / t
        yield (np.einsum("cdo,cdo->c", w, w),)


def shared_same(rng: Generator, chains: int, generations: int, T: int, d: int) -> Iterator[Values]:
    """A random walk s += z / t measured as |B s|^2, B = A'^{-1} formed once."""
    inverse = np.linalg.inv(bartlett(rng, T, d, chains).swapaxes(1, 2))
    rows = [np.ascontiguousarray(np.moveaxis(inverse[:, i, i:], 0, -1)) for i in range(d)]
    walk, z = np.zeros((d, chains)), np.empty((d, chains))
    for t in range(1, generations + 1):
        rng.standard_normal(out=z)
        z /= t
        walk += z
        error = np.stack([np.einsum("kc,kc->c", row, walk[i:]) for i, row in enumerate(rows)])
        yield (np.einsum("dc,dc->c", error, error),)


def ridge_loop(rng: Generator, generations: int, T: int, d: int, ridge: float) -> list[float]:
    truth = w = np.full(d, d**-0.5)
    path = []
    for _ in range(generations):
        x = rng.standard_normal((T, d))
        y = x @ w + rng.standard_normal(T)
        w = np.linalg.solve(x.T @ x + ridge * np.eye(d), x.T @ y)
        path.append((w - truth) @ (w - truth))
    return path


def ridge_raw(rng: Generator, chains: int, generations: int, T: int, d: int, ridge: float) -> Iterator[Values]:
    """With fewer rows than features the dual is the smaller system: w = X' (X X' + ridge)^{-1} y."""
    truth = np.full((d, 1), d**-0.5)
    w, x = np.broadcast_to(truth, (chains, d, 1)), np.empty((chains, T, d))
    for _ in range(generations):
        rng.standard_normal(out=x)
        y = x @ w + rng.standard_normal((chains, T, 1))
        w = x.swapaxes(1, 2) @ np.linalg.solve(x @ x.swapaxes(1, 2) + ridge * np.eye(T), y)
        yield (np.einsum("cdo,cdo->c", w - truth, w - truth),)


def ridge_stats(rng: Generator, chains: int, generations: int, T: int, d: int, ridge: float) -> Iterator[Values]:
    """X'X and X'y from a singular Bartlett factor, solved in d dimensions."""
    truth = np.full((d, 1), d**-0.5)
    w = np.broadcast_to(truth, (chains, d, 1))
    for _ in range(generations):
        factor = bartlett(rng, T, d, chains)[..., : min(T, d)]
        across = factor.swapaxes(1, 2)
        noise = rng.standard_normal((chains, across.shape[1], 1))
        w = np.linalg.solve(factor @ across + ridge * np.eye(d), factor @ (across @ w + noise))
        yield (np.einsum("cdo,cdo->c", w - truth, w - truth),)


def ridge_same(rng: Generator, chains: int, generations: int, T: int, d: int, ridge: float) -> Iterator[Values]:
    """The trapezoid of the singular Bartlett factor takes the place of X in the dual, T x T."""
    truth = np.full((d, 1), d**-0.5)
    w = np.broadcast_to(truth, (chains, d, 1))
    for _ in range(generations):
        factor = bartlett(rng, T, d, chains)[..., : min(T, d)]
        across = factor.swapaxes(1, 2)
        y = across @ w + rng.standard_normal((chains, across.shape[1], 1))
        w = factor @ np.linalg.solve(across @ factor + ridge * np.eye(across.shape[1]), y)
        yield (np.einsum("cdo,cdo->c", w - truth, w - truth),)


# --- discrete laws --------------------------------------------------------------------------------------------------


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
