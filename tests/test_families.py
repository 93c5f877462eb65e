"""Fits and edge cases of the families."""

import subprocess
import sys

import _oracle as oracle
import jax
import jax.numpy as jnp
import numpy as np
import pytest

import collapse_jax as cj
from collapse_jax.numerics import linalg

pytestmark = pytest.mark.usefixtures("fast_compilation")
ALPHA = oracle.alpha_of(50)
COV = np.array([[2.0, 0.5, 0.0], [0.5, 1.0, 0.3], [0.0, 0.3, 1.0]])


@pytest.mark.usefixtures("x64")
@pytest.mark.parametrize(("rows", "d"), [(3, 8), (8, 8), (9, 8), (40, 3), (1, 1), (5, 1), (1, 4)])
@pytest.mark.parametrize("rank", [None, 1])
def test_least_squares_is_the_pseudo_inverse(rows, d, rank, cheap_jit):
    rng = np.random.default_rng(rows * d)
    x, y = rng.normal(size=(20, rows, d)), rng.normal(size=(20, rows))
    if rank:
        x = x[..., :1] * rng.normal(size=(20, 1, d))
    expected = np.einsum("rdn,rn->rd", np.linalg.pinv(x), y)
    scale = np.linalg.cond(x @ x.swapaxes(1, 2)).max() ** 0.5 if not rank else 1.0
    tolerance = 1e-11 * max(1.0, min(scale, 1e4)) * np.abs(expected).max()
    solution = cheap_jit(linalg.least_squares)(x, y)
    np.testing.assert_allclose(solution, expected, rtol=0, atol=tolerance)


@pytest.mark.usefixtures("x64")
@pytest.mark.parametrize(("rows", "d"), [(2, 4), (4, 4), (30, 4), (3, 1)])
def test_factors_and_solves(rows, d):
    rng = np.random.default_rng(rows)
    x = rng.normal(size=(10, rows, d))
    factor = np.asarray(linalg.factor_of_rows(jnp.asarray(x)))
    assert np.all(np.triu(factor, 1) == 0)
    np.testing.assert_allclose(factor @ factor.swapaxes(1, 2), x.swapaxes(1, 2) @ x, atol=1e-12 * rows)
    positive = x.swapaxes(1, 2) @ x + np.eye(d)
    lower = np.linalg.cholesky(positive)
    np.testing.assert_allclose(linalg.solve_lower(jnp.asarray(lower), jnp.asarray(x.swapaxes(1, 2))),
                               np.linalg.solve(lower, x.swapaxes(1, 2)), rtol=1e-10, atol=1e-12)  # fmt: skip
    square = rng.normal(size=(10, d, d))
    square[0, :, 0] = 0
    norms = np.linalg.svd(square, compute_uv=False).sum(-1)
    np.testing.assert_allclose(linalg.nuclear_norm(jnp.asarray(square)), norms, rtol=1e-7)


@pytest.mark.slow
def test_two_programs_at_once_do_not_deadlock():
    # LAPACK calls of two concurrent programs once waited for each other for ever on a machine with two cores.
    code = ("import collapse_jax as cj; family = cj.LinearRegression([1.0, 2.0, 3.0], design='fresh');"
            "cj.simulate(family, cj.Replace(9), 'risk', generations=3, chains=20 * 1024, engine='literal');"
            "family = cj.Gaussian(d=3, ddof=0);"
            "cj.simulate(family, cj.Accumulate(9), ['w2', 'kl_forward'], generations=3, chains=20 * 1024)")  # fmt: skip
    subprocess.run([sys.executable, "-c", code], check=True, timeout=120, env=_environment())


def _environment():
    import os

    return {k: v for k, v in os.environ.items() if k != "JAX_NUM_CPU_DEVICES"} | {"PJRT_NPROC": "2"}


@pytest.mark.sample(3)
@pytest.mark.usefixtures("x64")
@pytest.mark.parametrize(("ridge", "penalty"), [(0.0, None), (2.0, "absolute"), (2.0, "per_sample")])
@pytest.mark.parametrize("n", [4, 7, 40])
def test_regression_fit_on_the_same_rows(n, ridge, penalty, cheap_jit):
    w = np.arange(7.0)
    family = cj.LinearRegression(w, design="fresh", ridge=ridge, penalty=penalty).broadcast((5,))
    family = jax.tree.map(jnp.asarray, family)
    data = family.samples(jax.random.key(0), n)
    x, y = (np.asarray(leaf) for leaf in data.values)
    if penalty is None:
        expected = np.stack([np.linalg.pinv(a) @ b for a, b in zip(x, y, strict=True)])
    else:
        strength = ridge * (n if penalty == "per_sample" else 1)
        gram = x.swapaxes(1, 2) @ x + strength * np.eye(7)
        expected = np.linalg.solve(gram, np.einsum("rnd,rn->rd", x, y)[..., None])[..., 0]
    np.testing.assert_allclose(cheap_jit(lambda: family.fit(data))().w, expected, rtol=1e-6, atol=1e-7)


@pytest.mark.usefixtures("x64")
@pytest.mark.parametrize("ddof", [0, 1])
@pytest.mark.parametrize("scale", [1.0, 1e-170])
def test_gaussian_fit_on_the_same_rows(ddof, scale, cheap_jit):
    family = cj.Gaussian([1.0, 0.0, -1.0], COV, ddof=ddof).broadcast((5,))
    x = np.asarray(family.sample(jax.random.key(0), 9)) * scale
    data = cj.Samples.of(jnp.asarray(x), 1)
    fitted = cheap_jit(lambda: family.fit(data))()
    covariance = np.stack([np.cov(rows.T, ddof=ddof) for rows in x / scale])
    np.testing.assert_allclose(fitted.mean / scale, x.mean(1) / scale, rtol=1e-12)
    np.testing.assert_allclose(
        fitted.log_det - 6 * np.log(scale), np.linalg.slogdet(covariance)[1], rtol=1e-9, atol=1e-9
    )
    shift = np.round(np.log2(scale))
    unit = fitted.replace(exponent=fitted.exponent - shift)
    np.testing.assert_allclose(unit.cov, covariance * (scale / 2.0**shift) ** 2, rtol=1e-9, atol=1e-12)


class Halving(cj.Replace):
    """A workflow from elsewhere, which changes what was fitted."""

    def step(self, key, t, n, memory, model, source):
        memory, model = super().step(key, t, n, memory, model, source)
        return memory, model.replace(coefficients=model.coefficients / 2)


@pytest.mark.parametrize("engine", ["exact", "literal"])
@pytest.mark.parametrize("cov", [None, np.diag([1.0, 4.0])])
def test_a_changed_model_labels_a_shared_design_anew(engine, cov):
    def first(model, truth):
        return model.w[..., 0]

    truth = cj.LinearRegression([8.0, 0.0], cov=cov, design="shared")
    run = cj.simulate(truth, Halving(12), first, generations=4, chains=4096, engine=engine, optimisation=0)
    for seen, error, expected in zip(run["first"].mean, run["first"].standard_error, (8, 4, 2, 1), strict=True):
        oracle.assert_mean(seen, error, expected, oracle.alpha_of(16))


@pytest.mark.grid
@pytest.mark.parametrize("engine", ["literal", "exact"])
def test_minimum_norm_chain_follows_its_law(engine):
    d, n, s2, generations = 16, 4, 0.5, 4
    w = np.full(d, 0.5)
    run = cj.simulate(cj.LinearRegression(w, sigma2=s2, design="fresh"), cj.Replace(n), "risk", generations=generations,
                      chains=8192, engine=engine)  # fmt: skip
    a, v0, t = n / d, s2 * n / (d - n - 1), run.generations
    expected = w @ w * (1 - a**t) + v0 * (1 - a**t) / (1 - a)
    oracle.assert_mean(run["risk"].mean, run["risk"].standard_error, expected, ALPHA / generations)


@pytest.mark.slow
@pytest.mark.parametrize("engine", ["literal", "exact"])
def test_shared_design_of_too_few_rows_freezes_the_bias(engine):
    d, n, s2 = 16, 4, 0.5
    w = np.full(d, 0.5)
    run = cj.simulate(cj.LinearRegression(w, sigma2=s2, design="shared"), cj.Replace(n), "risk", generations=3,
                      chains=8192, engine=engine)  # fmt: skip
    expected = w @ w * (1 - n / d) + run.generations * s2 * n / (d - n - 1)
    oracle.assert_mean(run["risk"].mean, run["risk"].standard_error, expected, ALPHA / 3)


def test_a_penalty_of_zero_is_no_minimum_norm_fit():
    family = cj.LinearRegression([1.0] * 5, design="fresh", penalty="absolute")
    with pytest.raises(ValueError, match="penalty=None for the minimum-norm fit"):
        cj.simulate(family, cj.Replace(4), "risk", generations=2, chains=10)


def test_as_few_rows_as_can_be():
    run = cj.simulate(cj.LinearRegression(d=3, design="fresh"), cj.Replace(4), "risk", generations=3, chains=2000)
    assert np.all(run["risk"].nonfinite == 0)
    assert np.all(run["risk"].minimum > 0)


@pytest.mark.parametrize("engine", ["exact", "literal"])
@pytest.mark.parametrize("d", [1, 2])
def test_one_observation_leaves_no_variance(engine, d):
    run = cj.simulate(cj.Gaussian(d=d, ddof=0), cj.Replace(1), ["variance", "log_variance", "mean_error"],
                      generations=3, chains=1500, engine=engine, keep_paths=3)  # fmt: skip
    assert np.all(run["variance"].mean == 0)
    assert np.all(run.paths["log_variance"] == -np.inf)
    assert np.all(run["log_variance"].nonfinite == 1500)
    assert np.all(np.isnan(run["log_variance"].mean))
    assert np.all(np.isnan(run["log_variance"].standard_error))
    # A point mass is drawn again and again.
    assert np.all(run["mean_error"].mean == run["mean_error"].mean[0])
    assert "1,500 chains" in repr(run)


def test_one_observation_has_no_unbiased_variance():
    for workflow in (cj.Replace(1), cj.Accumulate([5, 1]), cj.FreshReal(5, n_real=1)):
        with pytest.raises(ValueError, match="use n >= 2 or ddof=0"):
            cj.simulate(cj.Gaussian(ddof=1), workflow, "variance", generations=2, chains=10)


@pytest.mark.slow
@pytest.mark.parametrize("engine", ["exact", "literal"])
def test_one_observation_of_the_other_families(engine):
    settings = {"generations": 3, "chains": 2048, "engine": engine}
    for family in (
        cj.Bernoulli(0.3),
        cj.Categorical([0.2, 0.3, 0.5]),
        cj.Categorical([0.2, 0.3, 0.5], sampler="index"),
    ):
        run = cj.simulate(family, cj.Replace(1), ["absorbed", "squared_error", "collapse_time"], **settings)
        assert np.all(run["absorbed"].mean == 1)
        assert np.all(run["collapse_time"].mean == 1)
        assert np.all(run["squared_error"].mean == run["squared_error"].mean[0])
    run = cj.simulate(cj.Poisson(2.0), cj.Replace(1), "squared_error", **settings)
    oracle.assert_mean(run["squared_error"].mean, run["squared_error"].standard_error, 2.0 * run.generations, ALPHA / 3)
    run = cj.simulate(cj.Exponential(2.0), cj.Replace(1), "log_variance", **settings)
    expected = 2 * np.log(2) - 2 * np.euler_gamma * run.generations
    oracle.assert_mean(run["log_variance"].mean, run["log_variance"].standard_error, expected, ALPHA / 3)


@pytest.mark.sample(3)
@pytest.mark.parametrize(
    ("family", "metric", "unit"),
    [
        (cj.Gaussian(ddof=0), "mean_error", 1.0),
        (cj.Gaussian(d=2, ddof=1), "mean_error", 2.0),
        (cj.Bernoulli(0.3), "squared_error", 0.21),
        (cj.Poisson(2.0), "squared_error", 2.0),
        (cj.Exponential(1.5), "squared_error", 2.25),
        (cj.Categorical([0.5, 0.5]), "squared_error", 0.5),
        (cj.LinearRegression(d=2, sigma2=3.0, design="fresh"), "risk", 6.0),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, cj.Family) else str(value),
)
def test_the_exact_engine_does_not_mind_huge_samples(family, metric, unit):
    n = 10**8
    run = cj.simulate(family, cj.Replace(n), metric, generations=3, chains=8192)
    assert np.all(run[metric].nonfinite == 0)
    curve = run[metric]
    # E = t unit / n up to a relative O(t / n), far below the standard error.
    oracle.assert_mean(curve.mean * n, curve.standard_error * n, unit * run.generations, ALPHA / 21)


@pytest.mark.slow
@pytest.mark.parametrize("n", [2, 3, 5])
def test_fewer_points_than_dimensions(n):
    family = cj.Gaussian(d=5, cov=np.diag([1.0, 2.0, 3.0, 4.0, 5.0]) + 0.5, ddof=0)
    settings = {"generations": 3, "chains": 4096, "keep_paths": 4096}
    runs = [cj.simulate(family, cj.Replace(n), "trace", engine=engine, seed=seed, **settings)
            for seed, engine in enumerate(("exact", "literal"))]  # fmt: skip
    for t in range(3):
        oracle.assert_same_law(*(run.paths["trace"][t] for run in runs), ALPHA / 18, f"t={t + 1}")
    expected = 17.5 * (1 - 1 / n) ** runs[0].generations
    for run in runs:
        oracle.assert_mean(run["trace"].mean, run["trace"].standard_error, expected, ALPHA / 18)


POINT_MASSES = {
    "heads": cj.Bernoulli(1.0),
    "tails": cj.Bernoulli(0.0),
    "counts": cj.Categorical([0.0, 1.0, 0.0]),
    "index": cj.Categorical([0.0, 1.0, 0.0], sampler="index"),
}


@pytest.mark.sample(3)
@pytest.mark.parametrize("engine", ["exact", "literal"])
@pytest.mark.parametrize("name", POINT_MASSES)
def test_absorbed_truth_stays(name, engine):
    # 49 (1/49) < 1 in floating point, and XLA does divide by multiplying with reciprocals.
    for workflow in (cj.Replace(49), cj.Accumulate([49, 98, 103])):
        run = cj.simulate(POINT_MASSES[name], workflow, ["absorbed", "collapse_time", "squared_error"], generations=3,
                          chains=64, engine=engine, block=64)  # fmt: skip
        assert np.all(run["absorbed"].minimum == 1)
        assert np.all(run["collapse_time"].maximum == 1)
        assert np.all(run["squared_error"].maximum == 0)


@pytest.mark.slow
def test_a_variance_far_below_the_smallest_float():
    run = cj.simulate(cj.Gaussian(ddof=0), cj.Replace(2), "log_variance", generations=2000, chains=64, block=64)
    assert np.all(run["log_variance"].nonfinite == 0)
    assert run["log_variance"].maximum[-1] < -1000


P3 = np.array([[0.5, 0.3, 0.2], [0.1, 0.1, 0.8]])


def first_row(model, truth):
    return (model.p[..., 0, :] ** 2).sum(-1)


@pytest.mark.slow
@pytest.mark.usefixtures("fast_compilation")
@pytest.mark.parametrize("unvisited", ["keep", "uniform"])
def test_contexts_follow_the_oracle(unvisited):
    """A loop over contexts in NumPy, visits at random; both engines have its law."""
    rng, chains, n, weights = np.random.default_rng(0), 8192, 6, np.array([0.3, 0.7])
    p, squares = np.broadcast_to(P3, (chains, 2, 3)).copy(), []
    for _ in range(4):
        visits = rng.multinomial(n, weights, chains)
        for j in range(2):
            counts = rng.multinomial(visits[:, j], p[:, j])
            idle = p[:, j] if unvisited == "keep" else np.full((chains, 3), 1 / 3)
            p[:, j] = np.where(visits[:, [j]] > 0, counts / np.maximum(visits[:, [j]], 1), idle)
        squares.append((p[:, 0] ** 2).sum(-1))
    for seed, engine in enumerate(("exact", "literal")):
        run = cj.simulate(cj.Contexts(P3, weights, unvisited=unvisited), cj.Replace(n), first_row, generations=4,
                          chains=chains, engine=engine, seed=seed, keep_paths=chains)  # fmt: skip
        for t in range(4):
            oracle.assert_same_law(run.paths["first_row"][t], squares[t], oracle.alpha_of(64), f"{engine} t={t + 1}")


@pytest.mark.slow
def test_one_context_is_a_categorical_family():
    runs = [cj.simulate(family, cj.Accumulate(8), metric, generations=3, chains=1024, keep_paths=1024)
            for family, metric in [(cj.Contexts(P3[:1], unvisited="keep"), first_row), (cj.Categorical(P3[0]), "sum_of_squares")]]  # fmt: skip
    assert set(np.unique(runs[0].paths["first_row"][0])) == set(np.unique(runs[1].paths["sum_of_squares"][0]))


@pytest.mark.parametrize(
    ("make", "remedy"),
    [
        (lambda: cj.Contexts([[0.5, 0.6]], unvisited="keep"), "divide each row by its sum"),
        (lambda: cj.Contexts([[0.5, 0.5]], [0.5], unvisited="keep"), "divide it by its sum"),
        (lambda: cj.Contexts([[0.5, 0.5]], [0.5, 0.5], unvisited="keep"), "give one per row"),
        (lambda: cj.Contexts([[0.5, 0.5]], unvisited="drop"), "use 'keep'"),
    ],
)
def test_invalid_contexts(make, remedy, untyped):
    with pytest.raises(ValueError, match=remedy):
        make()
