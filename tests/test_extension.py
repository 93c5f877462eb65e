"""What users write: a method that is redefined wins, and a fit sees the observations that are there, and no others."""

from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from collapse_jax import (
    Accumulate,
    AccumulateSubsample,
    Bernoulli,
    Categorical,
    Family,
    FixedReal,
    FreshReal,
    Gaussian,
    LinearRegression,
    RandomPool,
    Replace,
    ReplaceMultiple,
    Samples,
    Window,
    metrics_for,
    simulate,
)
from collapse_jax.engine import trial
from collapse_jax.numerics import random

pytestmark = pytest.mark.usefixtures("fast_compilation")

Z = 6.2  # |z| <= 6.2 fails a right mean once in 10^9 times


def p(model, truth):
    return model.p


def m(model, truth):
    return model.m


def squared_distance(model, truth):
    return jnp.sum((model.coefficients - jnp.asarray(truth.coefficients)[:, None]) ** 2, 0)


def agrees(curve, right):
    return np.all(np.abs(curve.mean - right) <= Z * curve.standard_error)


class Smoothed(Bernoulli):
    """Add-one smoothing."""

    def fit(self, data):
        number = data.number if isinstance(data, Samples) else data.count
        total = data.total() if isinstance(data, Samples) else data.total
        return self.replace(p=(total + 1) / (number + 2))


class Signs(Gaussian):
    """Observations +2 or -2 about the mean; fitted as a Gaussian."""

    def sample(self, key, n):
        drawn = jax.random.rademacher(key, (*self.batch_shape, n, 1), self.dtype)
        return self.mean[..., None, :] + 2 * drawn


class Zero(LinearRegression):
    def fit(self, data):
        return self.replace(coefficients=0 * self.coefficients)


class HalfStatistic(Bernoulli):
    def statistic(self, key, n):
        return Bernoulli.statistic(self.replace(p=self.p / 2), key, n)


class Ones(LinearRegression):
    """Another design, and nothing else."""

    def _design(self, key, n):
        return jnp.ones((*self.batch_shape, n, self.d), self.dtype)


@pytest.mark.wide
def test_a_fit_that_is_redefined_wins():
    curve = simulate(Smoothed(0.1), Replace(20), p, generations=60, chains=20_000)["p"]
    right, expected = 0.1, []
    for _ in range(60):
        right = (20 * right + 1) / 22
        expected.append(right)
    assert agrees(curve, expected)
    assert curve.minimum.min() > 0  # nobody absorbed
    assert curve.maximum.max() < 1


@pytest.mark.parametrize("engine", ["exact", "literal"])
def test_a_fit_that_looks_at_nothing(engine):
    truth = Zero([0.6, 0.8], design="fresh")
    run = simulate(truth, Replace(20), squared_distance, generations=3, chains=100, engine=engine)
    np.testing.assert_allclose(run["squared_distance"].mean, 1, rtol=1e-15)


def test_a_sample_that_is_redefined_is_of_another_law_than_the_inherited_statistic():
    for family, redefined in ((Signs(ddof=1), "sample"), (Ones(d=1, design="fresh"), "_design")):
        with pytest.raises(ValueError, match=f"redefines {redefined} and the statistic of .* use engine='literal'"):
            simulate(family, Replace(20), "variance" if redefined == "sample" else "risk", generations=1, chains=10)
    curve = simulate(Signs(ddof=1), Replace(20), "variance", generations=1, chains=20_000, engine="literal")["variance"]
    assert agrees(curve, 4)


def test_a_statistic_that_is_redefined_wins_over_refit():
    curve = simulate(HalfStatistic(0.3), Replace(20), p, generations=3, chains=20_000)["p"]
    assert agrees(curve, 0.3 / 2.0 ** np.arange(1, 4))


def test_short_cuts_that_hold_are_inherited():
    class Named(Bernoulli):
        def check(self, sizes, engine):
            pass

    class Declared(Signs):
        statistic = Gaussian.statistic

    class Mixin:
        def fit(self, data):
            return self

    class Mixed(Mixin, Bernoulli):
        pass

    class Quick(Smoothed):
        def refit(self, key, n, *, on_lattice):
            return self

    class Below(Smoothed):
        pass

    assert Named.refit is Bernoulli.refit
    assert Named.ignores_unfilled
    assert simulate(Declared(ddof=1), Replace(20), "variance", generations=1, chains=10).chains == 10
    assert Smoothed.refit is Mixed.refit is Below.refit is Family.refit
    assert Quick.refit is not Family.refit
    assert not Smoothed.ignores_unfilled
    assert Smoothed.statistic is Bernoulli.statistic  # its law is that of `sample` as before


def test_subclasses_keep_metrics():
    assert metrics_for(Smoothed(0.1)) == metrics_for(Bernoulli(0.1))


def test_what_an_index_sampler_would_pass_over_is_refused():
    class Skewed(Categorical):
        def sample(self, key, n):
            return 0 * super().sample(key, n)

    with pytest.raises(ValueError, match="use sampler='counts'"):
        simulate(Skewed(sampler="index"), Replace(20), "entropy", generations=1, chains=10, engine="literal")


def test_a_step_that_is_redefined_has_no_inherited_pedigree():
    class Lazy(Replace):
        def step(self, key, t, n, memory, model, source):
            return memory, model

    class Checked(Replace):
        def check(self, family, generations):
            pass

    with pytest.raises(ValueError, match="write its method `pedigree`"):
        Lazy(20).pedigree(3)
    assert Checked.pedigree is Replace.pedigree
    assert Lazy(20).leaves_unfilled(3)
    assert not Checked(20).leaves_unfilled(3)


class Located(Family):
    """N(m, 1), fitted by something of the sample that is symmetric about m."""

    m: Any = 0.0
    parameters = {"m": 0}

    def sample(self, key, n):
        return self.m[..., None] + jax.random.normal(key, (*self.batch_shape, n), self.dtype)


class Median(Located):
    def fit(self, data):
        return self.replace(m=data.median())


class Weighted(Located):
    def fit(self, data):
        return self.replace(m=data.filled(0) @ data.weights)


class MedianOfAll(Located):
    def fit(self, data):
        return self.replace(m=jnp.median(data.values, -1))


class MaskedByProduct(Located):
    def fit(self, data):
        return self.replace(m=jnp.sum(data.values * data.present, -1) / data.number)


class DividedBySlots(Located):
    def fit(self, data):
        return self.replace(m=data.total() / data.slots)


class Counts(Located):
    """Whole numbers, which have no NaN."""

    def sample(self, key, n):
        return jnp.round(super().sample(key, n)).astype(jnp.int32)

    def fit(self, data):
        return self.replace(m=jnp.mean(data.values, -1))


PARTIAL = [
    Accumulate(21),
    Window(20, k=3),
    Window(20, k=2, redraw=True),
    FixedReal(20, n_real=10),
    FreshReal(20, n_real=10),
    ReplaceMultiple(20),
    RandomPool((20, 5, 30, 7)),
    Replace((20, 5, 30, 7)),
]
FULL = [Replace(21), AccumulateSubsample(20), RandomPool(20), FreshReal(20, n_real=10, weight=0.3)]


@pytest.mark.sample(3)
@pytest.mark.parametrize(
    ("family", "workflow"),
    [
        (Median, PARTIAL[0]),
        (Median, PARTIAL[6]),
        (Weighted, PARTIAL[1]),
        (Weighted, PARTIAL[3]),
        (MedianOfAll, FULL[0]),
    ],
    ids=str,
)
def test_location_under_workflows_that_fill_slots_and_that_do_not(family, workflow):
    assert agrees(simulate(family(5.0), workflow, m, generations=4, chains=1_000, engine="literal")["m"], 5)


@pytest.mark.parametrize("family", [MedianOfAll, MaskedByProduct, Counts, DividedBySlots], ids=lambda f: f.__name__)
def test_a_fit_that_reads_unfilled_slots_is_refused(family):
    for workflow in PARTIAL:
        with pytest.raises(ValueError, match=r"`m` changes with .* data\.present"):
            simulate(family(5.0), workflow, m, generations=4, chains=100, engine="literal")


def test_workflows_that_fill_all_slots():
    assert all(workflow.leaves_unfilled(4) for workflow in PARTIAL)
    assert not any(workflow.leaves_unfilled(4) for workflow in FULL)


def test_an_inherited_fit_may_see_junk_and_a_redefined_one_may_not():
    class Careless(Gaussian):
        def fit(self, data):
            return self.replace(location=jnp.mean(data.values, -2).T)

    assert not trial.reads_unfilled(Signs(ddof=1), 8)
    assert "`location`" in trial.reads_unfilled(Careless(ddof=1), 8)
    with pytest.raises(ValueError, match=r"data\.present"):
        simulate(Careless(ddof=1), Accumulate(8), "mean_error", generations=2, chains=10, engine="literal")


def test_a_trial_is_made_once(monkeypatch):
    class Once(Median):
        pass

    calls = []
    tried = trial.reads_unfilled
    monkeypatch.setattr(trial, "reads_unfilled", lambda *args: calls.append(args) or tried(*args))
    for seed in range(3):
        simulate(Once(5.0), Accumulate(8), m, generations=2, chains=10, engine="literal", seed=seed)
    assert len(calls) == 1


def test_unfilled_slots_hold_nothing(x64):
    truth = Median(5.0).broadcast((2,))
    for blank in (True, False):
        full = Samples.of(truth.sample(random.key(0), 4), 1, blank)
        for data in (
            full.first(2),
            full.only_if(False),
            full.reserve(3),
            full.none() + full,
            full.none().reserve(2).append(full),
        ):
            hidden = np.isnan(np.asarray(data.values)).any(0)
            np.testing.assert_array_equal(hidden, ~np.asarray(data.present) & blank)


@pytest.mark.parametrize("number", [1, 2, 5, 9])
def test_summaries_of_what_is_present(number, x64):
    rng = np.random.default_rng(number)
    values = rng.normal(size=(3, 9, 2)).round(1)  # ties
    present = rng.permutation(np.arange(9) < number)
    data = Samples(jnp.asarray(values), jnp.asarray(present), jnp.int32(9), 1)
    seen = values[:, present]
    for mine, numpys in (
        (data.total(), seen.sum(1)),
        (data.mean(), seen.mean(1)),
        (data.var(ddof=0), seen.var(1)),
        (data.median(), np.median(seen, 1)),
        (data.quantile(0.3), np.quantile(seen, 0.3, 1)),
        (data.quantile(1), seen.max(1)),
        (data.mean(jnp.asarray(values**2)), (seen**2).mean(1)),
        (jnp.einsum("s,csd->cd", data.weights, data.filled(0)), seen.mean(1)),
    ):
        np.testing.assert_allclose(mine, numpys, rtol=1e-13, atol=1e-13)
    assert data.filled(7.0)[:, ~present].size == 0 or np.all(data.filled(7.0)[:, ~present] == 7)


@pytest.mark.wide
def test_summaries_of_nothing_and_of_parts(x64):
    empty = Samples.of(jnp.ones((2, 4)), 1).none()
    assert np.isnan(empty.median()).all()
    assert np.isnan(empty.mean()).all()
    assert not empty.weights.any()
    lost = Samples.of(jnp.asarray([[1.0, jnp.nan, 2.0], [1.0, 3.0, 2.0]]), 1)
    np.testing.assert_array_equal(lost.median(), [np.nan, 2])
    with pytest.raises(ValueError, match="several parts"):
        Samples.of((jnp.ones((2, 4)), jnp.ones((2, 4))), 1).mean()


def test_a_fit_may_be_random():
    """What `learn` draws differs between generations, and not between workflows that fit at the same time."""

    class Restless(Gaussian):
        def learn(self, key, data):
            fitted = self.fit(data)
            return fitted.replace(location=random.normal(key, fitted.location.shape, self.dtype))

    def paths(workflow):
        run = simulate(
            Restless(ddof=1), workflow, "mean_error", generations=3, chains=8, engine="literal", keep_paths=8
        )
        return run.paths["mean_error"]

    replaced, accumulated = paths(Replace(5)), paths(Accumulate(5))
    assert len(set(replaced.ravel().tolist())) == replaced.size
    np.testing.assert_array_equal(replaced, accumulated)
