"""Fits on fewer rows than features by the exact engine: the law of raw rows, pooled or not, and its edges."""

import _oracle as oracle
import jax
import jax.numpy as jnp
import numpy as np
import pytest

import collapse_jax as cj
from collapse_jax.families import _minimum_norm
from collapse_jax.numerics import random, triangle

pytestmark = pytest.mark.usefixtures("fast_compilation")

CHAINS, D = 4096, 6
COV = np.diag(np.linspace(0.5, 2, D))
W = np.linspace(0.2, 1, D)


def first(model, truth):
    return model.w[..., 0]


CELLS = {
    "replace": ({"design": "fresh"}, cj.Replace(2), "traced"),
    "one_row": ({"design": "fresh"}, cj.Replace(1), "known"),
    "covariance": ({"design": "fresh", "cov": COV}, cj.Replace(3), "known"),
    "shared": ({"design": "shared", "cov": COV}, cj.Accumulate(2), "traced"),
    "pools": ({"design": "fresh", "cov": COV}, cj.Accumulate(2), "known"),
    "sometimes": ({"design": "fresh"}, cj.Replace([2, 12, 4]), "traced"),
}


@pytest.mark.grid
@pytest.mark.parametrize("name", [pytest.param(n, marks=[] if n in ("pools", "shared", "sometimes") else [pytest.mark.slow]) for n in CELLS])  # fmt: skip
def test_both_engines_agree_in_law(name):
    options, workflow, sizes = CELLS[name]
    family = cj.LinearRegression(W, sigma2=0.5, **options)
    paths = []
    for seed, (engine, how) in enumerate([("literal", "known"), ("exact", sizes)]):
        run = cj.simulate(family, workflow, [first, "risk"], generations=3, chains=CHAINS, seed=seed, engine=engine,
                          sizes=how, keep_paths=CHAINS)  # fmt: skip
        paths.append(run.paths)
    alpha = oracle.alpha_of(len(CELLS) * 2 * 3 * 2)
    for statistic in paths[0]:
        for t in range(3):
            oracle.assert_same_law(paths[0][statistic][t], paths[1][statistic][t], alpha, f"{statistic} at {t + 1}")


@pytest.mark.grid
def test_the_fit_is_that_of_the_pseudo_inverse():
    rng = np.random.default_rng(0)
    for n in (1, 3, D):
        lower = np.tril(rng.normal(size=(5, D, D))) + 3 * np.eye(D)
        lower[..., n:] = 0
        y = rng.normal(size=(5, D))
        with jax.enable_x64(True):
            found = _minimum_norm.fitted(jnp.asarray(lower), jnp.asarray(y))
        expected = np.stack([np.linalg.pinv(a[:, :n].T) @ b[:n] for a, b in zip(lower, y, strict=True)])
        np.testing.assert_allclose(found, expected, rtol=1e-8)


@pytest.mark.slow
def test_pools_of_few_rows_are_fits_on_all_rows():
    with jax.enable_x64(True):
        family = cj.LinearRegression(jnp.asarray(W), design="fresh").sized((2,)).broadcast((7,))
        sets = [family.statistic(key, 2) for key in random.split(random.key(0), 4)]
        rows = jnp.concatenate([data.rows for data in sets], -2)
        pooled = sum(sets[1:], start=sets[0])
        expected = jnp.einsum("...dn,...n->...d", jnp.linalg.pinv(rows[..., :-1]), rows[..., -1])
        np.testing.assert_allclose(family.fit(pooled).w, expected, rtol=1e-7)
        two = family.fit(sets[0] + sets[1])
        rows = rows[:, : 2 * (D + 1)]
        expected = jnp.einsum("...dn,...n->...d", jnp.linalg.pinv(rows[..., :-1], rtol=1e-9), rows[..., -1])
        np.testing.assert_allclose(two.w, expected, rtol=1e-7)


@pytest.mark.grid
def test_a_truth_of_zero_has_noise_alone():
    """E |X^+ e|^2 = T / (d - T - 1) and its first coordinate is symmetric."""
    with jax.enable_x64(True):
        draw = jax.jit(lambda key: _minimum_norm.refitted(key, jnp.zeros((9, 20_000)), 1.0, 2))
        w = np.asarray(draw(random.key(0)))
    square = (w**2).sum(0)
    oracle.assert_mean(np.mean(square), np.std(square) / 20_000**0.5, 2 / 6, oracle.alpha_of(2))
    oracle.assert_mean(np.mean(w[0]), np.std(w[0]) / 20_000**0.5, 0, oracle.alpha_of(2))


@pytest.mark.grid
def test_vmap_grad_and_one_feature_less():
    with jax.enable_x64(True):

        def risk(sigma2):
            family = cj.LinearRegression(W, sigma2=1.0, design="fresh").replace(sigma2=sigma2)
            (values,) = cj.trajectories(random.key(0), family, cj.Replace(2), ["risk"], generations=2, chains=8)
            return jnp.mean(values)

        found = jax.jit(jax.vmap(jax.value_and_grad(risk)))(jnp.array([0.1, 0.1 + 1e-6, 1.0]))
    values, slopes = map(np.asarray, found)
    assert np.all(np.isfinite(slopes))
    np.testing.assert_allclose((values[1] - values[0]) / 1e-6, slopes[0], rtol=1e-3)
    run = cj.simulate(cj.LinearRegression([1.0, 0.0], design="fresh"), cj.Replace(1), "risk", generations=2, chains=50)
    assert np.all(run["risk"].nonfinite == 0)


@pytest.mark.grid
def test_lower_triangles_of_few_rows_have_columns_of_zeros():
    with jax.enable_x64(True):
        z = random.normal(random.key(0), (D * (D + 1) // 2, 3), jnp.float64)
        lower = triangle.unpack(random.bartlett(random.key(1), 2, z))
        data = _minimum_norm.rows(jnp.full(3, 2.0), triangle.pack(lower), jnp.ones((D, 3)))
        factor = np.asarray(data.factor)
    assert factor.shape == (3, D + 1, D + 1)
    assert np.all(factor[..., 2:] == 0)
