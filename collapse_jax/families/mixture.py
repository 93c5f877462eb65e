"""Two normal laws, mirror images of each other."""

from collections.abc import Mapping
from typing import Any, ClassVar, Literal, Self

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
from jax import lax
from jaxtyping import Array, Float, Key

from collapse_jax.data import Samples
from collapse_jax.families._family import Engine, Family, host_array
from collapse_jax.families._precision import check_offset
from collapse_jax.numerics import random

Estimator = Literal["joint", "approximate"]
ROUNDS = 24
"""Rounds of accelerated EM. They bring a root at 0, the slowest, from 1 to below 1e-4."""


class SymmetricMixture(Family):
    r"""$\frac12 N(-\mu, \sigma^2) + \frac12 N(\mu, \sigma^2)$, both parameters fitted; $\mu \ge 0$ without loss.

    `estimator="joint"` is maximum likelihood. With $q = \overline{x^2}$ every stationary point has
    $\sigma^2 = q - \mu^2$ and $\mu = \overline{|x| \tanh(|x| \mu / \sigma^2)}$, which is one step of EM. It is begun at
    $\mu = \overline{|x|}$, from where EM falls to the largest root, and accelerated by Aitken's rule: 24 rounds of two
    steps. A root so close to 0 that it cannot be told from it in the precision of the run is 0. About one sample in
    a thousand has another root, with a log-likelihood at most a tenth higher.

    `estimator="approximate"` is Algorithm 1 of Suresh et al., a formula in $m = \overline{|x|}$, $q$ and
    $v = q - m^2$. With $\eta = 2$,
    $1 + \kappa = \exp \frac{(\eta - 1)((n - 1)/2 + 4 \eta)}{\eta (n - 1)(n + 4 \eta - 1)}$ and
    $a = \frac{2 (1 + \kappa) q}{q - (1 + \kappa) m^2}$, or 50 where that is not positive, $\sigma^2$ is
    $\frac{a q v}{a m^2 + 2 q}$ if $q \le \frac{2 a}{a - 2} m^2$ and q otherwise, and $\mu = \sqrt{q - \sigma^2}$.
    It is biased where the two laws overlap.

    There is no statistic of fixed size for the joint law, hence no exact engine. A $\sigma$ below about
    $10^{-7} \mu$ in float32, $10^{-16} \mu$ in float64, is rounded to 0, where the chain stays.

    **References**: Suresh, Thangaraj and Khandavally (2024), arXiv 2412.17646, Theorem 4 and Algorithm 1.

    **Args**: `mu`, `sigma`: numbers, inside a run one per chain, (*batch); `estimator`: "joint" or "approximate".

    **Raises**: ValueError for a negative mu, a sigma that is not positive or another estimator; in a run for n = 1.
    """

    mu: Float[Array, "*batch"]
    sigma: Float[Array, "*batch"]
    estimator: Estimator = eqx.field(static=True)
    parameters: ClassVar[Mapping[str, int]] = {"mu": 0, "sigma": 0}

    def __init__(self, mu: Any = 1.0, sigma: Any = 1.0, *, estimator: Estimator):
        self.mu, self.sigma = host_array(mu, "mu"), host_array(sigma, "sigma")
        self.estimator = estimator
        if not np.all(self.mu >= 0):
            raise ValueError(f"mu={mu} is negative; give its absolute value, as the mixture is symmetric")
        if not np.all(self.sigma > 0):
            raise ValueError(f"sigma={sigma} is not positive; a normal law needs sigma > 0")
        if estimator not in ("joint", "approximate"):
            raise ValueError(f"estimator={estimator!r} is unknown; use 'joint' or 'approximate'")

    def check(self, sizes: tuple[int, ...], engine: Engine) -> None:
        del engine
        if min(sizes) < 2:
            raise ValueError("n=1 leaves no deviation within a component; use n >= 2")

    def check_precision(self, sizes: tuple[int, ...], engine: Engine, dtype: str) -> None:
        super().check_precision(sizes, engine, dtype)
        check_offset(self.mu, np.asarray(self.sigma) / max(sizes) ** 0.5, "mu", dtype)

    def sample(self, key: Key[Array, ""], n: int) -> Float[Array, "*batch n"]:
        noise_key, sign_key = random.split(key)
        shape = (*self.batch_shape, n)
        above = self.mu[..., None] + self.sigma[..., None] * random.normal(noise_key, shape, self.dtype)
        return jnp.where(jax.random.bernoulli(sign_key, 0.5, shape), above, -above)

    def fit(self, data: Samples) -> Self:
        size = jnp.abs(data.values)
        mean = data.mean(size)
        # Centred: q - m^2 of a collapsed chain would be lost in rounding.
        within = data.mean((size - mean[..., None]) ** 2)
        if self.estimator == "approximate":
            mu, square = _approximate(mean, within, data.number)
        else:
            mu, square = _joint(data, size, mean, within)
        return self.replace(mu=mu, sigma=jnp.sqrt(square))


def _approximate(m, v, n):
    q, eta = m**2 + v, 2
    n = n.astype(m.dtype)
    growth = jnp.exp((eta - 1) * ((n - 1) / 2 + 4 * eta) / (eta * (n - 1) * (n + 4 * eta - 1)))
    apart = q <= growth * m**2
    a = jnp.where(apart, 50, 2 * growth * q / jnp.where(apart, 1, q - growth * m**2))
    square = jnp.where(q * (a - 2) <= 2 * a * m**2, a * q * v / jnp.where(q > 0, a * m**2 + 2 * q, 1), q)
    return jnp.sqrt(jnp.maximum(q - square, 0)), square


def _joint(data, size, mean, within):
    """The largest root of the likelihood equations, from above."""
    q = mean**2 + within

    def step(state):
        mu, square = state
        # Without spread the side of every observation is certain.
        ratio = jnp.where(square > 0, mu / jnp.where(square > 0, square, 1), jnp.finfo(mu.dtype).max)
        side = jnp.tanh(size * ratio[..., None])
        new = data.mean(size * side)
        return new, data.mean((size - side * new[..., None]) ** 2 + (new[..., None] ** 2) * (1 - side**2))

    def round_(_, state):
        one = step(state)
        two = step(one)
        first, second = one[0] - state[0], two[0] - one[0]
        bend = second - first
        reached = jnp.clip(two[0] - second**2 / jnp.where(bend > 0, bend, jnp.inf), 0, two[0])
        kept = reached == two[0]
        return reached, jnp.where(kept, two[1], q - reached**2)

    mu, square = step(lax.fori_loop(0, ROUNDS, round_, (mean, within)))
    # The likelihood is flat to fourth order at 0.
    none = mu <= 2 * jnp.finfo(mu.dtype).eps ** 0.25 * jnp.sqrt(q)
    return jnp.where(none, 0, mu), jnp.where(none, q, square)
