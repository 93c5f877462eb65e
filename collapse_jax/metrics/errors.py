r"""Distances between parameters: how far a fit is from the truth. Squared, because that is what the theorems bound."""

# What has no body is a description; every family registers its formula.
# pyright: reportReturnType=false

import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float

from collapse_jax.families import (
    Bernoulli,
    Beta,
    Categorical,
    Empirical,
    Exponential,
    Gamma,
    Gaussian,
    LinearRegression,
    LogisticRegression,
    NegativeBinomial,
    Poisson,
    TruncatedGeometric,
)
from collapse_jax.metrics.registry import NOT_NEGATIVE, Quantity, Values, metric
from collapse_jax.numerics import triangle

__all__ = ["covariance_error", "mean_error", "natural_error", "risk", "squared_error"]


def _range(truth) -> tuple[float, float]:
    """Of the squared distance of two vectors of probabilities, one of them the truth."""
    if isinstance(truth, Bernoulli):
        return 0.0, max(float(truth.p), 1 - float(truth.p)) ** 2
    if isinstance(truth, Categorical | Empirical):
        p = np.asarray(truth.p, float)
        return 0.0, float(1 - 2 * p.min() + p @ p)
    return NOT_NEGATIVE


@metric(bounds=_range)
def squared_error(model, truth) -> Values:
    r"""$\|\theta - \theta_0\|^2$ over the fitted parameters (Gaussian: mean, plus covariance in Frobenius norm)."""


@squared_error.register(Bernoulli, Poisson, Exponential, NegativeBinomial, Gamma, Beta, TruncatedGeometric)
@squared_error.register(LinearRegression, LogisticRegression)
def _(model, truth):
    [(name, event_axes)] = type(model).parameters.items()
    square = _difference(name, model, truth) ** 2
    return jnp.sum(square, 0 if model.chains_last else -1) if event_axes else square


def _difference(name: str, model, truth) -> Array:
    """A parameter of the model minus that of the truth, laid out as the family holds it."""
    fitted, true = getattr(model, name), getattr(truth, name)
    if model.chains_last:
        fitted, true = triangle.meet(fitted, true)
    return fitted - true


@squared_error.register(Categorical, Empirical)
def _(model, truth):
    return jnp.sum((model.p - truth.p) ** 2, -1)


@squared_error.register(Gaussian)
def _(model, truth):
    covariance = 0 if model.known_cov else covariance_error(model, truth)
    return mean_error(model, truth) + covariance


@Quantity
def _natural(model) -> Float[Array, "*batch d"]:
    """The natural parameter."""


@_natural.register(Bernoulli)
def _(model):
    p = jnp.asarray(model.p)[..., None]
    return jnp.log(p) - jnp.log1p(-p)


@_natural.register(Poisson)
def _(model):
    return jnp.log(jnp.asarray(model.rate))[..., None]


@_natural.register(Beta, TruncatedGeometric)
def _(model):
    return jnp.asarray(model.theta)[..., None]


@_natural.register(LogisticRegression)
def _(model):
    return model.beta


@_natural.register(Gaussian, when=lambda model: model.known_cov)
def _(model):
    return model.mean


@metric(on=_natural, bounds=NOT_NEGATIVE)
def natural_error(model, truth) -> Values:
    r"""$\|\eta - \eta_0\|^2$ in the natural parameter: the logit of a coin, the log of a Poisson mean, $\theta$.

    Gaussian with known covariance: the mean. Infinite at the ends (a coin with p = 0 or 1), so that such chains are
    counted as non-finite.
    """
    return jnp.sum((_natural(model) - _natural(truth)) ** 2, -1)


@metric(bounds=NOT_NEGATIVE)
def mean_error(model, truth) -> Values:
    r"""$\|\mu - \mu_0\|^2$."""


@mean_error.register(Gaussian)
def _(model, truth):
    return jnp.sum(_difference("location", model, truth) ** 2, 0)


@metric(bounds=NOT_NEGATIVE)
def covariance_error(model, truth) -> Values:
    r"""$\|\Sigma - \Sigma_0\|_F^2$."""


@covariance_error.register(Gaussian)
def _(model, truth):
    fitted, true = triangle.meet(*(triangle.gram(one.scaled_triangle) for one in (model, truth)))
    square = (fitted - true) ** 2
    return 2 * jnp.sum(square, 0) - jnp.sum(square[triangle.diagonal(model.d)], 0)


@metric(bounds=NOT_NEGATIVE)
def risk(model, truth) -> Values:
    r"""Excess test risk $\|w - w^*\|_\Sigma^2 = E[(x'w - x'w^*)^2]$; label noise is not included."""


@risk.register(LinearRegression)
def _(model, truth):
    error = _difference("coefficients", model, truth)
    if truth.cov_triangle is not None:
        error = triangle.apply_transposed(*triangle.meet(truth.cov_triangle, error))
    return jnp.sum(error**2, 0)
