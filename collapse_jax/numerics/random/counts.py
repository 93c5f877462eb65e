"""Binomial and multinomial counts of at most a thousand or so trials, whatever their probabilities."""

from functools import lru_cache

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax
from jaxtyping import Array, Float, Key

from collapse_jax.numerics.alone import alone
from collapse_jax.numerics.random.alias import alias_row, look_up

__all__ = ["MOST_TRIALS", "few_binomial", "few_multinomial"]

# So many trials have a table of half of them that stays in a cache.
MOST_TRIALS = 1024
_INVERTED = 32  # trials that are left to inversion
_STEPS = 8  # of an inversion between two looks at whether all are done


def few_binomial(key: Key[Array, ""], n, p, most: int, dtype, typical: int | None = None) -> Float[Array, "*batch"]:
    r"""Bin(n, p) counts (as floats) of $n \le$ `most` $\le$ `MOST_TRIALS` trials, n and p traced arrays of one shape.

    A trial succeeds if a uniform number is below p, which the first binary digit in which they differ decides. Digit
    by digit, half of the trials left, h ~ Bin(left, 1/2), differ: they succeed where the digit of p is 1. Each h is
    one word by Walker's alias method, the table being the same for every p. The last trials left, some 32 of
    `typical`, have p without its first digits, and are drawn by inversion from 0 of one 32-bit word in float64.
    Probabilities are off by less than $2^{-23}$ of a table and $2^{-31}$ of the inversion. NaN where p is.

    **Args**: `most`: what n cannot exceed; `typical`: of n, for speed only.
    """
    levels = ((typical or most) // _INVERTED).bit_length()
    wide = jnp.float64 if jax.config.jax_enable_x64 else jnp.float32  # pyright: ignore[reportAttributeAccessIssue]
    left, fraction = jnp.asarray(n).astype(jnp.int32), jnp.where(jnp.isnan(p), 0, p).astype(wide)
    sure = jnp.zeros_like(left)
    half_key, rest_key = jax.random.split(key)
    if levels:
        table = _halves(most)
        columns = table.shape[1]
        words = jax.random.bits(half_key, (levels, *left.shape), jnp.uint32)

        def halve(words, left, sure, fraction):
            for word in words:
                row = jnp.clip(left, 0, most)
                found = look_up(jnp.asarray(table.reshape(-1)), columns, row, word)
                h = jnp.minimum(found + jnp.maximum((row - columns) >> 1, 0), row)
                fraction = 2 * fraction
                one = fraction >= 1
                sure, left, fraction = jnp.where(one, sure + h, sure), row - h, jnp.where(one, fraction - 1, fraction)
            return left, sure, fraction

        left, sure, fraction = alone(halve, words, left, sure, fraction)
    count = (sure + _inverted(rest_key, left, fraction, most)).astype(dtype)
    return jnp.where(jnp.isnan(p), jnp.nan, count)


def _inverted(key, n, p, most: int):
    """Bin(n, p) by walking up from 0, multiplications only; as many steps as the slowest draw needs."""
    u = ((jax.random.bits(key, n.shape, jnp.uint32) >> 1).astype(jnp.int32).astype(p.dtype) + 0.5) * 2.0**-31

    def prepare(n, p):
        less = jnp.minimum(p, 1 - p)
        # (1 - p)^n by squaring: no transcendental function of doubles.
        power, mass = 1 - less, jnp.ones_like(p)
        for bit in range(most.bit_length()):
            mass = jnp.where((n >> bit) & 1 == 1, mass * power, mass)
            power = power * power
        return mass, less / (1 - less)

    mass, odds = alone(prepare, n, p)
    trials = n.astype(p.dtype)

    def walk(state):
        def some(found, k, u, mass):
            for i in range(_STEPS):
                u = u - mass
                found = found + (u >= 0)
                mass = mass * ((trials - (k + i)) * (odds / (k + (i + 1.0))))
            return found, k + _STEPS, u, mass

        found, k, u, mass = state
        return alone(some, found, k, u, mass)

    def unfinished(state):
        return jnp.any(state[2] >= 0) & (state[1] <= most)

    start = jnp.zeros(n.shape, jnp.int32), jnp.zeros((), p.dtype), u, mass
    found = jnp.minimum(lax.while_loop(unfinished, walk, start)[0], n)
    return jnp.where(p > 0.5, n - found, found)


@lru_cache(maxsize=4)
def _halves(most: int) -> np.ndarray:
    """Alias rows of Bin(k, 1/2), k = 0 .. most, 8 deviations wide, each from a count of its own."""
    columns = 1 << int(8 * most**0.5 + 8).bit_length()
    mass = np.zeros(most + columns + 1)
    mass[0] = 1
    table = np.zeros((most + 1, columns), np.uint32)
    for k in range(most + 1):
        first = max((k - columns) // 2, 0)
        table[k] = alias_row(mass[first : first + columns])
        mass[1:] = (mass[1:] + mass[:-1]) / 2
        mass[0] /= 2
    return table


def few_multinomial(key: Key[Array, ""], n: int, p: Float[Array, "s"], batch: tuple[int, ...], dtype):
    """Counts of n $\\le$ `MOST_TRIALS` draws from one law `p`, chains last, (s, *batch): by conditional binomials.

    The last symbol that has mass takes what is left; a symbol of probability 0 is never drawn.
    """
    tail = jnp.flip(jnp.cumsum(jnp.flip(p)))
    after = jnp.append(tail[1:], 0)
    share = jnp.where(after > 0, p / jnp.where(tail > 0, tail, 1), jnp.where(p > 0, 1, 0))[:-1]

    def conditional(left, inputs):
        symbol_key, q = inputs
        drawn = few_binomial(symbol_key, left, jnp.broadcast_to(q, batch), n, dtype)
        return left - drawn, drawn

    left = jnp.full(batch, n, dtype)
    keys = jax.random.split(key, len(share))
    left, counts = lax.scan(conditional, left, (keys, share))
    return jnp.concatenate([counts, left[None]])
