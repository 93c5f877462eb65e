"""Studies: paired, compiled once, resumed to the same bits."""

import os
import subprocess
import sys
from pathlib import Path

import _tiny_net as tiny
import jax
import numpy as np
import pytest

import collapse_jax as cj
from collapse_jax.neural import NeuralFamily, Probe, Study, study

N = 16
WORKFLOWS = {
    "replace": cj.Replace(N),
    "accumulate": cj.Accumulate(N),
    "subsample": cj.AccumulateSubsample(N),
    "fixed": cj.FixedReal(N, n_real=N),
}


def run(workflows=WORKFLOWS, family=None, **options):
    given = {"generations": 3, "chains": 4, "seed": 1} | options
    return study(family or tiny.family(), workflows, tiny.PROBE, **given)


@pytest.fixture(scope="module")
def found():
    return run()


def same(a, b):
    assert list(a) == list(b)
    for name in a:
        np.testing.assert_array_equal(a.weights(name), b.weights(name))
        np.testing.assert_array_equal(a.losses(name), b.losses(name))
        for metric in a[name]:
            np.testing.assert_array_equal(a[name][metric], b[name][metric])


def test_fit_1_is_the_same_in_all_workflows(found):
    for name in WORKFLOWS:
        assert found[name]["loss"].shape == found.losses(name).shape == (3, 4)
        assert found[name]["loss"].dtype == np.float64
        np.testing.assert_array_equal(found[name]["loss"][0], found["replace"]["loss"][0])
        np.testing.assert_array_equal(found.losses(name)[0], found.losses("replace")[0])
    assert not np.any(found.contrast("replace", "fixed", "loss")[0])
    assert np.all(found.contrast("replace", "fixed", "loss")[1:])
    assert np.unique(found["replace"]["loss"]).size == 12
    np.testing.assert_array_equal(found.rise("replace", "loss")[-1], np.diff(found["replace"]["loss"], axis=0).sum(0))


def test_the_bits_depend_neither_on_the_run_nor_on_what_else_is_studied(found):
    same(found, run())
    alone = run({"replace": cj.Replace(N), "larger": cj.Accumulate(2 * N)})
    np.testing.assert_array_equal(alone.weights("replace"), found.weights("replace"))


def test_programs_are_traced_once_whatever_steps_rate_temperature_and_pool(found):
    del found
    before = tiny.TRACED.copy()
    hot = NeuralFamily(tiny.Two(1.0), tiny.Mixture(0.5), tiny.family(steps=9, rate=0.02).training)
    run({"replace": cj.Replace(N), "w": cj.Window(N, k=3), "a": cj.Accumulate(N)}, hot, seed=5)
    for part in ("loss", "probe"):
        assert tiny.TRACED[part] == before[part]


@pytest.mark.wide
def test_simulate_gives_the_same_chains(found):
    metric = tiny.PROBE.metric("loss")
    options = {"engine": "literal", "dtype": "float32", "block": 2, "keep_paths": 4, "progress": False}
    [path] = cj.simulate(
        tiny.family(), WORKFLOWS["replace"], [metric], generations=3, chains=4, seed=1, **options
    ).paths.values()
    # Both compile one training for blocks of one size, which XLA rounds alike: no difference, and so no tolerance. The keys
    # of a probe are those of block 0, but this number draws nothing from the net.
    np.testing.assert_array_equal(path, found["replace"]["loss"])


WORKFLOWS_OF_ALL_KINDS = [
    cj.ReplaceMultiple(N),
    cj.Window(N, k=2),
    cj.Window(N, k=2, redraw=True),
    cj.FreshReal(N, n_real=N),
    cj.Contaminated(N, share=0.5),
    cj.Edited(N, rate=0.5),
    cj.RecentModels(N, n_real=N, k=2),
    cj.Urn(N, first=N, n_real=4),
    cj.Linear(N, weights=np.tril(np.ones((3, 3))) / np.arange(1, 4)[:, None], pool=True),
    cj.Corrected(cj.Replace(N), gamma=0.5),
    cj.Curated(cj.Replace(N), reward=abs, K=2),
    cj.Replace((N, 2 * N, 4)),
]


@pytest.mark.wide
def test_every_workflow_runs_as_it_is(found):
    named = {f"{index}": workflow for index, workflow in enumerate(WORKFLOWS_OF_ALL_KINDS)}
    every = run(named, generations=3, chains=2, block=2)
    for name, workflow in named.items():
        assert np.all(np.isfinite(every[name]["loss"]))
        redrawn = isinstance(workflow, cj.Window) and workflow.redraw  # half of n
        if not redrawn and isinstance(workflow.n, int):
            np.testing.assert_array_equal(every[name]["loss"][0], found["replace"]["loss"][0, :2])


@pytest.mark.parametrize(
    ("workflow", "remedy"),
    [
        (cj.RandomPool(N), "RandomPool would copy the weights for each; use Window"),
        (cj.FreshReal(N, n_real=N, weight=0.5), "not a net that was fitted; pool their data instead"),
        (cj.Contaminated(N, estimate="pooled"), "pool their data instead"),
        (cj.Linear(N, weights=np.eye(3)), "pool their data instead"),
        (cj.Tempered(cj.Replace(N), 0.5), "no temperature"),
        (cj.Biased(cj.Replace(N), 0.5), "use Gaussian"),
        (cj.Diffused(cj.Replace(N)), "use Gaussian"),
        (cj.Verified(cj.Replace(N)), "use LinearClassifier"),
        (cj.SelfLabelled(cj.Replace(N)), "use LinearClassifier"),
        (cj.Replace((N, N)), "2 sample sizes for 3 generations"),
    ],
    ids=lambda item: type(item).__name__,
)
def test_a_workflow_that_nets_cannot_run_is_refused_before_anything_is_trained(workflow, remedy):
    before = tiny.TRACED["loss"]
    with pytest.raises(ValueError, match=f"^mine: .*{remedy}"):
        run({"mine": workflow})
    assert tiny.TRACED["loss"] == before  # nothing was trained, or even traced


CHILD = """
import test_neural_study as here
from collapse_jax.neural.checkpoint import Saved
save = Saved.save
def told(self, tracks):
    save(self, tracks)
    print("saved", flush=True)
Saved.save = told
here.run(checkpoint={path!r})
"""


def killed(path, after):
    """A study on one device, killed after so many writes of its checkpoint."""
    environment = os.environ | {"JAX_NUM_CPU_DEVICES": "1", "PYTHONPATH": os.pathsep.join(sys.path)}
    child = subprocess.Popen(
        [sys.executable, "-c", CHILD.format(path=str(path))],
        stdout=subprocess.PIPE,
        text=True,
        env=environment,
        cwd=Path(__file__).parent,
    )
    with child:
        lines = sum(1 for _ in zip(range(after), child.stdout, strict=False))
        child.kill()
    assert lines == after


def resumed_after(tmp_path, found, fits):
    path = tmp_path / "study.checkpoint"
    for after in fits:
        killed(path, after)
    assert [file.name for file in tmp_path.iterdir() if not file.name.startswith(".")] == [path.name]
    same(found, run(checkpoint=path))


@pytest.mark.wide
def test_killed_on_one_device_and_resumed_on_four(tmp_path, found):
    assert jax.device_count() == 4
    resumed_after(tmp_path, found, [np.random.default_rng().integers(1, 11)])


@pytest.mark.slow
def test_killed_again_and_again(tmp_path, found):
    for times in range(10):
        (tmp_path / f"{times}").mkdir()
        rng = np.random.default_rng(times)
        resumed_after(tmp_path / f"{times}", found, rng.integers(1, 4, size=3))


def test_a_checkpoint_of_another_study_is_refused(tmp_path, found):
    path = tmp_path / "study.checkpoint"
    kept = run({"replace": cj.Replace(N)}, checkpoint=path)
    same(kept, run({"replace": cj.Replace(N)}, checkpoint=path))
    np.testing.assert_array_equal(kept.weights("replace"), found.weights("replace"))
    with pytest.raises(ValueError, match="another study: it differs in seed; give another file"):
        run({"replace": cj.Replace(N)}, checkpoint=path, seed=2)
    with pytest.raises(ValueError, match="differs in family"):
        run({"replace": cj.Replace(N)}, tiny.family(rate=0.1), checkpoint=path)
    path.write_bytes(path.read_bytes()[:-10])
    with pytest.raises(ValueError, match="does not match its checksum"):
        run({"replace": cj.Replace(N)}, checkpoint=path)
    with pytest.raises(ValueError, match="cannot write the checkpoint"):
        run(checkpoint=tmp_path / "nowhere" / "x")


def test_an_odd_number_of_chains(found):
    odd = run({"replace": cj.Replace(N)}, chains=3)
    assert odd.weights("replace").shape == (3, 12)
    np.testing.assert_array_equal(odd["replace"]["loss"], found["replace"]["loss"][:, :3])


@pytest.mark.wide
def test_a_study_as_a_file_a_table_and_a_line(tmp_path, found):
    loaded = Study.load(found.save(tmp_path / "found.study"))
    same(loaded, found)
    assert repr(loaded) == repr(found)
    assert repr(found).startswith("Study of 4 workflows, 4 chains, 3 generations; loss, variance\n  replace: loss ")
    assert found.table().count("\n") == 9
    assert "| workflow | metric | fit 1 | fit 3 |" in found.table()
    with pytest.raises(KeyError, match="the study has replace, accumulate"):
        found["nothing"]
    net = tiny.family().fitted(found.weights("replace")[0])
    assert net.sample(jax.random.key(0), 5).shape == (5,)
    with pytest.raises(ValueError, match="no .*study.*, or was truncated"):
        Study.load(__file__)


@pytest.mark.usefixtures("untyped")
def test_errors_name_the_remedy():
    for options, message in [
        ({"chains": 0}, "chains=0 is not a number of chains"),
        ({"generations": 0}, "generations=0 is not"),
        ({"seed": -1}, "seed=-1 is no seed"),
        ({"block": 0}, "block=0"),
        ({"workflows": {}}, "give them by name"),
        ({"workflows": {"a": 3}}, "is no workflow by name"),
        ({"family": cj.Bernoulli(0.3)}, "use collapse_jax.simulate for it"),
    ]:
        with pytest.raises(ValueError, match=message):
            run(**options)
    with pytest.raises(ValueError, match="is no probe; use Probe"):
        study(tiny.family(), WORKFLOWS, "kl", generations=1, chains=1)
    with pytest.raises(ValueError, match="return 3 numbers"):
        study(tiny.family(), WORKFLOWS, Probe(("a", "b", "c"), tiny.measure), generations=1, chains=1)
