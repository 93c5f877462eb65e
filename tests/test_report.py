"""The report page, from outcomes made by hand: nothing is simulated here."""

import base64
import csv
import hashlib
import html
import io
import math
import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from proofs_check import render
from proofs_check.claim import Check, claim
from proofs_check.outcome import Outcome
from proofs_check.plan import QUICK
from proofs_check.registry import claims as shipped
from proofs_check.report import write_report

VOID = {"meta", "br", "wbr", "hr", "img", "input", "link"}
NASTY = "<script>alert('1')</script> & \"quoted\""


def outcome(id, relation="==", verdict="SUPPORTED", *, statement="E x_t = t", t=(1, 2, 3), **changes):
    @claim(
        id,
        statement=statement,
        relation=relation,
        regime="exact",
        provenance=changes.pop("provenance", "derived"),
        source=changes.pop("source", "a source"),
        expected=changes.pop("expected", "SUPPORTED"),
    )
    def stated(n=10):
        """What to know."""
        return Check(None, None, metric="variance", generations=3, predicted=float, mutants={"wrong": float})  # pyright: ignore

    mean = [float(k) for k in t]
    made = Outcome(
        claim=stated, verdict=verdict, licence="bound", clause="", simulated=verdict, relative_to="relative to the stated value", nearest=2.0, reason="", alpha=1e-7, resolution=0.05, reached=0.02, chains=8192, looks=1,
        seconds=1.0, engine="exact", sampler="quantile", seed=7, parameters={"n": 10}, protocol="Gaussian() under Replace(n=10)",
        quantity="variance", index="t", allowance=[0.0] * len(t), law=None, evidence=["simulated"], generations=list(t), observed=mean, stderr=[0.01] * len(t), lower=[k - 0.1 for k in mean],
        upper=[k + 0.1 for k in mean], predicted=mean, tightness=1.0, vacuous="", mutants={"wrong": "REFUTED"},
    )  # fmt: skip
    return replace(made, **changes)


def outcomes():
    nan = [math.nan] * 3
    return [
        outcome("alpha.equal"),
        outcome("alpha.between", "between", predicted=[[0.0, 4.0]] * 3, tightness=[math.inf, 0.75],
                vacuous="lower bound VACUOUS at 3 of 3 generations"),
        outcome("alpha.at_most", "<=", predicted=[4.0, math.inf, 4.0]),
        outcome("alpha.at_least", ">=", t=(5,), predicted=[-1.0]),
        outcome("alpha.constant", observed=[1.0] * 3, lower=[0.999] * 3, upper=[1.001] * 3, predicted=[1.0] * 3),
        outcome("beta.law", "law", t=(3,), predicted=[0.0], tightness=None),
        outcome("beta.refuted", verdict="REFUTED", expected="REFUTED"),
        outcome("beta.refuted_text", verdict="REFUTED", provenance="text", mutants={"wrong": "UNDECIDED"}),
        outcome("gamma.nan", verdict="UNDECIDED", reason="3 chains are not finite", observed=nan, stderr=nan, lower=nan,
                upper=nan, reached=math.nan, tightness=math.nan),
        outcome("gamma.untrusted", "between", predicted=[[0.0, 4.0]] * 3, reached=math.inf,
                lower=[0.9, -math.inf, -math.inf], upper=[1.1, math.inf, math.inf]),
        outcome("gamma.some_nan", "==", observed=[1.0, math.nan, 3.0], lower=[0.9, math.nan, 2.9]),
        outcome("gamma.<b>&'\" x", statement=rf"\text{{{NASTY}}} < \href{{javascript:x}}{{1}}", source=NASTY,
                reason=NASTY, protocol=NASTY, vacuous=NASTY, mutants={NASTY: "REFUTED"}, parameters={"n": NASTY}),
        outcome("alpha.computed", chains=0, looks=0, law="SUPPORTED", evidence=["law"], quantity="exact value", index="n"),
        outcome("alpha.starred", verdict="SUPPORTED*", licence="tail", mutants={"wrong": "REFUTED*"},
                clause="unless an event of probability < 0.001 moves the mean by more than 0.01"),
        outcome("alpha.with_law", law="SUPPORTED", evidence=["law", "simulated"]),
        outcome("gamma.not_latex", statement=r"\left( x"),
    ]  # fmt: skip


class Page(HTMLParser):
    """Checks nesting while it reads, and collects attributes and text."""

    def __init__(self, text):
        super().__init__()
        self.stack, self.attributes, self.words, self.tags = [], [], [], []
        self.feed(text)
        self.close()
        assert not self.stack, f"never closed: {self.stack}"

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += attrs
        if tag not in VOID:
            self.stack.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += attrs

    def handle_endtag(self, tag):
        assert self.stack, f"</{tag}> at {self.getpos()} was never opened"
        assert self.stack.pop() == tag, f"</{tag}> at {self.getpos()} closes something else"

    def handle_data(self, data):
        self.words.append(data)

    def values(self, *names):
        return [value for name, value in self.attributes if name in names]


@pytest.fixture(scope="module")
def text(tmp_path_factory):
    path = write_report(outcomes(), tmp_path_factory.mktemp("page") / "new" / "folder", plan=QUICK, seconds=12.3)
    assert path.name == "index.html"
    return path.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def page(text):
    return Page(text)


def test_opens_without_network(text, page):
    assert all(value.startswith("#") for value in page.values("href", "src", "xlink:href", "action", "data"))
    assert not re.search(r"@import|url\((?!#)|https?://", text)
    assert page.tags.count("script") == 1  # the page's own, which its policy names by hash
    [code] = re.findall(r"<script>(.*?)</script>", text, flags=re.S)
    digest = base64.b64encode(hashlib.sha256(code.encode()).digest()).decode()
    assert f"script-src 'sha256-{digest}'" in text
    assert not re.search(r"fetch|XMLHttpRequest|import\(|eval|innerHTML", code)
    assert "img" not in page.tags


def test_ids_are_unique_and_links_lead_somewhere(page):
    ids = page.values("id")
    assert len(ids) == len(set(ids))
    assert {link.removeprefix("#") for link in page.values("href")} <= set(ids)
    assert set(re.findall(r"url\(#([^)]+)\)", " ".join(filter(None, page.values("clip-path"))))) <= set(ids)


def test_every_claim_has_its_card(page):
    words = "".join(page.words)
    assert page.tags.count("article") == len(outcomes())
    for made in outcomes():
        assert words.count(made.claim.id) >= 2  # index and card


def test_text_of_users_stays_text(text, page):
    words = "".join(page.words)
    assert words.count(NASTY) >= 6  # source, reason, protocol, vacuous, mutant and LaTeX
    assert text.count("<script") == 1
    shown = (value for name, value in page.attributes if name != "data-text")  # what a card is found by
    assert "javascript:" not in " ".join(filter(None, shown))


def test_summary_and_what_refuted_means(page):
    words = " ".join("".join(page.words).split())
    assert "14 of 16as expected" in words  # all but beta.refuted_text and gamma.nan
    assert "15 of 16mutants refuted" in words
    assert "2 did not come out as expected." in words
    assert words.count("the published statement is not judged") == 1  # not where the wording was read
    assert "expected REFUTED" in words
    assert "1e-06" in words
    assert "12 s" in words
    assert "not finite" in words
    assert "5 % asked, none reached" in words
    assert "VACUOUS" in words


def test_cards_are_found_by_words_and_choices_and_copied_as_tables(text, page):
    cards = re.findall(r'<article id="([^"]*)" data-text="([^"]*)" data-verdict="([^"]*)"', text)
    assert len(cards) == len(outcomes())
    assert [id for id, words, _ in cards if "a source" not in words] == ["gamma.-3c-b-3e--26--27--22--20-x"]
    assert [id for id, _, words in cards if words == "SUPPORTED|SUPPORTED*"] == ["alpha.starred"]
    assert set(page.values("data-group")) == {None}
    assert {"csv", "latex", "claims"} <= set(page.values("id"))
    tables = re.findall(r"<textarea[^>]*>(.*?)</textarea>", text, flags=re.S)
    rows = list(csv.DictReader(io.StringIO(html.unescape(tables[0]))))
    assert sorted(row["id"] for row in rows) == sorted(made.claim.id for made in outcomes())
    assert r"\begin{longtable}" in tables[1]


def test_plots(text):
    cards = {re.search('id="([^"]+)"', card)[1]: card for card in text.split("<article ")[1:]}
    without = {id for id, card in cards.items() if "<figure><p" in card}
    assert without == {"beta.law", "gamma.nan"}
    assert all(card.count("<svg") == (id not in without) for id, card in cards.items())
    assert "Dvoretzky" in cards["beta.law"]


def test_every_shipped_statement_becomes_mathml(tmp_path):
    law = outcome("any.law", "law", t=(3,), predicted=[0.0])  # drawn without a plot
    made = [replace(law, claim=replace(law.claim, id=id, statement=item.statement)) for id, item in shipped().items()]
    text = write_report(made, tmp_path, plan=QUICK, seconds=1).read_text(encoding="utf-8")
    Page(text)
    formulas = re.findall(r'<div class="math"[^>]*>(.*?)</div>', text, flags=re.S)
    assert len(formulas) == len(made)
    assert all(formula.startswith("<math") and "\\" not in formula for formula in formulas)


def test_folder_that_cannot_be_written(tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(ValueError, match=r"^cannot write .*; choose a folder that can be written$"):
        write_report(outcomes()[:1], tmp_path / "file", plan=QUICK, seconds=1)
    with pytest.raises(ValueError, match="choose a folder"):
        write_report(outcomes()[:1], tmp_path / "file" / "below", plan=QUICK, seconds=1)


@pytest.mark.parametrize("scale", [1e-7, 1e-3, 1.0, 123456.0, 1e9])
@pytest.mark.parametrize("spread", [1e-4, 1.0, -1.0])
def test_labels_of_a_plot_fit_into_it(scale, spread):
    """Margins come from the letters of the labels; here these are measured."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(render._WIDTH, render._HEIGHT))
    renderer = FigureCanvasAgg(figure).get_renderer()
    ax = figure.subplots()
    ax.plot([1, 10_000], [scale, scale * (1 + spread)])
    ax.ticklabel_format(axis="y", useOffset=False)
    ax.set_xlabel("generation t")
    ax.set_ylabel("squared error")
    figure.subplots_adjust(**render._margins(ax))
    label, whole = ax.get_tightbbox(renderer), figure.bbox
    assert label.x0 >= 0
    assert label.y0 >= 0
    assert label.x1 <= whole.x1
    assert label.y1 <= whole.y1
