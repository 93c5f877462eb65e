"""The later rows: baselines simulate what the library does, and the page says what the file says."""

import dataclasses

import numpy as np
import pytest

from benchmarks import engine, table
from benchmarks.rows_loops import LOOP_ROWS, ours
from benchmarks.targets import LOOP_TARGETS
from collapse_jax.results.estimate import simultaneous_z

CASES = sum(len(row.baselines) for row in LOOP_ROWS)
LIMIT = simultaneous_z(1e-6, 3 * CASES)
CHAINS = {"loop": 100, "numpy_raw": 1_000, "numpy_stats": 1_000, "numpy_same": 1_000}


DEAR = ("verified", "projections")
"""A hundred and more dimensions: half a minute of compilation each."""


@pytest.mark.usefixtures("fast_compilation")
@pytest.mark.parametrize(
    "row",
    [pytest.param(row, id=row.id, marks=pytest.mark.slow if row.id in DEAR else pytest.mark.wide) for row in LOOP_ROWS],
)
def test_baselines_and_the_library_have_one_mean(row):
    row = dataclasses.replace(row, generations=6)
    curve = engine.ours(row, ours(row), 1024)[row.metrics[0]]
    for column, baseline in row.baselines.items():
        outcome = baseline.run(CHAINS[column], row.generations, 1)
        for t in (0, 1, 5):
            error = np.hypot(curve.standard_error[t], outcome.standard_error[t, 0])
            assert abs(curve.mean[t] - outcome.mean[t, 0]) < LIMIT * error, (column, t)


def test_the_page_shows_the_measured_numbers():
    page = table.README.read_text(encoding="utf-8")
    results = table.load(table.RESULTS / "loops.json")
    assert table.between(page, "loops", table.brief(results)) == page, "stale: run python -m benchmarks.loops --render"
    assert list(results["rows"]) == [row.id for row in LOOP_ROWS]
    assert results["targets"] == table.judged(results["rows"], LOOP_TARGETS)
