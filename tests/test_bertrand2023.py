"""Iterative retraining: the rate of one step, beside the mean over the spectrum of a Wishart matrix."""

import math

import pytest

from collapse_jax.laws import wishart
from proofs_check import QUICK, registry, verify
from proofs_check.papers.bertrand2023 import theory


@pytest.mark.parametrize("n", [4, 10, 40])
def test_one_step_is_the_mean_root_of_a_wishart_matrix(n):
    mean = wishart.mean_trace(lambda x: (x / (n - 1)) ** 0.5, 2, n - 1) / 2
    assert theory.one_step(1, n) == pytest.approx(mean, rel=1e-4)


def test_one_step_from_three_observations():
    root = (2**1.5 - 1) * 2 / 3  # the mean of (1 + u)^(1/2), u uniform
    assert theory.one_step(1, 3) == pytest.approx(math.gamma(2.5) * 2**0.5 / math.gamma(2) / 8**0.5 * root, rel=1e-12)


def test_one_step_is_faster_than_the_rate_of_one_dimension():
    for n in (3, 5, 30):
        assert theory.one_step(1, n) < theory.fully_synthetic(1, n)


@pytest.mark.slow
def test_the_rate_of_one_step_is_refuted():
    outcome = verify(registry.claims()["bertrand2023.prop1.one_step"], QUICK)
    assert outcome.verdict == outcome.claim.expected == "REFUTED"
    assert set(outcome.mutants.values()) == {"REFUTED"}
