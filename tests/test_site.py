"""The site: its sources from two papers, and that they lead to each other; Sphinx itself runs in `make docs`."""

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest

import collapse_jax
import proofs_check
from collapse_jax import laws
from proofs_check import registry
from proofs_check.claim import claim
from proofs_check.docs import prose
from proofs_check.measured import Measured
from proofs_check.paper import Paper
from proofs_check.relations import Edge, edges
from proofs_check.site import links, reference
from proofs_check.site.contents import Contents
from proofs_check.site.copied import Repository, sections
from proofs_check.site.docstring import docstring
from proofs_check.site.map import inside, map_page
from proofs_check.site.papers import paper_pages
from proofs_check.site.sketch import sketch
from proofs_check.site.statements import statement_pages
from proofs_check.site.table import keys, table_page
from proofs_check.site.written import all_pages, write

ROOT = Path(__file__).resolve().parent.parent
KEYS = ("fu2025", "seddik2024")


@pytest.fixture(scope="module")
def contents():
    return Contents.of(ROOT, KEYS)


@pytest.fixture(scope="module")
def sources(contents):
    return all_pages(contents, lambda claim: "")


@pytest.fixture(scope="module")
def pages(sources):
    return sources[0]


def test_every_paper_statement_and_figure_has_a_page(contents, pages):
    assert {f"papers/{key}.md" for key in KEYS} <= {*pages}
    assert {f"statements/{id}.md" for id in contents.claims} <= {*pages}
    assert {f"figures/{id}.md" for id in contents.figures} <= {*pages}
    for id, item in contents.claims.items():
        page = pages[f"statements/{id}.md"]
        assert item.claim.statement in page
        assert f"collapse verify {id}" in page
        assert all(f"- {prose(name)}" in page for name in item.claim.check().mutants)
        assert f"statements/{id}.md)" in pages[f"papers/{item.claim.paper}.md"]


def test_every_public_name_has_a_page(pages):
    names = {f"collapse_jax.{name}" for name in collapse_jax.__all__}
    names |= {f"collapse_jax.laws.{name}" for name in laws.__all__}
    names |= {f"proofs_check.{name}" for name in proofs_check.__all__}
    assert names == {*reference.names()}
    assert {f"{page}.md" for page in reference.names().values()} <= {*pages}
    for name, page in reference.names().items():
        assert f"`{name}`" in pages[f"{page}.md"]
        assert len(pages[f"{page}.md"].splitlines()) > 4, f"{name} has nothing on its page"


def test_links_between_sources_lead_somewhere(pages):
    papers = {f"papers/{key}.md" for key in registry.papers()} | {f"statements/{id}.md" for id in registry.claims()}
    known = {*pages, *papers, *(f"figures/{id}.md" for id in registry.figures())}
    for name, text in pages.items():
        if name.endswith(".md"):
            plain = re.sub(r"^(`{3,}).*?^\1", "", text, flags=re.M | re.S)
            for target in re.findall(r"(?<!!)\[[^\]]*\]\(([^)#:\s]+)(?:#[^)]*)?\)", re.sub(r"`[^`]*`", "", plain)):
                path = (Path("/") / Path(name).parent / target).as_posix()
                parts: list[str] = []
                for part in path.split("/"):
                    parts = parts[:-1] if part == ".." else [*parts, part]
                assert "/".join(filter(None, parts)) in known, f"{name}: {target}"


def test_names_of_pages_are_files_everywhere():
    ids = [*registry.claims(), *registry.figures()]
    assert all(re.fullmatch(r"[\w.]+", id) for id in ids)
    for kind in (registry.claims(), registry.figures(), reference.names().values()):
        assert len({id.lower() for id in kind}) == len(kind), (
            "two names differ in capitals only, which some disks cannot"
        )


def test_a_notebook_keeps_its_outputs(pages):
    held = json.loads(pages["tutorials/seddik2024.ipynb"])
    shipped = json.loads((ROOT / "notebooks" / "seddik2024.ipynb").read_text(encoding="utf-8"))
    assert [cell.get("outputs") for cell in held["cells"]] == [cell.get("outputs") for cell in shipped["cells"]]


def test_files_without_a_page_are_named_and_not_linked(contents):
    repository = Repository(contents)
    text = "see [the ledger](proofs_check/ledger.json), [a page](docs/guarantees.md#the-promise) ![x](figures/x.png)"
    linked = repository.linked(text, "README.md", "guide/x")
    assert linked == "see the ledger, [a page](../explanation/guarantees.md#the-promise) ![x](../pictures/x.png)"
    assert repository.pictures == {"figures/x.png"}
    assert sections("a\n## B\nc\n## D\ne\n") == {"B": "c", "D": "e"}


def test_the_sketch_shows_statement_mutants_and_exact_value():
    known = registry.claims()
    drawn = sketch(known["seddik2024.thm2"])
    check = known["seddik2024.thm2"].check()
    assert drawn.count('class="stated"') == 1
    assert drawn.count('class="mutant"') <= len(check.mutants)
    assert drawn.count("<circle") > 1
    assert 'class="stated bound"' in sketch(known["fu2025.geom"])
    assert sketch(next(one for one in known.values() if one.relation == "law")) == ""
    assert not re.search(r"nan|inf", drawn)


def test_docstrings_become_lists_and_examples():
    def stated(a, b):
        """What it is, $x$.

        **Args**: `a`: one thing; with a remark; `b`, `c`: two more.

        **Returns**: it.

        >>> 1 + 1
        2

        >>> 2 + 2
        4
        """

    assert docstring(stated).split("\n\n") == [
        "What it is, $x$.",
        "**Args**",
        "- `a`: one thing; with a remark\n- `b`, `c`: two more",
        "**Returns**: it.",
        "`````pycon\n>>> 1 + 1\n2",
        ">>> 2 + 2\n4\n`````",
    ]


def test_the_table_knows_what_a_statement_can_be_chosen_by(contents):
    found = keys(contents.claims["seddik2024.thm2"], contents)
    assert found["verdict"] == ["REFUTED"]
    assert found["paper"] == ["seddik2024"]
    assert "Categorical" in found["family"]
    assert "FixedReal" in found["workflow"]
    page = table_page(contents)
    assert page.count("<tr id=") == len(contents.claims)
    assert 'data-paper="fu2025"' in page


@pytest.mark.parametrize(
    ("relates", "sentence"),
    [
        ((("seddik2024.thm1.S", "uses", "seddik2024.nothing"),), "relates 'seddik2024.nothing', which is no claim"),
        ((("seddik2024.thm1.S", "likes", "seddik2024.thm2"),), "has the tie 'likes'; use one of corrects"),
        ((("seddik2024.thm2", "uses", "seddik2024.thm2"),), "give two claims, one of them its own"),
        ((("fu2025.geom", "uses", "fu2025.geom_sharp"),), "give two claims, one of them its own"),
    ],
)
def test_a_tie_that_dangles_is_refused(relates, sentence):
    paper = replace(registry.papers()["seddik2024"], relates=relates)
    with pytest.raises(ValueError, match=re.escape(sentence)):
        edges([paper], registry.claims())


def test_ties_of_all_records_hold_and_errata_are_among_them():
    found = edges(registry.papers().values(), registry.claims())
    assert len(found) == len(set(found))
    assert Edge("seddik2024.thm2.corrected", "corrects", "seddik2024.thm2") in found
    assert {tie.tie for tie in found} == {"corrects", "implies", "special case of", "uses"}


def test_the_map_shows_every_tie_and_boxes_do_not_cover_each_other(contents):
    assert map_page(contents).count("| corrects |") == sum(tie.tie == "corrects" for tie in contents.ties)
    drawing = inside(contents.overview["seddik2024"], contents.ties)
    places = re.findall(r'<rect class="\w*" x="(\d+)" y="(\d+)"', drawing)
    assert len(places) == len(set(places))
    assert inside(contents.overview["seddik2024"], []) == ""
    loop = [Edge("seddik2024.thm1.S", "uses", "seddik2024.thm2"), Edge("seddik2024.thm2", "uses", "seddik2024.thm1.S")]
    assert inside(contents.overview["seddik2024"], loop).count("<rect") == 2


def test_only_what_changed_is_written_again(sources, tmp_path):
    (tmp_path / "statements").mkdir()
    (tmp_path / "statements" / "old.md").write_text("of a claim that went away")
    write(tmp_path, *sources)
    assert not (tmp_path / "statements" / "old.md").exists()
    files = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*") if path.is_file()}
    assert {*sources[0]} <= {path.relative_to(tmp_path).as_posix() for path in files}
    write(tmp_path, *sources)
    assert files == {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*") if path.is_file()}


def test_a_broken_link_and_a_script_from_elsewhere_are_found(tmp_path):
    (tmp_path / "a.html").write_text(
        '<p id="x"></p><a href="#x"></a><a href="#q=ridge"></a><a href="b.html#y"></a><a href="https://arxiv.org"></a>'
        '<a href="c.html"></a><a href="b.html#z"></a><script src="https://example.org/x.js"></script><img src="no.png">'
    )
    (tmp_path / "b.html").write_text('<p id="y"></p>')
    assert links.broken(tmp_path) == [
        "a.html: b.html#z",
        "a.html: c.html",
        "a.html: https://example.org/x.js",
        "a.html: no.png",
    ]


def test_an_unmeasured_claim_has_a_page(contents):
    @claim("mine.x", statement="x = 1", relation="==", provenance="derived", source="here")
    def stated(n=1):
        return registry.claims()["fu2025.geom"].check()

    own = replace(stated, paper="mine")
    paper = Paper("mine", "Mine", ("Doe, Jane",), 2026, "")
    item = replace(contents.items[0], paper=paper, claims=(Measured(own, None),), figures=())
    made = replace(contents, items=(item,), figures={}, ties=())
    assert "papers/mine.md" in paper_pages(made)
    page = statement_pages(made, lambda claim: "")["statements/mine.x.md"]
    assert "Not measured yet." in page
    assert page.startswith("---\norphan: true\n---\n\n# mine.x\n\nnot measured of [Doe 2026](../papers/mine.md)")
