"""Construction 1 (Theorem 5.1): a family that is consistent on real data and collapses at the second fit."""

from collections.abc import Mapping
from math import log
from typing import Any, ClassVar, Self

import jax.numpy as jnp
import numpy as np
from jax import lax
from jax.scipy.special import xlogy
from jaxtyping import Array, Float, Key

from collapse_jax.data import Data, Samples
from collapse_jax.families._family import Engine, Family, host_array, whole
from collapse_jax.metrics import tv
from collapse_jax.numerics import random

KEPT = 64
# Up to so many pooled samples a first point in [2, 3] decides the fit; later the bulk of [0, 1] may outweigh it.
DECIDED = 32


class TopGaps(Data):
    """A sample on [0, 1] and [2, 3]: how many points lie in each, and the smallest gaps 1 - x of those in [0, 1].

    `gaps` is ascending, with infinity where there are fewer points than slots.
    """

    inside: Float[Array, "*batch"]
    outside: Float[Array, "*batch"]
    gaps: Float[Array, "*batch kept"]

    def __add__(self, other: Any) -> Self:
        gaps = jnp.sort(jnp.concatenate([self.gaps, other.gaps], -1), -1)[..., : self.gaps.shape[-1]]
        return type(self)(self.inside + other.inside, self.outside + other.outside, gaps)

    def none(self) -> Self:
        return type(self)(self.inside * 0, self.outside * 0, jnp.full_like(self.gaps, jnp.inf))


class SecondFitCollapse(Family):
    r"""Construction 1: the first fit is excellent and the second one collapses, with probability 0.24.

    $$p_{\alpha, \mu} = \tfrac12 U[0, 1] + \tfrac{1 - \alpha}{2} U[0, 1 - 2\alpha] + \tfrac{\alpha}{4} U[2, 3]
      + \tfrac{\alpha}{4} U[\mu, \mu + f(\alpha)], \qquad 0 \le \alpha \le \tfrac14,\ 2 \le \mu \le 3 - f(\alpha),$$

    with truth $\alpha = 0$, $U[0, 1]$. The spike is $f = 1/39$ wide for $\alpha \le 1/10$, from where $\log f$ falls
    linearly to $-2 n \log 34$ at $1/8$ and stays there: the family depends on the sample size n. The real sample makes
    $\alpha$ of order 1/n, so that the next sample has a point in [2, 3] with a probability of order 1, and one such
    point makes the narrowest spike the most likely. Total variation distance from the truth is $\alpha$.

    The literal engine maximises the likelihood exactly, whatever the data. The exact engine, at a cost independent of
    n, keeps the numbers of points in [0, 1] and [2, 3] and the 64 largest in [0, 1], by Renyi's representation. Among
    their breakpoints the likelihood is exact. At the first fit the maximiser lies below them with probability 0 for
    n <= 262, else at most $\sum_{j \ge 64} e^{-n\,\mathrm{KL}(j/n \| q_j)} < 10^{-15}$ with
    $q_j = 4y / (1 + 4y)$, $y = 2^{j/(n-j)} - 1$, and for large n $\sum_{j \ge 64} e^{-j (c - 1 - \log c)} < 10^{-20}$,
    $c = 4 \log 2$; at later fits, where $\alpha$ thins the points near 1, with one of about 1e-12 (an estimate, not a
    bound). From the first point in [2, 3] on it says $\alpha = 1/8$, which is, within 1/(300 n) or so, the least
    that the estimate then takes: so `collapsed` and, until then, everything else have their exact law under
    `Accumulate`, for up to 32 fits (as far as 16,384 literal chains can tell, also for n = 1, 2, 5 and 20).

    Fields: `alpha`, `mu` and `edge`, the value (1 - max x) / 2 that $\alpha$ would have if no point were sacrificed.

    **Args**: `n`: the sample size for which f is made, that of every fit.

    **Raises**: ValueError, in a run, for other sample sizes than n, and beyond 32 fits for the exact engine.

    **References**: Barzilai and Shamir (2025), arXiv 2505.19046, theorem 5.1.
    """

    alpha: Float[Array, "*batch"]
    mu: Float[Array, "*batch"]
    edge: Float[Array, "*batch"]
    n: Float[Array, ""]
    parameters: ClassVar[Mapping[str, int]] = {"alpha": 0, "mu": 0, "edge": 0}
    ignores_unfilled: ClassVar[bool] = True

    def __init__(self, n: int, *, alpha: Any = 0.0, mu: Any = 2.0):
        self.n = host_array(whole(n, "n", "the sample size of every fit"), "n")
        self.alpha, self.mu, self.edge = host_array(alpha, "alpha"), host_array(mu, "mu"), host_array(alpha, "alpha")
        if not 0 <= self.alpha <= 0.25 or not 2 <= self.mu <= 3 - np.exp(_log_width(self.alpha, self.n)):
            raise ValueError(
                f"alpha={alpha}, mu={mu} is not in the family; use 0 <= alpha <= 1/4 and 2 <= mu <= 3 - f(alpha)"
            )

    def check(self, sizes: tuple[int, ...], engine: Engine) -> None:
        if set(sizes) != {int(self.n)}:
            raise ValueError(
                f"this family is made for samples of size {int(self.n)}, the fits have {sorted(set(sizes))}; "
                "use SecondFitCollapse(n) with the n of the workflow, the same for every fit"
            )
        if engine == "exact" and len(sizes) > DECIDED:
            raise ValueError(
                f"among more than {DECIDED} n observations one point in [2, 3] no longer decides the fit; "
                f"use engine='literal' or at most {DECIDED} generations"
            )

    @property
    def width(self) -> Float[Array, "*batch"]:
        r"""$f(\alpha)$; underflows to 0."""
        return jnp.exp(_log_width(self.alpha, self.n))

    def sample(self, key: Key[Array, ""], n: int) -> Float[Array, "*batch n"]:
        part_key, place_key = random.split(key)
        # alpha is of order 1 / n: too fine for a uniform variate of single precision.
        u = random.uniform(part_key, (*self.batch_shape, n), jnp.result_type(float))
        v = random.uniform(place_key, u.shape, self.dtype)
        alpha, mu, width = (jnp.asarray(leaf)[..., None] for leaf in (self.alpha, self.mu, self.width))
        beyond = jnp.where(u < 1 - alpha / 4, 2 + v, mu + width * v)
        return jnp.where(u < 0.5, v, jnp.where(u < 1 - alpha / 2, (1 - 2 * alpha) * v, beyond)).astype(self.dtype)

    def statistic(self, key: Key[Array, ""], n) -> TopGaps:
        part_key, gap_key = random.split(key)
        outside = random.binomial(part_key, n, self.alpha / 2, self.batch_shape, self.dtype)
        inside, alpha = n - outside, jnp.asarray(self.alpha)[..., None]
        rank = jnp.arange(KEPT, dtype=self.dtype)
        spacing = random.exponential(gap_key, (*self.batch_shape, KEPT), self.dtype)
        # Renyi: the order statistics of exponentials have independent spacings E / (number still to come).
        tail = -jnp.expm1(-jnp.cumsum(spacing / jnp.maximum(inside[..., None] - rank, 1), -1)) * (1 - alpha / 2)
        gaps = jnp.where(tail <= alpha, 2 * tail, 2 * alpha + (tail - alpha) * jnp.exp(-_log_height(alpha)))
        return TopGaps(inside, outside, jnp.where(rank < inside[..., None], gaps, jnp.inf))

    def fit(self, data: TopGaps | Samples) -> Self:
        if isinstance(data, Samples):
            maximise = jnp.vectorize(_maximise, signature="(s),(s),(),()->(),(),()")
            alpha, mu, edge = maximise(data.values, data.present, self.mu, self.n)
            return self.replace(alpha=alpha, mu=mu, edge=edge)
        alpha, rank = jnp.minimum(data.gaps / 2, 0.25), jnp.arange(KEPT, dtype=self.dtype)
        value = _log_likelihood(alpha, data.inside[..., None], rank)
        best = jnp.argmax(jnp.where(jnp.isfinite(data.gaps), value, -jnp.inf), -1, keepdims=True)
        alpha, edge = jnp.take_along_axis(alpha, best, -1)[..., 0], alpha[..., 0]
        return self.replace(alpha=jnp.where(data.outside > 0, 0.125, alpha) + 0 * data.outside, edge=edge)


def _log_width(alpha, n):
    r"""$\log f(\alpha)$."""
    widest, narrowest = -log(39), -2 * n * log(34)
    return widest + ((alpha - 0.1) / 0.025).clip(0, 1) * (narrowest - widest)


def _log_height(alpha):
    r"""Log density on $[0, 1 - 2\alpha]$, $\frac12 (1 + \frac{1 - \alpha}{1 - 2\alpha})$."""
    return jnp.log1p(alpha / (2 - 4 * alpha))


def _log_likelihood(alpha, inside, sacrificed):
    r"""Log-likelihood of the points in [0, 1] when `sacrificed` of them lie beyond $1 - 2\alpha$, where p = 1/2."""
    return (inside - sacrificed) * _log_height(alpha) - sacrificed * log(2)


def _maximise(x, present, mu, n):
    r"""The most likely $(\alpha, \mu)$ of one sample, and (1 - max x) / 2.

    Where no point crosses $1 - 2\alpha$ and no point drops out of the best window of width $f(\alpha)$, every factor of
    the likelihood grows with $\alpha$: the density on $[0, 1 - 2\alpha]$, $\alpha / 4$ and $1 / f(\alpha)$. So the
    maximiser ends such a stretch: it is (1 - x_i) / 2, or 1/4, or, in (1/10, 1/8), where f has shrunk to the width of
    the narrowest window that holds j points. It is unique but on null sets; the first is taken.
    """
    within, slots = present & (x < 1.5), x.shape[-1]
    inside, outside = jnp.sum(within).astype(x.dtype), jnp.sum(present & ~within)
    gaps = jnp.sort(jnp.where(within, 1 - x, jnp.inf))
    y = jnp.sort(jnp.where(present & ~within, x, jnp.inf))

    def value(alpha, sacrificed, together):
        spike = together * jnp.logaddexp(0, -_log_width(alpha, n))
        return _log_likelihood(alpha, inside, sacrificed) + xlogy(outside.astype(x.dtype), alpha / 4) + spike

    def beyond(alpha):
        return jnp.sum(gaps < 2 * alpha).astype(x.dtype)

    def span(j):
        """Width of the window from every point of [2, 3] to its (j - 1)-th successor."""
        return jnp.where(jnp.arange(slots) + j <= outside, jnp.roll(y, 1 - j) - y, jnp.inf)

    alpha = jnp.append(jnp.minimum(gaps / 2, 0.25), jnp.asarray(0.25, x.dtype))
    sacrificed = jnp.append(jnp.arange(slots, dtype=x.dtype), beyond(0.25))
    sacrificed = jnp.minimum(sacrificed, inside)
    log_width = _log_width(alpha, n)
    widest, narrowest = _log_width(jnp.asarray([0, 0.25], x.dtype), n)

    def count(state):
        j, together, best, best_alpha, best_together = state
        log_span = jnp.log(jnp.min(span(j)))
        crossing = 0.1 + 0.025 * (widest - log_span) / (widest - narrowest)
        crossing = jnp.clip(crossing, 0.1, 0.125).astype(x.dtype)
        reached = value(crossing, beyond(crossing), j)
        better = (log_span >= narrowest) & (log_span <= widest) & (reached > best)
        return (
            j + 1,
            together + (log_span <= log_width),
            jnp.where(better, reached, best),
            jnp.where(better, crossing, best_alpha),
            jnp.where(better, j, best_together),
        )

    one = jnp.minimum(outside, 1)
    start = (jnp.ones_like(one) + 1, jnp.full(alpha.shape, one), jnp.asarray(-jnp.inf, x.dtype), alpha[0], one)
    _, together, best, best_alpha, best_together = lax.while_loop(lambda s: s[0] <= outside, count, start)
    values = value(alpha, sacrificed, together)
    first = jnp.argmax(values)
    use = values[first] >= best
    best_alpha = jnp.where(use, alpha[first], best_alpha)
    best_together = jnp.where(use, together[first], best_together)

    width = jnp.exp(_log_width(best_alpha, n))
    left = jnp.argmin(span(jnp.maximum(best_together, 1)))
    right = left + jnp.maximum(best_together, 1) - 1
    leftmost = jnp.where(outside > 0, jnp.maximum(y[right] - width, 2), 2)
    rightmost = jnp.where(outside > 0, jnp.minimum(y[left], 3 - width), 3 - width)
    return best_alpha, jnp.clip(mu, leftmost, rightmost).astype(x.dtype), alpha[0]


@tv.register(SecondFitCollapse)
def _(model: SecondFitCollapse, truth):
    # Where p < 1, the density of the truth, it is 1/2 on a stretch of 2 alpha.
    return jnp.asarray(model.alpha)
