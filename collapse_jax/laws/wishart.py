r"""Sums over the eigenvalues of real Wishart and matrix beta matrices: exact means and variances at any finite size.

The joint density $\prod_i w(x_i) \prod_{i<j} |x_i - x_j|$ makes $E e^{t \sum_i g(x_i)}$ a ratio of Pfaffians (de Bruijn),
of the skew matrix $A_{jk}(t) = \iint \operatorname{sgn}(y - x)\, e^{t g(x) + t g(y)} \varphi_j(x) \varphi_k(y)\,dx\,dy$ with
$\varphi_j$ = w times orthonormal polynomials; two derivatives at t = 0 of $\tfrac12 \log\det A(t)$ are mean and variance.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from scipy.special import eval_genlaguerre, eval_jacobi, gammaln

from collapse_jax.laws._check import whole
from collapse_jax.laws.domain import Integers, domain

__all__ = ["Sum", "matrix_beta", "wishart"]

_PANELS, _NODES = 60, 20


class Sum(NamedTuple):
    r"""Mean and variance of $\operatorname{tr} g(W) = \sum_i g(x_i)$.

    **Args**: `mean`, `variance`: numbers.
    """

    mean: float
    variance: float

    @property
    def square(self) -> float:
        """The mean of its square."""
        return self.variance + self.mean**2


@domain(("(n - d)**2 >= 1", "min(n, d) <= 200"), d=Integers(1), n=Integers(1))
def wishart(g: Callable[[Any], Any], d: int, n: int) -> Sum:
    r"""$\operatorname{tr} g(W)$ for $W = X'X \sim W_d(I, n)$, X of n rows and d columns (derived).

    For n < d the other d - n eigenvalues are 0, where g then has to be defined.

    **Args**: `g`: a smooth function of an array; `d`: columns; `n`: rows, another number than d.

    **Returns**: mean and variance.

    >>> round(wishart(lambda x: 1 / x, 4, 10).mean, 12)  # d / (n - d - 1)
    0.8
    """
    d, n = whole(d), whole(n)
    if n < d:
        nonzero = wishart(g, n, d)
        return Sum(nonzero.mean + (d - n) * float(g(np.zeros(1))[0]), nonzero.variance)
    excess = n - d - 1
    middle, reach = np.sqrt(n), np.sqrt(d) + 9
    u, half = _panels(max(0.0, middle - reach), middle + reach)
    x, j = u * u, np.arange(d)[:, None]
    size = (gammaln(j + 1) - gammaln(j + excess + 1) + excess * np.log(x) - x) / 2
    return _sum(g, x, np.exp(size) * eval_genlaguerre(j, excess, x) * 2 * u, half)


@domain(("n_1 > d", "n_2 > d"), d=Integers(1, 200), n_1=Integers(1), n_2=Integers(1))
def matrix_beta(g: Callable[[Any], Any], d: int, n_1: int, n_2: int) -> Sum:
    r"""$\operatorname{tr} g(B)$ for $B = W^{-1/2} W_2 W^{-1/2}$, $W = W_1 + W_2$, $W_i \sim W_d(I, n_i)$ (derived).

    B is independent of W.

    **Args**: `g`: a smooth function of an array of numbers in (0, 1); `d`: columns; `n_1`, `n_2`: rows, more than d.

    **Returns**: mean and variance.

    >>> round(matrix_beta(lambda x: x, 3, 8, 12).mean, 12)  # d n_2 / (n_1 + n_2)
    1.8
    """
    d, b, a = whole(d), whole(n_1) - whole(d) - 1, whole(n_2) - whole(d) - 1
    theta, half = _panels(0.0, np.pi / 2)
    x, rest, j = np.sin(theta) ** 2, np.cos(theta) ** 2, np.arange(d)[:, None]
    size = np.log(2 * j + a + b + 1) + gammaln(j + a + b + 1) + gammaln(j + 1) - gammaln(j + a + 1) - gammaln(j + b + 1)
    weight = np.exp((size + a * np.log(x) + b * np.log(rest)) / 2)
    return _sum(g, x, weight * eval_jacobi(j, b, a, 2 * x - 1) * np.sin(2 * theta), half)


def _panels(low: float, high: float) -> tuple[np.ndarray, float]:
    """Gauss-Legendre nodes of equal panels, and half the length of one."""
    nodes, _ = np.polynomial.legendre.leggauss(_NODES)
    edges = np.linspace(low, high, _PANELS + 1)
    half = (high - low) / (2 * _PANELS)
    return (edges[:-1, None] + half * (1 + nodes)).ravel(), half


def _running() -> np.ndarray:
    """Row i integrates the interpolating polynomial from -1 to node i."""
    nodes, _ = np.polynomial.legendre.leggauss(_NODES)
    legendre = np.polynomial.legendre.Legendre
    integrals = [legendre.basis(k).integ(lbnd=-1)(nodes) for k in range(_NODES)]
    return np.stack(integrals, 1) @ np.linalg.inv(np.polynomial.legendre.legvander(nodes, _NODES - 1))


def _sum(g: Callable[[Any], Any], x: np.ndarray, phi: np.ndarray, half: float) -> Sum:
    """From the functions at the nodes, each times the weight of its variable of integration."""
    weights = half * np.polynomial.legendre.leggauss(_NODES)[1]
    running, value = half * _running(), np.broadcast_to(np.asarray(g(x), float), x.shape)
    powers = [phi, phi * value, phi * value**2]

    def signed(function):
        r"""$\int \operatorname{sgn}(y - x) f(y)\,dy$ at the nodes, and $\int f$."""
        by_panel = function.reshape(len(function), _PANELS, _NODES)
        totals = by_panel @ weights
        until = np.cumsum(totals, 1)
        below = (until - totals)[..., None] + by_panel @ running.T
        return until[:, -1:] - 2 * below.reshape(function.shape), until[:, -1]

    def paired(one, other):
        return (one * np.tile(weights, _PANELS)) @ signed(other)[0].T

    first = paired(powers[1], powers[0])
    second = paired(powers[2], powers[0])
    both = paired(powers[1], powers[1])
    matrices = [paired(phi, phi), first - first.T, second - second.T + both - both.T]
    if len(phi) % 2:
        totals = [signed(power)[1] for power in powers]
        matrices = [_bordered(matrix, border) for matrix, border in zip(matrices, totals, strict=True)]
    once, twice = (np.linalg.solve(matrices[0], matrix) for matrix in matrices[1:])
    return Sum(float(np.trace(once) / 2), float((np.trace(twice) - np.sum(once * once.T)) / 2))


def _bordered(matrix: np.ndarray, border: np.ndarray) -> np.ndarray:
    """Odd numbers of eigenvalues: one more row and column of single integrals."""
    return np.block([[matrix, border[:, None]], [-border[None], np.zeros((1, 1))]])
