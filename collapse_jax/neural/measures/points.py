"""Measures of points and angles: which modes live, and how much of the plane a sample covers."""

import math
from typing import Any

import jax
import jax.numpy as jnp
from jaxtyping import Array, Float32

from collapse_jax.neural._single import F32, share
from collapse_jax.neural.measures._measure import OfSample
from collapse_jax.neural.measures.likelihood import forbidden, held_out
from collapse_jax.neural.truths import Normals, Torus
from collapse_jax.neural.truths.torus import wrapped

_CELLS, _FINER = 24, 4


def _shares(truth: Normals | Torus, x: Float32[Array, "n d"]) -> Float32[Array, "k"]:
    """The share of observations within three standard deviations of every component, which is the nearest."""
    apart = x[:, None] - truth.means
    apart = (wrapped(apart) if isinstance(truth, Torus) else apart) / truth.spreads
    distance = jnp.sum(apart**2, -1)
    near = jnp.min(distance, 1) < 9
    return jnp.mean(jax.nn.one_hot(jnp.argmin(distance, 1), len(truth.weights), dtype=F32) * near[:, None], 0)


def _modes_alive(network: Any, net: Any, truth: Normals | Torus, x: Float32[Array, "n d"]) -> Float32[Array, ""]:
    """How many components have more than a quarter of their true weight."""
    del network, net
    return jnp.sum((_shares(truth, x) > truth.weights / 4).astype(F32))


def _on_modes(network: Any, net: Any, truth: Normals | Torus, x: Float32[Array, "n d"]) -> Float32[Array, ""]:
    """The share of observations that are near a component."""
    del network, net
    return jnp.sum(_shares(truth, x))


def _rare_mass(network: Any, net: Any, truth: Normals | Torus, x: Float32[Array, "n d"]) -> Float32[Array, ""]:
    r"""The mass of the components of weight below $1 / 2k$, over their true mass."""
    del network, net
    rare = (truth.weights < 0.5 / len(truth.weights)).astype(F32)
    return rare @ _shares(truth, x) / (rare @ truth.weights)


def true_histogram(truth: Torus) -> Float32[Array, "24 24"]:
    """The mass of the cells of a torus, from the density at sixteen points of each.

    **Args**: `truth`: the density.

    **Returns**: masses that sum to 1.
    """
    fine = _CELLS * _FINER
    angle = (jnp.arange(fine, dtype=F32) + 0.5) / fine * 2 * math.pi - math.pi
    grid = jnp.stack(jnp.meshgrid(angle, angle, indexing="ij"), -1).reshape(-1, 2)
    mass = jnp.exp(truth.log_prob(grid)).reshape(_CELLS, _FINER, _CELLS, _FINER).sum((1, 3))
    return mass / jnp.sum(mass)


def _histogram_kl(network: Any, net: Any, truth: Torus, x: Float32[Array, "n 2"]) -> Float32[Array, ""]:
    r"""$\mathrm{KL}(p_0 \| q)$ on 24 x 24 cells, q being the counts of the sample and half a count in every cell."""
    del network, net
    cell = jnp.clip(((x + math.pi) / (2 * math.pi) * _CELLS).astype(jnp.int32), 0, _CELLS - 1)
    counts = jnp.zeros((_CELLS, _CELLS), F32).at[cell[:, 0], cell[:, 1]].add(1) + 0.5
    p = true_histogram(truth)
    return jnp.sum(jax.scipy.special.xlogy(p, p) - p * jnp.log(counts / jnp.sum(counts)))


def _coverage(
    network: Any, net: Any, truth: Torus, x: Float32[Array, "n 2"], within: float = math.radians(5)
) -> Float32[Array, ""]:
    """COV: the share of as many real observations that have a generated one so near."""
    del network, net
    apart = wrapped(held_out(truth, len(x))[:, None] - x)
    return share(jnp.min(jnp.sum(apart**2, -1), 1) < within**2)


def _clashes(network: Any, net: Any, truth: Torus, x: Float32[Array, "n 2"]) -> Float32[Array, ""]:
    return forbidden(network, net, truth, x, math.log(2e-3))


modes_alive = OfSample(_modes_alive, 2048)
on_modes = OfSample(_on_modes, 2048)
rare_mass = OfSample(_rare_mass, 2048)
histogram_kl = OfSample(_histogram_kl, 4096)
coverage = OfSample(_coverage, 512)
clashes = OfSample(_clashes, 4096)
