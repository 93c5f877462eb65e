"""The rung "certified": inequalities over whole ranges of real numbers and constants to many digits, by Arb's balls."""

import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from proofs_check.proofs.proof import Decision, Missing, Proof, Rung, Stated

_BITS, _TERMS = 128, 9
_ORDER = 6
"""Of the Taylor form; less than the known terms, as a series that is read past them answers 0."""


@functools.cache
def flint() -> Any:
    """The module, at the precision that proofs use, or `Missing` with the line that installs it."""
    try:
        import flint as found
    except ImportError:
        raise Missing("python-flint is missing; pip install 'collapse_jax[proofs]'") from None
    found.ctx.prec, found.ctx.cap = _BITS, _TERMS
    return found


def ball(value: Any) -> Any:
    """A ball around a number; an exact one for whole numbers, fractions and decimal text."""
    f = flint()
    if hasattr(value, "numerator") and not isinstance(value, float):
        return f.arb(f.fmpq(int(value.numerator), int(value.denominator)))
    return value if isinstance(value, f.arb) else f.arb(value)


@dataclass(frozen=True, kw_only=True)
class Everywhere(Proof):
    r"""A margin of the stated formula is not negative anywhere in a box of real numbers.

    Boxes on which a ball, or a Taylor form about the middle, does not show it are split along their widest side.
    REFUTED takes one point where the margin is certainly negative.

    **Args**: `margin`: (stated, **variables) -> what has to be >= 0, in arithmetic of balls and power series; `box`:
    the compact range of each variable; `pieces`: further margins with boxes of their own; `lemmas`: margins with boxes
    that imply the statement outside of `box`, as a step of an induction does: one that fails refutes nothing; `whole`:
    variables that take whole numbers only, one after another, whatever their number.
    """

    margin: Callable[..., Any]
    box: Mapping[str, tuple[Any, Any]]
    pieces: tuple[tuple[Callable[..., Any], Mapping[str, tuple[Any, Any]]], ...] = ()
    lemmas: tuple[tuple[Callable[..., Any], Mapping[str, tuple[Any, Any]]], ...] = ()
    whole: tuple[str, ...] = ()
    most: int = 200_000
    rung: ClassVar[Rung] = "certified"

    def decide(self, stated: Stated) -> Decision:
        flint()
        for margin, box in ((self.margin, self.box), *self.pieces):
            done = self._cover(functools.partial(margin, stated), box)
            if done.verdict != "PROVED":
                return done
        for margin, box in self.lemmas:
            done = self._cover(functools.partial(margin, stated), box)
            if done.verdict != "PROVED":
                return Decision("UNDECIDED", f"a lemma is not shown: {done.reason}")
        return Decision("PROVED")

    def _cover(self, margin: Callable[..., Any], box: Mapping[str, tuple[Any, Any]]) -> Decision:
        names = list(box)
        first = tuple((ball(low), ball(high)) for low, high in box.values())
        stack, looked = list(self._wholes(names, first, box)), 0
        while stack:
            sides = stack.pop()
            looked += 1
            middle = [_middle(low, high) for low, high in sides]
            here = _value(margin, names, middle)
            if here is not None and here < 0:
                point = ", ".join(f"{name} = {_short(value)}" for name, value in zip(names, middle, strict=True))
                return Decision("REFUTED", f"{point}, margin = {_short(here)}")
            if self._positive(margin, names, sides, middle):
                continue
            if looked + len(stack) > self.most:
                where = ", ".join(f"{n} in [{_short(a)}, {_short(b)}]" for n, (a, b) in zip(names, sides, strict=True))
                return Decision("UNDECIDED", f"not settled after {looked:,} boxes, at {where}")
            widest = max(range(len(sides)), key=lambda i: float((sides[i][1] - sides[i][0]).abs_upper()))
            low, high = sides[widest]
            for part in ((low, middle[widest]), (middle[widest], high)):
                stack.append((*sides[:widest], part, *sides[widest + 1 :]))
        return Decision("PROVED")

    def _wholes(self, names: list[str], sides: tuple, box: Mapping[str, tuple[Any, Any]]):
        """The box, or one for each combination of the whole variables."""
        found = [sides]
        for place, name in enumerate(names):
            if name in self.whole:
                low, high = box[name]
                each = [(ball(k), ball(k)) for k in range(int(low), int(high) + 1)]
                found = [(*one[:place], side, *one[place + 1 :]) for one in found for side in each]
        return found

    def _positive(self, margin: Callable[..., Any], names: list[str], sides: tuple, middle: list) -> bool:
        f = flint()
        hulls = [low.union(high) for low, high in sides]
        value = _value(margin, names, hulls)
        if value is not None and value >= 0:
            return True
        moving = [place for place, (low, high) in enumerate(sides) if (low == high) is not True]
        if len(moving) != 1:
            return False
        [place] = moving

        def series(at: Any) -> Any:
            return _value(margin, names, [*middle[:place], f.arb_series([at, 1]), *middle[place + 1 :]])

        about, over = series(middle[place]), series(hulls[place])
        if not all(isinstance(one, f.arb_series) and one.prec > _ORDER for one in (about, over)):
            return False
        h = hulls[place] - middle[place]
        taylor = over[_ORDER]
        for i in reversed(range(_ORDER)):  # by products: a power of a ball around 0 is no number
            taylor = taylor * h + about[i]
        return bool(taylor >= 0)


def _value(margin: Callable[..., Any], names: list[str], values: list) -> Any:
    """The margin, or None where a pole cannot be excluded."""
    try:
        value = margin(**dict(zip(names, values, strict=True)))
    except (ValueError, ZeroDivisionError):
        return None
    if hasattr(value, "is_finite") and not value.is_finite():
        return None
    return value


def _middle(low: Any, high: Any) -> Any:
    return low if low == high else flint().arb(((low + high) / 2).mid())


def _short(value: Any) -> str:
    return f"{float(value.mid()):.12g}" if hasattr(value, "mid") else f"{float(value):.12g}"


@dataclass(frozen=True, kw_only=True)
class Root(Proof):
    """The stated number is the only root of a function in an interval, or follows from it, to the stated digits.

    **Args**: `function`: of one number, in arithmetic of balls and power series; `low`, `high`: the interval; `within`:
    the distance that the rounding of the stated digits explains; `then`: root -> the stated number, the root itself if
    left out.
    """

    function: Callable[[Any], Any]
    low: Any
    high: Any
    within: float
    then: Callable[[Any], Any] | None = None
    rung: ClassVar[Rung] = "certified"

    def decide(self, stated: Stated) -> Decision:
        enclosure = enclose(self.function, self.low, self.high)
        if enclosure is None:
            return Decision("UNDECIDED", "no change of sign, or a derivative that may vanish")
        enclosure = enclosure if self.then is None else self.then(enclosure)
        gap = abs(ball(stated(1)) - enclosure)
        if gap < self.within:
            return Decision("PROVED", "")
        if gap > self.within:
            return Decision("REFUTED", f"the root is {enclosure.str(15, radius=False)}")
        return Decision("UNDECIDED", "the digits stated are at the edge of their rounding")


def enclose(function: Callable[[Any], Any], low: Any, high: Any) -> Any:
    """A ball around the only root of a function in an interval.

    **Args**: `function`: of one number, in arithmetic of balls and power series; `low`, `high`: the interval.

    **Returns**: the ball, or None without a change of sign or where the derivative may vanish.
    """
    f = flint()
    low, high = ball(low), ball(high)
    at_low, at_high = function(low), function(high)
    if not ((at_low < 0 and at_high > 0) or (at_low > 0 and at_high < 0)) or not _monotone(function, low, high):
        return None
    for _ in range(_BITS - 8):
        middle = f.arb(((low + high) / 2).mid())
        here = function(middle)
        if here.contains(0):
            break
        low, high = (middle, high) if (here > 0) == bool(at_low > 0) else (low, middle)
    return low.union(high)


def _monotone(function: Callable[[Any], Any], low: Any, high: Any) -> bool:
    """Whether the derivative has one sign on the whole interval, so that there is one root."""
    f, sign, work = flint(), 0, [(low, high, 0)]
    while work:
        left, right, level = work.pop()
        try:
            rise = function(f.arb_series([left.union(right), 1]))[1]
        except (ValueError, ZeroDivisionError):  # a pole that a wide ball does not exclude
            rise = f.arb("nan")
        here = 1 if rise > 0 else -1 if rise < 0 else 0
        if here == 0:
            if level == 30:
                return False
            middle = f.arb(((left + right) / 2).mid())
            work += [(left, middle, level + 1), (middle, right, level + 1)]
        elif sign not in (0, here):
            return False
        else:
            sign = here
    return True


def exp_rest(y: Any, order: int) -> Any:
    r"""$\sum_{j \ge m} \frac{y^{j-m}}{j!} = \bigl(e^y - \sum_{j < m} \frac{y^j}{j!}\bigr) / y^m$.

    **Args**: `y`: a ball, |y| <= 3; `order`: m.

    **Returns**: the ball.

    **Raises**: ValueError for a series, whose remainder is not bounded here.
    """
    f, terms = flint(), 40
    if not isinstance(y, f.arb):
        raise ValueError("the remainder of e^y is bounded for balls only")
    term = 1 / f.arb(order + 1).gamma()
    total = 0 * y
    for j in range(order, order + terms):
        total += term
        term = term * y / (j + 1)
    return total + f.arb(0, f.arb(3) ** terms / f.arb(order + terms).gamma())


def slope(form: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """The derivative of a form of one number, by power series.

    **Args**: `form`: in arithmetic of balls and power series.

    **Returns**: its derivative, a function of a ball or of a series whose own slope is 1.
    """
    f = flint()
    return lambda x: form(x).derivative() if isinstance(x, f.arb_series) else form(f.arb_series([x, 1]))[1]
