"""Closed forms of every workflow (theory/mle.md, regression.md and discrete.md give the derivations)."""

import _oracle as oracle
import numpy as np
import pytest
from _oracle_workflows import chains_of

import collapse_jax as cj
from collapse_jax.laws import second_moment
from proofs_check.papers.barzilai2025.families import SlowCollapse

pytestmark = pytest.mark.usefixtures("fast_compilation")
GENERATIONS, CHAINS = 6, 16_384
T = np.arange(1, GENERATIONS + 1)
SCHEDULE = np.array([4, 8, 6, 20, 5, 40])


def quadratic(variance, v2, e):
    """E (tau_t - tau_0)^2 of a natural exponential family with variance function v0 + v1 tau + v2 tau^2."""
    return variance * np.cumsum(e) if v2 == 0 else variance / v2 * (np.cumprod(1 + v2 * e) - 1)


def accumulate_subsample(n):
    """(E variance, E squared error of the mean) of the fit on n of t n points, unit variance."""
    v, p, out = 1 - 1 / n, 1 / n, []
    for t in T:
        pool = t * n
        fitted = v * pool / (pool - 1) * (1 - 1 / n)
        extra = v * (pool - n) / (n * (pool - 1))
        out.append((fitted, p + extra))
        a = extra + fitted / n
        v = (pool * v + n * (1 - 1 / n) * fitted) / (pool + n) + pool * n * a / (pool + n) ** 2
        p = p + (n / (pool + n)) ** 2 * a
    return np.array(out).T


def window(k):
    """Squared norms of the noise coefficients when fit t averages the last k data sets."""
    rows = [np.zeros(GENERATIONS)]
    for t in range(1, GENERATIONS + 1):
        used = range(max(1, t - k + 1), t + 1)
        unit = np.eye(GENERATIONS)
        rows.append(sum(rows[j - 1] + unit[j - 1] for j in used) / len(used))
    return np.array([row @ row for row in rows[1:]])


def mixed(weight, n_real, n, first):
    out = [first]
    for _ in T[1:]:
        out.append(weight**2 / n_real + (1 - weight) ** 2 * (out[-1] + 1 / n))
    return np.array(out)


def fixed_real(n_real, n):
    share, d = n / (n + n_real), [0.0]
    for _ in T[1:]:
        d.append(share**2 * (d[-1] + 1 / n))
    return np.array(d) + 1 / n_real


def fixed_real_variance(n_real, n):
    """(E variance, E squared error) of a normal law with maximum-likelihood variance."""
    total = n_real + n
    share = n / total
    d, v = 0.0, 1 - 1 / n_real
    out = [(v, 1 / n_real)]
    for _ in T[1:]:
        between = n_real * n / total * (d + v / n)
        d, v = share**2 * (d + v / n), ((n_real - 1) + (n - 1) * v + between) / total
        out.append((v, d + 1 / n_real))
    return np.array(out).T


# a redrawn window of 3 with n = 10: three observations of each of the last three models
REDRAWN = [[3 * (m - 3 <= t) for t in range(m)] for m in T]
REGRESSION = cj.LinearRegression(d=3, sigma2=2.0, design="shared")
NORMAL = cj.Gaussian(ddof=0)
KNOWN = cj.Gaussian(d=2, known_cov=True)
N = 10
BATCHES = SCHEDULE / np.cumsum(SCHEDULE) ** 2
CASES = {
    "bernoulli_replace": (cj.Bernoulli(0.3), cj.Replace(N), "squared_error", quadratic(0.21, -1, 1 / N + 0 * T)),
    "bernoulli_accumulate": (cj.Bernoulli(0.3), cj.Accumulate(N), "squared_error", quadratic(0.21, -1, 1 / (N * T**2))),
    "bernoulli_schedule": (cj.Bernoulli(0.3), cj.Replace(SCHEDULE), "squared_error", quadratic(0.21, -1, 1 / SCHEDULE)),
    "bernoulli_batches": (cj.Bernoulli(0.3), cj.Accumulate(SCHEDULE), "squared_error", quadratic(0.21, -1, BATCHES)),
    "poisson_replace": (cj.Poisson(2.0), cj.Replace(N), "squared_error", quadratic(2.0, 0, 1 / N + 0 * T)),
    "poisson_accumulate": (cj.Poisson(2.0), cj.Accumulate(N), "squared_error", quadratic(2.0, 0, 1 / (N * T**2))),
    "poisson_schedule": (cj.Poisson(2.0), cj.Replace(SCHEDULE), "squared_error", quadratic(2.0, 0, 1 / SCHEDULE)),
    "exponential_replace": (cj.Exponential(2.0), cj.Replace(600), "squared_error", quadratic(4.0, 1, 1 / 600 + 0 * T)),
    "exponential_accumulate": (cj.Exponential(2.0), cj.Accumulate(N), "squared_error", quadratic(4.0, 1, 1 / (N * T**2))),
    "exponential_batches": (cj.Exponential(2.0), cj.Accumulate(5 * SCHEDULE), "squared_error", quadratic(4.0, 1, BATCHES / 5)),
    "gaussian_replace": (NORMAL, cj.Replace(6 * N), "variance", (1 - 1 / (6 * N)) ** T),
    "gaussian_replace_mean": (NORMAL, cj.Replace(N), "mean_error", 1 - (1 - 1 / N) ** T),
    "gaussian_replace_unbiased": (cj.Gaussian(ddof=1), cj.Replace(N), "mean_error", T / N),
    "gaussian_accumulate": (NORMAL, cj.Accumulate(N), "variance", np.cumprod(1 - 1 / (N * T**2))),
    "gaussian_accumulate_unbiased": (cj.Gaussian(ddof=1), cj.Accumulate(N), "variance",
                                     np.cumprod(np.where(T > 1, 1 - 1 / (T * (T * N - 1)), 1.0))),
    "gaussian_schedule": (NORMAL, cj.Replace(5 * SCHEDULE), "variance", np.cumprod(1 - 1 / (5 * SCHEDULE))),
    "subsample_variance": (NORMAL, cj.AccumulateSubsample(N), "variance", accumulate_subsample(N)[0]),
    "subsample_mean": (NORMAL, cj.AccumulateSubsample(N), "mean_error", accumulate_subsample(N)[1]),
    "window": (REGRESSION, cj.Window(30, k=3), "risk", 2 * 3 / 26 * window(3)),
    "window_of_one_is_replace": (REGRESSION, cj.Window(30, k=1), "risk", 2 * 3 / 26 * T),
    "window_of_all_is_accumulate": (REGRESSION, cj.Window(30, k=9), "risk", 2 * 3 / 26 * np.cumsum(1 / T**2)),
    "fresh_real_weighted": (KNOWN, cj.FreshReal(20, n_real=N, weight=0.4), "mean_error", 2 * mixed(0.4, N, 20, 1 / N)),
    "fresh_real_without_weight_is_replace": (KNOWN, cj.FreshReal(20, n_real=20, weight=0.0), "mean_error", 2 * T / 20),
    "fresh_real_of_weight_one_is_real": (KNOWN, cj.FreshReal(20, n_real=N, weight=1.0), "mean_error", 2 / N + 0 * T),
    "fresh_real_pooled": (KNOWN, cj.FreshReal(20, n_real=N), "mean_error", 2 * mixed(1 / 3, N, 20, 1 / N)),
    "fixed_real": (KNOWN, cj.FixedReal(20, n_real=N), "mean_error", 2 * fixed_real(N, 20)),
    "fixed_real_fitted_variance": (NORMAL, cj.FixedReal(20, n_real=N), "variance", fixed_real_variance(N, 20)[0]),
    "fixed_real_fitted_mean": (NORMAL, cj.FixedReal(20, n_real=N), "mean_error", fixed_real_variance(N, 20)[1]),
    "replace_multiple_shared": (REGRESSION, cj.ReplaceMultiple(30), "risk", 2 * 3 / 26 * np.cumsum(1 / T)),
    "replace_multiple_fresh": (cj.LinearRegression(d=3, sigma2=2.0, design="fresh"), cj.ReplaceMultiple(30), "risk",
                               2 * 3 * np.cumsum(1 / (30 * T - 4))),
    "window_redrawn": (cj.Categorical([0.5, 0.3, 0.2], sampler="index"), cj.Window(N, k=3, redraw=True),
                       "sum_of_squares", second_moment.sum_of_squares(REDRAWN, 0.38)),
    "window_redrawn_of_one_is_replace": (cj.Bernoulli(0.3), cj.Window(N, k=1, redraw=True), "squared_error",
                                         quadratic(0.21, -1, 1 / N + 0 * T)),
    "random_pool": (cj.Categorical([0.5, 0.3, 0.2]), cj.RandomPool(N), "sum_of_squares",
                    1 - 0.62 * np.cumprod(1 - 1 / (N * T**2))),
    "wright_fisher": (cj.Categorical([0.5, 0.3, 0.2], sampler="index"), cj.Replace(N), "sum_of_squares",
                      1 - 0.62 * (1 - 1 / N) ** T),
}  # fmt: skip
ALPHA = oracle.alpha_of(len(CASES) * GENERATIONS + 20)


@pytest.mark.sample(3)
@pytest.mark.parametrize("case", CASES)
def test_closed_form(case):
    family, workflow, metric, expected = CASES[case]
    run = cj.simulate(family, workflow, metric, generations=GENERATIONS, chains=CHAINS)
    curve = run[metric]
    assert np.all(curve.nonfinite == 0)
    # A mean carried by few chains would make the normal test lie.
    assert np.all(curve.finite.kurtosis < CHAINS**0.5), "heavy tail: choose a larger n"
    oracle.assert_mean(curve.mean, curve.standard_error, expected, ALPHA, case)


@pytest.mark.parametrize("case", ["gaussian_replace", "gaussian_accumulate", "poisson_schedule", "fixed_real"])
def test_the_test_can_fail(case):
    # The neighbouring formula (n + 1 for n, or one generation late) lies outside the same interval.
    family, workflow, metric, expected = CASES[case]
    run = cj.simulate(family, workflow, metric, generations=GENERATIONS, chains=4 * CHAINS)
    wrong = np.roll(expected, 1)
    with pytest.raises(AssertionError):
        oracle.assert_mean(run[metric].mean[1:], run[metric].standard_error[1:], wrong[1:], ALPHA)


@pytest.mark.sample(3)
@pytest.mark.parametrize("engine", ["exact", "literal"])
@pytest.mark.parametrize(
    ("workflow", "kind"),
    [
        (cj.Replace([5, 9, 7, 12]), "Replace"),
        (cj.Accumulate([5, 9, 7, 12]), "Accumulate"),
        (cj.Window([5, 9, 7, 12], k=2), "Window"),
        (cj.FixedReal([5, 9, 7, 12], n_real=8), "FixedReal"),
        (cj.FreshReal([5, 9, 7, 12], n_real=8), "FreshReal"),
        (cj.RandomPool([5, 9, 7, 12]), "RandomPool"),
    ],
)
def test_schedules_follow_the_oracle(workflow, kind, engine):
    truth = oracle.Normal(np.zeros(1), np.eye(1), 0)
    models = chains_of(truth, kind, np.random.default_rng(0), chains=CHAINS, sizes=[5, 9, 7, 12], k=2, n_real=8)
    run = cj.simulate(NORMAL, workflow, ["log_variance", "mean_error"], generations=4, chains=CHAINS, engine=engine,
                      keep_paths=CHAINS)  # fmt: skip
    for t, (mean, cov) in enumerate(models):
        oracle.assert_same_law(run.paths["log_variance"][t], np.log(cov[:, 0, 0]), ALPHA / 4, f"t={t + 1}")
        oracle.assert_same_law(run.paths["mean_error"][t], mean[:, 0] ** 2, ALPHA / 4, f"t={t + 1}")


MULTIPLE, REDRAW = cj.ReplaceMultiple(12), cj.Window(12, k=2, redraw=True)


@pytest.mark.sample(5)
@pytest.mark.parametrize(
    ("family", "workflow", "metric"),
    [
        (cj.LinearRegression(d=2, design="shared"), MULTIPLE, "risk"),
        (NORMAL, MULTIPLE, "log_variance"),
        (NORMAL, REDRAW, "log_variance"),
        (SlowCollapse(J=2), MULTIPLE, "tv"),
        (SlowCollapse(J=2), REDRAW, "tv"),
    ],
    ids=["shared", "normal_multiple", "normal_redraw", "slow_multiple", "slow_redraw"],
)
def test_engines_agree_where_sizes_grow(family, workflow, metric):
    runs = [
        cj.simulate(family, workflow, metric, generations=4, chains=CHAINS, engine=engine, seed=seed, keep_paths=CHAINS)
        for seed, engine in enumerate(("exact", "literal"))
    ]
    for t in range(4):
        oracle.assert_same_law(runs[0].paths[metric][t], runs[1].paths[metric][t], ALPHA / 16, f"t={t + 1}")


def test_subsampling_with_replacement():
    truth = oracle.Normal(np.zeros(1), np.eye(1), 0)
    models = chains_of(truth, "AccumulateSubsample", np.random.default_rng(1), chains=CHAINS, sizes=[12] * 3,
                              replace=True)  # fmt: skip
    run = cj.simulate(NORMAL, cj.AccumulateSubsample(12, replace=True), "mean_error", generations=3, chains=CHAINS,
                      keep_paths=CHAINS)  # fmt: skip
    for t, (mean, _) in enumerate(models):
        oracle.assert_same_law(run.paths["mean_error"][t], mean[:, 0] ** 2, ALPHA, f"t={t + 1}")


@pytest.mark.parametrize(
    ("make", "remedy"),
    [
        (lambda: cj.Replace(0), "use a whole number >= 1"),
        (lambda: cj.Replace(-3), "use a whole number >= 1"),
        (lambda: cj.Replace(2.5), "use a whole number >= 1"),
        (lambda: cj.Replace(True), "use a whole number >= 1"),
        (lambda: cj.Replace([]), "use a whole number >= 1"),
        (lambda: cj.Replace([3, 0]), "use a whole number >= 1"),
        (lambda: cj.Replace("ten"), "use a whole number >= 1"),
        (lambda: cj.Replace(None), "use a whole number >= 1"),
        (lambda: cj.Replace(float("nan")), "use a whole number >= 1"),
        (lambda: cj.Replace([5, float("inf")]), "use a whole number >= 1"),
        (lambda: cj.Window(5, k=0), "use a whole number >= 1"),
        (lambda: cj.Window(5, k=1.5), "use a whole number >= 1"),
        (lambda: cj.Window(5, k=True), "use a whole number >= 1"),
        (lambda: cj.FixedReal(5, n_real=0), "use a whole number >= 1"),
        (lambda: cj.FixedReal(5, n_real=2.5), "use a whole number >= 1"),
        (lambda: cj.FreshReal(5, n_real=-1), "use a whole number >= 1"),
        (lambda: cj.FreshReal(5, n_real=5, weight=1.5), "use 0 <= weight <= 1"),
        (lambda: cj.FreshReal(5, n_real=5, weight=-0.1), "use 0 <= weight <= 1"),
        (lambda: cj.FreshReal(5, n_real=5, weight=np.float64(1.5)), "use 0 <= weight <= 1"),
        (lambda: cj.FreshReal(5, n_real=5, weight=float("nan")), "use 0 <= weight <= 1"),
    ],
)
def test_invalid_workflows(make, remedy):
    with pytest.raises(ValueError, match=remedy) as caught:
        make()
    assert "\n" not in str(caught.value)


def test_a_schedule_must_be_long_enough_and_constant_where_needed():
    with pytest.raises(ValueError, match="give one size per fit"):
        cj.simulate(NORMAL, cj.Replace([5, 6]), "variance", generations=3, chains=8)
    with pytest.raises(ValueError, match="give n as one number"):
        cj.simulate(NORMAL, cj.AccumulateSubsample([5, 6, 7]), "variance", generations=3, chains=8)
    with pytest.raises(ValueError, match="Replace with a schedule"):
        cj.simulate(NORMAL, cj.ReplaceMultiple([5, 6, 7]), "variance", generations=3, chains=8)
    with pytest.raises(ValueError, match="use design='fresh'"):
        cj.simulate(REGRESSION, REDRAW, "risk", generations=3, chains=8)
    with pytest.raises(ValueError, match="use n >= k"):
        cj.simulate(NORMAL, cj.Window(2, k=3, redraw=True), "variance", generations=3, chains=8)
    with pytest.raises(ValueError, match="sampler='counts'"):
        cj.simulate(
            cj.Categorical(sampler="index"), cj.Window([4, 6], k=2, redraw=True), "entropy", generations=2, chains=8
        )
    run = cj.simulate(NORMAL, cj.AccumulateSubsample([5, 5]), "variance", generations=2, chains=8, block=8)
    assert run.chains == 8


def test_workflows_print_compare_and_hash():
    assert cj.Replace(5) == cj.Replace(5)
    assert cj.Replace(5) != cj.Replace(6)
    assert hash(cj.Window(5, k=2)) == hash(cj.Window(5, k=2))
    assert "n_real=4" in repr(cj.FixedReal(5, n_real=4))
