"""Small batched linear algebra in plain JAX, one loop over dimensions for the whole batch.

LAPACK is avoided on purpose. On CPU its batched calls block a worker of XLA's thread pool while they wait for others,
so that two programs running at once can stop for ever; and they work matrix by matrix, which is slow for many small
ones on every backend. Factors are scale-free, so that variances of e^-1000 neither underflow nor lose bits.
"""

from collections.abc import Sequence

import jax.numpy as jnp
import numpy as np
from jax import lax
from jaxtyping import Array, Float

Matrix = Float[Array, "*batch d d"]
Vector = Float[Array, "*batch d"]


def factor_of_rows(rows: Float[Array, "*batch n d"]) -> Matrix:
    r"""A lower-triangular $F$ with $F F' = \sum_i r_i r_i'$, also for fewer rows than columns (then singular).

    Modified Gram-Schmidt, whose triangular factor is as accurate as Householder's.
    """
    d = rows.shape[-1]
    if d == 1:
        return jnp.sqrt(jnp.sum(rows**2, -2, keepdims=True))

    def column(j, state):
        left, factor = state
        pivot = left[..., j]
        size = jnp.sqrt(jnp.sum(pivot**2, -1))
        direction = pivot / jnp.where(size > 0, size, 1)[..., None]
        along = jnp.where(jnp.arange(d) >= j, jnp.einsum("...n,...nd->...d", direction, left), 0)
        return left - direction[..., None] * along[..., None, :], factor.at[..., :, j].set(along)

    start = jnp.zeros((*rows.shape[:-2], d, d), rows.dtype)
    return lax.fori_loop(0, d, column, (rows, start))[1]


def lower_product(a: Float[Array, "*#batch d d"], b: Float[Array, "*#batch d d"]) -> Matrix:
    """$A B$ for lower-triangular A and B, by halves, which leaves out half of the multiplications by zero."""
    half = a.shape[-1] // 2
    first = a[..., :half, :half] @ b[..., :half, :half]
    below = a[..., half:, :] @ b[..., :, :half]
    second = a[..., half:, half:] @ b[..., half:, half:]
    return _halves(first, below, second)


def lower_gram(lowers: Sequence[Matrix], vectors: Sequence[Vector] = ()) -> Matrix:
    r"""$\sum_k A_k A_k' + \sum_k v_k v_k'$ for lower-triangular A, by halves, 0 above the diagonal of halves."""
    half = lowers[0].shape[-1] // 2
    columns = [v[..., None] for v in vectors]
    top = jnp.concatenate([a[..., :half, :half] for a in lowers] + [v[..., :half, :] for v in columns], -1)
    left = jnp.concatenate([a[..., half:, :half] for a in lowers] + [v[..., half:, :] for v in columns], -1)
    bottom = jnp.concatenate([left, *(a[..., half:, half:] for a in lowers)], -1)
    products = ((top, top), (left, top), (bottom, bottom))
    return _halves(*(jnp.einsum("...ik,...jk->...ij", x, y) for x, y in products))


def _halves(first: Array, below: Array, second: Array) -> Matrix:
    """A matrix from its blocks, with zeros on the upper right."""
    right = jnp.zeros((*first.shape[:-1], second.shape[-1]), first.dtype)
    rows = [jnp.concatenate([first, right], -1), jnp.concatenate([below, second], -1)]
    return jnp.concatenate(rows, -2)


def cholesky(matrix: Matrix, panel: int = 16) -> Matrix:
    r"""A lower-triangular $L$ with $L L'$ the positive semidefinite matrix, to rounding.

    By panels of columns, whose effect on the rest is one batched product; a pivot within rounding of 0, relative to
    its own diagonal entry, gives a column of zeros, so that singular matrices have a factor too. What is above the
    diagonal is not looked at.
    """
    d = matrix.shape[-1]
    tiny = 4 * d * jnp.finfo(matrix.dtype).eps * jnp.diagonal(matrix, axis1=-2, axis2=-1)
    columns, left = [], matrix
    for start in range(0, d, panel):
        width = min(panel, d - start)

        def eliminate(k, block, start=start, width=width):
            pivot, least = block[..., k, k], tiny[..., start + k]
            inverse = jnp.where(pivot > least, lax.rsqrt(jnp.where(pivot > least, pivot, 1)), 0)
            column = jnp.where(jnp.arange(block.shape[-2]) >= k, block[..., :, k] * inverse[..., None], 0)
            later = jnp.where(jnp.arange(width) > k, column[..., :width], 0)
            block = block - column[..., :, None] * later[..., None, :]
            return jnp.where(jnp.arange(width) == k, column[..., None], block)

        block = lax.fori_loop(0, width, eliminate, left[..., :width])
        columns.append(jnp.pad(block, [(0, 0)] * (block.ndim - 2) + [(start, 0), (0, 0)]))
        below = block[..., width:, :]
        left = left[..., width:, width:] - jnp.einsum("...ik,...jk->...ij", below, below)
    return jnp.concatenate(columns, -1)


def solve_lower(factor: Matrix, right: Float[Array, "*batch d k"]) -> Float[Array, "*batch d k"]:
    """$F^{-1} B$ for lower-triangular $F$, by forward substitution."""

    def substitute(i, solved):
        residual = right[..., i, :] - jnp.einsum("...j,...jk->...k", factor[..., i, :], solved)
        return solved.at[..., i, :].set(residual / factor[..., i, i][..., None])

    return lax.fori_loop(0, factor.shape[-1], substitute, jnp.zeros_like(right))


def solve_lower_transposed(factor: Matrix, right: Float[Array, "*batch d k"]) -> Float[Array, "*batch d k"]:
    """$F'^{-1} B$ for lower-triangular $F$, by backward substitution."""
    flipped = jnp.swapaxes(factor, -1, -2)[..., ::-1, ::-1]
    return solve_lower(flipped, right[..., ::-1, :])[..., ::-1, :]


def solve_definite(matrix: Matrix, right: Vector, panel: int = 64) -> Vector:
    r"""$A^{-1} b$ for a positive definite matrix, of which what is above the diagonal is not looked at.

    Blocks of the factor are inverted on the diagonal, so that all work that grows as $d^3$ is products of matrices.
    """
    d = matrix.shape[-1]
    if d <= panel:
        factor = cholesky(matrix)
        return solve_lower_transposed(factor, solve_lower(factor, right[..., None]))[..., 0]
    done, left = [], matrix
    for start in range(0, d, panel):
        width = min(panel, d - start)
        factor = cholesky(left[..., :width, :width])
        unit = jnp.broadcast_to(jnp.eye(width, dtype=matrix.dtype), factor.shape)
        inverse = solve_lower(factor, unit)
        below = jnp.einsum("...ij,...kj->...ik", left[..., width:, :width], inverse)
        solved = jnp.einsum("...ij,...j->...i", inverse, right[..., :width])
        done.append((inverse, below, solved))
        right = right[..., width:] - jnp.einsum("...ij,...j->...i", below, solved)
        if start + width < d:
            left = left[..., width:, width:] - _lower_square(below)
    solution = right
    for inverse, below, solved in reversed(done):
        residual = solved - jnp.einsum("...ij,...i->...j", below, solution)
        solution = jnp.concatenate([jnp.einsum("...ij,...i->...j", inverse, residual), solution], -1)
    return solution


def _lower_square(a: Float[Array, "*batch n k"]) -> Float[Array, "*batch n n"]:
    """$A A'$, by halves, 0 above the diagonal of halves."""
    half = a.shape[-2] // 2
    first, second = a[..., :half, :], a[..., half:, :]
    return _halves(
        *(jnp.einsum("...ik,...jk->...ij", x, y) for x, y in ((first, first), (second, first), (second, second)))
    )


def least_squares(x: Float[Array, "*batch n d"], y: Float[Array, "*batch n"]) -> Vector:
    r"""$X^+ y$, the minimum-norm least-squares solution, at any rank.

    A complete orthogonal decomposition: Gram-Schmidt (twice, for orthogonality) with column pivoting gives
    $X = Q R$ and the rank, Gram-Schmidt on the rows of R gives $R = L V'$, and $X^+ y = V L^{-1} Q' y$.
    """
    n, d = x.shape[-2:]
    steps = min(n, d)
    largest = jnp.sqrt(jnp.max(jnp.sum(x**2, -2), -1))
    tiny = max(n, d) * jnp.finfo(x.dtype).eps * largest

    def direction_of(vector, basis):
        for _ in range(2):
            vector = vector - jnp.einsum("...kn,...k->...n", basis, jnp.einsum("...kn,...n->...k", basis, vector))
        return vector

    def pivot(k, state):
        basis, left = state
        column = jnp.argmax(jnp.sum(left**2, -2), -1)
        vector = direction_of(jnp.take_along_axis(left, column[..., None, None], -1)[..., 0], basis)
        size = jnp.sqrt(jnp.sum(vector**2, -1))
        unit = jnp.where((size > tiny)[..., None], vector / jnp.where(size > 0, size, 1)[..., None], 0)
        left = left - unit[..., None] * jnp.einsum("...n,...nd->...d", unit, left)[..., None, :]
        return basis.at[..., k, :].set(unit), left

    basis = lax.fori_loop(0, steps, pivot, (jnp.zeros((*x.shape[:-2], steps, n), x.dtype), x))[0]
    rows = jnp.einsum("...kn,...nd->...kd", basis, x)
    target = jnp.einsum("...kn,...n->...k", basis, y)

    def interpolate(k, state):
        units, solution = state
        row = rows[..., k, :]
        vector = direction_of(row, units)
        size2 = jnp.sum(vector**2, -1)
        gap = target[..., k] - jnp.einsum("...d,...d->...", row, solution)
        solution = solution + vector * (gap / jnp.where(size2 > 0, size2, 1))[..., None]
        unit = vector / jnp.sqrt(jnp.where(size2 > 0, size2, 1))[..., None]
        return units.at[..., k, :].set(unit), solution

    start = (jnp.zeros((*x.shape[:-2], steps, d), x.dtype), jnp.zeros((*x.shape[:-2], d), x.dtype))
    return lax.fori_loop(0, steps, interpolate, start)[1]


def nuclear_norm(matrix: Matrix) -> Float[Array, "*batch"]:
    """The sum of the singular values, by one-sided Jacobi rotations (ten sweeps; convergence is quadratic)."""
    d = matrix.shape[-1]
    if d == 1:
        return jnp.abs(matrix[..., 0, 0])
    first, second = (jnp.asarray(index) for index in np.triu_indices(d, 1))

    def rotate(step, columns):
        i, j = first[step % len(first)], second[step % len(first)]
        a, b = columns[..., i], columns[..., j]
        alpha, beta, gamma = jnp.sum(a * a, -1), jnp.sum(b * b, -1), jnp.sum(a * b, -1)
        zeta = (beta - alpha) / jnp.where(gamma == 0, 1, 2 * gamma)
        tangent = jnp.where(zeta >= 0, 1.0, -1.0) / (jnp.abs(zeta) + jnp.sqrt(1 + zeta**2))
        tangent = jnp.where(gamma == 0, 0, tangent).astype(a.dtype)
        cosine = 1 / jnp.sqrt(1 + tangent**2)
        sine = (cosine * tangent)[..., None]
        cosine = cosine[..., None]
        return columns.at[..., i].set(cosine * a - sine * b).at[..., j].set(sine * a + cosine * b)

    columns = lax.fori_loop(0, 10 * len(first), rotate, matrix)
    return jnp.sum(jnp.sqrt(jnp.sum(columns**2, -2)), -1)
