"""Discrete laws, drawn as whole arrays: counts, symbols, indices, subsets."""

import math
from functools import lru_cache

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax
from jaxtyping import Array, Bool, Float, Int, Integer, Key

from collapse_jax.numerics.alone import alone
from collapse_jax.numerics.random.alias import alias_row, look_up
from collapse_jax.numerics.random.continuous import uniform
from collapse_jax.numerics.random.drawing import settings

__all__ = ["binomial", "binomial_of_lattice", "categorical", "integers", "multinomial", "poisson", "subsets"]

_DRAWS, _TOGETHER = 1024, 4  # symbols that are drawn one by one rather than counted, and at a time
_SHIFTS = 9  # at a time, when draws are compared with those before them


def binomial(key: Key[Array, ""], n, p, shape: tuple[int, ...], dtype) -> Float[Array, "..."]:
    """Binomial counts (as floats); `p` of exactly 0 or 1 and `n` of 0 are absorbing, whatever rounding does.

    Drawn in float64 whatever `dtype`: in float32 the rejection step is not the binomial law from n = 10^8 or so on.
    """
    wide = jnp.result_type(float)
    p = jnp.broadcast_to(jnp.asarray(p, wide), shape)
    n = jnp.broadcast_to(jnp.asarray(n, wide), shape)
    inside = (p > 0) & (p < 1) & (n > 0)
    drawn = jax.random.binomial(key, jnp.where(inside, n, 1), jnp.where(inside, p, 0.5), shape, wide)
    certain = jnp.where(p >= 1, n, 0)
    return jnp.where(inside, jnp.clip(drawn, 0, n), jnp.where(jnp.isnan(p), jnp.nan, certain)).astype(dtype)


def binomial_of_lattice(key: Key[Array, ""], n: int, state: Int[Array, "*batch"]) -> Int[Array, "*batch"]:
    r"""$\mathrm{Bin}(n, k/n)$ for every k in `state`, by Walker's alias method on one 32-bit word.

    With $2^b \ge n + 1$ columns, b bits choose one and 32 - b a side of it, so that the probabilities of a draw
    are off by less than $(n + 1)\,2^{-32}$ taken together; for k = 0 and k = n the draw is certain.
    """
    table = _alias_table(n)
    word = jax.random.bits(key, state.shape, jnp.uint32)
    return look_up(jnp.asarray(table.reshape(-1)), table.shape[1], state, word)


@lru_cache(maxsize=8)
def _alias_table(n: int) -> np.ndarray:
    """The alias rows of Bin(n, k / n), k = 0 .. n."""
    from scipy.stats import binom  # takes as long to import as JAX

    columns = 1 << n.bit_length()
    k = np.arange(n + 1)
    mass = np.zeros((n + 1, columns))
    mass[:, : n + 1] = binom.pmf(k, n, k[:, None] / n)
    return np.stack([alias_row(row) for row in mass])


def poisson(key: Key[Array, ""], rate, shape: tuple[int, ...], dtype) -> Float[Array, "..."]:
    r"""Poisson counts (as floats); a rate of 0 gives 0.

    Below 10 by inversion, above by Hormann's transformed rejection with squeeze, for the whole array at once and in
    float64 whatever `dtype`: `jax.random.poisson` works in float32, which from rates of 10^6 on is not the Poisson law.

    **References**: Hormann (1993), Insurance: Mathematics and Economics 12, algorithm PTRS.
    """
    wide = jnp.result_type(float)
    asked = jnp.broadcast_to(jnp.asarray(rate, wide), shape)
    possible = jnp.isfinite(asked)  # an impossible rate gives NaN, which is reported; it must not stop the loop
    rate = jnp.where(possible, asked, 0)
    small_key, large_key = jax.random.split(key)

    low = jnp.minimum(rate, 10)

    def search(state):
        k, u, mass, count = state
        above = u >= mass
        return k + 1, jnp.where(above, u - mass, -1), mass * low / (k + 1), count + above

    inversion = (jnp.zeros((), wide), uniform(small_key, shape, wide), jnp.exp(-low), jnp.zeros(shape, wide))
    # P(count > 100) < 1e-60: the cap only stops a search that rounding has carried past the last representable mass.
    small = lax.while_loop(lambda state: jnp.any(state[1] >= 0) & (state[0] < 100), search, inversion)[3]

    high = jnp.maximum(rate, 10)
    b = 0.931 + 2.53 * jnp.sqrt(high)
    a = -0.059 + 0.02483 * b
    inverse_alpha = 1.1239 + 1.1328 / (b - 3.4)
    squeeze = 0.9277 - 3.6224 / (b - 2)

    def propose(state):
        attempt, accepted, value = state
        u, v = uniform(jax.random.fold_in(large_key, attempt), (2, *shape), wide)
        u = u - 0.5
        us = 0.5 - jnp.abs(u)
        safe = jnp.where(us > 0, us, 1)
        k = jnp.floor((2 * a / safe + b) * u + high + 0.43)
        possible = (k >= 0) & (us > 0) & ((us >= 0.013) | (v <= us))
        bound = jnp.log(inverse_alpha * v / (a / safe**2 + b))
        exactly = bound <= k * jnp.log(high) - high - lax.lgamma(jnp.maximum(k, 0) + 1)
        accept = ((us >= 0.07) & (v <= squeeze)) | (possible & exactly)
        return attempt + 1, accepted | accept, jnp.where(accepted | ~accept, value, k)

    rejection = (jnp.int32(0), rate < 10, jnp.zeros(shape, wide))
    large = lax.while_loop(lambda state: ~jnp.all(state[1]), propose, rejection)[2]
    drawn = jnp.where(rate < 10, small, large).astype(dtype)
    return jnp.where(possible, drawn, jnp.nan)


def multinomial(key: Key[Array, ""], n, p: Float[Array, "*batch s"], dtype) -> Float[Array, "*batch s"]:
    """Counts of `n` draws from each row of `p`.

    By conditional binomials: cost O(s), independent of `n`. The last symbol that still has mass takes what is left, so
    rows sum to `n` (exactly, as far as `dtype` holds whole numbers of that size) and a symbol of probability 0 is never
    drawn. The sampler "quantile" draws few symbols one by one and counts them, where `n` is known when the program is
    made; that costs one word a draw, and probabilities are off by at most 2^-32.
    """
    batch, s = p.shape[:-1], p.shape[-1]
    if (
        settings().sampler == "quantile"
        and isinstance(n, int)
        and 0 < n <= min(_DRAWS, _DRAWS // 4 * (s - 1))
        and s <= 32
    ):
        return _counted(key, n, p, dtype)
    tail = jnp.flip(jnp.cumsum(jnp.flip(p, -1), -1), -1)
    after = jnp.concatenate([tail[..., 1:], jnp.zeros_like(tail[..., :1])], -1)
    share = jnp.where(after > 0, p / jnp.where(tail > 0, tail, 1), jnp.where(p > 0, 1, 0))
    keys = jax.random.split(key, s)

    def conditional(left, inputs):
        symbol_key, q = inputs
        drawn = binomial(symbol_key, left, q, batch, dtype)
        return left - drawn, drawn

    left = jnp.broadcast_to(jnp.asarray(n, dtype), batch)
    counts = lax.scan(conditional, left, (keys, jnp.moveaxis(share, -1, 0)))[1]
    return jnp.moveaxis(counts, 0, -1)


def _counted(key, n: int, p, dtype) -> Array:
    """How many of n words are below each cumulative sum, less those below the one before."""
    batch, s = p.shape[:-1], p.shape[-1]
    cumulative = jnp.cumsum(jnp.moveaxis(p.astype(jnp.result_type(float)), -1, 0).reshape(s, -1), 0)
    upper, total = cumulative[:-1], cumulative[-1]
    # Where a symbol has no mass, both of its ends are the same.
    limit = alone(lambda x, y: jnp.minimum(x / y * 2.0**32, 2.0**32 - 1).astype(jnp.uint32), upper, total)
    words = jax.random.bits(key, (n, len(total)), jnp.uint32)

    def add(first, number, below):
        for i in range(number):
            below = below + (words[first + i] < limit).astype(jnp.int32)
        return below

    passes = n // _TOGETHER
    below = lax.fori_loop(
        0, passes, lambda i, below: add(i * _TOGETHER, _TOGETHER, below), jnp.zeros(limit.shape, jnp.int32)
    )
    below = jnp.where(upper < total, add(passes * _TOGETHER, n % _TOGETHER, below), n)  # no word is at 1 or above
    counts = jnp.diff(below, axis=0, prepend=0, append=n).astype(dtype)
    possible = jnp.where(jnp.isnan(total), jnp.nan, counts)
    return jnp.moveaxis(possible, 0, -1).reshape(*batch, s).astype(dtype)


def categorical(key: Key[Array, ""], p: Float[Array, "*batch s"], n: int) -> Int[Array, "*batch n"]:
    """`n` symbols from each row of `p` by inversion of the cumulative sum, in float64 whatever the precision of `p`.

    A symbol of probability 0 has an empty interval and cannot be drawn.
    """
    wide = jnp.result_type(float)
    cumulative = jnp.cumsum(p.astype(wide), -1)
    batch, s = p.shape[:-1], p.shape[-1]
    u = uniform(key, (*batch, n), wide) * cumulative[..., -1:]
    if s <= 32:
        return jnp.sum(u[..., :, None] >= cumulative[..., None, :], -1).astype(jnp.int32)
    # Bisection: how many of the s sums are at most u.
    row = jnp.arange(math.prod(batch), dtype=jnp.int32).reshape(*batch, 1) * s
    flat = cumulative.reshape(-1)

    def halve(step, found):
        further = found + (1 << (s.bit_length() - 1 - step))
        at_most = flat.at[row + jnp.minimum(further, s) - 1].get(mode="promise_in_bounds") <= u
        return jnp.where(at_most & (further <= s), further, found)

    return lax.fori_loop(0, s.bit_length(), halve, jnp.zeros(u.shape, jnp.int32))


def integers(key: Key[Array, ""], shape: tuple[int, ...], bound, most: int | None = None) -> Int[Array, "..."]:
    """Uniform integers in [0, bound), for a bound that broadcasts to the shape.

    The sampler "quantile" takes the high word of bound times 32 random bits for a bound up to 2^16, known when the
    program is made: no probability is off by more than bound / 2^32 of itself. Otherwise 64 bits and a remainder.

    **Args**: `most`: what `bound` cannot exceed; the bound itself by default, if it is known.
    """
    known = most if most is not None else bound
    if settings().sampler == "quantile" and isinstance(known, int) and known <= 1 << 16:
        bits, bound = jax.random.bits(key, shape, jnp.uint32), jnp.asarray(bound).astype(jnp.uint32)
        high, low = (bits >> 16) * bound, (bits & 0xFFFF) * bound
        return ((high + (low >> 16)) >> 16).astype(jnp.int32)
    return jax.random.randint(key, shape, 0, bound, jnp.result_type(int))


def subsets(key: Key[Array, ""], m, n: int, batch: tuple[int, ...], most: int) -> Int[Array, "n *batch"]:
    r"""Uniformly random subsets of n of the numbers 0 .. m - 1, in an order that is not random (chains last).

    Floyd's algorithm: for $j = m - n, \ldots, m - 1$ draw $r \le j$ and take it, or j if r was taken before; n words
    and $n^2$ comparisons, whatever m is. As r is in the set after its step whatever happened there, it was taken before
    if it was drawn before, by all pairs at once, or if it is one of the last n and was taken in the place of another,
    one bit a step.

    **Args**: `m` $\ge n$, known or traced, at most `most`.

    **References**: Bentley and Floyd (1987), Communications of the ACM 30(9), A sample of brilliance.
    """
    last = jnp.asarray(m, jnp.int32) - n + jnp.arange(n, dtype=jnp.int32).reshape(n, *(1,) * len(batch))
    drawn = integers(key, (n, *batch), last + 1, most).astype(jnp.int32)
    repeated = alone(_repeated, drawn.astype(jnp.uint16 if most < 1 << 16 else jnp.uint32))
    first, chains = last[0], math.prod(batch)
    above = (drawn - first).reshape(n, chains)
    place = jnp.maximum(above, 0) * chains + jnp.arange(chains, dtype=jnp.int32)

    def take(i, replaced):
        last_was = replaced.reshape(-1).at[place[i]].get(mode="promise_in_bounds") & (above[i] >= 0)
        return replaced.at[i].set(replaced[i] | last_was)

    replaced = lax.fori_loop(0, n, take, repeated.reshape(n, chains)).reshape(drawn.shape)
    return jnp.where(replaced, last, drawn)


def _repeated(drawn: Integer[Array, "n *batch"]) -> Bool[Array, "n *batch"]:
    """Whether a number occurs among those above it: they are laid beside themselves shifted by 1, 2, .., n - 1."""
    n = drawn.shape[0]
    passes = -(-(n - 1) // _SHIFTS)
    above = passes * _SHIFTS
    nothing = jnp.full((above, *drawn.shape[1:]), np.iinfo(drawn.dtype).max, drawn.dtype)
    padded = jnp.concatenate([nothing, drawn])

    def shifted(some, seen):
        for shift in range(_SHIFTS):
            seen = seen | (drawn == lax.dynamic_slice_in_dim(padded, above - 1 - (some * _SHIFTS + shift), n))
        return seen

    return lax.fori_loop(0, passes, shifted, jnp.zeros(drawn.shape, bool))
