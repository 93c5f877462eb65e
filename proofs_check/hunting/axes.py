"""Parameters of a claim as axes of a cube: from numbers in [0, 1] to values inside of a domain, and to simpler ones."""

import math
from abc import abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from collapse_jax.laws.domain import Choice, Kind, Probabilities, Range
from proofs_check.plan import is_real

REACH = 8
"""So many times a default a whole number is followed up, where its range has no end; twice, if that is above 1000."""

_WIDE = 30.0  # times a default, up and down, of a positive number
_NEAR = 0.01  # of the unit interval: how close to an end that does not belong to a range


@dataclass(frozen=True)
class Axis:
    """One parameter that is searched.

    **Args**: `name`: of the parameter; `default`: its value in the claim; `range`: where it may lie.
    """

    name: str
    default: Any
    range: Range

    width = 1
    """How many coordinates it takes."""

    @abstractmethod
    def place(self, at: Sequence[float]) -> Any:
        """The value at these coordinates in [0, 1]."""

    @abstractmethod
    def simpler(self, value: Any) -> Iterator[Any]:
        """Values that are easier to write down, the simplest first."""

    def between(self, value: Any, share: float) -> Any:
        """What lies a share of the way from the default to a value; the default itself where nothing lies between."""
        return value if share == 1 else self.default

    def coordinates(self, value: Any) -> list[float]:
        """Coordinates whose place is near a value: the best of a few hundred."""
        if self.width == 1:
            tried = [[i / 200] for i in range(201)]
        else:
            tried = [[i / 20, j / 20] for i in range(21) for j in range(21)]
        return min(tried, key=lambda at: self._apart(self.place(at), value))

    def _apart(self, one: Any, other: Any) -> float:
        return abs(self.number(one) - self.number(other))

    def number(self, value: Any) -> float:
        """Where a value stands on the axis of a picture."""
        return float(value)


class Whole(Axis):
    """Whole numbers, spread evenly in their logarithm above the least."""

    @property
    def ends(self) -> tuple[int, int]:
        """The least and the greatest value searched."""
        low = self.range.low if self.range.low > -math.inf else self.default - 10
        times = REACH if abs(self.default) <= 1000 else 2
        return int(low), int(min(self.range.high, max(times * abs(self.default), low + 10)))

    def place(self, at):
        low, high = self.ends
        return low + round(math.expm1(at[0] * math.log1p(high - low)))

    def simpler(self, value):
        low, high = self.ends
        round_ones = (base * 10**power for power in range(9) for base in (1, 2, 3, 5))
        halfway = low + (value - low) // 2
        found = {low, low + 1, low + 2, halfway, value - 1, *(one for one in round_ones if one <= high)}
        yield from sorted(one for one in found if low <= one < value)

    def between(self, value, share):
        return self.default + round(share * (value - self.default))


class Rungs(Whole):
    """Whole numbers that are shapes of a program, such as a horizon: a few round ones, for each is compiled anew."""

    @property
    def rungs(self) -> list[int]:
        """The values looked at, in their order."""
        low, high = self.ends
        round_ones = {base * 10**power for power in range(9) for base in (1, 2, 5)}
        return sorted({low, self.default, high} | {one for one in round_ones if low <= one <= high})

    def place(self, at):
        return self.rungs[round(at[0] * (len(self.rungs) - 1))]

    def between(self, value, share):
        wanted = super().between(value, share)
        return min(self.rungs, key=lambda one: abs(one - wanted))


class Real(Axis):
    """Real numbers: dense towards both ends of a bounded range, even in their logarithm on a half line."""

    def place(self, at):
        low, high = self.range.low, self.range.high
        u = max(at[0], _NEAR) if self.range.above else at[0]
        u = min(u, 1 - _NEAR) if self.range.below else u
        if math.isinf(low) and math.isinf(high):
            return _rounded(self.default + (2 * u - 1) * 10 * max(1.0, abs(self.default)))
        if math.isfinite(low) and math.isfinite(high):
            if u in (0, 1):
                return (low, high)[int(u)]
            return _rounded(low + (high - low) * math.sin(math.pi * u / 2) ** 2)
        end, sign = (low, 1) if math.isfinite(low) else (high, -1)
        if u == (0 if sign > 0 else 1):
            return end
        offset = abs(self.default - end) or 1.0
        return _rounded(end + sign * offset * _WIDE ** (sign * (2 * u - 1)))

    def simpler(self, value):
        found = [0.0, 1.0, 0.5, 2.0, 0.1]
        found += [float(f"{value:.{digits}g}") for digits in (1, 2, 3)]
        shorter = (one for one in dict.fromkeys(found) if _letters(one) < _letters(value))
        yield from (one for one in shorter if self.range.holds(one))

    def between(self, value, share):
        return _rounded(self.default + share * (value - self.default))


class Simplex(Axis):
    r"""Probabilities $p_i \propto e^{-c i}$, from equal ones to nearly all weight on the first; their number, and c."""

    width = 2

    def place(self, at):
        length = len(self.default)
        length = 2 + round(at[0] * max(2 * length - 2, 4)) if self.free else length
        weights = [math.exp(-7 * at[1] ** 2 * i) for i in range(length)]
        return _to_one(weights)

    @property
    def free(self) -> bool:
        """Whether the number of symbols may differ from the default."""
        return self.range is not _TIED

    def simpler(self, value):
        lengths = range(2, len(value)) if self.free else ()
        for length in (*lengths, len(value)):
            for found in (
                _to_one([1.0] * length),
                _to_one([round(9 * one / value[0]) + 1.0 for one in value[:length]]),
            ):
                if length < len(value) or len(str(found)) < len(str(value)):
                    yield found

    def _apart(self, one, other):
        if len(one) != len(other):
            return 10.0 + abs(len(one) - len(other))
        return max(abs(a - b) for a, b in zip(one, other, strict=True))

    def number(self, value):
        return float(value[0])


class Schedule(Axis):
    """Several numbers in one range: multiplied by a factor, and tilted, so that the first or the last are larger."""

    width = 2

    def place(self, at):
        largest = max(map(abs, self.default))
        upper = 1.0 if largest > 10_000 else 2.0 if largest > 500 else 4.0
        factor = 0.25 * (upper / 0.25) ** at[0]
        last = max(len(self.default) - 1, 1)
        tilts = (math.exp((at[1] - 0.5) * (2 * i / last - 1)) for i in range(len(self.default)))
        return tuple(
            self._fit(one * (factor if at[0] != 0.5 else 1.0) * tilt)
            for one, tilt in zip(self.default, tilts, strict=True)
        )

    def _fit(self, value: float) -> float | int:
        low, high = self.range.low, self.range.high
        if all(isinstance(one, int) for one in self.default):
            return int(min(max(round(value), low), high))
        return _rounded(min(max(value, low), high))

    def simpler(self, value):
        if value != self.default:
            yield self.default

    def _apart(self, one, other):
        return max(abs(a - b) / (abs(a) + abs(b) + 1e-9) for a, b in zip(one, other, strict=True))

    def number(self, value):
        return float(sum(value))


_ARGUMENTS = ("n",)
"""Whole numbers that programs of chains take as arguments."""

_TIED = Range(0, 1)
"""The range of probabilities whose number is that of other parameters."""


def axes_of(parameters: dict[str, Any], ranges: "dict[str, Range]", compiled: bool = False) -> list[Axis]:
    """The axes of a claim.

    **Args**: `parameters`: names and defaults; `ranges`: of its domain. What has no range, a word or a class is not
    searched: nothing says where it may lie. `compiled`: whether looks are by chains, whose programs take the sample
    size n as an argument and are compiled for every other whole number.

    **Returns**: one axis for every number and every tuple of numbers.
    """
    tied = sum(isinstance(one, tuple | list) for one in parameters.values()) > 1
    found: list[Axis] = []
    for name, default in parameters.items():
        one = ranges.get(name)
        if one is None or isinstance(one, Choice | Kind):
            continue
        if is_real(default):
            whole = one.whole or isinstance(default, int)
            kind = Rungs if compiled and name not in _ARGUMENTS else Whole
            found.append(kind(name, default, one) if whole else Real(name, float(default), one))
        elif isinstance(default, tuple) and default and all(map(is_real, default)):
            if isinstance(one, type(Probabilities)):
                found.append(Simplex(name, default, _TIED if tied else one))
            else:
                found.append(Schedule(name, default, one))
    return found


def _rounded(value: float) -> float:
    return float(f"{value:.4g}")


def _letters(value: float) -> int:
    return len(f"{value:.17g}".rstrip("0").replace("-", "").lstrip("0.").replace(".", "")) + 2 * (abs(value) > 1000)


def _to_one(weights: Sequence[float]) -> tuple[float, ...]:
    """Weights as probabilities of three digits that sum to 1; the first, the largest, takes the remainder."""
    total = sum(weights)
    rest = [round(one / total, 3) for one in weights[1:]]
    return (round(1 - sum(rest), 3), *rest)
