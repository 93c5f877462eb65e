"""Counts in a sample without replacement, drawn as whole arrays."""

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax
from jaxtyping import Array, Float, Key

from collapse_jax.numerics.random.continuous import uniform

__all__ = ["hypergeometric", "multivariate_hypergeometric"]

_NARROW = 400.0  # variance up to which the mass function is summed; beyond, proposals are cheaper


def hypergeometric(key: Key[Array, ""], good, bad, n, shape: tuple[int, ...], dtype) -> Float[Array, "..."]:
    r"""How many of `n` picked without replacement are good, (as floats),

    $$P(k) = \binom{K}{k} \binom{B}{n - k} \Big/ \binom{K + B}{n}, \qquad \max(0, n - B) \le k \le \min(n, K).$$

    Up to a variance of 400 by inversion, outward from the mode, of sums of $P(k) / P(\text{mode})$ that are their own
    normalisation: no factorial is evaluated, and probabilities are exact to the rounding of float64. Beyond it by
    Stadlober's ratio of uniforms, whose acceptance looks at $\log P(k) - \log P(\text{mode})$ without cancellation.

    **Args**: `good`: K, `bad`: B, whole numbers $\ge 0$; `n`: picks, at most K + B; all broadcast to `shape`, known or
    traced.

    **References**: Stadlober (1990), The ratio of uniforms approach for generating discrete random variates.
    """
    wide = jnp.result_type(float)
    asked = [jnp.broadcast_to(jnp.asarray(x, wide), shape) for x in (good, bad, n)]
    possible = jnp.isfinite(sum(asked))
    K, B, n = (jnp.where(possible, x, 0) for x in asked)
    n = jnp.clip(n, 0, K + B)
    total = jnp.maximum(K + B, 1)
    mode = jnp.clip(jnp.floor((n + 1) * ((K + 1) / (K + B + 2))), jnp.maximum(0, n - B), jnp.minimum(n, K))
    variance = n * (K / total) * (B / total) * ((K + B - n) / jnp.maximum(total - 1, 1))
    narrow = variance <= _NARROW
    small_key, large_key = jax.random.split(key)
    small = _inverted(uniform(small_key, shape, wide), K, B, n, mode, narrow)
    large = _proposed(large_key, K, B, n, mode, variance, narrow)
    return jnp.where(possible, jnp.where(narrow, small, large), jnp.nan).astype(dtype)


def _outward(K, B, n, state):
    """One step from the mode both ways: (steps, numbers above and below, their masses relative to the mode)."""
    steps, up, down, above, below = state
    above = above * ((K - up) * (n - up) / ((up + 1) * jnp.maximum(B - n + up + 1, 1)))
    below = below * (down * (B - n + down) / ((K - down + 1) * (n - down + 1)))
    return steps + 1, up + 1, down - 1, jnp.maximum(above, 0), jnp.maximum(below, 0)


def _inverted(u, K, B, n, mode, wanted):
    start = (jnp.int32(0), mode, mode, jnp.where(wanted, 1.0, 0.0), jnp.where(wanted, 1.0, 0.0))

    def more(state):
        return jnp.any(state[0][3] + state[0][4] > 1e-18 * state[1])

    def add(state):
        outward = _outward(K, B, n, state[0])
        return outward, state[1] + (outward[3] + outward[4])

    mass = lax.while_loop(more, add, (start, jnp.ones_like(u)))[1]

    def search(state):
        outward, left, found = state
        outward = _outward(K, B, n, outward)
        _, up, down, above, below = outward
        # `left` is what is still to be passed; below 0 once the number is found.
        found = jnp.where((left >= 0) & (left < above), up, found)
        left = jnp.where(left >= 0, left - above, left)
        found = jnp.where((left >= 0) & (left < below), down, found)
        return outward, jnp.where(left >= 0, left - below, left), found

    def searching(state):
        (_, _, _, above, below), left, _ = state
        return jnp.any((left >= 0) & (above + below > 0))  # rounding may leave a last bit, which is the mode's

    left = jnp.where(wanted, u * mass - 1, -1)
    return lax.while_loop(searching, search, (start, left, mode))[2]


def _proposed(key, K, B, n, mode, variance, done):
    centre = n * (K / jnp.maximum(K + B, 1)) + 0.5
    width = 2 * np.sqrt(2 / np.e) * jnp.sqrt(variance + 0.5) + (3 - 2 * np.sqrt(3 / np.e))

    def propose(state):
        attempt, accepted, value = state
        u, v = uniform(jax.random.fold_in(key, attempt), (2, *mode.shape), mode.dtype)
        k = jnp.floor(centre + width * (v - 0.5) / jnp.maximum(u, 1e-300))
        inside = (k >= jnp.maximum(0, n - B)) & (k <= jnp.minimum(n, K)) & (u > 0)
        step = jnp.where(inside, k - mode, 0)
        height = _log_ratio(K - mode, -step) + _log_ratio(n - mode, -step)
        height = -(height + _log_ratio(mode, step) + _log_ratio(B - n + mode, step))
        accept = inside & (2 * jnp.log(jnp.maximum(u, 1e-300)) <= height)
        return attempt + 1, accepted | accept, jnp.where(accepted | ~accept, value, k)

    return lax.while_loop(lambda state: ~jnp.all(state[1]), propose, (jnp.int32(0), done, mode))[2]


def _log_ratio(m, step):
    r"""$\log \frac{(m + s)!}{m!}$, by differences of Stirling's series where both are large: nothing large cancels."""
    x, y = m + 1, m + step + 1
    large = jnp.minimum(x, y) > 30
    a, b = jnp.where(large, x, 31), jnp.where(large, y, 31)
    s = b - a
    series = s * jnp.log(a) + (b - 0.5) * jnp.log1p(s / a) - s + _rest(b) - _rest(a)
    return jnp.where(large, series, lax.lgamma(jnp.where(large, 1, y)) - lax.lgamma(jnp.where(large, 1, x)))


def _rest(x):
    """What Stirling's formula for log Gamma leaves, to 1e-16 from x = 30."""
    square = 1 / (x * x)
    return (1 / 12 - square * (1 / 360 - square * (1 / 1260 - square / 1680))) / x


def multivariate_hypergeometric(key: Key[Array, ""], counts: Float[Array, "*batch s"], n, dtype):
    """Counts of each symbol among `n` picked without replacement from `counts` of them: cost O(s), whatever `n` is.

    One symbol after the other, each given those before it. The last takes what is left, so rows sum to `n`.
    """
    after = jnp.flip(jnp.cumsum(jnp.flip(counts, -1), -1), -1) - counts
    batch, s = counts.shape[:-1], counts.shape[-1]
    keys = jax.random.split(key, s)

    def conditional(left, inputs):
        symbol_key, good, bad = inputs
        drawn = hypergeometric(symbol_key, good, bad, left, batch, dtype)
        return left - drawn, drawn

    left = jnp.broadcast_to(jnp.asarray(n, dtype), batch)
    inputs = keys, jnp.moveaxis(counts, -1, 0), jnp.moveaxis(after, -1, 0)
    return jnp.moveaxis(lax.scan(conditional, left, inputs)[1], 0, -1)
