r"""Sums over the eigenvalues of a matrix beta: what two Wishart matrices leave when their sum is divided out.

$B = W^{-1/2} W_2 W^{-1/2}$, $W = W_1 + W_2$, $W_i \sim W_d(I, n_i)$; B is independent of W. Its eigenvalues have the
density $\propto \prod_i x_i^{(n_2-d-1)/2} (1 - x_i)^{(n_1-d-1)/2} \prod_{i<j} |x_i - x_j|$, so that
$E e^{t \sum_i g(x_i)}$ is a ratio of Pfaffians (de Bruijn 1955) of
$A_{jk}(t) = \iint \operatorname{sgn}(y - x)\,e^{t g(x) + t g(y)} \varphi_j(x) \varphi_k(y)\,dx\,dy$; two derivatives of
$\tfrac12 \log\det A(t)$ at t = 0 are mean and variance.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from scipy.special import eval_jacobi, gammaln

from collapse_jax.laws._check import whole
from collapse_jax.laws.domain import Integers, domain
from collapse_jax.laws.wishart import _ORDER, _antiderivative

__all__ = ["Trace", "trace"]


class Trace(NamedTuple):
    r"""$\operatorname{tr} g(B) = \sum_i g(x_i)$.

    **Fields**: `mean`, `variance`: of the sum.
    """

    mean: float
    variance: float

    @property
    def square(self) -> float:
        """The mean of its square."""
        return self.variance + self.mean**2


@domain(("n_1 > d", "n_2 > d"), d=Integers(1, 200), n_1=Integers(2), n_2=Integers(2))
def trace(g: Callable[[Any], Any], d: int, n_1: int, n_2: int) -> Trace:
    r"""Mean and variance of $\operatorname{tr} g(B)$ (derived).

    **Args**: `g`: a smooth function of an array of numbers in (0, 1); `d`: features; `n_1`, `n_2`: rows, more than d.

    **Returns**: a `Trace`.

    **Raises**: ValueError outside the domain.

    >>> round(trace(lambda x: x, 3, 8, 12).mean, 12)  # d n_2 / (n_1 + n_2)
    1.8
    """
    d, n_1, n_2 = whole(d), whole(n_1), whole(n_2)
    theta, measure, panels, half = _angles(d, n_1 + n_2)
    x = np.sin(theta) ** 2
    phi = _jacobi(d, n_2 - d - 1, n_1 - d - 1, theta)
    value = np.broadcast_to(np.asarray(g(x), float), x.shape)
    powers = [phi, phi * value, phi * value**2]
    nodes = np.polynomial.legendre.leggauss(_ORDER)[0]
    totals = [power @ measure for power in powers]
    density = np.sin(2 * theta)
    swept = [
        total[:, None] - 2 * _antiderivative(power * density, panels, half, nodes)
        for total, power in zip(totals[:2], powers, strict=False)
    ]
    first, second = ((power * measure) @ swept[0].T for power in powers[1:])
    both = (powers[1] * measure) @ swept[1].T
    matrices = [(phi * measure) @ swept[0].T, first - first.T, second - second.T + both - both.T]
    if d % 2:
        matrices = [_bordered(matrix, total) for matrix, total in zip(matrices, totals, strict=True)]
    once, twice = (np.linalg.solve(matrices[0], matrix) for matrix in matrices[1:])
    return Trace(float(np.trace(once) / 2), float((np.trace(twice) - np.sum(once * once.T)) / 2))


def _angles(d: int, n: int) -> tuple[np.ndarray, np.ndarray, int, float]:
    r"""Nodes $\theta$, $x = \sin^2 \theta$, weights of dx, the number of panels and half their length."""
    panels = 24 + d // 2 + int(np.sqrt(n))
    nodes, weights = np.polynomial.legendre.leggauss(_ORDER)
    half = np.pi / 4 / panels
    theta = (2 * half * np.arange(panels)[:, None] + half * (1 + nodes)).ravel()
    return theta, np.tile(half * weights, panels) * np.sin(2 * theta), panels, half


def _jacobi(d: int, a: int, b: int, theta: np.ndarray) -> np.ndarray:
    r"""$x^{a/2} (1 - x)^{b/2}$ times Jacobi polynomials, j < d, orthonormal on (0, 1)."""
    j = np.arange(d)[:, None]
    size = np.log(2 * j + a + b + 1) + gammaln(j + a + b + 1) + gammaln(j + 1) - gammaln(j + a + 1) - gammaln(j + b + 1)
    weight = np.exp(size / 2 + a * np.log(np.sin(theta)) + b * np.log(np.cos(theta)))
    return weight * eval_jacobi(j, b, a, -np.cos(2 * theta))


def _bordered(matrix: np.ndarray, border: np.ndarray) -> np.ndarray:
    """Odd numbers of eigenvalues: one more row and column of single integrals."""
    return np.block([[matrix, border[:, None]], [-border[None], np.zeros((1, 1))]])
