"""Curation around workflows: what is picked has the law that says so, and records tell rewards apart."""

import math
from typing import Any

import numpy as np
import pytest

import collapse_jax as cj
from collapse_jax.laws import population, selection
from collapse_jax.results.record import configuration, describe

pytestmark = pytest.mark.usefixtures("fast_compilation")

SIZES: dict[str, Any] = {"generations": 3, "chains": 4096}


def share(model, truth):
    return model.p[..., 1]


def location(model, truth):
    return model.mean[..., 0]


def higher(symbol):
    return 0.8 * symbol


def unchanged(x):
    return x


def first_part(x):
    return x.reshape(*x.shape[:2], -1)[..., 0]


def expected(x, n, K, rule, t):
    keep = population.Selection((0.0, 0.8), K, rule)
    law = selection.distribution(x, n, t, lambda f: keep(np.stack([1 - f, f], -1))[..., 1])
    return float(np.arange(n + 1) @ law) / n


@pytest.mark.parametrize(
    ("K", "reward", "rule", "engine"),
    [
        (3, higher, "bradley-terry", "literal"),
        (3, higher, "best", "literal"),
        (3, (0.0, 0.8), "bradley-terry", "exact"),
        (3, (0.0, 0.8), "bradley-terry", "literal"),
        (math.inf, (0.0, 0.8), "bradley-terry", "exact"),
    ],
)
def test_picked_or_drawn_from_its_law_it_is_one_law(K, reward, rule, engine):
    """The exact Markov chain of two symbols, by either engine."""
    n, workflow = 6, cj.Curated(cj.Replace(6), reward, K, rule)
    assert workflow.needs_samples == callable(reward)
    run = cj.simulate(cj.Categorical((0.8, 0.2)), workflow, share, engine=engine, seed=3, **SIZES)
    low, high = run["share"].band(1e-7)
    for t in (1, 2, 3):
        assert low[t - 1] <= expected(0.2, n, K, rule, t) <= high[t - 1]


def test_the_best_of_two_normals():
    """E max of two is 1 / sqrt(pi) standard deviations above the mean, in every generation but the first."""
    workflow = cj.Curated(cj.Replace(5), first_part, 2, "best")
    run = cj.simulate(cj.Gaussian(1.0, 4.0, known_cov=True), workflow, location, **SIZES)
    low, high = run["location"].band(1e-6)
    for t in (1, 2, 3):
        assert low[t - 1] <= 1 + 2 * (t - 1) / math.sqrt(math.pi) <= high[t - 1]


def test_pools_see_curated_and_real_data():
    """Accumulate pools one real sample with curated ones: at t = 2 half the shift."""
    workflow = cj.Curated(cj.Accumulate(4), first_part, 2, "best")
    run = cj.simulate(cj.Gaussian(0.0, 1.0, known_cov=True), workflow, location, **SIZES)
    low, high = run["location"].band(1e-6)
    assert low[1] <= 0.5 / math.sqrt(math.pi) <= high[1]


def test_observations_of_several_parts_are_picked_together():
    def bright(data):
        return data[1]

    family = cj.LinearRegression(np.array([2.0]), sigma2=0.01, design="fresh")
    workflow = cj.Curated(cj.Replace(40), bright, 4, "best")

    def slope(model, truth):
        return model.w[..., 0]

    run = cj.simulate(family, workflow, slope, generations=2, chains=256)
    # Picked apart, x and y would be unrelated, and the slope near 0.
    assert run["slope"].mean[1] > 1.5


def test_schedules_and_a_law_that_is_settled():
    workflow = cj.Curated(cj.Replace((1, 9, 5)), higher, 2)
    run = cj.simulate(cj.Categorical((0.0, 1.0)), workflow, share, generations=3, chains=8)
    assert np.all(run["share"].mean == 1)


def test_a_reward_is_part_of_the_record():
    def other(symbol):
        return 0.9 * symbol

    records = [configuration(cj.Curated(cj.Replace(5), reward, 2)) for reward in (higher, other, (0.0, 0.8))]
    assert len({str(record) for record in records}) == 3
    assert records[0]["reward"]["code"] == "higher"
    assert records[2]["reward"] == [0.0, 0.8]
    assert describe(records[2]) == ("Curated(workflow=Replace(n=5), reward=[0. , 0.8], K=2, rule='bradley-terry')")
    assert configuration(cj.Curated(cj.Replace(5), higher, 2)) == records[0]


@pytest.mark.usefixtures("untyped")
@pytest.mark.parametrize(
    ("ask", "remedy"),
    [
        (lambda: cj.Curated(3, higher), "goes around a workflow"),  # pyright: ignore
        (lambda: cj.Curated(cj.Replace(5), higher, math.inf), "use a finite K"),
        (lambda: cj.Curated(cj.Replace(5), higher, 0), "whole number from 1"),
        (lambda: cj.Curated(cj.Replace(5), higher, 2, "worst"), "'bradley-terry' or 'best'"),  # pyright: ignore
        (lambda: cj.Curated(cj.Replace(5), "higher"), "not numeric"),
        (lambda: _run(cj.Bernoulli(0.3), (0.0, 1.0)), "Categorical on as many symbols"),
        (lambda: _run(cj.Categorical((0.5, 0.3, 0.2)), (0.0, 1.0)), "2 rewards are for"),
        (lambda: _run(cj.Categorical((0.5, 0.5), sampler="index"), (0.0, 1.0)), "sampler='counts'"),
        (lambda: _run(cj.Gaussian(ddof=0), unchanged), "one number per observation"),
    ],
)
def test_errors_name_the_remedy(ask, remedy):
    with pytest.raises(ValueError, match=remedy):
        ask()


def _run(family, reward):
    return cj.simulate(family, cj.Curated(cj.Replace(5), reward), "kl_forward", generations=2, chains=8)
