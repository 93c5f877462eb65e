"""The page on the earlier log of regression is what the laws make it, and names claims that there are."""

import importlib
from pathlib import Path

import pytest

from proofs_check import registry

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture
def log(monkeypatch):
    monkeypatch.syspath_prepend(str(ROOT / "tools"))
    return importlib.import_module("regression_log")


def test_the_page_is_up_to_date(log):
    assert log.PAGE.read_text(encoding="utf-8") == log.page(), "stale: run python tools/regression_log.py"
    assert "NOT in agreement" not in log.page()


def test_rows_are_about_claims(log):
    assert {row.claim for row in log.entries()} <= set(registry.claims())


def test_predictions_of_exact_rows_are_ours_to_their_digits(log):
    for row in log.entries():
        if not row.open:
            digits = len(f"{row.predicted:g}".partition(".")[2])
            assert abs(row.ours - row.predicted) <= 1.01 * 10.0**-digits, row
