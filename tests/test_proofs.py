"""Proofs of claims: what settles a statement, what does not, and what a broken formula does to each rung."""

import json
import shutil
from fractions import Fraction

import pytest

from collapse_jax.laws import identities
from collapse_jax.laws.domain import Integers, Interval, domain
from proofs_check import Computed, claim, proving, registry
from proofs_check import ledger as ledgers
from proofs_check.cli import main
from proofs_check.proofs import Everywhere, Identity, Induction, Inequality, Limit, Missing, Root, formal, moments

sympy = pytest.importorskip("sympy")

N = domain(n=Integers(2))


@claim("mine.decay", statement="x", relation="==", provenance="derived", source="here")
def decay(n=10):
    """(1 - 1/n)^t, computed two ways."""
    return Computed(
        lambda t: (1 - 1 / n) ** t,
        lambda t: identities.product(t, identities.replace_steps(n), -1),
        {"n + 1 for n": lambda t: identities.product(t, identities.replace_steps(n + 1), -1)},
        at=(1, 2, 5),
    )


def induction(stated=None, mutants=None, **changed):
    given = {
        "stated": stated or (lambda t, n: identities.product(t, identities.replace_steps(n), -1)),
        "at": lambda n: {"n": n},
        "mutants": mutants or {"n + 1 for n": lambda t, n: identities.product(t, identities.replace_steps(n + 1), -1)},
        "over": N,
        "step": lambda t, f, n: f * (n - 1) / n,
        "base": lambda n: (n - 1) / n,
    }
    return Induction(**{**given, **changed})


@pytest.mark.slow
@pytest.mark.parametrize("rung", ["symbolic", "certified"])
def test_every_shipped_proof_counts(rung):
    known = registry.claims()
    done = [proven for proven, _ in proving.prove((known[id] for id in registry.proofs()), (rung,))]
    assert [(one.id, one.sentence) for one in done if not one.counts] == []


def test_every_proof_is_of_a_claim_of_its_room():
    for id, declared in registry.proofs().items():
        assert all(f".{id.partition('.')[0]}." in one.build.__module__ for one in declared)


def test_an_induction_proves_every_t_and_a_mutant_has_a_witness_in_the_domain():
    proven = induction().run(decay)
    assert (proven.verdict, proven.counts, proven.mutants) == ("PROVED", True, {"n + 1 for n": "REFUTED"})
    wrong = induction(stated=lambda t, n: 1 - t / n).decide(lambda t, n: 1 - t / n)
    assert wrong.verdict == "REFUTED"
    assert "t = 2" in wrong.reason


def test_what_is_neither_shown_nor_refuted_is_undecided():
    roots = Identity(
        stated=lambda t, n: 0,
        at=lambda n: {"n": n},
        mutants={},
        over=N,
        residual=lambda stated, n: sympy.sqrt(n + 2 * sympy.sqrt(n - 1)) - sympy.sqrt(n - 1) - 1,  # 0, nested
    )
    assert roots.decide(roots.stated).verdict == "UNDECIDED"


def test_a_bound_is_refuted_by_a_point_beyond_it_only():
    def bound(margin):
        return Inequality(
            stated=lambda t, n: n, at=lambda n: {"n": n}, mutants={}, over=N, residual=lambda stated, n: margin(n)
        ).decide(lambda t, n: n)

    assert bound(lambda n: n * n - 3 * n + 2).verdict == "PROVED"
    assert bound(lambda n: n - 2).verdict == "PROVED"
    assert bound(lambda n: n - 3).verdict == "REFUTED"
    assert bound(lambda n: (n - 3) ** 2).verdict == "UNDECIDED"  # true, but not by the signs of its coefficients


def test_limits_of_powers_sums_and_bounds():
    over = domain(r=Interval("(0, 1)"))

    def limit(path, value, relation="->", over=over):
        proof = Limit(stated=value, at=dict, mutants={}, over=over, path=path, relation=relation)
        return proof.decide(value).verdict

    assert limit(lambda t, r: 2 - r**t, lambda t, r: 2) == "PROVED"
    assert limit(lambda t, r: 2 - r**t, lambda t, r: 3) == "REFUTED"
    assert limit(lambda t, r: 2 - (1 + r) ** t, lambda t, r: 2) == "UNDECIDED"
    ceiling = (lambda t, r: r * identities.harmonic2(t), lambda t, r: r * sympy.pi**2 / 6)
    assert limit(*ceiling) == limit(*ceiling, "<=") == "PROVED"
    assert limit(ceiling[0], lambda t, r: 3 * r / 2, "<=") == "REFUTED"
    assert limit(ceiling[0], lambda t, r: 2 * r, "<=") == "PROVED"  # larger than the limit, and a bound all the same


def test_expectations_of_polynomials():
    x, y, m, v = sympy.symbols("x y m v")
    assert moments((x - m) ** 2, {x: [1, m, m**2 + v]}) == v
    assert moments(x * y, {x: [1, y], y: [1, m, m**2 + v]}) == sympy.expand(m**2 + v)
    with pytest.raises(ValueError, match="order 3 of x is needed"):
        moments(x**3, {x: [1, m, v]})


def test_balls_cover_a_range_or_find_the_point_that_is_out():
    flint = pytest.importorskip("flint")

    def everywhere(margin, **box):
        return Everywhere(stated=lambda t: 0, at=dict, mutants={}, margin=margin, box=box).decide(lambda t: 0)

    assert everywhere(lambda _, x: 1 - x * x / 2 - x.cos() + x**4, x=(Fraction(1, 100), 1)).verdict == "PROVED"
    done = everywhere(lambda _, x: x * x - 2, x=(1, 2))
    assert done.verdict == "REFUTED"
    assert "margin" in done.reason
    assert everywhere(lambda _, x, y: x + y - x * y, x=(Fraction(1, 2), 1), y=(Fraction(1, 2), 1)).verdict == "PROVED"
    touching = Everywhere(
        stated=lambda t: 0, at=dict, mutants={}, margin=lambda _, x: (x - 1) ** 2, box={"x": (0, 3)}, most=500
    )
    assert touching.decide(touching.stated).verdict == "UNDECIDED"  # 0 at one point, which no ball excludes
    assert flint.ctx.prec == 128


def test_a_taylor_form_sees_what_cancels():
    """x^2 - 2 x + 1 is larger than -10^-6, which needs thousands of boxes without it."""
    pytest.importorskip("flint")
    squared = Everywhere(
        stated=lambda t: 0,
        at=dict,
        mutants={},
        margin=lambda _, x: x * x + 1 - 2 * x + 1e-6,
        box={"x": (0, 2)},
        most=200,
    )
    assert squared.decide(squared.stated).verdict == "PROVED"


def test_a_lemma_that_fails_refutes_nothing():
    pytest.importorskip("flint")
    given = {
        "stated": lambda t: 1,
        "at": dict,
        "mutants": {},
        "margin": lambda stated, k: k - stated(1),
        "whole": ("k",),
    }
    proof = Everywhere(**given, box={"k": (1, 5)}, lemmas=((lambda _, x: x, {"x": (1, 2)}),))
    assert proof.decide(proof.stated).verdict == "PROVED"  # 0 at k = 1, exactly
    assert proof.decide(lambda t: 2).verdict == "REFUTED"
    other = Everywhere(**given, box={"k": (1, 5)}, lemmas=((lambda _, x: -x, {"x": (1, 2)}),))
    assert other.decide(other.stated).verdict == "UNDECIDED"


def test_a_root_is_rounded_to_the_stated_digits():
    pytest.importorskip("flint")
    root = Root(stated=lambda t: 1.4142, at=dict, mutants={}, function=lambda x: x * x - 2, low=1, high=2, within=5e-5)
    assert root.decide(root.stated).verdict == "PROVED"
    assert root.decide(lambda t: 1.4143).verdict == "REFUTED"
    twice = Root(stated=lambda t: 0, at=dict, mutants={}, function=lambda x: x * (x - 1), low=-1, high=2, within=1e-3)
    assert twice.decide(twice.stated).verdict == "UNDECIDED"


def test_a_proof_of_other_numbers_than_the_claim_does_not_count():
    other = induction(at=lambda n: {"n": n + 1}).run(decay)
    assert other.verdict == "PROVED"
    assert not other.counts
    assert "the claim predicts" in other.sentence
    renamed = induction(mutants={"n + 2": lambda t, n: 0}).run(decay)
    assert "no mutant of the claim" in renamed.sentence


def test_a_mutant_that_is_not_refuted_takes_the_proof_with_it():
    same = induction(mutants={"n + 1 for n": lambda t, n: identities.product(t, identities.replace_steps(n), -1)}).run(
        decay
    )
    assert not same.counts
    assert same.fails
    assert "mutants not refuted: n + 1 for n" in same.sentence


def test_a_missing_tool_skips_and_says_how_to_install_it(monkeypatch):
    def none():
        raise Missing("SymPy is missing; pip install 'collapse_jax[proofs]'")

    monkeypatch.setattr("proofs_check.proofs.symbolic.sympy", none)
    proven = induction().run(decay)
    assert (proven.verdict, proven.counts, proven.fails) == ("SKIPPED", False, False)
    assert "pip install" in proven.sentence
    monkeypatch.setattr(shutil, "which", lambda _: None)
    formal._library.cache_clear()
    [coq] = [one.build() for one in registry.proofs()["seddik2024.thm1.S"] if one.build().rung == "formal"]
    assert "apt-get install coq" in coq.run(registry.claims()["seddik2024.thm1.S"]).sentence


@pytest.mark.wide
@pytest.mark.skipif(shutil.which("coqc") is None, reason="coqc is missing; apt-get install coq")
def test_a_broken_formula_fails_on_every_rung_with_its_sentence(monkeypatch):
    """One sign in a closed form: what is simulated, proved and written to Coq is that same function."""
    from proofs_check.papers.seddik2024 import theory
    from proofs_check.plan import QUICK
    from proofs_check.verdict import verify

    right = theory.sum_of_squares
    monkeypatch.setattr(theory, "sum_of_squares", lambda t, n, S0: right(t, n, S0) + (t - 1) / n**2)
    broken = registry.claims()["seddik2024.thm1.S"]
    assert verify(broken, QUICK).verdict == "REFUTED"
    done = {proven.rung: proven for proven, _ in proving.prove([broken])}
    assert done["symbolic"].verdict == "REFUTED"
    assert "t = 2" in done["symbolic"].sentence
    assert done["formal"].verdict == "UNDECIDED"
    assert "Coq does not take" in done["formal"].sentence


def test_what_is_admitted_is_refused(tmp_path):
    assert "prove it" in formal._compile(tmp_path, "Lazy", "Theorem t : 1 = 2. Admitted.")
    assert "Axiom" in formal._compile(tmp_path, "Lazy", "(* fine *) Axiom t : 1 = 2.")


def test_rungs_are_named():
    assert proving.rungs_of("all") == (True, ("symbolic", "certified", "formal"))
    assert proving.rungs_of("certified, symbolic") == (False, ("symbolic", "certified"))
    with pytest.raises(ValueError, match="not one of simulated, symbolic"):
        proving.rungs_of("proved")


def test_the_command_prints_and_keeps_proofs(tmp_path, capsys):
    entry = ledgers.Entry("seddik2024.thm1.S", "SUPPORTED", evidence=["law", "simulated"])
    ledgers.Ledger({entry.id: entry}).write(tmp_path)
    book, out = str(tmp_path / "ledger.json"), str(tmp_path / "out.json")
    arguments = ["verify", entry.id, "--rungs", "symbolic", "--ledger", str(tmp_path), "--json", out]
    assert main(arguments) == 0
    assert "1 count (symbolic 1)" in capsys.readouterr().out
    [row] = json.loads((tmp_path / "out.json").read_text())
    assert (row["verdict"], row["counts"]) == ("PROVED", True)
    kept = ledgers.read(book).entries[entry.id]
    assert kept.proofs["symbolic"]["mutants"] == "2/2"
    again = ledgers.Entry(entry.id, "SUPPORTED")
    assert ledgers.read(book).updated([again]).entries[entry.id].proofs == kept.proofs
