"""The hunt for counterexamples: what it finds, what it does not, and that it goes on where it ended."""

import json
import math

import numpy as np
import pytest

import collapse_jax as cj
from collapse_jax.laws.domain import Integers, Interval, Positive, Probabilities, Probability, domain
from proofs_check import Check, Computed, claim
from proofs_check import ledger as ledgers
from proofs_check.cli import main
from proofs_check.hunting import Search, hunt, picture, record
from proofs_check.hunting.axes import axes_of
from proofs_check.hunting.looks import by_chains, by_law
from proofs_check.hunting.picture import write_page
from proofs_check.hunting.plane import plane
from proofs_check.hunting.space import Order, Space
from proofs_check.measured import measured
from proofs_check.plan import QUICK
from proofs_check.verdict import verify

ABOUT = {"statement": "x", "provenance": "derived", "source": "here"}


@claim("mine.corner", relation="<=", domain=domain(p=Probability, n=Integers(1), w=Positive), **ABOUT)
def corner(p=0.3, n=7, w=1.0):
    """Fails at p = 1 alone, for every n and w."""
    return Computed(lambda t: w * p**n, lambda t: 0.9999 * w, {"half": lambda t: w / 2}, at=(1,))


@claim("mine.interior", relation="<=", domain=domain(x=Interval("[0, 10]"), y=Probability, n=Integers(2)), **ABOUT)
def interior(x=9.0, y=0.1, n=50):
    """Fails in a thousandth of the square, for every n."""
    bump = math.exp(-8 * (x - 3.71) ** 2 - 200 * (y - 0.62) ** 2)
    return Computed(lambda t: 1.05 * bump, lambda t: 1.0, {"half": lambda t: 0.5}, at=(1,))


@claim("mine.slack", relation="<=", domain=domain("n >= 2 * t", t=Integers(1), n=Integers(1)), **ABOUT)
def slack(t=2, n=50):
    """1 - (1 - 1/n)^t <= 2 t/n: with 1 for the stated 2."""
    if n % 7 == 0:
        raise ValueError("n=7 is not taken; use another")
    if n % 11 == 0:
        raise ZeroDivisionError("n")
    return Computed(lambda _: 1 - (1 - 1 / n) ** t, lambda _: 2 * t / n, {"a half": lambda _: t / n / 2}, at=(1,))


@claim("mine.chains", relation="<=", domain=domain(p=Interval("[0.2, 0.8]"), n=Integers(5, 40)), **ABOUT)
def chains(p=0.3, n=20):
    """The factor 1/2 is wrong everywhere."""
    return Check(
        cj.Bernoulli(p),
        cj.Replace(n),
        metric="squared_error",
        generations=3,
        predicted=lambda t: t * p * (1 - p) / n / 2,
        mutants={"a fifth": lambda t: t * p * (1 - p) / n / 5},
        bounds=(0, 1),
    )


@claim("mine.silent", relation="<=", domain=domain(n=Integers(1)), **ABOUT)
def silence(n=4):
    return Computed(lambda t: t / (t + n), lambda t: t / n, {"half": lambda t: t / n / 2}, at=(1, 10), bounds=(0, 1))


def test_a_violation_in_a_corner_is_found_and_shrunk():
    found = hunt(Search.of(corner), math.inf, points=1000)
    assert found.verdict == "REFUTED"
    assert found.smallest.point == {"p": 1.0, "n": 1, "w": 1.0}
    assert not found.as_expected  # the claim says SUPPORTED
    assert len(found.search.looked) < 10


def test_a_violation_inside_is_found_by_refining():
    found = hunt(Search.of(interior), math.inf, points=3000)
    assert found.verdict == "REFUTED"
    assert found.smallest.point["n"] == 2
    assert abs(found.smallest.point["x"] - 3.71) < 0.1
    assert abs(found.smallest.point["y"] - 0.62) < 0.02
    assert len(str(found.smallest.point)) <= len(str(found.first.point))


def test_a_bound_that_holds_has_its_constant_and_its_defects():
    found = hunt(Search.of(slack), math.inf, points=200)
    assert found.verdict == "NO VIOLATION"
    assert found.as_expected
    assert found.constant == pytest.approx(0.5)  # 1 - (1 - 1/n)^1 = 1/n, half of 2/n
    assert "no violation in" in found.sentence()
    assert "0.5 times what is stated" in found.sentence()
    assert [text.partition(":")[0] for text in sorted(found.defects())] == ["failed", "refused"]
    assert all(look.point["n"] >= 2 * look.point["t"] for look in found.search.looked)


@claim("mine.limit", relation="==", regime="asymptotic", domain=domain(n=Integers(1)), **ABOUT)
def limit(n=100):
    """1 / n is little at 100, and not at 1."""
    return Computed(lambda t: 1 + 1 / n, lambda t: 1.0, {"2": lambda t: 2.0}, at=(1,), allowance=lambda t: 0.1)


@claim("mine.no_limit", relation="==", regime="asymptotic", domain=domain(n=Integers(1)), **ABOUT)
def no_limit(n=100):
    return Computed(lambda t: 3 + 1 / n, lambda t: 1.0, {"2": lambda t: 2.0}, at=(1,), allowance=lambda t: 0.1)


def test_a_limit_is_not_refuted_where_its_remainder_is_large():
    found = hunt(Search.of(limit), math.inf, points=50)
    assert (found.verdict, found.smallest.point) == ("BEYOND ALLOWANCE", {"n": 1})
    assert found.as_expected
    assert found.sentence().startswith("the remainder exceeds its allowance at n=1: 2 at index 1, stated = 1")
    assert hunt(Search.of(no_limit), math.inf, points=50).verdict == "REFUTED"  # at its defaults


def test_chains_find_a_violation_and_other_chains_confirm_it():
    found = hunt(Search.of(chains, alpha=1e-4), 6)
    assert found.verdict == "REFUTED"
    assert "other chains" in found.by
    assert found.search.spent >= 1
    assert sum(found.search.share(i) for i in range(1, 2000)) < 0.5e-4


def all_heads(model, truth):
    return model.p > 0.99


@claim("mine.small", relation="<=", domain=domain(n=Integers(1), generations=Integers(1)), **ABOUT)
def small(n=7, generations=3):
    """A probability of 1/128, which 16,384 chains do not tell from what is stated; the mutant is the statement."""

    def stated(t):
        return 0.0066

    return Check(
        cj.Bernoulli(0.5),
        cj.Replace(n),
        metric=all_heads,
        generations=generations,
        at=(1,),
        statistic="probability",
        predicted=stated,
        mutants={"the same": stated},
    )


def test_what_a_quick_verification_refutes_is_seen_at_the_defaults_and_mutants_are_not_asked():
    with pytest.raises(ValueError, match="no power"):
        verify(small, QUICK)
    search = Search.of(small, alpha=1e-3).run(points=1)
    assert search.looked[0].word == "violated"
    assert by_chains(small, dict(small.parameters), 1e-3, 1).word == "holds"


def test_chains_look_at_few_horizons_and_at_all_sample_sizes():
    search = Search.of(small)
    points = [search.space.point([u, v]) for u in np.linspace(0, 1, 40) for v in np.linspace(0, 1, 40)]
    assert {point["generations"] for point in points} == {1, 2, 3, 5, 10, 20, 24}
    assert len({point["n"] for point in points}) > 25
    [axis] = axes_of({"d": 3}, {"d": Integers(2, 9)}, compiled=True)
    assert axis.rungs == [2, 3, 5, 9]
    assert axis.between(9, 0.5) == 5
    assert next(iter(axis.simpler(9))) == 2


def test_where_a_bound_says_nothing():
    found = hunt(Search.of(silence), math.inf, points=5)
    assert found.silent == "the upper bound says nothing at t = 4 .. 10"


def test_the_same_seed_looks_at_the_same_points():
    one, same, other = (Search.of(interior, seed).run(points=80) for seed in (1, 1, 2))
    assert one.looked == same.looked
    assert [look.point for look in one.looked] != [look.point for look in other.looked]


def test_a_search_goes_on_where_it_ended(tmp_path):
    whole = Search.of(slack, 3).run(points=340)
    part = Search.of(slack, 3).run(points=300)
    record.save(tmp_path / "points.json", [part])
    again = record.resumed(slack, record.load(tmp_path / "points.json"), 3, 1e-6)
    assert again.looked == part.looked
    assert again.run(points=340).looked == whole.looked
    with pytest.raises(ValueError, match="has seed 3"):
        record.resumed(slack, record.load(tmp_path / "points.json"), 4, 1e-6)
    (tmp_path / "points.json").write_text("{}")
    with pytest.raises(ValueError, match="delete it, or give another file"):
        record.load(tmp_path / "points.json")


def test_every_axis_stays_in_its_range_and_finds_its_way_back():
    ranges = {
        "n": Integers(2),
        "q": Interval("(0, 1)"),
        "p": Probabilities,
        "sizes": Integers(1),
        "x": Positive,
        "s": Interval("(-oo, 0]"),
    }
    defaults = {"n": 30, "q": 0.01, "p": (0.5, 0.3, 0.2), "sizes": (1, 10, 100), "x": 3.0, "s": -2.0, "word": "fresh"}
    axes = axes_of(defaults, ranges)
    assert [axis.name for axis in axes] == ["n", "q", "p", "sizes", "x", "s"]
    for axis in axes:
        for u in (0.0, 0.01, 0.3, 0.5, 0.99, 1.0):
            value = axis.place([u] * axis.width)
            assert axis.range.holds(value), (axis.name, value)
            assert all(axis.range.holds(one) for one in axis.simpler(value))
        back = axis.coordinates(axis.default)
        assert axis.place(back) == pytest.approx(axis.default, rel=0.3, abs=0.05)


def test_a_claim_without_numbers_is_looked_at_once():
    @claim("mine.fixed", relation="==", **ABOUT)
    def fixed():
        return Computed(lambda t: 1.0, lambda t: 1.0, {"2": lambda t: 2.0}, at=(1,))

    found = hunt(Search.of(fixed), math.inf)
    assert (found.verdict, len(found.search.looked)) == ("NO VIOLATION", 1)
    assert plane(found) is None


def test_corners_come_first_and_the_sequence_does_not_depend_on_its_length():
    space = Space.of(interior)
    first, second = Order(space, 0), Order(space, 0)
    corners = len(list(space.corners()))
    late = first[corners + 700]
    assert second[corners + 3] == first[corners + 3]
    assert second[corners + 700] == late
    assert first[0] == [0.0, 0.5, 0.5]


def test_rounding_is_no_violation():
    @claim("mine.rounded", relation="==", domain=domain(n=Integers(1)), **ABOUT)
    def rounded(n=5):
        return Computed(lambda t: 1 + 1e-8, lambda t: 1.0, {"2": lambda t: 2.0}, at=(1,))

    assert by_law(rounded, {"n": 5}).word == "holds"


def test_a_page_has_a_map(tmp_path):
    hunts = [hunt(Search.of(one), math.inf, points=60) for one in (slack, corner)]
    text = write_page(hunts, tmp_path / "page").read_text()
    assert text.count("<svg") == 2
    assert "mine.slack" in text
    assert "no violation in" in text


def test_the_ledger_keeps_a_hunt_when_a_claim_is_measured_again():
    book = ledgers.Ledger({"mine.slack": ledgers.Entry("mine.slack", "SUPPORTED")})
    found = hunt(Search.of(slack), math.inf, points=20)
    kept = book.hunted("mine.slack", record.entry(found))
    assert kept.hunted("mine.other", {}) is kept
    assert kept.entries["mine.slack"].hunt["points"] == len(found.search.decided)
    again = kept.updated([ledgers.Entry("mine.slack", "SUPPORTED", chains=5)])
    assert again.entries["mine.slack"].hunt == kept.entries["mine.slack"].hunt
    assert "hunt" not in json.loads("{" + f'"x": {book.entries["mine.slack"].text}' + "}")["x"]


def test_show_says_how_a_hunt_ended():
    ends = {one.id: hunt(Search.of(one), math.inf, points=60) for one in (slack, corner)}
    book = ledgers.Ledger({id: ledgers.Entry(id, "SUPPORTED") for id in (*ends, "mine.interior")})
    for id, found in ends.items():
        book = book.hunted(id, record.entry(found))
    of_slack, of_corner, of_interior = measured((slack, corner, interior), book)
    points = len(ends["mine.slack"].search.decided)
    assert f"NO VIOLATION in {points} points without sampling; tightest at t=" in of_slack.hunted
    assert "REFUTED in " in of_corner.hunted
    assert "; fails at p=1" in of_corner.hunted
    assert "stale" not in of_slack.hunted + of_corner.hunted
    assert of_interior.hunted == ""
    changed = book.hunted("mine.slack", {**record.entry(ends["mine.slack"]), "source": "another"})
    assert measured([slack], changed)[0].hunted.endswith("stale: the claim has changed")


def test_shades_of_ratios_lie_around_one():
    assert picture._around_one(np.array([0.99, 1.0])) == {"vmin": 0.95, "vmax": 1.05}
    assert picture._around_one(np.array([0.2, 1.3])) == pytest.approx({"vmin": 0.2, "vmax": 1.8})
    assert picture._around_one(np.array([9.0, -np.inf])) == {"vmin": 0.0, "vmax": 2.0}


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "give the claims to hunt, or --all"),
        (["seddik2024.thm2", "--all"], "not both"),
        (["seddik2024.thm2", "--budget", "soon"], "write for example 60s or 2m"),
        (["seddik2024.thm2", "--points", "0"], "leaves nothing to look at"),
        (["seddik2024.thm2", "--alpha", "2"], "error probability"),
        (["nobody2024.thm1"], "nobody2024"),
    ],
)
def test_bad_input_is_one_line(capsys, arguments, message):
    assert main(["hunt", *arguments]) == 2
    assert message in capsys.readouterr().err


def test_the_command_rediscovers_a_sign(capsys, tmp_path):
    file, book = tmp_path / "ends.json", tmp_path / "ledger.json"
    ledgers.Ledger({"zhu2024.toedit_thm2.granted": ledgers.Entry("zhu2024.toedit_thm2.granted", "REFUTED")}).write(book)
    arguments = ["zhu2024.toedit_thm2.granted", "suresh2024.thm1", "--budget", "60s", "--points", "3"]
    assert main(["hunt", *arguments, "--json", str(file), "--ledger", str(book)]) == 0
    granted, thm1 = json.loads(file.read_text())
    assert (granted["verdict"], granted["smallest"]["point"]["d"]) == ("REFUTED", 1)
    assert thm1["silent"] == "the upper bound says nothing at t = 33 .. 50"
    assert ledgers.read(book).entries["zhu2024.toedit_thm2.granted"].hunt["verdict"] == "REFUTED"
    assert "2 as expected" in capsys.readouterr().out
