"""Least squares and ridge."""

from collections.abc import Iterator

import numpy as np
from numpy.random import Generator

from benchmarks.baselines.matrices import bartlett, bartlett_last
from benchmarks.baselines.run import Values


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
    """The trapezoid of the singular Bartlett factor takes the place of X in the dual, T x T."""
    truth = np.full((d, 1), d**-0.5)
    w = np.broadcast_to(truth, (chains, d, 1))
    for _ in range(generations):
        factor = bartlett(rng, T, d, chains)[..., : min(T, d)]
        across = factor.swapaxes(1, 2)
        y = across @ w + rng.standard_normal((chains, across.shape[1], 1))
        w = factor @ np.linalg.solve(across @ factor + ridge * np.eye(across.shape[1]), y)
        yield (np.einsum("cdo,cdo->c", w - truth, w - truth),)


def ridge_same(rng: Generator, chains: int, generations: int, T: int, d: int, ridge: float) -> Iterator[Values]:
    """X in bidiagonal form, of independent chi-squares, beginning with w / |w|: one tridiagonal system, chains last."""
    truth = np.full((d, 1), d**-0.5)
    w, m, above = np.repeat(truth, chains, 1), min(T, d), min(T, d - 1)
    df = np.r_[T - np.arange(m), d - 1 - np.arange(above)]
    a2, b2 = np.empty((m, chains)), np.zeros((m, chains))
    z, g, pivot, s = np.empty((m, chains)), np.empty((d, chains)), np.empty((m, chains)), np.empty((m, chains))
    for _ in range(generations):
        for row, nu in zip([*a2, *b2[:above]], df, strict=True):
            rng.standard_gamma(nu / 2, out=row)
            row *= 2
        a, b = np.sqrt(a2), np.sqrt(b2)
        rng.standard_normal(out=z)
        rng.standard_normal(out=g)
        size = np.sqrt(np.einsum("dc,dc->c", w, w))
        z[0] += a[0] * size
        np.add(a2, b2, out=pivot)
        pivot += ridge
        beside = b[:-1] * a[1:]
        for i in range(1, m):
            ratio = beside[i - 1] / pivot[i - 1]
            pivot[i] -= ratio * beside[i - 1]
            z[i] -= ratio * z[i - 1]
        z[-1] /= pivot[-1]
        for i in range(m - 2, -1, -1):
            z[i] -= beside[i] * z[i + 1]
            z[i] /= pivot[i]
        np.multiply(b, z, out=s)
        s[:-1] += a[1:] * z[1:]
        unit = w / size
        g -= unit * np.einsum("dc,dc->c", unit, g)
        g *= np.sqrt(np.einsum("dc,dc->c", s, s) / np.einsum("dc,dc->c", g, g))
        unit *= a[0] * z[0]
        w = unit + g
        error = w - truth
        yield (np.einsum("dc,dc->c", error, error),)
