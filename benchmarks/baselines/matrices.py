"""Gaussian chains in d dimensions, and their triangles."""

import math
from collections.abc import Iterator

import numpy as np
from numpy.random import Generator

from benchmarks.baselines.run import Values


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
    factor = np.zeros((d, d, chains))  # multiplied as a whole below
    for j in range(d):
        factor[j + 1 :, j] = rng.standard_normal((d - j - 1, chains))
        factor[j, j] = np.sqrt(2 * rng.standard_gamma((df - j) / 2, chains))
    factor *= scale
    return factor


def multiply_lower(left: np.ndarray, right: np.ndarray) -> None:
    """left <- left @ right for lower triangles (d, d, chains), column by column; left has zeros above its diagonal."""
    for j in range(left.shape[0]):
        left[j:, j] = np.einsum("ikc,kc->ic", left[j:, j:], right[j:, j])
