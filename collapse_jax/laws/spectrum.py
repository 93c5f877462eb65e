r"""Spectra of covariances, their degrees of freedom, and the implicit penalty of ridge regression.

$df_k(\kappa) = \operatorname{tr} \Sigma^k (\Sigma + \kappa I)^{-k}$. Ridge with penalty $\lambda$ per row on T rows of
$N(0, \Sigma)$ acts as the population ridge with the penalty $\kappa \ge \lambda$ that solves
$\kappa - \lambda = \kappa\,df_1(\kappa)/T$. `equivalents` puts errors together from these.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from scipy.optimize import brentq

from collapse_jax.laws._check import numbers, real, whole
from collapse_jax.laws.domain import Integers, Kind, NonNegative, Positive, domain

__all__ = ["Spectrum", "df", "df_1", "df_2", "effective_penalty", "projected_penalty"]

_ALONE, _RATIO, _NODES = 60, 0.1, 3  # indices kept one by one, then blocks of a tenth of their index, three nodes each


@dataclass(frozen=True, eq=False)
class Spectrum:
    r"""Eigenvalues $\Sigma_j > 0$ with multiplicities: a trace is $\sum_j \mu_j f(\Sigma_j)$.

    Vectors are given per eigenvalue, as the mean of their squares over the eigendirections that share it.

    **Args**: `values`: distinct or repeated eigenvalues, in any order; `multiplicities`: $\mu_j > 0$, one each by
    default; they need not be whole where a long spectrum is summed by quadrature.

    **Raises**: ValueError for eigenvalues or multiplicities that are not positive and finite.

    >>> Spectrum([2.0, 1.0], [1, 3]).trace()
    5.0
    """

    values: Any
    multiplicities: Any = None

    def __post_init__(self) -> None:
        values = numbers(self.values, "values").ravel()
        given = np.ones_like(values) if self.multiplicities is None else numbers(self.multiplicities, "multiplicities")
        for name, array in (("values", values), ("multiplicities", given.ravel())):
            if array.shape != values.shape or not array.size or not np.all((array > 0) & np.isfinite(array)):
                raise ValueError(f"{name} has to hold one positive finite number per eigenvalue; leave out null spaces")
            array.flags.writeable = False
            object.__setattr__(self, name, array)

    @classmethod
    def isotropic(cls, d: int, scale: float | int = 1) -> "Spectrum":
        r"""$\Sigma = s I_d$.

        **Args**: `d`: features; `scale`: s.

        **Returns**: a `Spectrum` of one eigenvalue.
        """
        return cls([real(scale)], [whole(d)])

    @classmethod
    def power_law(cls, d: int, beta: float | int, scale: float | int = 1) -> "Spectrum":
        r"""$\Sigma_j = s\,j^{-\beta}$, j = 1..d, in $O(\log d)$ nodes.

        The first sixty eigenvalues stand alone. Of the others, blocks of a tenth of their index are summed by the
        three-node Gauss rule for sums over whole numbers, which is exact for polynomials in j of degree 5; sums of
        rational functions of $\Sigma_j$ come out to about eight digits, and `trace(0)` is d.

        **Args**: `d`: features; `beta`: $\beta$; `scale`: s.

        **Returns**: a `Spectrum`.
        """
        index, weight = _blocks(whole(d))
        return cls(real(scale) * index ** -real(beta), weight)

    @classmethod
    def of(cls, covariance: Any) -> "Spectrum":
        r"""The spectrum of a covariance matrix.

        **Args**: `covariance`: $\Sigma$, (d, d), symmetric and positive definite.

        **Returns**: a `Spectrum` of d eigenvalues, the greatest first.
        """
        return cls(np.linalg.eigvalsh(numbers(covariance, "covariance"))[::-1])

    @cached_property
    def d(self) -> float:
        r"""The number of features, $\sum_j \mu_j$."""
        return float(self.multiplicities.sum())

    def sum(self, terms: Any) -> float:
        r"""$\sum_j \mu_j x_j$.

        **Args**: `terms`: $x_j$, one per eigenvalue, or one number for all.

        **Returns**: the sum.
        """
        return float(np.sum(self.multiplicities * terms))

    def trace(self, power: float | int = 1) -> float:
        r"""$\operatorname{tr} \Sigma^p$.

        **Args**: `power`: p.

        **Returns**: the trace.
        """
        return self.sum(self.values ** real(power))

    def shrunk(self, kappa: float | int) -> Any:
        r"""$D = \Sigma (\Sigma + \kappa)^{-1}$, what is left of a coefficient along each eigenvector.

        **Args**: `kappa`: $\kappa \ge 0$.

        **Returns**: numbers in (0, 1], one per eigenvalue.
        """
        return self.values / (self.values + real(kappa))


def _blocks(d: int) -> tuple[np.ndarray, np.ndarray]:
    """Nodes in 1..d and their weights; a block of m numbers has the first moments of its three nodes."""
    alone = min(d, _ALONE)
    index, weight, start = [np.arange(1.0, alone + 1)], [np.ones(alone)], alone + 1
    while start <= d:
        m = min(max(_NODES, int(start * _RATIO)), d - start + 1)
        centre = start + (m - 1) / 2
        if m <= _NODES:
            nodes, weights = np.arange(start, start + m, dtype=float), np.ones(m)
        else:
            square = (3 * m * m - 7) / 20
            side = m * (m * m - 1) / (24 * square)
            nodes = centre + np.sqrt(square) * np.array([-1.0, 0.0, 1.0])
            weights = np.array([side, m - 2 * side, side])
        index.append(nodes)
        weight.append(weights)
        start += m
    return np.concatenate(index), np.concatenate(weight)


@domain(spectrum=Kind(kind=Spectrum), kappa=NonNegative, power=Integers(0))
def df(spectrum: Spectrum, kappa: float | int, power: int) -> float:
    r"""Degrees of freedom, $df_p(\kappa) = \operatorname{tr} \Sigma^p (\Sigma + \kappa I)^{-p}$.

    **Args**: `spectrum`: of $\Sigma$; `kappa`: $\kappa$; `power`: p.

    **Returns**: a number in (0, d].

    >>> df(Spectrum.isotropic(10), 1.0, 2)
    2.5
    """
    return spectrum.sum(spectrum.shrunk(kappa) ** whole(power))


@domain(spectrum=Kind(kind=Spectrum), kappa=NonNegative)
def df_1(spectrum: Spectrum, kappa: float | int) -> float:
    r"""$df_1(\kappa) = \operatorname{tr} \Sigma (\Sigma + \kappa I)^{-1}$.

    **Args**: `spectrum`: of $\Sigma$; `kappa`: $\kappa$.

    **Returns**: a number in (0, d].
    """
    return spectrum.sum(spectrum.shrunk(kappa))


@domain(spectrum=Kind(kind=Spectrum), kappa=NonNegative)
def df_2(spectrum: Spectrum, kappa: float | int) -> float:
    r"""$df_2(\kappa) = \operatorname{tr} \Sigma^2 (\Sigma + \kappa I)^{-2}$.

    **Args**: `spectrum`: of $\Sigma$; `kappa`: $\kappa$.

    **Returns**: a number in (0, d].
    """
    return spectrum.sum(spectrum.shrunk(kappa) ** 2)


@domain(spectrum=Kind(kind=Spectrum), penalty=NonNegative, T=Positive)
def effective_penalty(spectrum: Spectrum, penalty: float | int, T: float | int) -> float:
    r"""$\kappa(\lambda, T)$, the largest root of $\kappa - \lambda = \kappa\,df_1(\kappa)/T$.

    The estimate is $(X^\top X/T + \lambda I)^{-1} X^\top y/T$. Without penalty $\kappa = 0$ for T >= d, and
    $df_1(\kappa) = T$ for T < d, where the estimate is the interpolator of least norm. The equation is convex in
    $\kappa$: Newton's method from above falls to the root.

    **Args**: `spectrum`: of $\Sigma$; `penalty`: $\lambda$, per row; `T`: rows.

    **Returns**: $\kappa \ge \lambda$.

    >>> effective_penalty(Spectrum.isotropic(100), 0.0, 50)
    1.0
    """
    penalty, T, values = real(penalty), real(T), spectrum.values
    if penalty == 0 and spectrum.d <= T * (1 + 1e-12):
        return 0.0
    kappa = penalty + spectrum.trace() / T
    for _ in range(200):
        shrunk = values / (values + kappa)
        excess = kappa * (1 - spectrum.sum(shrunk) / T) - penalty
        nearer = kappa - excess / (1 - spectrum.sum(shrunk**2) / T)
        if not nearer < kappa * (1 - 1e-15):
            break
        kappa = nearer
    return max(kappa, penalty)


@domain(spectrum=Kind(kind=Spectrum), penalty=NonNegative, T=Positive, m=Positive)
def projected_penalty(spectrum: Spectrum, penalty: float | int, T: float | int, m: float | int) -> tuple[float, float]:
    r"""$(\kappa_2, \kappa)$ of ridge on m random projections $S x$, $S_{ij} \sim N(0, 1/m)$.

    $$\lambda = \kappa_2 \left(1 - \frac{df_1(\kappa_2)}m\right)\left(1 - \frac{df_1(\kappa_2)}T\right), \qquad
    \kappa = \kappa_2 \left(1 - \frac{df_1(\kappa_2)}m\right), \qquad df_1(\kappa_2) \le \min(m, T).$$
    $\kappa$ is the effective penalty on the projected features, $\kappa_2$ that on the features themselves.

    **Args**: `spectrum`: of $\Sigma$; `penalty`: $\lambda$, per row; `T`: rows; `m`: projections.

    **Returns**: $\kappa_2$ and $\kappa$, $\lambda \le \kappa \le \kappa_2$.

    >>> projected_penalty(Spectrum.isotropic(100), 0.0, 80, 50)
    (1.0, 0.0)
    """
    penalty, T, m = real(penalty), real(T), real(m)
    least = effective_penalty(spectrum, 0.0, min(m, T))  # where one of the factors vanishes

    def projected(k: float) -> float:
        return k * max(1 - df_1(spectrum, k) / m, 0.0)

    if penalty == 0:
        return least, 0.0 if m <= T else projected(least)

    def excess(k: float) -> float:
        return projected(k) * max(1 - df_1(spectrum, k) / T, 0.0) - penalty

    highest = least + penalty + spectrum.trace() * (1 / m + 1 / T)
    root = _root(excess, max(least, penalty), highest)
    return root, projected(root)


def _root(function: Callable[[float], float], low: float, high: float) -> float:
    root: Any = brentq(function, low, high, xtol=1e-300, rtol=4 * np.finfo(float).eps, maxiter=500)
    return float(root)
