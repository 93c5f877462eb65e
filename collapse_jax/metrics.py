r"""Named functions (model, truth) -> one number per chain.

`model` is the batch of fitted models, `truth` the family the run started from. A metric of your own is any named
function of that form; those here dispatch on the family and raise `ValueError` where a quantity is not defined.
`METRICS` maps names to them. Squared distances are reported as squares, because that is what the theorems bound.
"""

from collections.abc import Callable
from functools import singledispatch
from typing import Any, NoReturn

import jax.numpy as jnp
from jax.scipy.special import xlogy
from jaxtyping import Array, Bool, Float

from collapse_jax import _linalg, _triangle
from collapse_jax.families import (
    Bernoulli,
    Beta,
    Categorical,
    Contexts,
    Empirical,
    Exponential,
    Gaussian,
    LinearRegression,
    LogisticRegression,
    Poisson,
    TruncatedGeometric,
)
from collapse_jax.families._family import Family
from collapse_jax.path_metrics import HittingTime, PathMetric

Values = Float[Array, "*batch"]
Metric = Callable[[Any, Any], Any]


def _undefined(name: str, model: Any) -> NoReturn:
    raise ValueError(
        f"metric {name!r} is not defined for {type(model).__name__}; defined are {', '.join(metrics_for(model))}"
    )


@singledispatch
def squared_error(model, truth) -> Values:
    r"""$\|\theta - \theta_0\|^2$ over the fitted parameters (Gaussian: mean, plus covariance in Frobenius norm)."""
    _undefined("squared_error", model)


@squared_error.register(Bernoulli)
@squared_error.register(Poisson)
@squared_error.register(Exponential)
@squared_error.register(Beta)
@squared_error.register(TruncatedGeometric)
@squared_error.register(LinearRegression)
@squared_error.register(LogisticRegression)
def _(model, truth):
    [(name, event_axes)] = type(model).parameters.items()
    square = _difference(name, model, truth) ** 2
    return jnp.sum(square, 0 if model.chains_last else -1) if event_axes else square


def _difference(name: str, model, truth) -> Array:
    """A parameter of the model minus that of the truth, laid out as the family holds it."""
    fitted, true = getattr(model, name), getattr(truth, name)
    if model.chains_last:
        fitted, true = _triangle.meet(fitted, true)
    return fitted - true


@squared_error.register(Categorical)
@squared_error.register(Empirical)
def _(model, truth):
    return jnp.sum((model.p - truth.p) ** 2, -1)


@squared_error.register
def _(model: Gaussian, truth):
    covariance = 0 if model.known_cov else covariance_error(model, truth)
    return mean_error(model, truth) + covariance


def natural_error(model, truth) -> Values:
    r"""$\|\eta - \eta_0\|^2$ in the natural parameter: the logit of a coin, the log of a Poisson mean, $\theta$.

    Gaussian with known covariance: the mean. Infinite at the ends (a coin with p = 0 or 1), so that such chains are
    counted as non-finite.
    """
    if isinstance(model, Gaussian) and not model.known_cov:
        _undefined("natural_error", model)
    return jnp.sum((_natural(model) - _natural(truth)) ** 2, -1)


@singledispatch
def _natural(model) -> Float[Array, "*batch d"]:
    _undefined("natural_error", model)


@_natural.register
def _(model: Bernoulli):
    p = jnp.asarray(model.p)[..., None]
    return jnp.log(p) - jnp.log1p(-p)


@_natural.register
def _(model: Poisson):
    return jnp.log(jnp.asarray(model.rate))[..., None]


@_natural.register(Beta)
@_natural.register(TruncatedGeometric)
def _(model):
    return jnp.asarray(model.theta)[..., None]


@_natural.register
def _(model: LogisticRegression):
    return model.beta


@_natural.register
def _(model: Gaussian):
    return model.mean


@singledispatch
def mean_error(model, truth) -> Values:
    r"""$\|\mu - \mu_0\|^2$."""
    _undefined("mean_error", model)


@mean_error.register
def _(model: Gaussian, truth):
    return jnp.sum(_difference("location", model, truth) ** 2, 0)


@singledispatch
def covariance_error(model, truth) -> Values:
    r"""$\|\Sigma - \Sigma_0\|_F^2$."""
    _undefined("covariance_error", model)


@covariance_error.register
def _(model: Gaussian, truth):
    fitted, true = _triangle.meet(*(_triangle.gram(one.scaled_triangle) for one in (model, truth)))
    square = (fitted - true) ** 2
    return 2 * jnp.sum(square, 0) - jnp.sum(square[_triangle.diagonal(model.d)], 0)


@singledispatch
def variance(model, truth) -> Values:
    r"""Variance of one observation; in d dimensions $\operatorname{tr}\Sigma / d$."""
    _undefined("variance", model)


@variance.register
def _(model: Bernoulli, truth):
    return model.p * (1 - model.p)


@variance.register
def _(model: Poisson, truth):
    return model.rate


@variance.register
def _(model: Exponential, truth):
    return model.mean**2


@variance.register
def _(model: TruncatedGeometric, truth):
    k = jnp.arange(model.K + 1, dtype=model.dtype)
    mean = model.p @ k
    return jnp.sum(model.p * (k - mean[..., None]) ** 2, -1)


@variance.register
def _(model: Gaussian, truth):
    return trace(model, truth) / model.d


@singledispatch
def trace(model, truth) -> Values:
    r"""$\operatorname{tr}\Sigma$."""
    _undefined("trace", model)


@trace.register
def _(model: Gaussian, truth):
    return jnp.sum(model.scaled_triangle**2, 0)


@singledispatch
def log_variance(model, truth) -> Values:
    r"""$\log$ of `variance`; does not underflow."""
    _undefined("log_variance", model)


@log_variance.register
def _(model: Gaussian, truth):
    return 2 * model.log_scale + jnp.log(jnp.sum(jnp.asarray(model.triangle) ** 2, 0) / model.d)


@log_variance.register
def _(model: Exponential, truth):
    return 2 * jnp.log(model.mean)


@singledispatch
def log_det(model, truth) -> Values:
    r"""$\log\det\Sigma - \log\det\Sigma_0$."""
    _undefined("log_det", model)


@log_det.register
def _(model: Gaussian, truth):
    return model.log_det - truth.log_det


@singledispatch
def w2(model, truth) -> Values:
    r"""Squared 2-Wasserstein distance $W_2^2(p, p_0)$ between the fitted law and the truth.

    Gaussian: $\|\mu - \mu_0\|^2 + \operatorname{tr}\Sigma + \operatorname{tr}\Sigma_0 - 2\|F_0' F\|_*$.
    """
    _undefined("w2", model)


@w2.register
def _(model: Gaussian, truth):
    overlap = _linalg.nuclear_norm(truth.factor.T @ model.factor) * jnp.exp(model.log_scale + truth.log_scale)
    return mean_error(model, truth) + trace(model, truth) + trace(truth, truth) - 2 * overlap


@w2.register
def _(model: Bernoulli, truth):
    return jnp.abs(model.p - truth.p)


@w2.register
def _(model: Exponential, truth):
    return 2 * (model.mean - truth.mean) ** 2


def kl_forward(model, truth) -> Values:
    r"""$\mathrm{KL}(p_t \| p_0)$, nats: the fitted law against the truth."""
    return _kl(model, truth)


def kl_reverse(model, truth) -> Values:
    r"""$\mathrm{KL}(p_0 \| p_t)$, nats; infinite once the model has lost part of the support."""
    return _kl(truth, model)


@singledispatch
def _kl(p, q) -> Values:
    _undefined("kl_forward", p)


@_kl.register
def _(p: Gaussian, q):
    shape = jnp.broadcast_shapes(p.factor.shape, q.factor.shape)
    difference = jnp.broadcast_to(p.mean - q.mean, shape[:-1])[..., None]
    stacked = jnp.concatenate([jnp.broadcast_to(p.factor, shape), difference], -1)
    solved = _linalg.solve_lower(jnp.broadcast_to(q.factor, shape), stacked)
    ratio, shift = solved[..., :-1], solved[..., -1]
    scale = jnp.exp(p.log_scale - q.log_scale)
    squares = scale**2 * jnp.sum(ratio**2, (-2, -1)) + jnp.exp(-2 * q.log_scale) * jnp.sum(shift**2, -1)
    return 0.5 * (squares - p.d + q.log_det - p.log_det)


@_kl.register
def _(p: Bernoulli, q):
    return _cross(p.p, q.p) + _cross(1 - p.p, 1 - q.p)


def _cross(p, q):
    return jnp.where(p > 0, xlogy(p, p) - xlogy(p, q), 0.0)


@_kl.register
def _(p: Poisson, q):
    return _cross(p.rate, q.rate) + q.rate - p.rate


@_kl.register
def _(p: Exponential, q):
    ratio = p.mean / q.mean
    return ratio - 1 - jnp.log(ratio)


@_kl.register
def _(p: Beta, q):
    ratio = q.theta / p.theta
    return ratio - 1 - jnp.log(ratio)


@_kl.register(Categorical)
@_kl.register(Empirical)
@_kl.register(TruncatedGeometric)
def _(p, q):
    return jnp.sum(_cross(p.p, q.p), -1)


@_kl.register
def _(p: LinearRegression, q):
    return risk(p, q) / (2 * q.sigma2)


@singledispatch
def risk(model, truth) -> Values:
    r"""Excess test risk $\|w - w^*\|_\Sigma^2 = E[(x'w - x'w^*)^2]$; label noise is not included."""
    _undefined("risk", model)


@risk.register
def _(model: LinearRegression, truth):
    error = _difference("coefficients", model, truth)
    if truth.cov_triangle is not None:
        error = _triangle.apply_transposed(*_triangle.meet(truth.cov_triangle, error))
    return jnp.sum(error**2, 0)


def _probabilities(name: str, model) -> Float[Array, "*batch s"]:
    """One row of probabilities per model; for context models one per context, see `_over_contexts`."""
    if isinstance(model, Bernoulli):
        return jnp.stack([jnp.asarray(model.p), 1 - model.p], -1)
    if isinstance(model, Categorical | Contexts | Empirical | TruncatedGeometric):
        return model.p
    return _undefined(name, model)


def _over_contexts(model, values):
    """The mean over the contexts, for a model that has several."""
    return jnp.mean(values, -1) if isinstance(model, Contexts) else values


def l1(model, truth) -> Values:
    r"""$\sum_i |p_i - p_{0,i}|$, twice the total variation distance (contexts: their mean)."""
    return _over_contexts(model, jnp.sum(jnp.abs(_probabilities("l1", model) - _probabilities("l1", truth)), -1))


@singledispatch
def tv(model, truth) -> Values:
    r"""Total variation distance to the truth, $\sup_A |p(A) - p_0(A)|$."""
    _undefined("tv", model)


@tv.register(Bernoulli)
@tv.register(Categorical)
@tv.register(Contexts)
@tv.register(Empirical)
@tv.register(TruncatedGeometric)
def _(model, truth):
    return l1(model, truth) / 2


def sum_of_squares(model, truth) -> Values:
    r"""$\|p\|_2^2 = \sum_i p_i^2$ (Seddik's $\sigma_m$; one minus heterozygosity; contexts: their mean)."""
    return _over_contexts(model, jnp.sum(_probabilities("sum_of_squares", model) ** 2, -1))


def support_size(model, truth) -> Values:
    """How many symbols still have positive probability (contexts: their mean)."""
    p = _probabilities("support_size", model)
    return _over_contexts(model, jnp.sum((p > 0).astype(p.dtype), -1))  # XLA is slow to add integers on a CPU


def absorbed(model, truth) -> Bool[Array, "*batch"]:
    """Whether the model is a Dirac mass (Poisson: at zero; contexts: every row), final under `Replace`.

    Final unless unvisited contexts are reset, `Contexts(unvisited="uniform")`.
    """
    if isinstance(model, Poisson):
        return model.rate == 0
    dirac = jnp.max(_probabilities("absorbed", model), -1) == 1
    return jnp.all(dirac, -1) if isinstance(model, Contexts) else dirac


def entropy(model, truth) -> Values:
    r"""Shannon entropy (contexts: their mean), or differential entropy for continuous laws; nats."""
    if isinstance(model, Gaussian):
        return 0.5 * (model.log_det + model.d * (1 + jnp.log(2 * jnp.pi)))
    if isinstance(model, Exponential):
        return 1 + jnp.log(model.mean)
    p = _probabilities("entropy", model)
    return _over_contexts(model, -jnp.sum(xlogy(p, p), -1))


collapse_time = HittingTime(event=absorbed, name="collapse_time")

METRICS: dict[str, Metric | PathMetric] = {
    "squared_error": squared_error,
    "natural_error": natural_error,
    "mean_error": mean_error,
    "covariance_error": covariance_error,
    "variance": variance,
    "trace": trace,
    "log_variance": log_variance,
    "log_det": log_det,
    "w2": w2,
    "kl_forward": kl_forward,
    "kl_reverse": kl_reverse,
    "risk": risk,
    "tv": tv,
    "l1": l1,
    "sum_of_squares": sum_of_squares,
    "support_size": support_size,
    "entropy": entropy,
    "absorbed": absorbed,
    "collapse_time": collapse_time,
}


def metrics_for(family: Family) -> list[str]:
    """Names of the metrics that are defined for this family."""
    discrete = isinstance(family, Bernoulli | Categorical | Contexts | Empirical | TruncatedGeometric)
    by_hand = {
        "natural_error": type(family) in _natural.registry and (not isinstance(family, Gaussian) or family.known_cov),
        "l1": discrete,
        "kl_forward": type(family) in _kl.registry,
        "kl_reverse": type(family) in _kl.registry,
        "sum_of_squares": discrete,
        "support_size": discrete,
        "entropy": discrete or isinstance(family, Gaussian | Exponential),
        "absorbed": discrete or isinstance(family, Poisson),
        "collapse_time": discrete or isinstance(family, Poisson),
    }
    return [
        name
        for name, metric in METRICS.items()
        if by_hand.get(name, False) or type(family) in getattr(metric, "registry", ())
    ]


def resolve(metric: str | Metric | PathMetric) -> tuple[str, Metric | PathMetric]:
    """Name and function of a metric given by name or as a named function."""
    if isinstance(metric, str):
        if metric not in METRICS:
            raise ValueError(f"unknown metric {metric!r}; known are {', '.join(METRICS)}")
        return metric, METRICS[metric]
    if isinstance(metric, PathMetric):
        return metric.name, metric
    name = getattr(metric, "__name__", "")
    if not callable(metric) or not name or name == "<lambda>":
        raise ValueError(
            "a metric is a name or a named function (model, truth) -> value per chain; "
            "write `def my_metric(model, truth)` instead of a lambda, which would recompile every run"
        )
    return name, metric
