"""Contrasts: words from signs of pairs, exact at any number of chains, whatever the tails."""

import dataclasses
import re

import numpy as np
import pytest
from scipy.stats import binom

from proofs_check import Plan, claim, verify, verify_all
from proofs_check.cli import main
from proofs_check.contrast import Contrast, Trial, _judged, exceeds, rises, rises_less

PLAN = Plan(alpha=1e-4)


def paths(a, b):
    return {"replace": {"kl": np.asarray(a, float)}, "accumulate": {"kl": np.asarray(b, float)}}


def drawn(shift, calls=None, spoilt=0):
    """Two workflows over 4 generations; heavy tails, and the pairs differ by `shift` at the end."""

    def run(chains, seed):
        if calls is not None:
            calls.append((chains, seed))
        rng = np.random.default_rng(seed)
        start = rng.standard_cauchy(chains)
        noise = rng.standard_normal((3, chains))
        a = np.vstack([start, start + np.cumsum(shift + 0.05 * noise, 0)])
        b = np.vstack([start, start + 0.05 * noise])
        a[:, :spoilt] = np.nan
        return paths(a, b)

    return run


def made(run, number=None, mutants=None, name="t", **fields):
    trial = Trial(name, run, "pairs that are drawn", **fields)
    check = Contrast(
        trial,
        number or exceeds("replace", "accumulate", "kl"),
        mutants or {"exchanged": exceeds("accumulate", "replace", "kl")},
        "replace above accumulate",
    )

    @claim("test.contrast", statement="x", relation=">=", provenance="derived", source="here")
    def one():
        return check

    return one


def test_signs_decide_where_a_mean_cannot():
    outcome = verify(made(drawn(1.0), name="decides"), PLAN)
    assert (outcome.verdict, outcome.mutants, outcome.chains, outcome.looks) == (
        "SUPPORTED",
        {"exchanged": "REFUTED"},
        32,
        1,
    )
    assert outcome.as_expected
    assert outcome.lower[0] > 0.5
    assert "mean" in outcome.protocol
    assert verify(made(drawn(-1.0), name="refutes"), PLAN).verdict == "REFUTED"


def test_what_is_not_told_apart_takes_all_looks_and_says_so():
    calls = []
    outcome = verify(made(drawn(0.0, calls), name="undecided", chains=10, looks=3), PLAN)
    assert (outcome.verdict, outcome.chains, outcome.looks) == ("UNDECIDED", 30, 3)
    assert "too few" in outcome.reason
    assert calls == [(10, 0), (10, 1), (10, 2)]


@pytest.mark.parametrize(("n", "alpha"), [(1, 0.3), (16, 0.01), (32, 1e-3), (64, 1e-9)])
def test_the_level_of_signs_is_exact(n, alpha):
    """Under P(d > 0) = 1/2 and without ties, the probabilities of all counts at which a word is said sum to <= alpha."""
    words = [_judged(np.where(np.arange(n) < k, 1.0, -1.0), alpha).verdict for k in range(n + 1)]
    said = sum(binom.pmf(k, n, 0.5) for k in range(n + 1) if words[k] != "UNDECIDED")
    assert said <= alpha
    assert (words[0], words[-1]) in {("UNDECIDED", "UNDECIDED"), ("REFUTED", "SUPPORTED")}


def test_ties_are_no_signs():
    assert _judged(np.zeros(1000), 1e-6).verdict == "UNDECIDED"


def test_contrasts_of_one_trial_share_their_chains_also_from_two_threads():
    calls = []
    run = drawn(1.0, calls)
    claims = [made(run, name="shared"), made(run, rises("replace", "kl"), name="shared")]
    claims = [dataclasses.replace(one, id=f"test.contrast{i}") for i, one in enumerate(claims)]
    outcomes = list(verify_all(claims, PLAN))
    assert [outcome.verdict for outcome in outcomes] == ["SUPPORTED"] * 2
    assert calls == [(32, 0)]


def test_three_statements():
    a, b = [[0, 0], [1, 2], [2, 4]], [[0, 0], [1, 0], [0.4, 1.2]]
    found = paths(a, b)
    np.testing.assert_allclose(exceeds("replace", "accumulate", "kl")(found), [1.6, 2.8])
    np.testing.assert_allclose(rises("replace", "kl")(found), [1, 2])
    np.testing.assert_allclose(rises_less("accumulate", "replace", "kl")(found), [0.1, -0.2])


def test_a_lost_pair_is_an_error_and_no_average():
    with pytest.raises(ValueError, match="3 of 32 pairs have no number"):
        verify(made(drawn(1.0, spoilt=3), name="lost"), PLAN)
    [outcome] = verify_all([made(drawn(1.0, spoilt=3), name="lost too")], PLAN)
    assert (outcome.verdict, outcome.chains) == ("ERROR", 0)


MINE = """
import numpy as np
from proofs_check import Computed, claim
from proofs_check.contrast import Contrast, Trial, exceeds


def run(chains, seed):
    return {"a": {"kl": np.ones((1, chains))}, "b": {"kl": np.zeros((1, chains))}}


@claim("mine.dear", statement="x", relation=">=", provenance="derived", source="here", dear=True)
def dear():
    trial = Trial("mine", run, "made up", chains=64)
    return Contrast(trial, exceeds("a", "b", "kl"), {"exchanged": exceeds("b", "a", "kl")}, "a above b")


@claim("mine.cheap", statement="x", relation="==", provenance="derived", source="here")
def cheap():
    return Computed(lambda t: t, lambda t: t, {"twice": lambda t: 2 * t}, at=(1,))
"""


def test_what_is_dear_is_left_to_full_unless_nothing_else_is_asked_for(tmp_path, capsys):
    (tmp_path / "mine.py").write_text(MINE)
    place = str(tmp_path / "mine.py")
    assert main(["verify", "--quick", place]) == 0
    both = capsys.readouterr()
    assert "mine.cheap" in both.out
    assert "mine.dear" not in both.out
    assert "left to --full, as they take minutes: 1 of 2 claims" in both.err
    (tmp_path / "mine.py").write_text(MINE.partition('\n\n@claim("mine.cheap"')[0])
    assert main(["verify", "--quick", place]) == 0
    alone = capsys.readouterr()
    assert re.search(r"^SUPPORTED +mine.dear +- +64", alone.out, re.M)
    assert "%" not in alone.out.splitlines()[1]  # signs have no resolution
    assert main(["hunt", place]) == 2
    assert "runs and judges a protocol of its own, which is not searched" in capsys.readouterr().err
