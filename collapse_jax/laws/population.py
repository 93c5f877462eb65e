r"""Recursive training on infinite samples: how one law becomes the next where data are curated or passed around.

A finite alphabet, or a grid that stands for a continuum, is a vector of probabilities p. Curation draws K observations
and keeps one: by `rule="bradley-terry"` $x_k$ with probability $e^{r(x_k)} / \sum_j e^{r(x_j)}$, by `rule="best"` one
of greatest reward. What is kept has a closed law, and so have its repetition, its mixture with real data and a network
of models that train each other.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

import numpy as np
from scipy.optimize import brentq

from collapse_jax.host import afford
from collapse_jax.laws._check import callable_function, numbers, pmf, real, whole
from collapse_jax.laws.domain import Integers, NonNegative, Probabilities, Probability, domain

__all__ = ["Selection", "affine", "equilibrium", "retrained"]

Rule = Literal["bradley-terry", "best"]

_MOST = 10**6  # rounding grows with K
_FAR = 600
_STEP = 0.15  # at a step h the rule of trapezoids errs by exp(-pi^2 / h) or so: far below rounding


@dataclass(frozen=True)
class Selection:
    r"""The law of the one of K observations that is kept.

    $p'_i = p_i H_i$, for "bradley-terry" with
    $H_i = E \frac{K e^{r_i}}{e^{r_i} + \sum_{j < K} e^{r(x_j)}} = K w_i \int_0^\infty e^{-w_i u} \varphi(u)^{K-1} du$,
    $\varphi(u) = \sum_j p_j e^{-w_j u}$, $w = e^r$; at $K = \infty$ $H_i = w_i / \sum_j p_j w_j$.
    For "best" $H_i = (F_i^K - G_i^K) / (F_i - G_i)$, F and G being the probabilities of a reward that is at most, and
    less than, $r_i$.

    The same arithmetic serves arrays of NumPy and of JAX; p has shape (*batch, s).

    **Args**: `reward`: r, one number per symbol; `K`: how many are drawn, or `math.inf`; `rule`: which one is kept.

    **Raises**: ValueError for a K below 1, an unknown rule, and rewards that are not finite or too far apart.
    """

    reward: Any
    K: Any = 2
    rule: Rule = "bradley-terry"

    def __post_init__(self):
        object.__setattr__(self, "K", choices(self.K))
        if not isinstance(self.rule, str) or self.rule not in ("bradley-terry", "best"):
            raise ValueError(f"rule={self.rule!r} is unknown; use 'bradley-terry' or 'best'")
        values = numbers(self.reward, "reward")
        if values.ndim != 1 or not values.size or not np.all(np.isfinite(values)):
            raise ValueError(f"reward={self.reward!r} is not usable; give one finite number per symbol")
        object.__setattr__(self, "reward", tuple(values.tolist()))
        if max(self.reward) - min(self.reward) > _FAR and self.rule == "bradley-terry":
            raise ValueError(f"rewards more than {_FAR} apart are out of the range of exp; use rule='best'")

    def __call__(self, p: Any) -> Any:
        """The law of what is kept.

        **Args**: `p`: the law of what is drawn, (*batch, s).

        **Returns**: an array like p.

        **Raises**: ValueError for another number of symbols than of rewards.
        """
        if p.shape[-1:] != (len(self.reward),):
            raise ValueError(f"{len(self.reward)} rewards do not fit p of shape {p.shape}; give one per symbol")
        kept = p * self.advantage(p)
        return kept / kept.sum(-1, keepdims=True)

    def advantage(self, p: Any) -> Any:
        """H, the factor by which curation raises each probability.

        **Args**: `p`: the law of what is drawn, (*batch, s).

        **Returns**: an array like p, up to a common factor where K is infinite.
        """
        if self.rule == "best":
            return _best(p, self.reward, self.K)
        weight = np.exp(np.asarray(self.reward) - max(self.reward))
        if math.isinf(self.K):
            return (weight / np.float64(1)).astype(p.dtype) + 0 * p
        decay, gain = _nodes(self.reward, int(self.K))
        return (p @ decay.astype(p.dtype)) ** (int(self.K) - 1) @ gain.astype(p.dtype)


@lru_cache(maxsize=32)
def _nodes(reward: tuple[float, ...], K: int) -> tuple[np.ndarray, np.ndarray]:
    r"""$e^{-w_j u}$, (s, nodes), and $K w_i e^{-w_i u} du$, (nodes, s): $u = \exp(x - e^{-x}) / K$, x evenly spaced."""
    weight = np.exp(np.asarray(reward) - max(reward))
    last = math.log(60 * K) - (min(reward) - max(reward))
    x = np.arange(-4.5, last + _STEP, _STEP)
    u = np.exp(x - np.exp(-x)) / K
    decay = np.exp(-np.outer(weight, u))
    gain = (u * (1 + np.exp(-x)) * _STEP * K)[:, None] * (weight * decay.T)
    decay.flags.writeable = gain.flags.writeable = False
    return decay, gain


def _best(p: Any, reward: tuple[float, ...], K: Any) -> Any:
    _, level = np.unique(np.asarray(reward), return_inverse=True)
    ranks = np.arange(level.max() + 1)
    if math.isinf(K):
        above = p @ (level[:, None] > ranks).astype(p.dtype)
        return (above[..., level] == 0).astype(p.dtype)
    most = p @ (level[:, None] <= ranks).astype(p.dtype)
    less = p @ (level[:, None] < ranks).astype(p.dtype)
    share = less / (most + (most == 0).astype(p.dtype))
    return (most ** (int(K) - 1) * _geometric(share, int(K)))[..., level]


def _geometric(x: Any, K: int) -> Any:
    r"""$\sum_{m < K} x^m$ by doubling: sums of what is positive, exact at x = 1."""
    total, power = x * 0 + 1, x
    for bit in bin(K)[3:]:
        total, power = total * (1 + power), power * power
        if bit == "1":
            total, power = 1 + x * total, power * x
    return total


def choices(K: Any) -> float | int:
    """How many are drawn: a whole number from 1, or infinity."""
    number = isinstance(K, int | float | np.number) and not isinstance(K, bool)
    if not number or not (math.inf == K or (1 <= K <= _MOST and int(K) == K)):
        raise ValueError(
            f"K={K!r} is no number of observations to choose from; use a whole number from 1 to 10^6, or math.inf"
        )
    return int(K) if math.inf > K else math.inf


@domain(p=Probabilities, t=Integers(0), lam=NonNegative)
def _plain(p: Any, t: int, lam: Any) -> None:
    """Where `retrained` is defined, but for an infinite lam."""


def retrained(p: Any, keep: Callable[[Any], Any], t: int, lam: float | int = math.inf, start: Any = None) -> np.ndarray:
    r"""$p_{t+1} = \frac{p + \lambda\, S(p_t)}{1 + \lambda}$: fits on real data and on what S keeps of the model.

    **Args**: `p`: the real law, (s,); `keep`: S, such as a `Selection`; `t`: generations; `lam`: $\lambda$, curated per
    real, infinite for curated data alone; `start`: $p_0$, by default the real law.

    **Returns**: $p_0, .., p_t$, of shape (t + 1, s).

    **Raises**: ValueError for laws that are none, and for t or lam below 0.
    """
    alone = isinstance(lam, int | float | np.number) and lam == math.inf
    _plain(p, t, 0 if alone else lam)
    reference = pmf(p)
    afford(f"t={t} generations", numbers=(whole(t) + 1) * reference.size, remedy="use a smaller t")
    callable_function(keep, "keep")
    laws = [reference if start is None else pmf(start)]
    share = 1.0 if alone else real(lam) / (1 + real(lam))
    for _ in range(whole(t)):
        mixed = (1 - share) * reference + share * np.asarray(keep(laws[-1]))
        laws.append(mixed / mixed.sum())  # rounding of the total mass would grow by lam K / (1 + lam) per generation
    return np.stack(laws)


@domain("eta < 1", p=Probabilities, eta=Probability)
def equilibrium(p: Any, reward: Any, eta: float | int) -> np.ndarray:
    r"""Fixed point of $q = (1 - \eta)\,p + \eta\, q\, e^r / E_q e^r$, real data and infinite choice.

    $q_i = \frac{(1 - \eta)\, p_i Z}{Z - \eta e^{r_i}}$ with the Z above $\eta \max e^r$ at which
    $\sum_i \frac{(1 - \eta)\, p_i e^{r_i}}{Z - \eta e^{r_i}} = 1$ (Wei, Xie, Zhu and Zhang 2026, Proposition 3.8).

    **Args**: `p`: the real law, (s,); `reward`: r, (s,); `eta`: share of curated data, $\lambda / (1 + \lambda)$.

    **Returns**: q, (s,).

    **Raises**: ValueError for a law that is none, and an eta outside [0, 1).
    """
    p, eta = pmf(p), real(eta)
    reward = numbers(reward, "reward")
    present = p > 0
    weight = np.where(present, np.exp(reward - reward[present].max()), 0)

    def excess(Z):
        return float((1 - eta) * (p * weight / (Z - eta * weight)).sum() - 1)

    # At Z = 1 the sum is at most 1; at eta + (1 - eta) P(best), the term of the best alone is 1.
    low = eta + (1 - eta) * float(p[weight == 1].sum())
    inside = excess(low) > 0 > excess(1.0)
    Z: Any = brentq(excess, low, 1.0, xtol=1e-16) if inside else 1.0 if excess(1.0) >= 0 else low
    found = (1 - eta) * p * Z / (Z - eta * weight)
    return found / found.sum()


@domain(t=Integers(0))
def affine(offset: Any, matrix: Any, start: Any, t: int) -> np.ndarray:
    r"""$\theta_{t+1} = m + Q\,\theta_t$: models that train on each other's data; it converges if $\rho(Q) < 1$.

    **Args**: `offset`: m, (K,); `matrix`: Q, (K, K); `start`: $\theta_0$, (K,); `t`: generations.

    **Returns**: $\theta_0, .., \theta_t$, of shape (t + 1, K).

    **Raises**: ValueError for a t below 0, and for shapes that do not fit.
    """
    offset, matrix, start = numbers(offset, "offset"), numbers(matrix, "matrix"), numbers(start, "start")
    if offset.ndim != 1 or matrix.shape != (offset.size,) * 2 or start.shape != offset.shape:
        raise ValueError(f"shapes {offset.shape}, {matrix.shape} and {start.shape} do not fit; give (K,), (K, K), (K,)")
    afford(f"t={t} generations", numbers=(whole(t) + 1) * start.size, remedy="use a smaller t")
    path = [start]
    for _ in range(whole(t)):
        path.append(offset + matrix @ path[-1])
    return np.stack(path)
