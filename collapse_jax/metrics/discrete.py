"""What happens to probabilities: support, concentration, entropy, absorption."""

# What has no body is a description; every family registers its formula.
# pyright: reportReturnType=false

import math

import jax.numpy as jnp
from jax.scipy.special import xlogy
from jaxtyping import Array, Bool, Float

from collapse_jax.families import (
    Bernoulli,
    Categorical,
    Contexts,
    Empirical,
    Exponential,
    Gaussian,
    Laplace,
    Markov,
    NegativeBinomial,
    Poisson,
    TruncatedGeometric,
)
from collapse_jax.metrics.path import HittingTime
from collapse_jax.metrics.registry import UNKNOWN, Quantity, Values, add, metric

__all__ = ["absorbed", "collapse_time", "entropy", "over_contexts", "probabilities", "sum_of_squares", "support_size"]


@Quantity
def probabilities(model) -> Float[Array, "*batch s"]:
    """One row of probabilities per model; for context models one per context, see `over_contexts`."""


@probabilities.register(Bernoulli)
def _(model):
    return jnp.stack([jnp.asarray(model.p), 1 - model.p], -1)


@probabilities.register(Categorical, Contexts, Empirical, Markov, TruncatedGeometric)
def _(model):
    return model.p


def over_contexts(model, values) -> Array:
    """The mean over the contexts, for a model that has several; of a Markov chain as often as it visits them."""
    if isinstance(model, Markov):
        return jnp.sum(model.weights * values, -1)
    return jnp.mean(values, -1) if isinstance(model, Contexts) else values


def symbols(truth) -> int:
    """Over how many symbols the probabilities go."""
    return 2 if isinstance(truth, Bernoulli) else truth.p.shape[-1]


@metric(on=probabilities, bounds=lambda truth: (1 / symbols(truth), 1.0))
def sum_of_squares(model, truth) -> Values:
    r"""$\|p\|_2^2 = \sum_i p_i^2$ (Seddik's $\sigma_m$; one minus heterozygosity; contexts: their mean)."""
    return over_contexts(model, jnp.sum(probabilities(model) ** 2, -1))


@metric(on=probabilities, bounds=lambda truth: (1.0, symbols(truth)))
def support_size(model, truth) -> Values:
    """How many symbols still have positive probability (contexts: their mean)."""
    p = probabilities(model)
    return over_contexts(model, jnp.sum((p > 0).astype(p.dtype), -1))  # XLA is slow to add integers on a CPU


@metric(on=probabilities, bounds=(0.0, 1.0))
def absorbed(model, truth) -> Bool[Array, "*batch"]:
    """Whether the model is a Dirac mass (counts: at zero; contexts: every row), final under `Replace`.

    Final unless unvisited contexts are reset, `Contexts(unvisited="uniform")`. Of a Markov chain: the rows of all
    contexts that its text shows.
    """
    dirac = jnp.max(probabilities(model), -1) == 1
    if isinstance(model, Markov):
        dirac = dirac | (jnp.asarray(model.weights) == 0)
    return jnp.all(dirac, -1) if isinstance(model, Contexts | Markov) else dirac


@absorbed.register(Poisson)
def _(model, truth):
    return model.rate == 0


@absorbed.register(NegativeBinomial)
def _(model, truth):
    return model.mean == 0


def _range(truth) -> tuple[float, float]:
    """Of the entropy of a vector of probabilities; a differential entropy has none."""
    return UNKNOWN if probabilities.implementation(truth) is None else (0.0, math.log(symbols(truth)))


@metric(on=probabilities, bounds=_range)
def entropy(model, truth) -> Values:
    r"""Shannon entropy (contexts: their mean), or differential entropy for continuous laws; nats."""
    p = probabilities(model)
    return over_contexts(model, -jnp.sum(xlogy(p, p), -1))


@entropy.register(Gaussian)
def _(model, truth):
    return 0.5 * (model.log_det + model.d * (1 + jnp.log(2 * jnp.pi)))


@entropy.register(Exponential)
def _(model, truth):
    return 1 + jnp.log(model.mean)


@entropy.register(Laplace)
def _(model, truth):
    return 1 + jnp.log(2 * model.scale)


collapse_time = HittingTime(event=absorbed, name="collapse_time")
add("collapse_time", collapse_time)
