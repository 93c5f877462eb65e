r"""One-parameter families in their mean parameter $\tau$, fitted by the sample mean.

All three have a quadratic variance function $V(\tau) = v_0 + v_1 \tau + v_2 \tau^2$, which is what makes every
second moment of every linear workflow an exact product (theory.core).
"""

from collections.abc import Mapping
from typing import Any, ClassVar, Self

import numpy as np
from jaxtyping import Array, Float, Key

from collapse_jax import random
from collapse_jax.data import Samples, Sums
from collapse_jax.families._family import Family, host_array, share


def _mean(data: Samples | Sums):
    if isinstance(data, Samples):
        return share(data.total(data.values), data.number)
    return share(data.total, data.count)


class Bernoulli(Family):
    r"""Coin with success probability $p$; $V(p) = p (1 - p)$, $v_2 = -1$. The states 0 and 1 absorb.

    The exact engine draws $\mathrm{Bin}(n, p)$.
    """

    p: Float[Array, "*batch"]
    parameters: ClassVar[Mapping[str, int]] = {"p": 0}

    def __init__(self, p: Any = 0.5):
        self.p = host_array(p, "p")
        if not np.all((self.p >= 0) & (self.p <= 1)):
            raise ValueError(f"p={p} is not a probability; use 0 <= p <= 1")

    def sample(self, key: Key[Array, ""], n: int) -> Float[Array, "*batch n"]:
        u = random.uniform(key, (*self.batch_shape, n), self.dtype)
        return (u < self.p[..., None]).astype(self.dtype)

    def statistic(self, key: Key[Array, ""], n) -> Sums:
        total = random.binomial(key, n, self.p, self.batch_shape, self.dtype)
        return Sums(total * 0 + n, total)

    def fit(self, data: Samples | Sums) -> Self:
        return self.replace(p=_mean(data))


class Poisson(Family):
    r"""Counts with mean $\lambda$; $V(\lambda) = \lambda$, $v_2 = 0$. The state 0 absorbs.

    The exact engine draws $\mathrm{Poisson}(n \lambda)$.
    """

    rate: Float[Array, "*batch"]
    parameters: ClassVar[Mapping[str, int]] = {"rate": 0}

    def __init__(self, rate: Any = 1.0):
        self.rate = host_array(rate, "rate")
        if not np.all(self.rate >= 0):
            raise ValueError(f"rate={rate} is negative; a Poisson mean is at least 0")

    def sample(self, key: Key[Array, ""], n: int) -> Float[Array, "*batch n"]:
        return random.poisson(key, self.rate[..., None], (*self.batch_shape, n), self.dtype)

    def statistic(self, key: Key[Array, ""], n) -> Sums:
        total = random.poisson(key, n * self.rate, self.batch_shape, self.dtype)
        return Sums(total * 0 + n, total)

    def fit(self, data: Samples | Sums) -> Self:
        return self.replace(rate=_mean(data))


class Exponential(Family):
    r"""Exponential law with mean $\tau$ (not rate); $V(\tau) = \tau^2$, $v_2 = 1$.

    The exact engine draws $\tau\,\Gamma(n)$.
    """

    mean: Float[Array, "*batch"]
    parameters: ClassVar[Mapping[str, int]] = {"mean": 0}

    def __init__(self, mean: Any = 1.0):
        self.mean = host_array(mean, "mean")
        if not np.all(self.mean > 0):
            raise ValueError(f"mean={mean} is not positive; an exponential law needs mean > 0")

    def sample(self, key: Key[Array, ""], n: int) -> Float[Array, "*batch n"]:
        return self.mean[..., None] * random.exponential(key, (*self.batch_shape, n), self.dtype)

    def statistic(self, key: Key[Array, ""], n) -> Sums:
        total = self.mean * random.gamma(key, n, self.batch_shape, self.dtype)
        return Sums(total * 0 + n, total)

    def fit(self, data: Samples | Sums) -> Self:
        return self.replace(mean=_mean(data))
