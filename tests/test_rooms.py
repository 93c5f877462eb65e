"""Rooms: what may import what, and that a folder of a user's own is a room like any other."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from proofs_check import registry
from proofs_check.claim import claim
from proofs_check.paper import Paper

ROOT = Path(__file__).resolve().parent.parent
PAPERS = ROOT / "proofs_check" / "papers"
OURS = {"common", "core", "diffusion", "neural"}  # statements of no paper


def _imported(file):
    """Full names of all that a file imports, at its top or inside a function."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def _files(folder):
    return sorted(folder.rglob("*.py"))


@pytest.mark.parametrize("file", _files(ROOT / "collapse_jax"), ids=lambda file: str(file.relative_to(ROOT)))
def test_the_engine_knows_no_paper(file):
    assert not [name for name in _imported(file) if name.split(".")[0] == "proofs_check"]


@pytest.mark.parametrize("file", _files(PAPERS), ids=lambda file: str(file.relative_to(PAPERS)))
def test_a_room_knows_no_other_but_the_common_one(file):
    own = file.relative_to(PAPERS).parts[0]
    named = {name.split(".")[2] for name in _imported(file) if name.startswith("proofs_check.papers.")}
    assert own == "common" or named <= {own, "common"}


@pytest.mark.parametrize(
    "file",
    [file for file in _files(ROOT / "proofs_check") if PAPERS not in file.parents],
    ids=lambda file: str(file.relative_to(ROOT)),
)
def test_the_rest_of_the_package_names_no_room(file):
    assert not [name for name in _imported(file) if name.startswith("proofs_check.papers.")]


def test_every_paper_is_complete():
    for key, paper in registry.papers().items():
        assert paper.read
        assert (key in OURS) == (not paper.authors)
        assert paper.arxiv or paper.venue or key in OURS
        assert all(", " in author for author in paper.authors)
        assert paper.key in paper.bibtex() or key in OURS
        assert all(surname in paper.bibtex() for surname in paper.surnames)
        assert [one for one in registry.claims().values() if one.paper == key]


def test_papers_are_found_by_what_people_call_them():
    for text in ("seddik2024", "Seddik", "2404.05090", "arXiv:2404.05090v2", "how bad is training on synthetic data"):
        assert registry.find_paper(text).key == "seddik2024"
    assert registry.find_paper("Shamir").citation == "Barzilai and Shamir 2025"
    assert registry.find_paper("2404.01413").citation == "Gerstgrasser et al. 2024"
    with pytest.raises(ValueError, match="no paper 'knuth'; papers are .*barzilai2025"):
        registry.find_paper("knuth")
    with pytest.raises(ValueError, match=r"several of the papers; give one of dohmatob2024demyst, dohmatob2024strong"):
        registry.find_paper("Kempe")
    assert registry.find_paper("Schaeffer").key == "schaeffer2025"  # who wrote others as well, after somebody else


def test_a_name_that_two_figures_have_is_not_guessed():
    assert [one.id for one in registry.choose(["replace_accumulate"])] == ["common.replace_accumulate"]
    with pytest.raises(ValueError, match=r"did you mean barzilai2025.fig4, .*, seddik2024.fig4"):
        registry.choose(["fig4"])


def test_listing_imports_neither_jax_nor_matplotlib():
    code = "import sys; from proofs_check import registry as r; r.claims(), r.figures()"
    code += "; print([m for m in ('jax', 'matplotlib') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


RECORD = """
from proofs_check.paper import Paper
PAPER = Paper("{key}", "A title", ("Doe, Jane",), 2026, "2601.00001")
"""
CLAIMS = '''
import collapse_jax as cj
from proofs_check import Check, claim
from . import theory
from .theory import martingale


@claim("{key}.mean", statement="E p_t = p_0", relation="==", provenance="derived", source="here")
def mean(p=0.3, n=5):
    """A martingale."""
    return Check(cj.Bernoulli(p), cj.Replace(n), metric=lambda model, truth: model.p, generations=3,
                 predicted=lambda t: martingale(t, p), mutants={{"doubled": lambda t: 2 * theory.martingale(t, p)}})
'''
FIGURE = """
import numpy as np
from proofs_check.figure import Figure
from .theory import martingale


def _data(*, chains: int = 1, seed: int = 0):
    return {{"p": np.asarray([martingale(t, 0.3) for t in (1, 2)])}}


line = Figure("{key}.line", "a line", _data, lambda axes, data: axes[0].plot(data["p"]), lambda config, data: "A line.")
"""


def make(folder, key=None, **changes):
    """A paper of a user's own; a file is left out where `changes` say None."""
    key = key or folder.name
    files = {"__init__": RECORD, "theory": "def martingale(t, p):\n    return p\n", "claims": CLAIMS, "figures": FIGURE}
    folder.mkdir()
    for name, text in {**files, **changes}.items():
        if text is not None:
            (folder / f"{name}.py").write_text(text.format(key=key) if "{key}" in text else text)
    return folder


def test_a_folder_of_ones_own_is_a_room(tmp_path):
    folder = make(tmp_path / "doe2026")
    found = registry.room(folder)
    assert found.paper.citation == "Doe 2026"
    [made] = found.claims.values()
    assert (made.id, made.paper, made.regime) == ("doe2026.mean", "doe2026", "exact")
    assert registry.select([str(folder)])[0].check().predicted(1) == 0.3
    assert list(registry.figures_of(folder)) == ["doe2026.line"]
    assert "doe2026" not in registry.papers()
    assert "doe2026" not in sys.modules


def test_a_room_may_be_split_into_folders_and_is_read_afresh(tmp_path):
    folder = make(tmp_path / "doe2026", claims=None)
    (folder / "claims").mkdir()
    (folder / "claims" / "__init__.py").write_text("")
    text = (
        CLAIMS.format(key="doe2026").replace("from . import", "from .. import").replace("from .theory", "from ..theory")
    )
    (folder / "claims" / "first.py").write_text(text)
    (folder / "claims" / "_helpers.py").write_text("raise RuntimeError('not a module of claims')")
    assert list(registry.room(folder).claims) == ["doe2026.mean"]
    (folder / "claims" / "second.py").write_text(text.replace("doe2026.mean", "doe2026.other"))
    assert list(registry.room(folder).claims) == ["doe2026.mean", "doe2026.other"]
    (folder / "claims" / "third.py").write_text(text)
    with pytest.raises(ValueError, match="two claims have the id 'doe2026.mean'"):
        registry.room(folder)


@pytest.mark.parametrize(
    ("name", "changes", "message"),
    [
        ("doe2026", {"__init__": None}, "is no paper; give a folder whose __init__.py"),
        ("doe2026", {"__init__": "x = 1"}, "has no record; define PAPER"),
        ("doe2026", {"__init__": RECORD.replace("{key}", "roe2026")}, "has the key 'roe2026'"),
        ("doe-2026", {}, "name the folder with letters, digits and _"),
        ("seddik2024", {}, "a shipped paper has the key 'seddik2024'"),
        ("doe2026", {"claims": None}, "holds no claims"),
        ("doe2026", {"claims": "x = 1"}, "holds no claims"),
        ("doe2026", {"claims": "import nothing_like_this"}, "cannot be imported: ModuleNotFoundError"),
        ("doe2026", {"claims": "def ("}, "cannot be imported: SyntaxError"),
        ("doe2026", {"claims": CLAIMS.replace("{key}", "mine")}, "call it 'doe2026.mine.mean'"),
        ("doe2026", {"figures": FIGURE.replace("{key}.", "")}, "call it 'doe2026.line'"),
    ],
)
def test_what_is_wrong_with_a_folder_is_one_line(tmp_path, name, changes, message):
    folder = make(tmp_path / name, **changes)
    with pytest.raises(ValueError, match="(?s).") as caught:
        registry.room(folder)
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_folder_that_does_not_exist_is_no_typo():
    with pytest.raises(ValueError, match="no folder path/to/paper; give the folder of a paper"):
        registry.select(["path/to/paper"])


def test_a_claim_outside_a_room_belongs_to_no_paper():
    made = claim("mine.x", statement="x", relation="<=", provenance="derived", source="here")(lambda n=1: None)
    assert (made.paper, made.regime) == ("", "upper bound")


def test_a_paper_by_one_two_or_many():
    def cited(*authors):
        return Paper("k", "T", authors, 2026, "1").citation

    assert cited("Doe, Jane") == "Doe 2026"
    assert cited("Doe, Jane", "Roe, R.") == "Doe and Roe 2026"
    assert cited("Doe, Jane", "Roe, R.", "Poe, E.") == "Doe et al. 2026"
