"""Batch-native exact samplers: one key, one whole array.

Random bits are those of Threefry-2x32 with 20 rounds, the generator of JAX, in counter mode: `key(seed)` makes a key
whose rounds are written out (JAX's own are a loop, which XLA runs several times slower on a CPU) and which uses both
words of every evaluation (JAX's own discards one). Every function of `jax.random` works with such keys.

Two settings, held by `using(...)`, say how numbers are drawn:

- `draws`: the precision in which they are drawn, "float32", "float64" or None for that of the result. Normals are made
  of 63 random bits in float32, which ends them at |z| = 6.7 and rounds them to seven digits, of 104 in float64.
- `sampler`: "quantile" takes short cuts whose error is bounded far below what a run can resolve: a Gamma variate of
  shape 4 or more is a polynomial of one normal (`_quantile` states and certifies its error), an index below n is the
  high word of a product (bias below n / 2^32), the next state of a coin is looked up (`binomial_of_lattice`).
  "rejection" is exact: whole-array Marsaglia-Tsang, 64-bit indices, binomials by rejection.

Every sampler takes the *shape* first-class, takes parameters that broadcast to it, and is safe at the edges (zero
degrees of freedom, probability 0 or 1).
"""

import math
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from typing import Any, Literal, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax
from jax.extend.random import define_prng_impl
from jaxtyping import Array, Float, Int, Key
from scipy import stats

from collapse_jax import _quantile, _triangle
from collapse_jax._alone import alone

__all__ = [
    "Settings",
    "bartlett",
    "binomial",
    "binomial_of_lattice",
    "categorical",
    "chi2",
    "exponential",
    "gamma",
    "integers",
    "key",
    "multinomial",
    "normal",
    "poisson",
    "settings",
    "split",
    "subsets",
    "uniform",
    "using",
]

Draws = Literal["float32", "float64"]
Sampler = Literal["quantile", "rejection"]


class Settings(NamedTuple):
    """How numbers are drawn; see the head of this module."""

    draws: Draws | None = None
    sampler: Sampler = "quantile"


_DEFAULT = Settings()
_SETTINGS: ContextVar[Settings] = ContextVar("collapse_jax.random.settings", default=_DEFAULT)


def settings() -> Settings:
    """The settings in force."""
    return _SETTINGS.get()


@contextmanager
def using(chosen: Settings) -> Iterator[None]:
    """Draw as `chosen` says, in what is traced inside; functions that were compiled before keep what they had."""
    token = _SETTINGS.set(chosen)
    try:
        yield
    finally:
        _SETTINGS.reset(token)


def _precision(dtype) -> Any:
    """The precision in which numbers for a result of `dtype` are drawn."""
    return jnp.dtype(settings().draws or dtype)


_ROTATIONS = ((13, 15, 26, 6), (17, 29, 16, 24))
# The second counter keeps apart what a key is used for.
_BITS, _SPLIT, _FOLD = 0, 1, 2


def _threefry(key, x0, use: int) -> tuple[Array, Array]:
    """Both words of Threefry-2x32-20 at the counters (x0, use)."""
    words = (key[0], key[1], key[0] ^ key[1] ^ np.uint32(0x1BD11BDA))
    x0, x1 = x0 + words[0], jnp.full_like(x0, use) + words[1]
    for i in range(5):
        for distance in _ROTATIONS[i % 2]:
            x0 = x0 + x1
            x1 = x0 ^ ((x1 << np.uint32(distance)) | (x1 >> np.uint32(32 - distance)))
        x0, x1 = x0 + words[(i + 1) % 3], x1 + words[(i + 2) % 3] + np.uint32(i + 1)
    return x0, x1


def _words(key, number: int) -> tuple[Array, Array]:
    """Two arrays of `number` independent 32-bit words."""
    return _threefry(key, lax.iota(jnp.uint32, number), _BITS)


def _long_words(key, number: int) -> Array:
    """`number` independent 64-bit words."""
    high, low = _words(key, number)
    return (high.astype(jnp.uint64) << 32) | low.astype(jnp.uint64)


def _seed(seed) -> Array:
    seed = jnp.asarray(seed)
    high = (seed >> 32).astype(jnp.uint32) if seed.dtype.itemsize == 8 else jnp.zeros_like(seed, jnp.uint32)
    return jnp.stack([high, seed.astype(jnp.uint32)])


def _split(key, shape: tuple[int, ...]) -> Array:
    words = _threefry(key, lax.iota(jnp.uint32, math.prod(shape)), _SPLIT)
    return jnp.stack(words, -1).reshape(*shape, 2)


def _fold_in(key, data) -> Array:
    return jnp.stack(_threefry(key, jnp.asarray(data, jnp.uint32), _FOLD))


def _random_bits(key, width: int, shape: tuple[int, ...]) -> Array:
    size = math.prod(shape)
    if width == 64:
        return alone(lambda data: _long_words(data, size), key).reshape(shape)
    words = alone(lambda data: jnp.stack(_words(data, -(-size // 2))), key).reshape(-1)[:size].reshape(shape)
    return words if width == 32 else words.astype({16: jnp.uint16, 8: jnp.uint8}[width])


_THREEFRY = define_prng_impl(
    key_shape=(2,),
    seed=_seed,
    split=_split,
    random_bits=_random_bits,
    fold_in=_fold_in,
    name="collapse_threefry",
    tag="ctf",
)


def key(seed) -> Key[Array, ""]:
    """A key of this generator from a seed, 0 <= seed < 2^64; use it with this module or with `jax.random`."""
    if not isinstance(seed, int | np.integer):
        return jax.random.key(seed, impl=_THREEFRY)
    if not 0 <= seed < 1 << 64:
        raise ValueError(f"seed={seed} does not fit 64 bits; use 0 <= seed < 2^64")
    words = np.array([int(seed) >> 32, int(seed) & 0xFFFFFFFF], np.uint32)
    return jax.random.wrap_key_data(jnp.asarray(words), impl=_THREEFRY)


uniform = jax.random.uniform
exponential = jax.random.exponential
split = jax.random.split


def normal(key: Key[Array, ""], shape: tuple[int, ...], dtype) -> Float[Array, "..."]:
    r"""Standard normal variates by Box and Muller, $\sqrt{-2 \log u}\,(\cos 2\pi v, \sin 2\pi v)$.

    In float32 u has 31 random bits and v 32, so that |z| < 6.7; in float64 52 each, |z| < 8.6.
    """
    narrow = _precision(dtype) != jnp.float64
    half = -(-math.prod(shape) // 2)
    packed = not narrow or jax.config.jax_enable_x64  # pyright: ignore[reportAttributeAccessIssue]

    def words(data):
        # Two words in one: the rounds are evaluated once, not once for each.
        return _long_words(data, half if narrow else 2 * half) if packed else _words(data, half)

    def transform(words):
        if narrow:
            first, second = ((words >> 32).astype(jnp.uint32), words.astype(jnp.uint32)) if packed else words
            u = ((first >> 1).astype(jnp.int32).astype(jnp.float32) + 0.5) * 2.0**-31
            turn = second.astype(jnp.int32).astype(jnp.float32) * 2.0**-32
        else:
            first, second = words.reshape(2, half)
            u = ((first >> 12).astype(jnp.int64).astype(jnp.float64) + 0.5) * 2.0**-52
            turn = (second >> 12).astype(jnp.int64).astype(jnp.float64) * 2.0**-52 - 0.5
        quarter = turn - jnp.asarray([[0.0], [0.25]], turn.dtype)  # the sine is the cosine a quarter turn earlier
        y = 0.25 - jnp.abs(jnp.where(quarter < -0.5, quarter + 1, quarter))
        return y * _polynomial(_sine(narrow), y * y) * jnp.sqrt(-2 * jnp.log(u))

    z = alone(transform, alone(words, jax.random.key_data(key)))
    return z.reshape(-1)[: math.prod(shape)].reshape(shape).astype(dtype)


def _polynomial(coefficients, x) -> Array:
    value = jnp.full_like(x, coefficients[-1])
    for coefficient in coefficients[-2::-1]:
        value = value * x + coefficient
    return value


@lru_cache
def _sine(narrow: bool) -> tuple[float, ...]:
    """$\\sin(2 \\pi y) / y$ as a polynomial in $y^2$ for |y| <= 1/4, to 3e-8 and 7e-15 of the sine's size."""
    degree = 4 if narrow else 8
    fitted = np.polynomial.Chebyshev.interpolate(
        lambda square: 2 * np.pi * np.sinc(2 * np.sqrt(np.maximum(square, 0))), degree, domain=[0, 1 / 16]
    )
    return tuple(fitted.convert(kind=np.polynomial.Polynomial).coef.tolist())


def gamma(key: Key[Array, ""], shape_parameter, shape: tuple[int, ...], dtype) -> Float[Array, "..."]:
    r"""Gamma variates with unit scale, $x \sim \Gamma(a)$.

    Where a is one number for the whole array and the sampler is "quantile", $2 x = \chi^2_{2a}$ is the quantile
    transform of one normal for $2 a \ge$ `_quantile.LEAST_DF`. Otherwise whole-array Marsaglia-Tsang rejection: for
    $a \ge 1$ and $d = a - 1/3$, $c = 1/\sqrt{9d}$ propose $v = (1 + c z)^3$ and accept $d v$ when
    $\log u < z^2/2 + d - d v + d \log v$; for $0 < a < 1$ the boost $\Gamma(a) = \Gamma(a + 1)\,U^{1/a}$. a = 0 gives
    exactly 0, the weak limit, so that a sum of no squares is 0.

    **Args**: `shape_parameter` $a \ge 0$, broadcast to `shape`; `dtype` of the result.

    **References**: Marsaglia and Tsang (2000), ACM TOMS 26(3).
    """

    def transformed():
        return _quantile.chi2_of_normal(normal(key, shape, _precision(dtype)), 2 * shape_parameter, dtype) / 2

    def proposed():
        return _proposed_gamma(key, shape_parameter, shape, _precision(dtype)).astype(dtype)

    if settings().sampler == "rejection" or jnp.ndim(shape_parameter) > 0:
        return proposed()
    return _choose(2 * shape_parameter >= _quantile.LEAST_DF, transformed, proposed)


def _choose(condition, yes, no) -> Array:
    """`yes()` or `no()`; decided now if `condition` is known now."""
    known = isinstance(condition, bool | np.bool_)
    return (yes if condition else no)() if known else lax.cond(condition, yes, no)


def _proposed_gamma(key, shape_parameter, shape, dtype) -> Array:
    a = jnp.broadcast_to(jnp.asarray(shape_parameter, dtype), shape)
    boosted = jnp.where(a < 1, a + 1, a)
    d = boosted - 1 / 3
    c = 1 / jnp.sqrt(9 * d)

    def propose(state):
        attempt, accepted, value = state
        normal_key, uniform_key = jax.random.split(jax.random.fold_in(key, attempt))
        z = normal(normal_key, shape, dtype)
        log_u = jnp.log1p(-uniform(uniform_key, shape, dtype))
        cube_root = 1 + c * z
        v = jnp.where(cube_root > 0, cube_root, 1) ** 3
        # v - 1 and log v by cancellation-free forms: d reaches 10^8 and d (1 - v + log v) must stay O(1).
        w = c * z * (3 + c * z * (3 + c * z))
        accept = (cube_root > 0) & (log_u < 0.5 * z * z - d * w + 3 * d * jnp.log1p(jnp.where(cube_root > 0, c * z, 0)))
        return attempt + 1, accepted | accept, jnp.where(accepted | ~accept, value, d * v)

    impossible = ~jnp.isfinite(a)  # would never be accepted; NaN is reported, an endless loop is not
    start = (jnp.int32(1), impossible, jnp.where(impossible, jnp.nan, jnp.zeros(shape, dtype)))
    value = lax.while_loop(lambda state: ~jnp.all(state[1]), propose, start)[2]
    log_boost = jnp.log1p(-uniform(jax.random.fold_in(key, 0), shape, dtype)) / jnp.where(a > 0, a, 1)
    return jnp.where(a <= 0, 0, jnp.where(a < 1, value * jnp.exp(log_boost), value))


def chi2(key: Key[Array, ""], df, shape: tuple[int, ...], dtype) -> Float[Array, "..."]:
    r"""Chi-square variates with `df` $\ge 0$ degrees of freedom, $\chi^2_\nu = 2\,\Gamma(\nu/2)$; `df` 0 gives 0."""
    return 2 * gamma(key, df / 2, shape, dtype)


def bartlett(key: Key[Array, ""], df, z: Float[Array, "p *batch"]) -> Float[Array, "p *batch"]:
    r"""Lower-triangular $A$ with $A A' \sim W_d(I, \nu)$, also when $\nu < d$ (singular Wishart), packed by rows.

    $A_{ii}^2 \sim \chi^2_{\nu - i}$ for $i = 0..d-1$ and $A_{ij} \sim N(0, 1)$ for $j < i$, independent; columns
    $j \ge \nu$ vanish, which leaves a $d \times \nu$ trapezoid and the exact law of the rank-deficient case.

    **Args**: `df` $\nu \ge 0$; `z`: the $p = d (d + 1) / 2$ normals that become A, those on its diagonal by the
    quantile transform where it holds for all of them; `key`: for the diagonal where it does not.
    """
    d = _triangle.dimension(z)
    on_diagonal = _triangle.diagonal(d)
    remaining = df - np.arange(d)
    shape = (d, *z.shape[1:])

    def transformed():
        drawn = z[on_diagonal].astype(_precision(z.dtype))
        return jnp.sqrt(_quantile.chi2_of_normal(drawn, remaining, z.dtype))

    def proposed():
        left = jnp.maximum(jnp.asarray(remaining, z.dtype), 0).reshape(-1, *(1,) * (z.ndim - 1)) / 2
        return jnp.sqrt(2 * _proposed_gamma(key, left, shape, z.dtype))

    quantile = settings().sampler == "quantile"
    enough = df - d + 1 >= _quantile.LEAST_DF if quantile else False
    diagonal = _choose(enough, transformed, proposed)
    row, column = np.array(_triangle.entries(d)).T.reshape(2, -1, *(1,) * (z.ndim - 1))
    if d > _triangle.UNROLL:
        return jnp.where(df > column, z, 0).at[on_diagonal].set(diagonal)
    spread = jnp.stack([diagonal[i] for i, _ in _triangle.entries(d)])
    return jnp.where(row == column, spread, jnp.where(df > column, z, 0))


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
    bits = (table.shape[1] - 1).bit_length()
    word = jax.random.bits(key, state.shape, jnp.uint32)
    column = word >> np.uint32(32 - bits)
    entry = jnp.asarray(table.reshape(-1))[state * table.shape[1] + column.astype(jnp.int32)]
    keep = (word << np.uint32(bits)) < (entry & np.uint32(~(2**bits - 1) & 0xFFFFFFFF))
    return jnp.where(keep, column, entry & np.uint32(2**bits - 1)).astype(jnp.int32)


@lru_cache(maxsize=8)
def _alias_table(n: int) -> np.ndarray:
    """Per state k and column j: the share of j that is kept, in the high bits, and what stands in for the rest."""
    columns = 1 << n.bit_length()
    bits = n.bit_length()
    k = np.arange(n + 1)
    mass = np.zeros((n + 1, columns))
    mass[:, : n + 1] = stats.binom.pmf(k, n, k[:, None] / n)
    table = np.zeros((n + 1, columns), np.uint32)
    for state in range(n + 1):
        left = mass[state] / mass[state].sum() * columns
        alias = np.full(columns, state)
        small, large = [list(np.flatnonzero(side)) for side in (left < 1, left >= 1)]
        kept = np.where(left >= 1, 1.0, left)
        while small and large:
            poor, rich = small.pop(), large[-1]
            kept[poor], alias[poor] = left[poor], rich
            left[rich] -= 1 - left[poor]
            if left[rich] < 1:
                kept[rich] = left[rich]
                small.append(large.pop())
        for rest in (*small, *large):  # rounding apart these are full
            kept[rest] = 1.0
            alias[rest] = rest
        steps = 1 << (32 - bits)
        share = np.round(kept * steps).astype(np.int64)
        # A full column stands in for itself, since its share does not fit into the bits.
        alias = np.where(share >= steps, np.arange(columns), alias)
        table[state] = (np.minimum(share, steps - 1).astype(np.uint32) << bits) | alias.astype(np.uint32)
    return table


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
    """Counts of `n` draws from each row of `p`, by conditional binomials: cost O(s), independent of `n`.

    The last symbol that still has mass takes what is left, so rows sum to `n` (exactly, as far as `dtype` holds whole
    numbers of that size) and a symbol of probability 0 is never drawn.
    """
    batch, s = p.shape[:-1], p.shape[-1]
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
    and $n^2$ comparisons, whatever m is.

    **Args**: `m` $\ge n$, known or traced, at most `most`.

    **References**: Bentley and Floyd (1987), Communications of the ACM 30(9), A sample of brilliance.
    """
    last = jnp.asarray(m, jnp.int32) - n + jnp.arange(n, dtype=jnp.int32).reshape(n, *(1,) * len(batch))
    drawn = integers(key, (n, *batch), last + 1, most).astype(jnp.int32)

    def take(i, chosen):
        taken = jnp.any(chosen == drawn[i], 0)
        return chosen.at[i].set(jnp.where(taken, last[i], drawn[i]))

    return lax.fori_loop(0, n, take, jnp.full((n, *batch), -1, jnp.int32))
