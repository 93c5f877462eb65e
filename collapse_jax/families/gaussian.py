"""Gaussian models of any dimension."""

import math
from collections.abc import Mapping
from typing import Any, ClassVar, Literal, Self

import equinox as eqx
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float, Key

from collapse_jax.data import Moments, Samples, Sums
from collapse_jax.families._family import Engine, Family, host_array, whole
from collapse_jax.families._precision import check_offset, covariance
from collapse_jax.numerics import linalg, random, triangle


class Gaussian(Family):
    r"""$N(\mu, \Sigma)$ on $\mathbb{R}^d$, fitted by the sample mean and, unless it is known, the sample covariance

    $$\hat\Sigma = \frac{1}{N - \mathrm{ddof}} \sum_i (x_i - \bar x)(x_i - \bar x)'.$$

    `ddof=0` is the maximum-likelihood covariance, `ddof=1` the unbiased one; statements in the literature flip with
    this choice, so it has no default. The state is $\mu$ and a scale-free triangle, $\Sigma = 4^e F F'$ with whole e,
    so that variances may fall far below the smallest float. The exact engine draws $\bar x$ and the scatter, a Wishart
    matrix by Bartlett's decomposition (also singular, n - 1 < d), in O(d^3) whatever n is.

    **Args**: `mean`: a number or d-vector; `cov`: a variance or a d x d positive definite matrix; `d`: dimension when
    both are numbers; `ddof`: 0 or 1, or None when `known_cov` keeps the covariance fixed.

    **Raises**: ValueError for a covariance that is not symmetric positive definite, a missing `ddof`, and, in a run,
    for n <= ddof.
    """

    location: Float[Array, "d *batch"]
    exponent: Float[Array, "*batch"]
    triangle: Float[Array, "p *batch"]
    ddof: int | None = eqx.field(static=True)
    known_cov: bool = eqx.field(static=True)
    parameters: ClassVar[Mapping[str, int]] = {"location": 1, "exponent": 0, "triangle": 1}
    ignores_unfilled: ClassVar[bool] = True
    chains_last: ClassVar[bool] = True

    def __init__(
        self,
        mean: Any = 0.0,
        cov: Any = 1.0,
        *,
        d: int | None = None,
        ddof: Literal[0, 1] | None = None,
        known_cov: bool = False,
    ):
        given = cov
        mean, cov = host_array(mean, "mean", None), host_array(cov, "cov", None)
        size = max(mean.size, cov.shape[0] if cov.ndim else 1) if d is None else whole(d, "d", "a dimension")
        cov = cov * np.eye(size) if cov.ndim == 0 else cov
        if mean.ndim > 1 or mean.size not in (1, size) or cov.shape != (size, size):
            raise ValueError(
                f"mean {mean.shape} and cov {cov.shape} do not fit d={size}; give a d-vector and d x d matrix"
            )
        known = isinstance(ddof, int | np.integer) and not isinstance(ddof, bool) and ddof in (0, 1)
        if not isinstance(known_cov, bool | np.bool_) or known_cov == known or (ddof is not None and not known):
            raise ValueError(
                "say which covariance is fitted: ddof=0 (maximum likelihood) or ddof=1 (unbiased), "
                "or known_cov=True and no ddof"
            )
        covariance(cov, size, given)
        factor = np.linalg.cholesky(cov)
        exponent = np.floor(np.log2(np.abs(factor).max()))
        self.location = host_array(np.broadcast_to(mean.reshape(-1), (size,)), "mean", 1)
        self.exponent = host_array(exponent, "cov")
        self.triangle = host_array((factor * 2.0**-exponent)[np.tril_indices(size)], "cov", 1)
        self.ddof, self.known_cov = ddof, known_cov

    @property
    def d(self) -> int:
        return self.location.shape[0]

    @property
    def order(self) -> int:
        return 0 if self.known_cov else self.d

    @property
    def described(self) -> dict[str, Any]:
        """What a configuration says of the truth."""
        factor = np.zeros((self.d, self.d))
        factor[np.tril_indices(self.d)] = self.triangle
        cov = factor @ factor.T * 4.0 ** np.asarray(self.exponent)
        return {"mean": self.location, "cov": cov, "ddof": self.ddof, "known_cov": self.known_cov}

    @property
    def mean(self) -> Float[Array, "*batch d"]:
        return jnp.moveaxis(jnp.asarray(self.location), 0, -1)

    @property
    def factor(self) -> Float[Array, "*batch d d"]:
        r"""$F$ of $\Sigma = e^{2\ell} F F'$, lower-triangular, its largest entry between 1 and 2."""
        return triangle.unpack(self.triangle)

    @property
    def log_scale(self) -> Float[Array, "*batch"]:
        r"""$\ell$."""
        return jnp.asarray(self.exponent) * math.log(2)

    @property
    def scaled_triangle(self) -> Float[Array, "p *batch"]:
        r"""The packed lower-triangular root of $\Sigma$; underflows to 0 where `log_det` does not."""
        return jnp.asarray(self.triangle) * triangle.power_of_two(jnp.asarray(self.exponent))

    @property
    def cov(self) -> Float[Array, "*batch d d"]:
        r"""$\Sigma$; underflows to 0 where `log_det` does not."""
        return triangle.unpack(triangle.gram(self.scaled_triangle), symmetric=True)

    @property
    def log_det(self) -> Float[Array, "*batch"]:
        r"""$\log\det\Sigma$, a sum of logarithms; $-\infty$ when singular."""
        return 2 * triangle.log_abs_det(jnp.asarray(self.exponent), jnp.asarray(self.triangle))

    def check(self, sizes: tuple[int, ...], engine: Engine) -> None:
        n = min(sizes)
        if self.ddof is not None and n <= self.ddof:
            raise ValueError(
                f"n={n} leaves no degrees of freedom for the variance with ddof={self.ddof}; use n >= 2 or ddof=0"
            )

    def check_precision(self, sizes: tuple[int, ...], engine: Engine, dtype: str) -> None:
        super().check_precision(sizes, engine, dtype)
        spread = np.sqrt(np.diagonal(self.described["cov"]))
        check_offset(self.location, spread / max(sizes) ** 0.5, "mean", dtype)

    def _colour(self, z: Float[Array, "d *batch"]) -> Float[Array, "d *batch"]:
        return triangle.apply(self.triangle, z) * triangle.power_of_two(self.exponent)

    def sample(self, key: Key[Array, ""], n: int) -> Float[Array, "*batch n d"]:
        z = random.normal(key, (*self.batch_shape, n, self.d), self.dtype)
        scaled = triangle.unpack(self.scaled_triangle)
        noise = z * scaled if self.d == 1 else jnp.einsum("...ij,...nj->...ni", scaled, z)
        return self.mean[..., None, :] + noise

    def statistic(self, key: Key[Array, ""], n) -> Moments | Sums:
        normal_key, scatter_key = random.split(key)
        d, p = self.d, 0 if self.known_cov else self.triangle.shape[0]
        z = random.normal(normal_key, (d + p, *self.batch_shape), self.dtype)
        size = jnp.asarray(n, self.dtype)
        mean = self.location + self._colour(z[:d]) / jnp.sqrt(size)
        count = jnp.broadcast_to(size, self.batch_shape)
        if self.known_cov:
            return Sums(count, count * mean)
        wishart = random.bartlett(scatter_key, n - 1, z[d:])
        return Moments(count, mean, *triangle.normalise(self.exponent, triangle.multiply(self.triangle, wishart)))

    def reduce(self, data: Samples) -> Moments | Sums:
        if not self.known_cov:
            moments = self._moments(data)
            # Nothing has no mean, but must not spoil that of a pool.
            return eqx.tree_at(lambda it: it.mean, moments, jnp.where(data.number > 0, moments.mean, 0))
        count = jnp.broadcast_to(data.number.astype(self.dtype), self.batch_shape)
        return Sums(count, jnp.moveaxis(data.total(data.values), -1, 0))

    def fit(self, data: Moments | Sums | Samples) -> Self:
        if isinstance(data, Sums):
            return self.replace(location=data.total / data.count)
        if isinstance(data, Samples):
            data = self._moments(data)
        if self.known_cov:
            return self.replace(location=data.mean)
        divided = data.factor / jnp.sqrt(data.count - (self.ddof or 0))
        exponent, factor = triangle.normalise(data.exponent, divided)
        return self.replace(location=data.mean, exponent=exponent, triangle=factor)

    def blend(self, other: Any, weight: Any) -> Self:
        r"""$\mu$ and $\Sigma$ are averaged; there is no between-group term."""
        exponent = jnp.maximum(self.exponent, other.exponent)

        def part(model, share):
            root = jnp.where(share > 0, jnp.sqrt(jnp.where(share > 0, share, 1)), 0)  # differentiable at 0
            return model.triangle * (root * triangle.power_of_two(model.exponent - exponent))

        pooled = triangle.factor_of([part(self, weight), part(other, 1 - weight)])
        exponent, factor = triangle.normalise(exponent, pooled)
        location = weight * self.location + (1 - weight) * other.location
        return self.replace(location=location, exponent=exponent, triangle=factor)

    def _moments(self, data: Samples) -> Moments:
        count = jnp.broadcast_to(data.number.astype(self.dtype), self.batch_shape)
        mean = data.total(data.values) / count[..., None]
        centred = jnp.where(data.present[:, None], data.values - mean[..., None, :], 0)
        # Divide by the largest residual before squaring: the scatter of a collapsed chain must not underflow.
        exponent = triangle.binary_exponent(jnp.max(jnp.abs(centred), (-2, -1)))
        rows = centred * triangle.power_of_two(-exponent)[..., None, None]
        factor = triangle.pack(linalg.factor_of_rows(rows))
        return Moments(count, jnp.moveaxis(mean, -1, 0), *triangle.normalise(exponent, factor))
