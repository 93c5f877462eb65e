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


@pytest.mark.grid
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


@pytest.mark.wide
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


@pytest.mark.wide
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


@pytest.mark.wide
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


@pytest.mark.slow
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


class Ladder:
    """A class that is a coordinate."""


def cell(workflow, n, p):
    return cj.Bernoulli(0.5 if p is None else p), cj.Replace(n)


GRID = {"workflow": (cj.Replace, Ladder), "n": ((5, 6), (7, 8)), "p": (None, 0.25)}


@pytest.fixture(scope="module")
def grid():
    return cj.sweep(
        cell, GRID, ["variance", "squared_error"], generations=2, chains=64, seed=9, keep_paths=3, optimisation=0
    )


def same(a, b):
    return list(a) == list(b) and all(
        run.config == b[key].config
        and run.tally.stacked((2, 2)).mean.tobytes() == b[key].tally.stacked((2, 2)).mean.tobytes()
        and np.array_equal(run.paths["variance"], b[key].paths["variance"])
        for key, run in a.items()
    )


def test_round_trip(grid, tmp_path):
    path = grid.save(tmp_path / "grid0.5")
    assert [file.name for file in tmp_path.iterdir()] == ["grid0.5.sweep"]
    loaded = cj.Sweep.load(tmp_path / "grid0.5")
    assert (loaded.over, loaded.seed) == (grid.over, 9)
    assert same(loaded, grid)
    assert repr(loaded) == repr(grid)
    assert loaded.save(path).read_bytes() == path.read_bytes()
    part = cj.sweep(cell, GRID, ["variance", "squared_error"], generations=2, chains=64, seed=9, keep_paths=3, optimisation=0,
                    shard=(2, 3))  # fmt: skip
    assert same(cj.Sweep.load(part.save(tmp_path / "part")), part)


SWEEP_DAMAGE = {
    "truncated": (lambda content: content[:-7], "does not match its checksum"),
    "cut in the head": (lambda content: content[:90], "was truncated; run the sweep again"),
    "empty": (lambda content: b"", "is not a sweep"),
    "a list": (lambda content: b"[1]\n", "is not a sweep"),
    "not text": (lambda content: b"\xff\xfe" * 99, "is not a sweep"),
    "changed": (lambda content: content[:-40] + bytes([content[-40] ^ 1]) + content[-39:], "checksum"),
    "seed changed": (lambda content: content.replace(b'"seed": 9', b'"seed": 8', 1), "checksum"),
    "format": (lambda content: content.replace(b"sweep 1", b"sweep 9", 1), "this version reads"),
}


@pytest.mark.usefixtures("untyped")
@pytest.mark.parametrize("case", SWEEP_DAMAGE)
def test_damaged_files_are_refused(grid, tmp_path, case):
    damage, says = SWEEP_DAMAGE[case]
    path = grid.save(tmp_path / "grid")
    path.write_bytes(damage(path.read_bytes()))
    with pytest.raises(ValueError, match=says) as caught:
        cj.Sweep.load(path)
    assert "\n" not in str(caught.value)


def test_places_and_classes_that_are_not_there(grid, tmp_path, monkeypatch):
    with pytest.raises(ValueError, match="choose a folder that exists"):
        grid.save(tmp_path / "missing" / "grid")
    with pytest.raises(ValueError, match="give a file that Sweep.save wrote"):
        cj.Sweep.load(tmp_path / "missing")
    path = grid.save(tmp_path / "grid")
    monkeypatch.delattr(f"{__name__}.Ladder")
    with pytest.raises(ValueError, match=f"import {__name__}, then load it again"):
        cj.Sweep.load(path)


def test_a_failed_write_leaves_the_last_file(grid, tmp_path, monkeypatch):
    import os

    path = grid.save(tmp_path / "grid")
    before = path.read_bytes()

    def refuse(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", refuse)
    with pytest.raises(ValueError, match="No space left"):
        grid.save(path)
    assert [file.name for file in tmp_path.iterdir()] == ["grid.sweep"]
    assert path.read_bytes() == before


def test_shards_of_another_seed_do_not_join(grid):
    import dataclasses

    with pytest.raises(ValueError, match="the seeds 9 and 3"):
        grid.join(dataclasses.replace(grid, runs={}, seed=3))


def test_classes_and_schedules_are_labels(grid, tmp_path):
    xarray = pytest.importorskip("xarray")
    grid.to_xarray().to_netcdf(tmp_path / "grid.nc", engine="h5netcdf")
    with xarray.open_dataset(tmp_path / "grid.nc", engine="h5netcdf") as data:
        assert dict(data.sizes) == {"workflow": 2, "n": 2, "p": 2, "generation": 2, "chain": 3}
        place = {"workflow": "Ladder", "n": "(7, 8)", "p": "None"}
        run = grid[Ladder, (7, 8), None]
        np.testing.assert_array_equal(data["variance_maximum"].sel(place), run["variance"].maximum)
        np.testing.assert_array_equal(data["squared_error_paths"].sel(place), run.paths["squared_error"])
        assert (data.attrs["seed"], data.attrs["chains"], data.attrs["jax"]) == ("9", "64", jax.__version__)


def test_labels_are_distinct_and_numbers_stay_numbers():
    from collapse_jax.results.tables import labels

    assert labels((1, 2.5)).tolist() == [1, 2.5]
    assert labels((1, "1")).tolist() == ["1", "'1'"]
    assert labels((2**53 + 1, 2**53)).tolist() == [str(2**53 + 1), str(2**53)]
    assert labels((True, 2)).tolist() == ["True", "2"]
    assert labels(((1,), (1, (2.0, cj.Replace)))).tolist() == ["(1,)", "(1, (2.0, Replace))"]


@pytest.mark.parametrize("name", ["generation", "chain", "squared_error", "squared_error_minimum"])
def test_coordinates_that_are_names_of_something_else_are_refused(name):
    found = cj.sweep(
        lambda **n: coin(n[name], 0.5), {name: (5,)}, "squared_error", generations=1, chains=16, optimisation=0
    )
    with pytest.raises(ValueError, match=f"{name!r} would stand for two things; rename"):
        found.to_xarray()


def test_a_sweep_prints_short_and_escaped(grid):
    assert repr(grid).splitlines()[0] == "Sweep: 8 cells over workflow (2) x n (2) x p (2)"
    assert len(repr(grid)) < 500
    assert "seed 9" in repr(grid)
    assert grid._repr_html_().count("<tr>") == 9
    found = cj.sweep(lambda p: coin(5, {"<b>": 0.3, "&": 0.4}[p]), {"p": ("<b>", "&")}, "squared_error", generations=1,
                     chains=16, optimisation=0)  # fmt: skip
    assert "<b>" not in found._repr_html_()
    many = cj.Sweep({"n": tuple(range(50))}, dict.fromkeys(((n,) for n in range(50)), grid[Ladder, (7, 8), None]))
    assert "and 30 more" in many._repr_html_()
    assert "0, 1, 2, .., 49" in repr(many)
    assert repr(cj.Sweep({"n": (1,)}, {})).startswith("Sweep: 0 of 1 cells")


def test_a_shard_of_a_shared_sweep_is_refused_before_processes_meet():
    with pytest.raises(ValueError, match="leave shard out"):
        cj.sweep(coin, {"n": (5,), "p": (0.5,)}, "squared_error", shard=(1, 2), distributed=True, **SETTINGS)
