"""Results: saving, adding, bands, printing."""

import json
import os
import pickle
import sys
import types
from dataclasses import fields

import numpy as np
import pytest

import collapse_jax as cj

pytestmark = pytest.mark.usefixtures("fast_compilation")
FAMILY, WORKFLOW = cj.Gaussian(ddof=0), cj.Replace([5, 6, 7])


def simulate(**options):
    settings = {"generations": 3, "chains": 500, "seed": 1, "block": 128, "keep_paths": 20} | options
    return cj.simulate(FAMILY, WORKFLOW, ["variance", "mean_error"], **settings)


@pytest.fixture
def run():
    return simulate()


def identical(a, b):
    moments = all(np.array_equal(getattr(a.moments, f.name), getattr(b.moments, f.name)) for f in fields(a.moments))
    return moments and a.config == b.config and all(np.array_equal(a.paths[k], b.paths[k]) for k in a.paths | b.paths)


def test_round_trip(run, tmp_path):
    path = run.save(tmp_path / "result")
    assert path == tmp_path / "result.npz"
    assert sorted(os.listdir(tmp_path)) == ["result.json", "result.npz"]
    loaded = cj.Run.load(path)
    assert identical(loaded, run)
    assert repr(loaded) == repr(run)
    assert identical(cj.Run.load(tmp_path / "result"), run)
    simulate(seed=2).save(path)
    assert cj.Run.load(path).config["seed"] == 2


def test_dots_in_a_name_survive(run, tmp_path):
    run.save(tmp_path / "alpha0.5")
    run.save(tmp_path / "alpha0.7")
    assert len(os.listdir(tmp_path)) == 4
    assert identical(cj.Run.load(tmp_path / "alpha0.5"), run)


def test_the_whole_configuration_is_kept(run):
    assert json.loads(json.dumps(run.config)) == run.config
    assert run.config["workflow"]["n"] == [5, 6, 7]
    assert run.config["engine"] == "exact"


def test_a_loaded_run_can_be_continued(tmp_path):
    path = simulate(chains=256, keep_paths=0).save(tmp_path / "first")
    both = cj.Run.load(path) + simulate(chains=256, keep_paths=0, first_block=2)
    assert both.chains == 512


def _truncate(path):
    path.write_bytes(path.read_bytes()[:-20])


def _flip(path):
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(bytes(content))


def _rewrite(**changes):
    def damage(path):
        path.write_text(json.dumps(json.loads(path.read_text()) | changes))

    return damage


def _other_seed(path):
    about = json.loads(path.read_text())
    about["config"]["seed"] = 99
    path.write_text(json.dumps(about))


def _remove(path):
    path.unlink()


DAMAGE = {
    "npz truncated": ("npz", _truncate, "run the simulation again"),
    "npz changed": ("npz", _flip, "run the simulation again"),
    "npz empty": ("npz", lambda path: path.write_bytes(b""), "run the simulation again"),
    "npz missing": ("npz", _remove, "keep them together"),
    "json truncated": ("json", _truncate, "run the simulation again"),
    "json changed": ("json", _other_seed, "run the simulation again"),
    "json empty": ("json", lambda path: path.write_bytes(b""), "run the simulation again"),
    "json not text": ("json", lambda path: path.write_bytes(b"\xff\xfe\x00"), "run the simulation again"),
    "json a list": ("json", lambda path: path.write_text("[1]"), "run the simulation again"),
    "json missing": ("json", _remove, "keep them together"),
    "format": ("json", _rewrite(format="collapse_jax run 99"), "this version reads"),
    "old format": ("json", _rewrite(format="collapse_jax run 1"), "run the simulation again"),
    "checksum": ("json", _rewrite(sha256="0"), "run the simulation again"),
    "config": ("json", _rewrite(config=None), "run the simulation again"),
}


@pytest.mark.usefixtures("untyped")
@pytest.mark.parametrize("case", DAMAGE)
def test_damaged_files_are_refused(run, tmp_path, case):
    suffix, damage, remedy = DAMAGE[case]
    path = run.save(tmp_path / "result")
    damage(path.with_suffix(f".{suffix}"))
    with pytest.raises(ValueError, match=remedy) as caught:
        cj.Run.load(path)
    assert "\n" not in str(caught.value)


def test_pickles_are_never_loaded(run, tmp_path):
    # A forger who fixes the checksum still cannot make the loader run code.
    from collapse_jax.results import store

    path = run.save(tmp_path / "result")
    touched = tmp_path / "touched"

    class Evil:
        def __reduce__(self):
            return os.mkdir, (str(touched),)

    np.savez(path, **{f"nodes/{f.name}": np.array([Evil()], object) for f in fields(run.moments)})
    about = json.loads(path.with_suffix(".json").read_text())
    about["sha256"] = store.checksum(path.read_bytes(), about["config"])
    path.with_suffix(".json").write_text(json.dumps(about))
    with pytest.raises(ValueError, match="run it again"):
        cj.Run.load(path)
    assert not touched.exists()
    with pytest.raises(FileNotFoundError):
        touched.rmdir()
    assert pickle.dumps(Evil())


def test_a_folder_that_cannot_be_written(run, tmp_path):
    with pytest.raises(ValueError, match="choose a folder that exists") as caught:
        run.save(tmp_path / "missing" / "result")
    assert "\n" not in str(caught.value)
    (tmp_path / "file").write_text("")
    with pytest.raises(ValueError, match="choose a folder"):
        run.save(tmp_path / "file" / "result")
    assert os.listdir(tmp_path) == ["file"]


def test_a_failed_write_leaves_nothing_behind(run, tmp_path, monkeypatch):
    def refuse(*_):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "replace", refuse)
    with pytest.raises(ValueError, match="choose a folder"):
        run.save(tmp_path / "result")
    assert os.listdir(tmp_path) == []


def test_adding_runs(run):
    first, second = simulate(chains=256, keep_paths=256), simulate(chains=244, first_block=2, keep_paths=244)
    both = first + second
    whole = simulate(keep_paths=500)
    assert identical(both, whole)


def test_adding_a_loaded_run_gives_the_files_of_one_long_run(tmp_path):
    first, whole = simulate(chains=384, keep_paths=0), simulate(chains=1000, keep_paths=0)
    both = cj.Run.load(first.save(tmp_path / "first")) + simulate(chains=616, first_block=3, keep_paths=0)
    for suffix in (".npz", ".json"):
        paths = (run.save(tmp_path / name).with_suffix(suffix) for name, run in (("both", both), ("whole", whole)))
        assert len({path.read_bytes() for path in paths}) == 1


@pytest.mark.parametrize("chains", [999, 3])
def test_numbers_of_other_blocks_are_refused(run, tmp_path, chains):
    from collapse_jax.results import store

    path = run.save(tmp_path / "result")
    about = json.loads(path.with_suffix(".json").read_text())
    about["config"]["chains"] = chains
    about["sha256"] = store.checksum(path.read_bytes(), about["config"])
    path.with_suffix(".json").write_text(json.dumps(about))
    with pytest.raises(ValueError, match="run it again"):
        cj.Run.load(path)


def test_a_draw_option_is_part_of_what_runs_are():
    first = simulate(chains=256)
    other = cj.Run({**simulate(chains=256, first_block=2).config, "sampler": "rejection"}, first.tally)
    with pytest.raises(ValueError, match="sampler"):
        first + other


@pytest.mark.parametrize(
    ("options", "remedy"),
    [
        ({"seed": 2, "first_block": 2}, "first_block only"),
        ({"engine": "literal", "first_block": 2}, "first_block only"),
        ({"dtype": "float32", "first_block": 2}, "first_block only"),
        ({"first_block": 3}, "first_block=2"),
        ({"first_block": 0}, "first_block=2"),
    ],
)
def test_mismatched_runs_do_not_add(options, remedy):
    with pytest.raises(ValueError, match=remedy) as caught:
        simulate(chains=256) + simulate(**options)
    assert "\n" not in str(caught.value)


def test_a_run_with_a_partial_block_cannot_be_continued(run):
    with pytest.raises(ValueError, match="whole blocks"):
        run + simulate(first_block=4)


def test_kept_paths_of_different_lengths_do_not_pretend_to_be_a_prefix():
    both = simulate(chains=256, keep_paths=20) + simulate(chains=256, first_block=2, keep_paths=20)
    kept = both.config["keep_paths"]
    assert both.paths["variance"].shape == (3, kept)
    whole = simulate(chains=512, keep_paths=kept)
    assert np.array_equal(both.paths["variance"], whole.paths["variance"])


def test_a_run_is_a_mapping(run):
    assert list(run) == ["variance", "mean_error"]
    assert len(run) == 2
    assert "variance" in run
    assert run.generations.tolist() == [1, 2, 3]
    with pytest.raises(KeyError, match="this run recorded"):
        run["risk"]


def test_to_xarray(run):
    data = run.to_xarray()
    assert data.sizes == {"generation": 3, "chain": 20}
    np.testing.assert_array_equal(data["variance_paths"], run.paths["variance"])
    assert {"chains", "jax", "collapse_jax"} <= set(data.attrs)
    assert simulate(keep_paths=0).to_xarray().sizes == {"generation": 3}
    np.testing.assert_array_equal(data["variance"], run["variance"].mean)
    np.testing.assert_array_equal(data["mean_error_standard_error"], run["mean_error"].standard_error)
    assert data.attrs["seed"] == "1"


def test_names_that_stand_for_two_things_are_refused(run):
    for name in ("variance_paths", "variance_minimum", "generation"):
        config = {**run.config, "metrics": ["variance", name]}
        paths = {"variance": run.paths["variance"], name: run.paths["variance"]}
        with pytest.raises(ValueError, match=f"{name!r} would stand for two things; rename"):
            cj.Run(config, run.tally, paths).to_xarray()


def test_a_notebook_shows_a_table_that_is_escaped(run):
    shown = run._repr_html_()
    assert "<td>variance</td>" in shown
    assert run["mean_error"].at(-1) in shown
    config = {**run.config, "metrics": ["<script>", "mean_error"], "seed": "<b>&"}
    hostile = cj.Run(config, run.tally)._repr_html_()
    assert "<script>" not in hostile
    assert "<b>" not in hostile
    assert "&lt;script&gt;" in hostile


def test_a_bar_in_a_notebook(monkeypatch):
    """Its output is no terminal by the looks of it; runs of less than a second show none."""
    from collapse_jax.engine import bar

    assert bar.shown(None) == {"disable": None}
    assert (bar.shown(True), bar.shown(False)) == ({"disable": False}, {"disable": True})
    shell = types.SimpleNamespace(config={"IPKernelApp": {}})
    monkeypatch.setitem(sys.modules, "IPython", types.SimpleNamespace(get_ipython=lambda: shell))
    assert bar.shown(None) == {"disable": False, "delay": 1}
    monkeypatch.setenv("TQDM_DISABLE", "1")
    assert bar.shown(None) == {"disable": True}
    assert bar.shown(True) == {"disable": False}


def test_xarray_to_netcdf(run, tmp_path):
    xarray = pytest.importorskip("xarray")
    run.to_xarray().to_netcdf(tmp_path / "run.nc", engine="h5netcdf")
    with xarray.open_dataset(tmp_path / "run.nc", engine="h5netcdf") as data:
        np.testing.assert_array_equal(data["variance"], run["variance"].mean)


def test_plot_draws_on_the_axes_it_is_given(run):
    from matplotlib import pyplot

    figure, (left, right) = pyplot.subplots(1, 2)
    assert run.plot("mean_error", ax=right, color="k") is right
    assert not left.lines
    np.testing.assert_array_equal(right.lines[0].get_ydata(), run["mean_error"].mean)
    assert right.get_xlabel()
    pyplot.sca(left)
    assert run.plot() is left
    pyplot.close(figure)


def test_non_finite_chains_are_reported_not_averaged():
    family = cj.Bernoulli(0.5)
    run = cj.simulate(family, cj.Replace(2), ["kl_reverse", "squared_error"], generations=3, chains=300, block=64,
                      keep_paths=300)  # fmt: skip
    bad = (~np.isfinite(run.paths["kl_reverse"])).sum(1)
    assert np.array_equal(run["kl_reverse"].nonfinite, bad)
    assert np.all(bad > 0)
    assert np.all(np.isnan(run["kl_reverse"].mean))
    assert all(np.all(np.isnan(limit)) for limit in run["kl_reverse"].band())
    finite = np.where(np.isfinite(run.paths["kl_reverse"]), run.paths["kl_reverse"], np.nan)
    np.testing.assert_allclose(run["kl_reverse"].finite.mean, np.nanmean(finite, 1), rtol=1e-12)
    assert "not finite in up to" in repr(run)
    assert f"{bad.max()} chains" in repr(run)
    assert "squared_error" in repr(run)
