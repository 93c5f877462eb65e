"""Continuous laws, drawn as whole arrays: normal, Gamma, chi-square, Wishart."""

import math
from functools import lru_cache

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax
from jaxtyping import Array, Float, Key

from collapse_jax.numerics import quantile, triangle
from collapse_jax.numerics.alone import alone
from collapse_jax.numerics.random.drawing import precision, settings
from collapse_jax.numerics.random.threefry import long_words, word_pairs

__all__ = ["bartlett", "chi2", "exponential", "gamma", "normal", "uniform"]

uniform = jax.random.uniform
exponential = jax.random.exponential


def normal(key: Key[Array, ""], shape: tuple[int, ...], dtype) -> Float[Array, "..."]:
    r"""Standard normal variates by Box and Muller, $\sqrt{-2 \log u}\,(\cos 2\pi v, \sin 2\pi v)$.

    In float32 u has 31 random bits and v 32, so that |z| < 6.7; in float64 52 each, |z| < 8.6.
    """
    narrow = precision(dtype) != jnp.float64
    half = -(-math.prod(shape) // 2)
    packed = not narrow or jax.config.jax_enable_x64  # pyright: ignore[reportAttributeAccessIssue]

    def bits(data):
        # Two words in one: the rounds are evaluated once, not once for each.
        return long_words(data, half if narrow else 2 * half) if packed else word_pairs(data, half)

    def transform(drawn):
        if narrow:
            first, second = ((drawn >> 32).astype(jnp.uint32), drawn.astype(jnp.uint32)) if packed else drawn
            u = ((first >> 1).astype(jnp.int32).astype(jnp.float32) + 0.5) * 2.0**-31
            turn = second.astype(jnp.int32).astype(jnp.float32) * 2.0**-32
        else:
            first, second = drawn.reshape(2, half)
            u = ((first >> 12).astype(jnp.int64).astype(jnp.float64) + 0.5) * 2.0**-52
            turn = (second >> 12).astype(jnp.int64).astype(jnp.float64) * 2.0**-52 - 0.5
        quarter = turn - jnp.asarray([[0.0], [0.25]], turn.dtype)  # the sine is the cosine a quarter turn earlier
        y = 0.25 - jnp.abs(jnp.where(quarter < -0.5, quarter + 1, quarter))
        return y * _polynomial(_sine(narrow), y * y) * jnp.sqrt(-2 * jnp.log(u))

    z = alone(transform, alone(bits, jax.random.key_data(key)))
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
    transform of one normal for $2 a \ge$ `quantile.LEAST_DF`. Otherwise whole-array Marsaglia-Tsang rejection: for
    $a \ge 1$ and $d = a - 1/3$, $c = 1/\sqrt{9d}$ propose $v = (1 + c z)^3$ and accept $d v$ when
    $\log u < z^2/2 + d - d v + d \log v$; for $0 < a < 1$ the boost $\Gamma(a) = \Gamma(a + 1)\,U^{1/a}$. a = 0 gives
    exactly 0, the weak limit, so that a sum of no squares is 0.

    **Args**: `shape_parameter` $a \ge 0$, broadcast to `shape`; `dtype` of the result.

    **References**: Marsaglia and Tsang (2000), ACM TOMS 26(3).
    """

    def transformed():
        return quantile.chi2_of_normal(normal(key, shape, precision(dtype)), 2 * shape_parameter, dtype) / 2

    def proposed():
        return _proposed_gamma(key, shape_parameter, shape, precision(dtype)).astype(dtype)

    if settings().sampler == "rejection" or jnp.ndim(shape_parameter) > 0:
        return proposed()
    return _choose(2 * shape_parameter >= quantile.LEAST_DF, transformed, proposed)


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

    **Args**: `df` $\nu \ge 0$, one number or one per chain; `z`: the $p = d (d + 1) / 2$ normals that become A, those
    on its diagonal by the quantile transform where df is one number and it holds for all of them; `key`: for the
    diagonal elsewhere.
    """
    d = triangle.dimension(z)
    on_diagonal = triangle.diagonal(d)
    places = np.arange(d).reshape(d, *(1,) * jnp.ndim(df))
    remaining = df - places
    shape = (d, *z.shape[1:])

    def transformed():
        drawn = z[on_diagonal].astype(precision(z.dtype))
        return jnp.sqrt(quantile.chi2_of_normal(drawn, remaining, z.dtype))

    def proposed():
        left = jnp.maximum(jnp.asarray(remaining, z.dtype), 0)
        left = left.reshape(*left.shape, *(1,) * (z.ndim - left.ndim)) / 2
        return jnp.sqrt(2 * _proposed_gamma(key, left, shape, z.dtype))

    known = settings().sampler == "quantile" and jnp.ndim(df) == 0
    enough = df - d + 1 >= quantile.LEAST_DF if known else False
    diagonal = _choose(enough, transformed, proposed)
    row, column = np.array(triangle.entries(d)).T.reshape(2, -1, *(1,) * (z.ndim - 1))
    if d > triangle.UNROLL:
        return jnp.where(df > column, z, 0).at[on_diagonal].set(diagonal)
    spread = jnp.stack([diagonal[i] for i, _ in triangle.entries(d)])
    return jnp.where(row == column, spread, jnp.where(df > column, z, 0))
