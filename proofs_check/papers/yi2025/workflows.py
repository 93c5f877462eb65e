"""A verifier that draws until it accepts."""

from typing import Any

import jax.numpy as jnp
from jax.scipy.special import ndtr, ndtri
from jaxtyping import Array, Float, Key

from collapse_jax import Around, Family, Gaussian, Samples
from collapse_jax.numerics import random
from collapse_jax.workflows import Source


class Accepted(Around):
    r"""Any workflow on a one-dimensional Gaussian, its synthetic data $N(\mu, \sigma^2)$ given $|y - c| \le r$.

    **Args**: `workflow`: which data the next fit sees; `centre`: c; `r`: the half-width. Drawn by inversion.
    """

    centre: Float[Array, ""] | float = 0.0
    r: Float[Array, ""] | float = 1.0
    picks_observations = True

    def draw(self, key: Key[Array, ""], model: Any, n: Any, slots: int | None, source: Source) -> Any:
        size = slots or source.slots
        mean, scale = model.mean, jnp.sqrt(model.cov[..., 0])
        u = random.uniform(key, (*model.batch_shape, size), model.dtype)
        # Probabilities of the tail on the nearer side, which lose no digits far from the centre.
        side = jnp.where(mean > self.centre, 1.0, -1.0).astype(model.dtype)
        low, high = (ndtr((side * (self.centre - mean) + sign * self.r) / scale) for sign in (-1, 1))
        y = side * ndtri(low + u * (high - low)) * scale + mean
        y = jnp.clip(y, self.centre - self.r, self.centre + self.r)
        data = Samples.of(y[..., None], len(model.batch_shape))
        return data if isinstance(n, int) else data.first(n)

    def check(self, family: Family, generations: int) -> None:
        if not isinstance(family, Gaussian) or family.d != 1:
            raise ValueError("Accepted truncates a law on the line; use Gaussian in one dimension")
        super().check(family, generations)
