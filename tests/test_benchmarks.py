"""The benchmark's baselines simulate what the library does, and its pages say what its files say."""

import dataclasses
import json

import numpy as np
import pytest
from numpy.random import SFC64, Generator
from scipy import stats

from benchmarks import accelerator, billion, compilation, engine, grid, scaling, table
from benchmarks.__main__ import main
from benchmarks.baselines import discrete, least_squares, matrices
from benchmarks.baselines.run import Baseline
from benchmarks.measure import measure
from benchmarks.rows import BY_ID, COLUMNS, ROWS
from benchmarks.targets import Target
from collapse_jax.engine import xla
from collapse_jax.results.estimate import simultaneous_z
from proofs_check.papers.kazdan2024 import theory as kazdan2024

GENERATIONS = 12
# Chains by column; fewer for what is slow.
CHAINS = {"loop": 60, "numpy_raw": 600, "numpy_stats": 2_000, "numpy_same": 2_000}
FEWER = {"a3": 0.5, "d": 0.05, "c2": 0.3, "c3": 0.5}
OWN = [row for row in ROWS if not row.like]
CASES = [(row.id, column) for row in OWN for column in row.baselines]
LIMIT = simultaneous_z(1e-6, 2 * len(CASES) * 3 * 2)  # z of a law and of our mean, three generations, two metrics


def _short(row):
    generations = 5 if row.id == "a3" else GENERATIONS
    return dataclasses.replace(row, generations=generations)


def _outcome(row_id, column, seed=0):
    row = _short(BY_ID[row_id])
    chains = max(20, int(CHAINS[column] * FEWER.get(row_id, 1)))
    return row, row.baselines[column].run(chains, row.generations, seed)


@pytest.mark.parametrize(("row_id", "column"), [case for case in CASES if BY_ID[case[0]].law])
def test_a_baseline_follows_the_law_of_its_row(row_id, column):
    row, outcome = _outcome(row_id, column)
    for t in (2, 3, row.generations):
        law = np.array(row.law(t), float)
        z = (outcome.mean[t - 1] - law) / outcome.standard_error[t - 1]
        assert np.all(abs(z) < LIMIT), (t, z)
        if outcome.chains >= 2_000:  # enough to see a law that is off by a third
            assert np.all(abs(outcome.mean[t - 1] - 4 / 3 * law) > LIMIT * outcome.standard_error[t - 1])


@pytest.mark.sample(4)
@pytest.mark.usefixtures("fast_compilation")
@pytest.mark.parametrize(
    "row", [pytest.param(row, marks=[pytest.mark.slow] * (row.id in ("a3", "g", "h", "i")), id=row.id) for row in OWN]
)
def test_baselines_and_the_library_have_one_mean(row):
    block = min(row.block, 32) if row.id == "d" else row.block  # the first draw compares every token to every symbol
    run = engine.ours(dataclasses.replace(_short(row), block=block), "ours_f32", 2 * block)
    ours = np.array([[curve.mean[-1], curve.standard_error[-1]] for curve in run.values()]).T
    for column in row.baselines:
        _, outcome = _outcome(row.id, column, seed=1)
        error = np.hypot(ours[1], outcome.standard_error[-1])
        assert np.all(abs(ours[0] - outcome.mean[-1]) < LIMIT * error), column


def test_blocks_of_chains_are_merged():
    def values(rng, chains, generations):
        return ((rng.random(chains),) for _ in range(generations))

    whole, parts = Baseline(values, 100).run(100, 1), Baseline(values, 7).run(100, 1)
    np.testing.assert_allclose(whole.mean, parts.mean)
    np.testing.assert_allclose(whole.variance, parts.variance)
    assert whole.mean.shape == (1, 1)


@pytest.mark.parametrize("df", [3, 5, 40])
def test_bartlett_has_the_mean_of_a_wishart_matrix(df):
    factor = matrices.bartlett(Generator(SFC64(1)), df, 5, 20_000)
    wishart = factor @ factor.swapaxes(1, 2)
    z = (wishart.mean(0) - df * np.eye(5)) / (wishart.std(0) / np.sqrt(len(wishart)))
    assert abs(z).max() < simultaneous_z(1e-6, 25)
    assert np.linalg.matrix_rank(wishart[0]) == min(df, 5)


def test_chains_last_algebra():
    rng = Generator(SFC64(2))
    left, right = (np.tril(np.moveaxis(matrices.bartlett_last(rng, 9, 4, 50), -1, 0)) for _ in range(2))
    factor, other = (np.moveaxis(value, 0, -1).copy() for value in (left, right))
    gram, b = left @ left.swapaxes(1, 2), rng.standard_normal((50, 4, 1))
    solved = least_squares.solve_last(np.moveaxis(gram, 0, -1).copy(), b[..., 0].T.copy())
    np.testing.assert_allclose(solved.T, np.linalg.solve(gram, b)[..., 0], rtol=1e-6)
    matrices.multiply_lower(factor, other)
    np.testing.assert_allclose(np.moveaxis(factor, -1, 0), left @ right, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("n", [5, 100])
def test_alias_tables_hold_the_binomial_laws(n):
    cut, alias, bits = discrete.alias_tables(n)
    columns, scale = 1 << bits, 1 << (32 - bits)
    cut, alias = cut.reshape(n + 1, columns), alias.reshape(n + 1, columns)
    for k in range(n + 1):
        mass = np.bincount(alias[k], 1 - cut[k] / scale, columns) + cut[k] / scale
        pmf = stats.binom.pmf(np.arange(columns), n, k / n)
        np.testing.assert_allclose(mass / columns, pmf, atol=1 / scale)


def test_every_row_can_be_measured():
    assert len(BY_ID) == len(ROWS)
    for row in ROWS:
        assert set(row.columns()) <= set(COLUMNS)
        assert all(row.size(column) > 0 for column in row.columns())
        assert row.normals or row.words
        assert row.baselines or row.like in BY_ID


@pytest.mark.usefixtures("fast_compilation")
@pytest.mark.parametrize("column", ["floor_f32", "floor_f64"])
def test_a_floor_draws_what_it_says(column):
    engine._floor_program.cache_clear()
    coin = dataclasses.replace(BY_ID["f"], generations=20)
    assert engine.floor(coin, column, coin.block) / (20 * coin.block) == pytest.approx((2**16 - 1) / 2, rel=0.02)
    gaussian = dataclasses.replace(BY_ID["a"], generations=20)
    first, second = (engine.floor(gaussian, column, 2048, seed) for seed in (0, 1))
    assert 0 < abs(first) < LIMIT * np.sqrt(2 * 20 * 2048)
    assert first != second


@pytest.mark.usefixtures("fast_compilation")
def test_measuring_writes_a_table(tmp_path, capsys):
    out = tmp_path / "table.json"
    columns = ["numpy_raw", "numpy_same", "ours_f32", "floor_f32"]
    options = ["--rows", "a", "--columns", *columns, "--scale", "0.01", "--runs", "1", "--no-scaling"]
    assert main([*options, "--out", str(out)]) == 0
    results = json.loads(out.read_text())
    entry = results["rows"]["a"]
    assert set(entry["columns"]) == set(columns)
    for name, timed in entry["columns"].items():
        assert timed["per_second"] == pytest.approx(timed["chains"] * 100 / timed["seconds"])
        assert 0 < timed["least"] <= timed["seconds"] <= timed["most"], name
        assert timed["first_call"] > 0, name
    assert {"cpu", "cores", "vectors", "device", "python", "jax", "numpy"} <= set(results["about"])
    shown = capsys.readouterr().out
    assert "Gaussian d=1, n=100, replace" in shown
    assert "met" in shown
    assert (tmp_path / "table.png").stat().st_size > 1_000
    assert (tmp_path / "table.svg").read_text().count("collapse_jax") == 0
    assert "| (a) Gaussian d=1" in table.markdown(results)


def test_unknown_rows_and_columns_are_named(capsys):
    for option, name in (("--rows", "z"), ("--columns", "fortran")):
        with pytest.raises(SystemExit):
            main([option, name])
        assert repr(name) in capsys.readouterr().err


def test_ratios_and_targets():
    rows = {
        "a": {
            "title": "",
            "like": None,
            "columns": {"numpy_raw": {"per_second": 2.0}, "ours_f32": {"per_second": 8.0}},
        },
        "a100k": {"title": "", "like": "a", "columns": {"ours_f32": {"per_second": 10.0}}},
    }
    assert table.ratio(rows, "a100k", "ours_f32", "numpy_raw") == 5
    assert table.ratio(rows, "a", "ours_f64", "numpy_raw") is None
    targets = [
        Target("a", "ours_f32", "numpy_raw", least=4),
        Target("a", "ours_f32", "numpy_raw", most=3),
        Target("b", "ours_f32", "numpy_raw", least=1),
    ]
    assert [item["met"] for item in table.judged(rows, targets)] == [True, False]
    assert [table.show(value) for value in (None, 0.0123, 3.14, 31.4, 314.2, 31415)] == [
        "-",
        "0.012",
        "3.1",
        "31",
        "314",
        "31,415",
    ]


def test_shared_algebra_is_timed_once():
    result = measure(dataclasses.replace(BY_ID["a2"], generations=2), runs=1, scale=0.01, columns=("numpy_stats",))
    assert result["columns"]["numpy_same"] == result["columns"]["numpy_stats"]


def test_the_page_shows_the_measured_numbers():
    page = table.README.read_text(encoding="utf-8")
    results = table.load(table.RESULTS / "table.json")
    assert table.rendered(page, results) == page, "stale: run python -m benchmarks --render"
    assert results["targets"] == table.judged(results["rows"]), "targets changed: run python -m benchmarks"
    assert list(results["rows"]) == list(BY_ID)


@pytest.mark.usefixtures("fast_compilation")
def test_scaling_is_relative_to_the_first():
    result = scaling.scaling(runs=1, scale=0.01, sweeps=("chains",))["chains"]
    assert result["values"] == [10**3, 10**4, 10**5, 10**6]
    assert result["relative"][0] == 1
    assert min(result["relative"]) > 0


@pytest.mark.usefixtures("fast_compilation")
def test_both_ways_through_the_grid_agree():
    assert len(grid.cells()) == 50
    some = [(16, 3, "replace"), (16, 3, "accumulate")]
    ours = grid.ours(some[1:], 64, 6)
    # The last is singular: fewer observations than dimensions.
    for cell in (*some, (4, 6, "replace"), (4, 6, "accumulate")):
        batches = np.array([grid.numpy_stats([cell], 64, 6, seed)[cell] for seed in range(60)])
        mean, error = batches.mean(0), batches.std(0, ddof=1)
        forms = {"replace": kazdan2024.replace_mean_error, "accumulate": kazdan2024.accumulate_mean_error}
        law = [forms[cell[2]](t, cell[0], *([0] if cell[2] == "replace" else [])) for t in range(1, 7)]
        limit = simultaneous_z(1e-6, 6 * 6)
        assert np.all(abs(mean - law) < limit * error / np.sqrt(60)), cell
        if cell in ours:
            assert np.all(abs(ours[cell] - law) < limit * error), cell


@pytest.mark.wide
def test_an_option_of_the_compiler_is_left_out(monkeypatch):
    monkeypatch.setattr(compilation, "ROWS", {"f": 32_768})
    seen = []
    ours = compilation.engine.ours

    def small(row, column, chains, seed):
        seen.append(dict(xla.compiler_options("cpu", 1)))
        return ours(row, column, chains, seed, generations=2)

    monkeypatch.setattr(compilation.engine, "ours", small)
    [option] = set(compilation.OPTIONS[1:])
    assert set(compilation.left_out(option, runs=1, scale=1 / 32)) == {"f"}
    assert [option in options for options in seen] == [True, True, False, False, True, True]


@pytest.mark.usefixtures("fast_compilation")
def test_a_small_part_of_a_billion():
    result = billion.child(2_048, 5, "float32", 1)
    assert result["chain_generations"] == 10_240
    assert result["peak_mib"] > 10
    assert result["largest_z"] < simultaneous_z(1e-6, 5)


@pytest.mark.wide
@pytest.mark.usefixtures("fast_compilation")
def test_the_accelerator_report_has_a_dry_run(tmp_path, monkeypatch):
    monkeypatch.setenv("JAX_PLATFORMS", "cpu")
    out = tmp_path / "accelerator.json"
    assert accelerator.main(["--dry-run", "--rows", "a", "--out", str(out)]) == 0
    results = json.loads(out.read_text())
    assert results["device"]["platform"] == "cpu"
    assert results["limit_of_row_a"]["by"] in ("bytes", "operations")
    assert set(results["rows"]["a"]["columns"]) <= set(accelerator.COLUMNS)
    assert [entry["chains"] for entry in results["nets"]] == [2, 4]
    assert all(entry["fits_per_second"] > 0 for entry in results["nets"])
    with pytest.raises(SystemExit):  # there is no accelerator here
        accelerator.main(["--out", str(out)])
