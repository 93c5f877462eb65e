r"""Guesses: which simple number lies in an interval, and how likely one as simple would lie there by coincidence.

A number has a *cost*: a fraction p/q costs |p| + q, a known constant such as $\pi^2$ some more, a multiple of it both.
The guess is the cheapest number inside, if it is the only one so cheap. Its *chance* is the number of candidates no
more expensive within a factor of two, times the width of the interval over that range: about how often an interval so
wide, laid at random, would hold one. A guess is a guess: nothing follows from it.
"""

import functools
import math
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

__all__ = ["COINCIDENCE", "Guess", "guess"]

COINCIDENCE = 0.1
"""No guess is made where a number as simple would lie inside with at least this chance."""

_DEAREST = 40  # of fractions
_DEAREST_FACTOR = 13  # of fractions that multiply a known constant

# LaTeX, Python and cost of what is known by name.
_KNOWN = {
    r"\pi": ("math.pi", 4),
    r"\pi^2": ("math.pi**2", 5),
    r"\frac1\pi": ("(1 / math.pi)", 5),
    r"\sqrt2": ("math.sqrt(2)", 5),
    r"\sqrt3": ("math.sqrt(3)", 5),
    r"\sqrt5": ("math.sqrt(5)", 6),
    r"\varphi": ("((1 + math.sqrt(5)) / 2)", 5),
    r"\varphi^{-1}": ("((math.sqrt(5) - 1) / 2)", 5),
    r"e": ("math.e", 5),
    r"e^{-1}": ("math.exp(-1)", 5),
    r"\log 2": ("math.log(2)", 5),
    r"\gamma": ("0.5772156649015329", 8),
    r"\zeta(3)": ("1.2020569031595942", 8),
}


@dataclass(frozen=True)
class Guess:
    """A number that an interval holds.

    **Fields**: `value`; `python`: an expression for it; `latex`; `cost`: how little simple it is; `chance`: that one as
    simple lies inside by coincidence.
    """

    value: float
    python: str
    latex: str
    cost: float
    chance: float = 0.0

    def __str__(self) -> str:
        return self.python.replace("math.", "")


@functools.cache
def _fractions(dearest: int) -> list[Fraction]:
    """Positive fractions by their cost."""
    pairs = ((p, c - p) for c in range(2, dearest + 1) for p in range(1, c))
    return [Fraction(p, q) for p, q in pairs if math.gcd(p, q) == 1]


def _times(factor: Fraction, python: str, latex: str) -> tuple[str, str]:
    if factor == 1:
        return python, latex
    p, q = factor.numerator, factor.denominator
    text = python if p == 1 else f"{p} * {python}"
    above = latex if p == 1 else rf"{p}\,{latex}"
    return (text, above) if q == 1 else (f"{text} / {q}", rf"\frac{{{above}}}{{{q}}}")


@functools.cache
def _candidates(named: tuple[tuple[str, float], ...]) -> list[Guess]:
    """All positive candidates, cheap ones first; `named`: further constants, of the user's own."""
    found = []
    for one in _fractions(_DEAREST):
        p, q = one.numerator, one.denominator
        text, latex = (str(p), str(p)) if q == 1 else (f"{p} / {q}", rf"\frac{{{p}}}{{{q}}}")
        found.append(Guess(p / q, text, latex, p + q))
    known = [(latex, python, eval(python, {"math": math}), cost) for latex, (python, cost) in _KNOWN.items()]
    for latex, python, value, cost in [*known, *((rf"[{name}]", repr(value), value, 2) for name, value in named)]:
        for factor in _fractions(_DEAREST_FACTOR):
            text, tex = _times(factor, python, latex)
            found.append(Guess(float(factor) * value, text, tex, cost + factor.numerator + factor.denominator))
    return sorted(found, key=lambda one: one.cost)


def guess(low: float, high: float, named: Mapping[str, float] | None = None) -> Guess | None:
    """The simplest number between two limits, where that says something.

    **Args**: `low`, `high`: the limits; `named`: further constants that may stand there, by their LaTeX name, positive.

    **Returns**: the guess, or None where no number inside is simple, two are equally so, or one as simple would lie
    inside by coincidence with a chance of at least `COINCIDENCE`.
    """
    if not (math.isfinite(low) and math.isfinite(high)) or low > high:
        return None
    if low <= 0 <= high:
        width = high - low
        return Guess(0.0, "0", "0", 0, width / 2) if width / 2 < COINCIDENCE else None
    sign = 1 if low > 0 else -1
    near, far = sorted((abs(low), abs(high)))
    every = _candidates(tuple(sorted((named or {}).items())))
    inside = [one for one in every if near <= one.value <= far]
    if not inside:
        return None
    best = inside[0]
    values = {one.value for one in inside if one.cost <= best.cost}
    centre = (near + far) / 2
    rivals = {one.value for one in every if one.cost <= best.cost and centre / 2 <= one.value <= 2 * centre}
    chance = len(rivals) * (far - near) / (1.5 * centre)
    if max(values) - min(values) > 1e-12 * centre or chance >= COINCIDENCE:
        return None
    text = best.python if sign > 0 else f"-{best.python}"
    return Guess(sign * best.value, text, best.latex if sign > 0 else f"-{best.latex}", best.cost, chance)
