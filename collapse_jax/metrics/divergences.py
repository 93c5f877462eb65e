r"""Divergences and distances between the fitted law and the truth."""

# What has no body is a description; every family registers its formula.
# pyright: reportReturnType=false

import math

import jax.numpy as jnp
import numpy as np
from jax.scipy.special import xlogy

from collapse_jax.families import (
    Bernoulli,
    Beta,
    Categorical,
    Empirical,
    Exponential,
    Gamma,
    Gaussian,
    Laplace,
    LinearRegression,
    NegativeBinomial,
    Poisson,
    TruncatedGeometric,
)
from collapse_jax.metrics.discrete import over_contexts, probabilities
from collapse_jax.metrics.errors import mean_error, risk
from collapse_jax.metrics.moments import trace
from collapse_jax.metrics.registry import NOT_NEGATIVE, Quantity, Values, metric
from collapse_jax.numerics import linalg

__all__ = ["kl_forward", "kl_reverse", "l1", "tv", "w2"]


def _transport(truth) -> tuple[float, float]:
    return (0.0, max(float(truth.p), 1 - float(truth.p))) if isinstance(truth, Bernoulli) else NOT_NEGATIVE


@metric(bounds=_transport)
def w2(model, truth) -> Values:
    r"""Squared 2-Wasserstein distance $W_2^2(p, p_0)$ between the fitted law and the truth.

    Gaussian: $\|\mu - \mu_0\|^2 + \operatorname{tr}\Sigma + \operatorname{tr}\Sigma_0 - 2\|F_0' F\|_*$.
    """


@w2.register(Gaussian)
def _(model, truth):
    overlap = linalg.nuclear_norm(truth.factor.T @ model.factor) * jnp.exp(model.log_scale + truth.log_scale)
    return mean_error(model, truth) + trace(model, truth) + trace(truth, truth) - 2 * overlap


@w2.register(Bernoulli)
def _(model, truth):
    return jnp.abs(model.p - truth.p)


@w2.register(Exponential)
def _(model, truth):
    return 2 * (model.mean - truth.mean) ** 2


@w2.register(Gamma)
def _(model, truth):
    return (1 + 1 / model.shape) * (model.mean - truth.mean) ** 2


@Quantity
def _kl(p, q) -> Values:
    r"""$\mathrm{KL}(p \| q)$ of two models of one family."""


@_kl.register(Gaussian)
def _(p, q):
    shape = jnp.broadcast_shapes(p.factor.shape, q.factor.shape)
    difference = jnp.broadcast_to(p.mean - q.mean, shape[:-1])[..., None]
    stacked = jnp.concatenate([jnp.broadcast_to(p.factor, shape), difference], -1)
    solved = linalg.solve_lower(jnp.broadcast_to(q.factor, shape), stacked)
    ratio, shift = solved[..., :-1], solved[..., -1]
    scale = jnp.exp(p.log_scale - q.log_scale)
    squares = scale**2 * jnp.sum(ratio**2, (-2, -1)) + jnp.exp(-2 * q.log_scale) * jnp.sum(shift**2, -1)
    return 0.5 * (squares - p.d + q.log_det - p.log_det)


@_kl.register(Bernoulli)
def _(p, q):
    return _cross(p.p, q.p) + _cross(1 - p.p, 1 - q.p)


def _cross(p, q):
    return jnp.where(p > 0, xlogy(p, p) - xlogy(p, q), 0.0)


@_kl.register(Poisson)
def _(p, q):
    return _cross(p.rate, q.rate) + q.rate - p.rate


@_kl.register(Exponential)
def _(p, q):
    ratio = p.mean / q.mean
    return ratio - 1 - jnp.log(ratio)


@_kl.register(Gamma)
def _(p, q):
    ratio = p.mean / q.mean
    return p.shape * (ratio - 1 - jnp.log(ratio))


@_kl.register(NegativeBinomial)
def _(p, q):
    both = p.size + p.mean
    return _cross(p.mean, q.mean) - both * jnp.log(both / (q.size + q.mean))


@_kl.register(Laplace)
def _(p, q):
    ratio, apart = p.scale / q.scale, jnp.abs(p.location - q.location)
    return ratio * jnp.exp(-apart / p.scale) + apart / q.scale - 1 - jnp.log(ratio)


@_kl.register(Beta)
def _(p, q):
    ratio = q.theta / p.theta
    return ratio - 1 - jnp.log(ratio)


@_kl.register(Categorical, Empirical, TruncatedGeometric)
def _(p, q):
    return jnp.sum(_cross(p.p, q.p), -1)


@_kl.register(LinearRegression)
def _(p, q):
    return risk(p, q) / (2 * q.sigma2)


def _forward(truth) -> tuple[float, float]:
    """At most the divergence of the rarest symbol, since what has no probability is never drawn."""
    if probabilities.implementation(truth) is None:
        return NOT_NEGATIVE
    p = np.asarray(probabilities(truth), float)
    return 0.0, -math.log(p[p > 0].min())


@metric(on=_kl, bounds=_forward)
def kl_forward(model, truth) -> Values:
    r"""$\mathrm{KL}(p_t \| p_0)$, nats: the fitted law against the truth."""
    return _kl(model, truth)


@metric(on=_kl, bounds=NOT_NEGATIVE)
def kl_reverse(model, truth) -> Values:
    r"""$\mathrm{KL}(p_0 \| p_t)$, nats; infinite once the model has lost part of the support."""
    return _kl(truth, model)


@metric(on=probabilities, bounds=(0.0, 2.0))
def l1(model, truth) -> Values:
    r"""$\sum_i |p_i - p_{0,i}|$, twice the total variation distance (contexts: their mean)."""
    return over_contexts(model, jnp.sum(jnp.abs(probabilities(model) - probabilities(truth)), -1))


@metric(on=probabilities, bounds=(0.0, 1.0))
def tv(model, truth) -> Values:
    r"""Total variation distance to the truth, $\sup_A |p(A) - p_0(A)|$, half of `l1` (contexts: their mean)."""
    return l1(model, truth) / 2
