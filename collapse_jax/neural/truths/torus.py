"""Two angles of a molecule: wrapped normals on a torus, in the places of a Ramachandran plot."""

import math
from typing import Any, Self

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float32, Key

from collapse_jax.neural._single import F32, pick, single
from collapse_jax.neural.truth import Truth
from collapse_jax.numerics.simplex import probabilities

_IMAGES = 2 * np.pi * np.arange(-2, 3, dtype=np.float32)


def wrapped(angle: Any) -> Any:
    r"""The same angle in $[-\pi, \pi)$."""
    return jnp.mod(angle + math.pi, 2 * math.pi) - math.pi


class Torus(Truth):
    r"""$p(x) = \sum_k w_k \prod_j \sum_{m} N(x_j + 2 \pi m;\, \mu_{kj}, \sigma_{kj}^2)$ on $[-\pi, \pi)^2$.

    Wrapped normals; the sum over m has five images, beyond which nothing is left in float32 for spreads below 1.5.

    **Args**: `weights`: w, (k,); `means` and `spreads`: $\mu$ and $\sigma$ in radians, (k, 2).

    **Raises**: ValueError for weights that are no law, and sizes or spreads that do not suit them.
    """

    weights: Float32[Array, "k"]
    means: Float32[Array, "k 2"]
    spreads: Float32[Array, "k 2"]

    def __init__(self, weights: Any, means: Any, spreads: Any):
        self.weights, self.means = single(probabilities(weights, "weights")), single(means)
        self.spreads = single(spreads)
        sigma = np.asarray(spreads)
        if not self.means.shape == sigma.shape == (len(self.weights), 2) or not np.all((sigma > 0) & (sigma < 1.5)):
            raise ValueError("a basin has a weight, two angles, two spreads in (0, 1.5); give (k,), (k, 2) and (k, 2)")

    @classmethod
    def ramachandran(cls) -> Self:
        """Six basins, such as those of alanine dipeptide; the last two, with $x_1 > 0$, hold 8 % of the mass.

        **Returns**: the truth.
        """
        places = [(-85, 70), (-155, 160), (-75, 145), (-80, -30), (55, 40), (65, -60)]
        spreads = [(16, 20), (16, 16), (13, 15), (14, 18), (10, 12), (10, 12)]
        return cls([0.34, 0.20, 0.18, 0.20, 0.06, 0.02], np.radians(places), np.radians(spreads))

    def sample(self, key: Key[Array, ""], n: int) -> Float32[Array, "n 2"]:
        which, where = jax.random.split(key)
        k = pick(jax.random.uniform(which, (n,), F32), self.weights)
        return wrapped(self.means[k] + self.spreads[k] * jax.random.normal(where, (n, 2), F32))

    def log_prob(self, x: Float32[Array, "n 2"]) -> Float32[Array, "n"]:
        apart = wrapped(x[:, None] - self.means)[..., None] + _IMAGES
        each = jax.nn.logsumexp(-0.5 * (apart / self.spreads[..., None]) ** 2, -1)
        each = each - jnp.log(self.spreads) - 0.5 * math.log(2 * math.pi)
        return jax.nn.logsumexp(jnp.log(self.weights) + jnp.sum(each, -1), -1)
