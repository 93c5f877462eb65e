"""Random projections, weighted rows and the sums over matrix beta eigenvalues that are exact beside them."""

import _oracle as oracle
import jax
import jax.numpy as jnp
import numpy as np
import pytest

import collapse_jax as cj
from collapse_jax.laws import matrix_beta
from collapse_jax.numerics import random
from proofs_check.papers.dohmatob2024strong import deterministic, finite, theory
from proofs_check.papers.dohmatob2024strong.claims._setups import mixed, projections, regression
from proofs_check.papers.dohmatob2024strong.workflows import Surrogate

pytestmark = pytest.mark.usefixtures("fast_compilation")

W = np.array([1.0, -0.5, 0.3, 0.0])
COV = np.diag([2.0, 1.0, 0.5, 0.2])


@pytest.mark.grid
@pytest.mark.parametrize("m", [2, pytest.param(6, marks=pytest.mark.slow)])
def test_engines_agree_in_law(m):
    family = cj.RandomProjections(W, m=m, sigma2=0.3, cov=COV, ridge=0.1, penalty="per_sample")
    runs = [
        cj.simulate(family, Surrogate(4, n_real=3, spread=0.1), "risk", generations=2, chains=4096, engine=engine,
                    seed=seed, keep_paths=4096)
        for seed, engine in enumerate(("literal", "exact"))
    ]  # fmt: skip
    for t in range(2):
        oracle.assert_same_law(*(run.paths["risk"][t] for run in runs), oracle.alpha_of(8), f"risk at {t + 1}")


@pytest.mark.slow
def test_the_exact_error_without_penalty():
    d, m, n_1, n_2 = 5, 2, 9, 6
    run = cj.simulate(projections(d, m, 1.0, 0.3), mixed(d, n_1, n_2, 0.8, 0.6), "risk", generations=1, chains=8192)
    exact = theory.projected_exact(d, m, n_1, n_2, 1.0, 0.8, 0.3, 0.6)
    oracle.assert_mean(run["risk"].mean, run["risk"].standard_error, exact, oracle.alpha_of(1))


@pytest.mark.slow
@pytest.mark.parametrize("engine", ["exact", "literal"])
def test_the_exact_error_with_weights(engine):
    run = cj.simulate(
        regression(2), mixed(2, 8, 12, 0.5, weight=0.8), "risk", generations=1, chains=8192, engine=engine
    )
    exact = finite.weighted(0.8, 2, 8, 12, 0.5, 1.0)
    oracle.assert_mean(run["risk"].mean, run["risk"].standard_error, exact, oracle.alpha_of(1))


def test_many_projections_are_no_projections():
    iso = deterministic.Spectrum.isotropic(50)
    rows = deterministic.Rows(60, 40, 0.3, 0.8)
    wide = deterministic.theorem_2(iso, 1 / 50, 0.5 / 50, rows, 1e9, 0.1)
    assert wide == pytest.approx(deterministic.theorem_1(iso, 1 / 50, 0.5 / 50, rows, 0.1), rel=1e-6)
    assert wide == pytest.approx(theory.theorem_1(50, 60, 40, 0.1, 1.0, 0.5, rows.sigma2), rel=1e-6)


@pytest.mark.parametrize(("d", "n_1", "n_2"), [(1, 3, 5), (2, 5, 9), (5, 9, 20), (4, 2000, 30)])
def test_a_matrix_beta_has_its_known_moments(d, n_1, n_2):
    n = n_1 + n_2
    found = matrix_beta.trace(lambda x: x, d, n_1, n_2)
    assert found.mean == pytest.approx(d * n_2 / n, rel=1e-10)
    assert found.variance == pytest.approx(2 * d * n_1 * n_2 * (n - d) / (n**2 * (n - 1) * (n + 2)), rel=1e-8)


def test_pooled_weights_are_no_weights():
    assert finite.weighted(0.6, 4, 20, 30, 0.5, 1.0) == pytest.approx(
        theory.under_exact(4, 20, 30, 0.5, 1, 1), rel=1e-10
    )


@pytest.mark.slow
def test_vmap_and_grad_over_penalties():
    with jax.enable_x64(True):

        def risk(lam):
            family = cj.RandomProjections(W, m=2, ridge=1.0, penalty="absolute").replace(ridge=lam)
            (values,) = cj.trajectories(random.key(0), family, cj.Replace(6), ["risk"], generations=1, chains=8)
            return jnp.mean(values)

        found = jax.jit(jax.vmap(jax.value_and_grad(risk)))(jnp.array([0.1, 0.1 + 1e-6, 1.0]))
    values, slopes = map(np.asarray, found)
    assert np.all(np.isfinite(slopes))
    np.testing.assert_allclose((values[1] - values[0]) / 1e-6, slopes[0], rtol=1e-3)


@pytest.mark.slow
def test_one_row_for_four_projections():
    family = cj.RandomProjections(W, m=4, sigma2=0.1)
    run = cj.simulate(family, cj.Replace(1), "risk", generations=2, chains=64)
    assert np.all(run["risk"].nonfinite == 0)


def test_what_is_refused():
    with pytest.raises(ValueError, match="number of features"):
        cj.RandomProjections(W, m=0)
    with pytest.raises(ValueError, match="penalty=None for the minimum-norm fit"):
        cj.simulate(cj.RandomProjections(W, m=3, penalty="absolute"), cj.Replace(2), "risk", generations=1, chains=8)
    with pytest.raises(ValueError, match="one for each coordinate"):
        cj.simulate(regression(3), Surrogate(5, n_real=5, spread=[1.0, 2.0]), "risk", generations=1, chains=8)
    with pytest.raises(ValueError, match="design='fresh'"):
        cj.simulate(cj.LinearRegression(d=2, design="shared"), Surrogate(5, n_real=5), "risk", generations=1, chains=8)
    with pytest.raises(ValueError, match="share of synthetic data"):
        Surrogate(5, weight=1.5)
