"""Packed triangles against NumPy, written out (d <= UNROLL) and through dense matrices."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from collapse_jax.numerics import triangle

pytestmark = pytest.mark.usefixtures("x64", "fast_compilation")
CHAINS = 7


@pytest.fixture(params=[1, 2, 4, triangle.UNROLL + 1])
def case(request):
    d, rng = request.param, np.random.default_rng(request.param)
    lower = np.tril(rng.normal(size=(2, CHAINS, d, d)))
    lower[..., range(d), range(d)] = 1 + np.abs(lower[..., range(d), range(d)])
    vectors = rng.normal(size=(2, CHAINS, d))
    return *lower, *vectors


def dense(packed, symmetric=False):
    return np.asarray(triangle.unpack(packed, symmetric))


def last(v):
    return jnp.asarray(np.moveaxis(v, 0, -1))


def close(actual, expected):
    np.testing.assert_allclose(actual, expected, rtol=1e-11, atol=1e-11 * np.abs(expected).max())


def test_packing(case):
    a, b, _, _ = case
    packed = triangle.pack(jnp.asarray(a))
    d = a.shape[-1]
    assert packed.shape == (d * (d + 1) // 2, CHAINS)
    assert triangle.dimension(packed) == d
    np.testing.assert_array_equal(dense(packed), a)
    symmetric = b @ b.swapaxes(1, 2)
    np.testing.assert_array_equal(dense(triangle.pack(jnp.asarray(symmetric)), True), symmetric)
    np.testing.assert_array_equal(dense(jnp.asarray(triangle.identity(d, float))), np.eye(d))
    np.testing.assert_array_equal(np.asarray(packed)[triangle.diagonal(d)], np.diagonal(a, axis1=1, axis2=2).T)


def test_products(case):
    a, b, v, _ = case
    pa, pb = (triangle.pack(jnp.asarray(x)) for x in (a, b))
    close(dense(triangle.multiply(pa, pb)), a @ b)
    close(dense(triangle.multiply(triangle.pack(jnp.asarray(a[0])), pb)), a[0] @ b)
    close(dense(triangle.gram(pa), True), a @ a.swapaxes(1, 2))
    close(triangle.apply(pa, last(v)).T, np.einsum("nij,nj->ni", a, v))
    close(triangle.apply_transposed(pa, last(v)).T, np.einsum("nji,nj->ni", a, v))


def test_solves(case):
    a, _, v, _ = case
    packed = triangle.pack(jnp.asarray(a))
    close(triangle.solve(packed, last(v)).T, np.linalg.solve(a, v[..., None])[..., 0])
    close(triangle.solve_transposed(packed, last(v)).T, np.linalg.solve(a.swapaxes(1, 2), v[..., None])[..., 0])
    gram = a @ a.swapaxes(1, 2)
    close(dense(triangle.cholesky(triangle.pack(jnp.asarray(gram)))), np.linalg.cholesky(gram))


def test_pooled_factors(case):
    a, b, v, w = case
    pa, pb = (triangle.pack(jnp.asarray(x)) for x in (a, b))
    factor = dense(triangle.factor_of([pa, pb], [last(v), last(w)]))
    outer = sum(x[..., :, None] * x[..., None, :] for x in (v, w))
    close(factor @ factor.swapaxes(1, 2), a @ a.swapaxes(1, 2) + b @ b.swapaxes(1, 2) + outer)
    assert np.all(np.triu(factor, 1) == 0)


def test_singular_factors(case):
    # One column each, as after a fit on two points; and nothing at all.
    a, b, v, _ = case
    a, b = a.copy(), b.copy()
    a[..., 1:], b[..., 1:] = 0, 0
    factor = dense(triangle.factor_of([triangle.pack(jnp.asarray(x)) for x in (a, b)], [last(0 * v)]))
    close(factor @ factor.swapaxes(1, 2), a @ a.swapaxes(1, 2) + b @ b.swapaxes(1, 2))
    zero = triangle.pack(jnp.asarray(0 * a))
    np.testing.assert_array_equal(triangle.factor_of([zero, zero], []), 0)


@pytest.mark.grid
@pytest.mark.parametrize("d", [triangle.UNROLL, triangle.UNROLL + 1])
def test_small_variances_are_not_lost(d, cheap_jit):
    scales = np.ones(d)
    scales[-1] = 1e-9
    packed = triangle.pack(jnp.asarray(np.diag(scales)[None]))
    pooled = dense(cheap_jit(lambda a: triangle.factor_of([a, a]))(packed))
    np.testing.assert_allclose(np.diagonal(pooled[0]), np.sqrt(2) * scales, rtol=1e-12)


def test_the_exponent_has_a_derivative():
    slope = jax.grad(lambda e: triangle.power_of_two(2 * e))(3.0)
    np.testing.assert_allclose(slope, 2 * np.log(2) * 2.0**6)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_powers_of_two(dtype):
    x = jnp.asarray([0.0, 1.0, 1.5, 2.0, 3e-20, 7e30, 1 - 2.0**-20], dtype)
    exponent = np.asarray(triangle.binary_exponent(x))
    np.testing.assert_array_equal(exponent[1:], np.floor(np.log2(np.asarray(x[1:], float))))
    assert exponent[0] == 0
    whole = np.array([-2000, -100, 0, 7, 100, 2000], dtype)
    with np.errstate(over="ignore", under="ignore"):
        np.testing.assert_array_equal(triangle.power_of_two(jnp.asarray(whole)), np.exp2(whole))
    size, factor = triangle.normalise(jnp.zeros(2, dtype), jnp.asarray([[3.0, 0.0], [-40.0, 0.0]], dtype))
    np.testing.assert_array_equal(size, [5, 0])
    np.testing.assert_array_equal(factor, [[3 / 32, 0], [-40 / 32, 0]])


@pytest.mark.slow
@pytest.mark.parametrize("case", [2, triangle.UNROLL + 1], indirect=True)
def test_under_jit_vmap_and_grad(case):
    a, b, v, _ = case
    pa, pb = (triangle.pack(jnp.asarray(x)) for x in (a, b))

    def size(pa, pb, v):
        return jnp.sum(triangle.factor_of([triangle.multiply(pa, pb)], [v]) ** 2)

    slope = jax.jit(jax.grad(size))(pa, pb, last(v))
    step = 1e-6 * np.ones_like(pa)
    change = (size(pa + step, pb, last(v)) - size(pa - step, pb, last(v))) / 2e-6
    np.testing.assert_allclose(np.sum(slope), change, rtol=1e-6)
    twice = jax.vmap(size)(jnp.stack([pa, pb]), jnp.stack([pb, pb]), jnp.stack([last(v)] * 2))
    np.testing.assert_allclose(twice[0], size(pa, pb, last(v)), rtol=1e-12)
