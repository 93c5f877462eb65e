r"""Kernel density estimates beside the known law of their first sample: integrated squared error and likelihood."""

# What has no body is a description; every family registers its formula.
# pyright: reportReturnType=false

import math
from typing import Any

import jax.numpy as jnp
import numpy as np
from jax import lax
from jaxtyping import Array, Float

from collapse_jax.data import Samples
from collapse_jax.families import KDE, KernelEstimate
from collapse_jax.families._points import Running, tail
from collapse_jax.metrics.errors import mean_error
from collapse_jax.metrics.moments import trace, variance
from collapse_jax.metrics.registry import NOT_NEGATIVE, Values, metric
from collapse_jax.numerics.alone import alone

__all__ = ["ise", "nll"]

_TAIL = 9.0  # exp(-81/2) is below rounding


@metric(bounds=NOT_NEGATIVE)
def ise(model, truth) -> Values:
    r"""Integrated squared error $\int (f_t - p)^2$ of a density estimate, against the known law.

    Exact in every dimension by sums over pairs of points, $\int f_t^2 = N^{-2} \sum_{ij} N(x_i - x_j; 0, 2 h^2 I)$; in
    one dimension by Parseval, to rounding: the characteristic functions at as many frequencies as the range of the
    points and the narrower of kernel and truth ask for.
    """


@metric()
def nll(model, truth) -> Values:
    r"""Mean negative log density $-\int p \log f_t$ of a new observation of the truth, nats.

    By the trapezoidal rule, 257 places in one dimension and 33 x 33 in two, for every component of the truth.
    """


@ise.register(KDE)
def _(model, truth):
    return jnp.zeros(model.batch_shape, model.dtype)


@ise.register(KernelEstimate)
def _(model, truth):
    return _by_frequencies(model, truth) if model.d == 1 else by_pairs(model, truth)


def _normal(squares: Array, variance: Array, d: int) -> Array:
    """Density of N(0, variance I_d) at places of this squared length."""
    return jnp.exp(-squares / (2 * variance)) * (2 * jnp.pi * variance) ** (-d / 2)


def by_pairs(model: KernelEstimate, truth: KDE) -> Float[Array, "*batch"]:
    """`ise`, point by point: N^2 terms."""
    d, h2, order = model.d, model.bandwidth**2, model.filled_first
    weight = (model.present / model.number).astype(model.dtype)
    points = model.means

    def beside(i, total):
        apart = points - lax.dynamic_index_in_dim(points, order[i], points.ndim - 2)
        return total + jnp.sum(weight * _normal(jnp.sum(apart**2, -1), 2 * h2[..., None], d), -1)

    own = lax.fori_loop(0, model.number, beside, jnp.zeros(model.batch_shape, model.dtype)) / model.number
    means, scales, shares = (jnp.asarray(part) for part in (truth.means, truth.scales, truth.weights))
    between = _normal(jnp.sum((means[:, None] - means) ** 2, -1), scales[:, None] ** 2 + scales**2, d)
    cross = sum(
        share * jnp.sum(weight * _normal(jnp.sum((points - mean) ** 2, -1), h2[..., None] + scale**2, d), -1)
        for share, mean, scale in zip(shares, means, scales, strict=True)
    )
    return own - 2 * cross + shares @ between @ shares


def _by_frequencies(model: KernelEstimate, truth: KDE) -> Float[Array, "*batch"]:
    r"""$\frac{1}{\pi} \int_0^\infty |\kappa c - \varphi|^2 dw$ by the trapezoidal rule, which sums aliases.

    A step of $2\pi/L$ repeats the correlation of f - p with itself at distances of L, so that L is what lies between
    points, between centres of the truth, or between one and the other, with their tails. Sums kept for a step and a
    number of frequencies are taken where these suffice for all models.
    """
    kept, dtype = model.running, model.dtype
    origin = jnp.ravel(truth.means)[0]
    if kept is None:
        x = model.points[..., 0]
        low = jnp.min(jnp.where(model.present, x, jnp.inf), -1)
        high = jnp.max(jnp.where(model.present, x, -jnp.inf), -1)
    else:
        low, high = kept.low, kept.high
    step, reach = _frequencies(low, high, model.bandwidth, truth, dtype)
    if kept is None:
        return _adapted(model, truth, step, reach, origin)
    enough = (kept.step <= step) & (kept.step * len(kept.cosines) >= reach)
    return lax.cond(
        enough,
        lambda model: _kept(model, truth),
        lambda model: _adapted(model, truth, step, reach, origin),
        model,
    )


def _frequencies(low: Array, high: Array, bandwidth: Array, truth: KDE, dtype: Any) -> tuple[Array, Array]:
    """The widest step, and how far the frequencies have to reach, for all models."""
    T, root = tail(dtype), math.sqrt(2)
    centres, scales = jnp.asarray(truth.means[:, 0], dtype), jnp.asarray(truth.scales, dtype)
    first, final, widest = jnp.min(centres), jnp.max(centres), jnp.max(scales)
    between = jnp.maximum(high - first, final - low) + T * jnp.sqrt(bandwidth**2 + widest**2)
    length = jnp.maximum(jnp.maximum(high - low + T * root * bandwidth, final - first + T * root * widest), between)
    narrowest = jnp.minimum(jnp.min(bandwidth), jnp.min(scales))
    return 2 * jnp.pi / jnp.max(length), T / (root * narrowest)


def _squares(w: Array, c: Array, s: Array, model: KernelEstimate, truth: KDE) -> Array:
    r"""$|\kappa c - \varphi|^2$ at frequencies w that broadcast to c + i s, phases about the first centre."""
    centres, scales, shares = (jnp.asarray(part, w.dtype) for part in (truth.means[:, 0], truth.scales, truth.weights))
    phase, size = w[..., None] * (centres - centres[0]), shares * jnp.exp(-((scales * w[..., None]) ** 2) / 2)
    kernel = jnp.exp(-((model.bandwidth * w) ** 2) / 2)
    real, imaginary = jnp.sum(size * jnp.cos(phase), -1), jnp.sum(size * jnp.sin(phase), -1)
    return (kernel * c - real) ** 2 + (kernel * s - imaginary) ** 2


def _kept(model: KernelEstimate, truth: KDE) -> Float[Array, "*batch"]:
    """By the sums that were kept."""
    kept = model.running
    assert kept is not None
    w = kept.step * jnp.arange(1, len(kept.cosines) + 1, dtype=model.dtype)
    squares = _squares(
        w.reshape(-1, *(1,) * (kept.cosines.ndim - 1)),
        kept.cosines / kept.number,
        kept.sines / kept.number,
        model,
        truth,
    )
    return kept.step / jnp.pi * jnp.sum(squares, 0)


def _adapted(model: KernelEstimate, truth: KDE, step: Array, reach: Array, origin: Array) -> Float[Array, "*batch"]:
    """By as many frequencies as it takes, the multiples of cosine and sine by rotation."""
    dtype = model.dtype
    x = jnp.moveaxis(jnp.where(model.present, model.points[..., 0], origin), -1, 0)
    weight = (model.present / model.number).reshape(-1, *(1,) * (x.ndim - 1)).astype(dtype)
    cosine, sine = alone(lambda angle: (jnp.cos(angle), jnp.sin(angle)), step * (x - origin))

    def add(k, carry):
        total, c, s = carry
        total = total + _squares(k * step, jnp.sum(c, 0), jnp.sum(s, 0), model, truth)
        return total, c * cosine - s * sine, s * cosine + c * sine

    first = (jnp.zeros(model.batch_shape, dtype), weight * cosine, weight * sine)
    total = lax.fori_loop(1, jnp.ceil(reach / step).astype(jnp.int32) + 1, add, first)[0]
    return (step / jnp.pi * total).astype(dtype)


_NODES = {1: 257, 2: 33}


@nll.register(KernelEstimate, when=lambda model: model.d in _NODES)
def _(model, truth):
    line = np.linspace(-_TAIL + 1, _TAIL - 1, _NODES[model.d])
    grid = np.stack(np.meshgrid(*[line] * model.d), -1).reshape(-1, model.d)
    weight = np.exp(-(grid**2).sum(-1) / 2)
    weight /= weight.sum()
    nodes = jnp.asarray(grid, model.dtype), jnp.asarray(weight, model.dtype)
    return -sum(
        share * (model.log_density(mean + scale * nodes[0]) @ nodes[1])
        for share, mean, scale in zip(truth.weights, truth.means, truth.scales, strict=True)
    )


@nll.register(KDE, when=lambda model: model.d in _NODES)
def _(model, truth):
    raise ValueError("nll is taken of a fitted estimate, and this is the truth itself; fit it first")


def _moments(model):
    """Mean and total variance of the fitted density."""
    if isinstance(model, KDE):
        mean = jnp.einsum("k,...kd->...d", jnp.asarray(model.weights), jnp.asarray(model.means))
        between = jnp.sum((model.means - mean[..., None, :]) ** 2, -1)
        return mean, jnp.sum(model.weights * (between + model.d * model.scales**2), -1)
    sums = model.running
    if sums is None:
        unused = jnp.ones((), model.dtype)
        sums = Running.of(Samples(model.points, model.present, model.number, model.points.ndim - 2), unused, unused)
    return sums.mean, sums.scatter / sums.number + model.d * model.bandwidth**2


@trace.register(KDE, KernelEstimate)
def _(model, truth):
    return _moments(model)[1]


@variance.register(KDE, KernelEstimate)
def _(model, truth):
    return _moments(model)[1] / model.d


@mean_error.register(KDE, KernelEstimate)
def _(model, truth):
    return jnp.sum((_moments(model)[0] - _moments(truth)[0]) ** 2, -1)
