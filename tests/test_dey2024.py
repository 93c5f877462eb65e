"""Families and loops of the room of Dey and Donoho: medians, rows of a table, truths of their own, pools that double."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

import collapse_jax as cj
from collapse_jax.data import Trials
from collapse_jax.laws import pedigree
from proofs_check.papers.dey2024 import theory
from proofs_check.papers.dey2024.families import GaussianMedian, PriorRows, Rows
from proofs_check.papers.dey2024.workflows import PoolDoubling, RelabelAll

pytestmark = pytest.mark.usefixtures("fast_compilation")
ROWS = np.concatenate([np.ones((12, 1)), np.random.default_rng(0).normal(size=(12, 2))], 1)


@pytest.mark.parametrize(
    ("loop", "form"),
    [(PoolDoubling(3), theory.doubling), (RelabelAll(3), theory.relabel_all)],
    ids=["doubling", "relabel"],
)
def test_both_loops_tend_to_three_halves(loop, form):
    law = pedigree.quadratic_error(pedigree.of(loop, 5), 1, 0)
    np.testing.assert_allclose(3 * law, [form(t) for t in range(1, 6)], rtol=1e-12)
    assert form(60) == pytest.approx(1.5, abs=0.01)
    for engine in ("exact", "literal"):
        run = cj.simulate(cj.Gaussian(known_cov=True), loop, "mean_error", generations=5, chains=4096, engine=engine)
        low, high = run["mean_error"].band(1e-7)
        assert np.all((low < law) & (law < high)), engine
    with pytest.raises(ValueError, match="makes its own schedule"):
        type(loop)((3, 3)).schedule(2)


def test_the_limit_process_of_the_script_has_the_printed_ratios():
    """The rows of a table made from the authors' script."""
    printed = {"augment": [1, 1.25, 1.36111, 1.46361, 1.54977, 1.59616, 1.62513, 1.63498],
               "subsample": [1, 1.75, 2.08333, 2.39083, 2.64930, 2.78849, 2.87540, 2.90495]}  # fmt: skip
    for workflow, ratios in printed.items():
        found = theory.limit_process(100, workflow, np.pi / 2)[np.array([1, 2, 3, 5, 10, 20, 50, 100]) - 1]
        np.testing.assert_allclose(found, ratios, atol=6e-6)


def test_moments_of_medians():
    assert theory.median_moment(0) == pytest.approx(1)
    assert theory.median_moment(0, 4) == pytest.approx(3)
    assert theory.median_moment(1) == pytest.approx(1 - np.sqrt(3) / np.pi)  # three normals
    run = cj.simulate(GaussianMedian(1.0, 2.0), cj.Replace(3), "mean_error", generations=2, chains=1 << 14)
    low, high = run["mean_error"].band(1e-7)
    law = 4 * theory.median_moment(1) * np.arange(1, 3)
    assert np.all((low < law) & (law < high))
    with pytest.raises(ValueError, match="sigma > 0"):
        GaussianMedian(sigma=0)


@pytest.mark.slow
def test_rows_are_fitted_as_the_library_fits_them(x64, cheap_jit):
    """The same estimates, and the same verdict on separated labels, from another certificate."""
    labels = jnp.asarray(np.random.default_rng(1).random((64, 12)) < 0.35, float)
    found = []
    for kind in (cj.LogisticRegression, Rows):
        model = jax.tree.map(jnp.asarray, kind(np.zeros(3), ROWS)).broadcast((64,))
        found.append(np.asarray(cheap_jit(lambda y, model=model: model.fit(Trials(jnp.ones_like(y), y)).beta)(labels)))
    assert 0 < np.isnan(found[0]).any(1).sum() < 32
    np.testing.assert_allclose(*found, rtol=1e-8, equal_nan=True)


def first_entry(model, truth):
    return model.beta[..., 0]


def test_first_data_are_the_table():
    labels = (np.random.default_rng(2).random(12) < 0.5).astype(float)
    family = Rows([0.3, 0.0, 0.1], ROWS, labels)
    run = cj.simulate(family, cj.Accumulate(12), first_entry, generations=2, chains=64, engine="literal", keep_paths=64)
    first, second = run.paths["first_entry"]
    assert np.ptp(first) == 0
    assert np.ptp(second) > 0
    for wrong, remedy in ((labels[:5], "for each row"), (labels + 0.5, "0 or 1")):
        with pytest.raises(ValueError, match=remedy):
            Rows([0.3, 0.0, 0.1], ROWS, wrong)
    with pytest.raises(ValueError, match="multiple of 12"):
        cj.simulate(family, cj.Replace(13), first_entry, generations=1, chains=4)


def origin(model, truth):
    return model.origin[..., 0] ** 2


def test_every_chain_has_a_truth_of_its_own():
    run = cj.simulate(PriorRows(ROWS, 2.0), cj.Replace(120), origin, generations=2, chains=4096)["origin"]
    assert run.mean[0] == run.mean[1]
    low, high = run.band(1e-7)
    assert np.all((low < 4) & (high > 4))


@pytest.mark.grid
@pytest.mark.parametrize("family", [GaussianMedian(0.5), Rows([0.5, 0.2, -0.3], ROWS)], ids=["median", "rows"])
def test_the_library_checks_them(family):
    cj.testing.check_family(family, n=120, chains=512, metrics=[first_entry] * isinstance(family, Rows)).require()
