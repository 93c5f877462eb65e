"""Classifiers fitted to labels that a verifier let through: engines against exact moments, limits, edges."""

import math

import jax
import jax.numpy as jnp
import numpy as np
import pytest

import collapse_jax as cj
from collapse_jax import laws, metrics, workflows
from collapse_jax.families.classifier import Labels
from collapse_jax.numerics import random, triangle
from proofs_check.papers.elfirdoussi2024 import deterministic
from proofs_check.papers.elfirdoussi2024 import theory as elfirdoussi
from proofs_check.papers.feng2024 import planar
from proofs_check.papers.feng2024 import theory as feng
from proofs_check.papers.yi2025 import theory as yi
from proofs_check.papers.yi2025.workflows import Accepted

pytestmark = pytest.mark.usefixtures("fast_compilation")

MEAN = (0.8, 0.6)


RIDGE = cj.LinearClassifier(MEAN, ridge=0.1, penalty="per_sample")
CHAINS = 4096


def statistic(key, labels, n):
    return RIDGE.replace(labels=labels).broadcast((CHAINS,)).statistic(key, n)


def samples(key, labels, n):
    batch = RIDGE.replace(labels=labels).broadcast((CHAINS,))
    data = batch.reduce(batch.samples(key, n))
    assert data is not None
    return data


@pytest.fixture(scope="module")
def drawn(cheap_options):
    """The statistic of n observations of every chain, by either engine; one program for all tests."""
    programs = {
        "exact": jax.jit(statistic, compiler_options=cheap_options),
        "literal": jax.jit(samples, static_argnames="n", compiler_options=cheap_options),
    }
    return lambda engine, n, *labels: programs[engine](jax.random.key(1), Labels(*labels), n)


@pytest.mark.parametrize("engine", ["exact", "literal"])
def test_least_squares_has_its_exact_moments(engine, drawn):
    """k = 14 kept, a fifth of the labels wrong. |z| < 6 holds but for 1e-8."""
    k, kappa = 14, 0.6
    truth = cj.LinearClassifier(MEAN)
    fitted = truth.broadcast((CHAINS,)).fit(drawn(engine, k, 0.2, 1.0, 1.0))
    second = laws.verified.squared_score(k, 2, 1.0, kappa) + laws.verified.size2(k, 2, 1.0, kappa)
    for name, exact in (("score", laws.verified.score(k, 1.0, kappa)), ("squared_score", second)):
        found = np.asarray(getattr(metrics, name)(fitted, truth), float)
        assert abs(found.mean() - exact) < 6 * found.std() / found.size**0.5, name


@pytest.mark.parametrize("engine", ["exact", "literal"])
def test_what_is_left_out_counts_in_the_mean(engine, drawn):
    r"""N stays; $E \operatorname{tr} G = \alpha N (d + |\mu|^2)$ and $E g = \lambda N \mu$. |z| < 6 holds but for 1e-8."""
    N, given = 20, (0.25, 0.8, 0.4)
    data = drawn(engine, N, *given)
    share, excess = elfirdoussi.kept_share(*given), elfirdoussi.excess_kept(*given)
    np.testing.assert_array_equal(data.count, N)
    pairs = [(data.gram[0] + data.gram[2], share * N * 3), *zip(data.cross, excess * N * np.array(MEAN), strict=True)]
    for found, exact in pairs:
        found = np.asarray(found, float)
        assert abs(found.mean() - exact) < 6 * found.std() / found.size**0.5


@pytest.mark.slow
def test_a_generator_of_its_own_covariance_per_chain():
    family = cj.LinearClassifier(MEAN, ridge=0.1, penalty="per_sample")
    runs = [
        cj.simulate(family, cj.Verified(cj.FixedReal(40, n_real=10), 0.3, 0.3, 0.05, generator_size=4), "squared_score",
                    generations=2, chains=4096, engine=engine, seed=i)["squared_score"]
        for i, engine in enumerate(("exact", "literal"))
    ]  # fmt: skip
    assert abs(runs[0].mean[1] - runs[1].mean[1]) < 6 * math.hypot(*(run.standard_error[1] for run in runs))


def test_limits_are_approached_at_the_stated_order():
    """C/p of the limit is left open: p times the relative error of three sizes stays put."""
    r, kappa = 0.25, 0.4
    limit = float(elfirdoussi.ridgeless_square(r, 1.0, kappa))
    scaled = [
        p * (laws.verified.squared_score(round(p / r), p, 1.0, kappa) + laws.verified.size2(round(p / r), p, 1.0, kappa) - limit)
        for p in (50, 200, 800)
    ]  # fmt: skip
    np.testing.assert_allclose(scaled, scaled[-1], rtol=0.1)
    assert abs(scaled[-1]) < 2 * limit


def test_golden_numbers():
    mix = deterministic.Mix(200, 2_000, 0.2, 1.0, 1.0, 0.1)
    toy = deterministic.toy(mix, 400, 500, 1.0)
    assert toy.square == pytest.approx(0.55897, abs=1e-5)
    assert toy.accuracy == pytest.approx(0.7302, abs=1e-4)
    synth = (1_000, 500, 1.0, 0.3, 0.3, 0.05, 0.1)
    assert elfirdoussi.synth_square(*synth) == pytest.approx(0.3549, abs=1e-4)
    assert elfirdoussi.synth_square_as_coded(*synth) == pytest.approx(3.301, abs=1e-3)
    kappa = elfirdoussi.correctness(0.3, 0.8, 0.2)
    moments = elfirdoussi.ridgeless_score(1.0, kappa), elfirdoussi.ridgeless_square(200 / (2_000 * 0.62), 1.0, kappa)
    assert elfirdoussi.accuracy(*moments) == pytest.approx(0.77209, abs=1e-5)
    unit = np.eye(30)
    general = [
        deterministic.mixed(mix._replace(m=0 + 2_000), unit[0], unit[0], np.ones(30), as_coded=c) for c in (False, True)
    ]
    assert general[0] == pytest.approx(general[1], rel=1e-9)  # nothing is left out: the code is right


@pytest.mark.parametrize(
    ("angle", "point", "agrees"), [(0.6, 0.657, 0.786), (0.0, 0.7775, 0.866), (-0.6, 0.845, 0.931)]
)
def test_linear_verifiers(angle, point, agrees):
    found = planar.kept(1.0, 1.2, angle)
    phi, psi = found.right_kept / found.right, found.wrong_kept / (1 - found.right)
    assert feng.breakdown(phi, psi) == pytest.approx(point, abs=1e-3)
    assert planar.agreement(1.0, planar.classifier(1.0, 1.2, angle)) == pytest.approx(agrees, abs=1e-3)
    a, b, r = math.cos(1.2), math.cos(angle), math.cos(1.2 - angle)
    assert feng.kept_right(a, b, r) == pytest.approx(phi, abs=1e-9)
    assert feng.kept_wrong(a, b, r) == pytest.approx(psi, abs=1e-9)


@pytest.mark.slow
def test_the_metric_of_agreement_is_the_planar_integral():
    from proofs_check.papers.feng2024.metrics import agreement

    angles = np.array([0.0, 0.3, 1.2, 2.5, math.pi])
    truth = cj.LinearClassifier([1.0, 0.0])
    model = truth.replace(coefficients=3 * jnp.array([np.cos(angles), np.sin(angles)]))
    exact = [planar.agreement(1.0, angle) for angle in angles[:-1]] + [0.0]
    np.testing.assert_allclose(agreement(model, truth), exact, atol=1e-4)  # float32 knows an angle near 0 to sqrt(eps)


def test_self_labelled_data_keep_what_the_verifier_confirms():
    batch = RIDGE.broadcast((3,))

    def labelled(verifier, threshold=0.0):
        around = cj.SelfLabelled(cj.Replace(50), [1.0, 0.0], verifier, threshold)
        source = workflows.Source("literal", 50, 2, random.settings())
        return around.draw(jax.random.key(0), batch, 50, None, source).values

    x, y = labelled(None)
    np.testing.assert_array_equal(y, np.where(x[..., 0] < 0, -1, 1))
    kept_x, kept = labelled([0.0, 1.0], 0.2)
    np.testing.assert_array_equal(kept != 0, y * x[..., 1] >= 0.2)
    np.testing.assert_array_equal(kept_x[kept == 0], 0)


def test_transformations(drawn, cheap_options):
    many = jax.vmap(lambda wrong: samples(jax.random.key(1), Labels(wrong, 0.9, 0.3), 6).cross)
    one, other = jax.jit(many, compiler_options=cheap_options)(jnp.array([0.2, 0.5]))
    np.testing.assert_allclose(one, drawn("literal", 6, 0.2, 0.9, 0.3).cross, rtol=1e-4, atol=1e-5)
    assert np.any(one != other)
    data, batch = drawn("literal", 6, 0.2, 0.9, 0.3), RIDGE.broadcast((CHAINS,))

    def total(ridge):
        return batch.replace(ridge=ridge).fit(data).coefficients.mean()

    step = 1e-2  # differences of float32 are good to 1e-7 / step
    assert float(jax.grad(total)(0.1)) == pytest.approx(
        float(total(0.1 + step) - total(0.1 - step)) / (2 * step), rel=0.02
    )


@pytest.mark.parametrize("engine", ["exact", "literal"])
def test_edges(engine, drawn):
    nothing = RIDGE.broadcast((CHAINS,)).fit(drawn(engine, 14, 0.5, 0.0, 0.0))
    np.testing.assert_array_equal(nothing.coefficients, 0)
    np.testing.assert_array_equal(metrics.accuracy(nothing, RIDGE), 0.5)
    alone = drawn(engine, 1, 1.0, 1.0, 1.0)  # one observation, its label wrong
    row, column = np.array(triangle.entries(2)).T
    np.testing.assert_allclose(alone.gram, alone.cross[row] * alone.cross[column], rtol=1e-4, atol=1e-5)
    low, high = metrics.range_of(metrics.score, RIDGE, 2)
    assert (low, high) == (-high, pytest.approx(math.sqrt(1 / 0.4)))


@pytest.mark.parametrize(
    ("make", "remedy"),
    [
        (lambda: cj.LinearClassifier(MEAN, ridge=0.1), "penalty='per_sample'"),
        (lambda: cj.LinearClassifier(MEAN, ridge=-1.0, penalty="absolute"), "> 0"),
        (lambda: cj.LinearClassifier(MEAN).check((1,), "exact"), "use n >= 2"),
        (lambda: cj.Verified(cj.Replace(5), 1.5), r"in \[0, 1\]"),
        (lambda: cj.Verified(cj.Replace(5)).check(cj.Bernoulli(), 2), "LinearClassifier"),
        (lambda: cj.Verified(cj.Replace(5), mean=[1.0]).check(cj.LinearClassifier(MEAN), 2), "one per dimension"),
        (lambda: cj.SelfLabelled(cj.Replace(5), [1.0]).check(cj.LinearClassifier(MEAN), 2), "one per dimension"),
        (lambda: Accepted(cj.Replace(5)).check(cj.Bernoulli(), 2), "one dimension"),
    ],
)
def test_errors_name_the_remedy(make, remedy):
    with pytest.raises(ValueError, match=remedy):
        make()


def test_accepted_data_are_truncated_normals():
    """Far from the centre, too, where their tails are small."""
    family = cj.Gaussian(5.0, 1.0, known_cov=True).broadcast((2,))
    source = workflows.Source("literal", 20_000, 2, random.settings())
    y = np.asarray(Accepted(cj.Replace(20_000), 0.0, 0.5).draw(jax.random.key(0), family, 20_000, None, source).values)
    assert np.all(np.abs(y) <= 0.5)
    mean, variance = (law(5.0, 1.0, 0.0, 0.5) for law in (yi.truncated_mean, yi.truncated_variance))
    assert abs(y.mean() - mean) < 6 * math.sqrt(variance / y.size)
    assert yi.contraction_bound(1, 0.0, 0.5, 1.0, 10) == pytest.approx(0.05)


@pytest.mark.slow
@pytest.mark.parametrize("penalty", [{}, {"ridge": 0.1, "penalty": "per_sample"}], ids=["none", "ridge"])
def test_the_family_agrees_with_itself(penalty):
    cov = np.diag([1.0, 2.0, 0.5])
    cj.testing.check_family(cj.LinearClassifier([1.0, 0.5, 0.0], cov=cov, **penalty), chains=2048).require()
