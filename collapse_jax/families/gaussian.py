"""Gaussian models of any dimension."""

from collections.abc import Mapping
from typing import Any, ClassVar, Literal, Self

import equinox as eqx
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float, Key

from collapse_jax import _linalg, random
from collapse_jax.data import Moments, Samples, Sums
from collapse_jax.families._family import Engine, Family, host_array, whole


class Gaussian(Family):
    r"""$N(\mu, \Sigma)$ on $\mathbb{R}^d$, fitted by the sample mean and, unless it is known, the sample covariance

    $$\hat\Sigma = \frac{1}{N - \mathrm{ddof}} \sum_i (x_i - \bar x)(x_i - \bar x)'.$$

    `ddof=0` is the maximum-likelihood covariance, `ddof=1` the unbiased one; statements in the literature flip with
    this choice, so it has no default. The state is $\mu$ and a scale-free factor, $\Sigma = e^{2\ell} F F'$, so
    variances may fall far below the smallest float. The exact engine draws $\bar x$ and the scatter, a Wishart matrix
    by Bartlett's decomposition (also singular, n - 1 < d), in O(d^3) whatever n is.

    **Args**: `mean`: a number or d-vector; `cov`: a variance or a d x d positive definite matrix; `d`: dimension when
    both are numbers; `ddof`: 0 or 1, or None when `known_cov` keeps the covariance fixed.

    **Raises**: ValueError for a covariance that is not symmetric positive definite, a missing `ddof`, and, in a run,
    for n <= ddof.
    """

    mean: Float[Array, "*batch d"]
    log_scale: Float[Array, "*batch"]
    factor: Float[Array, "*batch d d"]
    ddof: int | None = eqx.field(static=True)
    known_cov: bool = eqx.field(static=True)
    parameters: ClassVar[Mapping[str, int]] = {"mean": 1, "log_scale": 0, "factor": 2}

    def __init__(
        self,
        mean: Any = 0.0,
        cov: Any = 1.0,
        *,
        d: int | None = None,
        ddof: Literal[0, 1] | None = None,
        known_cov: bool = False,
    ):
        mean, cov = host_array(mean, "mean", np.ndim(mean)), host_array(cov, "cov", np.ndim(cov))
        size = max(mean.size, cov.shape[0] if cov.ndim else 1) if d is None else whole(d, "d", "a dimension")
        cov = cov * np.eye(size) if cov.ndim == 0 else cov
        if mean.ndim > 1 or mean.size not in (1, size) or cov.shape != (size, size):
            raise ValueError(
                f"mean {mean.shape} and cov {cov.shape} do not fit d={size}; give a d-vector and d x d matrix"
            )
        if known_cov == (ddof in (0, 1)) or (ddof is not None and ddof not in (0, 1)):
            raise ValueError(
                "say which covariance is fitted: ddof=0 (maximum likelihood) or ddof=1 (unbiased), "
                "or known_cov=True and no ddof"
            )
        if not np.allclose(cov, cov.T) or np.any(np.linalg.eigvalsh(cov) <= 0):
            raise ValueError("cov is not symmetric positive definite; give a covariance with positive eigenvalues")
        factor = np.linalg.cholesky(cov)
        scale = np.abs(factor).max()
        self.mean = host_array(np.broadcast_to(mean.reshape(-1), (size,)), "mean", 1)
        self.log_scale, self.factor = host_array(np.log(scale), "cov"), host_array(factor / scale, "cov", 2)
        self.ddof, self.known_cov = ddof, known_cov

    @property
    def d(self) -> int:
        return self.factor.shape[-1]

    @property
    def cov(self) -> Float[Array, "*batch d d"]:
        r"""$\Sigma$; underflows to 0 where `log_det` does not."""
        scaled = self.factor * jnp.exp(jnp.asarray(self.log_scale))[..., None, None]
        return _linalg.multiply(scaled, jnp.swapaxes(scaled, -1, -2))

    @property
    def log_det(self) -> Float[Array, "*batch"]:
        r"""$\log\det\Sigma$, a sum of logarithms; $-\infty$ when singular."""
        return 2 * _linalg.log_abs_det(self.log_scale, self.factor)

    def check(self, sizes: tuple[int, ...], engine: Engine) -> None:
        n = min(sizes)
        if self.ddof is not None and n <= self.ddof:
            raise ValueError(
                f"n={n} leaves no degrees of freedom for the variance with ddof={self.ddof}; use n >= 2 or ddof=0"
            )

    def _colour(self, z: Float[Array, "*batch d"]) -> Float[Array, "*batch d"]:
        return jnp.exp(self.log_scale)[..., None] * _linalg.apply(self.factor, z)

    def sample(self, key: Key[Array, ""], n: int) -> Float[Array, "*batch n d"]:
        z = random.normal(key, (*self.batch_shape, n, self.d), self.dtype)
        scaled = self.factor * jnp.exp(self.log_scale)[..., None, None]
        noise = z * scaled if self.d == 1 else jnp.einsum("...ij,...nj->...ni", scaled, z)
        return self.mean[..., None, :] + noise

    def statistic(self, key: Key[Array, ""], n) -> Moments | Sums:
        mean_key, scatter_key = random.split(key)
        size = jnp.asarray(n, self.dtype)
        mean = self.mean + self._colour(random.normal(mean_key, self.mean.shape, self.dtype)) / jnp.sqrt(size)
        count = jnp.broadcast_to(size, self.batch_shape)
        if self.known_cov:
            return Sums(count, count[..., None] * mean)
        wishart = random.bartlett(scatter_key, size - 1, self.d, self.batch_shape, self.dtype)
        log_scale, factor = _linalg.normalise(self.log_scale, _linalg.multiply(self.factor, wishart))
        return Moments(count, mean, log_scale, factor)

    def fit(self, data: Moments | Sums | Samples) -> Self:
        if isinstance(data, Sums):
            return self.replace(mean=data.total / data.count[..., None])
        if isinstance(data, Samples):
            data = self._moments(data)
        if self.known_cov:
            return self.replace(mean=data.mean)
        log_scale = data.log_scale - 0.5 * jnp.log(data.count - (self.ddof or 0))
        return self.replace(mean=data.mean, log_scale=log_scale, factor=data.factor)

    def blend(self, other: Any, weight: Any) -> Self:
        r"""$\mu$ and $\Sigma$ are averaged; there is no between-group term."""
        log_scale = jnp.maximum(self.log_scale, other.log_scale)

        def rows(model, share):
            scale = jnp.sqrt(share) * jnp.exp(model.log_scale - log_scale)
            return jnp.swapaxes(model.factor, -1, -2) * scale[..., None, None]

        stacked = jnp.concatenate([rows(self, weight), rows(other, 1 - weight)], -2)
        log_scale, factor = _linalg.normalise(log_scale, _linalg.factor_of_rows(stacked))
        mean = weight * self.mean + (1 - weight) * other.mean
        return self.replace(mean=mean, log_scale=log_scale, factor=factor)

    def _moments(self, data: Samples) -> Moments:
        count = jnp.broadcast_to(data.number.astype(self.dtype), self.batch_shape)
        mean = data.total(data.values) / count[..., None]
        centred = jnp.where(data.present[:, None], data.values - mean[..., None, :], 0)
        # Divide by the largest residual before squaring: the scatter of a collapsed chain must not underflow.
        size = jnp.max(jnp.abs(centred), (-2, -1))
        size = jnp.where(size > 0, size, 1)
        rows = centred / size[..., None, None]
        log_scale, factor = _linalg.normalise(jnp.log(size), _linalg.factor_of_rows(rows))
        return Moments(count, mean, log_scale, factor)
