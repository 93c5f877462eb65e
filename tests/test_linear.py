"""The workflow of a matrix of weights: the named ones are its special cases, and its moments are one linear solve."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

import collapse_jax as cj
from collapse_jax.laws import pedigree
from collapse_jax.results.record import configuration
from proofs_check.papers.dey2024 import theory

pytestmark = pytest.mark.usefixtures("fast_compilation")
N, G = 6, 4
WEIGHTS = np.array([[1, 0, 0, 0], [0.3, 0.7, 0, 0], [0, 0.5, 0.5, 0], [0.4, 0.2, 0.1, 0.3]])
SPECIAL = {
    "replace": cj.Replace(N),
    "accumulate": cj.Accumulate(N),
    "accumulate_schedule": cj.Accumulate((6, 2, 9, 4)),
    "window": cj.Window(N, k=2),
    "fixed_real": cj.FixedReal(N, n_real=N),
}


def mean_error(workflow, generations=G, chains=4096, **options):
    family = cj.Gaussian(known_cov=True)
    return cj.simulate(family, workflow, "mean_error", generations=generations, chains=chains, **options)["mean_error"]


def matrix(workflow, **options):
    return cj.Linear(workflow.n, pedigree.of(workflow, G).weights, **options)


@pytest.mark.parametrize("name", SPECIAL)
def test_named_workflows_are_matrices(name):
    named, linear = SPECIAL[name], matrix(SPECIAL[name], pool=True)
    np.testing.assert_array_equal(
        pedigree.coefficients(pedigree.of(linear, G)), pedigree.coefficients(pedigree.of(named, G))
    )
    law = pedigree.quadratic_error(pedigree.of(named, G), 1, 0)
    for engine in ("exact", "literal"):
        low, high = mean_error(linear, engine=engine).band(1e-7)
        assert np.all((low < law) & (law < high)), engine


@pytest.mark.parametrize("name", ["replace", "accumulate", "window"])
def test_pooled_by_weight_is_the_named_workflow_chain_by_chain(name):
    """The same keys draw the same observations, and the pools hold them in the same places."""
    family = cj.Gaussian(ddof=0)
    runs = [
        cj.simulate(family, workflow, "variance", generations=G, chains=64, engine="literal")["variance"].mean
        for workflow in (SPECIAL[name], matrix(SPECIAL[name], pool=True))
    ]
    np.testing.assert_allclose(*runs, rtol=1e-12)


@pytest.mark.parametrize("engine", ["exact", "literal"])
def test_averages_have_the_moments_of_one_linear_solve(engine):
    shifted = np.zeros((G, G))
    shifted[:, :-1] = WEIGHTS[:, 1:]
    solved = (np.linalg.solve(np.eye(G) - shifted, WEIGHTS) ** 2).sum(1)
    np.testing.assert_allclose([theory.general_workflow(t, WEIGHTS) for t in range(1, G + 1)], solved, rtol=1e-12)
    linear = cj.Linear(N, WEIGHTS)
    np.testing.assert_allclose(pedigree.quadratic_error(pedigree.of(linear, G), 1, 0), solved / N, rtol=1e-12)
    low, high = mean_error(linear, engine=engine).band(1e-7)
    assert np.all((low < solved / N) & (solved / N < high))


def test_weights_are_arguments_of_one_program(cheap_jit, x64):
    """vmap over matrices, and the gradient of the error in a weight against differences."""

    def error(weight):
        weights = jnp.array([[1.0, 0.0], [weight, 1 - weight]])
        family = cj.Gaussian(known_cov=True)
        [values] = cj.trajectories(
            cj.random.key(0), family, cj.Linear(N, weights), ["mean_error"], generations=2, chains=32
        )
        return values[1].mean()

    run = cheap_jit(jax.vmap(jax.value_and_grad(error)))
    at, step = 0.4, 1e-4
    (low, middle, high), (_, slope, _) = run(jnp.array([at - step, at, at + step]))
    assert low != high
    np.testing.assert_allclose(slope, (high - low) / (2 * step), rtol=1e-6)
    np.testing.assert_allclose(middle, (low + high) / 2, rtol=1e-6)


def test_data_without_weight_are_not_looked_at():
    """A coin's logit of one toss is infinite: it is lost where it has weight, and only there."""

    class Logit(cj.Bernoulli):
        def fit(self, data):
            fitted = super().fit(data)
            return fitted.replace(p=jnp.where((fitted.p == 0) | (fitted.p == 1), jnp.nan, fitted.p))

    weights = [[1, 0], [1, 0]]
    run = cj.simulate(
        Logit(0.5), cj.Linear((200, 1), weights), "squared_error", generations=2, chains=64, engine="literal"
    )
    assert np.all(run["squared_error"].nonfinite == 0)
    assert run["squared_error"].mean[0] == run["squared_error"].mean[1]


def test_edges():
    assert mean_error(cj.Linear(1, [[1.0]]), generations=1, chains=16).mean.shape == (1,)
    record = configuration(cj.Linear(N, WEIGHTS, pool=False))
    assert record["type"] == "Linear"
    assert np.allclose(record["weights"], WEIGHTS)


@pytest.mark.parametrize(
    ("weights", "options", "remedy"),
    [
        ([[1, 0], [0.5, 0.6]], {}, "divide each row by its sum"),
        ([[1, 0], [1.5, -0.5]], {}, "weights >= 0"),
        ([[0.5, 0.5], [0.5, 0.5]], {}, "lower triangular"),
        ([[1, 0]], {}, r"\(G, G\)"),
        ("x", {}, "no matrix"),
        ([[1.0]], {}, "one row per fit"),
        ([[1, 0], [0.3, 0.7]], {"pool": True}, "shares of the sizes"),
    ],
)
def test_what_is_no_matrix_of_weights_is_refused(weights, options, remedy):
    with pytest.raises(ValueError, match=remedy):
        mean_error(cj.Linear(N, weights, **options), generations=2, chains=16)


def test_averages_of_kept_samples_are_refused():
    with pytest.raises(ValueError, match="pool=True"):
        cj.simulate(cj.Categorical([0.5, 0.5], sampler="index"), cj.Linear(N, WEIGHTS), "tv", generations=2, chains=16)


@pytest.mark.slow
def test_the_library_checks_it():
    cj.testing.check_workflow(cj.Linear(9, WEIGHTS), chains=1024).require()
