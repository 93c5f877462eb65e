"""Mixtures of normal laws in the plane or in any dimension: eight on a ring, two moons."""

import math
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float32, Key

from collapse_jax.neural._single import F32, pick, single
from collapse_jax.neural.truth import Truth
from collapse_jax.numerics.simplex import probabilities


class Normals(Truth):
    r"""$p(x) = \sum_k w_k \prod_j N(x_j; \mu_{kj}, \sigma_{kj}^2)$: normals with independent coordinates.

    **Args**: `weights`: w, (k,); `means`: (k, d); `spreads`: $\sigma$, a number or what broadcasts to (k, d).

    **Raises**: ValueError for weights that are no law, and sizes or spreads that do not suit them.
    """

    weights: Float32[Array, "k"]
    means: Float32[Array, "k d"]
    spreads: Float32[Array, "k d"]

    def __init__(self, weights: Any, means: Any, spreads: Any):
        w, mu, sigma = probabilities(weights, "weights"), np.asarray(means, np.float64), np.asarray(spreads)
        if mu.ndim != 2 or len(mu) != len(w) or not np.all((sigma > 0) & np.isfinite(sigma)):
            raise ValueError(
                f"weights {w.shape}, means {mu.shape} and such spreads make no mixture; give (k,), (k, d), and > 0"
            )
        self.weights, self.means, self.spreads = single(w), single(mu), single(np.broadcast_to(sigma, mu.shape))

    def sample(self, key: Key[Array, ""], n: int) -> Float32[Array, "n d"]:
        which, where = jax.random.split(key)
        k = pick(jax.random.uniform(which, (n,), F32), self.weights)
        return self.means[k] + self.spreads[k] * jax.random.normal(where, (n, self.means.shape[-1]), F32)

    def log_prob(self, x: Float32[Array, "n d"]) -> Float32[Array, "n"]:
        apart = (x[:, None] - self.means) / self.spreads
        each = -0.5 * apart**2 - jnp.log(self.spreads) - 0.5 * math.log(2 * math.pi)
        return jax.nn.logsumexp(jnp.log(self.weights) + jnp.sum(each, -1), -1)


def eight_gaussians(spread: float = 0.2, radius: float = 2.0) -> Normals:
    """Eight normals on a ring, with weights from .20 down to .04, so that there are rare ones to be lost.

    **Args**: `spread`: standard deviation of each; `radius`: of the ring.

    **Returns**: the truth.
    """
    angle = np.arange(8) * math.pi / 4
    means = radius * np.stack([np.cos(angle), np.sin(angle)], -1)
    return Normals([0.2, 0.2, 0.15, 0.15, 0.1, 0.1, 0.06, 0.04], means, spread)


def two_moons(spread: float = 0.1, share: float = 0.7, arcs: int = 48) -> Normals:
    """Two half circles that reach into each other, each drawn by so many normals that none shows, with a density.

    **Args**: `spread`: standard deviation across the line; `share`: of the upper moon; `arcs`: normals per moon.

    **Returns**: the truth; its first `arcs` components are the upper moon.
    """
    angle = (np.arange(arcs) + 0.5) * math.pi / arcs
    upper = np.stack([np.cos(angle), np.sin(angle)], -1)
    lower = np.stack([1 - np.cos(angle), 0.5 - np.sin(angle)], -1)
    weights = np.repeat([share / arcs, (1 - share) / arcs], arcs)
    return Normals(weights, np.concatenate([upper, lower]) - [0.5, 0.25], spread)
