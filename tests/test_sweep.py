"""A grid is one call: the law of every cell, one program per shape, resumption."""

import _oracle as oracle
import jax
import numpy as np
import pytest

import collapse_jax as cj
from collapse_jax.engine import dispatch as _dispatch
from collapse_jax.results.estimate import simultaneous_z
from proofs_check.papers.gerstgrasser2024 import theory as gerstgrasser2024

pytestmark = pytest.mark.usefixtures("fast_compilation")
SETTINGS = {"generations": 4, "chains": 2048, "block": 512}
ALPHA = oracle.alpha_of(20)


def coin(n, p):
    return cj.Bernoulli(p), cj.Replace(n)


def test_cells_follow_their_laws():
    over = {"n": (5, 40, 300), "p": (0.5, 0.1)}
    grid = cj.sweep(coin, over, ["squared_error", "absorbed"], **SETTINGS)
    assert list(grid) == [(n, p) for n in over["n"] for p in over["p"]]
    t = np.arange(1, 5)
    z = simultaneous_z(ALPHA, len(grid) * 4)
    for (n, p), run in grid.items():
        expected = p * (1 - p) * (1 - (1 - 1 / n) ** t)
        curve = run["squared_error"]
        assert np.all(np.abs(curve.mean - expected) < z * curve.standard_error)
        assert run.config["coordinates"] == {"n": n, "p": p}
    assert grid.array("squared_error").shape == (3, 2, 4)
    np.testing.assert_array_equal(grid.array("squared_error")[1, 0], grid[40, 0.5]["squared_error"].mean)
    assert list(grid.select(n=40)) == [(40, 0.5), (40, 0.1)]


def test_shards_of_a_grid_join_to_the_whole():
    over = {"n": (5, 40, 300), "p": (0.5, 0.1)}
    whole = cj.sweep(coin, over, "squared_error", **SETTINGS)
    parts = [cj.sweep(coin, over, "squared_error", shard=(i, 4), **SETTINGS) for i in (1, 2, 3, 4)]
    assert [len(part) for part in parts] == [2, 2, 1, 1]
    joined = parts[2].join(parts[0], parts[3], parts[1])
    assert list(joined) == list(whole)
    np.testing.assert_array_equal(joined.array("squared_error"), whole.array("squared_error"))
    with pytest.raises(ValueError, match="holds 2 of 6 cells; join"):
        parts[0].array("squared_error")
    with pytest.raises(ValueError, match="no shard holds 2 of 6 cells"):
        parts[0].join(*parts[2:])
    with pytest.raises(ValueError, match="in two of the shards"):
        parts[0].join(*parts)
    other = cj.sweep(coin, {"n": (5,), "p": (0.5,)}, "squared_error", **SETTINGS)
    with pytest.raises(ValueError, match="other grids"):
        parts[0].join(other)
    assert len(cj.sweep(coin, {"n": (5,), "p": (0.5,)}, "squared_error", shard=(2, 2), **SETTINGS)) == 0


@pytest.mark.parametrize("d", [2, 18])
def test_gaussian_and_regression_in_two_layouts(d):
    # Triangles are written out for d = 2 and dense for d = 18; n - 1 < d is a singular Wishart matrix.
    def build(n, workflow):
        if workflow == "replace":
            return cj.Gaussian(d=d, ddof=1), cj.Replace(n)
        return cj.Gaussian(d=d, ddof=0), cj.Accumulate(n)

    def total(model, truth):
        return cj.METRICS["mean_error"](model, truth) + cj.METRICS["trace"](model, truth)

    grid = cj.sweep(build, {"n": (4, 30), "workflow": ("replace", "accumulate")}, ["mean_error", total], **SETTINGS)
    z = simultaneous_z(ALPHA, 2 * 3 * 4)
    t = np.arange(1, 5)
    for (n, workflow), run in grid.items():
        # Accumulating maximum-likelihood fits share a constant second moment between mean and covariance.
        laws = (
            {"total": d * np.ones(4)}
            if workflow == "accumulate"
            else {"mean_error": d * t / n, "total": d * (1 + t / n)}
        )
        for name, expected in laws.items():
            curve = run[name]
            assert np.all(np.abs(curve.mean - expected) < z * curve.standard_error), (n, workflow, name)


def test_schedules_penalties_and_dimensions():
    def build(T, sigma2):
        return cj.LinearRegression(d=3, sigma2=sigma2, design="fresh"), cj.Replace(T)

    schedules = ((20,) * 4, (20, 40, 80, 160))
    grid = cj.sweep(build, {"T": schedules, "sigma2": (1.0, 2.5)}, "risk", **SETTINGS)
    z = simultaneous_z(ALPHA, 16)
    for (T, sigma2), run in grid.items():
        expected = np.cumsum([gerstgrasser2024.replace(1, d=3, T=rows, sigma2=sigma2) for rows in T])
        assert np.all(np.abs(run["risk"].mean - expected) < z * run["risk"].standard_error)


def test_one_program_for_all_sizes():
    before = _dispatch.compiled.cache_info().misses
    cj.sweep(lambda n: (cj.Poisson(2.0), cj.Accumulate(n)), {"n": (3, 30, [5, 6, 7, 8])}, "squared_error", **SETTINGS)
    assert _dispatch.compiled.cache_info().misses == before + 1


def test_cells_do_not_know_the_grid():
    small = cj.sweep(coin, {"n": (40,), "p": (0.1,)}, "squared_error", **SETTINGS)
    large = cj.sweep(coin, {"n": (7, 40), "p": (0.3, 0.1)}, "squared_error", **SETTINGS)
    np.testing.assert_array_equal(small[40, 0.1].moments.mean, large[40, 0.1].moments.mean)
    assert small[40, 0.1].config["seed"] != large[7, 0.1].config["seed"]


def test_literal_and_kept_samples_are_swept_too():
    def build(n, family):
        return {"index": cj.Categorical([0.5, 0.3, 0.2], sampler="index"), "gaussian": cj.Gaussian(ddof=1)}[family], (
            cj.AccumulateSubsample(n) if family == "gaussian" else cj.Replace(n)
        )

    grid = cj.sweep(build, {"n": (6, 12), "family": ("index", "gaussian")}, "squared_error", **SETTINGS)
    t = np.arange(1, 5)
    curve = grid[12, "index"]["squared_error"]
    expected = (1 - 0.38) * (1 - (1 - 1 / 12) ** t)
    assert np.all(np.abs(curve.mean - expected) < simultaneous_z(ALPHA, 4) * curve.standard_error)


def test_a_finished_cell_is_not_run_again(tmp_path, monkeypatch):
    over = {"n": (4, 8)}
    build = lambda n: (cj.Exponential(1.0), cj.Replace(n))  # noqa: E731
    first = cj.sweep(build, over, "squared_error", checkpoint=tmp_path, **SETTINGS)
    kept = sorted(path.name for path in tmp_path.iterdir())
    assert len(kept) == 2
    ran = []
    run = _dispatch.Dispatches.run
    monkeypatch.setattr(_dispatch.Dispatches, "run", lambda self, index: ran.append(index) or run(self, index))
    again = cj.sweep(build, {"n": (4, 8, 16)}, "squared_error", checkpoint=tmp_path, **SETTINGS)
    assert len(ran) == 4, "only the four blocks of the new cell"
    np.testing.assert_array_equal(again[8]["squared_error"].mean, first[8]["squared_error"].mean)


def test_interruption_keeps_the_finished_cells(tmp_path, monkeypatch):
    run = _dispatch.Dispatches.run

    def stop(self, index):
        if np.asarray(self.leaves[-1])[0] == 8:
            raise KeyboardInterrupt
        return run(self, index)

    monkeypatch.setattr(_dispatch.Dispatches, "run", stop)
    with pytest.raises(cj.Interrupted, match="1 of 2 cells; make the same call to go on"):
        cj.sweep(lambda n: (cj.Exponential(1.0), cj.Replace(n)), {"n": (4, 8)}, "squared_error", checkpoint=tmp_path,
                 **SETTINGS)  # fmt: skip


@pytest.mark.usefixtures("untyped")
@pytest.mark.parametrize(
    ("over", "message"),
    [
        ({}, "nothing to sweep"),
        ({"n": (), "p": (0.5,)}, "nothing to sweep"),
        ({"n": (5, 0), "p": (0.5,)}, "'n': 0"),
        ({"n": (5, 5), "p": (0.5,)}, "occurs twice"),
        ({"n": (5,), "p": (np.eye(2),)}, "no coordinate"),
        ({"n": (5,), "p": (abs,)}, "no coordinate"),
    ],
)
def test_bad_grids(over, message):
    with pytest.raises(ValueError, match=message):
        cj.sweep(coin, over, "squared_error", **SETTINGS)


def test_a_workflow_that_looks_at_its_own_n_is_not_given_another():
    class Twice(cj.Replace):
        def step(self, key, t, n, memory, model, source):
            return (), model.fit(source.draw(key, model, 2 * self.n))

    grid = cj.sweep(lambda n: (cj.Gaussian(ddof=0), Twice(n)), {"n": (20,)}, "variance", **SETTINGS)
    curve = grid[20]["variance"]
    expected = (1 - 1 / 20) * (1 - 1 / 40) ** np.arange(4)
    assert np.all(np.abs(curve.mean - expected) < simultaneous_z(ALPHA, 4) * curve.standard_error)


@pytest.mark.usefixtures("untyped")
@pytest.mark.parametrize("seed", [-1, 1.7, True])
def test_bad_seeds(seed):
    with pytest.raises(ValueError, match="use a whole number >= 0"):
        cj.sweep(coin, {"n": (5,), "p": (0.5,)}, "squared_error", seed=seed, **SETTINGS)


def test_a_metric_may_simulate_while_it_is_traced():
    """Compiling occupies every thread; the runs inside need some of their own."""

    def reference(model, truth):
        with jax.ensure_compile_time_eval():
            inner = cj.simulate(cj.Bernoulli(0.5), cj.Replace(3), "variance", generations=1, chains=8)
        return model.mean * 0 + inner["variance"].mean[0]

    def cell(d):
        return cj.Exponential(2.0), cj.Window(9, k=d)

    found = cj.sweep(cell, {"d": (1, 2, 3)}, reference, generations=2, chains=4, optimisation=0)
    assert np.all((found.array("reference") > 0) & (found.array("reference") < 0.25))


def test_unknown_cells():
    grid = cj.sweep(coin, {"n": (5,), "p": (0.5,)}, "squared_error", generations=1, chains=16)
    with pytest.raises(KeyError, match="no cell"):
        grid[6, 0.5]
    with pytest.raises(KeyError, match="not in the grid"):
        grid.select(n=6)


def test_labels(tmp_path):
    grid = cj.sweep(coin, {"n": (5, 10), "p": (0.5,)}, "squared_error", generations=2, chains=16)
    data = grid.to_xarray()
    assert dict(data.sizes) == {"n": 2, "p": 1, "generation": 2}
    assert float(data["squared_error"].sel(n=10, p=0.5, generation=2)) == grid[10, 0.5]["squared_error"].mean[1]
