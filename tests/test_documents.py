"""What README, CONTRIBUTING and the generated pages say is so, and works as it stands there."""

import doctest
import importlib
import os
import re
import runpy
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from collapse_jax.results import simultaneous_z
from proofs_check import docs
from proofs_check.cli import main

ROOT = Path(__file__).parent.parent
TEXT = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
FILES = dict(re.findall(r"```python\n# (\S+\.pyi?)\n(.*?)```", TEXT, re.S))
LINES = re.findall(r"```console\n(.*?)```", TEXT, re.S)[0].splitlines()
EXPORTS = [(name, line) for name, line in re.findall(r"```python\n# (collapse_jax/\S+)\n(.*?\n)```", TEXT, re.S)]


def write_files(folder):
    for name, text in FILES.items():
        if not name.startswith("collapse_jax/"):
            (folder / name).parent.mkdir(exist_ok=True)
            (folder / name).write_text(text, encoding="utf-8")


@pytest.fixture
def written(tmp_path, monkeypatch):
    """A folder with every file that CONTRIBUTING shows, as the current one."""
    write_files(tmp_path)
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
    yield tmp_path
    for name in ("rayleigh", "damped"):
        sys.modules.pop(name, None)


@pytest.mark.usefixtures("fast_compilation")
@pytest.mark.parametrize(("script", "runs"), [("try_rayleigh", 2), ("try_damped", 1)])
def test_the_example_runs_and_agrees_with_its_closed_form(script, runs, written, capsys):
    importlib.invalidate_caches()
    runpy.run_path(str(written / f"{script}.py"))
    lines = capsys.readouterr().out.splitlines()
    for i in range(runs):
        simulated, stated = lines[4 * i + 2 : 4 * i + 4]
        mean, stderr = map(float, re.search(r"([\d.]+) \+- ([\d.e-]+) at t=20", simulated).groups())
        rounding = 0.05 * stderr + 1e-5 * mean  # of the two digits, and the six, that are printed
        assert abs(mean - float(stated)) < simultaneous_z(1e-6, 3) * stderr + rounding


@pytest.mark.usefixtures("fast_compilation", "written")
def test_a_claim_is_a_file_of_at_most_25_lines(capsys):
    assert len([line for line in FILES["my_claims.py"].splitlines() if line]) <= 25
    assert main(["verify", "my_claims.py", "--quick"]) == 0
    assert re.search(r"SUPPORTED +mine\.window", capsys.readouterr().out)


@pytest.mark.wide
@pytest.mark.usefixtures("fast_compilation", "written")
def test_a_paper_is_one_folder(capsys):
    """Every command that CONTRIBUTING shows, on the folder that it shows."""
    said = {}
    for line in LINES:
        program, *arguments = line.split()
        assert program == "collapse"
        assert main(arguments) == 0, line
        said[arguments[0]] = capsys.readouterr().out
    assert len(re.findall(r"^SUPPORTED +doe2026\.", said["verify"], re.M)) == 3
    # the note of one and the workflow of the other
    assert [line.split()[0] for line in said["list"].splitlines()] == ["claim", "doe2026.slack", "doe2026.thm2"]
    assert re.search(r"^doe2026 +0000\.00000 +3 +0 +0 +0 +3 +1 ", said["papers"], re.M)
    assert "not measured yet" in said["show"]
    assert "author = {Doe, Jane and Roe, Richard}" in said["cite"]
    assert "figures/doe2026.fig1.png" in said["figure"]


@pytest.mark.usefixtures("written")
def test_a_proof_is_one_function_in_the_room(capsys):
    pytest.importorskip("sympy")
    assert main(["verify", "doe2026", "--rungs", "symbolic"]) == 0
    assert re.search(r"^PROVED +doe2026\.thm1 +symbolic +1/1 ", capsys.readouterr().out, re.M)


IN_A_COPY = """
from proofs_check import docs
from proofs_check.cli import main
for line in {lines!r}:
    assert main(line.split()) == 0, line
page = docs.pages()["doe2026.md"]
assert "### doe2026.thm1" in page and "about coins of unknown number" in page and "doe2026.fig1" in page, page
assert "docs/claims/doe2026.md" in docs.table()
from collapse_jax import Damped, Rayleigh, simulate
from proofs_check.construct import kinds
assert (kinds("families")["rayleigh"], kinds("workflows")["damped"]) == ("Rayleigh", "Damped")
def scale(model, truth):
    return model.v
assert simulate(Rayleigh(), Damped(n=50), scale, generations=2, chains=2000)["scale"].mean.shape == (2,)
"""


@pytest.mark.wide
def test_a_folder_or_a_file_and_one_line_of_export_are_all_it_takes(tmp_path):
    """In a copy of the packages, nothing else is edited: a paper, a family, a workflow and a metric are found."""
    for package in ("collapse_jax", "proofs_check"):
        shutil.copytree(ROOT / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__"))
    examples, empty = tmp_path / "examples", tmp_path / "empty"
    examples.mkdir()
    empty.mkdir()
    write_files(examples)
    shutil.copytree(examples / "doe2026", tmp_path / "proofs_check" / "papers" / "doe2026")
    assert [len(line.strip().splitlines()) for _, line in EXPORTS] == [1, 1, 1]
    for name, line in EXPORTS:
        module = re.match(r"from collapse_jax\.(\S+) ", line)[1].replace(".", "/")
        shutil.copy(examples / f"{Path(module).name}.py", tmp_path / "collapse_jax" / f"{module}.py")
        with (tmp_path / name).open("a") as file:
            file.write(line)
    lines = [
        "list doe2026 window",
        "papers doe",
        "cite doe2026",
        "show doe2026.slack",
        "verify doe2026.* --quick",
        "figure doe2026.fig1 --quick",
        "simulate bernoulli damped --set n=50 --set eta=0.2 --set p=0.3 --chains 2000 --generations 3",
        "simulate poisson replace --set n=50 --set rate=2.0 --metric squared_relative_error --generations 3 --chains 2000",
    ]
    code = IN_A_COPY.format(lines=lines)
    environment = {**os.environ, "PYTHONPATH": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=empty, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-3000:]


def test_what_is_generated_is_current():
    """`python -m proofs_check.docs` rewrites it."""
    assert docs.stale(ROOT) == []


@pytest.mark.wide
def test_what_is_stale_is_found_and_written_again(tmp_path):
    shutil.copytree(ROOT / "docs", tmp_path / "docs")
    shutil.copytree(ROOT / "figures", tmp_path / "figures")
    shutil.copy(ROOT / "README.md", tmp_path)
    page, other = tmp_path / "docs" / "claims" / "he2025.md", tmp_path / "docs" / "claims" / "nobody2020.md"
    page.write_text("old")
    other.write_text("of a paper that went away")
    readme = tmp_path / "README.md"
    readme.write_text(readme.read_text().replace("](docs/claims/README.md) | ", "](docs/claims/README.md) | 9"))
    (tmp_path / "docs" / "errata.md").unlink()
    names = ["docs/claims/he2025.md", "docs/claims/nobody2020.md", "docs/errata.md", "README.md"]
    assert docs.stale(tmp_path) == names
    assert docs.write(tmp_path) == names
    assert docs.stale(tmp_path) == []
    assert not other.exists()
    with pytest.raises(ValueError, match="markers"):
        docs.updated("no table here", "papers", "")


def test_readme_is_short_and_leads_to_every_paper():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert len(readme.splitlines()) <= 180
    assert "](docs/claims/README.md)" in readme
    every = (ROOT / "docs" / "claims" / "README.md").read_text(encoding="utf-8")
    for name in docs.pages():
        assert f"]({name})" in every


@pytest.mark.parametrize(
    "page", ["README.md", "CONTRIBUTING.md", *(f"docs/{p.name}" for p in (ROOT / "docs").glob("*.md"))]
)
def test_links_lead_somewhere(page):
    file = ROOT / page
    for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", file.read_text(encoding="utf-8")):
        assert (file.parent / target).exists(), target


@pytest.mark.wide
def test_sessions_in_readme_print_what_they_print_here():
    blocks = re.findall(r"```python\n(>>>.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.S)
    assert len(blocks) >= 3
    session = doctest.DocTestParser().get_doctest("\n".join(blocks), {}, "README.md", "README.md", 0)
    said: list[str] = []
    assert doctest.DocTestRunner().run(session, out=said.append).failed == 0, "".join(said)
