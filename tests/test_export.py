"""Tables for an appendix: LaTeX that compiles as it is, CSV, Markdown."""

import csv
import io
import re
import shutil
import subprocess

import pytest
from test_search import book as book

from proofs_check import export, latex, registry
from proofs_check.cli import main


def exported(capsys, *arguments):
    assert main(["export", *arguments]) == 0
    return capsys.readouterr().out


@pytest.mark.usefixtures("book")
def test_csv_has_every_claim_and_what_was_measured(capsys):
    rows = {row["id"]: row for row in csv.DictReader(io.StringIO(exported(capsys, "--csv")))}
    assert list(rows) == list(registry.claims())
    assert tuple(rows["seddik2024.thm2"]) == export.COLUMNS
    assert rows["seddik2024.thm3"]["vacuous"] == "VACUOUS: the bound exceeds 2"
    row = rows["seddik2024.thm2"]
    assert (row["verdict"], row["resolution"], row["measured"]) == ("REFUTED", "0.4 %", "2026-11-25")
    assert row["statement"] == registry.claims()["seddik2024.thm2"].statement
    assert "Categorical under FixedReal(n=50, n_real=5), sum of squares; p=" in row["setting"]
    assert rows["kazdan2024.replace_cov"]["verdict"] == ""


@pytest.mark.wide
@pytest.mark.usefixtures("book")
def test_markdown_has_a_table_per_paper_with_as_many_cells_as_headers(capsys):
    out = exported(capsys, "--markdown")
    assert len(re.findall(r"^\*\*", out, re.M)) == len({claim.paper for claim in registry.claims().values()})
    rows = [line for line in out.splitlines() if line.startswith("|")]
    assert {line.count(" | ") for line in rows if "---" not in line} == {6}
    assert "| REFUTED | 0.4 % |" in out


@pytest.mark.usefixtures("book")
def test_latex_is_a_document_or_a_fragment(capsys, tmp_path):
    whole = exported(capsys, "--latex", "--paper", "seddik")
    part = exported(capsys, "--latex", "--fragment", "--paper", "seddik")
    assert whole.startswith(r"\documentclass")
    assert r"\begin{longtable}" in part
    assert r"\documentclass" not in part
    assert all(line in whole for line in re.findall(r"%   (\\usepackage.*)", part))
    assert r"VACUOUS: the bound exceeds 2" in whole
    assert r"seddik2024.\allowbreak{}thm2.\allowbreak{}corrected" in whole
    out = tmp_path / "table.tex"
    assert main(["export", "--latex", "--paper", "seddik", "--out", str(out)]) == 0
    assert out.read_text() == whole


def test_text_is_escaped():
    shown = latex.escape('a_b & 50% of #1 {x} <~^\\ "q" Göös |')
    assert shown == (
        r"a\_b \& 50\% of \#1 \{x\} \textless{}\textasciitilde{}\textasciicircum{}\textbackslash{} ''q'' "
        r"G\"{o}\"{o}s \textbar{}"
    )


@pytest.mark.slow
@pytest.mark.usefixtures("book")
@pytest.mark.skipif(
    shutil.which("pdflatex") is None, reason="there is no TeX; apt-get install texlive-latex-recommended"
)
@pytest.mark.parametrize("form", ["document", "fragment"])
def test_latex_compiles_for_all_claims(form, tmp_path, capsys):
    if form == "document":
        text = exported(capsys, "--latex")
    else:
        part = exported(capsys, "--latex", "--fragment")
        preamble = "\n".join(re.findall(r"%   (\\usepackage.*)", part))
        text = f"\\documentclass{{article}}\n{preamble}\n\\begin{{document}}\n{part}\n\\end{{document}}\n"
    (tmp_path / "table.tex").write_text(text)
    for _ in range(2):  # a longtable finds its widths in the first
        command = ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "table.tex"]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, errors="replace", check=False)
        assert done.returncode == 0, done.stdout[-3000:]
    assert "Missing character" not in done.stdout
    if form == "document":
        assert "Overfull \\hbox" not in done.stdout
    assert (tmp_path / "table.pdf").stat().st_size > 10_000
