"""The ledger: stale by what a claim reaches, whole or absent on disk, and joined from shards."""

import ast
import dataclasses
import json
import os
import subprocess
import sys

import pytest

from proofs_check import ledger, registry, staleness
from proofs_check.cli import main
from proofs_check.ledger import Entry, Ledger

CLAIMS = """
'''Claims.'''
from proofs_check import Computed, claim
from .theory import halved

@claim("paper.one", statement="x", relation="==", provenance="derived", source="here")
def one(k=3):
    '''A note.'''
    return Computed(lambda t: t / 2, halved, {"off": lambda t: t}, at=(1, k))
""".replace("'", "'")
THEORY = """
FACTOR = 2
UNUSED = 5

def halved(t):
    return t / FACTOR
"""
RECORD = """
from proofs_check.paper import Paper
PAPER = Paper(key="paper", title="T", authors=("A, B",), year=2024, arxiv="2401.00001", read="all of it")
"""


@pytest.fixture
def paper(tmp_path, monkeypatch):
    """A function (old, new, file) that edits a room and gives its one claim."""
    folder = tmp_path / "paper"
    folder.mkdir()
    monkeypatch.setattr(sys, "dont_write_bytecode", True)  # two edits in one second have one time stamp
    for name, text in [("claims.py", CLAIMS), ("theory.py", THEORY), ("__init__.py", RECORD)]:
        (folder / name).write_text(text)

    def edited(old="", new="", file="claims.py"):
        path = folder / file
        text = path.read_text()
        assert old in text
        path.write_text(text.replace(old, new) if old else text)
        [found] = registry.room(folder).claims.values()
        return found

    return edited


def entered(claim, **fields):
    entry = Entry(claim.id, "SUPPORTED", source=staleness.source_digest(claim), engine=staleness.engine_digest())
    return Ledger({claim.id: dataclasses.replace(entry, **fields)})


@pytest.mark.parametrize(
    ("old", "new", "file", "stale"),
    [
        ("A note.", "Another note.", "claims.py", False),
        ("    return Computed", "    # why\n\n    return Computed", "claims.py", False),
        ("UNUSED = 5", "UNUSED = 6", "theory.py", False),
        ('source="here"', 'source="there"', "claims.py", False),
        ("FACTOR = 2", "FACTOR = 3", "theory.py", True),
        ("t / FACTOR", "t // FACTOR", "theory.py", True),
        ("k=3", "k=4", "claims.py", True),
        ('statement="x"', 'statement="y"', "claims.py", True),
        ("t / FACTOR", "t / globals()['FACTOR']", "theory.py", True),
    ],
)
def test_an_entry_is_stale_when_what_the_claim_reaches_changed(paper, old, new, file, stale):
    book = entered(paper())
    assert book.stale(paper()) == ""
    assert bool(book.stale(paper(old, new, file))) == stale


def test_a_name_that_cannot_be_followed_makes_the_whole_module_count(paper):
    book = entered(paper("return t / FACTOR", "return t / lost", "theory.py"))
    assert book.stale(paper("UNUSED = 5", "UNUSED = 6", "theory.py"))


def test_another_engine_makes_an_entry_stale(paper):
    assert "engine" in entered(paper(), engine="another").stale(paper())
    assert entered(paper(), engine="another").due([paper()])
    assert not entered(paper()).due([paper()])


def test_the_source_of_every_shipped_claim_is_followed_name_by_name():
    digests = {}
    for id, claim in registry.claims().items():
        walk = staleness._Walk({claim.setup.__module__: claim.setup.__code__.co_filename})
        walk.root(claim.setup.__module__, claim.setup.__qualname__)
        assert not [module for module, name in walk._seen if name is None], id
        digests[id] = staleness.source_digest(claim)
    assert len(set(digests.values())) == len(digests)


def test_of_the_engine_a_refusal_does_not_count_and_all_else_does():
    def text(source, refusals=False):
        return staleness._text(ast.parse(source), refusals)

    guarded = "def f(n):\n    if n < 1:\n        raise ValueError('n')\n    return n"
    assert text(guarded) == text("def f(n):\n    return n")
    assert text(guarded, True) != text("def f(n):\n    return n", True)
    for other in ("return n + 1", "if n < 1:\n        return 0\n    return n", "raise ValueError('n')\n    return n"):
        assert text(guarded) != text(f"def f(n):\n    {other}")


@pytest.mark.wide
def test_reading_and_staleness_need_no_jax():
    code = (
        "import sys; from proofs_check import ledger, registry; book = ledger.read();"
        "[ledger.Ledger({c.id: ledger.Entry(c.id, 'SUPPORTED')}).stale(c) for c in registry.claims().values()];"
        "from proofs_check.staleness import engine_digest; engine_digest(); sys.exit('jax' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_a_ledger_is_sorted_and_read_back(paper, tmp_path):
    entries = [Entry(id, "SUPPORTED", chains=8192, mutants="2/2") for id in ("b.two", "a.one")]
    path = Ledger().updated(entries).write(tmp_path)
    assert path == tmp_path / "ledger.json"
    assert list(json.loads(path.read_text())["claims"]) == ["a.one", "b.two"]
    assert ledger.read(tmp_path).entries["b.two"] == entries[0]
    assert not (tmp_path / "nothing").exists()
    assert ledger.read(tmp_path / "nothing") == Ledger()


@pytest.mark.parametrize("text", ["", "{", "{}", "[]", '{"format": "other", "claims": {}}'])
def test_a_damaged_ledger_names_the_remedy(tmp_path, text):
    (tmp_path / "ledger.json").write_text(text)
    with pytest.raises(ValueError, match="restore or delete it") as error:
        ledger.read(tmp_path)
    assert len(str(error.value).splitlines()) == 1


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_is_only_read_names_the_remedy(tmp_path):
    tmp_path.chmod(0o500)
    for write in (ledger.probe, Ledger().write):
        with pytest.raises(ValueError, match="choose a folder that can be written"):
            write(tmp_path)
    tmp_path.chmod(0o700)


def test_a_place_below_a_file_names_the_remedy(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(ValueError, match="choose a folder that can be written"):
        ledger.probe(tmp_path / "file" / "below")
    with pytest.raises(ValueError, match="choose a folder that can be written"):
        Ledger().write(tmp_path / "absent" / "below")


def shards(folder, number, engines=None, ids=None):
    for i in range(1, number + 1):
        id = ids[i - 1] if ids else f"p.c{i}"
        engine = engines[i - 1] if engines else "e"
        Ledger({id: Entry(id, "SUPPORTED", engine=engine)}, (i, number)).write(folder)
    return [folder / f"ledger-{i}-of-{number}.json" for i in range(1, number + 1)]


def test_shards_merge(tmp_path):
    files = shards(tmp_path, 3)
    assert list(ledger.merge(files[::-1]).entries) == ["p.c1", "p.c2", "p.c3"]
    Ledger({"q.old": Entry("q.old", "REFUTED")}).write(tmp_path)
    assert main(["merge-ledgers", str(tmp_path), *map(str, files)]) == 0
    assert list(ledger.read(tmp_path).entries) == ["p.c1", "p.c2", "p.c3", "q.old"]


@pytest.mark.parametrize(
    ("choose", "options", "remedy"),
    [
        (lambda files: files[:2], {}, "shard 3 of 3 is missing"),
        (lambda files: [*files, files[0]], {}, "give every shard once"),
        (lambda files: [*files, files[0].parent / "none.json"], {}, "no file"),
        (lambda files: files, {"ids": ["p.a", "p.b", "p.a"]}, "two shards hold p.a"),
        (lambda files: files, {"engines": ["e", "e", "f"]}, "different engines"),
    ],
)
def test_shards_that_do_not_make_a_suite_are_refused(tmp_path, choose, options, remedy):
    with pytest.raises(ValueError, match=remedy):
        ledger.merge(choose(shards(tmp_path, 3, **options)))


def test_other_suites_and_whole_ledgers_are_no_shards(tmp_path):
    with pytest.raises(ValueError, match="merge those of one suite"):
        ledger.merge([shards(tmp_path, 2)[0], shards(tmp_path, 3)[1]])
    with pytest.raises(ValueError, match="is no shard"):
        ledger.merge([Ledger().write(tmp_path)])


def test_the_command_keeps_what_it_measured_and_measures_what_changed(paper, tmp_path, capsys):
    folder, book = str(paper().setup.__code__.co_filename).removesuffix("/claims.py"), str(tmp_path / "results")
    arguments = ["verify", folder, "--ledger", book]
    assert main([*arguments, "--full"]) == 0
    entry = ledger.read(book).entries["paper.one"]
    assert (entry.verdict, entry.mutants, entry.evidence) == ("SUPPORTED", "1/1", ["law"])
    assert main([*arguments, "--changed"]) == 0
    assert "nothing changed" in capsys.readouterr().out
    paper("FACTOR = 2", "FACTOR = 3", "theory.py")
    assert main([*arguments, "--changed"]) == 1  # the statement is another one now, and wrong
    assert ledger.read(book).entries["paper.one"].verdict == "REFUTED"


@pytest.mark.parametrize(
    ("arguments", "remedy"),
    [
        (["--ledger", "d"], "add --full"),
        (["--quick", "--changed", "--ledger", "d"], "add --full"),
        (["--full", "--ledger", "d", "--set", "n=3"], "leave out"),
        (["--shard", "1/2"], "add --full --ledger"),
        (["--full", "--ledger", "d", "--shard", "3/2"], "I = 1 .. N"),
    ],
)
def test_a_ledger_holds_full_runs_only(arguments, remedy, capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert main(["verify", *arguments]) == 2
    assert remedy in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


def test_a_ledger_is_written_entry_by_entry_as_json_would_be(tmp_path):
    held = ledger.read()
    for case in (held, ledger.Ledger(dict(list(held.entries.items())[:1]), (2, 3)), ledger.Ledger()):
        text = case.write(tmp_path / "ledger.json").read_text()
        assert text == json.dumps(json.loads(text), indent=1) + "\n"
        assert ledger.read(tmp_path / "ledger.json") == case
