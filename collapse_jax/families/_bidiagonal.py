"""Penalised least squares on a fresh isotropic design, from the law of its estimator."""

from typing import Any

import jax
import jax.numpy as jnp
from jax import lax
from jaxtyping import Array, Float, Key

from collapse_jax.numerics import random, triangle
from collapse_jax.numerics.alone import alone

__all__ = ["refit"]

_UNROLL = 5  # steps of a scan that are written out


def refit(
    key: Key[Array, ""], w: Float[Array, "d *batch"], T: int, sigma2: Any, strength: Any
) -> Float[Array, "d *batch"]:
    r"""Fits $\hat w = (X'X + \lambda I)^{-1} X'y$, $y = X w + \sigma \varepsilon$, on T rows $x \sim N(0, I_d)$ each.

    X is brought to upper-bidiagonal form, $X = U B V'$, by Householder reflections from both sides in turn, with
    $V e_1 = u = w / |w|$. Their law leaves the entries of B independent,
    $$B_{ii}^2 \sim \chi^2_{T - i + 1}, \qquad B_{i,i+1}^2 \sim \chi^2_{d - i},$$
    and the other columns of V uniform on the complement of u and independent of B. With $z \sim N(0, I)$
    $$s = B' (B B' + \lambda I)^{-1} (B e_1 |w| + \sigma z), \qquad \hat w = u s_1 + |s_{2..}| g,$$
    g uniform on the unit sphere orthogonal to u. $B B'$ is tridiagonal: O(min(T, d)) operations and
    $3 \min(T, d) + d$ random numbers a fit. $\lambda = 0$ gives the minimum-norm fit for T < d.

    **Args**: `w`: models that draw their labels; `T`: rows, known; `sigma2`: $\sigma^2$; `strength`: $\lambda$ beside
    the sum of squares.

    **Returns**: $\hat w$. At w = 0 u is the first axis, and derivatives with respect to w are those along it.

    **References**: Golub and Kahan (1965), J. SIAM Numer. Anal. 2; Silverstein (1985), Ann. Probab. 13.
    """
    d, batch = w.shape[0], w.shape[1:]
    m, above = min(T, d), min(T, d - 1)
    square_key, noise_key, direction_key = jax.random.split(key, 3)
    squares = random.chi2_each(square_key, [*range(T, T - m, -1), *range(d - 1, d - 1 - above, -1)], batch, w.dtype)
    noise = jnp.sqrt(sigma2) * random.normal(noise_key, (m, *batch), w.dtype)
    square = jnp.sum(w * w, 0)
    size = jnp.sqrt(jnp.where(square > 0, square, 1))
    axis = jnp.zeros_like(w).at[0].set(1)
    unit = jnp.where(square > 0, w / size, axis)
    solve = _written_out if m <= triangle.UNROLL else _scanned
    strength = jnp.broadcast_to(jnp.asarray(strength, w.dtype), batch)
    along, rest = alone(solve, squares[:m], squares[m:], noise, jnp.where(square > 0, size, 0), strength)
    if d == 1:
        return unit * along
    direction = random.normal(direction_key, w.shape, w.dtype)
    direction = direction - unit * jnp.sum(unit * direction, 0)
    return unit * along + direction * (rest * lax.rsqrt(jnp.sum(direction * direction, 0)))


def _written_out(diagonal2, above2, noise, size, strength):
    """$s_1$ and $|s_{2..}|$ by elimination in the tridiagonal system, every row an array over chains."""
    m, above = len(diagonal2), len(above2)
    a, b = [jnp.sqrt(row) for row in diagonal2], [jnp.sqrt(row) for row in above2]
    pivots, solved = [], []
    for i in range(m):
        pivot = diagonal2[i] + strength + (above2[i] if i < above else 0)
        right = noise[i] + (a[0] * size if i == 0 else 0)
        if i:
            beside = b[i - 1] * a[i]
            ratio = beside / pivots[-1]
            pivot, right = pivot - ratio * beside, right - ratio * solved[-1]
        pivots.append(pivot)
        solved.append(right)
    v = [solved[-1] / pivots[-1]]
    for i in reversed(range(m - 1)):
        v.insert(0, (solved[i] - b[i] * a[i + 1] * v[0]) / pivots[i])
    rest = sum((b[i] * v[i] + (a[i + 1] * v[i + 1] if i + 1 < m else 0)) ** 2 for i in range(above))
    return a[0] * v[0], _root(rest + jnp.zeros_like(size))


def _scanned(diagonal2, above2, noise, size, strength):
    """The same by two scans over the rows, so that compiling does not take longer for more of them."""
    m = len(diagonal2)
    zero = jnp.zeros_like(size)
    above2 = jnp.concatenate([above2, jnp.zeros((m - len(above2), *size.shape), size.dtype)])
    a, b = jnp.sqrt(diagonal2), _root(above2)

    def down(carry, row):
        left, pivot, before = carry
        a, a2, b, b2, right = row
        beside = left * a
        ratio = beside / pivot
        pivot, before = a2 + b2 + strength - ratio * beside, right - ratio * before
        return (b, pivot, before), (pivot, before)

    rows = a, diagonal2, b, above2, noise.at[0].add(a[0] * size)
    pivots, solved = lax.scan(down, (zero, zero + 1, zero), rows, unroll=_UNROLL)[1]
    below = jnp.concatenate([a[1:], zero[None]])

    def up(later, row):
        pivot, right, b, a = row
        v = (right - b * a * later) / pivot
        return v, (v, b * v + a * later)

    v, s = lax.scan(up, zero, (pivots, solved, b, below), reverse=True, unroll=_UNROLL)[1]
    return a[0] * v[0], _root(jnp.sum(s * s, 0))


def _root(square):
    """The square root, whose derivative at 0 is 0 and not infinite."""
    return jnp.where(square > 0, jnp.sqrt(jnp.where(square > 0, square, 1)), 0)
