"""The rung "formal": theorems that Coq's kernel checks, about definitions written from the claim's own formula."""

import contextlib
import functools
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar, Self

from proofs_check.proofs import emit
from proofs_check.proofs.proof import Decision, Missing, Proof, Rung, Stated

AXIOMS = {
    "ClassicalDedekindReals.sig_forall_dec",
    "ClassicalDedekindReals.sig_not_dec",
    "FunctionalExtensionality.functional_extensionality_dep",
    "Classical_Prop.classic",
}
"""What the real numbers of Coq's library rest on; a theorem that rests on more does not count."""

_LIBRARY = ("Process", "CollapseTime", "TotalCollapse")
_UNPROVED = re.compile(r"\b(Admitted|admit|Axiom|Axioms|Parameter|Parameters|Conjecture|Abort)\b")
_SECONDS = 300


@dataclass(frozen=True, kw_only=True)
class Coq(Proof):
    """A theorem of a file, restated here, so that a hypothesis that was dropped or added is seen.

    The file imports `Formula`, which is written from `stated`, and the library of this package. A mutant is refuted by
    a lemma about the definition written from the mutant: that it does not have, at one of the points `values`, the
    value that the stated formula has there, or what `wrong` says. That a proof no longer compiles proves nothing.

    **Args**: `file`: of the theorem; `theorem`: its name; `statement`: what it has to say; `definition`: the name of
    the formula in it; `values`: points (t, *variables) at which the definition has to have the values that Python
    computes; `wrong`: name of a mutant -> a lemma that is false of the stated formula and true of the mutant, and its
    proof; `refutes`: whether the theorem says that the statement is false.
    """

    file: Path
    theorem: str
    statement: str
    definition: str
    values: tuple[tuple[Any, ...], ...]
    wrong: Mapping[str, str] = field(default_factory=dict)
    refutes: bool = False
    rung: ClassVar[Rung] = "formal"

    @classmethod
    def beside(cls, other: Proof, **own: Any) -> Self:
        """The same formula, link and mutants as those of a proof on another rung."""
        return cls(stated=other.stated, at=other.at, mutants=other.mutants, **own)

    def decide(self, stated: Stated) -> Decision:
        with _bench() as place:
            formula = emit.definition(self.definition, stated, self.values)
            for name, text in (("Formula", emit.HEAD + formula), ("Result", self.file.read_text())):
                failed = _compile(place, name, text)
                if failed:
                    what = "the definition or its values" if name == "Formula" else f"the proof of {self.theorem}"
                    return Decision("UNDECIDED", f"Coq does not take {what}: {failed}")
            restated = f"{emit.HEAD}Require Import TotalCollapse Formula Result.\n"
            restated += f"Definition stated : {self.statement} := {self.theorem}.\nPrint Assumptions stated.\n"
            failed = _compile(place, "Stated", restated)
            if failed:
                return Decision("UNDECIDED", f"{self.theorem} does not say what is stated: {failed}")
            used = _assumptions((place / "Stated.out").read_text())
        foreign = sorted(used - AXIOMS)
        if foreign:
            return Decision("UNDECIDED", f"{self.theorem} rests on {', '.join(foreign[:3])}")
        return Decision("REFUTED" if self.refutes else "PROVED", "", tuple(sorted(used)))

    def refute(self, name: str, stated: Stated) -> Decision:
        lemma = self.wrong.get(name) or self._difference(stated)
        if not lemma:
            return Decision("UNDECIDED", f"{name} has the stated values at all points; name another in `values`")
        with _bench() as place:
            failed = _compile(place, "Formula", emit.HEAD + emit.definition(self.definition, stated) + lemma)
        return Decision("UNDECIDED", failed) if failed else Decision("REFUTED", lemma.partition("\n")[0])

    def _difference(self, stated: Stated) -> str:
        for point in self.values:
            right = emit.value(self.stated, point)
            if emit.value(stated, point) != right:
                return emit.differs(self.definition, point, right)
        return ""


@contextlib.contextmanager
def _bench() -> Iterator[Path]:
    """A folder for one theorem, once the library is there."""
    _library()
    with tempfile.TemporaryDirectory(prefix="collapse-coq-") as place:
        yield Path(place)


@functools.cache
def _library() -> tempfile.TemporaryDirectory:
    """This package's theories, compiled once; `Missing` without Coq."""
    if shutil.which("coqc") is None:
        raise Missing("coqc is missing; apt-get install coq")
    kept = tempfile.TemporaryDirectory(prefix="collapse-coq-")
    for name in _LIBRARY:
        failed = _compile(Path(kept.name), name, (Path(__file__).parent / "coq" / f"{name}.v").read_text(), own=True)
        if failed:
            raise ValueError(f"coq/{name}.v does not compile: {failed}")
    return kept


def _compile(place: Path, name: str, text: str, own: bool = False) -> str:
    """Compile a file; '' or why not. What Coq prints goes to NAME.out."""
    code = re.sub(r"\(\*.*?\*\)", "", text, flags=re.S)
    if left := _UNPROVED.search(code):
        return f"{name}.v holds {left[0]}; prove it"
    (place / f"{name}.v").write_text(text)
    paths = ["-Q", str(place), ""] if own else ["-Q", _library().name, "", "-Q", str(place), ""]
    try:
        done = subprocess.run(
            ["coqc", "-q", "-w", "none", *paths, f"{name}.v"],
            cwd=place,
            capture_output=True,
            text=True,
            timeout=_SECONDS,
        )
    except subprocess.TimeoutExpired:
        return f"no answer within {_SECONDS} s"
    (place / f"{name}.out").write_text(done.stdout)
    return "" if done.returncode == 0 else " ".join(done.stderr.split())[-300:] or "coqc failed"


def _assumptions(printed: str) -> set[str]:
    """The axioms that `Print Assumptions` names."""
    return set(re.findall(r"^([A-Za-z_]\w*(?:\.\w+)*)\s*(?::|$)", printed.partition("Axioms:")[2], re.M))
