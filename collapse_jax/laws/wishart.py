r"""Exact means over the eigenvalues of a white Wishart matrix, of which deterministic equivalents are the limits.

$W = X^\top X$, X being T x d with independent N(0, 1) entries. For T > d the eigenvalues have the density
$\propto \prod_i x_i^{(T-d-1)/2} e^{-x_i/2} \prod_{i<j} |x_i - x_j|$, whose means are Pfaffians (de Bruijn 1955).
"""

from collections.abc import Callable
from functools import lru_cache
from typing import Any

import numpy as np
from scipy.special import gammaln

from collapse_jax.laws._check import whole
from collapse_jax.laws.domain import Integers, domain

__all__ = ["eigenvalues", "mean_trace"]

_ORDER = 16  # Gauss-Legendre nodes per panel, in the square root of the eigenvalue


@domain("abs(T - d) >= 1", d=Integers(1, 400), T=Integers(1))
def eigenvalues(d: int, T: int) -> tuple[np.ndarray, np.ndarray]:
    r"""Nodes and weights of the mean spectrum of W: $E \sum_i f(x_i) = \sum_k \omega_k f(x_k)$.

    With orthonormal Laguerre functions $\varphi_j$ and
    $A_{jk} = \iint \operatorname{sgn}(y - x)\,\varphi_j(x) \varphi_k(y)\,dx\,dy$ the mean is
    $\operatorname{tr} A^{-1} B$, B having $f \varphi_j$ in place of $\varphi_j$; for odd d the matrices are bordered by
    $\int \varphi_j$. For T < d the spectrum is that of the T x T matrix, and d - T zeros.

    **Args**: `d`: features; `T`: rows.

    **Returns**: x and $\omega$, $\sum_k \omega_k = d$.

    **Raises**: ValueError outside the domain.
    """
    d, T = whole(d), whole(T)
    nodes, weights = _spectrum(min(d, T), max(d, T))
    if d < T:
        return nodes, weights
    return np.append(nodes, 0.0), np.append(weights, float(d - T))


@domain("abs(T - d) >= 1", d=Integers(1, 400), T=Integers(1))
def mean_trace(f: Callable[[Any], Any], d: int, T: int) -> float:
    r"""$E \operatorname{tr} f(W)$.

    **Args**: `f`: a function of arrays of eigenvalues; `d`: features; `T`: rows.

    **Returns**: the mean, to about ten digits for smooth f.

    **Raises**: ValueError outside the domain.

    >>> round(mean_trace(lambda x: 1 / x, 10, 31), 9)  # d / (T - d - 1)
    0.5
    """
    nodes, weights = eigenvalues(d, T)
    return float(np.sum(weights * f(nodes)))


@lru_cache(maxsize=64)
def _spectrum(d: int, T: int) -> tuple[np.ndarray, np.ndarray]:
    edge = np.sqrt(T) + np.sqrt(d) + 7.0  # beyond, the largest singular value has probability exp(-49/2) or so
    panels = int(np.ceil(d + edge)) // 2 + 4
    t, w = np.polynomial.legendre.leggauss(_ORDER)
    half = edge / panels / 2
    root = (2 * half * np.arange(panels)[:, None] + half * (1 + t)).ravel()
    measure = np.tile(half * w, panels) * 2 * root
    phi = _laguerre(d, T - d - 1, root**2)
    total, below = phi @ measure, _antiderivative(phi * 2 * root, panels, half, t)
    swept = total[:, None] - 2 * below  # of sgn(y - x) phi_k(y) over y
    A = (phi * measure) @ swept.T
    if d % 2:
        A = np.block([[A, total[:, None]], [-total[None, :], np.zeros((1, 1))]])
        phi = np.vstack([phi, np.zeros_like(root)])
        swept = np.vstack([swept, np.ones_like(root)])
    inverse = np.linalg.inv((A - A.T) / 2)
    return root**2, measure * np.einsum("jx,kj,kx->x", phi, inverse, swept, optimize=True)


def _laguerre(d: int, a: int, x: np.ndarray) -> np.ndarray:
    r"""$\varphi_j(x) = \sqrt{j!/\Gamma(j + a + 1)}\,x^{a/2} e^{-x/2} L_j^{(a)}(x)$, j < d, orthonormal on x > 0."""
    with np.errstate(divide="ignore"):
        first = np.exp((a * np.log(x) - x - gammaln(a + 1)) / 2)
    rows = [first, (1 + a - x) / np.sqrt(1 + a) * first]
    for j in range(1, d - 1):
        up, down = np.sqrt((j + 1) * (j + 1 + a)), np.sqrt(j * (j + a))
        rows.append(((2 * j + 1 + a - x) * rows[j] - down * rows[j - 1]) / up)
    return np.array(rows[:d])


def _antiderivative(values: np.ndarray, panels: int, half: float, t: np.ndarray) -> np.ndarray:
    """The integral from 0 to every node, of functions given at the nodes of all panels."""
    legendre = np.polynomial.legendre
    basis = np.linalg.inv(legendre.legvander(t, _ORDER - 1))
    integrals = np.stack([legendre.legval(t, legendre.legint(row, lbnd=-1)) for row in np.eye(_ORDER)], 1) @ basis
    ends = np.array([legendre.legval(1.0, legendre.legint(row, lbnd=-1)) for row in np.eye(_ORDER)]) @ basis
    split = values.reshape(len(values), panels, _ORDER)
    before = np.cumsum(split @ ends, 1) * half
    within = np.einsum("jpn,mn->jpm", split, integrals) * half
    within[:, 1:] += before[:, :-1, None]
    return within.reshape(len(values), -1)
