r"""Chi-square variates as polynomials of one standard normal.

The exact transform is $x = Q_\nu(\Phi(z))$, $Q_\nu$ the quantile function of $\chi^2_\nu$. The cube root of Wilson and
Hilferty, $y = (x / \nu)^{1/3}$, is a smooth function of $z$ and of $\nu^{-1/2}$, down to 0 where $y \to 1$. With
$s = \sqrt{\nu_0 / \nu}$,
$$y - 1 = s \sum_k c_k(s)\, p_k(z), \qquad c_k \text{ polynomials},$$
in one table for all $\nu \ge \nu_0$, so that $\nu$ may be traced and may be an array. The factor $s$ keeps the relative
accuracy of $x / \nu - 1$ where $\nu$ is large. In float32 the $p_k$ are powers, in float64 Chebyshev polynomials: at
$\nu = 8$ the powers would cancel (the function has branch points at $z = \pm 1.9 \pm 2.8 i$).

Three tables, for $\nu \ge$ 8, 32 and 128: known degrees of freedom choose the shortest that holds for all of them,
traced ones take the first. `tools/quantile.py` writes the tables from balls of 240 bits. Their errors, relative to x
and at most, with the degree in z:

| | nu >= 8 | nu >= 32 | nu >= 128 | up to abs(z) = Z |
|---|---|---|---|---|
| float32, abs(z) < 5.6 | 5e-8 (16) | 1e-7 (8) | 5e-8 (5) | 1e-5, Z = 6.7 |
| float64, abs(z) < 6 | 4e-11 (31) | 9e-11 (15) | 3e-11 (9) | 4e-9, Z = 8.4 |
"""

import jax.numpy as jnp
import numpy as np
from jax.core import Tracer
from jaxtyping import Array, Float

from collapse_jax.numerics.quantile_table import TABLES

# The fewest degrees of freedom that the tables hold for; fewer are drawn by rejection.
LEAST_DF = 8


def coefficients(df, dtype) -> Float[Array | np.ndarray, "..."]:
    r"""$s\, c_k(s)$ for every $\nu$ in `df`, of shape (degree + 1, *shape of df); below 8 those at 8.

    Known `df` (numbers, NumPy arrays, concrete JAX arrays) are worked out in float64 whatever `dtype`, from the
    shortest table that holds for all of them, to a NumPy array; traced ones in `dtype` from the first table.
    """
    tables = TABLES[jnp.dtype(dtype).name]
    if isinstance(df, Tracer):
        df = jnp.maximum(df.astype(dtype), LEAST_DF)
        nu0, _, table = tables[0]
    else:
        df = np.maximum(np.asarray(df, float), LEAST_DF)
        nu0, _, table = [entry for entry in tables if entry[0] <= df.min(initial=np.inf)][-1]
    s = (nu0 / df) ** 0.5
    v = 2 * s - 1
    rows = np.reshape(np.asarray(table, s.dtype), (len(table), -1, *(1,) * v.ndim))
    value = 0 * v + rows[:, -1]
    for power in range(rows.shape[1] - 2, -1, -1):
        value = value * v + rows[:, power]
    return (s * value).astype(dtype)


def deviation(z: Float[Array, "*shape"], df, dtype=None) -> Float[Array, "*shape"]:
    r"""$t = (x / \nu)^{1/3} - 1$ for $x = Q_\nu(\Phi(z))$, with a relative accuracy that does not depend on $\nu$.

    Then $x = \nu (1 + t)^3$ and $\log x = \log \nu + 3 \log(1 + t)$. `df` broadcasts against the leading axes of `z`;
    z beyond the range of the table is taken for its end.
    """
    z = z.astype(dtype or z.dtype)
    reach = TABLES[z.dtype.name][0][1]
    c = coefficients(df, z.dtype)
    if c.ndim > 1:
        c = c.reshape(*c.shape, *(1,) * (z.ndim - c.ndim + 1))
    z = jnp.clip(z, -reach, reach)
    if z.dtype == jnp.float32:
        value = c[-1]
        for k in range(len(c) - 2, -1, -1):
            value = value * z + c[k]
        return value
    x = z / reach  # Clenshaw's recursion
    value, previous = c[-1], 0
    for k in range(len(c) - 2, 0, -1):
        value, previous = 2 * x * value + (c[k] - previous), value
    return x * value + (c[0] - previous)


def chi2_of_normal(z: Float[Array, "*shape"], df, dtype) -> Float[Array, "*shape"]:
    r"""$x = Q_\nu(\Phi(z))$: $\chi^2_\nu$ variates, $\nu \ge 8$, from standard normals; increasing in z.

    The polynomial is evaluated in the precision of `z`, the cube in `dtype`. With float32 for both, x carries besides
    the errors above the rounding of t and of products, at most $4 \cdot 10^{-7} \max\{1, (\nu / x)^{1/3}\}$ of x for
    |z| < 5.6. This shifts E x, E log x and Var x by less than $10^{12}$ draws resolve up to $\nu = 10^4$; beyond, the
    mean rounding of the products, 5e-9 of x, passes $10^{-6}$ standard deviations. A float64 cube has no such limit.
    """
    t = deviation(z, df).astype(dtype)
    y = 1 + t
    lost = t - (y - 1)  # what rounding took from y; without it large df would see steps three times as wide
    df = jnp.asarray(df, dtype)
    return df.reshape(*df.shape, *(1,) * (z.ndim - df.ndim)) * (y * y * (y + 3 * lost))
