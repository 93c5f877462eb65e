"""Nets beside a loop of steps: the loop trains the same net, and the page says what the file says."""

import _tiny_net as tiny
import numpy as np
import pytest
from scipy.stats import ttest_ind

from benchmarks import neural, table
from benchmarks.baselines import nets
from collapse_jax import Accumulate, Replace
from collapse_jax.neural import NeuralFamily, Training, study, truths
from collapse_jax.neural.nets import Recurrent

N, CHAINS, GENERATIONS = 16, 32, 2


@pytest.mark.wide
def test_the_loop_and_the_library_have_one_mean():
    loops = {"replace": Replace(N), "accumulate": Accumulate(N)}
    ours = study(tiny.family(), loops, tiny.PROBE, generations=GENERATIONS, chains=CHAINS, seed=1, progress=False)
    found = nets.study(nets.Optax(tiny.family(), tiny.PROBE), N, GENERATIONS, CHAINS, seed=1)
    assert list(found) == list(loops)
    np.testing.assert_array_equal(found["replace"][0], found["accumulate"][0])
    for name, paths in found.items():
        for t in range(GENERATIONS):
            assert ttest_ind(paths[t], ours[name]["loss"][t], equal_var=False).pvalue > 1e-6, (name, t)


@pytest.mark.wide
def test_pytorch_learns_the_language():
    pytest.importorskip("torch")
    truth = truths.HiddenMarkov.zipf(length=8)
    family = NeuralFamily(truth, Recurrent(width=8, length=8), Training(steps=60, rate=1e-2))
    [first, last] = nets.study(nets.Torch(family), 64, 2, 2, seed=0)["replace"]
    assert np.all((first > 0) & (first < np.log(truth.symbols)) & np.isfinite(last))


@pytest.mark.slow
def test_the_command(tmp_path):
    out = tmp_path / "neural.json"
    small = ["--chains", "2", "--few", "1", "--generations", "1", "--runs", "1", "--width", "4"]
    assert neural.main([*small, "--out", str(out)]) == 0
    results = table.load(out)
    assert {"ours", "optax"} <= set(results["columns"])
    assert all(size > 0 for size in results["bytes_per_chain"].values())


def test_the_page_shows_the_measured_numbers():
    page = table.README.read_text(encoding="utf-8")
    results = table.load(table.RESULTS / "neural.json")
    assert table.between(page, "neural", neural.brief(results)) == page, (
        "stale: run python -m benchmarks.neural --render"
    )
    without = {**results, "columns": {name: entry for name, entry in results["columns"].items() if name != "torch"}}
    assert "| PyTorch, one thread | absent |" in neural.brief(without)
