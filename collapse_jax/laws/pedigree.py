r"""One engine for every workflow whose estimates are fixed linear combinations of unbiased ones.

Fit t averages data sets k with weights $W_{tk}$; data set k was drawn from model $s(k)$, with noise $\xi_k$ of its own:

$$\theta_t = \sum_k W_{tk} (\theta_{s(k)} + \xi_k) \;\Rightarrow\; \theta_t - \theta_0 = \sum_k C_{tk} \xi_k, \qquad
  C_t = \sum_k W_{tk} (C_{s(k)} + e_k).$$

Noises are orthogonal, so second moments are sums of squares of C. Derived; O(G K) memory, no sampling.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from collapse_jax.host import afford
from collapse_jax.laws._check import real, whole
from collapse_jax.laws.domain import Integers, Kind, NonNegative, Positive, Probability, Real, domain
from collapse_jax.laws.identities import one_fit

__all__ = [
    "Pedigree",
    "chain",
    "coefficients",
    "drawn",
    "least_squares",
    "of",
    "of_weights",
    "pooled",
    "quadratic_error",
    "weighted",
]


def _array(name: str, value: Any, dtype: Any) -> np.ndarray:
    try:
        return np.array(value, dtype)
    except (TypeError, ValueError, OverflowError):
        raise ValueError(f"{name}={value!r} is no array of numbers of 64 bits; give one without gaps") from None


@dataclass(frozen=True, eq=False)
class Pedigree:
    """Which data set comes from which model, and which fit uses it.

    **Args**: `source`: (K,), the model that data set k was drawn from, 0 the truth, m the result of fit m; `size`:
    (K,), its number of observations, a data set of size 0 having weight 0; `weights`: (G, K), the weight of data set k
    in fit t in row t - 1, rows summing to 1.

    **Raises**: ValueError for shapes that do not fit, negative numbers, rows with another sum, weight on nothing, and
    fits on data of later models.
    """

    source: np.ndarray
    size: np.ndarray
    weights: np.ndarray

    def __post_init__(self):
        source, size = _array("source", self.source, np.int64), _array("size", self.size, np.int64)
        weights = _array("weights", self.weights, np.float64)
        if weights.ndim != 2 or not len(weights) or source.shape != weights.shape[1:] or size.shape != source.shape:
            raise ValueError("shapes differ; give source (K,), size (K,) and weights (G, K) with G >= 1")
        if np.any(source < 0) or np.any(size < 0):
            raise ValueError("negative source or size; number models from 0 (the truth) and use sizes >= 0")
        if not np.allclose(weights.sum(1), 1, rtol=0, atol=1e-9):
            raise ValueError("rows of weights do not sum to 1; divide each row by its sum")
        if np.any(weights[:, size == 0]):
            raise ValueError("a data set of size 0 carries weight; give it weight 0")
        if np.any(weights[source[None] > np.arange(len(weights))[:, None]]):
            raise ValueError("a fit uses data of its own or of a later model; let fit t use sources 0 .. t - 1")
        for name, array in (("source", source), ("size", size), ("weights", weights)):
            array.flags.writeable = False
            object.__setattr__(self, name, array)


@domain(n=Integers(1))
def of_weights(weights: Any, n: int = 1) -> Pedigree:
    """Data set j = 1, .., G drawn from model j - 1, n observations each, with weight `weights[t-1, j-1]` in fit t.

    **Args**: `weights`: lower triangular, (G, G), rows summing to 1; `n`: observations in every data set.

    **Returns**: the pedigree.

    **Raises**: ValueError for a matrix that is not square, and as `Pedigree` does.
    """
    matrix = _array("weights", weights, np.float64)
    if matrix.ndim != 2 or matrix.shape[0] != matrix.shape[1]:
        raise ValueError(f"weights has shape {matrix.shape}; give a lower triangular (G, G) matrix")
    fits = len(matrix)
    return Pedigree(np.arange(fits), np.full(fits, whole(n)), matrix)


@domain(generations=Integers(1))
def of(workflow: Any, generations: int) -> Pedigree:
    """The pedigree that a workflow says it has, over fits 1, .., generations.

    **Args**: `workflow`: one with a method `pedigree(generations)`; `generations`: how many fits.

    **Returns**: its `Pedigree`.

    **Raises**: ValueError for workflows in which chance decides what a fit sees (RandomPool, AccumulateSubsample), and
    for a class that redefines what a fit sees but not its pedigree.
    """
    generations = whole(generations)
    if not hasattr(type(workflow), "pedigree"):
        name = type(workflow).__name__
        raise ValueError(f"the pedigree of {name} is not known; build a Pedigree(source, size, weights)")
    return workflow.pedigree(generations)


@domain()
def chain(sizes: Sequence[int]) -> list[tuple[int, int]]:
    """Data set t = 1, 2, .. drawn from model t - 1, as (source, size).

    **Args**: `sizes`: sample sizes of data sets 1, 2, ..

    **Returns**: one pair per data set.
    """
    return [(t, n) for t, n in enumerate(sizes)]


@domain()
def pooled(data: list[tuple[int, int]], seen: Any) -> Pedigree:
    """Data sets (source, size), and for each fit those that it pools.

    **Args**: `data`: pairs (source, size); `seen`: for each fit, the places in `data` of what it pools, weighted by
    size.

    **Returns**: the pedigree.

    **Raises**: ValueError for a fit that sees no observation.
    """
    pairs = _array("data", data, np.int64)
    if pairs.ndim != 2 or pairs.shape[1] != 2:
        raise ValueError(f"data has shape {pairs.shape}; give at least one pair (source, size)")
    source, size = pairs.T
    afford(f"{len(seen)} fits on {len(data)} data sets", numbers=len(seen) * len(data), remedy="use fewer generations")
    weights = np.zeros((len(seen), len(data)))
    for row, chosen in zip(weights, map(list, seen), strict=True):
        if not size[chosen].sum():
            raise ValueError(
                "a fit sees no observation; use a larger n (a redrawn window takes n // k from each model)"
            )
        row[chosen] = size[chosen] / size[chosen].sum()
    return Pedigree(source, size, weights)


@domain()
def drawn(fits: list[list[tuple[int, int]]]) -> Pedigree:
    """All data sets of a fit are drawn for it alone.

    **Args**: `fits`: for each fit its data sets as pairs (source, size).

    **Returns**: the pedigree, in which no two fits share a data set.
    """
    ends = np.cumsum([len(data) for data in fits])
    return pooled(
        [one for data in fits for one in data], [range(e - len(f), e) for f, e in zip(fits, ends, strict=True)]
    )


@domain(pedigree=Kind(kind=Pedigree), weight=Probability)
def weighted(pedigree: Pedigree, weight: float) -> Pedigree:
    """Two data sets per fit from t = 2 on, the first with this weight.

    **Args**: `pedigree`: one whose fits from t = 2 on have two data sets each; `weight`: of the first of them.

    **Returns**: the pedigree with these weights in place of shares by size.

    **Raises**: ValueError for a pedigree of another shape.
    """
    weights = pedigree.weights.copy()
    if weights.shape[1] != 2 * len(weights) - 1:
        raise ValueError(
            f"weights have shape {weights.shape}; give a pedigree of (G, 2 G - 1), one data set and then two"
        )
    for t in range(2, len(weights) + 1):
        weights[t - 1, 2 * t - 3 : 2 * t - 1] = weight, 1 - weight
    return Pedigree(pedigree.source, pedigree.size, weights)


@domain(pedigree=Kind(kind=Pedigree))
def coefficients(pedigree: Pedigree) -> np.ndarray:
    r"""$C$, (G, K): $\theta_t - \theta_0 = \sum_k C_{tk} \xi_k$.

    **Args**: `pedigree`: of G fits on K data sets.

    **Returns**: the matrix, row t - 1 for fit t.

    >>> coefficients(of_weights([[1, 0], [0.5, 0.5]]))  # accumulation: 1, 1/2, 1/3, ...
    array([[1. , 0. ],
           [1. , 0.5]])
    """
    fits, sets = pedigree.weights.shape
    what = f"{fits} fits on {sets} data sets"
    afford(what, numbers=fits * sets, operations=fits * sets**2, remedy="use fewer generations")
    models = np.zeros((len(pedigree.weights) + 1, len(pedigree.source)))
    for t, row in enumerate(pedigree.weights, 1):
        used = np.flatnonzero(row)
        models[t] = row + row[used] @ models[pedigree.source[used]]
    return models[1:]


@domain("T >= d + 2", pedigree=Kind(kind=Pedigree), d=Integers(1), T=Integers(1), sigma2=Positive)
def least_squares(pedigree: Pedigree, d: int, T: int, sigma2: float | int) -> np.ndarray:
    r"""Expected excess risk $\frac{\sigma^2 d}{T - d - 1} \|C_t\|^2$, t = 1, .., G, one design shared by all data sets.

    Each data set is the design once, T rows; stacked copies are data sets of their own.

    **Args**: `pedigree`: with T rows in every data set used; `d`: features; `T`: rows of the design; `sigma2`:
    variance of the label noise.

    **Returns**: the risks, (G,).

    **Raises**: ValueError for T below d + 2, where the risk has no mean, and for data sets of another size.
    """
    d, T = (whole(d), whole(T))
    used = pedigree.weights.any(0)
    if np.any(pedigree.size[used] != T):
        raise ValueError(f"a shared design has T={T} rows in every data set; build the pedigree with n={T}")
    return one_fit(d, T, real(sigma2)) * (coefficients(pedigree) ** 2).sum(1)


@domain(pedigree=Kind(kind=Pedigree), v=NonNegative, v2=Real)
def quadratic_error(pedigree: Pedigree, v: float | int, v2: float | int) -> np.ndarray:
    r"""$E(\theta_t - \theta_0)^2$, t = 1, .., G, for a quadratic variance function V with $V(\theta_0) = v$.

    $$\mathrm{Var}\,\theta_t = \sum_k C_{tk}^2\, E V(\theta_{s(k)}) / n_k, \qquad
      E V(\theta_m) = v + v_2 \mathrm{Var}\,\theta_m.$$

    Summed over the symbols of a categorical distribution, v = 1 - S_0 and v_2 = -1 give $E\|p^{(t)} - p\|_2^2$.

    **Args**: `pedigree`: of G fits; `v`: $V(\theta_0)$; `v2`: the quadratic coefficient of V.

    **Returns**: the errors, (G,).

    **Raises**: ValueError for a negative v.

    >>> quadratic_error(of_weights([[1, 0], [0, 1]], n=10), 0.62, -1).round(12)
    array([0.062 , 0.1178])
    """
    squared = coefficients(pedigree) ** 2
    spread = np.zeros(len(squared) + 1)
    size = np.maximum(pedigree.size, 1)
    for t, row in enumerate(squared, 1):
        used = np.flatnonzero(row)
        spread[t] = row[used] @ ((v + v2 * spread[pedigree.source[used]]) / size[used])
    return spread[1:]
