"""Figures on the command line: what is written says where it came from, and wrong words are one line."""

import dataclasses
import json
import subprocess
import sys

import numpy as np
import pytest
from matplotlib.figure import Figure as Canvas

from proofs_check import figure as shared
from proofs_check import registry
from proofs_check.cli import main
from proofs_check.papers.common.figures import replace_accumulate

FIGURES = registry.figures()


@pytest.fixture(scope="module")
def drawn():
    return replace_accumulate(Canvas().subplots(1, 2), chains=64, generations=2, seed=1, n=20, d=3, T=40)


def test_formulas_are_not_broken_over_lines():
    text = "some words before $a + b + c$ and after, " * 6
    lines = shared._wrap(text, 40)
    assert " ".join(lines) == text.strip()
    assert all(line.count("$") % 2 == 0 for line in lines)


def _without_simulation(monkeypatch, id, data):
    figure = FIGURES[id]

    def known(*, chains: int = 1 << 15, seed: int = 0, n: int = 20, d: int = 3, T: int = 40):
        return data

    monkeypatch.setitem(FIGURES, id, dataclasses.replace(figure, data=known))


@pytest.mark.grid
def test_command_writes_files_that_say_where_they_came_from(tmp_path, capsys, monkeypatch, drawn):
    _without_simulation(monkeypatch, "common.replace_accumulate", drawn[1])  # simulated above already
    out = tmp_path / "new"
    assert main(["figure", "replace_accumulate", "--out", str(out), "--quick", "--seed", "5"]) == 0
    assert len(capsys.readouterr().out.split()) == 4
    about = json.loads((out / "replace_accumulate.json").read_text())
    assert about["figure"] == "common.replace_accumulate"
    assert about["config"]["seed"] == 5
    assert about["config"]["chains"] == 1 << 12
    assert "closed forms" in about["caption"]
    assert "4,096 chains" in about["caption"]
    assert {"jax", "numpy", "matplotlib", "collapse_jax", "python"} <= set(about["versions"])
    with np.load(out / "replace_accumulate.npz") as data:
        np.testing.assert_array_equal(data["risk_replace_mean"], drawn[1]["risk_replace_mean"])
    assert (out / "replace_accumulate.png").read_bytes()[:4] == b"\x89PNG"
    assert (out / "replace_accumulate.png").stat().st_size < 150_000
    pdf = (out / "replace_accumulate.pdf").read_bytes()
    assert pdf[:4] == b"%PDF"
    assert b"CreationDate" not in pdf


def test_folder_that_cannot_be_made(tmp_path, capsys):
    (tmp_path / "file").write_text("in the way")
    assert main(["figure", "replace_accumulate", "--out", str(tmp_path / "file"), "--quick"]) == 2
    error = capsys.readouterr().err
    assert error.startswith("collapse: error: cannot write")
    assert error.count("\n") == 1


def test_file_that_cannot_be_written(tmp_path, capsys, monkeypatch, drawn):
    _without_simulation(monkeypatch, "common.replace_accumulate", drawn[1])
    (tmp_path / "replace_accumulate.json").mkdir()
    assert main(["figure", "replace_accumulate", "--out", str(tmp_path)]) == 2
    assert "cannot write" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["seddik2024.fig7"], "did you mean seddik2024.fig"),
        (["nonsense"], "`collapse figure --list`"),
        ([], "give --all"),
        (["--all", "seddik2024.fig1"], "give --all"),
        (["seddik2024.fig1", "--seed", "-1"], "whole number >= 0"),
    ],
)
def test_wrong_commands_are_one_line(tmp_path, capsys, arguments, message):
    assert main(["figure", *arguments, "--out", str(tmp_path)]) == 2
    error = capsys.readouterr().err
    assert message in error
    assert error.count("\n") == 1


def test_list_names_every_figure_once(capsys):
    assert main(["figure", "--list"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == list(FIGURES)
    assert len(FIGURES) >= 40
    assert max(map(len, lines)) <= 120


def test_choosing_keeps_order_and_drops_repeats():
    ids = ["seddik2024.fig2", "seddik2024.fig1", "seddik2024.fig2"]
    assert [figure.id for figure in registry.choose(ids)] == ids[:2]


@pytest.mark.parametrize(
    "code",
    ["import collapse_jax, proofs_check.figure", "from proofs_check.cli import main; main(['figure', '--list'])"],
)
def test_neither_importing_nor_listing_draws_anything_in(code):
    code += "; import sys; print([m for m in ('jax', 'matplotlib') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"
