r"""Empirical distributions under replacement, forwards in time: the binomial chain of one symbol.

$n\,p_i^{(t)} \mid p_i^{(t-1)} \sim \mathrm{Bin}(n, p_i^{(t-1)})$. Exact for every function of one symbol, and for sums
of such over symbols; O(n^2) per generation, n up to a few thousand.
"""

from collections.abc import Callable
from functools import lru_cache
from typing import Any

import numpy as np
from scipy.special import xlogy
from scipy.stats import binom

from collapse_jax.host import afford
from collapse_jax.laws._check import pmf, real, whole
from collapse_jax.laws.domain import Integers, Probabilities, Probability, domain

__all__ = ["distribution", "entropy", "expectation", "transition"]


_SYMBOL = domain(p=Probability, n=Integers(1), t=Integers(1))


@domain(n=Integers(1))
def transition(n: int) -> np.ndarray:
    r"""$Q_{ab} = P(\mathrm{Bin}(n, a/n) = b)$, (n+1, n+1), read-only.

    **Args**: `n`: draws per generation.

    **Returns**: the matrix, row a for a symbol seen a times.

    **Raises**: ValueError for n below 1.
    """
    n = whole(n)
    afford(f"the matrix of n={n}", numbers=2 * (n + 1) ** 2, remedy="use a smaller n")
    return _transition(n)


@lru_cache(maxsize=4)
def _transition(n: int) -> np.ndarray:
    counts = np.arange(n + 1)
    matrix = binom.pmf(counts, n, counts[:, None] / n)
    matrix.flags.writeable = False
    return matrix


def _counts(p: np.ndarray, n: int, t: int) -> np.ndarray:
    what = f"t={t} generations of n={n} draws"
    numbers = 2 * (n + 1) * (len(p) + (n + 1) * (t > 1))
    afford(what, numbers=numbers, operations=len(p) * (t - 1) * n**2, remedy="use a smaller n or t")
    laws = binom.pmf(np.arange(n + 1), n, p[:, None])
    for _ in range(t - 1):
        laws = laws @ transition(n)
    return laws


@_SYMBOL
def distribution(p: float | int, n: int, t: int) -> np.ndarray:
    """Law of the count, out of n, of a symbol of probability p at generation t, (n+1,).

    **Args**: `p`: probability of the symbol; `n`: draws per generation; `t`: generation.

    **Returns**: the probabilities of the counts 0, .., n.

    **Raises**: ValueError for a p outside [0, 1], and for n or t below 1.
    """
    p, n, t = real(p), whole(n), whole(t)
    return _counts(np.array([p]), n, t)[0]


@_SYMBOL
def expectation(function: Callable[[np.ndarray], Any], p: float | int, n: int, t: int) -> float:
    r"""$E f(p^{(t)})$ for one symbol; `function` takes the array of frequencies 0, 1/n, .., 1.

    **Args**: `function`: f, from the array of frequencies, (n+1,), to one number for each; `p`: probability of the
    symbol; `n`: draws per generation; `t`: generation.

    **Returns**: the expectation.

    **Raises**: ValueError where f does not give one number per frequency, and as `distribution` does.

    >>> round(expectation(lambda x: x * (1 - x), 0.5, 10, 3), 12)  # (1 - 1/n)^3 / 4
    0.18225
    """
    law = distribution(p, n, t)
    values = np.asarray(function(np.arange(n + 1) / n), np.float64)
    if values.shape != law.shape:
        raise ValueError(f"function gave shape {values.shape} for {n + 1} frequencies; return one number for each")
    return float(law @ values)


@domain(p=Probabilities, n=Integers(1), t=Integers(1))
def entropy(p: Any, n: int, t: int) -> float:
    r"""Expected Shannon entropy (nats) of the fitted distribution, $-E \sum_i p_i^{(t)} \log p_i^{(t)}$.

    **Args**: `p`: probabilities of the s symbols, (s,), summing to 1; `n`: draws per generation; `t`: generation.

    **Returns**: the expectation, in nats.

    **Raises**: ValueError for probabilities that are none, and for sizes below 1.
    """
    p, n, t = pmf(p), whole(n), whole(t)
    values, counts = np.unique(p, return_counts=True)
    frequency = np.arange(n + 1) / n
    return float(-(counts @ _counts(values, n, t)) @ xlogy(frequency, frequency))
