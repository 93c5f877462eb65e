"""The part of a claim's domain that is searched, and the order in which its points are looked at."""

import itertools
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np

from collapse_jax.laws.domain import Domain
from proofs_check.claim import Claim
from proofs_check.hunting.axes import Axis, axes_of

Point = dict[str, Any]

SPREAD = 256
"""So many points are spread evenly before half of the further ones go to the neighbourhood of the tightest."""

_CUT = 6  # halvings of the way to the defaults, until a point that conditions exclude lies inside


@dataclass(frozen=True)
class Space:
    """The parameters of a claim that are searched; the others stay at their defaults.

    **Args**: `axes`: one per parameter; `domain`: ranges and conditions; `defaults`: of all parameters.
    """

    axes: tuple[Axis, ...]
    domain: Domain
    defaults: Point

    @classmethod
    def of(cls, claim: Claim, compiled: bool = False) -> Self:
        """The space of a claim; `compiled`: as in `axes_of`."""
        axes = axes_of(claim.parameters, dict(claim.domain.ranges), compiled)
        return cls(tuple(axes), claim.domain, dict(claim.parameters))

    @property
    def width(self) -> int:
        """How many coordinates a point has."""
        return sum(axis.width for axis in self.axes)

    def home(self) -> Point:
        """The defaults of what is searched."""
        return {axis.name: axis.default for axis in self.axes}

    def point(self, at: Sequence[float]) -> Point | None:
        """The point at these coordinates in [0, 1], drawn towards the defaults where conditions exclude it.

        **Returns**: None where only the defaults are left.
        """
        found, start = {}, 0
        for axis in self.axes:
            found[axis.name] = axis.place(at[start : start + axis.width])
            start += axis.width
        for halving in range(_CUT):
            share = 0.5**halving
            drawn = {axis.name: axis.between(found[axis.name], share) for axis in self.axes}
            if self.holds(drawn):
                return drawn
        return None

    def holds(self, point: Point) -> bool:
        """Whether nothing of the domain excludes a point."""
        return self.domain.holds({**self.defaults, **point}) is not False

    def coordinates(self, point: Point) -> list[float]:
        """Coordinates that lead about to a point: the inverse of `point`, by trying."""
        found: list[float] = []
        for axis in self.axes:
            found += axis.coordinates(point[axis.name])
        return found

    def corners(self) -> Iterator[list[float]]:
        """Coordinates of ends: of one parameter at a time, then of all, in every combination if these are few."""
        width = self.width
        for index, end in itertools.product(range(width), (0.0, 1.0)):
            at = [0.5] * width
            at[index] = end
            yield at
        for ends in itertools.product((0.0, 1.0), repeat=width) if width <= 6 else ([0.0] * width, [1.0] * width):
            yield list(ends)


class Order:
    """Which coordinates come when: corners, a low-discrepancy sequence, then the neighbourhood of the tightest too.

    **Args**: `space`: where; `seed`: of the sequence.
    """

    def __init__(self, space: Space, seed: int):
        self.space, self.seed = space, seed
        self._corners = list(space.corners())
        self._sequence: np.ndarray = np.zeros((0, space.width))

    def __getitem__(self, index: int) -> list[float] | None:
        """The coordinates with this number; None where the tightest point is asked for, see `near`."""
        if index < len(self._corners):
            return self._corners[index]
        index -= len(self._corners)
        if index >= SPREAD and index % 2:
            return None
        return self._spread(index if index < SPREAD else (index + SPREAD) // 2)

    def near(self, index: int, best: Sequence[float]) -> list[float]:
        """Coordinates near `best`, the nearer the later, the same for the same number."""
        rng = np.random.default_rng([self.seed, index])
        scale = 0.3 * 0.5 ** rng.integers(0, 8)
        moved = np.asarray(best) + scale * rng.standard_normal(len(best)) * (rng.random(len(best)) < 0.7)
        return np.clip(moved, 0, 1).tolist()

    def _spread(self, index: int) -> list[float]:
        from scipy.stats import qmc

        if index >= len(self._sequence):
            power = max(9, math.ceil(math.log2(index + 1)))
            self._sequence = qmc.Sobol(self.space.width, rng=self.seed).random_base2(power)
        return self._sequence[index].tolist()
