r"""Moments of the fitted law, and the logarithms of them that do not underflow."""

# What has no body is a description; every family registers its formula.
# pyright: reportReturnType=false

import jax.numpy as jnp

from collapse_jax.families import (
    Bernoulli,
    Exponential,
    Gamma,
    Gaussian,
    Laplace,
    NegativeBinomial,
    Poisson,
    SymmetricMixture,
    TruncatedGeometric,
)
from collapse_jax.metrics.registry import NOT_NEGATIVE, Values, metric

__all__ = ["det", "log_det", "log_variance", "trace", "variance"]


def _range(truth) -> tuple[float, float]:
    """Of the variance of values in an interval, at most a quarter of its squared length."""
    if isinstance(truth, Bernoulli):
        return 0.0, 0.25
    return (0.0, truth.K**2 / 4) if isinstance(truth, TruncatedGeometric) else NOT_NEGATIVE


@metric(bounds=_range)
def variance(model, truth) -> Values:
    r"""Variance of one observation; in d dimensions $\operatorname{tr}\Sigma / d$."""


@variance.register(Bernoulli)
def _(model, truth):
    return model.p * (1 - model.p)


@variance.register(Poisson)
def _(model, truth):
    return model.rate


@variance.register(Exponential)
def _(model, truth):
    return model.mean**2


@variance.register(NegativeBinomial)
def _(model, truth):
    return model.mean + model.mean**2 / model.size


@variance.register(Gamma)
def _(model, truth):
    return model.mean**2 / model.shape


@variance.register(Laplace)
def _(model, truth):
    return 2 * model.scale**2


@variance.register(SymmetricMixture)
def _(model, truth):
    return model.mu**2 + model.sigma**2


@variance.register(TruncatedGeometric)
def _(model, truth):
    k = jnp.arange(model.K + 1, dtype=model.dtype)
    mean = model.p @ k
    return jnp.sum(model.p * (k - mean[..., None]) ** 2, -1)


@variance.register(Gaussian)
def _(model, truth):
    return trace(model, truth) / model.d


@metric(bounds=NOT_NEGATIVE)
def trace(model, truth) -> Values:
    r"""$\operatorname{tr}\Sigma$."""


@trace.register(Gaussian)
def _(model, truth):
    return jnp.sum(model.scaled_triangle**2, 0)


@metric()
def log_variance(model, truth) -> Values:
    r"""$\log$ of `variance`; does not underflow."""


@log_variance.register(Gaussian)
def _(model, truth):
    return 2 * model.log_scale + jnp.log(jnp.sum(jnp.asarray(model.triangle) ** 2, 0) / model.d)


@log_variance.register(Exponential)
def _(model, truth):
    return 2 * jnp.log(model.mean)


@log_variance.register(Gamma)
def _(model, truth):
    return 2 * jnp.log(model.mean) - jnp.log(model.shape)


@log_variance.register(Laplace)
def _(model, truth):
    return jnp.log(2.0) + 2 * jnp.log(model.scale)


@metric(bounds=NOT_NEGATIVE)
def det(model, truth) -> Values:
    r"""$\det\Sigma/\det\Sigma_0$; `log_det` does not underflow, and its mean does not sit in a few chains."""


@det.register(Gaussian)
def _(model, truth):
    return jnp.exp(model.log_det - truth.log_det)


@metric()
def log_det(model, truth) -> Values:
    r"""$\log\det\Sigma - \log\det\Sigma_0$."""


@log_det.register(Gaussian)
def _(model, truth):
    return model.log_det - truth.log_det
