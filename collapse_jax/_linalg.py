"""Small batched triangular algebra: scale-free factors, so that variances of e^-1000 neither underflow nor lose bits."""

import jax.numpy as jnp
from jaxtyping import Array, Float

Matrix = Float[Array, "*batch d d"]
Vector = Float[Array, "*batch d"]


def multiply(a: Matrix, b: Matrix) -> Matrix:
    """Batched product; one dimension is plain multiplication, which XLA fuses with its neighbours."""
    return a * b if a.shape[-1] == 1 else jnp.einsum("...ij,...jk->...ik", a, b)


def apply(a: Float[Array, "... d d"], v: Float[Array, "... d"]) -> Float[Array, "... d"]:
    """Batched matrix times vector."""
    return a[..., 0] * v if a.shape[-1] == 1 else jnp.einsum("...ij,...j->...i", a, v)


def factor_of_rows(rows: Float[Array, "*batch n d"]) -> Matrix:
    r"""A lower-triangular $F$ with $F F' = \sum_i r_i r_i'$, by QR, hence also for fewer rows than columns."""
    n, d = rows.shape[-2:]
    if d == 1:
        return jnp.sqrt(jnp.sum(rows**2, -2, keepdims=True))
    upper = jnp.linalg.qr(rows, mode="r")
    if n < d:
        upper = jnp.concatenate([upper, jnp.zeros((*upper.shape[:-2], d - n, d), upper.dtype)], -2)
    return jnp.swapaxes(upper, -1, -2)


def normalise(log_scale: Float[Array, "*batch"], factor: Matrix) -> tuple[Float[Array, "*batch"], Matrix]:
    r"""Move the size of $F$ into the scalar: $e^{\ell} F$ is unchanged and $\max |F_{ij}| = 1$ (or $F = 0$)."""
    size = jnp.max(jnp.abs(factor), (-2, -1))
    positive = size > 0
    size = jnp.where(positive, size, 1)
    return log_scale + jnp.log(size), factor / size[..., None, None]


def log_abs_det(log_scale: Float[Array, "*batch"], factor: Matrix) -> Float[Array, "*batch"]:
    r"""$\log |\det (e^{\ell} F)|$ of a triangular $F$; $-\infty$ when singular."""
    d = factor.shape[-1]
    return d * log_scale + jnp.sum(jnp.log(jnp.abs(jnp.diagonal(factor, axis1=-2, axis2=-1))), -1)
