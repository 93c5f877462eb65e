"""Many chi-square variates of different, known degrees of freedom at once."""

from collections.abc import Sequence

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float, Key

from collapse_jax.numerics import quantile
from collapse_jax.numerics.alone import alone
from collapse_jax.numerics.random.continuous import chi2, normal
from collapse_jax.numerics.random.drawing import precision, settings

__all__ = ["chi2_each"]


def chi2_each(key: Key[Array, ""], df: Sequence[int], batch: tuple[int, ...], dtype) -> Float[Array, "k *batch"]:
    r"""Independent $\chi^2_{\nu_i}$, row i of whole $\nu_i \ge 1$ degrees of freedom.

    From `quantile.LEAST_DF` degrees of freedom on one normal each, by the quantile transform. Below it
    $-2 \log(u_1 \cdots u_k) + z^2$ with $k = \lfloor \nu / 2 \rfloor$ and the square for odd $\nu$: exact, and cheaper
    than rejection. Under the sampler "rejection" all of them are proposed.
    """
    nu = np.asarray(df, int)
    if settings().sampler == "rejection":
        return chi2(key, nu.reshape(-1, *(1,) * len(batch)), (len(nu), *batch), dtype)
    normal_key, uniform_key, odd_key = jax.random.split(key, 3)
    drawn = precision(dtype)
    many, few = np.flatnonzero(nu >= quantile.LEAST_DF), np.flatnonzero(nu < quantile.LEAST_DF)
    parts = []
    if many.size:
        z = normal(normal_key, (many.size, *batch), drawn)
        parts.append(alone(lambda z: quantile.chi2_of_normal(z, nu[many], dtype), z))
    if few.size:
        # One row for each uniform, and one for each square, of all the variates below the table.
        pairs, odd = nu[few] // 2, nu[few] % 2
        bits = jax.random.bits(uniform_key, (max(1, int(pairs.sum())), *batch), jnp.uint32)
        z = normal(odd_key, (max(1, int(odd.sum())), *batch), drawn)
        parts.append(alone(lambda bits, z: _few(bits, z, pairs, odd, dtype), bits, z))
    return jnp.concatenate(parts)[np.argsort(np.r_[many, few])]


def _few(bits, z, pairs, odd, dtype) -> Array:
    # 31 bits, off 0 and 1 by half a step; in float32 those next to 1 round to it.
    u = ((bits >> 1).astype(jnp.int32).astype(dtype) + 0.5) * 2.0**-31
    first, square = np.cumsum(pairs) - pairs, np.cumsum(odd) - odd
    rows = []
    for i, (number, single) in enumerate(zip(pairs, odd, strict=True)):
        value = z[square[i]].astype(dtype) ** 2 if single else 0
        if number:
            product = u[first[i]]
            for k in range(1, number):
                product = product * u[first[i] + k]
            value = value - 2 * jnp.log(product)
        rows.append(value)
    return jnp.stack(rows)
