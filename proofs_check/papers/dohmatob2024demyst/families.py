"""Least squares of least norm, by statistics: regression with fewer rows than features."""

from typing import Any, Self

import jax.numpy as jnp
from jaxtyping import Array, Key

from collapse_jax import LinearRegression, random
from collapse_jax.data import Rows
from collapse_jax.families import Engine
from collapse_jax.numerics import linalg, triangle


class LeastNorm(LinearRegression):
    r"""`LinearRegression`, $\hat w = X^+ y$, with an exact engine for any T and d.

    It draws the trapezoid L, d x min(d, T), with $L L' = X'X$, and the labels $\ell = L'w + \sigma z$; no fit can tell
    the rows of $(L', \ell)$ from T rows of the truth, and $\hat w = L (L'L)^{-1} \ell$. Costs $O(d^3)$ whatever T is.

    **Args**: those of `LinearRegression`.
    """

    def check(self, sizes: tuple[int, ...], engine: Engine) -> None:
        super().check(sizes, "literal")

    def check_precision(self, sizes: tuple[int, ...], engine: Engine, dtype: str) -> None:
        super().check_precision(sizes, "literal", dtype)

    def refit(self, key: Key[Array, ""], n: Any, *, on_lattice: bool) -> None:
        """None: the law of the estimator that is known needs T >= d."""

    def statistic(self, key: Key[Array, ""], n: Any) -> Rows:
        design_key, noise_key = random.split(key)
        factor = self._design_factor(design_key, n) if self.environment is None else self.environment
        noise = jnp.sqrt(self.sigma2) * random.normal(noise_key, self.coefficients.shape, self.dtype)
        there = (jnp.arange(self.d) < n).reshape(-1, *(1,) * len(self.batch_shape))
        labels = triangle.apply_transposed(factor, self.coefficients) + jnp.where(there, noise, 0)
        both = jnp.concatenate([triangle.unpack(factor), jnp.moveaxis(labels, 0, -1)[..., None, :]], -2)
        count = jnp.broadcast_to(jnp.asarray(n, self.dtype), self.batch_shape)
        return Rows(count, jnp.concatenate([both, jnp.zeros_like(both[..., :1])], -1))

    def fit(self, data: Any) -> Self:
        if not isinstance(data, Rows) or self.penalty is not None:
            return super().fit(data)
        factor, labels = data.factor[..., :-1, :-1], data.factor[..., -1, :-1]
        pivots = jnp.diagonal(factor, axis1=-2, axis2=-1)
        there = jnp.abs(pivots) > 1e3 * jnp.finfo(self.dtype).eps * jnp.max(jnp.abs(factor), (-2, -1))[..., None]
        factor = jnp.where(there[..., None, :], factor, 0)
        gram = jnp.einsum("...ki,...kj->...ij", factor, factor) + jnp.eye(self.d, dtype=self.dtype) * ~there[..., None]
        root = linalg.cholesky(gram)
        right = jnp.where(there, labels, 0)[..., None]
        solved = linalg.solve_lower_transposed(root, linalg.solve_lower(root, right))
        return self.replace(coefficients=jnp.moveaxis((factor @ solved)[..., 0], -1, 0))
