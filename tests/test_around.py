"""Workflows around others alter what models hand on, and nothing that is real."""

from typing import Any

import jax
import numpy as np
import pytest

import collapse_jax as cj
from collapse_jax.results.record import configuration, describe

pytestmark = pytest.mark.usefixtures("fast_compilation")


class Forgetful(cj.Around):
    """Every model hands on a coin of `p` in place of its own."""

    p: float = 0.0

    def author(self, model: Any) -> Any:
        return model.replace(p=model.p * 0 + self.p)


class Doubled(cj.Around):
    """Every observation of a model is doubled."""

    picks_observations = True

    def draw(self, key, model, n, slots, source):
        data = source.draw(key, model, n, slots)
        return data.holding(data.values * 2)


INNER = [
    cj.Replace(20),
    cj.Accumulate(20),
    cj.Window(20, k=2),
    cj.Window(20, k=2, redraw=True),
    cj.FixedReal(20, n_real=20),
    cj.FreshReal(20, n_real=20),
    cj.ReplaceMultiple(20),
    cj.AccumulateSubsample(20),
    cj.RandomPool(20),
]


@pytest.mark.sample(3)
@pytest.mark.parametrize(
    ("inner", "engine"),
    [(inner, "exact") for inner in INNER] + [(cj.Accumulate(20), "literal")],
    ids=lambda value: str(value)[:40],
)
def test_only_what_is_synthetic_is_altered(inner, engine):
    """All real observations of Bernoulli(1) are 1, all synthetic ones of `Forgetful` are 0."""
    run = cj.simulate(cj.Bernoulli(1.0), Forgetful(inner), mean_of_coin, generations=3, chains=64, engine=engine)
    mean = run["mean_of_coin"].mean
    assert mean[0] == 1
    share = {"Replace": 0, "ReplaceMultiple": 0, "Accumulate": 1 / 3, "FixedReal": 0.5, "FreshReal": 0.5, "Window": 0}
    name = type(inner).__name__
    if name in share:
        assert mean[2] == pytest.approx(share[name], abs=1e-12)
    else:
        assert 0 < mean[2] < 1


def mean_of_coin(model, truth):
    return model.p


def test_an_alteration_that_changes_nothing_changes_no_bit_of_raw_data():
    class Nothing(cj.Around):
        pass

    runs = [
        cj.simulate(cj.Bernoulli(0.3), workflow, "squared_error", generations=5, chains=64, engine="literal")
        for workflow in (cj.Accumulate(7), Nothing(cj.Accumulate(7)), Nothing(Nothing(cj.Accumulate(7))))
    ]
    for run in runs[1:]:
        np.testing.assert_array_equal(run["squared_error"].mean, runs[0]["squared_error"].mean)


def test_observations_that_are_changed_one_by_one_ask_for_raw_data():
    around = Doubled(cj.Replace(10))
    assert around.needs_samples
    assert not Forgetful(cj.Replace(10)).needs_samples
    assert Forgetful(cj.RandomPool(10)).needs_samples
    run = cj.simulate(cj.Poisson(3.0), around, rate, generations=2, chains=4_096)
    low, high = run["rate"].band(1e-6)
    assert low[0] <= 3 <= high[0]
    assert low[1] <= 6 <= high[1]


def rate(model, truth):
    return model.rate


def test_schedules_and_records_reach_the_inner_workflow():
    around = Forgetful(cj.Accumulate((4, 8, 2)), p=0.5)
    assert around.n == (4, 8, 2)
    assert around.schedule(2) == (4, 8)
    assert around.without_sizes().workflow.n == 1
    assert around.without_sizes().n == 1
    record = configuration(around)
    assert record["workflow"] == {"type": "Accumulate", "n": [4, 8, 2]}
    assert record["p"] == 0.5
    assert describe(record) == "Forgetful(workflow=Accumulate(n=[4, 8, 2]), p=0.5)"
    with pytest.raises(ValueError, match="pedigree"):
        around.pedigree(3)
    with pytest.raises(ValueError, match="goes around a workflow"):
        Forgetful(3)  # pyright: ignore


class Counting(cj.Family):
    """A model that says how many observations it was fitted on; nothing but the observations suffices."""

    seen: Any = 0.0
    parameters = {"seen": 0}

    def sample(self, key, n):
        return jax.numpy.zeros((*self.batch_shape, n), self.dtype)

    def fit(self, data):
        return self.replace(seen=self.seen * 0 + data.number)


class Remembering(cj.Around):
    """A memory of its own beside that of the inner workflow, and no `lengthen`."""

    def start(self, key, truth, n, source):
        memory, model = super().start(key, truth, n, source)
        return (truth, memory), model

    def step(self, key, t, n, memory, model, source):
        inner, model = super().step(key, t, n, memory[1], model, source)
        return (memory[0], inner), model


def seen(model, truth):
    return model.seen


@pytest.mark.parametrize(
    "around",
    [
        lambda inner: inner,
        Doubled,
        Remembering,
        cj.Corrected,
        lambda inner: Doubled(cj.Corrected(inner)),
        lambda inner: cj.Corrected(Remembering(inner)),
    ],
    ids=["none", "one", "memory", "corrected", "around_corrected", "corrected_memory"],
)
def test_pools_that_grow_in_parts_lose_nothing(around):
    """From 8 fits and 4,096 observations on room is made part by part: every fit has to see all of its pool."""
    n, generations = 600, 9
    run = cj.simulate(Counting(), around(cj.Accumulate(n)), seen, generations=generations, chains=2, engine="literal")
    np.testing.assert_array_equal(run["seen"].mean, n * np.arange(1, generations + 1))


def test_what_is_around_a_workflow_from_elsewhere_asks_for_known_sizes():
    class Mine(cj.Replace):
        """Looks at its own n."""

        def step(self, key, t, n, memory, model, source):
            return (), model.fit(source.draw(key, model, self.n))

    for workflow, ours in (
        (cj.Replace(5), True),
        (cj.Biased(cj.Replace(5)), True),
        (Mine(5), False),
        (cj.Biased(Mine(5)), False),
    ):
        request = cj.Request(cj.Gaussian(ddof=1), workflow, "variance", generations=2, chains=8, sizes="traced")
        assert (request.schedule is not None) == ours
