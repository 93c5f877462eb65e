"""The pages of errata and figures: every erratum beside its claim, every figure beside its picture."""

import json
import re
from dataclasses import replace
from functools import cache

import pytest

from proofs_check import docs, registry
from proofs_check.errata import errata_page
from proofs_check.figure import Look
from proofs_check.gallery import gallery_page
from proofs_check.paper import Erratum


@cache
def items():
    """Looked up when first asked for, and not whenever the tests are collected."""
    return docs._overviews()


def errata():
    return [(item.paper.key, one) for item in items() for one in item.paper.errata]


def test_every_erratum_names_claims_of_its_paper():
    claims = registry.claims()
    assert errata()
    for key, one in errata():
        assert claims[one.claim].paper == key
        assert not one.corrected or claims[one.corrected].paper == key
        assert one.where
        assert one.printed
        assert one.holds
        assert (one.printed + one.holds).count("$") % 2 == 0, one.where


def test_what_is_refuted_and_read_in_a_paper_is_an_erratum():
    named = {one.claim for _, one in errata()}
    for id, claim in registry.claims().items():
        if claim.expected == "REFUTED" and claim.provenance in ("text", "code"):
            assert id in named, f"{id} is refuted as printed; add an Erratum to the record of {claim.paper}"


def test_errata_stand_by_consequence_and_every_refuted_claim_is_on_the_page():
    page = errata_page(items())
    headings = re.findall(r"^## (.*)$", page, re.M)
    assert headings[:2] == ["A conclusion changes", "A formula or a constant changes"]
    assert all(one.where in page for _, one in errata())
    for id, claim in registry.claims().items():
        assert claim.expected != "REFUTED" or f"[{id}](claims/{claim.paper}.md#" in page
    for row in re.findall(r"^\|.*$", page, re.M):
        assert len(re.findall(r"(?<!\\)\|", row)) in (4, 7), row


def test_an_erratum_without_its_claim_is_refused():
    item = next(item for item in items() if item.paper.errata)
    wrong = replace(item.paper, errata=(Erratum("here", "this", "that", f"{item.paper.key}.nothing"),))
    with pytest.raises(ValueError, match=r"names the claim '\w+\.nothing', which there is not"):
        errata_page([replace(item, paper=wrong)])


def test_the_gallery_shows_every_figure_and_the_pictures_that_there_are(tmp_path):
    figures = registry.figures()
    folder = tmp_path / "figures"
    folder.mkdir()
    (folder / "seddik2024.fig2.png").write_bytes(b"")
    about = folder / "seddik2024.fig2.json"
    about.write_text(json.dumps({"caption": "What it\nshows."}))
    page = gallery_page(items(), figures, folder)
    assert re.findall(r"^### (.*)$", page, re.M) == [id for item in items() for id in item.figures]
    assert "![seddik2024.fig2](../figures/seddik2024.fig2.png)\n\nWhat it shows.\n" in page
    assert page.count("Not drawn yet.") == len(figures) - 1
    about.write_text("{}")
    with pytest.raises(ValueError, match="draw it again: collapse figure --all"):
        gallery_page(items(), figures, folder)


def test_pictures_have_the_dots_they_are_asked_for():
    with pytest.raises(ValueError, match="use 20 to 2400"):
        Look(dpi=5)
