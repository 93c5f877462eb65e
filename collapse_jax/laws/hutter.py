r"""Hutter's memory: what a learner that has seen T tokens has not seen, on infinitely many tokens of Zipf's law.

$p_i = i^{-\beta} / \zeta(\beta)$, i = 1, 2, .., $\beta > 1$. A learner that keeps every token it was shown errs on the
others only, so that after T independent tokens of a law q its expected error is

$$E(T) = \sum_i p_i (1 - q_i)^T.$$

Every sum here is a few hundred terms and an incomplete beta function for the rest (Euler and Maclaurin, to 1e-12);
nothing is cut off and nothing sampled. Where the T tokens come through n generations of $T_0$ tokens each, T is
replaced by the number of their distinct ancestors, a Markov chain (derived).
"""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.special import betainc, betaln, xlog1py, zeta
from scipy.stats import binom

from collapse_jax.host import afford
from collapse_jax.laws._check import numbers, real, whole
from collapse_jax.laws.coalescent import occupancy
from collapse_jax.laws.domain import Integers, Interval, NonNegative, Probability, domain

__all__ = ["Piece", "ancestors", "cut", "distance", "distinct", "mixed", "narrowed", "retold", "unseen", "zipf"]

_HEAD = 1024
_LAW = domain(beta=Interval("(1, oo)"), k=Integers(1), share=Probability)


@dataclass(frozen=True)
class Piece:
    r"""Consecutive tokens whose probability in training is $q_i = c\,i^{-\gamma}$.

    **Args**: `first`, `last`: the tokens, `last` infinite for all that follow; `scale`: c, 0 for tokens that are never
    shown; `gamma`: the exponent.

    **Raises**: ValueError for tokens or probabilities that are none.
    """

    first: int
    last: float | int
    scale: float | int
    gamma: float | int

    def __post_init__(self):
        if any(numbers(value, name).ndim for name, value in vars(self).items()):
            raise ValueError(f"{self} is no piece of a law; use single numbers")
        if not 1 <= self.first <= self.last or not self.gamma > 0:
            raise ValueError(f"{self} is no piece of a law; use 1 <= first <= last and gamma > 0")
        if not 0 <= self.scale * self.first**-self.gamma <= 1 + 1e-12:
            raise ValueError(f"{self} gives its first token no probability; use 0 <= scale <= first**gamma")


@_LAW.only(("beta",))
def zipf(beta: float | int) -> tuple[Piece, ...]:
    r"""All tokens as they are, $q = p$.

    **Args**: `beta`: the exponent of Zipf's law.

    **Returns**: the law as pieces.
    """
    return (Piece(1, math.inf, 1 / float(zeta(real(beta))), real(beta)),)


@_LAW.only(("beta", "k"))
def cut(beta: float | int, k: int) -> tuple[Piece, ...]:
    r"""The tail is cut off: $q_i \propto p_i$ for $i \le k$, and 0 beyond.

    **Args**: `beta`: the exponent of Zipf's law; `k`: the last token that is left.

    **Returns**: the law as pieces.
    """
    return mixed(beta, k, 0.0)


@_LAW
def mixed(beta: float | int, k: int, share: float | int) -> tuple[Piece, ...]:
    r"""$q = \pi\,p + (1 - \pi)\,p(\cdot \mid i \le k)$: a share $\pi$ of true tokens among those of a cut law.

    **Args**: `beta`: the exponent of Zipf's law; `k`: where the cut law ends; `share`: $\pi$.

    **Returns**: the law as pieces.
    """
    beta, k, share = real(beta), whole(k), real(share)
    kept = float(zeta(beta) - zeta(beta, k + 1))
    head = min(share / float(zeta(beta)) + (1 - share) / kept, 1.0)
    return Piece(1, k, head, beta), Piece(k + 1, math.inf, share / float(zeta(beta)), beta)


@domain(gamma=Interval("(1, oo)"))
def narrowed(gamma: float | int) -> tuple[Piece, ...]:
    r"""Zipf's law of another exponent, $q_i = i^{-\gamma} / \zeta(\gamma)$.

    **Args**: `gamma`: the exponent in training, above $\beta$ where a low temperature has narrowed the law.

    **Returns**: the law as pieces.
    """
    return zipf(gamma)


@domain(T=NonNegative, beta=Interval("(1, oo)"))
def unseen(T: Any, beta: float | int, training: tuple[Piece, ...] | None = None) -> Any:
    r"""$E(T) = \sum_i p_i (1 - q_i)^T$, the probability of the tokens that are missing.

    **Args**: `T`: how many tokens were seen, a number or an array; `beta`: the exponent of p; `training`: q as pieces,
    which together hold every token; p itself by default.

    **Returns**: the error, of the shape of `T`.

    **Raises**: ValueError outside of the domain, and for pieces that leave tokens out.

    >>> round(unseen(100, 2.0), 6)  # A / sqrt(T) is 0.069099
    0.06884
    """
    beta, T = real(beta), numbers(T, "T")
    pieces = zipf(beta) if training is None else tuple(training)
    ends = [0.0, *(piece.last for piece in pieces)]
    if any(piece.first != end + 1 for piece, end in zip(pieces, ends, strict=False)) or ends[-1] < math.inf:
        raise ValueError(f"the pieces {pieces} leave tokens out; begin at 1, go on at last + 1, end with last = inf")
    afford(f"{T.size} numbers of tokens", numbers=3 * T.size * _HEAD, remedy="ask for fewer at a time")
    total: Any = sum(_missing(T, beta, piece) for piece in pieces) / float(zeta(beta))
    return total if T.ndim else float(total)


def _missing(T: np.ndarray, beta: float | int, piece: Piece) -> Any:
    r"""$\sum_i i^{-\beta} (1 - c\,i^{-\gamma})^T$ over a piece."""
    if piece.scale == 0:
        return float(zeta(beta, piece.first)) - (0.0 if piece.last == math.inf else float(zeta(beta, piece.last + 1)))
    scale, gamma = piece.scale, piece.gamma

    def term(i, T):
        return i**-beta * np.exp(xlog1py(T, -np.minimum(scale * i**-gamma, 1.0)))

    i = np.arange(piece.first, min(piece.last, piece.first + _HEAD - 1) + 1, dtype=float)
    total = term(i, T[..., None]).sum(-1)
    if piece.last <= i[-1]:
        return total
    e = (beta - 1) / gamma
    whole_beta = np.exp(betaln(e, T + 1)) * scale**-e / gamma
    for sign, x in ((1, i[-1] + 0.5), (-1, piece.last + 0.5)):
        if x < math.inf:
            u = scale * x**-gamma
            slope = term(x, T) / x * (T * gamma * u / (1 - u) - beta)
            total = total + sign * (whole_beta * betainc(e, T + 1, u) + slope / 24)
    return total


@domain(T=NonNegative, beta=Interval("(1, oo)"))
def distinct(T: float | int, beta: float | int) -> float:
    r"""Expected number of different tokens among T, $\sum_i 1 - (1 - p_i)^T = \sum_{t < T} E(t)$.

    **Args**: `T`: how many tokens were seen; `beta`: the exponent of p.

    **Returns**: the number, about $\Gamma(1 - 1/\beta)\,(T / \zeta(\beta))^{1/\beta}$ (Heaps' law).

    **Raises**: ValueError outside of the domain.

    >>> round(distinct(2, 2.0), 12) == round(1 + unseen(1, 2.0), 12)
    True
    """
    T, beta = real(T), real(beta)
    if T == 0:
        return 0.0
    scale, c = 1 / float(zeta(beta)), 1 - 1 / beta
    i = np.arange(1, _HEAD + 1, dtype=float)
    head = -np.expm1(xlog1py(T, -scale * i**-beta)).sum()
    x = _HEAD + 0.5
    u = scale * x**-beta
    kept = math.exp(xlog1py(T, -u))
    rest = scale ** (1 / beta) * T * math.exp(betaln(c, T)) * betainc(c, T, u) - x * (1 - kept)
    return float(head + rest - T * kept / (1 - u) * beta * u / x / 24)


@domain(T=Integers(1), T_0=Integers(1), generations=Integers(0))
def ancestors(T: int, T_0: int, generations: int) -> np.ndarray:
    r"""Laws of the number of distinct ancestors $K_n$ of T tokens, n = 0, 1, .. generations of $T_0$ tokens back.

    $K_0 = T$, and $K_{r+1}$ is how many of $T_0$ boxes $K_r$ balls hit.

    **Args**: `T`: tokens that the last learner sees; `T_0`: tokens of every generation; `generations`: the largest n.

    **Returns**: the probabilities of 0, 1, .., max(T, T_0) ancestors, a row for every n.

    **Raises**: ValueError outside of the domain, and for a matrix that is too large.
    """
    T, T_0, generations = whole(T), whole(T_0), whole(generations)
    afford(f"{T} balls in {T_0} boxes", numbers=(generations + 1) * (T + T_0), operations=(T + generations * T_0) * T_0,
           remedy="use a smaller T or T_0")  # fmt: skip
    laws = np.zeros((generations + 1, max(T, T_0) + 1))
    laws[0, T] = 1
    if generations == 0:
        return laws
    matrix, boxes = occupancy(T_0), np.arange(T_0 + 1)
    hit = matrix[min(T, T_0)].copy()
    for _ in range(T - T_0):
        more = hit * boxes / T_0
        more[1:] += hit[:-1] * (T_0 - boxes[:-1]) / T_0
        hit = more
    for n in range(1, generations + 1):
        laws[n, : T_0 + 1] = hit
        most = np.flatnonzero(hit > 1e-30)[-1] + 1  # arithmetic with the smallest numbers there are is slow
        hit = np.where(hit > 1e-300, hit, 0)[:most] @ matrix[:most]
    return laws


@domain(T=Integers(1), T_0=Integers(1), generations=Integers(0), beta=Interval("(1, oo)"))
def retold(T: int, T_0: int, generations: int, beta: float | int) -> np.ndarray:
    r"""$E_n(T) = \sum_i p_i\, E (1 - p_i)^{K_n}$, n = 0, 1, ..: the error after n generations of $T_0$ tokens, then T.

    **Args**: `T`: tokens that the last learner sees; `T_0`: tokens of every generation; `generations`: the largest n;
    `beta`: the exponent of p.

    **Returns**: the errors, (generations + 1,).

    **Raises**: ValueError outside of the domain, and for a matrix that is too large.

    >>> retold(300, 300, 12, 2.0)[[0, 1, 12]].round(4)
    array([0.0398, 0.0501, 0.107 ])
    """
    laws = ancestors(T, T_0, generations)
    some = np.flatnonzero(laws.max(0) > 1e-30)
    return laws[:, some] @ unseen(some.astype(float), beta)


@domain(T=Integers(1), beta=Interval("(1, oo)"))
def distance(T: int, beta: float | int) -> float:
    r"""$\frac12 \sum_i E |X_i / T - p_i|$, $X_i \sim \mathrm{Bin}(T, p_i)$: the distance of frequencies from p.

    By De Moivre $E |X - T p| = 2 m (1 - p) P(X = m)$, $m = \lfloor T p \rfloor + 1$; where $T p < 1$ a token counts
    as if unseen.

    **Args**: `T`: how many tokens were seen; `beta`: the exponent of p.

    **Returns**: the expected distance.

    **Raises**: ValueError outside of the domain, and for more tokens than there is room for.

    >>> round(distance(1, 2.0), 6)  # 1 - sum of p_i^2
    0.6
    """
    T, beta = whole(T), real(beta)
    scale = 1 / float(zeta(beta))
    common = int((T * scale) ** (1 / beta))  # T p >= 1
    afford(f"{common} tokens", numbers=8 * common, remedy="use a smaller T, or a larger beta")
    i = np.arange(1, common + 1, dtype=float)
    p = scale * i**-beta
    m = np.floor(T * p) + 1
    rare = _missing(np.array(float(T)), beta, Piece(common + 1, math.inf, scale, beta)) * scale
    return float(np.sum(m / T * (1 - p) * binom.pmf(m, T, p)) + rare)
