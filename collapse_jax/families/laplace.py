"""The law that is fitted by a median."""

from collections.abc import Mapping
from typing import Any, ClassVar, Self

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float, Key

from collapse_jax.data import Samples
from collapse_jax.families._family import Engine, Family, host_array
from collapse_jax.families._precision import check_offset
from collapse_jax.numerics import random


class Laplace(Family):
    r"""$p(x) = \frac{1}{2 b} e^{-|x - m| / b}$, fitted by maximum likelihood.

    $\hat m$ is the median, and $\hat b = \frac1n \sum_i |x_i - \hat m|$ the mean absolute deviation about it. Of an
    even number of observations every point between the two middle ones is a median, and $\hat m$ is halfway, which
    does not matter to $\hat b$. The laws of $(\hat m - m)/b$ and of $\hat b / b$ do not depend on m and b, so that
    $\log b_t$ is a random walk under `Replace`. No statistic of fixed size is sufficient, hence no exact engine.

    **Args**: `location`: m; `scale`: b; numbers, inside a run one per chain, (*batch).

    **Raises**: ValueError for a scale that is not positive; in a run for n = 1, which leaves a scale of 0.
    """

    location: Float[Array, "*batch"]
    scale: Float[Array, "*batch"]
    parameters: ClassVar[Mapping[str, int]] = {"location": 0, "scale": 0}

    def __init__(self, location: Any = 0.0, scale: Any = 1.0):
        self.location, self.scale = host_array(location, "location"), host_array(scale, "scale")
        if not np.all(self.scale > 0):
            raise ValueError(f"scale={scale} is not positive; a Laplace law needs scale > 0")

    def check(self, sizes: tuple[int, ...], engine: Engine) -> None:
        del engine
        if min(sizes) < 2:
            raise ValueError("n=1 leaves no deviation from the median; use n >= 2")

    def check_precision(self, sizes: tuple[int, ...], engine: Engine, dtype: str) -> None:
        super().check_precision(sizes, engine, dtype)
        check_offset(self.location, np.asarray(self.scale) / max(sizes) ** 0.5, "location", dtype)

    def sample(self, key: Key[Array, ""], n: int) -> Float[Array, "*batch n"]:
        magnitude_key, sign_key = random.split(key)
        shape = (*self.batch_shape, n)
        magnitude = random.exponential(magnitude_key, shape, self.dtype)
        deviation = jnp.where(jax.random.bernoulli(sign_key, 0.5, shape), magnitude, -magnitude)
        return self.location[..., None] + self.scale[..., None] * deviation

    def fit(self, data: Samples) -> Self:
        location = data.median()
        return self.replace(location=location, scale=data.mean(jnp.abs(data.values - location[..., None])))
