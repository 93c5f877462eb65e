"""Metrics against independent formulas: quadrature, SciPy, matrix square roots."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from scipy import integrate, linalg, special, stats

import collapse_jax as cj
from collapse_jax.families import Empirical
from proofs_check.papers.barzilai2025.families import SecondFitCollapse, SlowCollapse

pytestmark = pytest.mark.usefixtures("x64")
COV = np.array([[2.0, 0.5, 0.0], [0.5, 1.0, 0.3], [0.0, 0.3, 1.0]])
OTHER = np.array([[1.0, -0.2, 0.1], [-0.2, 0.7, 0.0], [0.1, 0.0, 3.0]])
MEAN, OTHER_MEAN = np.array([1.0, 0.0, -1.0]), np.array([0.5, 0.2, 0.0])
TRUTH = cj.Gaussian(MEAN, COV, ddof=0)
MODEL = cj.Gaussian(OTHER_MEAN, OTHER, ddof=0).broadcast((4,))


def value(name, model, truth):
    # Inside a run, hyper-parameters are device arrays.
    model, truth = jax.tree.map(jnp.asarray, (model, truth))
    result = np.asarray(cj.METRICS[name](model, truth), float)
    assert result.shape == model.batch_shape
    assert np.all(result == result.flat[0])
    return result.flat[0]


def kl_gauss(m0, s0, m1, s1):
    delta = m1 - m0
    inverse = np.linalg.inv(s1)
    return 0.5 * (np.trace(inverse @ s0) + delta @ inverse @ delta - len(m0)
                  + np.linalg.slogdet(s1)[1] - np.linalg.slogdet(s0)[1])  # fmt: skip


@pytest.mark.wide
def test_gaussian_metrics():
    root = linalg.sqrtm(COV)
    cross = np.real(linalg.sqrtm(root @ OTHER @ root))
    shift = ((MEAN - OTHER_MEAN) ** 2).sum()
    expected = {
        "mean_error": shift,
        "covariance_error": ((COV - OTHER) ** 2).sum(),
        "squared_error": shift + ((COV - OTHER) ** 2).sum(),
        "trace": np.trace(OTHER),
        "variance": np.trace(OTHER) / 3,
        "log_variance": np.log(np.trace(OTHER) / 3),
        "det": np.linalg.det(OTHER) / np.linalg.det(COV),
        "log_det": np.linalg.slogdet(OTHER)[1] - np.linalg.slogdet(COV)[1],
        "w2": shift + np.trace(COV + OTHER - 2 * cross),
        "kl_forward": kl_gauss(OTHER_MEAN, OTHER, MEAN, COV),
        "kl_reverse": kl_gauss(MEAN, COV, OTHER_MEAN, OTHER),
        "entropy": stats.multivariate_normal(OTHER_MEAN, OTHER).entropy(),
    }
    assert set(expected) == set(cj.metrics_for(TRUTH))
    for name, number in expected.items():
        np.testing.assert_allclose(value(name, MODEL, TRUTH), number, rtol=1e-6, err_msg=name)


@pytest.mark.parametrize("name", ["w2", "kl_forward", "kl_reverse", "squared_error", "log_det"])
def test_no_distance_from_itself(name):
    for truth in (TRUTH, cj.Gaussian(2.0, 3.0, ddof=0)):
        np.testing.assert_allclose(value(name, truth.broadcast((4,)), truth), 0, atol=1e-12)


def test_gaussian_in_one_dimension():
    truth, model = cj.Gaussian(1.0, 4.0, ddof=1), cj.Gaussian(0.0, 9.0, ddof=1).broadcast((4,))
    # The quantile functions of normal laws differ by (mu - mu0) + (sigma - sigma0) z.
    np.testing.assert_allclose(value("w2", model, truth), 1 + (3 - 2) ** 2)
    kl = integrate.quad(
        lambda x: stats.norm.pdf(x, 0, 3) * (stats.norm.logpdf(x, 0, 3) - stats.norm.logpdf(x, 1, 2)), -60, 60
    )[0]
    np.testing.assert_allclose(value("kl_forward", model, truth), kl, rtol=1e-6)
    np.testing.assert_allclose(value("entropy", model, truth), stats.norm(0, 3).entropy())


def test_exponential_metrics():
    truth, model = cj.Exponential(2.0), cj.Exponential(3.0).broadcast((4,))
    quantile = stats.expon.ppf
    w2 = integrate.quad(lambda u: (3 * quantile(u) - 2 * quantile(u)) ** 2, 0, 1)[0]
    kl = integrate.quad(lambda x: stats.expon.pdf(x, scale=3) * (stats.expon.logpdf(x, scale=3) - stats.expon.logpdf(x, scale=2)),
                        0, 300)[0]  # fmt: skip
    expected = {"squared_error": 1.0, "variance": 9.0, "log_variance": np.log(9.0), "w2": w2, "kl_forward": kl,
                "kl_reverse": 2 / 3 - 1 - np.log(2 / 3), "entropy": stats.expon(scale=3).entropy()}  # fmt: skip
    assert set(expected) == set(cj.metrics_for(truth))
    for name, number in expected.items():
        np.testing.assert_allclose(value(name, model, truth), number, rtol=1e-6, err_msg=name)


def test_bernoulli_metrics():
    truth, model = cj.Bernoulli(0.3), cj.Bernoulli(0.6).broadcast((4,))
    p, q = [0.6, 0.4], [0.3, 0.7]
    expected = {"squared_error": 0.09, "variance": 0.24, "w2": stats.wasserstein_distance([0, 1], [0, 1], p[::-1], q[::-1]),
                "kl_forward": stats.entropy(p, q), "kl_reverse": stats.entropy(q, p), "sum_of_squares": 0.52,
                "support_size": 2, "entropy": stats.entropy(p), "absorbed": 0, "tv": 0.3, "l1": 0.6,
                "natural_error": (special.logit(0.6) - special.logit(0.3)) ** 2}  # fmt: skip
    assert set(expected) | {"collapse_time"} == set(cj.metrics_for(truth))
    for name, number in expected.items():
        np.testing.assert_allclose(value(name, model, truth), number, rtol=1e-12, err_msg=name)
    for p in (0.0, 1.0):
        gone = cj.Bernoulli(p).broadcast((4,))
        assert value("natural_error", gone, truth) == np.inf
        assert value("absorbed", gone, truth) == 1
        assert value("support_size", gone, truth) == 1
        assert value("entropy", gone, truth) == 0
        assert value("kl_reverse", gone, truth) == np.inf
        np.testing.assert_allclose(value("kl_forward", gone, truth), -np.log(0.3 if p else 0.7))


def test_poisson_metrics():
    truth, model = cj.Poisson(2.0), cj.Poisson(3.0).broadcast((4,))
    k = np.arange(200)
    kl = (stats.poisson.pmf(k, 3) * (stats.poisson.logpmf(k, 3) - stats.poisson.logpmf(k, 2))).sum()
    np.testing.assert_allclose(value("kl_forward", model, truth), kl, rtol=1e-12)
    np.testing.assert_allclose(value("kl_reverse", model, truth), 2 * np.log(2 / 3) + 1, rtol=1e-12)
    assert value("variance", model, truth) == 3
    assert value("absorbed", model, truth) == 0
    gone = cj.Poisson(0.0).broadcast((4,))
    assert value("absorbed", gone, truth) == 1
    assert value("kl_forward", gone, truth) == 2
    assert value("kl_reverse", gone, truth) == np.inf


def categorical_models():
    counts = cj.Categorical([0.0, 0.25, 0.75]).broadcast((4,))
    types = jnp.tile(jnp.asarray([1, 2, 2, 2, 0], jnp.int32), (4, 1))
    present = jnp.asarray([True, True, True, True, False])
    return [counts, Empirical.of(types, present, 3, jnp.dtype("float64"))]


@pytest.mark.parametrize("model", [0, 1], ids=["counts", "index"])
def test_categorical_metrics(model):
    model = categorical_models()[model]
    p, q = np.array([0.0, 0.25, 0.75]), np.array([0.5, 0.3, 0.2])
    truth = cj.Categorical(q)
    expected = {"squared_error": ((p - q) ** 2).sum(), "kl_forward": stats.entropy(p, q), "kl_reverse": np.inf,
                "sum_of_squares": (p**2).sum(), "support_size": 2, "entropy": stats.entropy(p), "absorbed": 0,
                "tv": 0.55, "l1": 1.1}  # fmt: skip
    assert set(expected) | {"collapse_time"} == set(cj.metrics_for(truth))
    for name, number in expected.items():
        np.testing.assert_allclose(value(name, model, truth), number, rtol=1e-12, err_msg=name)


def test_regression_metrics():
    w0, w = np.array([1.0, -1.0, 0.5]), np.array([0.5, 0.0, 2.0])
    truth = cj.LinearRegression(w0, cov=COV, sigma2=0.5, design="fresh")
    model = cj.LinearRegression(w, cov=COV, sigma2=0.5, design="fresh").broadcast((4,))
    risk = (w - w0) @ COV @ (w - w0)
    np.testing.assert_allclose(value("risk", model, truth), risk)
    np.testing.assert_allclose(value("squared_error", model, truth), ((w - w0) ** 2).sum())
    np.testing.assert_allclose(value("kl_forward", model, truth), risk / (2 * 0.5))
    np.testing.assert_allclose(value("kl_reverse", model, truth), risk / (2 * 0.5))


FAMILIES = [cj.Gaussian(ddof=0), cj.Gaussian(d=2, known_cov=True), cj.Bernoulli(), cj.Poisson(), cj.Exponential(),
            cj.Categorical(), cj.Contexts([[0.5, 0.5], [0.1, 0.9]], unvisited="keep"), cj.LinearRegression(d=2, design="fresh"), cj.Beta(0.5), cj.TruncatedGeometric(0.3, 3),
            cj.LogisticRegression([0.5], [[1.0], [-1.0]]), SecondFitCollapse(10), SlowCollapse()]  # fmt: skip


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: type(family).__name__)
def test_a_metric_is_listed_exactly_where_it_is_defined(family):
    family = jax.tree.map(jnp.asarray, family)
    model = family.broadcast((4,))
    for name, metric in cj.METRICS.items():
        if isinstance(metric, cj.PathMetric):
            continue
        if name in cj.metrics_for(family):
            assert np.shape(metric(model, family)) == (4,)
        else:
            with pytest.raises(ValueError, match="defined are"):
                metric(model, family)


@pytest.mark.wide
def test_hitting_times():
    # A coin fitted on two tosses: absorbed with probability p^2 + (1 - p)^2 at each fit.
    run = cj.simulate(cj.Bernoulli(0.5), cj.Replace(2), ["absorbed", "collapse_time"], generations=6, chains=2048,
                      keep_paths=2048)  # fmt: skip
    absorbed, time = run.paths["absorbed"], run.paths["collapse_time"]
    first = np.where(absorbed.any(0), absorbed.argmax(0) + 1, 7)
    for t in range(1, 7):
        np.testing.assert_array_equal(time[t - 1], np.minimum(first, t + 1))
    assert set(np.unique(first)) >= {1, 2, 3}


def mean_of(model):
    return model.mean


def test_path_metrics_follow_the_path():
    def first(model, truth):
        return model.mean[..., 0]

    run = cj.simulate(cj.Gaussian(known_cov=True), cj.Accumulate(4),
                      [first, cj.SquaredStep(parameter=mean_of),
                       cj.FromFirst(parameter=mean_of), cj.FromFirst(parameter=mean_of, squared=True, name="squares")],
                      generations=5, chains=1024, keep_paths=1024)  # fmt: skip
    path = run.paths["first"]
    np.testing.assert_allclose(run.paths["squared_step"], np.diff(path, axis=0, prepend=0) ** 2, rtol=1e-12)
    np.testing.assert_allclose(run.paths["from_first"], np.abs(path - path[0]), rtol=1e-12)
    np.testing.assert_allclose(run.paths["squares"], (path - path[0]) ** 2, rtol=1e-12)


def test_metrics_of_context_models_are_means_over_contexts():
    rows = np.array([[0.5, 0.5, 0.0], [1.0, 0.0, 0.0]])
    truth, model = (
        cj.Contexts(np.full((2, 3), 1 / 3), unvisited="keep"),
        cj.Contexts(rows, unvisited="keep").broadcast((4,)),
    )
    expected = {"sum_of_squares": 0.75, "support_size": 1.5, "entropy": np.log(2) / 2, "absorbed": 0,
                "l1": (2 / 3 + 4 / 3) / 2, "tv": 0.5}  # fmt: skip
    assert set(expected) | {"collapse_time"} == set(cj.metrics_for(truth))
    for name, number in expected.items():
        np.testing.assert_allclose(value(name, model, truth), number, rtol=1e-12, err_msg=name)
