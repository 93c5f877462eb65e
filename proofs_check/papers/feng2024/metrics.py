"""How far a classifier says what Bayes' says."""

import math
from typing import Any

import jax.numpy as jnp
import numpy as np
from jax.scipy.special import ndtr

from collapse_jax import LinearClassifier
from collapse_jax.metrics.registry import Quantity


def _agreement(model: Any, truth: Any) -> Any:
    """For identity covariance, by Plackett's integral over the angle."""
    node, weight = np.polynomial.legendre.leggauss(32)
    mean = jnp.asarray(truth.mean, model.dtype)
    size, length = jnp.sqrt(jnp.sum(mean**2)), jnp.sqrt(jnp.sum(model.coefficients**2, 0))
    cosine = jnp.clip(jnp.tensordot(mean, model.coefficients, 1) / (size * length), -1, 1)
    h, k, half = size * cosine, size, jnp.arcsin(cosine) / 2
    angle = half * (1 + jnp.asarray(node, model.dtype).reshape(-1, *(1,) * half.ndim))
    exponent = -(h**2 - 2 * h * k * jnp.sin(angle) + k**2) / (2 * jnp.cos(angle) ** 2)
    total = jnp.tensordot(jnp.asarray(weight, model.dtype), jnp.exp(exponent), 1)
    # Two classes alike: agreeing above 0 and agreeing below 0 add up to this.
    both = ndtr(h) * ndtr(k) + ndtr(-h) * ndtr(-k)
    return jnp.clip(both + total * half / math.pi, 0, 1)


def _described(model: Any, truth: Any) -> Any:
    r"""$P(\operatorname{sign} x'w = \operatorname{sign} x'\mu)$ at a new observation."""


_described.__name__ = "agreement"
agreement = Quantity(_described, bounds=(0.0, 1.0))
agreement.register(LinearClassifier)(_agreement)
