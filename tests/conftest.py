"""Session settings; they have to precede the first import of JAX and of collapse_jax."""

import os
import tempfile
from collections import Counter
from functools import partial

os.environ.setdefault("JAX_PLATFORMS", "cpu")
os.environ.setdefault("JAX_NUM_CPU_DEVICES", "4")
os.environ.setdefault("MPLBACKEND", "Agg")
os.environ["COLLAPSE_CACHE_DIR"] = ""  # the command line keeps nothing from a test, unless it sets a folder
# Workers, and the commands that tests start, compile what they have in common once; the folder goes with the session.
_compiled = None
if "JAX_COMPILATION_CACHE_DIR" not in os.environ:
    _compiled = tempfile.TemporaryDirectory(prefix="collapse-tests-", ignore_cleanup_errors=True)
    os.environ["JAX_COMPILATION_CACHE_DIR"] = _compiled.name
os.environ.setdefault("JAX_PERSISTENT_CACHE_MIN_COMPILE_TIME_SECS", "0")

import pytest
from jaxtyping import config, install_import_hook

# Every annotated shape of the library is checked while the suite runs; `_typecheck` says why not beartype as it is.
# That takes a tenth to a quarter of the time, which CI spends once: its further steps set COLLAPSE_UNTYPED.
if not os.environ.get("COLLAPSE_UNTYPED"):
    install_import_hook("collapse_jax", "_typecheck.check")

import jax


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    """Of a `grid` the first case is wide, so that CI notices a break, and the others are slow; of a `sample(k)` every
    k-th case that is not wide is run by default, and the others are slow. What is slow is nothing else."""
    seen = Counter()
    for item in items:
        if item.get_closest_marker("slow"):
            item.own_markers = [mark for mark in item.own_markers if mark.name != "wide"]
        if item.get_closest_marker("slow") or item.get_closest_marker("wide"):
            continue
        function = item.nodeid.partition("[")[0]
        if item.get_closest_marker("grid"):
            item.add_marker("slow" if seen[function] else "wide")
        elif (chosen := item.get_closest_marker("sample")) and seen[function] % chosen.args[0]:
            item.add_marker("slow")
        seen[function] += 1


@pytest.fixture(scope="session")
def cheap_options():
    """Compiler options that cost speed and save compile time; some exist in some versions of XLA only."""
    options = {}
    wanted = {
        "xla_backend_optimization_level": 0,
        "xla_cpu_use_fusion_emitters": False,
        "xla_cpu_parallel_codegen_split_count": 1,
    }
    for name, value in wanted.items():
        try:
            jax.jit(lambda: 0).lower().compile({name: value})
        except jax.errors.JaxRuntimeError:
            continue
        options[name] = value
    return options


@pytest.fixture
def fast_compilation(monkeypatch, cheap_options):
    """Laws do not depend on how hard LLVM optimises, and compiling is nearly all of the time of the statistical tests."""
    from collapse_jax.engine import xla

    # The library finds out, once, which options there are; that must not be answered by the patch.
    for level in range(4):
        xla.compiler_options(jax.default_backend(), level)
    compile_ = jax.stages.Lowered.compile
    monkeypatch.setattr(jax.stages.Lowered, "compile", lambda lowered, *_: compile_(lowered, cheap_options))


@pytest.fixture
def cheap_jit(cheap_options):
    return partial(jax.jit, compiler_options=cheap_options)


@pytest.fixture
def x64():
    with jax.enable_x64(True):
        yield


@pytest.fixture
def untyped():
    """The library's own validation, which the type checker would forestall."""
    config.update("jaxtyping_disable", True)
    yield
    config.update("jaxtyping_disable", False)
