"""Literal students at the sizes of the figures, in NumPy: hundreds of features, by exact sufficient statistics."""

from collections.abc import Sequence

import numpy as np


def student_risks(
    rng: np.random.Generator,
    values: np.ndarray,
    w0: np.ndarray,
    T: int,
    T0: int,
    penalties: Sequence[float],
    generators: Sequence[int],
    sigma2: float,
    sigma2_0: float,
) -> np.ndarray:
    r"""Risks of the students of n generators by least squares, one design for all penalties and n.

    $X^\top X = \Sigma^{1/2} L L^\top \Sigma^{1/2}$, L a Bartlett factor of min(d, T) columns, and
    $\hat w_n = w_0 + \sigma_0 \Sigma^{-1/2} \sum_k z_k/\sqrt{g_k}$, $g_k \sim \chi^2_{T_0 - d + 1}$: the law of T x d designs.

    **Args**: `rng`: random numbers; `values`: eigenvalues of $\Sigma$, (d,); `w0`: $w_0$ in its eigenbasis, (d,); `T`,
    `T0`: rows; `penalties`: $\lambda$; `generators`: n; `sigma2`, `sigma2_0`: variances of label noise.

    **Returns**: risks, (penalties, generators).
    """
    d, most = len(values), max(generators)
    k = min(d, T)
    L = np.tril(rng.standard_normal((d, d)), -1)[:, :k]
    L[np.arange(k), np.arange(k)] = np.sqrt(rng.chisquare(T - np.arange(k)))
    L *= np.sqrt(values)[:, None]
    steps = rng.standard_normal((most, d)) * np.sqrt(sigma2_0 / rng.chisquare(T0 - d + 1, (most, 1)) / values)
    w = w0 + np.concatenate([np.zeros((1, d)), np.cumsum(steps, 0)])[list(generators)]
    labels = L.T @ w.T + np.sqrt(sigma2) * rng.standard_normal((k, 1))
    left, singular, right = np.linalg.svd(L, full_matrices=False)
    turned = right @ labels
    risks = []
    for penalty in penalties:
        fitted = left @ ((singular / (singular**2 + T * penalty))[:, None] * turned)
        risks.append(values @ (fitted - w0[:, None]) ** 2)
    return np.array(risks)


def forgetting(rng: np.random.Generator, d: int, T0: int, generations: int, shared: bool) -> np.ndarray:
    r"""$\|\hat w_n - w_0\|^2$, $\|w_0\| = 1$, of noiseless generators of least norm, $\Sigma = I$, T_0 < d.

    **Args**: `rng`: random numbers; `d`: features; `T0`: rows; `generations`: how many; `shared`: one design for all.

    **Returns**: one number per generator.
    """
    w0 = np.full(d, d**-0.5)
    w, basis, risks = w0, np.zeros((0, d)), []
    for n in range(generations):
        if n == 0 or not shared:
            basis = np.linalg.qr(rng.standard_normal((d, T0)))[0]
        w = basis @ (basis.T @ w)
        risks.append(np.sum((w - w0) ** 2))
    return np.array(risks)
