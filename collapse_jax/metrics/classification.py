r"""How well a linear classifier does at a new observation $x = y \mu + z$ of the true classes."""

# What has no body is a description; every family registers its formula.
# pyright: reportReturnType=false

import math

import jax.numpy as jnp
import numpy as np
from jax.scipy.special import ndtr

from collapse_jax.families import LinearClassifier
from collapse_jax.metrics.registry import NOT_NEGATIVE, UNKNOWN, Values, metric
from collapse_jax.numerics import triangle

__all__ = ["accuracy", "score", "squared_score"]


def _largest(truth) -> tuple[float, float]:
    r"""Bounds of $|\mu'w|$ and $E (x'w)^2$: a penalty beside the mean of squares keeps $\gamma |w|^2 \le 1/4$."""
    if not isinstance(truth, LinearClassifier) or truth.penalty != "per_sample":
        return math.inf, math.inf
    mean, cov = np.asarray(truth.mean, float), truth.described.get("cov", np.eye(truth.d))
    size2 = 1 / (4 * float(truth.ridge))
    return float(np.sqrt(mean @ mean * size2)), float((mean @ mean + np.linalg.eigvalsh(cov)[-1]) * size2)


def _range(truth) -> tuple[float, float]:
    largest = _largest(truth)[0]
    return (-largest, largest) if math.isfinite(largest) else UNKNOWN


def _range_of_square(truth) -> tuple[float, float]:
    largest = _largest(truth)[1]
    return (0.0, largest) if math.isfinite(largest) else NOT_NEGATIVE


def _moments(model, truth):
    r"""$\mu'w$ and $w'\Sigma w$ under the truth."""
    mean, w = triangle.meet(truth.mean, model.coefficients)
    along = w if truth.cov_triangle is None else triangle.apply_transposed(*triangle.meet(truth.cov_triangle, w))
    return jnp.sum(mean * w, 0), jnp.sum(along**2, 0)


@metric(bounds=(0.0, 1.0))
def accuracy(model, truth) -> Values:
    r"""$P(\operatorname{sign} x'w = y) = \Phi(\mu'w / \sqrt{w'\Sigma w})$; 1/2 for w = 0."""


@accuracy.register(LinearClassifier)
def _(model, truth):
    score, variance = _moments(model, truth)
    return ndtr(score / jnp.sqrt(jnp.where(variance > 0, variance, 1)))


@metric(bounds=_range)
def score(model, truth) -> Values:
    r"""$E\,y\,x'w = \mu'w$, the mean of the score of a new observation on the side of its class."""


@score.register(LinearClassifier)
def _(model, truth):
    return _moments(model, truth)[0]


@metric(bounds=_range_of_square)
def squared_score(model, truth) -> Values:
    r"""$E (x'w)^2 = (\mu'w)^2 + w'\Sigma w$ of a new observation; the risk $E (y - x'w)^2$ is 1 - 2 `score` + this."""


@squared_score.register(LinearClassifier)
def _(model, truth):
    score, variance = _moments(model, truth)
    return score**2 + variance
