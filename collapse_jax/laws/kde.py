r"""Kernel density estimates refitted on their own draws: what is expected of them, without sampling.

A Gaussian kernel of bandwidth h multiplies a characteristic function by $\kappa(w) = e^{-h^2 |w|^2/2}$, and n draws
from a model with empirical characteristic function c (before the kernel) have one, c', with

$$E(c' \mid c) = \kappa c, \qquad E(|c'|^2 \mid c) = \tfrac1n + (1 - \tfrac1n)\,\kappa^2 |c|^2.$$

So under every workflow with a pedigree $E c_t = \varphi\, A_t(\kappa)$ and $E |c_t|^2 = B_t(\kappa) + C_t(\kappa)
|\varphi|^2$ for polynomials with coefficients that are not negative, $\varphi$ belonging to the truth, and by
Parseval

$$E \int (f_t - p)^2 = (2\pi)^{-d} \int \kappa^2 (B_t + C_t |\varphi|^2) - 2 \kappa A_t |\varphi|^2 + |\varphi|^2,$$

of which every term is a sum of normal densities. Exact for every sample size, generation and dimension; derived.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from collapse_jax.host import afford
from collapse_jax.laws._check import numbers, real, whole
from collapse_jax.laws.domain import Integers, Kind, Positive, domain
from collapse_jax.laws.pedigree import Pedigree

__all__ = ["Mixture", "integrated_squared_error", "kernels", "normal"]


@dataclass(frozen=True, eq=False)
class Mixture:
    r"""The law $\sum_k w_k N(m_k, s_k^2 I_d)$.

    **Args**: `weights`: (K,), summing to 1; `means`: (K, d); `scales`: (K,), standard deviations.

    **Raises**: ValueError for shapes that do not fit, and for weights or scales that are not positive.
    """

    weights: np.ndarray
    means: np.ndarray
    scales: np.ndarray

    def __post_init__(self):
        weights, means, scales = (numbers(getattr(self, name), name) for name in ("weights", "means", "scales"))
        if means.ndim != 2 or weights.shape != (len(means),) or scales.shape != weights.shape:
            raise ValueError(
                f"weights {weights.shape}, means {means.shape} and scales {scales.shape} do not fit; give (K,), (K, d) "
                "and (K,)"
            )
        if not (np.all(weights > 0) and np.all(scales > 0) and abs(weights.sum() - 1) < 1e-9):
            raise ValueError("weights or scales are not usable; give weights > 0 that sum to 1, and scales > 0")
        for name, array in (("weights", weights), ("means", means), ("scales", scales)):
            object.__setattr__(self, name, array)

    @property
    def d(self) -> int:
        """The dimension."""
        return self.means.shape[1]

    def overlap(self, added: Any) -> np.ndarray:
        r"""$\int p * N(0, v I_d)\, p$ for every v in `added`."""
        v = np.asarray(added, float)[..., None, None] + self.scales[:, None] ** 2 + self.scales**2
        apart = np.sum((self.means[:, None] - self.means) ** 2, -1)
        return np.einsum(
            "k,l,...kl->...", self.weights, self.weights, np.exp(-apart / (2 * v)) * (2 * np.pi * v) ** (-self.d / 2)
        )


@domain(d=Integers(1), scale=Positive)
def normal(d: int = 1, scale: float | int = 1.0) -> Mixture:
    """The normal law about 0 with this standard deviation in each of d dimensions.

    **Args**: `d`: the dimension; `scale`: the standard deviation.

    **Returns**: it, as a mixture of one.

    **Raises**: ValueError outside of the domain.
    """
    return Mixture(np.ones(1), np.zeros((1, whole(d))), np.array([real(scale)]))


@domain(pedigree=Kind(kind=Pedigree))
def kernels(pedigree: Pedigree) -> np.ndarray:
    r"""How many kernels lie between the truth and a draw: $E f_t = p * \sum_j K_{tj}\, N(0, (j + 1) h^2 I_d)$.

    Under `Replace` it is t for certain, under `Accumulate` the number of cycles of a random permutation of t.

    **Args**: `pedigree`: of G fits.

    **Returns**: K, (G, G), the probability of j + 1 kernels in column j; these are the coefficients of $A_t$.

    **Raises**: ValueError for what is no pedigree.

    >>> from collapse_jax.laws.pedigree import of_weights
    >>> kernels(of_weights([[1, 0], [0.5, 0.5]]))
    array([[1. , 0. ],
           [0.5, 0.5]])
    """
    fits = len(pedigree.weights)
    counts = np.zeros((fits + 1, fits + 1))
    for t, row in enumerate(pedigree.weights, 1):
        real_data = pedigree.source == 0
        counts[t, 0] = row[real_data].sum()
        counts[t, 1:] += (row[~real_data] @ counts[pedigree.source[~real_data]])[:-1]
    return counts[1:, :-1]


@domain(pedigree=Kind(kind=Pedigree), bandwidth=Positive, truth=Kind(kind=Mixture))
def integrated_squared_error(pedigree: Pedigree, bandwidth: float | int, truth: Mixture) -> np.ndarray:
    r"""$E \int (f_t - p)^2$, t = 1, .., G, at a bandwidth that stays the same.

    **Args**: `pedigree`: of G fits on K data sets, weighted by size where the estimate pools them; `bandwidth`: h;
    `truth`: p.

    **Returns**: the errors, (G,).

    **Raises**: ValueError for a bandwidth that is not positive, and for more data sets than there is room for.

    >>> from collapse_jax.laws.pedigree import of_weights
    >>> integrated_squared_error(of_weights([[1, 0], [0, 1]], n=30), 0.3, normal()).round(5)
    array([0.02272, 0.03713])
    """
    h2, d = real(bandwidth) ** 2, truth.d
    noise, signal = _second_moments(pedigree)
    mean = kernels(pedigree)
    power = np.arange(noise.shape[1])
    kernel = (2 * np.pi * h2 * (power + 2)) ** (-d / 2)
    cross = truth.overlap(h2 * np.arange(len(power) + 2))
    return noise @ kernel + signal @ cross[2:] - 2 * mean @ cross[1 : len(mean) + 1] + cross[0]


def _second_moments(pedigree: Pedigree) -> tuple[np.ndarray, np.ndarray]:
    r"""Coefficients of $B_t$ and $C_t$, (G, 2 G) each, from those of every pair of data sets."""
    order = np.argsort(pedigree.source, kind="stable")  # what a data set descends from stands before it
    source, size, weights = pedigree.source[order], pedigree.size[order], pedigree.weights[:, order]
    fits, sets = weights.shape
    terms = 2 * fits
    afford(f"{fits} fits on {sets} data sets", numbers=2 * sets**2 * terms, operations=2 * sets**3 * terms,
           remedy="use fewer generations")  # fmt: skip
    pairs, mean = np.zeros((sets, sets, 2, terms)), np.zeros((sets, terms))
    for k in np.flatnonzero(size):
        s, n = source[k], size[k]
        if s == 0:
            mean[k, 0] = 1
            pairs[k, :k, 1] = mean[:k]
            square = np.zeros((2, terms))
            square[1, 0] = 1
        else:
            row = weights[s - 1, :k]
            mean[k, 1:] = (row @ mean[:k])[:-1]
            joint = np.tensordot(row, pairs[:k, :k], 1)
            pairs[k, :k, :, 1:] = joint[..., :-1]
            square = np.zeros((2, terms))
            square[:, 2:] = np.tensordot(row, joint, 1)[:, :-2]
        pairs[:k, k] = pairs[k, :k]
        pairs[k, k] = (1 - 1 / n) * square
        pairs[k, k, 0, 0] += 1 / n
    squares = np.einsum("tk,tl,klpm->ptm", weights, weights, pairs, optimize=True)
    return squares[0], squares[1]
