"""The two negative constructions of Barzilai and Shamir: likelihood, laws, engines, edges."""

import _oracle as oracle
import jax
import jax.numpy as jnp
import numpy as np
import pytest
from scipy import integrate, optimize, stats

import collapse_jax as cj
from proofs_check.papers.barzilai2025 import metrics
from proofs_check.papers.barzilai2025.families import SecondFitCollapse, SlowCollapse

pytestmark = pytest.mark.usefixtures("fast_compilation")
ALPHA = oracle.alpha_of(100)
C = 4 * np.log(2)


def _log_width(alpha, n):
    return np.interp(alpha, [0.1, 0.125], [-np.log(39), -2 * n * np.log(34)])


def _density(x, alpha, mu, n):
    """Of Construction 1, as the sum of its four parts."""
    width = np.exp(_log_width(alpha, n))

    def uniform(low, high):
        return ((x >= low) & (x <= high)) / (high - low)

    return (0.5 * uniform(0, 1) + 0.5 * (1 - alpha) * uniform(0, 1 - 2 * alpha)
            + alpha / 4 * (uniform(2, 3) + uniform(mu, mu + width)))  # fmt: skip


def _log_likelihood(x, alpha, mu, n):
    with np.errstate(divide="ignore"):
        return np.log(_density(x, alpha, mu, n)).sum()


@pytest.mark.sample(2)
@pytest.mark.usefixtures("x64")
@pytest.mark.parametrize("outside", [0, 1, 2, 5])
def test_the_literal_fit_maximises_the_likelihood(outside, cheap_jit):
    n, rng = 2, np.random.default_rng(outside)
    x = rng.uniform(size=(12, 9))
    x[:, :outside] = 2.4 + rng.choice([1e-4, 1e-2, 0.3], (12, 1)) * rng.uniform(size=(12, outside))
    family = SecondFitCollapse(n).broadcast((12,))
    fitted = cheap_jit(lambda x: family.fit(cj.Samples.of(x, 1)))(jnp.asarray(x))
    for row, alpha, mu, edge in zip(x, *map(np.asarray, (fitted.alpha, fitted.mu, fitted.edge)), strict=True):
        assert 2 <= mu <= 3 - np.exp(_log_width(alpha, n)) + 1e-12
        assert edge == min(0.25, (1 - row[row < 1.5].max()) / 2)
        # Nudged so that points at the ends of its intervals are counted inside them.
        reached = max(_log_likelihood(row, alpha - 1e-12, mu + nudge, n) for nudge in (-1e-12, 0.0, 1e-12))
        grid = [np.linspace(1e-4, 0.25, 400), np.linspace(0.1, 0.125, 200), (1 - row) / 2 - 1e-12]
        for other in np.concatenate(grid):
            if 0 < other <= 0.25:
                width = np.exp(_log_width(other, n))
                starts = np.clip(np.append(row[row > 1.5], 2.0), 2, 3 - width)
                assert max(_log_likelihood(row, other, start, n) for start in starts) <= reached + 1e-7


def test_total_variation_and_samples_of_the_first_construction():
    n, alpha, mu = 1, 0.2, 2.3
    family = SecondFitCollapse(n, alpha=alpha, mu=mu)
    width = np.exp(_log_width(alpha, n))
    edges = np.unique([0, 0.3, 1 - 2 * alpha, 0.8, 1, 2, mu, mu + width, 2.6, 3])
    middle = (edges[1:] + edges[:-1]) / 2
    mass = _density(middle, alpha, mu, n) * np.diff(edges)
    np.testing.assert_allclose(mass.sum(), 1)
    distance = np.abs(mass - (middle < 1) * np.diff(edges)).sum() / 2
    model = family.broadcast((3,))
    np.testing.assert_allclose(cj.METRICS["tv"](model, SecondFitCollapse(n)), distance, rtol=1e-6)
    x = np.asarray(model.sample(jax.random.key(0), 20_000)).ravel()
    oracle.assert_counts(np.histogram(x, edges)[0], mass, ALPHA)


@pytest.mark.grid
def test_the_first_construction_follows_its_limit_law():
    def scaled(model, truth):
        return model.alpha * truth.n

    n = 10**8
    settings = {"generations": 2, "chains": 50_000}
    run = cj.simulate(
        SecondFitCollapse(n), cj.Accumulate(n), [scaled, metrics.sacrificed, metrics.collapsed], **settings
    )
    q = optimize.brentq(lambda q: 1 - q - np.exp(-C * q), 0.5, 1)
    q2 = optimize.brentq(lambda q: 1 - q - 0.5 * np.exp(-C * q), 0.5, 1)
    rho, rho2 = 1 - q, 1 - q2
    expected = {
        "scaled": 0.5 * (1 + rho / (1 - rho) * (1 + C / (1 - C * rho))),
        "sacrificed": rho,
    }
    for name, number in expected.items():
        oracle.assert_mean(run[name].mean[0], run[name].standard_error[0], number, ALPHA)
    hit = 1 - 0.8 * (1 - rho) / (1 - 0.8 * rho2)
    assert run["collapsed"].mean[0] == 0
    oracle.assert_mean(run["collapsed"].mean[1], run["collapsed"].standard_error[1], hit, ALPHA)


@pytest.mark.slow
@pytest.mark.parametrize(("n", "generations"), [(5, 5), (60, 3)])
def test_engines_of_the_first_construction_agree_until_it_collapses(n, generations):
    chains, names = 3072, [metrics.alpha, metrics.collapsed, metrics.sacrificed]
    settings = {"generations": generations, "chains": chains, "keep_paths": chains}
    a, b = (cj.simulate(SecondFitCollapse(n), cj.Accumulate(n), names, engine=engine, seed=seed, **settings).paths
            for seed, engine in enumerate(("exact", "literal")))  # fmt: skip
    for t in range(generations):
        alive = [path["collapsed"][t] == 0 for path in (a, b)]
        table = [[x.sum(), (~x).sum()] for x in alive]
        assert stats.fisher_exact(table).pvalue > ALPHA
        for name in ("alpha", "sacrificed"):
            oracle.assert_same_law(a[name][t][alive[0]], b[name][t][alive[1]], ALPHA, f"{name} at t={t + 1}")


def test_any_sample_size_and_precision():
    n, names = 10**9, ["tv", metrics.alpha, metrics.collapsed, metrics.sacrificed]
    run = cj.simulate(SecondFitCollapse(n), cj.Accumulate(n), names, generations=3, chains=2048, dtype="float32")
    assert all(np.all(curve.nonfinite == 0) for curve in run.values())
    assert np.all(run["alpha"].minimum > 0)
    assert np.all(run["alpha"].maximum == [run["alpha"].maximum[0], 0.125, 0.125])
    assert run["alpha"].maximum[0] < 20 / n
    # One point: alpha = min(1/4, (1 - x) / 2).
    run = cj.simulate(SecondFitCollapse(1), cj.Replace(1), metrics.alpha, generations=1, chains=8192, engine="literal")
    oracle.assert_mean(run["alpha"].mean, run["alpha"].standard_error, 3 / 16, ALPHA)


@pytest.mark.parametrize("family", [SecondFitCollapse(9), SlowCollapse(3)], ids=lambda f: type(f).__name__)
@pytest.mark.parametrize("workflow", [cj.AccumulateSubsample(9), cj.RandomPool(9), cj.FixedReal(9, n_real=9)],
                         ids=lambda w: type(w).__name__)  # fmt: skip
@pytest.mark.slow
def test_constructions_under_other_workflows(family, workflow):
    dtype = "float64" if isinstance(workflow, cj.FixedReal) else "float32"
    run = cj.simulate(family, workflow, ["tv", metrics.collapsed], generations=3, chains=512, block=512, dtype=dtype)
    assert np.all(run["tv"].nonfinite == 0)
    assert np.all(run["tv"].minimum > 0)
    assert run["collapsed"].mean[0] < run["collapsed"].mean[2]


def test_total_variation_of_the_second_construction():
    model = SlowCollapse(4).replace(alphas=jnp.asarray([[0.1, 0, 0, 0], [0.1, 0.25, 0, 0], [0.01, 0.2, 0.1, 0]]))
    truth = SlowCollapse(4)
    np.testing.assert_array_equal(metrics.furthest(model, truth), [0, 1, 2])
    # h: 0.9 U[0, 0.8] + 0.1 U[1, 2].  g_J has density 1 / (2 J) on [0, 1].
    h = 0.5 * (0.8 * (0.9 / 0.8 - 1) + 0.2 + 0.1)
    np.testing.assert_allclose(cj.METRICS["tv"](model, truth), [h, 3 / 4, 5 / 6], rtol=1e-6)


@pytest.mark.slow
def test_engines_of_the_second_construction_agree():
    chains, generations = 8192, 5

    def first(model, truth):
        return model.alphas[..., 0]

    def second(model, truth):
        return model.alphas[..., 1]

    settings = {"generations": generations, "chains": chains, "keep_paths": chains}
    a, b = (cj.simulate(SlowCollapse(4), cj.Accumulate(6), [first, second, metrics.furthest], engine=engine, seed=seed, **settings).paths
            for seed, engine in enumerate(("exact", "literal")))  # fmt: skip
    for t in range(generations):
        for name in a:
            oracle.assert_same_law(a[name][t], b[name][t], ALPHA, f"{name} at t={t + 1}")
    # Frozen from its first visit on.
    assert np.all(a["first"] == a["first"][0])


@pytest.mark.slow
@pytest.mark.parametrize("n", [1, 10**6])
def test_the_second_construction_waits_as_long_as_its_law_says(n):
    run = cj.simulate(SlowCollapse(2), cj.Accumulate(n), metrics.collapsed, generations=21, chains=10_000)
    for t in (1, 2, 5, 20):
        breaks = [b for b in (0.5 / n, 5 / n, 0.5) if b < 1]
        waits = integrate.quad(lambda u, t=t: n * (1 - u) ** (n - 1) * (1 - min(u / 2, 0.25)) ** (n * t), 0,
                               min(1, 100 / n), points=[b for b in breaks if b < min(1, 100 / n)], limit=200)[0]  # fmt: skip
        curve = run["collapsed"]
        oracle.assert_mean(curve.mean[t], curve.standard_error[t], 1 - waits, ALPHA)
    assert run["collapsed"].mean[0] == 0


@pytest.mark.usefixtures("x64")
def test_trajectories_map_over_the_spike(cheap_jit):
    def paths(n):
        family = jax.tree.map(jnp.asarray, SecondFitCollapse(50)).replace(n=n)
        return cj.trajectories(jax.random.key(0), family, cj.Accumulate(50), [metrics.alpha], generations=3, chains=16)[
            0
        ]

    both = cheap_jit(jax.vmap(paths))(jnp.asarray([50.0, 100.0]))
    np.testing.assert_allclose(both[0], cheap_jit(paths)(jnp.asarray(50.0)), rtol=1e-12)


@pytest.mark.parametrize(
    ("call", "remedy"),
    [
        (lambda: SecondFitCollapse(0), "use a whole number >= 1"),
        (lambda: SecondFitCollapse(9, alpha=0.3), "use 0 <= alpha <= 1/4"),
        (lambda: SlowCollapse(1), "use J >= 2"),
        (lambda: cj.simulate(SecondFitCollapse(9), cj.Replace(8), "tv", generations=2, chains=2), "n of the work"),
        (
            lambda: cj.simulate(SecondFitCollapse(9), cj.Accumulate(9), "tv", generations=33, chains=2),
            "at most 32 generations",
        ),
    ],
)
def test_errors_name_the_remedy(call, remedy):
    with pytest.raises(ValueError, match=remedy):
        call()
