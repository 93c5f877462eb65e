"""The options of a run: one list, checked once, with a JSON form that files depend on."""

import inspect
import json
from dataclasses import fields

import numpy as np
import pytest

import collapse_jax as cj
from collapse_jax.results import versions

PINNED = {
    "family": {"type": "Bernoulli", "p": 0.3},
    "workflow": {"type": "FixedReal", "n": [5, 6], "n_real": 4},
    "metrics": ["variance", "tv"],
    "generations": 2,
    "chains": 7,
    "seed": 0,
    "engine": "exact",
    "dtype": "float64",
    "draws": "float64",
    "sampler": "quantile",
    "sizes": "known",
    "block": 4096,
    "first_block": 0,
    "keep_paths": 0,
    "optimisation": 1,
    "platform": "cpu",
}


def request(**options):
    settings = {"generations": 2, "chains": 7} | options
    return cj.Request(cj.Bernoulli(0.3), cj.FixedReal([5, 6], n_real=4), ["variance", "tv"], **settings)


def test_the_json_form_is_pinned():
    config = request().config("cpu")
    assert json.loads(json.dumps(config)) == config
    assert config == PINNED | versions()
    assert list(config)[: len(PINNED)] == list(PINNED)


@pytest.mark.usefixtures("untyped")
def test_numpy_numbers_are_written_as_json_has_them():
    config = request(generations=np.int64(2), chains=np.int32(7), seed=np.uint64(0)).config("cpu")
    assert json.dumps(config) == json.dumps(PINNED | versions())


def test_simulate_has_the_options_of_a_request():
    assert list(inspect.signature(cj.simulate).parameters) == list(inspect.signature(cj.Request).parameters)
    documented = inspect.getdoc(cj.Request) or ""
    assert [item.name for item in fields(cj.Request) if f"`{item.name}`" not in documented] == []


def test_an_unknown_option_is_named():
    with pytest.raises(ValueError, match="no option 'chians'; its options are .*chains"):
        cj.simulate(cj.Bernoulli(0.3), cj.Replace(5), "variance", generations=2, chians=7)
    with pytest.raises(ValueError, match="progress is an option of one run"):
        cj.sweep(
            lambda n: (cj.Bernoulli(0.3), cj.Replace(n)), {"n": (3,)}, "tv", generations=2, chains=7, progress=True
        )


def test_a_request_cannot_be_changed():
    with pytest.raises(AttributeError):
        request().chains = 9  # pyright: ignore[reportAttributeAccessIssue]


@pytest.mark.wide
def test_traced_sizes_have_the_law_of_known_ones_and_say_so():
    runs = [cj.simulate(cj.Bernoulli(0.3), cj.Replace(9), "variance", generations=3, chains=4000, sizes=sizes)
            for sizes in ("known", "traced")]  # fmt: skip
    assert [run.config["sizes"] for run in runs] == ["known", "traced"]
    for run in runs:  # E p(1 - p) = 0.21 (1 - 1/9)^t
        low, high = run["variance"].band(1e-6)
        law = 0.21 * (1 - 1 / 9) ** run.generations
        assert np.all((low < law) & (law < high))
