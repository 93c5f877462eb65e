r"""Two-parameter laws of which one parameter is known: held by their mean, with a quadratic variance function.

With $V(\tau) = v_0 + v_1 \tau + v_2 \tau^2$ every second moment of every linear workflow is an exact product
(`collapse_jax.laws.identities`), as for the families in `scalar`.
"""

from collections.abc import Mapping
from typing import Any, ClassVar, Self

import numpy as np
from jaxtyping import Array, Float, Key

from collapse_jax.data import Samples, Sums
from collapse_jax.families._family import Engine, Family, host_array
from collapse_jax.families._precision import check_count
from collapse_jax.families.scalar import mean_of, sums_of
from collapse_jax.numerics import random


class NegativeBinomial(Family):
    r"""Counts with mean $\tau$ and known size $r$, $P(k) = \binom{k + r - 1}{k} \frac{r^r \tau^k}{(r + \tau)^{r + k}}$.

    A Poisson law whose rate is Gamma distributed with shape r; $V(\tau) = \tau + \tau^2 / r$, $v_2 = 1/r$. The state 0
    absorbs. The exact engine draws the sum of n counts, which is negative binomial with size $n r$ and mean $n \tau$.

    **Args**: `mean`: $\tau$, a number; inside a run one per chain, (*batch); `size`: r, a number > 0, not fitted; 1 is
    the geometric law, and for large r the law is Poisson's.

    **Raises**: ValueError for a negative mean, or a size that is not positive.
    """

    mean: Float[Array, "*batch"]
    size: Float[Array, ""]
    parameters: ClassVar[Mapping[str, int]] = {"mean": 0}
    ignores_unfilled: ClassVar[bool] = True

    def __init__(self, mean: Any = 1.0, size: Any = 1.0):
        self.mean, self.size = host_array(mean, "mean"), host_array(size, "size")
        if not np.all(self.mean >= 0):
            raise ValueError(f"mean={mean} is negative; the mean of a count is at least 0")
        if not self.size > 0:
            raise ValueError(f"size={size} is not positive; a negative binomial law needs size > 0")

    def check_precision(self, sizes: tuple[int, ...], engine: Engine, dtype: str) -> None:
        super().check_precision(sizes, engine, dtype)
        check_count(max(sizes) * float(np.max(np.asarray(self.mean))), "n mean")

    def sample(self, key: Key[Array, ""], n: int) -> Float[Array, "*batch n"]:
        return self._counts(key, self.size, self.mean[..., None], (*self.batch_shape, n))

    def statistic(self, key: Key[Array, ""], n) -> Sums:
        total = self._counts(key, n * self.size, self.mean, self.batch_shape)
        return Sums(total * 0 + n, total)

    def reduce(self, data: Samples) -> Sums:
        return sums_of(data, data.values)

    def fit(self, data: Samples | Sums) -> Self:
        return self.replace(mean=mean_of(data))

    def _counts(self, key, shape_parameter, mean, shape):
        rate_key, count_key = random.split(key)
        rate = random.gamma(rate_key, shape_parameter, shape, self.dtype) * (mean / self.size)
        return random.poisson(count_key, rate, shape, self.dtype)


class Gamma(Family):
    r"""Gamma law with mean $\tau$ and known shape $a$, $p(x) \propto x^{a - 1} e^{-a x / \tau}$.

    $V(\tau) = \tau^2 / a$, $v_2 = 1/a$: shape 1 is `Exponential`, and $\Gamma$ with shape $(n - 1)/2$ is the law of a
    variance fitted to n normal observations. The exact engine draws $\frac{\tau}{a}\,\Gamma(n a)$.

    **Args**: `mean`: $\tau$, a number; inside a run one per chain, (*batch); `shape`: a, a number > 0, not fitted.

    **Raises**: ValueError for a mean or a shape that is not positive.
    """

    mean: Float[Array, "*batch"]
    shape: Float[Array, ""]
    parameters: ClassVar[Mapping[str, int]] = {"mean": 0}
    ignores_unfilled: ClassVar[bool] = True

    def __init__(self, mean: Any = 1.0, shape: Any = 1.0):
        self.mean, self.shape = host_array(mean, "mean"), host_array(shape, "shape")
        if not np.all(self.mean > 0):
            raise ValueError(f"mean={mean} is not positive; a Gamma law needs mean > 0")
        if not self.shape > 0:
            raise ValueError(f"shape={shape} is not positive; a Gamma law needs shape > 0")

    def sample(self, key: Key[Array, ""], n: int) -> Float[Array, "*batch n"]:
        drawn = random.gamma(key, self.shape, (*self.batch_shape, n), self.dtype)
        return drawn * (self.mean / self.shape)[..., None]

    def statistic(self, key: Key[Array, ""], n) -> Sums:
        drawn = random.gamma(key, n * self.shape, self.batch_shape, self.dtype)
        total = drawn * (self.mean / self.shape)
        return Sums(total * 0 + n, total)

    def reduce(self, data: Samples) -> Sums:
        return sums_of(data, data.values)

    def fit(self, data: Samples | Sums) -> Self:
        return self.replace(mean=mean_of(data))
