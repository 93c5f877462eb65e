"""Programs kept on disk: the same bits warm and cold, and nothing but misses where anything is amiss."""

import json
import os
import subprocess
import sys
import time
from functools import partial
from pathlib import Path

import jax
import numpy as np
import pytest
from jax.experimental.compilation_cache import compilation_cache

import collapse_jax as cj
from collapse_jax.engine import cache as _cache
from collapse_jax.engine import dispatch as _dispatch
from collapse_jax.engine.description import Undescribed, description_of


@pytest.fixture(autouse=True, scope="module")
def without_jax():
    """What is compiled here is compiled here: JAX's own folder, which all tests share, is switched off."""
    jax.config.update("jax_enable_compilation_cache", False)
    compilation_cache.reset_cache()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("JAX_ENABLE_COMPILATION_CACHE", "0")
        yield
    jax.config.update("jax_enable_compilation_cache", True)
    compilation_cache.reset_cache()


@pytest.fixture
def kept(tmp_path, monkeypatch):
    """A function (described) -> a fresh cache in one folder, as another process would open it."""
    monkeypatch.setenv("COLLAPSE_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setattr(
        _cache, "_started", lambda: time.time() + 9
    )  # source that was edited just now counts as settled

    def fresh(described=True):
        _dispatch.compiled.cache_clear()
        return _cache.enable(described)

    yield fresh
    _cache.disable()
    _dispatch.compiled.cache_clear()


def counted(cache):
    return cache.loaded, cache.traced, cache.compiled


def simulated(family=None, metric="squared_error", optimisation=0, **options):
    options = {"generations": 2, "chains": 1500, "keep_paths": 20} | options
    return cj.simulate(family or cj.Bernoulli(0.3), cj.Replace(20), metric, optimisation=optimisation, **options)


def same(one, two):
    bits = [np.asarray(jax.tree.leaves(vars(run.tally.moments(run.generations.shape)))).tobytes() for run in (one, two)]
    paths = [b"".join(values.tobytes() for values in run.paths.values()) for run in (one, two)]
    return bits[0] == bits[1] and paths[0] == paths[1]


@pytest.mark.wide
def test_bits_do_not_depend_on_where_a_program_comes_from(kept):
    _dispatch.compiled.cache_clear()
    _cache.disable()
    without = simulated()
    for described, counts in [(True, (0, 0, 1)), (False, (0, 1, 0)), (True, (1, 0, 0))]:
        cache = kept(described)
        assert same(simulated(), without)
        assert counted(cache) == counts


@pytest.mark.slow
def test_what_changes_a_program_changes_its_name(kept):
    cache = kept()
    simulated()
    simulated(cj.Bernoulli(0.7), seed=3)  # values and seeds do not
    assert counted(cache) == (0, 0, 1)
    simulated(optimisation=1)
    simulated(dtype="float32", generations=3)
    assert counted(cache) == (0, 0, 3)
    cache = kept()
    assert not same(simulated(sampler="rejection"), simulated())
    assert counted(cache) == (1, 0, 1)


@pytest.mark.wide
def test_a_users_metric_is_traced_every_time(kept):
    def mine(model, truth):
        return model.p * scale

    for scale, counts in [(1.0, (0, 0, 1)), (1.0, (0, 1, 0)), (2.0, (0, 0, 1))]:
        cache = kept()
        assert simulated(metric=mine)["mine"].mean[0] == pytest.approx(0.3 * scale, rel=0.05)
        assert counted(cache) == counts


def test_source_that_was_written_meanwhile_has_no_description(kept, monkeypatch):
    cache = kept()
    monkeypatch.setattr(_cache, "_stamps", lambda: [("random.py", 0, 0)])
    simulated()
    assert not list(cache.folder.glob("*.link"))


@pytest.mark.grid
@pytest.mark.parametrize(
    "damage", [lambda content: b"", lambda content: content[:-9], lambda content: b"x" + content[1:]]
)
def test_damaged_files_are_compiled_anew(kept, damage):
    cache = kept()
    whole = simulated()
    [program] = cache.folder.glob("*.program")
    program.write_bytes(damage(program.read_bytes()))
    for counts in [(0, 0, 1), (1, 0, 0)]:
        cache = kept()
        assert same(simulated(), whole)
        assert counted(cache) == counts


def test_a_sound_file_of_something_else_is_removed(kept):
    cache = kept()
    simulated()
    [program] = cache.folder.glob("*.program")
    cache._write(program.name, b"no executable")
    cache = kept()
    simulated()
    assert counted(cache) == (0, 0, 1)


def test_a_folder_that_cannot_be_written_changes_nothing(kept, tmp_path, monkeypatch):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("COLLAPSE_CACHE_DIR", str(tmp_path / "file" / "cache"))
    cache = kept()
    simulated()
    assert counted(cache) == (0, 0, 1)


def test_what_was_not_used_for_longest_goes_first(kept, monkeypatch):
    cache = kept()
    cache.folder.mkdir()
    for age, name in enumerate(["new.program", "old.program", "theirs.txt"]):
        (cache.folder / name).write_bytes(b"0" * 1000)
        os.utime(cache.folder / name, (1e9 - age, 1e9 - age))
    monkeypatch.setattr(_cache, "_MOST_BYTES", 1500)
    cache._write("newest.program", b"")
    assert {path.name for path in cache.folder.iterdir()} == {"new.program", "newest.program", "theirs.txt"}


def test_where_it_is(monkeypatch, tmp_path):
    monkeypatch.setattr(sys, "platform", "linux")
    for name in ("COLLAPSE_CACHE_DIR", "JAX_COMPILATION_CACHE_DIR", "XDG_CACHE_HOME"):
        monkeypatch.delenv(name, raising=False)
    assert _cache._folder() == Path.home() / ".cache" / "collapse_jax"
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert _cache._folder() == tmp_path / "collapse_jax"
    monkeypatch.setenv("JAX_COMPILATION_CACHE_DIR", str(tmp_path / "jax"))
    assert _cache._folder() == tmp_path / "jax"
    monkeypatch.setenv("COLLAPSE_CACHE_DIR", str(tmp_path / "own"))
    assert _cache._folder() == tmp_path / "own"
    monkeypatch.setenv("COLLAPSE_CACHE_DIR", "")
    assert _cache.enable() is None


@pytest.mark.wide
def test_the_library_keeps_programs_unless_the_variable_is_empty(tmp_path):
    code = "import collapse_jax as cj; cj.simulate(cj.Bernoulli(0.3), cj.Replace(9), 'variance', generations=1, chains=2, optimisation=0)"
    for folder, kept in [("", 0), (str(tmp_path), 1)]:
        environment = {**os.environ, "COLLAPSE_CACHE_DIR": folder}
        subprocess.run([sys.executable, "-c", code], env=environment, check=True, cwd=tmp_path.parent)
        assert len(list(tmp_path.glob("*.program"))) == kept


def test_descriptions_see_code_defaults_and_closures():
    def described(value):
        return repr(description_of(value))

    space = {"__name__": "proofs_check.made"}
    exec(
        compile(
            "def make(a, body):\n"
            "    def plus(x, y=1): return x + a + y\n"
            "    def minus(x, y=1): return x - a - y\n"
            "    def nested(x): return [a * item for item in x]\n"
            "    return {'plus': plus, 'minus': minus, 'nested': nested}[body]\n",
            "made.py",
            "exec",
        ),
        space,
    )
    make = space["make"]
    found = {described(make(a, body)) for a in (1, 1.0, 2, "1", None) for body in ("plus", "minus", "nested")}
    assert len(found) == 15
    assert described(make(1, "plus")) == described(make(1, "plus"))
    assert described(partial(make(1, "plus"), 2)) != described(partial(make(1, "plus"), 3))
    assert described({"a": 1, "b": 2}) != described({"a": 1, "b": 3})
    assert described([(1, 2), (1, 3)]) != described([(1, 2), (1, 2)])
    assert described(np.arange(3)) != described(np.arange(3.0))
    assert described(cj.Bernoulli(0.3)) != described(cj.Bernoulli(0.4))
    for unknown in (object(), lambda x: x, make, {1}, np.array([None]), pytest):
        with pytest.raises(Undescribed):
            description_of(unknown)


@pytest.mark.slow
def test_processes_share_a_folder_and_verdicts_do_not_change(kept, tmp_path):
    arguments = ["verify", "seddik2024.thm1.S", "--quick", "--json", "-"]
    cold = [
        subprocess.Popen([sys.executable, "-m", "proofs_check.cli", *arguments], stdout=subprocess.PIPE,
                         stderr=subprocess.DEVNULL)
        for _ in range(2)
    ]  # fmt: skip
    outputs = [process.communicate(timeout=120)[0] for process in cold]
    assert [process.returncode for process in cold] == [0, 0]
    warm = subprocess.run([sys.executable, "-m", "proofs_check.cli", *arguments], capture_output=True, check=True)
    rows = [json.loads(text)[0] | {"seconds": 0} for text in [*outputs, warm.stdout]]
    assert rows[0] == rows[1] == rows[2]
    assert {path.suffix for path in (tmp_path / "cache").iterdir()} == {".link", ".program"}
