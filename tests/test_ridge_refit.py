"""The short cut of a ridge on a fresh isotropic design: its law, its edges, its derivatives, its memory."""

import subprocess
import sys

import _oracle as oracle
import jax
import jax.numpy as jnp
import numpy as np
import pytest
from scipy import stats

import collapse_jax as cj
from collapse_jax import random
from collapse_jax.engine.layout import block_size
from collapse_jax.families import Family, _bidiagonal
from collapse_jax.numerics import triangle
from collapse_jax.random import Settings

SHAPES = [(3, 9, 0.0), (4, 4, 0.7), (6, 3, 2.0), (1, 1, 0.5), (5, 1, 0.5), (1, 4, 0.3), (17, 18, 1.0)]
ALPHA = oracle.alpha_of(10 * len(SHAPES) + 40)
CHAINS = 8192


def _fits(rng, w, T, ridge, sigma):
    x = rng.standard_normal((CHAINS, T, len(w)))
    y = x @ w + sigma * rng.standard_normal((CHAINS, T))
    across = x.swapaxes(1, 2)
    if ridge == 0:
        return np.einsum("cdt,ct->cd", np.linalg.pinv(x), y)
    return np.linalg.solve(across @ x + ridge * np.eye(len(w)), across @ y[..., None])[..., 0]


@pytest.mark.sample(3)
@pytest.mark.usefixtures("x64")
@pytest.mark.parametrize(("T", "d", "ridge"), SHAPES)
def test_a_refit_has_the_law_of_fits_on_raw_data(T, d, ridge, cheap_jit):
    rng = np.random.default_rng([T, d])
    w, q, sigma = rng.standard_normal(d), rng.standard_normal(d), 0.6
    models = jnp.broadcast_to(jnp.asarray(w)[:, None], (d, CHAINS))
    refit = cheap_jit(lambda key: _bidiagonal.refit(key, models, T, jnp.asarray(sigma**2), jnp.asarray(ridge)))
    ours, raw = np.asarray(refit(random.key(5))).T, _fits(rng, w, T, ridge, sigma)
    unit = w / np.linalg.norm(w)

    def across(v):
        return np.linalg.norm(v - np.outer(v @ unit, unit), axis=1)

    functionals = {"along w": lambda v: v @ unit, "across w": across, "another direction": lambda v: v @ q,
                   "both": lambda v: across(v) * (v @ unit), "two entries": lambda v: v[:, 0] * v[:, -1]}  # fmt: skip
    for name, functional in functionals.items():
        if d > 1 or name in ("along w", "another direction"):
            oracle.assert_same_law(functional(ours), functional(raw), ALPHA, f"{name}, T={T}, d={d}")


@pytest.mark.usefixtures("x64")
def test_a_minimum_norm_fit_keeps_a_share_of_w_and_adds_the_noise_of_an_inverse_wishart_matrix(cheap_jit):
    T, d, sigma2 = 6, 14, 2.0
    models = jnp.zeros((d, CHAINS)).at[3].set(2.0)
    refit = cheap_jit(lambda key: _bidiagonal.refit(key, models, T, jnp.asarray(sigma2), jnp.asarray(0.0)))
    fitted = np.asarray(refit(random.key(1)))
    kept = fitted[3] / 2
    oracle.assert_mean(kept.mean(), kept.std() / CHAINS**0.5, T / d, ALPHA)
    square = (fitted**2).sum(0)
    law = 4 * T / d + sigma2 * T / (d - T - 1)
    oracle.assert_mean(square.mean(), square.std() / CHAINS**0.5, law, ALPHA)


@pytest.mark.usefixtures("x64")
@pytest.mark.parametrize("solve", [_bidiagonal._written_out, _bidiagonal._scanned])
@pytest.mark.parametrize(("m", "above"), [(1, 0), (1, 1), (4, 3), (7, 7)])
def test_both_eliminations_solve_the_dense_system(solve, m, above):
    rng = np.random.default_rng(m)
    a, b, z, size = rng.uniform(1, 3, m), rng.uniform(1, 3, above), rng.standard_normal(m), 1.7
    B = np.zeros((m, above + 1))
    B[np.arange(m), np.minimum(np.arange(m), above)] = a
    B[np.arange(above), np.arange(above) + 1] = b
    right = B[:, 0] * size + z
    s = B.T @ np.linalg.solve(B @ B.T + 0.4 * np.eye(m), right)
    column = (jnp.asarray(value)[:, None] for value in (a**2, b**2, z))
    along, rest = solve(*column, jnp.asarray([size]), jnp.asarray([0.4]))
    np.testing.assert_allclose((along[0], rest[0]), (s[0], np.linalg.norm(s[1:])), rtol=1e-12)


@pytest.mark.usefixtures("x64")
@pytest.mark.parametrize("sampler", ["quantile", "rejection"])
def test_chi_squares_of_many_degrees_of_freedom(sampler, cheap_jit):
    df = [9, 1, 2, 40, 3, 7, 6, 8]
    with random.using(Settings(sampler=sampler)):
        x = np.asarray(cheap_jit(lambda key: random.chi2_each(key, df, (CHAINS,), jnp.float64))(random.key(2)))
    for row, nu in zip(x, df, strict=True):
        assert stats.kstest(row, stats.chi2(nu).cdf).pvalue > ALPHA
    correlation = np.corrcoef(x)[np.triu_indices(len(df), 1)]
    assert np.all(np.abs(correlation) * CHAINS**0.5 < stats.norm.isf(ALPHA / 2 / len(correlation)))


@pytest.mark.usefixtures("x64")
@pytest.mark.parametrize("d", [1, 5, 20, 150])
def test_a_definite_system_is_solved_to_rounding(d, cheap_jit):
    rng = np.random.default_rng(d)
    x, right = rng.standard_normal((3, 2 * d + 1, d)), rng.standard_normal((3, d))
    matrix = x.swapaxes(1, 2) @ x
    ours = cheap_jit(lambda m, v: triangle.solve_definite(triangle.pack(m), v.T).T)(matrix, right)
    np.testing.assert_allclose(ours, np.linalg.solve(matrix, right[..., None])[..., 0], rtol=0, atol=1e-12)
    nothing = cheap_jit(lambda m, v: triangle.solve_definite(triangle.pack(m), v.T).T)(0 * matrix, right)
    assert not np.any(np.isfinite(nothing).all(1))


class ByGramMatrix(cj.LinearRegression):
    """The same family without the short cut."""

    refit = Family.refit


@pytest.mark.grid
@pytest.mark.usefixtures("fast_compilation")
@pytest.mark.parametrize(
    ("T", "penalty"), [(2, "per_sample"), *(pytest.param(T, "absolute", marks=pytest.mark.slow) for T in (3, 12))]
)
def test_runs_with_and_without_the_short_cut_have_one_law(T, penalty):
    def coordinate(model, truth):
        return model.w[..., 0]

    paths = []
    for kind in (cj.LinearRegression, ByGramMatrix):
        family = kind([1.0, -0.5, 2.0], sigma2=0.5, design="fresh", ridge=0.8, penalty=penalty)
        run = cj.simulate(family, cj.Replace(T), [coordinate, "risk"], generations=3, chains=4096,
                          seed=len(paths), keep_paths=4096)  # fmt: skip
        paths.append(run.paths)
    for name, values in paths[0].items():
        for t in range(3):
            oracle.assert_same_law(values[t], paths[1][name][t], ALPHA, f"{name} at t={t + 1}")


def test_only_what_the_law_holds_for_takes_the_short_cut():
    plain = {"design": "fresh", "ridge": 1.0, "penalty": "absolute"}
    assert cj.LinearRegression([1.0, 2.0], **plain).refits_truth
    assert not cj.LinearRegression([1.0, 2.0], **plain | {"design": "shared"}).refits_truth
    assert not cj.LinearRegression([1.0, 2.0], cov=np.diag([1.0, 2.0]), **plain).refits_truth
    assert not cj.LinearRegression([1.0, 2.0], design="fresh").refits_truth
    assert cj.LinearRegression([1.0, 2.0], **plain).refit(random.key(0), jnp.asarray(4), on_lattice=False) is None


@pytest.mark.usefixtures("x64")
def test_a_refit_from_nothing_is_isotropic_and_differentiates(cheap_jit):
    def risk(ridge, w):
        models = jnp.broadcast_to(w[:, None], (3, CHAINS))
        fitted = _bidiagonal.refit(random.key(3), models, 2, jnp.asarray(1.0), ridge)
        return jnp.mean(jnp.sum((fitted - w[:, None]) ** 2, 0)), fitted

    gradient = cheap_jit(jax.value_and_grad(risk, has_aux=True))
    (_, fitted), slope = gradient(jnp.asarray(0.5), jnp.zeros(3))
    oracle.assert_same_law(np.asarray(fitted[0]), np.asarray(fitted[2]), ALPHA)
    assert np.isfinite(slope)
    w = jnp.asarray([1.0, -2.0, 0.5])
    slope = gradient(jnp.asarray(0.5), w)[1]
    step = 1e-5
    low, high = (gradient(jnp.asarray(0.5 + sign * step), w)[0][0] for sign in (-1, 1))
    np.testing.assert_allclose(slope, (high - low) / (2 * step), rtol=1e-6)


@pytest.mark.parametrize(("d", "block"), [(5, 1024), (20, 1024), (100, 256), (300, 64)])
def test_blocks_of_chains_stay_in_the_cache(d, block):
    family = cj.LinearRegression(np.ones(d), design="fresh", ridge=1.0, penalty="absolute")
    assert block_size(family, cj.Replace(10), "exact") == block
    assert block_size(family, cj.Accumulate(10), "exact") == (1024 if d == 5 else 128 if d == 20 else 8)
    assert block_size(family, cj.Replace(10), "literal") == 1024


MEMORY = """
import resource, sys
import numpy as np
import collapse_jax as cj
family = cj.LinearRegression(np.full(20, 20**-0.5), design="fresh", ridge=1.0, penalty="absolute")
run = cj.simulate(family, cj.Replace(10), "risk", generations=5, chains=100_000, dtype="float32", progress=False)
assert run["risk"].mean.shape == (5,)
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024))
"""


@pytest.mark.slow
def test_a_hundred_thousand_ridge_chains_need_less_than_a_gibibyte():
    found = subprocess.run([sys.executable, "-c", MEMORY], check=True, timeout=120, capture_output=True, text=True)
    assert int(found.stdout) < 1 << 30
