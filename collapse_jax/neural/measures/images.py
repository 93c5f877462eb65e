"""Measures of images, by what a fixed judge sees in them."""

from typing import Any

import jax
import jax.numpy as jnp
from jaxtyping import Array, Float32

from collapse_jax.neural._single import F32
from collapse_jax.neural.measures._measure import OfSample
from collapse_jax.neural.truths import Digits

_RIDGE, _STEPS = 1e-4, 30


def _moments(x: Float32[Array, "n h"]) -> tuple[Float32[Array, "h"], Float32[Array, "h h"]]:
    mean = jnp.mean(x, 0)
    apart = x - mean
    return mean, apart.T @ apart / (len(x) - 1) + _RIDGE * jnp.eye(x.shape[-1], dtype=F32)


def root(a: Float32[Array, "h h"]) -> Float32[Array, "h h"]:
    """A square root of a matrix whose eigenvalues are positive, by Newton and Schulz: products only, no factorisation.

    **Args**: `a`: the matrix; eigenvalues below 10^-9 of its norm are lost.

    **Returns**: the root.
    """
    size = jnp.sqrt(jnp.sum(a**2))
    eye = jnp.eye(len(a), dtype=a.dtype)

    def nearer(_, pair):
        y, z = pair
        step = 1.5 * eye - 0.5 * (z @ y)
        return y @ step, step @ z

    return jax.lax.fori_loop(jnp.int32(0), jnp.int32(_STEPS), nearer, (a / size, eye))[0] * jnp.sqrt(size)


def _frechet(network: Any, net: Any, truth: Digits, x: Float32[Array, "n 64"]) -> Float32[Array, ""]:
    r"""$\|\mu - \mu_0\|^2 + \operatorname{tr}(C + C_0 - 2 (C C_0)^{1/2})$ of the features of x and of real digits."""
    del network, net
    mean, cov = _moments(truth.judge.features(x))
    real_mean, real_cov = _moments(truth.judge.features(truth.held_out))
    between = jnp.trace(root(cov @ real_cov))
    return jnp.sum((mean - real_mean) ** 2) + jnp.trace(cov) + jnp.trace(real_cov) - 2 * between


def _label_entropy(network: Any, net: Any, truth: Digits, x: Float32[Array, "n 64"]) -> Float32[Array, ""]:
    """The entropy of the judge's labels in nats: log 10 = 2.30 if all digits are as frequent."""
    del network, net
    return jnp.sum(jax.scipy.special.entr(jnp.mean(truth.judge.labels(x), 0)))


def _confidence(network: Any, net: Any, truth: Digits, x: Float32[Array, "n 64"]) -> Float32[Array, ""]:
    """The probability of the judge's first choice, on average."""
    del network, net
    return jnp.mean(jnp.max(truth.judge.labels(x), -1))


def _pixel_variance(network: Any, net: Any, truth: Digits, x: Float32[Array, "n 64"]) -> Float32[Array, ""]:
    """The variance of all pixels together, over that of held-out digits."""
    del network, net
    return jnp.sum(jnp.var(x, 0, ddof=1)) / jnp.sum(jnp.var(truth.held_out, 0, ddof=1))


frechet = OfSample(_frechet, 512)
label_entropy = OfSample(_label_entropy, 512)
confidence = OfSample(_confidence, 512)
pixel_variance = OfSample(_pixel_variance, 512)
