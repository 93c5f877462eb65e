"""The outcome of deciding a claim: a word, and all the numbers needed to judge that word."""

import dataclasses
import math
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, Self

from proofs_check.claim import Claim, Verdict, without_star
from proofs_check.plan import Plan
from proofs_check.statement import REFUTED, SUPPORTED, UNDECIDED

if TYPE_CHECKING:
    from proofs_check.proofs import Proven


@dataclass(frozen=True)
class Outcome:
    """A verdict and everything needed to judge it; `row()` is its JSON form.

    **Args**: `claim`, `verdict`: the word about it, ERROR if its own code failed; `licence`: the weakest that the word
    rests on ("exact", "law", "bound", "variance", "tail"); `clause`: what a word with a star leaves open; `simulated`:
    the word of the chains alone; `reason`: why it is not decided; `alpha`: its share of the error probability;
    `resolution` asked for and `reached`; `chains`, `looks`, `seconds` spent; `engine`, `sampler`, `seed`, `parameters`,
    `protocol`: what ran; `quantity`, `index`: what is plotted against what; `generations`: the G tested ones, and, of
    length G, `observed`, `stderr`, `lower`, `upper`, `predicted`, `allowance`; `tightness`: estimate over statement at
    the last of them; `vacuous`: where a bound says nothing; `law`: the word of the exact values; `evidence`: the rungs
    it rests on; `relative_to`: what the resolution is relative to; `nearest`: how many resolutions off the nearest
    refuted mutant is; `mutants`: their words by name; `proofs`: what became of its proofs, where they were asked for.
    """

    claim: Claim
    verdict: Verdict | Literal["ERROR"]
    licence: str
    clause: str
    simulated: Verdict | None
    reason: str
    alpha: float
    resolution: float
    reached: float
    chains: int
    looks: int
    seconds: float
    engine: str
    sampler: str
    seed: int
    parameters: dict[str, Any]
    protocol: str
    quantity: str
    index: str
    generations: list[int]
    observed: list[float]
    stderr: list[float]
    lower: list[float]
    upper: list[float]
    predicted: list[Any]
    tightness: Any
    vacuous: str
    allowance: list[float]
    law: Verdict | None
    evidence: list[str]
    relative_to: str
    nearest: float
    mutants: dict[str, Verdict]
    proofs: "tuple[Proven, ...]" = field(default=())

    @property
    def as_expected(self) -> bool:
        """Whether the claim came out as it says it should, by simulation, law and proof, with every mutant refuted."""
        by_law = self.law in (None, SUPPORTED if self.claim.expected == UNDECIDED else self.claim.expected)
        refuted = all(without_star(word) == REFUTED for word in self.mutants.values())
        proved = not any(proof.fails for proof in self.proofs)
        return without_star(self.verdict) == self.claim.expected and by_law and refuted and proved

    def beside(self, proofs: "Iterable[Proven]") -> Self:
        """This outcome with the proofs of its claim; those that count are evidence."""
        proofs = tuple(proofs)
        rungs = dict.fromkeys([*self.evidence, *(proof.rung for proof in proofs if proof.counts)])
        return dataclasses.replace(self, proofs=proofs, evidence=list(rungs))

    @classmethod
    def failed(cls, claim: Claim, plan: Plan, alpha: float, error: Exception) -> Self:
        """The row of a claim whose own code stopped it: ERROR, with the message as reason and no numbers."""
        nothing: dict[str, Any] = {name: [] for name in ("generations", "observed", "stderr", "lower", "upper")}
        return cls(
            claim=claim,
            verdict="ERROR",
            licence="",
            clause="",
            simulated=None,
            reason=" ".join(str(error).removeprefix(f"{claim.id}:").split()),
            alpha=alpha,
            resolution=plan.resolution,
            reached=math.inf,
            chains=0,
            looks=0,
            seconds=0.0,
            engine=plan.engine,
            sampler=plan.sampler,
            seed=plan.seed,
            parameters={**claim.parameters, **plan.parameters},
            protocol="",
            quantity="",
            index="t",
            **nothing,
            predicted=[],
            tightness=None,
            vacuous="",
            allowance=[],
            law=None,
            evidence=[],
            relative_to="",
            nearest=math.inf,
            mutants={},
        )

    def row(self) -> dict[str, Any]:
        """The outcome and what it is about, as JSON holds it."""
        own = {
            item.name: getattr(self, item.name)
            for item in dataclasses.fields(self)
            if item.name not in ("claim", "mutants", "proofs")
        }
        about = {
            key: getattr(self.claim, key)
            for key in ("id", "paper", "statement", "relation", "regime", "provenance", "source", "expected")
        }
        mutants = [{"name": name, "verdict": verdict} for name, verdict in self.mutants.items()]
        proofs = [proof.row() for proof in self.proofs]
        return _strict({**about, **own, "as_expected": self.as_expected, "mutants": mutants, "proofs": proofs})


def _strict(value: Any) -> Any:
    """JSON knows no infinity and no NaN: null."""
    if isinstance(value, dict):
        return {key: _strict(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_strict(item) for item in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value
