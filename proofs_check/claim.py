"""What a claim is: one statement, published or derived, with its protocol, source and mutants. Imports no JAX."""

import inspect
import math
import sys
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, get_args

from collapse_jax.laws.domain import Domain, Integers, domain, domain_of
from proofs_check.plan import is_real

if TYPE_CHECKING:
    from collapse_jax import Family, Workflow
    from collapse_jax.metrics import Metric, PathMetric
    from proofs_check.outcome import Outcome
    from proofs_check.plan import Plan

Relation = Literal["==", "<=", ">=", "between", "law"]
Regime = Literal["exact", "asymptotic", "rate", "upper bound", "lower bound", "bounds", "law"]
Provenance = Literal["text", "code", "note", "recalled", "derived"]
Verdict = Literal["SUPPORTED", "SUPPORTED*", "REFUTED", "REFUTED*", "UNDECIDED"]
Expected = Literal["SUPPORTED", "REFUTED", "UNDECIDED"]
STAR = "*"
"""The mark of a word that holds unless an event too rare to be seen carries much of a mean."""
Prediction = Callable[[Any], Any]

REGIME: dict[Relation, Regime] = {
    "==": "exact",
    "<=": "upper bound",
    ">=": "lower bound",
    "between": "bounds",
    "law": "law",
}
"""What a statement is unless it says otherwise, by its relation."""

PROVENANCE: dict[Provenance, str] = {
    "text": "wording read in the paper",
    "code": "read in the authors' own code",
    "note": "read in a page that quotes the paper",
    "recalled": "as remembered from the paper; the wording was not checked",
    "derived": "derived for this project",
}


LARGEST_TOLERANCE = 1e-6


def _check_declared(scale: float | None, bounds: tuple[float, float] | None) -> None:
    """Refuse what has no meaning as the scale of a resolution or as a range."""
    if scale is not None and not (is_real(scale) and 0 < scale < math.inf):
        raise ValueError(f"scale={scale} is nothing a resolution can be relative to; use a number > 0, or leave it out")
    pair = isinstance(bounds, tuple | list) and len(bounds) == 2 and all(map(is_real, bounds))
    if bounds is not None and not (pair and bounds[0] < bounds[1]):
        raise ValueError(f"bounds={bounds} is no range; give (lower, upper) with lower < upper, infinite where unknown")


@dataclass(frozen=True)
class Check:
    r"""How a claim is tested at one choice of its parameters.

    **Args**: `family`, `workflow`, `metric`, `generations`: the protocol; `predicted`: generation t -> the number the
    statement gives, or (lower, upper) for "between"; for a "law", x (array) -> CDF; `mutants`: nearby wrong statements
    by name, of the same form; `at`: generations to test, by default all (for a law, the last); `statistic`: "mean", or
    "probability" for a 0/1 metric, whose limits are exact; `bounds`: what the metric of no chain can leave, by default
    what is known of it (`collapse_jax.metrics.range_of`): a finite side licenses the limit on that side, and a bound
    beyond it says nothing; `variance`: t -> at most so large is the variance of the metric; `relative_variance`: it is
    at most so many squares of the mean, of a metric that is not negative; `scale`: what a resolution is relative to,
    by default the stated value (of a probability the smaller of P and 1 - P), 1 for an absolute one; `allowance`:
    t -> distance the statement itself leaves open (a remainder, a finite-n term); `law`: t -> the exact mean by
    another way than the statement, which then ranks above the simulation; `law_error`: its absolute rounding error,
    where it is the small difference of larger numbers.
    """

    family: "Family"
    workflow: "Workflow"
    metric: "str | Metric | PathMetric"
    generations: int
    predicted: Prediction
    mutants: Mapping[str, Prediction]
    at: tuple[int, ...] | None = None
    statistic: Literal["mean", "probability"] = "mean"
    variance: Prediction | None = None
    relative_variance: float | None = None
    bounds: tuple[float, float] | None = None
    scale: float | None = None
    allowance: Prediction | None = None
    law: Prediction | None = None
    law_error: float = 0.0

    def __post_init__(self):
        _check_declared(self.scale, self.bounds)
        relative = self.relative_variance
        if relative is not None and not (is_real(relative) and 0 < relative < math.inf):
            raise ValueError(f"relative_variance={self.relative_variance} is no variance; use a number > 0")

    @property
    def evidence(self) -> tuple[str, ...]:
        """Rungs of the evidence ladder that a verdict rests on."""
        return ("simulated",) if self.law is None else ("law", "simulated")


@dataclass(frozen=True)
class Computed:
    """How a claim is decided without sampling: a value computed at every index, beside the one stated.

    **Args**: `value`: index -> the exact value, good to `tolerance` relative to `scale`; `predicted`, `mutants`,
    `scale`, `bounds`, `allowance`: as in `Check`; `at`: the indices; `index`: what they count, such as "n";
    `rung`: "law" for the law of a random object, "identity" for algebra checked on given numbers.
    """

    value: Prediction
    predicted: Prediction
    mutants: Mapping[str, Prediction]
    at: tuple[int, ...]
    index: str = "t"
    scale: float | None = None
    bounds: tuple[float, float] | None = None
    allowance: Prediction | None = None
    tolerance: float = 1e-9
    rung: Literal["law", "identity"] = "law"

    def __post_init__(self):
        _check_declared(self.scale, self.bounds)
        if not is_real(self.tolerance) or not 0 < self.tolerance <= LARGEST_TOLERANCE:
            raise ValueError(
                f"tolerance={self.tolerance} is for rounding, at most {LARGEST_TOLERANCE:g}; what the statement itself "
                "leaves open is its `allowance`"
            )

    @property
    def evidence(self) -> tuple[str, ...]:
        """Rungs of the evidence ladder that a verdict rests on."""
        return (self.rung,)


class Experiment(ABC):
    """A check that runs a protocol of its own and judges it: no metric of simulated chains, and no value to compute.

    **Fields**: `protocol`: what it runs, in a line; `mutants`: by name, what makes nearby wrong statements of it;
    `evidence`: rungs that its word rests on.
    """

    protocol: str
    mutants: Mapping[str, Any]
    evidence: tuple[str, ...] = ("simulated",)

    @abstractmethod
    def decide(self, claim: "Claim", plan: "Plan", share: float) -> "Outcome":
        """The outcome, wrong with probability at most `share`."""


AnyCheck = Check | Computed | Experiment


@dataclass(frozen=True)
class Claim:
    """One statement. `setup(**parameters)` builds its check; the defaults of `setup` are the parameters shown.

    `paper` is the key of the paper whose room it stands in, "" outside of one; inside, `id` is "<paper>.<name>".

    **Fields**: those of the decorator `claim`, and `setup`, the function under it.
    """

    id: str
    statement: str
    relation: Relation
    regime: Regime
    provenance: Provenance
    source: str
    setup: Callable[..., AnyCheck]
    expected: Expected = "SUPPORTED"
    paper: str = ""
    domain: Domain = field(default_factory=Domain)
    dear: bool = False

    @property
    def note(self) -> str:
        """The docstring: what to know before quoting the verdict."""
        return inspect.getdoc(self.setup) or ""

    @property
    def parameters(self) -> dict[str, Any]:
        """Parameters and their defaults."""
        return {name: item.default for name, item in inspect.signature(self.setup).parameters.items()}

    def check(self, **overrides: Any) -> AnyCheck:
        """The check at these parameters; ValueError for a name the claim does not have, and outside of its domain."""
        unknown = [name for name in overrides if name not in self.parameters]
        if unknown:
            raise ValueError(
                f"{self.id} has no parameter {unknown[0]!r}; it has {', '.join(self.parameters) or 'none'}"
            )
        for name, value in overrides.items():
            _like(self.id, name, value, self.parameters[name])
        self.domain.check(self.id, {**self.parameters, **overrides})
        check = self.setup(**overrides)
        if not isinstance(check, AnyCheck):
            kinds = "a Check, Computed or Experiment"
            raise ValueError(f"{self.id} gives {type(check).__name__}; its function has to return {kinds}")
        if not check.mutants:
            raise ValueError(f"{self.id} has no mutant; add a nearby wrong statement that its check must refute")
        return check


_ANY = domain(generations=Integers(1))


def claim(
    id: str,
    *,
    statement: str,
    relation: Relation,
    provenance: Provenance,
    source: str,
    regime: Regime | None = None,
    expected: Expected = "SUPPORTED",
    domain: Domain | Callable[..., Any] | None = None,
    dear: bool = False,
) -> Callable[[Callable[..., AnyCheck]], Claim]:
    """Decorator: make a `Claim` of a function from parameters (all with defaults) to a check of any kind.

    **Args**: `id`: in the room of a paper "<paper>.<name>"; `statement`: LaTeX without dollar signs; `source`: where it
    stands and how its wording is known; `regime`: given where it does not follow from the relation, as "asymptotic", or
    "rate" for an exponent; `domain`: the parameters for which the statement is made, a `Domain` or a closed form that
    has one. What it says of parameters that the claim does not have is left out, and `generations` is a whole number >=
    1 in any case; `dear`: it takes minutes, and is left out of `verify --quick`.

    **Returns**: the decorator.

    **Raises**: ValueError for words that are not in these lists, a parameter without a default, a closed form without a
    domain, and an id that does not begin with the key of the paper.
    """
    regime = REGIME.get(relation, "exact") if regime is None else regime
    allowed = {
        "relation": (relation, Relation),
        "regime": (regime, Regime),
        "provenance": (provenance, Provenance),
        "expected": (expected, Expected),
    }
    for name, (value, kind) in allowed.items():
        if value not in get_args(kind):
            raise ValueError(f"{name}={value!r} of claim {id!r} is not one of {', '.join(get_args(kind))}")
    stated = _ANY if domain is None else domain if isinstance(domain, Domain) else domain_of(domain)
    if domain is not None and not stated:
        raise ValueError(f"domain={domain!r} of claim {id!r} states nothing; give a Domain or a function that has one")

    def wrap(setup: Callable[..., AnyCheck]) -> Claim:
        bare = [name for name, item in inspect.signature(setup).parameters.items() if item.default is item.empty]
        if bare:
            raise ValueError(f"parameter {bare[0]!r} of claim {id!r} needs a default value")
        paper = _room(setup.__module__)
        if paper and not id.startswith(f"{paper}."):
            raise ValueError(f"the id {id!r} stands in the room of {paper}; call it {f'{paper}.{id}'!r}")
        inside = (stated & _ANY).only(inspect.signature(setup).parameters)
        return Claim(id, statement, relation, regime, provenance, source, setup, expected, paper, inside, dear)

    return wrap


def _room(module: str) -> str:
    """The key of the paper in whose folder a module lies: the nearest package above it that has a PAPER."""
    while module:
        module = module.rpartition(".")[0]
        record = getattr(sys.modules.get(module), "PAPER", None)
        if record is not None:
            return record.key
    return ""


def _like(id: str, name: str, value: Any, default: Any) -> None:
    """Refuse a value of another kind than the default; a float may be given as an int, a tuple as a list."""
    kinds = {bool: bool, int: int, float: (int, float), str: str, tuple: (tuple, list)}
    expected = kinds.get(type(default), object)
    if not isinstance(value, expected) or (isinstance(value, bool) and not isinstance(default, bool)):
        raise ValueError(f"{name}={value!r} is not what {id} expects; give a value like {name}={default!r}")


def without_star(word: str) -> str:
    """A word without its mark.

    **Args**: `word`: one of `Verdict`.

    **Returns**: one of `Expected`.
    """
    return word.removesuffix(STAR)


def require(condition: bool, remedy: str) -> None:
    """Refuse parameters for which a statement says nothing; `remedy` is the whole message.

    **Args**: `condition`: what has to hold; `remedy`: the message.

    **Raises**: ValueError where it does not hold.
    """
    if not condition:
        raise ValueError(remedy)
