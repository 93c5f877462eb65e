"""Newton's method for the logit of grouped binary labels, all chains at once, from where the labels came from."""

from typing import Any

import jax.numpy as jnp
from jax import lax
from jaxtyping import Array, Bool, Float

from collapse_jax.numerics.alone import alone

__all__ = ["MOST_TERMS", "newton"]

MOST_TERMS = 256  # of all sums over points that one step may write out
_STEPS = 12  # three or four do; a chain that needs more is handed on


def newton(
    beta: Float[Array, "d *batch"],
    visits: Float[Array, "m *batch"],
    successes: Float[Array, "m *batch"],
    points: Float[Array, "m d"],
) -> tuple[Float[Array, "d *batch"], Bool[Array, "*batch"]]:
    r"""The maximum-likelihood parameter where few steps from `beta` reach it, and whether they did.

    Works in a basis orthonormal on the points. Steps by which a logit would change by more than one are damped, by
    $\log(1 + l) / l$ for a change of l. Where the last step is below the square root of the precision the one after it
    would be of rounding; the information must be far from singular besides, so that no fit is reported where the
    likelihood has no maximum or several. What is not reached is for a slower method to decide.

    **Args**: `beta`: start, the model that drew the labels; `visits`, `successes`: of every point.

    **Returns**: the fits, differentiable in the counts, and for which chains they are fits.
    """
    basis, triangle = _orthonormal(points)
    precision = float(jnp.finfo(beta.dtype).eps)
    d = len(triangle)
    origin = jnp.stack([sum(triangle[i][j] * beta[i] for i in range(j, d)) for j in range(d)])

    def step(gamma, visits, successes, basis):
        newton, length, regular = _step(gamma, visits, successes, basis)
        damping = jnp.where(length > 1, jnp.log1p(length) / jnp.where(length > 1, length, 1), 1)
        return gamma + damping * newton, length, regular

    fixed = [lax.stop_gradient(x) for x in (visits, successes, basis)]

    def unfinished(state):
        # Not a number is not above anything: what has left the numbers is done with.
        return jnp.any(state[1] > precision**0.25) & (state[2] < _STEPS)

    def more(state):
        gamma, length, _ = alone(step, state[0], *fixed)
        return gamma, length, state[2] + 1

    start = lax.stop_gradient(origin), jnp.full_like(origin[0], jnp.inf), jnp.int32(0)
    gamma = lax.stop_gradient(lax.while_loop(unfinished, more, start)[0])
    # The last step is outside of the loop: what it depends on makes the fit differentiable.
    gamma, length, regular = alone(step, gamma, visits, successes, basis)
    rows: list[Any] = [None] * d
    for i in reversed(range(d)):
        rows[i] = (gamma[i] - sum(triangle[k][i] * rows[k] for k in range(i + 1, d))) / triangle[i][i]
    return jnp.stack(rows), regular & (length < precision**0.5)


def _orthonormal(points):
    """Points = basis x triangle', columns of the basis orthogonal and of length sqrt(m): Gram-Schmidt, written out."""
    m, d = points.shape
    columns: list[Any] = [points[:, j] for j in range(d)]
    triangle: list[list[Any]] = [[None] * d for _ in range(d)]
    for j in range(d):
        triangle[j][j] = jnp.sqrt(jnp.sum(columns[j] ** 2) / m)
        columns[j] = columns[j] / triangle[j][j]
        for k in range(j + 1, d):
            triangle[k][j] = jnp.sum(columns[j] * columns[k]) / m
            columns[k] = columns[k] - triangle[k][j] * columns[j]
    return jnp.stack(columns, 1), triangle


def _step(gamma, visits, successes, basis):
    """Newton's step, by how much it changes a logit at most, and whether the information is far from singular."""
    m, d = basis.shape
    score: list[Any] = [0.0] * d
    information: list[list[Any]] = [[0.0] * d for _ in range(d)]
    for j in range(m):
        fall = jnp.exp(-sum(basis[j, a] * gamma[a] for a in range(d)))
        up = 1 / (1 + fall)
        down = fall * up
        residual, weight = successes[j] * down - (visits[j] - successes[j]) * up, visits[j] * up * down
        for a in range(d):
            score[a] += basis[j, a] * residual
            for b in range(a + 1):
                information[a][b] += basis[j, a] * basis[j, b] * weight
    # L D L' of the information.
    lower: list[list[Any]] = [[None] * d for _ in range(d)]
    pivots: list[Any] = []
    solved: list[Any] = []
    regular: Any = True
    least = 1e4 * float(jnp.finfo(gamma.dtype).eps)
    for a in range(d):
        for b in range(a):
            left = information[a][b] - sum(lower[a][c] * pivots[c] * lower[b][c] for c in range(b))
            lower[a][b] = left / pivots[b]
        pivots.append(information[a][a] - sum(lower[a][c] ** 2 * pivots[c] for c in range(a)))
        solved.append(score[a] - sum(lower[a][c] * solved[c] for c in range(a)))
        regular &= pivots[a] > least * information[a][a]
    steps: list[Any] = [None] * d
    for a in reversed(range(d)):
        steps[a] = solved[a] / pivots[a] - sum(lower[c][a] * steps[c] for c in range(a + 1, d))
    length: Any = 0.0
    for j in range(m):
        length = jnp.maximum(length, jnp.abs(sum(basis[j, a] * steps[a] for a in range(d))))
    return jnp.stack(steps), length, regular
