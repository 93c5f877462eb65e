"""Families that are fitted by a median or by two equations, and those of which one parameter is known."""

from typing import Any

import _oracle as oracle
import jax
import jax.numpy as jnp
import numpy as np
import pytest
from scipy import optimize, stats

import collapse_jax as cj
from collapse_jax.laws import pedigree
from collapse_jax.metrics import absorbed, variance
from collapse_jax.metrics import kl_forward as kl
from collapse_jax.testing import check_family

pytestmark = pytest.mark.usefixtures("fast_compilation")
ALPHA = oracle.alpha_of(50)
EM: Any = "em"
RNG = np.random.default_rng(0)


@pytest.fixture
def fitted(cheap_jit):
    def fit(family, x, dtype=jnp.float64):
        batch = jax.tree.map(lambda leaf: jnp.asarray(leaf, dtype), family.broadcast((len(x),)))
        return cheap_jit(lambda y: batch.fit(cj.Samples.of(y, 1)))(jnp.asarray(x, dtype))

    return fit


def draws(mu, chains, n):
    return RNG.normal(size=(chains, n)) + mu * RNG.choice([-1, 1], (chains, n))


def log_likelihood(x, mu, sigma):
    return np.sum(np.logaddexp(stats.norm.logpdf(x, mu, sigma), stats.norm.logpdf(x, -mu, sigma)), -1)


@pytest.mark.usefixtures("x64")
@pytest.mark.parametrize(("mu", "n"), [(1.0, 10), (2.5, 10), (0.2, 3)])
def test_joint_fit_maximises_the_likelihood(mu, n, fitted):
    x = draws(mu, 12, n)
    model = fitted(cj.SymmetricMixture(estimator="joint"), x)
    for row, m, s in zip(x, model.mu, model.sigma, strict=True):
        best = max(
            -optimize.minimize(lambda v, row=row: -log_likelihood(row, v[0], np.exp(v[1])), start, method="BFGS").fun
            for start in ((np.abs(row).mean(), np.log(row.std() / 2)), (0.1, np.log(row.std())))
        )
        assert log_likelihood(row, float(m), float(s)) > best - 1e-6


@pytest.mark.usefixtures("x64")
def test_joint_fit_solves_the_likelihood_equations(fitted):
    x = draws(1.0, 500, 12)
    model = fitted(cj.SymmetricMixture(estimator="joint"), x)
    mu, sigma = np.asarray(model.mu), np.asarray(model.sigma)
    np.testing.assert_allclose(mu**2 + sigma**2, (x**2).mean(1), rtol=1e-12)
    sides = np.tanh(x * (mu / sigma**2)[:, None])
    np.testing.assert_allclose(np.mean(x * sides, 1), mu, atol=1e-9)


@pytest.mark.usefixtures("x64")
def test_approximate_fit_is_algorithm_1(fitted):
    x = draws(1.0, 500, 10)
    model = fitted(cj.SymmetricMixture(estimator="approximate"), x)
    mu, sigma = oracle.TwoNormals(1.0, 1.0).fit((x,))
    np.testing.assert_allclose(model.mu, mu, atol=1e-7)
    np.testing.assert_allclose(model.sigma, sigma, rtol=1e-9)


@pytest.mark.slow
@pytest.mark.parametrize("estimator", ["joint", "approximate"])
def test_a_mixture_without_spread_stays(estimator, fitted):
    x = np.where(RNG.random((5, 6)) < 0.5, 2.0, -2.0)
    model = fitted(cj.SymmetricMixture(estimator=estimator), x, jnp.float32)
    np.testing.assert_array_equal(model.mu, 2)
    np.testing.assert_array_equal(model.sigma, 0)
    again = model.fit(model.samples(jax.random.key(0), 6))
    np.testing.assert_array_equal(again.mu, 2)
    assert np.all(np.isfinite(fitted(cj.SymmetricMixture(estimator=estimator), 0 * x, jnp.float32).mu))


@pytest.mark.parametrize("n", [4, 5])
def test_laplace_fit_is_median_and_mean_deviation(n, fitted):
    x = RNG.laplace(1.0, 2.0, (200, n)).astype(np.float32)
    model = fitted(cj.Laplace(), x, jnp.float32)
    median = np.median(x, 1)
    np.testing.assert_allclose(model.location, median, rtol=1e-6, atol=1e-6)
    np.testing.assert_allclose(model.scale, np.abs(x - median[:, None]).mean(1), rtol=1e-5)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("family", "v", "v2"),
    [(cj.NegativeBinomial(2.0, 4.0), 3.0, 1 / 4), (cj.Gamma(2.0, 5.0), 4 / 5, 1 / 5)],
    ids=lambda value: type(value).__name__,
)
def test_second_moments_follow_from_the_variance_function(family, v, v2):
    run = cj.simulate(family, cj.Accumulate(30), "squared_error", generations=3, chains=1 << 13)
    expected = pedigree.quadratic_error(pedigree.of(cj.Accumulate(30), 3), v, v2)
    curve = run["squared_error"]
    oracle.assert_mean(curve.mean, curve.standard_error, expected, ALPHA)


@pytest.mark.usefixtures("x64")
def test_special_cases():
    """Shape 1 is exponential, size 1 geometric, and a large size nearly Poisson's."""
    k, many = jnp.asarray(3.0), cj.NegativeBinomial(3.0, 1e9)
    for pair, same in [
        ((cj.Gamma(3.0, 1.0), cj.Gamma(2.0, 1.0)), (cj.Exponential(3.0), cj.Exponential(2.0))),
        ((many, cj.NegativeBinomial(2.0, 1e9)), (cj.Poisson(3.0), cj.Poisson(2.0))),
    ]:
        np.testing.assert_allclose(kl(*pair), kl(*same), rtol=1e-6)
    p = stats.nbinom.pmf(np.arange(400), 1, 1 / 4), stats.nbinom.pmf(np.arange(400), 1, 1 / 3)
    np.testing.assert_allclose(kl(cj.NegativeBinomial(k, 1.0), cj.NegativeBinomial(2.0, 1.0)),
                               np.sum(p[0] * np.log(p[0] / p[1])), rtol=1e-9)  # fmt: skip
    grid = np.linspace(-60, 60, 200_001)
    p = stats.laplace.pdf(grid, 0.5, 2.0), stats.laplace.pdf(grid, -1.0, 1.0)
    np.testing.assert_allclose(kl(cj.Laplace(0.5, 2.0), cj.Laplace(-1.0, 1.0)),
                               np.sum(p[0] * np.log(p[0] / p[1])) * (grid[1] - grid[0]), rtol=1e-6)  # fmt: skip
    assert absorbed(cj.NegativeBinomial(0.0, 1.0), cj.NegativeBinomial())
    np.testing.assert_allclose(variance(cj.Laplace(0.0, 2.0), cj.Laplace()), stats.laplace.var(scale=2))


@pytest.mark.parametrize(
    ("make", "remedy"),
    [
        (lambda: cj.SymmetricMixture(-1.0, estimator="joint"), "absolute value"),
        (lambda: cj.SymmetricMixture(sigma=0.0, estimator="joint"), "sigma > 0"),
        (lambda: cj.SymmetricMixture(estimator=EM), "use 'joint' or 'approximate'"),
        (lambda: cj.Laplace(scale=0.0), "scale > 0"),
        (lambda: cj.NegativeBinomial(-1.0), "at least 0"),
        (lambda: cj.NegativeBinomial(1.0, 0.0), "size > 0"),
        (lambda: cj.Gamma(0.0), "mean > 0"),
        (lambda: cj.Gamma(1.0, -1.0), "shape > 0"),
        *(
            (lambda family=family: cj.simulate(family, cj.Replace(1), "variance", generations=1, chains=9, engine="literal"), "n >= 2")
            for family in (cj.Laplace(), cj.SymmetricMixture(estimator="joint"))
        ),
        (lambda: cj.simulate(cj.Laplace(), cj.Replace(5), "variance", generations=1, chains=9), "use engine='literal'"),
        (lambda: cj.simulate(cj.Laplace(1e17), cj.Replace(5), "variance", generations=1, chains=9, engine="literal"), "subtract"),
    ],
)  # fmt: skip
@pytest.mark.usefixtures("untyped")
def test_errors_name_the_remedy(make, remedy):
    with pytest.raises(ValueError, match=remedy):
        make()


@pytest.mark.grid
@pytest.mark.parametrize(
    "family", [cj.Laplace(0.5, 2.0), cj.SymmetricMixture(estimator="joint")], ids=lambda family: type(family).__name__
)
def test_families_check_themselves(family):
    check_family(family, chains=512).require()


@pytest.mark.parametrize("estimator", ["joint", "approximate"])
def test_fits_are_differentiable(estimator, cheap_jit):
    x = jnp.asarray(draws(1.0, 3, 8), jnp.float32)
    model = cj.SymmetricMixture(estimator=estimator).broadcast((3,))
    slope = cheap_jit(jax.grad(lambda y: jnp.sum(model.fit(cj.Samples.of(y, 1)).sigma)))(x)
    assert np.all(np.isfinite(slope))
