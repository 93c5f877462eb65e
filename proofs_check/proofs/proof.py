"""What a proof of a claim is, and what became of it. Imports no SymPy, no python-flint and no JAX.

A proof speaks of the formula that the claim states: `stated` is that formula with the generation and the parameters as
variables, and `link` evaluates it at the numbers of the claim. The claim's own mutants have to be refuted by the same
means, and a tool that is missing gives SKIPPED, which never counts.
"""

import abc
import math
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, Literal

from proofs_check.claim import Claim, Experiment

Rung = Literal["symbolic", "certified", "formal"]
Word = Literal["PROVED", "REFUTED", "UNDECIDED", "SKIPPED"]
RUNGS: tuple[Rung, ...] = ("symbolic", "certified", "formal")
Stated = Callable[..., Any]
"""(t, **variables) -> what the claim states at generation t: numbers for numbers, a formula for symbols."""

_LINK = 1e-9
"""Relative distance within which two evaluations of one formula in floating point agree."""


class Missing(Exception):
    """A tool that a proof needs is not installed; the message is the line that installs it."""


@dataclass(frozen=True)
class Decision:
    """A word about one formula.

    **Args**: `verdict`; `reason`: why it is not decided, or the witness of a refutation; `assumes`: factors that are
    taken as not zero, or axioms.
    """

    verdict: Word
    reason: str = ""
    assumes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Proven:
    """What became of one proof; the fields of `Decision`, and `id` of the claim, `rung`, `expected` of the claim,
    `mutants`: the word for each, `unlinked`: where the proof speaks of other numbers than the claim ("" nowhere)."""

    id: str
    rung: Rung
    expected: str
    verdict: Word
    reason: str = ""
    assumes: tuple[str, ...] = ()
    mutants: dict[str, Word] = field(default_factory=dict)
    unlinked: str = ""
    seconds: float = 0.0

    @property
    def counts(self) -> bool:
        """Whether it is evidence: decided as the claim expects, of the claim's numbers, with every mutant refuted."""
        settled = {"SUPPORTED": "PROVED", "REFUTED": "REFUTED"}.get(self.expected) == self.verdict
        return settled and not self.unlinked and {*self.mutants.values()} == {"REFUTED"}

    @property
    def fails(self) -> bool:
        """Whether a run that holds it fails: anything but evidence and a tool that is not there."""
        return not self.counts and self.verdict != "SKIPPED"

    def row(self) -> dict[str, Any]:
        """For JSON."""
        mutants = [{"name": name, "verdict": word} for name, word in self.mutants.items()]
        said = {"reason": self.sentence, "assumes": list(self.assumes), "seconds": round(self.seconds, 3)}
        about = {"id": self.id, "rung": self.rung, "verdict": self.verdict, "counts": self.counts}
        return {**about, **said, "mutants": mutants}

    @property
    def sentence(self) -> str:
        """Why it does not count, or what it rests on."""
        left = [name for name, word in self.mutants.items() if word != "REFUTED"]
        parts = [self.unlinked, self.reason]
        parts += [f"mutants not refuted: {', '.join(left)}"] if left and self.verdict != "SKIPPED" else []
        parts += [f"where {', '.join(self.assumes)}"] if self.assumes and self.rung == "symbolic" else []
        parts += [f"axioms: {', '.join(self.assumes)}"] if self.assumes and self.rung == "formal" else []
        return "; ".join(part for part in parts if part)


@dataclass(frozen=True, kw_only=True)
class Proof(abc.ABC):
    """One means of settling a statement.

    **Args**: `stated`: the formula; `at`: parameters of the claim, by name -> its variables at their numbers;
    `mutants`: the claim's own, by name, as formulas; at least one.
    """

    stated: Stated
    at: Callable[..., Mapping[str, Any]]
    mutants: Mapping[str, Stated]
    rung: ClassVar[Rung]

    @abc.abstractmethod
    def decide(self, stated: Stated) -> Decision:
        """Settle the statement with this formula in place of the stated one."""

    def refute(self, name: str, stated: Stated) -> Decision:
        """Settle the statement of a mutant."""
        return self.decide(stated)

    def linked(self, claim: Claim) -> str:
        """'' if the formulas give the numbers of the claim and of its mutants at every tested index, or a sentence."""
        check = claim.check()
        if isinstance(check, Experiment):
            return "the claim runs a protocol of its own and predicts no numbers"
        variables = self.at(**claim.parameters)
        indices = check.at or range(1, getattr(check, "generations", 1) + 1)
        unknown = [name for name in self.mutants if name not in check.mutants]
        if unknown or not self.mutants:
            return f"{', '.join(unknown) or 'nothing'} is no mutant of the claim, which has {', '.join(check.mutants)}"
        pairs = [("", self.stated, check.predicted)]
        pairs += [(f"mutant {name!r}, ", self.mutants[name], check.mutants[name]) for name in self.mutants]
        for who, mine, theirs in pairs:
            for t in indices:
                proved, predicted = mine(t, **variables), theirs(t)
                if not _same(proved, predicted):
                    return f"{who}t = {t}: the claim predicts {predicted!r}, the proof speaks of {proved!r}"
        return ""

    def run(self, claim: Claim) -> Proven:
        """Decide the statement and its mutants."""
        started = time.perf_counter()
        unlinked = ""
        mutants: dict[str, Word] = {}
        try:
            unlinked = self.linked(claim)
            done = self.decide(self.stated)
            for name, rule in self.mutants.items():
                mutants[name] = self.refute(name, rule).verdict
        except Missing as error:
            done = Decision("SKIPPED", str(error))
        except Exception as error:  # a proof that breaks down is no proof, and the others go on
            done = Decision("UNDECIDED", f"{type(error).__name__}: {' '.join(str(error).split())[:300]}")
        seconds = time.perf_counter() - started
        return Proven(
            claim.id, self.rung, claim.expected, done.verdict, done.reason, done.assumes, mutants, unlinked, seconds
        )


def _same(one: Any, other: Any) -> bool:
    if isinstance(other, Sequence):
        return isinstance(one, Sequence) and len(one) == len(other) and all(map(_same, one, other))
    left, right = float(one), float(other)
    return left == right or math.isclose(left, right, rel_tol=_LINK)


@dataclass(frozen=True)
class Proves:
    """A function that builds a proof, and the ids of the claims that it is of; it is called only when asked for."""

    ids: tuple[str, ...]
    build: Callable[[], Proof]


def proves(*ids: str) -> Callable[[Callable[[], Proof]], Proves]:
    """Decorator: make a `Proves` of a function without arguments that builds a `Proof`.

    **Args**: `ids`: of the claims, which are in the room that the function stands in.

    **Returns**: the decorator.

    **Raises**: ValueError without an id.
    """
    if not ids:
        raise ValueError('a proof is of a claim; write @proves("<paper>.<name>")')
    return lambda build: Proves(ids, build)
