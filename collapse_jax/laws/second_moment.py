r"""Second moments of empirical distributions by their Gram recursion (Seddik et al. 2024, eq. 5; derived).

Fit m averages $n_s^{(m)}$ draws from each earlier model s. With $G_{ab} = E\langle p^{(a)}, p^{(b)}\rangle$,
$N_m = \sum_s n_s^{(m)}$ and $a_s = n_s^{(m)} / N_m$,

$$G_{mb} = \sum_s a_s G_{sb} \quad (b < m), \qquad
  G_{mm} = \sum_s a_s G_{ms} + N_m^{-2} \sum_s n_s^{(m)} (1 - G_{ss}), \qquad G_{00} = S_0.$$

Every function returns $S_1, \ldots, S_G$, $S_m = G_{mm}$; and $E\|p^{(m)} - p\|_2^2 = S_m - S_0$.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np

from collapse_jax.host import afford
from collapse_jax.laws._check import numbers, real, whole
from collapse_jax.laws.domain import Integers, Probability, domain

__all__ = ["partially_synthetic", "random_pool", "sum_of_squares"]


@domain(S0=Probability)
def sum_of_squares(sizes: Sequence[Any], S0: float | int, *, reused_real: bool = False) -> np.ndarray:
    r"""$S_m$ for any schedule; `sizes[m-1][s]` draws at fit m from model s = 0, .., m - 1.

    All draws are made afresh at every fit, except that with `reused_real` those from the truth are one corpus, drawn
    at the first fit and reused as it is: from fit 2 on its empirical law $p^{(1)}$ enters without noise of its own.

    **Args**: `sizes`: one row per fit, row m with a size for each of the models 0, .., m - 1; `S0`: $\sum_i p_i^2$
    of the truth; `reused_real`: whether draws from the truth are one corpus.

    **Returns**: $S_1, \ldots, S_G$, (G,).

    **Raises**: ValueError for rows of another length, negative or empty ones, and for a corpus of which only a part
    is reused.

    >>> sum_of_squares([[10], [0, 10]], 0.38).round(12)
    array([0.442 , 0.4978])
    """
    S0, rows = real(S0), _rows(sizes, reused_real)
    gram = _gram(len(rows))
    gram[0, 0] = S0
    for m, n in enumerate(rows, 1):
        total = n.sum()
        share, noise = n / total, n @ (1 - np.diag(gram)[:m])
        if reused_real and m > 1:
            noise -= n[0] * (1 - gram[0, 0])
            share[1] += share[0]
            share[0] = 0
        gram[m, :m] = gram[:m, m] = share @ gram[:m, :m]
        gram[m, m] = share @ gram[m, :m] + noise / total**2
    return np.diag(gram)[1:].copy()


def _gram(fits: int) -> np.ndarray:
    """Room for the second moments of all pairs of models; a fit looks at all before it."""
    remedy = "use fewer generations"
    afford(f"{fits} generations", numbers=(fits + 1) ** 2, operations=fits**3 / 3, remedy=remedy)
    return np.zeros((fits + 1, fits + 1))


def _rows(sizes: Sequence[Any], reused_real: bool) -> list[np.ndarray]:
    rows = [numbers(row, "sizes") for row in sizes]
    for m, row in enumerate(rows, 1):
        if row.shape != (m,) or not np.all(np.isfinite(row)) or np.any(row < 0) or row.sum() < 1:
            raise ValueError(
                f"sizes[{m - 1}]={sizes[m - 1]!r}: give {m} sizes >= 0, not all 0, for models 0 .. {m - 1}"
            )
        if reused_real and row[0] not in (0, rows[0][0]):
            raise ValueError(f"fit {m} reuses {row[0]:g} of {rows[0][0]:g} real draws; reuse all of them or none")
    if not rows:
        raise ValueError("sizes is empty; give one row of sample sizes per fit")
    return rows


@domain(n=Integers(1), S0=Probability, generations=Integers(1))
def random_pool(n: int, S0: float | int, generations: int) -> np.ndarray:
    r"""$S_m$ when each of the n draws of fit m comes from a model picked uniformly among 0, .., m - 1.

    Given the models, the draws are iid from the mixture $\bar p = \frac1m \sum_s p^{(s)}$:
    $S_m = \frac1n + (1 - \frac1n) E\|\bar p\|_2^2$.

    **Args**: `n`: draws per fit; `S0`: $\sum_i p_i^2$ of the truth; `generations`: how many fits, G.

    **Returns**: $S_1, \ldots, S_G$, (G,).

    **Raises**: ValueError for an S0 outside [0, 1], and for sizes below 1.
    """
    n, S0, generations = whole(n), real(S0), whole(generations)
    gram = _gram(generations)
    gram[0, 0] = S0
    for m in range(1, generations + 1):
        gram[m, :m] = gram[:m, m] = gram[:m, :m].mean(0)
        gram[m, m] = 1 / n + (1 - 1 / n) * gram[:m, :m].mean()
    return np.diag(gram)[1:].copy()


@domain(n=Integers(1), N=Integers(1), S0=Probability, generations=Integers(1))
def partially_synthetic(n: int, N: int, S0: float | int, generations: int) -> np.ndarray:
    r"""$S_m$ when fit 1 sees a corpus of N and every later fit the same corpus and n draws from the last model.

    With $\alpha = n / (N + n)$ and $G_{m1} = S_1$ (a martingale given the corpus),
    $S_{m+1} = (1 - \alpha^2) S_1 + \alpha^2 [\frac1n + (1 - \frac1n) S_m]$.

    **Args**: `n`: synthetic draws per fit; `N`: size of the corpus; `S0`: $\sum_i p_i^2$ of the truth;
    `generations`: how many fits, G.

    **Returns**: $S_1, \ldots, S_G$, (G,).

    **Raises**: ValueError for an S0 outside [0, 1], and for sizes below 1.
    """
    n, N, generations = whole(n), whole(N), whole(generations)
    S0, alpha = real(S0), n / (N + n)
    first = 1 / N + (1 - 1 / N) * S0
    curve = [first]
    for _ in range(generations - 1):
        curve.append((1 - alpha**2) * first + alpha**2 * (1 / n + (1 - 1 / n) * curve[-1]))
    return np.array(curve)
