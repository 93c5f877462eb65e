"""What a conjecture asks: a protocol over a design of parameters, and what may be known of its law. Imports no JAX."""

import inspect
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise, product
from typing import TYPE_CHECKING, Any

from proofs_check.plan import is_real

if TYPE_CHECKING:
    from collapse_jax import Family, Workflow
    from collapse_jax.metrics import Metric, PathMetric

__all__ = ["Conjecture"]

_FITTED = 10  # generations of a fit, by default
_SHARE = 2 / 3  # of the generations, which a fit sees; the confirmation sees all


@dataclass(frozen=True)
class Conjecture:
    r"""A protocol whose law is looked for.

    **Args**: `family`, `workflow`: each a value, or a function of those parameters of the design that it names;
    `metric`: a name or a function (model, truth) -> one number per chain; `design`: the values of every parameter,
    whose combinations are simulated. The first parameter is the size n of the forms; each further one may enter as a
    power; `generations`: the horizon; `at`: the generations that forms are fitted to, by default ten in the first two
    thirds of the horizon; `confirm`: the design of the confirmation, by default values between and beyond those of
    `design`; `formula`: a function of t, of parameters of the design and of free constants, whose defaults a search
    starts from; it is tried beside the library; `constants`: positive numbers by name that may stand in the law, such
    as {"p (1 - p)": 0.21}, for the guesses.

    **Raises**: ValueError for what is no design or no formula, naming the remedy.
    """

    family: "Family | Callable[..., Family]"
    workflow: "Workflow | Callable[..., Workflow]"
    metric: "str | Metric | PathMetric"
    design: Mapping[str, Sequence[Any]] = field(default_factory=dict)
    generations: int = 24
    at: tuple[int, ...] | None = None
    confirm: Mapping[str, Sequence[Any]] | None = None
    formula: Callable[..., Any] | None = None
    constants: Mapping[str, float] = field(default_factory=dict)

    def __post_init__(self):
        for name, values in {**self.design, **(self.confirm or {})}.items():
            if (
                isinstance(values, str)
                or not isinstance(values, Sequence)
                or not values
                or not all(map(_sound, values))
            ):
                raise ValueError(
                    f"design[{name!r}]={values!r} is no sequence of numbers > 0; give for example (5, 10, 20)"
                )
        if self.confirm is not None and self.confirm.keys() != self.design.keys():
            raise ValueError(f"confirm is about {', '.join(self.confirm)}; give the parameters of design, {self.names}")
        if isinstance(self.generations, bool) or not isinstance(self.generations, int) or self.generations < 3:
            raise ValueError(f"generations={self.generations!r} tells no forms apart; use a whole number >= 3")
        if self.at is not None and not (self.at and all(1 <= t <= self.generations for t in self.at)):
            raise ValueError(f"at={self.at} lies outside 1 .. {self.generations}; give generations of the horizon")
        if any(not (is_real(value) and 0 < value < math.inf) for value in self.constants.values()):
            raise ValueError(f"constants={dict(self.constants)} are no positive numbers; give for example {{'p': 0.3}}")
        if self.formula is not None and not self.free:
            raise ValueError("formula has no free constant; leave one open, as c in lambda t, n, c=1.0: c * t / n")

    @property
    def names(self) -> str:
        """The parameters of the design, as text."""
        return ", ".join(self.design) or "none"

    @property
    def free(self) -> dict[str, float]:
        """The free constants of the formula and what a search starts from."""
        assert self.formula is not None
        items = inspect.signature(self.formula).parameters.items()
        known = {"t", *self.design}
        return {name: 1.0 if item.default is item.empty else item.default for name, item in items if name not in known}

    def build(self, **parameters: Any) -> "tuple[Family, Workflow]":
        """Family and workflow at one point of the design.

        **Args**: `parameters`: their values.

        **Returns**: both.
        """
        return made(self.family, parameters), made(self.workflow, parameters)

    @property
    def fitted(self) -> tuple[int, ...]:
        """The generations that forms are fitted to."""
        return self.at or spread(1, max(3, int(self.generations * _SHARE)), _FITTED)

    @property
    def confirmed(self) -> tuple[int, ...]:
        """The generations of the confirmation, which end at the horizon."""
        return spread(min(self.fitted), self.generations, _FITTED)

    @property
    def held_out(self) -> dict[str, tuple[Any, ...]]:
        """The design of the confirmation."""
        if self.confirm is not None:
            return {name: tuple(values) for name, values in self.confirm.items()}
        return {name: between(values) for name, values in self.design.items()}


def made(what: Any, parameters: Mapping[str, Any]) -> Any:
    """A value as it is, or what a function or a class makes of those parameters that it names."""
    if not (inspect.isfunction(what) or inspect.ismethod(what) or inspect.isclass(what)):
        return what
    wanted = inspect.signature(what).parameters
    return what(**{name: value for name, value in parameters.items() if name in wanted})


def spread(first: int, last: int, number: int) -> tuple[int, ...]:
    """About so many whole numbers from first to last, evenly on a logarithmic scale."""
    ratio = last / first
    return tuple(sorted({round(first * ratio ** (i / (number - 1))) for i in range(number)}))


def between(values: Sequence[Any]) -> tuple[Any, ...]:
    """One number between any two neighbours and one beyond the last; whole where all of them are."""
    known = sorted(set(values))
    middle = [math.sqrt(a * b) for a, b in pairwise(known)]
    found = [*middle, known[-1] * (1.4 if len(known) > 1 else 1)]
    if not all(isinstance(value, int) for value in known):
        return tuple(found)
    return tuple(sorted({round(value) for value in found} - set(known[:-1]) or set(known)))


def cells(design: Mapping[str, Sequence[Any]]) -> list[dict[str, Any]]:
    """All combinations of the values of a design, by name."""
    return [dict(zip(design, values, strict=True)) for values in product(*design.values())]


def _sound(value: Any) -> bool:
    return is_real(value) and 0 < value < math.inf
