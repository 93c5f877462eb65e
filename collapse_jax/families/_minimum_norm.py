"""Least squares on fewer rows than features: the interpolator of least norm, from sufficient statistics."""

from typing import Any

import jax.numpy as jnp
from jaxtyping import Array, Float, Key

from collapse_jax.data import Rows
from collapse_jax.numerics import linalg, random, triangle


def rows(count: Any, factor: Float[Array, "p *batch"], labels: Float[Array, "d *batch"]) -> Rows:
    r"""The rows $(R, R w + \sigma z)$, $R = L'$ the trapezoid of a design, L packed with columns of zeros behind it."""
    lower, last = triangle.unpack(factor), jnp.moveaxis(labels, 0, -1)
    known = jnp.any(lower != 0, -2)
    whole = jnp.concatenate([lower, jnp.where(known, last, 0)[..., None, :]], -2)
    return Rows(count, jnp.concatenate([whole, jnp.zeros_like(whole[..., :1])], -1))


def fitted(lower: Float[Array, "*batch d d"], labels: Float[Array, "*batch d"]) -> Float[Array, "*batch d"]:
    r"""$L (L'L)^{-1} y$, the shortest w with $L' w = y$; columns of L that are zero, to rounding, are no rows."""
    gram = jnp.einsum("...ki,...kj->...ij", lower, lower)
    size = jnp.diagonal(gram, axis1=-2, axis2=-1)
    tiny = (64 * size.shape[-1] * jnp.finfo(gram.dtype).eps) ** 2
    known = size > tiny * jnp.max(size, -1, keepdims=True)
    unit = jnp.where(known, 0, 1)[..., None] * jnp.eye(size.shape[-1], dtype=gram.dtype)
    root = linalg.cholesky(jnp.where(known[..., None, :] & known[..., None], gram, 0) + unit)
    solved = linalg.solve_lower(root, jnp.where(known, labels, 0)[..., None])
    solved = linalg.solve_lower_transposed(root, solved)[..., 0]
    return jnp.einsum("...ij,...j->...i", lower, jnp.where(known, solved, 0))


def refitted(key: Key[Array, ""], w: Float[Array, "d *batch"], sigma2: Any, n: Any) -> Float[Array, "d *batch"]:
    r"""The fit on n < d rows of w itself without covariance, $P w + \sigma X^+ \varepsilon$, in O(d) (derived).

    P projects on a random subspace: $\|P w\|^2 = c^2 \|w\|^2$, $c^2 \sim \text{Beta}(\tfrac n2, \tfrac{d-n}2)$, with a
    uniform direction v across w; $X^+ \varepsilon$ lies in it with the length $\sqrt{\chi^2_n / \chi^2_{d-n+1}}$ and a
    uniform direction, of which U is the coordinate along $P w$.
    """
    d, batch, dtype = len(w), w.shape[1:], w.dtype
    normal_key, *keys = random.split(key, 6)
    across, aside, along = jnp.split(random.normal(normal_key, (2 * d + 1, *batch), dtype), [d, 2 * d])
    inside, outside, length, width, rest = (
        random.chi2(one, df, batch, dtype) for one, df in zip(keys, (n, d - n, n, d - n + 1, n - 1), strict=True)
    )
    size = jnp.sqrt(jnp.sum(w**2, 0))
    first = jnp.zeros_like(w).at[0].set(1)
    unit = jnp.where(size > 0, w / jnp.where(size > 0, size, 1), first)
    across = _direction(across, unit)
    aside = _direction(aside, unit, across)
    share = inside / (inside + outside)
    noise = jnp.sqrt(sigma2 * length / width)
    cosine = along[0] / jnp.sqrt(along[0] ** 2 + rest)
    near = size * jnp.sqrt(share) + noise * cosine
    far = noise * jnp.sqrt(jnp.maximum(1 - cosine**2, 0))
    return near * (jnp.sqrt(share) * unit + jnp.sqrt(1 - share) * across) + far * aside


def _direction(vector: Float[Array, "d *batch"], *others: Float[Array, "d *batch"]) -> Float[Array, "d *batch"]:
    """What is left of a vector across orthonormal ones, at unit length; zero where nothing is left."""
    for _ in range(2):
        for other in others:
            vector = vector - other * jnp.sum(vector * other, 0)
    size = jnp.sqrt(jnp.sum(vector**2, 0))
    return vector / jnp.where(size > 0, size, 1)
