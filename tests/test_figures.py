"""The README figure: what it draws agrees with the closed forms, and what it writes says where it came from."""

import json
import subprocess
import sys

import numpy as np
import pytest
from matplotlib.figure import Figure

from collapse_jax.estimate import simultaneous_z
from collapse_jax.figures import replace_accumulate
from collapse_jax.figures.__main__ import main

CURVES = [f"{metric}_{name}" for metric in ("risk", "variance") for name in ("replace", "accumulate")]


@pytest.fixture(scope="module")
def drawn():
    return replace_accumulate(Figure().subplots(1, 2), chains=4096, generations=4, seed=1, n=20, d=3, T=40)


@pytest.mark.parametrize("curve", CURVES)
def test_simulation_agrees_with_closed_form(drawn, curve):
    data = drawn[1]
    deviation = (data[f"{curve}_mean"] - data[f"{curve}_closed"]) / data[f"{curve}_stderr"]
    assert np.abs(deviation).max() < simultaneous_z(1e-6, 4 * len(CURVES))


def test_closed_forms(drawn):
    data = drawn[1]
    np.testing.assert_allclose(data["risk_replace_closed"], 3 / 36 * np.arange(1, 5))
    np.testing.assert_allclose(data["risk_accumulate_closed"], 3 / 36 * np.cumsum(1 / np.arange(1, 5) ** 2))
    np.testing.assert_allclose(data["variance_replace_closed"], 0.95 ** np.arange(1, 5))
    np.testing.assert_allclose(data["variance_accumulate_closed"], np.cumprod(1 - 1 / (20 * np.arange(1, 5) ** 2)))
    np.testing.assert_allclose(data["risk_limit"], 3 / 36 * np.pi**2 / 6)
    np.testing.assert_allclose(data["variance_limit"], np.sinc(1 / np.sqrt(20)))


def test_bands_surround_means_and_curves_keep_to_their_side_of_the_limit(drawn):
    data = drawn[1]
    for curve in CURVES:
        assert np.all(
            (data[f"{curve}_lower"] < data[f"{curve}_mean"]) & (data[f"{curve}_mean"] < data[f"{curve}_upper"])
        )
    assert np.all(data["risk_accumulate_closed"] < data["risk_limit"])
    assert np.all(data["variance_accumulate_closed"] > data["variance_limit"])


def test_panels_are_labelled(drawn):
    for ax in drawn[0]:
        assert ax.get_xlabel() == "generation $t$"
        assert "units" in ax.get_ylabel()
        assert ax.get_title()
        assert len(ax.get_legend().get_texts()) == 4
        assert len({line.get_linestyle() for line in ax.lines if line.get_linestyle() != "None"}) == 3


@pytest.mark.parametrize(("wrong", "remedy"), [({"T": 4, "d": 3}, "T >= 5"), ({"n": 1}, "n >= 2")])
def test_undefined_quantities_are_refused(wrong, remedy):
    with pytest.raises(ValueError, match=remedy):
        replace_accumulate(Figure().subplots(1, 2), **wrong)


def test_command_writes_files_that_say_where_they_came_from(tmp_path, capsys, monkeypatch, drawn):
    module = sys.modules[replace_accumulate.__module__]
    monkeypatch.setattr(module, "_data", lambda *_: drawn[1])  # simulated above already
    out = tmp_path / "new"
    assert main(["--out", str(out), "--quick", "--seed", "5"]) == 0
    assert len(capsys.readouterr().out.split()) == 4
    about = json.loads((out / "replace_accumulate.json").read_text())
    assert about["config"]["seed"] == 5
    assert {"jax", "numpy", "matplotlib", "collapse_jax", "python"} <= set(about["versions"])
    with np.load(out / "replace_accumulate.npz") as data:
        np.testing.assert_array_equal(data["risk_replace_mean"], drawn[1]["risk_replace_mean"])
    assert (out / "replace_accumulate.png").read_bytes()[:4] == b"\x89PNG"
    assert (out / "replace_accumulate.png").stat().st_size < 150_000
    assert (out / "replace_accumulate.pdf").read_bytes()[:4] == b"%PDF"


def test_folder_that_cannot_be_made(tmp_path, capsys):
    (tmp_path / "file").write_text("in the way")
    assert main(["--out", str(tmp_path / "file"), "--quick"]) == 2
    assert capsys.readouterr().err.startswith("error: cannot write")


def test_importing_the_library_draws_nothing_in():
    code = (
        "import sys, collapse_jax, collapse_jax.figures; print([m for m in ('jax', 'matplotlib') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
