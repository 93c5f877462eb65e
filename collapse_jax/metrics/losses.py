r"""What a model has lost of the truth, and what it has that the truth has not: diversity, modes, tails, hallucinations.

Quantities that a collapse profile reads (`collapse_jax.profile`); each family registers its own, with closed forms.
Modes of a discrete law are the symbols at least as likely as under the uniform law, its tail the other ones.
"""

# What has no body is a description; every family registers its formula.
# pyright: reportReturnType=false

from collections.abc import Callable
from typing import Any

import jax.numpy as jnp
from jax.scipy.special import ndtr, ndtri
from jaxtyping import Array

from collapse_jax.families import Exponential, Gaussian, Poisson
from collapse_jax.metrics.discrete import over_contexts, probabilities, sum_of_squares
from collapse_jax.metrics.moments import log_det, log_variance
from collapse_jax.metrics.registry import Quantity, Values
from collapse_jax.numerics import linalg

__all__ = ["diversity", "hallucinated", "lost_modes", "narrowing", "tail_cover"]


def _discrete(function: Callable[..., Any]) -> Quantity:
    return Quantity(function, probabilities)


@Quantity
def narrowing(model, truth) -> Values:
    r"""$\log$ of the variance of the truth over that of the model, $\frac1d \log(\det\Sigma_0 / \det\Sigma)$.

    For families whose variance stays positive: its mean tends to infinity where variances vanish, also where the mean
    of the variance itself stays as it was (`Gaussian(ddof=1)` under `Replace`).
    """


@narrowing.register(Gaussian)
def _(model, truth):
    return -log_det(model, truth) / model.d


@narrowing.register(Exponential)
def _(model, truth):
    return log_variance(truth, truth) - log_variance(model, truth)


@_discrete
def diversity(model, truth) -> Values:
    r"""$1 - \sum_i p_i^2$, the chance that two draws differ (contexts: their mean); $\sqrt\lambda$ of a Poisson law.

    For families whose variance may reach 0. The variance of a Poisson law, its mean, keeps its expectation whatever
    happens to the chains; a concave function of it does not.
    """
    return 1 - sum_of_squares(model, truth)


@diversity.register(Poisson)
def _(model, truth):
    return jnp.sqrt(model.rate)


@_discrete
def lost_modes(model, truth) -> Values:
    r"""How many modes of the truth, $p_{0,i} \ge 1/s$, the model cannot draw any more, $p_i = 0$ (contexts: mean)."""
    p, p0 = probabilities(model), probabilities(truth)
    lost = (p <= 0) & _is_mode(p0)
    return over_contexts(model, jnp.sum(lost.astype(p.dtype), -1))


def _is_mode(p0: Any) -> Array:
    return p0 * p0.shape[-1] >= 1 - 1e-9  # a uniform law consists of modes, whatever 1 / s rounds to


@_discrete
def tail_cover(model, truth, level) -> Values:
    r"""How much of the tail of the truth that is worst covered the model still covers, $\min(1, P(A) / P_0(A))$.

    Discrete laws: the least of $\min(1, p_i / p_{0,i})$ over the symbols with $0 < p_{0,i} < 1/s$ (1 if there are
    none; contexts: their mean). Gaussian: over both tails, of real mass `level` / 2, of every whitened coordinate.
    Exponential: its one tail of mass `level`. Families with several tails report the worst, since a model that has
    shrunk to a point may lie in one of them.
    """
    p, p0 = probabilities(model), probabilities(truth)
    tail = (p0 > 0) & ~_is_mode(p0)
    share = jnp.where(tail, p / jnp.where(tail, p0, 1), 1)
    return over_contexts(model, jnp.min(jnp.minimum(share, 1), -1))


@tail_cover.register(Gaussian)
def _(model, truth, level):
    below, above = _beyond(model, truth, level)
    return jnp.minimum(jnp.min(jnp.minimum(below, above), -1) / (level / 2), 1)


@tail_cover.register(Exponential)
def _(model, truth, level):
    return jnp.minimum(_survival(model, truth, level) / level, 1)


@_discrete
def hallucinated(model, truth, level) -> Values:
    r"""Mass that the model puts where the truth has next to nothing.

    Discrete laws: on the symbols with $p_{0,i} \le$ `level` (contexts: mean). Gaussian: beyond the two quantiles that
    leave `level` of the truth outside, the mean over whitened coordinates. Exponential: beyond its one such quantile.
    """
    p, p0 = probabilities(model), probabilities(truth)
    return over_contexts(model, jnp.sum(jnp.where(p0 <= level, p, 0), -1))


@hallucinated.register(Gaussian)
def _(model, truth, level):
    below, above = _beyond(model, truth, level)
    return jnp.mean(below + above, -1)


@hallucinated.register(Exponential)
def _(model, truth, level):
    return _survival(model, truth, level)


def _beyond(model, truth, level) -> tuple[Array, Array]:
    r"""Mass of the model beyond either `level` / 2 quantile of every whitened coordinate of the truth, (*batch, d)."""
    shape = jnp.broadcast_shapes(model.factor.shape, truth.factor.shape)
    root = jnp.broadcast_to(truth.factor, shape)
    shift = jnp.broadcast_to(model.mean - truth.mean, shape[:-1])[..., None]
    solved = linalg.solve_lower(root, jnp.concatenate([jnp.broadcast_to(model.factor, shape), shift], -1))
    spread = jnp.exp(model.log_scale - truth.log_scale)[..., None] * jnp.sqrt(jnp.sum(solved[..., :-1] ** 2, -1))
    shift = solved[..., -1] * jnp.exp(-truth.log_scale)
    quantile = -ndtri(jnp.asarray(level / 2, spread.dtype))

    def mass(distance):
        inside = jnp.where(spread > 0, spread, 1)
        return jnp.where(spread > 0, ndtr(-distance / inside), jnp.where(distance < 0, 1.0, 0.0))

    return mass(quantile + shift), mass(quantile - shift)


def _survival(model, truth, level) -> Values:
    return jnp.where(model.mean > 0, level ** (truth.mean / jnp.where(model.mean > 0, model.mean, 1)), 0)
