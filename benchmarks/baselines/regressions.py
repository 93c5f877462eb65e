"""Verified labels, random projections, and a memory that is retold to itself."""

from collections.abc import Iterator

import numpy as np
from numpy.random import Generator

from benchmarks.baselines.run import Values


def verified_loop(
    rng: Generator, generations: int, p: int, n: int, wrong: float, right: float, keep: float, ridge: float
) -> list[float]:
    """Fit 1 sees right labels, later ones labels that may be wrong and a verifier's choice; accuracy of each."""
    return [float(_accuracy(_classified(rng, (), t > 0, p, n, wrong, right, keep, ridge))) for t in range(generations)]


def verified_raw(
    rng: Generator, chains: int, generations: int, p: int, n: int, wrong: float, right: float, keep: float, ridge: float
) -> Iterator[Values]:
    for t in range(generations):
        yield (_accuracy(_classified(rng, (chains,), t > 0, p, n, wrong, right, keep, ridge)),)


def _classified(rng, batch, synthetic, p, n, wrong, right, keep, ridge) -> np.ndarray:
    """The coefficients of one fit, the mean along the first axis; only y x and whether the label is right matter."""
    u = rng.standard_normal((*batch, n, p))
    u[..., 0] += 1
    label = np.ones((*batch, n))
    if synthetic:
        error = rng.random(label.shape) < wrong
        label = np.where(error, -1.0, 1.0) * (rng.random(label.shape) < np.where(error, keep, right))
    gram = np.swapaxes(u * np.abs(label)[..., None], -1, -2) @ u / n
    gram[..., np.arange(p), np.arange(p)] += ridge
    moment = np.einsum("...n,...np->...p", label, u) / n
    return np.linalg.solve(gram, moment[..., None])[..., 0]


def _accuracy(w: np.ndarray) -> np.ndarray:
    from scipy.special import ndtr

    return ndtr(w[..., 0] / np.sqrt(np.einsum("...p,...p->...", w, w)))


def projections_loop(rng: Generator, generations: int, d: int, m: int, T: int, ridge: float) -> list[float]:
    """Rows, labels and the ridge fit of m random features; the risk without label noise."""
    path, S = [], rng.standard_normal((m, d)) / m**0.5
    truth = np.zeros(d)
    truth[0] = 1
    w = truth
    for _ in range(generations):
        x = rng.standard_normal((T, d))
        y = x @ w + rng.standard_normal(T)
        z = x @ S.T
        w = S.T @ np.linalg.solve(z.T @ z + T * ridge * np.eye(m), z.T @ y)
        path.append(float(((w - truth) ** 2).sum()))
    return path


def projections_raw(
    rng: Generator, chains: int, generations: int, d: int, m: int, T: int, ridge: float
) -> Iterator[Values]:
    S, truth = rng.standard_normal((chains, m, d)) / m**0.5, np.eye(d)[0]
    w = np.broadcast_to(truth, (chains, d))
    for _ in range(generations):
        x = rng.standard_normal((chains, T, d))
        y = (x @ w[..., None])[..., 0] + rng.standard_normal((chains, T))
        z = x @ S.swapaxes(1, 2)
        gram = z.swapaxes(1, 2) @ z + T * ridge * np.eye(m)
        v = np.linalg.solve(gram, z.swapaxes(1, 2) @ y[..., None])
        w = (S.swapaxes(1, 2) @ v)[..., 0]
        yield (((w - truth) ** 2).sum(1),)


def memory_loop(rng: Generator, generations: int, p: tuple[float, ...], n: int) -> list[float]:
    """A memory of n tokens tells n tokens to the next one; how many different ones it still knows."""
    law, path = np.asarray(p), []
    q = law
    for _ in range(generations):
        q = np.bincount(rng.choice(len(law), n, p=q), minlength=len(law)) / n
        path.append(float((q > 0).sum()))
    return path


def memory_raw(rng: Generator, chains: int, generations: int, p: tuple[float, ...], n: int) -> Iterator[Values]:
    """Tokens by inversion, in one table that holds the laws of all chains one after the other."""
    q, chain = np.broadcast_to(np.asarray(p), (chains, len(p))), np.arange(chains)[:, None]
    for _ in range(generations):
        table = np.cumsum(q, 1)
        token = np.searchsorted((table / table[:, -1:] + chain).ravel(), rng.random((chains, n)) + chain, "right")
        q = np.bincount(token.ravel(), minlength=q.size).reshape(q.shape) / n
        yield ((q > 0).sum(1).astype(float),)


def memory_stats(rng: Generator, chains: int, generations: int, p: tuple[float, ...], n: int) -> Iterator[Values]:
    law = np.asarray(p)
    q = np.broadcast_to(law, (chains, len(law)))
    for _ in range(generations):
        q = rng.multinomial(n, q / q.sum(1, keepdims=True)) / n
        yield ((q > 0).sum(1).astype(float),)
