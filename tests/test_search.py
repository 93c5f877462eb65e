"""Finding claims and papers on the command line: words, options, and what is said when nothing is found."""

import json
from types import SimpleNamespace

import pytest

from proofs_check import registry
from proofs_check.cli import main
from proofs_check.ledger import Entry
from proofs_check.measured import measured
from proofs_check.search import plain, protocol_names


class Book:
    """A ledger in which a few claims were measured."""

    entries = {
        "seddik2024.thm1.S": ("SUPPORTED", 0.009, 65_536, ["simulated"], ""),
        "seddik2024.thm2": ("REFUTED", 0.004, 8_192, ["law", "simulated"], ""),
        "seddik2024.thm3": ("SUPPORTED", 0.01, 8_192, ["simulated"], "the bound exceeds 2"),
        "seddik2024.thm2.limit": ("SUPPORTED", None, 0, ["law"], ""),
    }

    def get(self, claim):
        if claim.id not in self.entries:
            return None
        verdict, reached, chains, evidence, vacuous = self.entries[claim.id]
        return Entry(
            id=claim.id, verdict=verdict, resolution_reached=reached, resolution=0.01, chains=chains, seed=0,
            date="2026-11-25T10:00:00", versions={}, commit="", mutants="2 of 2", evidence=evidence, vacuous=vacuous,
        )  # fmt: skip

    def stale(self, claim):
        return "the claim's source changed since" if claim.id == "seddik2024.thm1.S" else ""


@pytest.fixture
def book(monkeypatch):
    monkeypatch.setattr("proofs_check.ledger.read", lambda *_: Book())


def listed(capsys, *arguments):
    assert main(["list", *arguments]) == 0
    head, *rows = capsys.readouterr().out.splitlines()
    assert head.split() == ["claim", "relation", "regime", "provenance", "verdict", "evidence", "date"]
    return [row.split()[0] for row in rows]


@pytest.mark.parametrize(
    ("words", "some", "paper"),
    [
        (["ridge", "gerstgrasser"], "ridge_per_sample", "gerstgrasser2024"),
        (["RIDGE", "PENALTY", "gerstgrasser"], "ridge", "gerstgrasser2024"),
        (["2404.05090"], "seddik2024.thm1.rho", "seddik2024"),
        (["Shamir"], "barzilai2025.pinsker", "barzilai2025"),
        (["seddik2024", "fixed-real"], "seddik2024.thm2", "seddik2024"),
        (["FixedReal", "seddik2024"], "seddik2024.thm2", "seddik2024"),
        (["seddik*thm2*"], "seddik2024.thm2.limit", "seddik2024"),
        (["--paper", "2404.01413"], "gerstgrasser2024.thm2", "gerstgrasser2024"),
        (["--paper", "seddik"], "seddik2024.eq2", "seddik2024"),
        (["--paper", "kazdan2024", "--relation", "law"], "kazdan2024.replace_log_law", "kazdan2024"),
        (["collapse", "--paper", "Barzilai", "--provenance", "text"], "barzilai2025.thm5_1.claim2", "barzilai2025"),
    ],
)
def test_words_and_options_narrow(words, some, paper, capsys):
    found = listed(capsys, *words)
    assert any(some in id for id in found)
    assert {id.split(".")[0] for id in found} == {paper}
    assert len(found) < len(registry.claims())


def test_all_words_have_to_be_there(capsys):
    both = listed(capsys, "accumulate", "fresh")
    assert both
    assert set(both) <= set(listed(capsys, "accumulate")) & set(listed(capsys, "fresh"))


@pytest.mark.usefixtures("book")
@pytest.mark.parametrize(
    ("arguments", "ids"),
    [
        (["--verdict", "refuted"], ["seddik2024.thm2"]),
        (["--verdict", "VACUOUS"], ["seddik2024.thm3"]),
        (["--verdict", "stale"], ["seddik2024.thm1.S"]),
        (["--verdict", "supported", "--evidence", "law"], ["seddik2024.thm2.limit"]),
    ],
)
def test_verdicts_and_evidence_come_from_the_ledger(arguments, ids, capsys):
    assert listed(capsys, *arguments) == ids


@pytest.mark.usefixtures("book")
def test_what_was_measured_is_shown_with_its_date(capsys):
    main(["show", "seddik2024.thm1.S"])
    out = capsys.readouterr().out
    assert "measured 2026-11-25: SUPPORTED, resolution 0.9 %, 65,536 chains, 2 of 2 mutants refuted" in out
    assert "stale: the claim's source changed since" in out
    main(["list", "seddik2024.thm3"])
    assert "SUPPORTED, VACUOUS" in capsys.readouterr().out
    main(["list", "seddik2024.thm2", "--json"])
    records = {record["id"]: record["measured"] for record in json.loads(capsys.readouterr().out)}
    assert records["seddik2024.thm2"]["verdict"] == "REFUTED"
    assert records["seddik2024.thm2.corrected"] is None


@pytest.mark.usefixtures("book")
def test_papers_are_counted(capsys):
    assert main(["papers"]) == 0
    head, *rows = capsys.readouterr().out.splitlines()
    assert head.split()[:4] == ["paper", "arXiv", "claims", "SUPPORTED"]
    assert [row.split()[0] for row in rows] == list(registry.papers())
    [seddik] = [row.split() for row in rows if row.startswith("seddik2024")]
    own = sum(claim.paper == "seddik2024" for claim in registry.claims().values())
    assert seddik[2:7] == [str(own), "3", "1", "0", str(own - 4)]
    assert main(["papers", "--json"]) == 0
    records = {record["key"]: record for record in json.loads(capsys.readouterr().out)}
    needed = {"key", "title", "authors", "year", "arxiv", "aliases", "claims", "figures", "not_covered"}
    assert all(needed <= set(record) for record in records.values())
    assert sum(record["claims"] for record in records.values()) == len(registry.claims())
    assert sum(record["figures"] for record in records.values()) == len(registry.figures())
    assert records["seddik2024"]["verdicts"]["REFUTED"] == 1


@pytest.mark.parametrize(
    ("arguments", "remedy"),
    [
        (["list", "rigde"], "did you mean ridge"),
        (["list", "nothinglikethis"], "papers are amin2025"),
        (["list", "ridge", "categorical"], "use fewer words"),
        (["list", "kazdan2024.replace_kov*"], "did you mean kazdan2024.replace_cov"),
        (["list", "--paper", "nobody2020"], "papers are"),
        (["list", "--verdict", "maybe"], "use one of SUPPORTED"),
        (["list", "--evidence", "hearsay"], "use one of identity"),
        (["list", "ridge", "--relation", "law"], "there is"),
        (["papers", "rigde"], "papers are"),
        (["cite", "nobody2020"], "papers are"),
        (["cite", "kazdan2024.replace_kov"], "did you mean kazdan2024.replace_cov"),
        (["show", "kazdan2024.replace_kov"], "did you mean kazdan2024.replace_cov"),
        (["list", "no/such/folder"], "no/such/folder"),
        (["export", "ridge", "--csv", "--fragment"], "add --latex"),
    ],
)
def test_what_is_not_there_is_one_line_that_says_what_is(arguments, remedy, capsys):
    assert main(arguments) == 2
    err = capsys.readouterr().err
    assert len(err.splitlines()) == 1
    assert remedy in err


@pytest.mark.parametrize("id", sorted(registry.claims()))
def test_every_claim_can_be_cited(id, capsys):
    claim = registry.claims()[id]
    paper = registry.papers()[claim.paper]
    assert main(["cite", id]) == 0
    out = capsys.readouterr().out
    assert f"% {id}: " in out
    assert claim.provenance in out
    for author in paper.authors:
        assert author in out
        assert "others" not in author
    assert (f"eprint = {{{paper.arxiv}}}" in out) == bool(paper.arxiv)


@pytest.mark.parametrize("name", ["seddik2024", "seddik", "2404.05090", "arXiv:2404.05090"])
def test_a_paper_is_cited_by_any_of_its_names(name, capsys):
    assert main(["cite", name]) == 0
    assert capsys.readouterr().out.startswith("@misc{seddik2024,")


def test_accents_and_case_do_not_matter():
    assert plain("  Göös  ET al. ") == "goos et al."


@pytest.mark.wide
def test_protocols_are_read_off_the_code():
    claims = registry.claims()
    for id, claim in claims.items():
        check = claim.check()
        if hasattr(check, "family"):
            named = {type(check.workflow).__name__, type(check.family).__name__}
            assert named <= set(protocol_names(claim)), id


@pytest.mark.parametrize(
    ("words", "paper"),
    [
        (["watermarked"], "kanabar2026"),
        (["relabel-all"], "dey2024"),
        (["prior-rows"], "dey2024"),
        (["learner", "=="], "griffiths2007"),
    ],
)
def test_models_of_a_room_are_found_by_name(words, paper, capsys):
    assert {id.split(".")[0] for id in listed(capsys, *words)} == {paper}


def test_a_claim_that_no_ledger_knows_is_unmeasured():
    [item] = measured(
        [registry.claims()["kazdan2024.replace_cov"]], SimpleNamespace(get=lambda _: None, stale=lambda _: "")
    )
    assert (item.word, item.verdict, item.resolution, item.evidence) == ("", "not measured yet", "", ())
