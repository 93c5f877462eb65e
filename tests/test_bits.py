"""The same seed gives the same bits, however a run is laid out."""

import os
from dataclasses import fields

import _oracle as oracle
import jax
import numpy as np
import pytest

import collapse_jax as cj

FAMILIES = {
    "gaussian": cj.Gaussian(ddof=1),
    "gaussian_d3": cj.Gaussian(cov=[[2.0, 0.5, 0.0], [0.5, 1.0, 0.3], [0.0, 0.3, 1.0]], ddof=0),
    "bernoulli": cj.Bernoulli(0.3),
    "poisson": cj.Poisson(1.5),
    "categorical": cj.Categorical([0.5, 0.3, 0.2]),
    "ols": cj.LinearRegression([1.0, -1.0], design="shared"),
}
WORKFLOW = cj.Accumulate(12)
CHAINS = 8 * 1024 + 100
ALPHA = oracle.alpha_of(3 * 3)
METRIC = {"gaussian": "log_variance", "gaussian_d3": "log_det"}


def simulate(name, **options):
    metrics = ["squared_error", METRIC[name]] if name in METRIC else ["squared_error"]
    settings = {
        "generations": 3,
        "chains": CHAINS,
        "block": 1024,
        "seed": 5,
        "keep_paths": CHAINS,
        "devices": 1,
    } | options
    return cj.simulate(FAMILIES[name], WORKFLOW, metrics, **settings)


def same_bits(a, b):
    return all(np.array_equal(getattr(a.moments, f.name), getattr(b.moments, f.name)) for f in fields(a.moments))


@pytest.mark.grid
@pytest.mark.parametrize("name", FAMILIES)
def test_bits(name, monkeypatch):
    # One test per family, so that pytest-xdist does not compile the same program in several workers.
    whole = simulate(name)
    layout_does_not_matter(name, whole, monkeypatch)
    devices_do_not_matter(name, whole)
    a_run_can_be_continued(name, whole)
    a_chain_does_not_know_how_many_there_are(name, whole)


def layout_does_not_matter(name, whole, monkeypatch):
    layouts = [{"chunk": 1024}, {"chunk": 4096}, {"chunk": CHAINS}, {"memory": 1 << 30}, {"progress": False}]
    assert all(same_bits(whole, simulate(name, **layout)) for layout in layouts)
    for workers in (1, 3):
        monkeypatch.setattr(os, "cpu_count", lambda workers=workers: workers)
        assert same_bits(whole, simulate(name))


def devices_do_not_matter(name, whole):
    assert len(jax.devices()) >= 4, "conftest splits the CPU"
    four = simulate(name, devices=4)
    assert same_bits(whole, four)
    assert all(np.array_equal(whole.paths[metric], four.paths[metric]) for metric in whole)


@pytest.mark.wide
def test_devices_by_name_or_all():
    one = simulate("bernoulli", chains=2048)
    assert same_bits(one, simulate("bernoulli", chains=2048, devices=jax.devices()[1:3]))
    assert same_bits(one, simulate("bernoulli", chains=2048, devices=None))


def a_run_can_be_continued(name, whole):
    first = simulate(name, chains=4096)
    rest = simulate(name, chains=CHAINS - 4096, first_block=4)
    both = first + rest
    assert both.config == whole.config
    assert same_bits(both, whole)
    assert all(np.array_equal(both.paths[metric], whole.paths[metric]) for metric in whole)


def a_chain_does_not_know_how_many_there_are(name, whole):
    for chains in (1, 1000, 1024, 1025):
        fewer = simulate(name, chains=chains)
        assert fewer.chains == chains
        assert np.all(fewer.moments.count == chains)
        for metric in whole:
            assert np.array_equal(fewer.paths[metric], whole.paths[metric][:, :chains])
            np.testing.assert_allclose(fewer[metric].mean, fewer.paths[metric].mean(1), rtol=1e-12, atol=1e-15)


@pytest.mark.wide
def test_kept_paths_are_a_prefix():
    whole = simulate("gaussian")
    for keep in (1, 1024, 1500):
        run = simulate("gaussian", keep_paths=keep)
        assert same_bits(run, whole)
        assert all(np.array_equal(run.paths[metric], whole.paths[metric][:, :keep]) for metric in whole)
    none = simulate("gaussian", keep_paths=0)
    assert none.paths == {}
    assert same_bits(none, whole)


@pytest.mark.wide
def test_seeds_and_blocks_differ():
    paths = [simulate("gaussian", chains=1024, **o).paths["log_variance"]
             for o in ({}, {"seed": 6}, {"first_block": 1}, {"seed": 5 + (1 << 32)})]  # fmt: skip
    values = np.concatenate([p.ravel() for p in paths])
    assert len(np.unique(values)) == values.size


@pytest.mark.grid
@pytest.mark.parametrize("name", ["gaussian_d3", "bernoulli", "ols"])
def test_float32_has_the_same_law(name):
    single = simulate(name, dtype="float32", chains=4096, seed=1)
    double = simulate(name, chains=4096, seed=2)
    metric = next(iter(single))
    assert single.paths[metric].dtype == np.float32
    assert double.paths[metric].dtype == np.float64
    for t in range(3):
        # Atoms of a discrete law are one number in float64 and another in float32; six digits tell them apart no more.
        a, b = (np.round(run.paths[metric][t].astype(float), 6) for run in (single, double))
        oracle.assert_same_law(a, b, ALPHA, f"t={t + 1}")
