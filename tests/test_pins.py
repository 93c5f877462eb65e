"""Twelve pinned runs: the same bits where they were recorded, the same numbers within their limits anywhere."""

import json

import numpy as np
import pytest

import collapse_jax as cj
from benchmarks import pins

RECORDED = json.loads(pins.FILE.read_text())
ALPHA = 1e-6 / len(RECORDED["runs"])


def test_the_pinned_configurations_are_those_recorded():
    assert list(RECORDED["runs"]) == list(pins.configurations())
    assert len(RECORDED["runs"]) == 12


@pytest.mark.sample(4)
@pytest.mark.parametrize("name", RECORDED["runs"])
def test_a_pinned_run(name):
    options, recorded = pins.configurations()[name], RECORDED["runs"][name]
    run = cj.simulate(**options)
    if pins.environment() == RECORDED["environment"]:
        assert pins.digest(run) == recorded["sha256"]
    for metric, mean in recorded["mean"].items():
        # The same random numbers up to rounding: closer than two independent runs by far.
        curve = run[metric]
        low, high = curve.band(ALPHA / len(recorded["mean"]))
        assert np.all((low - 1e-12 <= mean) & (mean <= high + 1e-12))
