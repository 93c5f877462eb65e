r"""One-parameter families that are fitted by a mean.

The first three are held by their mean parameter $\tau$ and have a quadratic variance function
$V(\tau) = v_0 + v_1 \tau + v_2 \tau^2$, which is what makes every second moment of every linear workflow an exact
product (`collapse_jax.laws.identities`).
"""

from collections.abc import Mapping
from typing import Any, ClassVar, Self

import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float, Key

from collapse_jax.data import Coins, Samples, Sums
from collapse_jax.families._family import Engine, Family, host_array, share
from collapse_jax.families._precision import check_count
from collapse_jax.numerics import random


def mean_of(data: Samples | Sums) -> Float[Array, "*batch"]:
    """The mean of the observations, from themselves or from their sum."""
    if isinstance(data, Samples):
        return share(data.total(data.values), data.number)
    return share(data.total, data.count)


def sums_of(data: Samples, values: Array) -> Sums:
    """Count and total of what is present in an array laid out like the observations."""
    total = data.total(values)
    return Sums(jnp.broadcast_to(data.number.astype(total.dtype), total.shape), total)


class Bernoulli(Family):
    r"""Coin with success probability $p$; $V(p) = p (1 - p)$, $v_2 = -1$. The states 0 and 1 absorb.

    The exact engine draws $\mathrm{Bin}(n, p)$.

    **Args**: `p`: the probability, a number; inside a run one per chain, (*batch).

    **Raises**: ValueError for a p outside [0, 1].
    """

    p: Float[Array, "*batch"]
    parameters: ClassVar[Mapping[str, int]] = {"p": 0}
    ignores_unfilled: ClassVar[bool] = True
    tallies: ClassVar[bool] = True

    def __init__(self, p: Any = 0.5):
        self.p = host_array(p, "p")
        if not np.all((self.p >= 0) & (self.p <= 1)):
            raise ValueError(f"p={p} is not a probability; use 0 <= p <= 1")

    def check_precision(self, sizes: tuple[int, ...], engine: Engine, dtype: str) -> None:
        super().check_precision(sizes, engine, dtype)
        check_count(max(sizes), "n")

    def sample(self, key: Key[Array, ""], n: int) -> Float[Array, "*batch n"]:
        u = random.uniform(key, (*self.batch_shape, n), self.dtype)
        return (u < self.p[..., None]).astype(self.dtype)

    def statistic(self, key: Key[Array, ""], n) -> Coins:
        total = random.binomial(key, n, self.p, self.batch_shape, self.dtype)
        return Coins(total * 0 + n, total)

    def refit(self, key: Key[Array, ""], n, *, on_lattice: bool) -> Self | None:
        """For p in 0, 1/n, .. 1, up to n = 255, one table look-up (`random.binomial_of_lattice`)."""
        if not (on_lattice and n < 256 and random.settings().sampler == "quantile"):
            return None
        state = jnp.round(self.p * n).astype(jnp.int32)
        return self.replace(p=share(random.binomial_of_lattice(key, n, state).astype(self.dtype), n))

    def reduce(self, data: Samples) -> Sums:
        return sums_of(data, data.values)

    def fit(self, data: Samples | Sums) -> Self:
        return self.replace(p=mean_of(data))


class Poisson(Family):
    r"""Counts with mean $\lambda$; $V(\lambda) = \lambda$, $v_2 = 0$. The state 0 absorbs.

    The exact engine draws $\mathrm{Poisson}(n \lambda)$.

    **Args**: `rate`: $\lambda$, a number; inside a run one per chain, (*batch).

    **Raises**: ValueError for a negative rate.
    """

    rate: Float[Array, "*batch"]
    parameters: ClassVar[Mapping[str, int]] = {"rate": 0}
    ignores_unfilled: ClassVar[bool] = True

    def __init__(self, rate: Any = 1.0):
        self.rate = host_array(rate, "rate")
        if not np.all(self.rate >= 0):
            raise ValueError(f"rate={rate} is negative; a Poisson mean is at least 0")

    def check_precision(self, sizes: tuple[int, ...], engine: Engine, dtype: str) -> None:
        super().check_precision(sizes, engine, dtype)
        check_count(max(sizes) * float(np.max(np.asarray(self.rate))), "n rate")

    def sample(self, key: Key[Array, ""], n: int) -> Float[Array, "*batch n"]:
        return random.poisson(key, self.rate[..., None], (*self.batch_shape, n), self.dtype)

    def statistic(self, key: Key[Array, ""], n) -> Sums:
        total = random.poisson(key, n * self.rate, self.batch_shape, self.dtype)
        return Sums(total * 0 + n, total)

    def reduce(self, data: Samples) -> Sums:
        return sums_of(data, data.values)

    def fit(self, data: Samples | Sums) -> Self:
        return self.replace(rate=mean_of(data))


class Exponential(Family):
    r"""Exponential law with mean $\tau$ (not rate); $V(\tau) = \tau^2$, $v_2 = 1$.

    The exact engine draws $\tau\,\Gamma(n)$.

    **Args**: `mean`: $\tau$, a number; inside a run one per chain, (*batch).

    **Raises**: ValueError for a mean that is not positive.
    """

    mean: Float[Array, "*batch"]
    parameters: ClassVar[Mapping[str, int]] = {"mean": 0}
    ignores_unfilled: ClassVar[bool] = True

    def __init__(self, mean: Any = 1.0):
        self.mean = host_array(mean, "mean")
        if not np.all(self.mean > 0):
            raise ValueError(f"mean={mean} is not positive; an exponential law needs mean > 0")

    def sample(self, key: Key[Array, ""], n: int) -> Float[Array, "*batch n"]:
        return self.mean[..., None] * random.exponential(key, (*self.batch_shape, n), self.dtype)

    def statistic(self, key: Key[Array, ""], n) -> Sums:
        total = self.mean * random.gamma(key, n, self.batch_shape, self.dtype)
        return Sums(total * 0 + n, total)

    def reduce(self, data: Samples) -> Sums:
        return sums_of(data, data.values)

    def fit(self, data: Samples | Sums) -> Self:
        return self.replace(mean=mean_of(data))


class Beta(Family):
    r"""$p(x) = \theta x^{\theta - 1}$ on (0, 1), fitted by maximum likelihood, $\hat\theta = N / \sum_i (-\log x_i)$.

    As $-\log x$ is exponential with rate $\theta$, the law of $\hat\theta / \theta$ does not depend on $\theta$. The
    exact engine draws $\sum_i (-\log x_i) = \Gamma(n) / \theta$; the literal one draws $x = U^{1/\theta}$, and an x
    below the smallest float (rare unless $\theta$ is small) makes the fit NaN, a chain counted as non-finite.

    **References**: Barzilai and Shamir (2025), arXiv 2505.19046, figures 3 and 4.

    **Args**: `theta`: $\theta$, a number; inside a run one per chain, (*batch).

    **Raises**: ValueError for a theta that is not positive.
    """

    theta: Float[Array, "*batch"]
    parameters: ClassVar[Mapping[str, int]] = {"theta": 0}
    ignores_unfilled: ClassVar[bool] = True

    def __init__(self, theta: Any = 1.0):
        self.theta = host_array(theta, "theta")
        if not np.all(self.theta > 0):
            raise ValueError(f"theta={theta} is not positive; this beta law needs theta > 0")

    def sample(self, key: Key[Array, ""], n: int) -> Float[Array, "*batch n"]:
        # exp(-E) is uniform, and more finely grained near 0 than a uniform variate is.
        return jnp.exp(-random.exponential(key, (*self.batch_shape, n), self.dtype) / self.theta[..., None])

    def statistic(self, key: Key[Array, ""], n) -> Sums:
        total = random.gamma(key, n, self.batch_shape, self.dtype) / self.theta
        return Sums(total * 0 + n, total)

    def reduce(self, data: Samples) -> Sums:
        return sums_of(data, -jnp.log(data.values))

    def fit(self, data: Samples | Sums) -> Self:
        if isinstance(data, Samples):
            data = self.reduce(data)
        theta = data.count / data.total
        return self.replace(theta=jnp.where(theta > 0, theta, jnp.nan))
