"""The examples of docs/neural.md run as they stand there, and its table says what a ledger holds."""

import re
import runpy
from pathlib import Path

import pytest

from collapse_jax.results.estimate import simultaneous_z
from proofs_check import docs
from proofs_check.ledger import Entry, Ledger

PAGE = (Path(__file__).parent.parent / "docs" / "neural.md").read_text(encoding="utf-8")
FILES = dict(re.findall(r"```python\n# (\w+\.py)\n(.*?)```", PAGE, re.S))


def said(name, folder, capsys):
    """What the file of this name prints, and what it defines."""
    (folder / name).write_text(FILES[name], encoding="utf-8")
    defined = runpy.run_path(str(folder / name))
    return capsys.readouterr().out, defined


@pytest.mark.wide
@pytest.mark.usefixtures("fast_compilation")
def test_a_net_of_ones_own(tmp_path, capsys):
    text, defined = said("my_net.py", tmp_path, capsys)
    found, family = defined["found"], defined["family"]
    assert list(found) == ["replace", "accumulate", "subsample", "fixed"]
    assert text.startswith(found.table())
    for workflow in found:
        assert found[workflow]["loss"].shape == (4, 8)
        assert (found[workflow]["loss"][0] == found["replace"]["loss"][0]).all()
    assert family.fitted(found.weights("replace")[0]).sample(defined["jax"].random.key(0), 5).shape == (5,)


@pytest.mark.wide
def test_a_model_of_another_framework(tmp_path, capsys):
    text, _ = said("my_model.py", tmp_path, capsys)
    assert text.startswith("Study of 2 workflows, 8 chains, 5 generations; loss\n")


@pytest.mark.slow
def test_the_ratio_of_late_to_first_excess_falls_with_the_width(tmp_path, capsys):
    text, _ = said("widths.py", tmp_path, capsys)
    ratios = [float(line.split()[3]) for line in text.splitlines()]
    assert len(ratios) == 4
    assert ratios == sorted(ratios, reverse=True)


@pytest.mark.slow
def test_golden_weights_of_a_softmax_net_have_the_exact_law(tmp_path, capsys):
    text, _ = said("golden.py", tmp_path, capsys)
    for line in text.splitlines():
        mean, error, exact = map(float, line.split()[1:])
        assert abs(mean - exact) < simultaneous_z(1e-6, 2) * error


@pytest.mark.slow
def test_a_net_has_a_profile(tmp_path, capsys):
    text, _ = said("profiles.py", tmp_path, capsys)
    replace, accumulate = text.split("Collapse profile: ")[1:]
    for profile in replace, accumulate:
        assert "2 any_increase     yes" in profile
        assert "6 modes            not defined" in profile
    assert "1 catastrophic     no" in accumulate


def test_these_are_all_examples_of_the_page():
    assert list(FILES) == ["my_net.py", "my_model.py", "widths.py", "golden.py", "profiles.py"]


def test_the_table_says_what_the_ledger_holds():
    known, old = "neural.language.steps.worse", "neural.language.steps.rises"
    entries = [
        Entry(known, "SUPPORTED", chains=32, date="2026-01-02", share=0.96875),
        Entry(old, "SUPPORTED", chains=32, date="2026-01-02"),
        Entry("neural.softmax", "SUPPORTED", chains=4096),  # no pairs
    ]
    lead, _, _, _, *rows = docs.contrasts(Ledger({entry.id: entry for entry in entries})).splitlines()
    assert re.match(r"2 of \d+ statements", lead)
    cells = {row[0]: row[1:] for row in ([cell.strip() for cell in row.strip("|").split("|")] for row in rows)}
    assert cells == {
        f"[{known}](claims/neural.md#neurallanguagestepsworse)": ["SUPPORTED (stale)", "96.88 %", "32", "2026-01-02"],
        f"[{old}](claims/neural.md#neurallanguagestepsrises)": ["SUPPORTED (stale)", "", "32", "2026-01-02"],
    }
    assert docs.contrasts(Ledger()).startswith("0 of ")


def test_what_flips_is_side_by_side():
    known = "neural.language.steps.worse"
    head, rule, *rows = docs.flips(Ledger({known: Entry(known, "SUPPORTED", share=0.96875)})).splitlines()
    assert head.count("|") == rule.count("|") == 8
    assert rows == [f"| language, steps | [✓ 96.9 % (stale)](claims/neural.md#neurallanguagestepsworse) {5 * '| - '}|"]
    _, _, *rows = docs.flips().splitlines()
    assert [row.split(" |")[0] for row in rows] == [
        f"| {net}, {policy}" for net in ("flow", "images", "language", "torus") for policy in ("passes", "steps")
    ]
    assert all(row.count("%") == (6 if "steps |" in row else 4) for row in rows)


def test_the_ledger_keeps_the_share_where_there_is_one(tmp_path):
    from proofs_check.ledger import read

    book = Ledger({id: Entry(id, "SUPPORTED", share=share) for id, share in (("a.one", 0.75), ("a.two", None))})
    place = book.write(tmp_path)
    assert read(place).entries == book.entries
    assert place.read_text().count('"share"') == 1
