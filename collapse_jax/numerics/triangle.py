r"""Batched lower-triangular and symmetric matrices, packed by rows with the chains last: $(p, *batch)$, $p = d(d+1)/2$.

Chains-last arrays are what a CPU vectorises: every entry is one contiguous vector over chains, and up to d = `UNROLL`
the loops over entries are written out, so that no operation sees a matrix at all. Larger matrices go through dense
ones with the chains first and their batched products. Vectors are $(d, *batch)$; `pack` and `unpack` convert from and
to the usual $(*batch, d, d)$.
"""

import math
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax
from jaxtyping import Array, Float

from collapse_jax.numerics import linalg
from collapse_jax.numerics.alone import alone

Packed = Float[Array, "p *#batch"]
Vector = Float[Array, "d *#batch"]

UNROLL = 16


def dimension(packed: Any) -> int:
    """d, given the number of packed entries."""
    return int(np.sqrt(2 * packed.shape[0] + 0.25))


@lru_cache
def entries(d: int) -> tuple[tuple[int, int], ...]:
    """The places (i, j) of the packed entries."""
    return tuple((i, j) for i in range(d) for j in range(i + 1))


def at(i: Any, j: Any) -> Any:
    """Where entry (i, j), j <= i, is packed."""
    return i * (i + 1) // 2 + j


def diagonal(d: int) -> np.ndarray:
    """Where the diagonal is packed."""
    return np.array([at(i, i) for i in range(d)])


def identity(d: int, dtype: Any) -> np.ndarray:
    """The packed unit matrix, without batch axes."""
    return np.array([i == j for i, j in entries(d)], dtype)


def pack(dense: Float[Array, "*batch d d"]) -> Packed:
    """The lower triangles of dense matrices."""
    row, column = np.tril_indices(dense.shape[-1])
    return jnp.moveaxis(jnp.asarray(dense)[..., row, column], -1, 0)


def unpack(packed: Packed, symmetric: bool = False) -> Float[Array, "*batch d d"]:
    """Dense matrices, with zeros above the diagonal unless `symmetric`."""
    d = dimension(packed)
    row, column = np.indices((d, d))
    index = at(np.maximum(row, column), np.minimum(row, column))
    dense = jnp.moveaxis(jnp.asarray(packed), 0, -1)[..., index]
    return dense if symmetric else jnp.where(column <= row, dense, 0)


def _stack(rows: list) -> Array:
    """Entries as one array."""
    return rows[0][None] if len(rows) == 1 else jnp.stack(rows)


def _unrolled(function: Callable[..., Array], *operands: Array) -> Array:
    """`function` of arrays with the chains last, which may lack them, as a computation of its own."""
    together = meet(*operands)
    return function(*together) if dimension(operands[0]) == 1 else alone(function, *together)


def multiply(a: Packed, b: Packed) -> Packed:
    """The product of two lower triangles."""
    d = dimension(a)
    if d > UNROLL:
        return pack(linalg.lower_product(unpack(a), unpack(b)))

    def product(a, b):
        return _stack([sum(a[at(i, k)] * b[at(k, j)] for k in range(j, i + 1)) for i, j in entries(d)])

    return _unrolled(product, a, b)


def meet(*operands: Any) -> list[Array]:
    """Arrays with the chains last, some of which may have none: all with the same number of axes."""
    arrays = [jnp.asarray(operand) for operand in operands]
    axes = max(array.ndim for array in arrays)
    return [array.reshape(*array.shape, *(1,) * (axes - array.ndim)) for array in arrays]


def apply(a: Packed, v: Vector) -> Vector:
    """$A v$ for a lower triangle."""
    d = dimension(a)
    if d > UNROLL:
        return jnp.moveaxis(jnp.einsum("...ij,...j->...i", unpack(a), jnp.moveaxis(v, 0, -1)), -1, 0)
    return _unrolled(lambda a, v: _stack([sum(a[at(i, j)] * v[j] for j in range(i + 1)) for i in range(d)]), a, v)


def apply_transposed(a: Packed, v: Vector) -> Vector:
    """$A' v$ for a lower triangle."""
    d = dimension(a)
    if d > UNROLL:
        return jnp.moveaxis(jnp.einsum("...ji,...j->...i", unpack(a), jnp.moveaxis(v, 0, -1)), -1, 0)
    return _unrolled(lambda a, v: _stack([sum(a[at(i, j)] * v[i] for i in range(j, d)) for j in range(d)]), a, v)


def gram(a: Packed) -> Packed:
    """$A A'$, symmetric, for a lower triangle."""
    d = dimension(a)
    if d > UNROLL:
        return pack(linalg.lower_gram([unpack(a)]))

    def product(a):
        return _stack([sum(a[at(i, k)] * a[at(j, k)] for k in range(j + 1)) for i, j in entries(d)])

    return _unrolled(product, a)


def factor_of(lowers: Sequence[Packed], vectors: Sequence[Vector] = ()) -> Packed:
    r"""A lower-triangular $L$ with $L L' = \sum_k A_k A_k' + \sum_k v_k v_k'$, at any rank.

    Modified Gram-Schmidt on the rows of $(A_1, A_2, \ldots, v_1, \ldots)$, which is as accurate as Householder's
    triangularisation, on their nonzeros only; above d = `UNROLL` the Cholesky factor of the sum, which loses directions
    whose variance is within rounding of what other coordinates explain.
    """
    d = dimension(lowers[0])
    if d == 1:
        return jnp.sqrt(sum(part * part for part in (*lowers, *vectors)))
    if d > UNROLL:
        dense = linalg.lower_gram([unpack(a) for a in lowers], [jnp.moveaxis(v, 0, -1) for v in vectors])
        return pack(linalg.cholesky(dense))
    # The nonzeros of a row are the first ones of all later rows.
    rows = [[v[i] for v in vectors] + [a[at(i, j)] for j in range(i + 1) for a in lowers] for i in range(d)]
    columns = []

    def project(pivot, *others):
        square = sum(x * x for x in pivot)
        inverse = jnp.where(square > 0, lax.rsqrt(jnp.where(square > 0, square, 1)), 0)
        along = [inverse * sum(x * y for x, y in zip(pivot, row, strict=False)) for row in (pivot, *others)]
        return along, [x * inverse for x in pivot]

    def remove(direction, along, *others):
        return [
            [y - share * x for x, y in zip(direction, row, strict=False)] + row[len(direction) :]
            for share, row in zip(along, others, strict=True)
        ]

    for j in range(d):
        column, direction = alone(project, *rows[j:])
        columns.append(column)
        if j + 1 < d:
            rows[j + 1 :] = alone(remove, direction, column[1:], *rows[j + 1 :])
    return _stack([columns[j][i - j] for i, j in entries(d)])


def cholesky(matrix: Packed) -> Packed:
    """The lower factor of a symmetric positive definite matrix."""
    d = dimension(matrix)
    if d == 1:
        return jnp.sqrt(matrix)
    if d > UNROLL:
        return pack(linalg.cholesky(unpack(matrix, symmetric=True)))
    rows: list[list] = [[] for _ in range(d)]

    def column(pivots, *left_of):
        known = left_of[0]
        inverse = lax.rsqrt(pivots[0] - sum(x * x for x in known))
        return [
            (entry - sum(x * y for x, y in zip(known, row, strict=True))) * inverse
            for entry, row in zip(pivots, left_of, strict=True)
        ]

    for j in range(d):
        for row, entry in zip(rows[j:], alone(column, [matrix[at(i, j)] for i in range(j, d)], *rows[j:]), strict=True):
            row.append(entry)
    return _stack([rows[i][j] for i, j in entries(d)])


def solve(a: Packed, v: Vector) -> Vector:
    """$A^{-1} v$ for a lower triangle."""
    d = dimension(a)
    if d > UNROLL:
        return jnp.moveaxis(linalg.solve_lower(unpack(a), jnp.moveaxis(v, 0, -1)[..., None])[..., 0], -1, 0)

    def substitute(a, v):
        solved: list = []
        for i in range(d):
            solved.append((v[i] - sum(a[at(i, j)] * solved[j] for j in range(i))) / a[at(i, i)])
        return _stack(solved)

    return _unrolled(substitute, a, v)


def solve_transposed(a: Packed, v: Vector) -> Vector:
    """$A'^{-1} v$ for a lower triangle."""
    d = dimension(a)
    if d > UNROLL:
        flipped = jnp.swapaxes(unpack(a), -1, -2)[..., ::-1, ::-1]
        right = jnp.moveaxis(v, 0, -1)[..., ::-1, None]
        return jnp.moveaxis(linalg.solve_lower(flipped, right)[..., ::-1, 0], -1, 0)

    def substitute(a, v):
        solved: dict[int, Any] = {}
        for i in reversed(range(d)):
            solved[i] = (v[i] - sum(a[at(j, i)] * solved[j] for j in range(i + 1, d))) / a[at(i, i)]
        return _stack([solved[i] for i in range(d)])

    return _unrolled(substitute, a, v)


def solve_definite(matrix: Packed, v: Vector) -> Vector:
    """$M^{-1} v$ for a symmetric positive definite matrix."""
    if dimension(matrix) > UNROLL:
        return jnp.moveaxis(linalg.solve_definite(unpack(matrix), jnp.moveaxis(v, 0, -1)), -1, 0)
    factor = cholesky(matrix)
    return solve_transposed(factor, solve(factor, v))


def normalise(exponent: Float[Array, "*batch"], factor: Packed) -> tuple[Float[Array, "*batch"], Packed]:
    r"""Move the size of $F$ into the exponent: $2^e F$ stays the same, exactly, $1 \le \max |F_{ij}| < 2$ or F = 0."""
    size = jnp.max(jnp.abs(factor), 0)
    power = binary_exponent(size)
    return exponent + power, factor * power_of_two(-power)


_LAYOUT = {jnp.dtype("float32"): (jnp.int32, 23, 127), jnp.dtype("float64"): (jnp.int64, 52, 1023)}


def binary_exponent(x: Float[Array, "..."]) -> Float[Array, "..."]:
    r"""$\lfloor \log_2 x \rfloor$ as a float, read from the bits of x >= 0; 0 for x = 0 and what is not finite."""
    integer, width, bias = _LAYOUT[x.dtype]
    exponent = lax.shift_right_logical(lax.bitcast_convert_type(x, integer), integer(width)) - bias
    usable = (exponent > -bias) & (exponent <= bias)
    return jnp.where(usable, exponent, 0).astype(x.dtype)


@jax.custom_jvp
def power_of_two(exponent: Float[Array, "..."]) -> Float[Array, "..."]:
    r"""$2^e$ for whole e, exactly; 0 below the range of the format and infinity above it."""
    integer, width, bias = _LAYOUT[exponent.dtype]
    whole = jnp.clip(exponent, -bias, bias + 1).astype(integer)
    return lax.bitcast_convert_type((whole + bias) << width, exponent.dtype)


@power_of_two.defjvp
def _(primals, tangents):
    power = power_of_two(*primals)
    return power, math.log(2) * power * tangents[0]


def log_abs_det(exponent: Float[Array, "*batch"], factor: Packed) -> Float[Array, "*batch"]:
    r"""$\log |\det (2^e F)|$; $-\infty$ when singular."""
    d = dimension(factor)
    return d * exponent * math.log(2) + jnp.sum(jnp.log(jnp.abs(factor[diagonal(d)])), 0)
