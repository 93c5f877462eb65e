"""Points of a domain at which formulas are compared exactly: candidates for a witness, never for a proof."""

import itertools
from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any

from collapse_jax.laws.domain import Choice, Domain, Kind, Range

_TRIES = 200


def symbols(over: Domain) -> dict[str, Any]:
    """SymPy symbols for the parameters of a domain, with what their ranges say of them."""
    from proofs_check.proofs.algebra import sympy

    return {name: sympy().Symbol(name, **_assumptions(item)) for name, item in over.ranges.items()}


def _assumptions(item: Range) -> dict[str, bool]:
    said = {"integer": True} if item.whole else {"real": True}
    if item.low > 0 or (item.low == 0 and item.above):
        return said | {"positive": True}
    return said | ({"nonnegative": True} if item.low == 0 else {})


def inside(over: Domain, own: Mapping[str, Any] | None = None, count: int = 12) -> Iterator[dict[str, Fraction]]:
    """Exact points of a domain, the numbers of the claim itself first."""
    if own is not None:
        given = {name: Fraction(str(value)) for name, value in own.items() if isinstance(value, int | float)}
        if given.keys() == over.ranges.keys() and over.holds(given) is not False:
            yield given
    yield from _usual(over, count)
    yield from (point for point in _corners(over) if over.holds(point) is True)


def _corners(over: Domain) -> Iterator[dict[str, Fraction]]:
    """Each parameter far out, or close to its upper bound, while the others are near their lower ones, or large too."""
    lowest = {name: _low(item) for name, item in over.ranges.items()}
    large = {name: lowest[name] + (100 if item.high == float("inf") else 0) for name, item in over.ranges.items()}
    for near, beyond in ((lowest, 1000), (large, 100_000)):
        for name, item in over.ranges.items():
            bounded = item.high < float("inf")
            far = (
                Fraction(str(item.high)) - (0 if item.whole else Fraction(1, 1000)) if bounded else near[name] + beyond
            )
            yield near | {name: far}


def _low(item: Range) -> Fraction:
    """Close to the lower bound."""
    low = Fraction(str(item.low)) if item.low > float("-inf") else Fraction(0)
    return low + (1 if item.whole else Fraction(1, 1000))


def _usual(over: Domain, count: int) -> Iterator[dict[str, Fraction]]:
    found = 0
    for trial in itertools.count():
        if found == count or trial == _TRIES:
            return
        point = {name: _candidate(item, trial, place) for place, (name, item) in enumerate(over.ranges.items())}
        if over.holds(point) is True:
            found += 1
            yield point


def _candidate(item: Range, trial: int, place: int) -> Fraction:
    """The number tried for one parameter: it runs away from the lower bound, each parameter at its own pace."""
    if isinstance(item, Choice | Kind):
        raise ValueError("a proof is of numbers; leave choices and objects out of its variables")
    if item.whole:
        low = int(item.low) if item.low > float("-inf") else 0
        step = Fraction(low + (trial * (2 * place + 1) + place) % (5 + 7 * (trial + 1)))
        return min(step, Fraction(int(item.high))) if item.high < float("inf") else step
    part = Fraction(2 + (trial * (place + 2)) % 7, 9 + place)
    if item.low > float("-inf") and item.high < float("inf"):
        low, high = Fraction(str(item.low)), Fraction(str(item.high))
        return low + (high - low) * part
    return (Fraction(str(item.low)) if item.low > float("-inf") else Fraction(0)) + part * (1 + trial)
