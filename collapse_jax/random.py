"""Batch-native exact samplers: one key, one whole array.

`jax.random.gamma` runs one rejection loop per element; here a proposal is drawn for the whole array and repeated
until every element has been accepted, which is as exact and much faster on every backend for the shapes (chi-square
with many degrees of freedom) that recursive fitting needs. Every sampler takes the *shape* first-class, takes
parameters that broadcast to it, and is safe at the edges (zero degrees of freedom, probability 0 or 1).
"""

import jax
import jax.numpy as jnp
from jax import lax
from jaxtyping import Array, Float, Int, Key

__all__ = [
    "bartlett",
    "binomial",
    "categorical",
    "chi2",
    "exponential",
    "gamma",
    "integers",
    "multinomial",
    "normal",
    "poisson",
    "split",
    "uniform",
]

normal = jax.random.normal
uniform = jax.random.uniform
exponential = jax.random.exponential
split = jax.random.split


def gamma(key: Key[Array, ""], shape_parameter, shape: tuple[int, ...], dtype) -> Float[Array, "..."]:
    r"""Gamma variates with unit scale, $x \sim \Gamma(a)$, by whole-array Marsaglia-Tsang rejection.

    For $a \ge 1$ and $d = a - 1/3$, $c = 1/\sqrt{9d}$: propose $v = (1 + c z)^3$ and accept $d v$ when
    $\log u < z^2/2 + d - d v + d \log v$. For $0 < a < 1$ the boost $\Gamma(a) = \Gamma(a + 1)\,U^{1/a}$ is used;
    $a = 0$ gives exactly 0, the weak limit, so that a sum of no squares is 0.

    **Args**: `shape_parameter` $a \ge 0$, broadcast to `shape`; `dtype` of the result.

    **References**: Marsaglia and Tsang (2000), ACM TOMS 26(3).
    """
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
    return 2 * gamma(key, jnp.asarray(df, dtype) / 2, shape, dtype)


def bartlett(key: Key[Array, ""], df, d: int, shape: tuple[int, ...], dtype) -> Float[Array, "... d d"]:
    r"""Lower-triangular $A$ with $A A' \sim W_d(I, \nu)$, also when $\nu < d$ (singular Wishart).

    $A_{ii}^2 \sim \chi^2_{\nu - i}$ for $i = 0..d-1$ and $A_{ij} \sim N(0, 1)$ for $j < i$, independent; columns
    $j \ge \nu$ vanish, which leaves a $d \times \nu$ trapezoid and the exact law of the rank-deficient case.
    """
    diagonal_key, normal_key = jax.random.split(key)
    column = jnp.arange(d)
    remaining = jnp.maximum(jnp.asarray(df, dtype) - column.astype(dtype), 0)
    diagonal = jnp.sqrt(chi2(diagonal_key, remaining, (*shape, d), dtype))
    if d == 1:
        return diagonal[..., None]
    below = jnp.where((column[:, None] > column) & (remaining > 0), normal(normal_key, (*shape, d, d), dtype), 0)
    return below + diagonal[..., None] * jnp.eye(d, dtype=dtype)


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
    total = cumulative[..., -1:]
    u = uniform(key, (*p.shape[:-1], n), wide) * total
    below = u[..., :, None] >= cumulative[..., None, :]
    return jnp.sum(below, -1).astype(jnp.int32)


def integers(key: Key[Array, ""], shape: tuple[int, ...], bound) -> Int[Array, "..."]:
    """Uniform integers in [0, bound); from 64 random bits, so the bias is below bound / 2^64."""
    return jax.random.randint(key, shape, 0, bound, jnp.result_type(int))
