"""What a search for the best setting finds. Imports no JAX."""

from dataclasses import dataclass
from typing import Literal

Where = Literal["inside", "low end", "high end", "anywhere"]


@dataclass(frozen=True)
class Optimum:
    r"""The best setting, and the limits between which it lies.

    **Args**: `argmin`: the setting; `interval`: limits (lower, upper) of the true one; `value`: the smallest value, of
    a simulation with the noise of its chains; `where`: "inside" of the range searched, at its "low end" or "high end"
    (the interval then touches that end), or "anywhere" where no setting could be told from another; `alpha`: the
    probability that the interval misses, 0 for a law, where only rounding is between the limits; `evaluations`: how
    often the objective was worked out.
    """

    argmin: float
    interval: tuple[float, float]
    value: float
    where: Where
    alpha: float
    evaluations: int

    @property
    def half_width(self) -> float:
        """How far the true setting may be from `argmin`."""
        low, high = self.interval
        return max(self.argmin - low, high - self.argmin)

    def __contains__(self, setting: float) -> bool:
        low, high = self.interval
        return low <= setting <= high


def where(interval: tuple[float, float], low: float, high: float) -> Where:
    """Which of the words an interval has, found in a search from `low` to `high`.

    **Args**: `interval`: limits of the best setting; `low`, `high`: those of the search.

    **Returns**: one of `Where`.
    """
    below, above = interval[0] <= low, interval[1] >= high
    if below and above:
        return "anywhere"
    return "low end" if below else "high end" if above else "inside"
