r"""Empirical distributions under replacement, backwards in time (the coalescent of the Wright-Fisher model).

$p^{(t)}$ is the empirical law of n draws from $p^{(t-1)}$, $p^{(0)} = p$. Draws of generation t are traced to their
parents among the n draws of generation t - 1: k of them have j distinct parents with probability $M_{kj}$, so that

$$E \sum_i (p_i^{(t)})^k = \sum_j (M^t)_{kj} P_j, \qquad P_j = \sum_i p_i^j.$$

Exact for every p; derived, an extension of Theorem 1 of Seddik et al. (2024, arXiv 2404.05090). O(n^2) per generation.
"""

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import numpy as np
from scipy.optimize import brentq

from collapse_jax.host import afford
from collapse_jax.laws._check import pmf, whole
from collapse_jax.laws.domain import Integers, Probabilities, Probability, domain

__all__ = [
    "absent",
    "ancestor_time",
    "collapse_curve",
    "collapse_probability",
    "expected_collapse_time",
    "occupancy",
    "power_sums",
    "sum_of_squares",
    "support_curve",
    "support_size",
    "zipf",
]


_LAW = domain(p=Probabilities, n=Integers(1), t=Integers(1))
_CURVE = domain(p=Probabilities, n=Integers(1), generations=Integers(1))


@domain(n=Integers(1))
def occupancy(n: int) -> np.ndarray:
    r"""$M_{kj}$ = P(k balls in n boxes hit exactly j of them), (n+1, n+1), lower triangular, read-only.

    **Args**: `n`: number of boxes, and most balls.

    **Returns**: the matrix, row k for k balls.

    **Raises**: ValueError for n below 1.

    >>> occupancy(2)[2]
    array([0. , 0.5, 0.5])
    """
    n = whole(n)
    afford(f"the matrix of n={n}", numbers=(n + 1) ** 2, remedy="use a smaller n")
    return _occupancy(n)


@lru_cache(maxsize=4)
def _occupancy(n: int) -> np.ndarray:
    matrix = np.zeros((n + 1, n + 1))
    matrix[0, 0] = 1
    boxes = np.arange(n + 1)
    for k in range(n):
        matrix[k + 1] = matrix[k] * boxes / n
        matrix[k + 1, 1:] += matrix[k, :-1] * (n - boxes[:-1]) / n
    matrix.flags.writeable = False
    return matrix


def _initial_power_sums(p: np.ndarray, n: int) -> np.ndarray:
    values, counts = np.unique(p, return_counts=True)
    what = f"{len(values)} probabilities to the powers 0 .. {n}"
    afford(what, numbers=2 * len(values) * (n + 1), remedy="use a smaller n or fewer distinct probabilities")
    return counts @ values[:, None] ** np.arange(n + 1)


def _steps(n: int, t: int) -> None:
    what = f"t={t} generations of n={n} draws"
    afford(what, numbers=(n + 1) ** 2, operations=t * n**2, remedy="use a smaller n or t")


def _ancestors(n: int, generations: int) -> Iterator[np.ndarray]:
    """Laws of the number of ancestors of n draws 0, 1, .., generations - 1 generations back."""
    _steps(n, generations)
    law = _ancestors_at(n, 1)
    yield law
    for _ in range(generations - 1):
        law = law @ occupancy(n)
        yield law


def _ancestors_at(n: int, t: int) -> np.ndarray:
    matrix = occupancy(n)
    _steps(n, t)
    law = np.zeros(n + 1)
    law[n] = 1
    for _ in range(t - 1):
        law = law @ matrix
    return law


@_LAW
def power_sums(p: Any, n: int, t: int) -> np.ndarray:
    r"""$E \sum_i (p_i^{(t)})^k$ for k = 0, .., n (k = 0 counts all symbols, $0^0 = 1$), (n+1,).

    **Args**: `p`: probabilities of the s symbols, (s,), summing to 1; `n`: draws per generation; `t`: generation.

    **Returns**: the expected sums, entry k for the power k.

    **Raises**: ValueError for probabilities that are none, and for sizes below 1.
    """
    p, n, t = pmf(p), whole(n), whole(t)
    matrix, sums = occupancy(n), _initial_power_sums(p, n)
    _steps(n, t)
    for _ in range(t):
        sums = matrix @ sums
    return sums


@_LAW
def sum_of_squares(p: Any, n: int, t: int) -> float:
    r"""$S_t = E \|p^{(t)}\|_2^2$.

    **Args**: `p`: probabilities of the s symbols, (s,), summing to 1; `n`: draws per generation; `t`: generation.

    **Returns**: $S_t$, between $\sum_i p_i^2$ and 1.

    **Raises**: ValueError for probabilities that are none, and for sizes below 1.

    >>> round(sum_of_squares([0.5, 0.3, 0.2], 10, 1), 12)  # 1 - (1 - 1/n) (1 - 0.38)
    0.442
    """
    sums = power_sums(p, n, t)
    return float(sums[2]) if n > 1 else 1.0


@_LAW
def collapse_probability(p: Any, n: int, t: int) -> float:
    r"""$\rho_t = P(p^{(t)} \text{ is Dirac}) = \sum_j (M^{t-1})_{nj} P_j$, the CDF of the collapse time.

    **Args**: `p`: probabilities of the s symbols, (s,), summing to 1; `n`: draws per generation; `t`: generation.

    **Returns**: the probability.

    **Raises**: ValueError for probabilities that are none, and for sizes below 1.
    """
    p, n, t = pmf(p), whole(n), whole(t)
    return float(_ancestors_at(n, t) @ _initial_power_sums(p, n))


@_CURVE
def collapse_curve(p: Any, n: int, generations: int) -> np.ndarray:
    r"""$\rho_1, \ldots, \rho_G$.

    **Args**: `p`: probabilities of the s symbols, (s,), summing to 1; `n`: draws per generation; `generations`: how
    many, G.

    **Returns**: the probabilities, (G,).

    **Raises**: ValueError for probabilities that are none, and for sizes below 1.
    """
    p, n, generations = pmf(p), whole(n), whole(generations)
    sums = _initial_power_sums(p, n)
    return np.array([law @ sums for law in _ancestors(n, generations)])


@domain(p=Probabilities, n=Integers(1))
def expected_collapse_time(p: Any, n: int) -> float:
    r"""$E[T] = 1 + e_n^\top (I - M_{\ge 2})^{-1} (1 - P_{2..n})$, $T = \min\{t \ge 1 : p^{(t)} \text{ is Dirac}\}$.

    **Args**: `p`: probabilities of the s symbols, (s,), summing to 1; `n`: draws per generation.

    **Returns**: the mean, in generations; the first fit is generation 1.

    **Raises**: ValueError for probabilities that are none, and for sizes below 1.

    >>> round(expected_collapse_time([0.5, 0.3, 0.2], 2), 12)
    2.24
    """
    p, n = pmf(p), whole(n)
    return 1 + _absorption(n, 1 - _initial_power_sums(p, n)[2:])


@domain(n=Integers(1))
def ancestor_time(n: int) -> float:
    r"""$h_n = e_n^\top (I - M_{\ge 2})^{-1} 1$, mean generations back to the common ancestor of n draws; 0 for n = 1.

    $(1 - S_0)\, h_n \le E[T] - 1 \le h_n$.

    **Args**: `n`: draws per generation.

    **Returns**: the mean, in generations.

    **Raises**: ValueError for n below 1.
    """
    n = whole(n)
    afford(f"n={n}", numbers=n, remedy="use a smaller n; for large n the mean is about proportional to n")
    return _absorption(n, np.ones(n - 1))


def _absorption(n: int, cost: np.ndarray) -> float:
    """$e_n^\\top (I - M_{\\ge 2})^{-1}$ cost, row by row: the matrix is never held."""
    if n == 1:
        return 0.0
    afford(f"n={n}", operations=n**2, remedy="use a smaller n; for large n the mean is about proportional to n")
    boxes, total = np.arange(n + 1), np.zeros(n + 1)
    row, low = np.ones(1), 1  # probabilities that k balls hit low, low + 1, .. boxes
    for k in range(2, n + 1):
        hit = boxes[low : low + len(row)]
        stay, up = row * hit / n, row * (n - hit) / n
        row = np.append(stay, 0.0)
        row[1:] += up
        seen = np.flatnonzero(row > 1e-290)  # arithmetic with the smallest numbers there are is slow
        row, low = row[seen[0] : seen[-1] + 1], low + seen[0]
        alone = row[-1] if low + len(row) > k else 0.0  # total[k] is still 0
        total[k] = (cost[k - 2] + row @ total[low : low + len(row)]) / (1 - alone)
    return float(total[n])


@_LAW
def absent(p: Any, n: int, t: int) -> np.ndarray:
    r"""$P(p_i^{(t)} = 0) = \sum_j (M^{t-1})_{nj} (1 - p_i)^j$, (s,).

    **Args**: `p`: probabilities of the s symbols, (s,), summing to 1; `n`: draws per generation; `t`: generation.

    **Returns**: the probability of every symbol to be lost.

    **Raises**: ValueError for probabilities that are none, and for sizes below 1.
    """
    p, n, t = pmf(p), whole(n), whole(t)
    return _absent(p, _ancestors_at(n, t))


def _absent(p: np.ndarray, law: np.ndarray) -> np.ndarray:
    values, place = np.unique(p, return_inverse=True)
    missed = np.maximum(1 - values, 0)[:, None] ** np.arange(len(law)) @ law
    return missed[place]


@_LAW
def support_size(p: Any, n: int, t: int) -> float:
    r"""Expected number of symbols left, $\sum_i P(p_i^{(t)} > 0)$.

    **Args**: `p`: probabilities of the s symbols, (s,), summing to 1; `n`: draws per generation; `t`: generation.

    **Returns**: the expected number, between 1 and s.

    **Raises**: ValueError for probabilities that are none, and for sizes below 1.
    """
    return float(np.sum(1 - absent(p, n, t)))


@_CURVE
def support_curve(p: Any, n: int, generations: int) -> np.ndarray:
    """`support_size` at t = 1, .., generations.

    **Args**: `p`: probabilities of the s symbols, (s,), summing to 1; `n`: draws per generation; `generations`: how
    many, G.

    **Returns**: the expected numbers, (G,).

    **Raises**: ValueError for probabilities that are none, and for sizes below 1.
    """
    p, n, generations = pmf(p), whole(n), whole(generations)
    return np.array([np.sum(1 - _absent(p, law)) for law in _ancestors(n, generations)])


@domain("1/support <= S0 < 1", support=Integers(2), S0=Probability)
def zipf(support: int, S0: float | int) -> np.ndarray:
    r"""$p_i \propto i^{-a}$ on `support` symbols, with a chosen such that $\sum_i p_i^2 = S_0$.

    **Args**: `support`: number of symbols, at least 2; `S0`: the sum of squares asked for.

    **Returns**: the probabilities, (support,), falling.

    **Raises**: ValueError for an S0 below 1 / support, which no law on so many symbols has, or not below 1.
    """
    if np.ndim(S0):
        raise ValueError(f"S0={S0!r} is no number; ask for one sum of squares at a time")
    support = whole(support)

    def law(a: float) -> np.ndarray:
        weights = np.arange(1, support + 1) ** -a
        return weights / weights.sum()

    if S0 - 1 / support < 1e-15:
        return law(0.0)
    exponent: Any = brentq(lambda a: np.sum(law(a) ** 2) - S0, 0, 64, xtol=1e-15)
    return law(exponent)
