"""Session settings; they have to precede the first import of JAX and of collapse_jax."""

import os

os.environ.setdefault("JAX_PLATFORMS", "cpu")
os.environ.setdefault("JAX_NUM_CPU_DEVICES", "4")
os.environ.setdefault("MPLBACKEND", "Agg")

import pytest
from jaxtyping import install_import_hook

# Every annotated shape of the library is checked while the suite runs; `_typecheck` says why not beartype as it is.
install_import_hook("collapse_jax", "_typecheck.check")

import jax


@pytest.fixture
def fast_compilation(monkeypatch):
    """Laws do not depend on how hard LLVM optimises, and compiling is nearly all of the time of the statistical tests."""
    compile_ = jax.stages.Lowered.compile
    options = {"xla_backend_optimization_level": 0}
    monkeypatch.setattr(jax.stages.Lowered, "compile", lambda lowered: compile_(lowered, options))


@pytest.fixture
def x64():
    with jax.enable_x64(True):
        yield
