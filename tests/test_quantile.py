"""Chi-square variates from one normal: the stated bounds against SciPy, 240-bit balls and moments in closed form."""

import importlib.util
from functools import partial
from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from scipy import special, stats

from collapse_jax.numerics import quantile as _quantile

pytestmark = pytest.mark.usefixtures("x64")
DF = np.array([8, 8.5, 9, 11, 16, 24, 31.9, 32, 33, 50, 99, 127.9, 128, 200, 1e3, 1e4, 1e5, 1e6])
# dtype: (where the first bound ends, where the table ends).
REACH = {"float32": (5.6, 6.7), "float64": (6.0, 8.4)}
# Of the approximation, as the module states it, for df from 8, 32 and 128; then that beyond the first bound.
BOUND = {"float32": ((5e-8, 1e-7, 5e-8), 1e-5), "float64": ((4e-11, 9e-11, 3e-11), 4e-9)}
KNOWN, TRACED = "known", "traced"


def stated(df, dtype):
    return BOUND[dtype][0][0 if df < 32 else 1 if df < 128 else 2]


def deviation(z, df, how=KNOWN):
    """In the precision of z, with df known when traced or not."""
    if how == KNOWN:
        return np.asarray(_quantile.deviation(jnp.asarray(z), df))
    return np.asarray(jax.jit(_quantile.deviation)(jnp.asarray(z), jnp.asarray(df, z.dtype)))


def polynomial(z, df, dtype, how=KNOWN):
    """The same in float64 arithmetic, also with the coefficients of float32: the error of approximation by itself."""
    tables = _quantile.TABLES[dtype]
    nu0, reach, table = [entry for entry in tables if entry[0] <= df][-1] if how == KNOWN else tables[0]
    s = np.sqrt(nu0 / df)
    c = np.polynomial.polynomial.polyval(2 * s - 1, np.array(table).T)
    if dtype == "float32":
        return s * np.polynomial.polynomial.polyval(z, c)
    return s * np.polynomial.chebyshev.chebval(z / reach, c)


def relative_error(z, t, df):
    """Of x = df (1 + t)^3, to first order: by how much its distribution function misses that of z, over its density."""
    half = df * (1 + t) ** 3 / 2
    density = np.exp(special.xlogy(df / 2, half) - half - special.gammaln(df / 2))  # of log x
    if df > 1e3:  # Stirling's remainder instead of a difference of large logarithms
        u = 3 * np.log1p(t)
        density = np.sqrt(df / 4 / np.pi) * np.exp(-df / 2 * (np.expm1(u) - u) - 1 / (6 * df))
    lower = special.gammainc(df / 2, half) - special.ndtr(z)
    upper = special.ndtr(-z) - special.gammaincc(df / 2, half)
    return np.where(z < 0, lower, upper) / density


@pytest.mark.parametrize("how", [KNOWN, TRACED])
@pytest.mark.parametrize("dtype", REACH)
def test_the_stated_bounds_hold_against_scipy(dtype, how):
    inner, reach = REACH[dtype]
    z = np.linspace(-reach, reach, 3001)
    for df in DF:
        error = abs(relative_error(z, polynomial(z, df, dtype, how), df))
        assert error[abs(z) <= inner].max() < stated(df if how == KNOWN else 8, dtype), df
        assert error.max() < BOUND[dtype][1], df


@pytest.mark.parametrize("how", [KNOWN, TRACED])
def test_the_arithmetic_of_float64_adds_nothing(how):
    z = np.linspace(-8.4, 8.4, 3001)
    for df in DF:
        t = polynomial(z, df, "float64", how)
        assert abs(deviation(z, df, how) - t).max() < 1e-13
        x = np.asarray(_quantile.chi2_of_normal(jnp.asarray(z), df, "float64"))
        np.testing.assert_allclose(x, df * (1 + polynomial(z, df, "float64")) ** 3, rtol=1e-12)


@pytest.mark.parametrize("how", [KNOWN, TRACED])
def test_the_arithmetic_of_float32_costs_what_is_stated(how):
    z = np.linspace(-5.6, 5.6, 3001).astype("float32")
    for df in (*DF, 1e8, 1e10):
        exact = polynomial(z.astype(float), df, "float64")
        t = deviation(z, df, how).astype(float)
        in_deviations = 3 * abs(t - exact) / np.sqrt(2 / df)
        assert in_deviations.max() < 3e-6
        x = np.asarray(_quantile.chi2_of_normal(jnp.asarray(z), float(df), "float32")).astype(float)
        relative = abs(x / (df * (1 + exact) ** 3) - 1)
        assert np.all(relative < 4e-7 / np.minimum(1 + exact, 1)), df


def test_against_balls_of_high_precision():
    path = Path(__file__).parents[1] / "tools" / "quantile.py"
    specification = importlib.util.spec_from_file_location("tools_quantile", path)
    assert specification is not None
    assert specification.loader is not None
    tool = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(tool)
    rng = np.random.default_rng(0)
    for df in (8.0, 10.25, 32.0, 99.0, 128.0, 199.0, 201.0, 1e4, 1e12):
        z = rng.uniform(-6, 6, 25)
        exact = tool.deviations(z, [df])[:, 0]
        assert abs(3 * (deviation(z, df) - exact) / (1 + exact)).max() < stated(df, "float64"), df
        # The two evaluations of the tool itself, where both hold.
    near = [float(tool.log_quantile(z, nu)) for z in (-3.0, 4.0) for nu in (199.999999, 200.000001)]
    np.testing.assert_allclose(near[::2], near[1::2], rtol=1e-8)


def _biases(drawn, result, df):
    """Biases of E x, of E log x and of Var x over what 10^12 draws resolve: one standard error of their estimate."""
    steps = np.arange(-(2**19), 2**19 + 1) * 2.0**-16  # exact in float32, |z| <= 8
    weight = np.exp(-(steps**2) / 2) / np.sqrt(2 * np.pi) * 2.0**-16
    x = np.asarray(_quantile.chi2_of_normal(jnp.asarray(steps, drawn), df, result)).astype(float)
    half = df / 2
    mean_log = special.digamma(half) - np.log(half) if df < 1e6 else -1 / df - 1 / (3 * df**2)
    error = [
        weight @ (x / df - 1) / np.sqrt(2 / df),
        (weight @ np.log(x / df) - mean_log) / np.sqrt(special.polygamma(1, half)),
        (weight @ (x / df - 1) ** 2 / (2 / df) - 1) / np.sqrt(2 + 12 / df),
    ]
    return 1e6 * np.abs(error)


@pytest.mark.grid
@pytest.mark.parametrize(
    ("drawn", "result", "most", "allowed"),
    [("float32", "float32", 1e4, 1), ("float32", "float64", 1e10, 1), ("float64", "float64", 1e10, 1e-3)],
)
def test_what_the_error_does_to_moments(drawn, result, most, allowed):
    # 10^12 draws would not see it: biases are below one standard error of their mean, logarithmic mean and variance,
    # the end of the table and rounding included. A float32 x of more degrees of freedom has a bias of 5e-9 x by its
    # products, which 10^12 draws would see; t has none.
    for df in (8.0, 9.0, 20.0, 31.0, 32.0, 99.0, 128.0, 1e3, 1e4, 1e6, 1e8, 1e10):
        if df <= most:
            assert max(_biases(drawn, result, df)) < allowed, (df, _biases(drawn, result, df))


@pytest.mark.parametrize("dtype", REACH)
def test_it_increases(dtype):
    reach = REACH[dtype][1]
    z = np.linspace(-reach, reach, 4001)
    for df in (*DF, 1e9):
        assert np.all(np.diff(polynomial(z, df, dtype)) > 0)
        for how in (KNOWN, TRACED):
            assert np.all(np.diff(deviation(z.astype(dtype), df, how)) > 0)
        assert np.all(np.diff(np.asarray(_quantile.chi2_of_normal(jnp.asarray(z, dtype), float(df), dtype))) >= 0)


@pytest.mark.parametrize("df", [8.0, 40.0, 1e3])
def test_its_slope_is_the_ratio_of_densities(df):
    z = np.linspace(-4, 4, 41)
    x, slope = jax.vmap(jax.value_and_grad(lambda z: _quantile.chi2_of_normal(z, df, "float64")))(jnp.asarray(z))
    np.testing.assert_allclose(slope, stats.norm.pdf(z) / stats.chi2(df).pdf(np.asarray(x)), rtol=1e-7)


@pytest.mark.parametrize("dtype", REACH)
def test_beyond_the_table_it_is_constant(dtype):
    reach = REACH[dtype][1]
    for df in (8.0, 50.0, 1e6):
        x = np.asarray(_quantile.chi2_of_normal(jnp.asarray([-1e30, -reach, reach, 1e30], dtype), df, dtype))
        assert x[0] == x[1] > 0
        assert x[2] == x[3] < np.inf


def test_the_normal_limit():
    z = np.linspace(-8, 8, 101)
    for dtype, error in (("float32", 3e-6), ("float64", 1e-9)):
        for how in (KNOWN, TRACED):
            t = deviation(z.astype(dtype), 1e30, how).astype(float)
            inner = abs(z) <= REACH[dtype][0]
            np.testing.assert_allclose(3 * t[inner] * np.sqrt(0.5e30), z[inner], rtol=0, atol=error)


@pytest.mark.slow
@pytest.mark.parametrize("dtype", REACH)
def test_many_degrees_of_freedom_at_once(dtype):
    df = np.array([[8.0, 31.0], [99.0, 1e8], [12.5, 200.0]])
    z = jnp.asarray(np.random.default_rng(1).normal(size=(3, 2, 50)), dtype)
    one_by_one = np.stack([
        [_quantile.chi2_of_normal(z[i, j], df[i, j], dtype) for j in range(2)] for i in range(3)
    ])  # fmt: skip
    together = partial(_quantile.chi2_of_normal, dtype=dtype)
    tolerance = 1e-6 if dtype == "float32" else 3e-10
    for x in (
        together(z, df),
        jax.jit(together)(z, jnp.asarray(df)),
        jax.vmap(together)(z, jnp.asarray(df)),
        jax.jit(jax.vmap(jax.vmap(together)))(z, jnp.asarray(df)),
    ):
        assert x.dtype == dtype
        np.testing.assert_allclose(x, one_by_one, rtol=tolerance)
    assert _quantile.coefficients(df, dtype).shape[1:] == df.shape
    assert np.all(np.isfinite(_quantile.chi2_of_normal(z, jnp.zeros(()), dtype)))


def test_normals_of_float32_can_give_float64():
    z = jnp.asarray(np.random.default_rng(2).normal(size=1000), "float32")
    wide = _quantile.chi2_of_normal(z, 1e8, "float64")
    assert wide.dtype == jnp.float64
    np.testing.assert_allclose((wide / 1e8 - 1) * np.sqrt(0.5e8), deviation(np.asarray(z), 1e8) * 3 * np.sqrt(0.5e8), atol=2e-3)  # fmt: skip
    assert len(np.unique(wide)) == len(np.unique(z))


def test_power():
    """A hundred-millionth of the degrees of freedom, or a slope off in proportion to the bounds, would be found."""
    z = np.linspace(-5, 5, 501)
    t = polynomial(z, 50.0, "float64")
    assert abs(relative_error(z, t, 50.0 * (1 + 1e-8))).max() > stated(50.0, "float64")
    assert abs(relative_error(z, t + 1e-9 * z, 50.0)).max() > stated(50.0, "float64")
    assert abs(relative_error(z, t + 1e-6 * z, 50.0)).max() > stated(50.0, "float32")
