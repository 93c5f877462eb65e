r"""Where a closed form, a law or a claim is defined: a range for each parameter and conditions between them, as data.

A `Domain` decorates a function, which then refuses what lies outside, and can be read: bounds of a parameter,
conditions as text. Only what is certain is refused: a value traced by JAX, a SymPy expression whose assumptions leave
it open and an Arb ball that straddles a boundary pass, so that one function serves every kind of number.
"""

import functools
import inspect
import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from fractions import Fraction
from types import MappingProxyType
from typing import Any, TypeVar

from collapse_jax.laws._condition import TRACED, Condition, certain, entries, home, settled

__all__ = [
    "Choice",
    "Domain",
    "Integers",
    "Interval",
    "Kind",
    "NonNegative",
    "Positive",
    "Probabilities",
    "Probability",
    "Range",
    "Real",
    "domain",
    "domain_of",
]

# What Python and NumPy raise of values that a formula was not written for.
_UNFIT = (TypeError, AttributeError, IndexError, KeyError, ArithmeticError, RecursionError)
_Function = TypeVar("_Function", bound=Callable[..., Any])


@dataclass(frozen=True)
class Range:
    """The numbers between two bounds; of a schedule or an array, every entry has to lie there.

    **Args**: `low`, `high`: the bounds; `above`, `below`: whether the bound itself is left out; `whole`: whole numbers
    only.
    """

    low: float | int = -math.inf
    high: float | int = math.inf
    above: bool = False
    below: bool = False
    whole: bool = False

    def describe(self, name: str) -> str:
        """The range in words.

        **Args**: `name`: of the parameter.

        **Returns**: text such as "whole t >= 1" or "0 < w <= 1".
        """
        low, high = self.low > -math.inf, self.high < math.inf
        if self.low == self.high:
            return f"{name} = {self.low:g}"
        kind = "whole " if self.whole else "" if low or high else "real "
        left = f"{self.low:g} {'<' if self.above else '<='} " if low and high else ""
        if high:
            return f"{kind}{left}{name} {'<' if self.below else '<='} {self.high:g}"
        return f"{kind}{name} {'>' if self.above else '>='} {self.low:g}" if low else f"{kind}{name}"

    def holds(self, value: Any) -> bool | None:
        """Whether a value lies in the range.

        **Args**: `value`: a number of any kind, an array or a schedule.

        **Returns**: None where that cannot be told, as for a traced value.
        """
        if isinstance(value, list | tuple):
            return every(map(self.holds, value)) if value else False
        value = settled(value)
        if value is TRACED:
            return None
        if getattr(value, "size", 1) == 0:
            return False
        if type(value) not in (int, float):
            is_number = _is_number(value)
            if is_number is not True:
                return is_number
        bounds = [certain(">" if self.above else ">=", value, self.low)] if self.low > -math.inf else []
        bounds += [certain("<" if self.below else "<=", value, self.high)] if self.high < math.inf else []
        return every([*bounds, _is_whole(value) if self.whole else _is_finite(value)])

    def __and__(self, other: "Range") -> "Range":
        """What lies in both."""
        low, above = max((self.low, self.above), (other.low, other.above))
        high, below = min((self.high, not self.below), (other.high, not other.below))
        return replace(self, low=low, high=high, above=above, below=not below, whole=self.whole or other.whole)


@dataclass(frozen=True)
class Choice(Range):
    """One of a few values, such as conventions or words.

    **Args**: `choices`: the values; the bounds of `Range` are not used.
    """

    choices: tuple[Any, ...] = ()

    def describe(self, name: str) -> str:
        return f"{name} one of {', '.join(map(repr, self.choices))}"

    def holds(self, value: Any) -> bool | None:
        if home(value) in ("jax", "jaxlib"):
            value = settled(value)
            return None if value is TRACED else bool(value in self.choices)
        return not getattr(value, "shape", ()) and bool(value in self.choices)


@dataclass(frozen=True)
class _Probabilities(Range):
    low: float | int = 0
    high: float | int = 1

    def describe(self, name: str) -> str:
        return f"non-negative {name} that sum to 1"

    def holds(self, value: Any) -> bool | None:
        value = settled(value)
        if value is TRACED or (isinstance(value, list | tuple) and {home(one) for one in value} & {"flint", "sympy"}):
            return None
        from collapse_jax.numerics.simplex import probabilities

        try:
            probabilities(value, "p")
        except ValueError:
            return False
        return True


def Integers(low: float | int = -math.inf, high: float | int = math.inf) -> Range:
    """Whole numbers.

    **Args**: `low`, `high`: the least and the greatest.

    **Returns**: their range.
    """
    return Range(low, high, whole=True)


def Interval(text: str) -> Range:
    """Real numbers between two bounds.

    **Args**: `text`: the interval as it is written, a bracket for a bound that belongs to it and a parenthesis for one
    that does not; "oo" for infinity.

    **Returns**: its range.

    >>> Interval("(0, 1]").describe("w")
    '0 < w <= 1'
    """
    low, _, high = text[1:-1].replace("oo", "inf").partition(",")
    return Range(float(low), float(high), above=text[0] == "(", below=text[-1] == ")")


@dataclass(frozen=True)
class Kind(Range):
    """Objects of a class.

    **Args**: `kind`: the class; the bounds of `Range` are not used.
    """

    kind: type = object

    def describe(self, name: str) -> str:
        return f"{name} of the class {self.kind.__name__}"

    def holds(self, value: Any) -> bool | None:
        return isinstance(value, self.kind)


Real, NonNegative, Positive = Range(), Range(0), Range(0, above=True)
Probability, Probabilities = Range(0, 1), _Probabilities()


@dataclass(frozen=True)
class Domain:
    """Ranges of parameters and conditions between them; as a decorator, what a function is defined for.

    **Args**: `ranges`: by name of the parameter; `conditions`: what has to hold besides, see `domain`.
    """

    ranges: Mapping[str, Range] = field(default_factory=lambda: MappingProxyType({}))
    conditions: tuple[Condition, ...] = ()

    @property
    def bounds(self) -> dict[str, tuple[float | int, float | int]]:
        """Lower and upper bound of every parameter, for a search; conditions may cut corners off."""
        return {
            name: (item.low, item.high) for name, item in self.ranges.items() if not isinstance(item, Choice | Kind)
        }

    def __str__(self) -> str:
        parts = [item.describe(name) for name, item in self.ranges.items()]
        return ", ".join([*parts, *(condition.text for condition in self.conditions)])

    def __bool__(self) -> bool:
        return bool(self.ranges or self.conditions)

    def __and__(self, other: "Domain") -> "Domain":
        """What lies in both."""
        ranges = dict(self.ranges)
        for name, item in other.ranges.items():
            plain = type(item) is Range and type(ranges.get(name)) is Range
            ranges[name] = ranges[name] & item if plain else item
        added = tuple(one for one in other.conditions if one not in self.conditions)
        return Domain(MappingProxyType(ranges), self.conditions + added)

    def only(self, names: Iterable[str]) -> "Domain":
        """What is said of some parameters alone.

        **Args**: `names`: those parameters.

        **Returns**: their ranges, and the conditions on nothing else.
        """
        names = set(names)
        ranges = {name: item for name, item in self.ranges.items() if name in names}
        return Domain(MappingProxyType(ranges), tuple(one for one in self.conditions if one.names <= names))

    def holds(self, values: Mapping[str, Any]) -> bool | None:
        """Whether a point lies in the domain.

        **Args**: `values`: of the parameters, by name; of those that are left out nothing is asked.

        **Returns**: None where it cannot be told.
        """
        return every(verdict for _, _, verdict in self._verdicts(values))

    def check(self, what: str, values: Mapping[str, Any]) -> None:
        """Refuse a point that is certainly outside.

        **Args**: `what`: whose domain it is, for the message; `values`: of the parameters, by name.

        **Raises**: ValueError naming what is violated, the arguments, and their values.
        """
        for text, names, verdict in self._verdicts(values):
            if verdict is False:
                shown = ", ".join(f"{name}={_shown(values[name])}" for name in names)
                raise ValueError(f"{what} is defined for {text}; {shown} is outside")

    def _verdicts(self, values: Mapping[str, Any]):
        for name, item in self.ranges.items():
            if name in values:
                yield item.describe(name), [name], item.holds(values[name])
        for condition in self.conditions:
            if condition.names <= values.keys():
                yield condition.text, [n for n in values if n in condition.names], condition.holds(values)

    def __call__(self, function: _Function) -> _Function:
        """The function, refusing what lies outside."""
        signature = inspect.signature(function)
        unknown = [name for name in self.ranges if name not in signature.parameters]
        unknown += [name for one in self.conditions for name in one.names if name not in signature.parameters]
        if unknown:
            raise ValueError(f"{function.__name__} has no parameter {unknown[0]!r}; state a domain of those it has")

        @functools.wraps(function)
        def checked(*args: Any, **kwargs: Any) -> Any:
            bound = signature.bind(*args, **kwargs)
            bound.apply_defaults()
            self.check(function.__name__, bound.arguments)
            try:
                return function(*args, **kwargs)
            except _UNFIT as error:
                if any(settled(value) is TRACED for value in bound.arguments.values()):
                    raise
                shown = ", ".join(f"{name}={_shown(value)}" for name, value in bound.arguments.items())
                raise TypeError(
                    f"{function.__name__} cannot be computed with {shown}; give values of the kinds that its "
                    "documentation names, small enough for double precision"
                ) from error

        checked.domain = self  # pyright: ignore[reportAttributeAccessIssue]
        return checked  # pyright: ignore[reportReturnType]


def domain(where: str | tuple[str, ...] = (), /, **ranges: Range) -> Domain:
    """A domain, which is also a decorator.

    **Args**: `where`: conditions such as "T >= d + 2", in arithmetic of the parameters and `first`, `len`, `min`,
    `max`, `sum` of schedules (a number is a schedule without end); `ranges`: one per parameter.

    **Returns**: the `Domain`.

    **Raises**: ValueError for a condition that cannot be read.

    >>> @domain("T >= d + 2", d=Integers(1), T=Integers(1), sigma2=NonNegative)
    ... def risk(d, T, sigma2):
    ...     return sigma2 * d / (T - d - 1)
    >>> risk(10, 5, 1.0)
    Traceback (most recent call last):
        ...
    ValueError: risk is defined for T >= d + 2; d=10, T=5 is outside
    >>> domain_of(risk).bounds["d"]
    (1, inf)
    """
    texts = (where,) if isinstance(where, str) else where
    return Domain(MappingProxyType(dict(ranges)), tuple(map(Condition, texts)))


def domain_of(function: Callable[..., Any]) -> Domain:
    """The domain that a function was decorated with.

    **Args**: `function`: a closed form.

    **Returns**: its domain, an empty one where none was stated.
    """
    return getattr(function, "domain", Domain())


def every(verdicts: Iterable[bool | None]) -> bool | None:
    """Conjunction of what is true, false or not known."""
    found = list(verdicts)
    return False if False in found else None if None in found else True


def _is_number(value: Any) -> bool | None:
    """Whether a value is a real number of some kind, or an array of such."""
    if home(value) == "sympy":
        return getattr(value, "is_extended_real", False)
    if home(value) == "flint":
        return True
    if home(value) in ("numpy", "ml_dtypes") and hasattr(value, "dtype"):
        kinds = {home(one) for one in entries(value)} if value.dtype.kind == "O" else set()
        return value.dtype.kind in "iufO" and not hasattr(value, "mask") and kinds <= {"flint", "sympy"}
    if isinstance(value, Decimal):
        return not value.is_nan()
    return isinstance(value, int | float | Fraction) and not isinstance(value, bool)


def _is_finite(value: Any) -> bool | None:
    if home(value) == "sympy":
        return value.is_finite
    if home(value) == "flint":
        return getattr(value, "is_finite", lambda: True)()
    return all(isinstance(one, int) or math.isfinite(one) for one in entries(value))


def _is_whole(value: Any) -> bool | None:
    if home(value) == "sympy":
        return value.is_integer
    if home(value) == "flint":
        contains = getattr(value, "contains_integer", None)
        return (contains() and (value.is_integer() or None)) if contains else type(value).__name__ == "fmpz"
    return all(isinstance(one, int) or (math.isfinite(one) and one == math.floor(one)) for one in entries(value))


def _shown(value: Any) -> str:
    """A value for a message: scalars of NumPy and JAX as plain numbers, and nothing long."""
    if hasattr(value, "item") and getattr(value, "ndim", 1) == 0:
        value = value.item()
    try:
        text = " ".join(repr(value).split())
    except ValueError:  # an integer of thousands of digits
        text = f"an integer of {value.bit_length()} bits" if isinstance(value, int) else type(value).__name__
    return text if len(text) <= 80 else text[:77] + "..."
