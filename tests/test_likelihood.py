"""Families fitted by maximum likelihood without a closed form, and the beta law: fits, existence, engines, edges."""

import os
import subprocess
import sys

import _oracle as oracle
import jax
import jax.numpy as jnp
import numpy as np
import pytest
from scipy import integrate, optimize, stats

import collapse_jax as cj
from collapse_jax.data import Sums, Trials

pytestmark = pytest.mark.usefixtures("fast_compilation")
ALPHA = oracle.alpha_of(100)
POINTS = np.array([[1.0, -1.0], [1.0, 0.0], [1.0, 1.0], [1.0, 2.0]])
LOGISTIC = cj.LogisticRegression([0.3, -0.7], POINTS, [0.1, 0.2, 0.3, 0.4])


def test_the_error_of_the_beta_law_is_pivotal():
    def relative(model, truth):
        return model.theta / truth.theta

    settings = {"generations": 4, "chains": 2048, "keep_paths": 2048}
    runs = [cj.simulate(cj.Beta(theta), cj.Accumulate(7), relative, **settings) for theta in (0.125, 4.0)]
    np.testing.assert_allclose(runs[0].paths["relative"], runs[1].paths["relative"], rtol=1e-12)
    run = cj.simulate(cj.Beta(0.1), cj.Replace(7), relative, generations=4, chains=20_000)
    oracle.assert_mean(run["relative"].mean, run["relative"].standard_error, (7 / 6) ** run.generations, ALPHA / 4)


def test_an_observation_below_the_smallest_float_is_reported():
    values = jnp.asarray([[0.5, 0.25], [0.5, 0.0], [1.0, 1.0]])
    fitted = cj.Beta(0.1).broadcast((3,)).fit(cj.Samples.of(values, 1)).theta
    np.testing.assert_allclose(fitted, [2 / (3 * np.log(2)), np.nan, np.inf], rtol=1e-6)


def test_metrics_of_the_beta_law():
    truth, model = cj.Beta(0.5), cj.Beta(2.0).broadcast((1,))
    kl = integrate.quad(lambda x: 2 * x * np.log(2 * x / (0.5 / np.sqrt(x))), 0, 1)[0]
    np.testing.assert_allclose(cj.METRICS["kl_forward"](model, truth), kl)
    assert cj.METRICS["natural_error"](model, truth) == 2.25


@pytest.mark.usefixtures("x64")
@pytest.mark.parametrize("K", [1, 4, 200])
def test_the_mean_of_the_truncated_geometric_fit_is_the_sample_mean(K, cheap_jit):
    rng = np.random.default_rng(K)
    low = 10.0 ** rng.uniform(-9, 0, 500) * K / 2
    means = np.concatenate([low, K - low, [K / 2, 1e-15]])
    family = cj.TruncatedGeometric(3.0, K).broadcast(means.shape)
    count = 1e10
    fitted = cheap_jit(lambda total: family.fit(Sums(jnp.full_like(total, count), total)))(jnp.asarray(means * count))
    p = np.asarray(fitted.p)
    np.testing.assert_allclose(p @ np.arange(K + 1), means, rtol=1e-13)
    np.testing.assert_allclose(p @ (K - np.arange(K + 1)), K - means, rtol=1e-6)
    k = np.arange(K + 1)
    for mean, theta in list(zip(means, np.asarray(fitted.theta), strict=True))[:3]:
        root = optimize.brentq(lambda x, m=mean: np.exp(x * k) @ (k - m), -40, 0, xtol=1e-14)
        np.testing.assert_allclose(theta, root, atol=1e-9)


@pytest.mark.usefixtures("x64")
def test_the_truncated_geometric_fit_differentiates():
    family = cj.TruncatedGeometric(0.0, 1)

    def theta(total):
        return family.fit(Sums(jnp.asarray(10.0), total)).theta

    # K = 1 is a coin: theta is its logit.
    np.testing.assert_allclose(jax.value_and_grad(theta)(3.0), (np.log(3 / 7), 1 / 3 + 1 / 7), rtol=1e-12)


@pytest.mark.parametrize("engine", ["exact", "literal"])
def test_a_truncated_geometric_chain_that_has_lost_all_values_but_one(engine):
    def position(model, truth):
        return model.p @ jnp.arange(model.K + 1, dtype=model.dtype)

    names = ["squared_error", "absorbed", "tv", "support_size"]
    run = cj.simulate(cj.TruncatedGeometric(0.4, 2), cj.Replace(1), [*names, position], generations=3, chains=2048,
                      engine=engine, keep_paths=2048)  # fmt: skip
    weight = np.exp(0.4 * np.arange(3))
    ends = (weight[0] + weight[2]) / weight.sum()
    lost = run["squared_error"].nonfinite / 2048
    oracle.assert_mean(lost[0], np.sqrt(ends * (1 - ends) / 2048), ends, ALPHA)
    np.testing.assert_array_equal(run["absorbed"].mean, lost)
    assert all(np.all(run[name].nonfinite == 0) for name in names[1:])
    before, after = run.paths["position"][:2]
    gone = run.paths["absorbed"][0] == 1
    assert set(before[gone]) == {0.0, 2.0}
    np.testing.assert_array_equal(before[gone], after[gone])


def test_a_truncated_geometric_law_with_two_values_is_a_coin():
    p, n = 0.3, 9
    run = cj.simulate(cj.TruncatedGeometric(np.log(p / (1 - p)), 1), cj.Accumulate(n), ["variance"], generations=5,
                      chains=20_000)  # fmt: skip
    expected = p * (1 - p) * np.cumprod(1 - 1 / (n * run.generations**2.0))
    oracle.assert_mean(run["variance"].mean, run["variance"].standard_error, expected, ALPHA / 5)


@pytest.fixture
def fit(cheap_jit):
    compiled = cheap_jit(lambda family, data: family.fit(data).beta)

    def call(visits, successes, start):
        family = jax.tree.map(jnp.asarray, LOGISTIC.replace(beta=np.full((len(visits), 2), start)))
        return np.asarray(compiled(family, Trials(jnp.asarray(visits, float), jnp.asarray(successes, float))))

    return call


@pytest.mark.usefixtures("x64")
def test_the_logistic_fit_solves_the_score_equation_from_any_start(fit):
    rng = np.random.default_rng(0)
    visits = np.append(rng.integers(1, 200, (300, 4)), [[10**9] * 4], 0)
    successes = rng.binomial(visits, rng.uniform(0.02, 0.98, visits.shape))
    successes[-1] = [1, 1, 10**9 - 1, 10**9 - 1]
    beta = fit(visits, successes, 0.0)
    assert np.all(np.isfinite(beta))
    score = (successes - visits / (1 + np.exp(-beta @ POINTS.T))) @ POINTS
    np.testing.assert_allclose(score[:-1], 0, atol=1e-9)
    np.testing.assert_allclose(score[-1], 0, atol=1e-3)
    np.testing.assert_allclose(fit(visits, successes, 8.0), beta, rtol=1e-9, atol=1e-9)


@pytest.mark.usefixtures("x64")
def test_the_logistic_fit_is_nan_exactly_where_there_is_no_unique_maximiser(fit):
    rng = np.random.default_rng(1)
    visits = np.append(rng.integers(0, 4, (80, 4)), [[5, 5, 5, 5], [0, 5, 0, 0]], 0)
    successes = np.append(rng.binomial(visits[:-2], 0.5), [[0, 3, 5, 5], [0, 3, 0, 0]], 0)
    exists = []
    for v, s in zip(visits, successes, strict=True):
        # Unless some direction a != 0 has a'x >= 0 at every success and a'x <= 0 at every failure.
        signed = np.concatenate([POINTS[s > 0], -POINTS[s < v], np.zeros((1, 2))])
        reach = max(
            -optimize.linprog(-c, A_ub=-signed, b_ub=np.zeros(len(signed)), bounds=[(-1, 1)] * 2).fun
            for c in (*np.eye(2), *-np.eye(2))
        )
        exists.append(reach < 1e-9)
    assert 0.3 < np.mean(exists) < 0.8
    assert exists[-2:] == [False, False]
    beta = fit(visits, successes, 0.0)
    np.testing.assert_array_equal(np.isnan(beta).any(1), ~np.array(exists))  # certified: infinite where undecided
    np.testing.assert_array_equal(np.isfinite(beta).all(1), exists)


@pytest.mark.grid
@pytest.mark.parametrize("workflow", [cj.Accumulate(40), cj.FixedReal(40, n_real=60)], ids=["accumulate", "fixed_real"])
def test_logistic_engines_agree_in_law(workflow):
    def slope(model, truth):
        return model.beta[..., 1]

    runs = [cj.simulate(LOGISTIC, workflow, [slope, "squared_error"], generations=3, chains=3072, engine=engine,
                        seed=seed, keep_paths=3072) for seed, engine in enumerate(("exact", "literal"))]  # fmt: skip
    alive = [np.isfinite(run.paths["slope"]) for run in runs]
    assert min(np.mean(a) for a in alive) > 0.98
    for t in range(3):
        counts = [[a[t].sum(), (~a[t]).sum()] for a in alive]
        assert stats.fisher_exact(counts).pvalue > ALPHA
        for name in runs[0].paths:
            values = [run.paths[name][t][a[t]] for run, a in zip(runs, alive, strict=True)]
            values = [np.clip(v, -8, 8) for v in values]  # nearly separable data have estimates without moments
            oracle.assert_same_law(*values, ALPHA, f"{name} at t={t + 1}")


@pytest.mark.slow
def test_logistic_errors_add_up_as_the_information_says():
    n, weights = 10**6, LOGISTIC.weights
    p = 1 / (1 + np.exp(-POINTS @ LOGISTIC.beta))
    unit = np.trace(np.linalg.inv((POINTS * (weights * p * (1 - p))[:, None]).T @ POINTS))
    run = cj.simulate(LOGISTIC, cj.Replace(n), "squared_error", generations=3, chains=4096, dtype="float32")
    curve = run["squared_error"]
    assert np.all(curve.nonfinite == 0)
    oracle.assert_mean(curve.mean * n, curve.standard_error * n, unit * run.generations, ALPHA / 3)


@pytest.mark.slow
def test_separated_chains_are_counted_and_stay_lost():
    runs = [cj.simulate(LOGISTIC, cj.Replace(n), "natural_error", generations=3, chains=1024, engine="literal")
            for n in (1, 12)]  # fmt: skip
    assert np.all(runs[0]["natural_error"].nonfinite == 1024)
    lost = runs[1]["natural_error"].nonfinite
    assert 0 < lost[0] < lost[1] < lost[2] < 1024


@pytest.mark.slow
@pytest.mark.usefixtures("x64")
def test_trajectories_map_over_hyper_parameters(cheap_jit):
    def error(beta):
        family = jax.tree.map(jnp.asarray, LOGISTIC).replace(beta=beta)
        [errors] = cj.trajectories(
            jax.random.key(0), family, cj.Accumulate(60), ["natural_error"], generations=2, chains=8
        )
        return errors

    errors = cheap_jit(jax.vmap(error))(jnp.asarray([[0.3, -0.7], [0.0, 0.5], [0.3, -0.7]]))
    assert errors.shape == (3, 2, 8)
    assert np.all(np.isfinite(errors))
    np.testing.assert_array_equal(errors[0], errors[2])
    assert np.all(errors[0] != errors[1])

    def mean_error(theta):
        family = cj.Beta().replace(theta=theta)
        [errors] = cj.trajectories(
            jax.random.key(0), family, cj.Accumulate(5), ["squared_error"], generations=2, chains=8
        )
        return errors.mean()

    # Pivotal: the error is theta^2 times a number.
    value, slope = cheap_jit(jax.value_and_grad(mean_error))(jnp.asarray(3.0))
    np.testing.assert_allclose(slope, 2 * value / 3, rtol=1e-10)


@pytest.mark.slow
def test_two_logistic_programs_at_once_do_not_deadlock():
    code = ("import sys, collapse_jax as cj; assert 'optimistix' not in sys.modules;"
            "family = cj.LogisticRegression([0.5, 1.0], [[1, -1], [1, 0], [1, 1]]);"
            "cj.simulate(family, cj.Replace(90), 'squared_error', generations=2, chains=16 * 1024)")  # fmt: skip
    environment = {k: v for k, v in os.environ.items() if k != "JAX_NUM_CPU_DEVICES"} | {
        "PJRT_NPROC": "2",
        "XLA_FLAGS": "--xla_backend_optimization_level=0",
    }
    subprocess.run([sys.executable, "-c", code], check=True, timeout=120, env=environment)


@pytest.mark.parametrize(
    ("make", "remedy"),
    [
        (lambda: cj.Beta(0.0), "needs theta > 0"),
        (lambda: cj.TruncatedGeometric(np.inf), "give a finite number"),
        (lambda: cj.TruncatedGeometric(0.0, 0), "use a whole number >= 1"),
        (lambda: cj.LogisticRegression([1.0, 2.0], [[1.0, 1.0], [2.0, 2.0]]), "linearly independent"),
        (lambda: cj.LogisticRegression([1.0], [[1.0, 1.0], [2.0, 1.0]]), "as many columns as beta"),
        (lambda: cj.LogisticRegression([1.0], [[1.0], [2.0]], [0.5, 0.6]), "non-negative probabilities"),
    ],
)
def test_errors_name_the_remedy(make, remedy):
    with pytest.raises(ValueError, match=remedy):
        make()
