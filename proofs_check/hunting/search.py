r"""The search of a domain for a point where a statement fails.

By an exact law where there is one; by chains elsewhere, and then alpha is spent over all points looked at: half of it
on the search, $\frac{\alpha}{2} \cdot \frac{6}{\pi^2 i^2}$ at the i-th look, and half on confirmations, which draw
other chains, in the same way. The order of the points depends on the seed and on what earlier ones showed, so that a
longer search goes on where a shorter one ended.
"""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

from proofs_check.claim import Claim
from proofs_check.hunting.looks import CHAINS, Look, by_chains, by_law, checked, has_law
from proofs_check.hunting.space import Order, Point, Space
from proofs_check.plan import QUICK

Means = Literal["law", "chains"]

_IDLE = 2000  # proposals in a row that show nothing new: all there is was looked at
_SLOW = 6  # of the budget: what one point may take


@dataclass
class Search:
    """A search, and what it saw so far.

    **Args**: `claim`: what is searched; `seed`: of the order of points, and of chains; `alpha`: error probability of
    REFUTED in the whole search; `means`: "law" or "chains"; `looked`: the looks so far, in their order; `asked`: how
    many points were proposed, repeated ones among them; `spent`: how many looks by chains there were, those of
    shrinking among them; `seconds`: what the looks took.
    """

    claim: Claim
    seed: int = 0
    alpha: float = 1e-6
    means: Means = "law"
    looked: list[Look] = field(default_factory=list)
    asked: int = 0
    spent: int = 0
    seconds: float = 0.0

    @classmethod
    def of(cls, claim: Claim, seed: int = 0, alpha: float = 1e-6) -> "Search":
        """A new search, by the exact law if the claim has one; ValueError for one that judges a run of its own."""
        checked(claim)
        return cls(claim, seed, alpha, "law" if has_law(claim) else "chains")

    def __post_init__(self):
        self.space = Space.of(self.claim, self.means == "chains")
        self._order = Order(self.space, self.seed) if self.space.width else None
        self._seen = {_key(look.point) for look in self.looked}

    @property
    def decided(self) -> list[Look]:
        """The looks that showed something about the statement."""
        return [look for look in self.looked if look.word in ("holds", "violated")]

    @property
    def violations(self) -> list[Look]:
        """The looks at which the statement failed."""
        return [look for look in self.looked if look.word == "violated"]

    @property
    def tightest(self) -> Look | None:
        """The look at which the statement is nearest to failing, or fails by most; the first of equal ones."""
        found = self.decided
        return max(found, key=lambda look: (look.word == "violated", look.ratio)) if found else None

    def share(self, index: int) -> float:
        """The error probability of the look, or of the confirmation, with this number, from 1."""
        return self.alpha / 2 * 6 / (math.pi * index) ** 2

    def run(
        self, seconds: float = math.inf, points: int | None = None, each: Callable[[Look], None] | None = None
    ) -> "Search":
        """Look at further points until one violates the statement, or time, points or the domain are exhausted.

        **Args**: `seconds`: how long, at most; `points`: how many looks in all, counting earlier ones; `each`: called
        after every look.

        **Returns**: itself.
        """
        started, idle = time.perf_counter(), 0
        while not self.violations and idle < _IDLE and (points is None or len(self.looked) < points):
            left = seconds - (time.perf_counter() - started)
            if left <= 0:
                break
            found = self._proposed()
            self.asked += 1
            if found is None or _key(found) in self._seen:
                idle += 1
                if not self.space.width:
                    break
                continue
            idle = 0
            self._seen.add(_key(found))
            look = self.look(found, seconds / _SLOW)
            self.looked.append(look)
            if each is not None:
                each(look)
        self.seconds += time.perf_counter() - started
        return self

    def look(self, point: Point, seconds: float) -> Look:
        """One look, as the means of this search have it."""
        if self.means == "law":
            return by_law(self.claim, point, max(seconds, 1.0))
        self.spent += 1
        # the defaults get what a quick verification gives them, so that what that refutes is refuted here
        most = QUICK.max_chains if self.spent == 1 else CHAINS
        return by_chains(self.claim, point, self.share(self.spent), self.seed, most)

    def _proposed(self) -> Point | None:
        if self.asked == 0 or self._order is None:
            return self.space.home()
        at = self._order[self.asked - 1]
        if at is None:
            at = self._order.near(self.asked, self._best())
        return self.space.point(at)

    def _best(self) -> list[float]:
        """Coordinates of the tightest point so far."""
        tightest = self.tightest
        return self.space.coordinates(self.space.home() if tightest is None else tightest.point)


def _key(point: Point) -> str:
    return repr(sorted(point.items()))


def counts(search: Search) -> dict[str, Any]:
    """How many points were looked at, and what became of them."""
    words = [look.word for look in search.looked]
    return {word: words.count(word) for word in ("holds", "violated", "refused", "failed")}
