"""A hunt from its first point to its end: search, shrink, confirm, and what the tightest point says."""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from proofs_check.claim import Claim
from proofs_check.hunting.confirm import confirmed, withdrawn
from proofs_check.hunting.looks import Look
from proofs_check.hunting.search import Search, counts
from proofs_check.hunting.shrink import shrunk
from proofs_check.hunting.silence import silent
from proofs_check.statement import REFUTED

NONE = "NO VIOLATION"
BEYOND = "BEYOND ALLOWANCE"
_LIMITS = ("asymptotic", "rate")
_SIMPLER = {"law": 200, "chains": 12}


@dataclass(frozen=True)
class Found:
    """How a hunt ended.

    **Args**: `search`: what was looked at; `first`: the violation it found, None if there is none; `smallest`: the
    simplest one near by; `by`: how that was confirmed; `silent`: where a bound says nothing, at the defaults;
    `seconds`: what everything took.
    """

    search: Search
    first: Look | None
    smallest: Look | None
    by: str
    silent: str
    seconds: float

    @property
    def claim(self) -> Claim:
        """What was hunted."""
        return self.search.claim

    @property
    def verdict(self) -> str:
        """REFUTED; NO VIOLATION, which is no proof; or BEYOND ALLOWANCE.

        A limit is refuted at no finite index. What a claim about one is held to is a remainder that its allowance was
        made for, at its defaults: elsewhere that may be exceeded, while the limit stands.
        """
        if self.smallest is None:
            return NONE
        stands = self.claim.regime in _LIMITS and self.search.looked[0].word != "violated"
        return BEYOND if stands else REFUTED

    @property
    def as_expected(self) -> bool:
        """Whether a statement that is known to fail was seen to fail, and no other."""
        return (self.verdict == REFUTED) == (self.claim.expected == REFUTED)

    @property
    def constant(self) -> float | None:
        """By what the stated bound could be multiplied at all points looked at; None for no bound or none violated."""
        tightest = self.search.tightest
        if self.smallest is not None or tightest is None or self.claim.relation not in ("<=", ">="):
            return None
        if not 0 < tightest.ratio < math.inf:
            return None
        return tightest.ratio if self.claim.relation == "<=" else 1 / tightest.ratio

    def sentence(self) -> str:
        """The end of the hunt, for a person."""
        number = len(self.search.decided)
        if self.smallest is not None:
            where = f"{shown(self.smallest.point)}: {_beside(self.claim, self.smallest)}; {self.by}"
            return f"{'fails' if self.verdict == REFUTED else 'the remainder exceeds its allowance'} at {where}"
        parts = [f"no violation in {number:,} points"]
        tightest = self.search.tightest
        if tightest is not None and math.isfinite(tightest.ratio):
            parts.append(f"tightest at {shown(tightest.point)} (ratio {tightest.ratio:.4g})")
        constant = self.constant
        if constant is not None and abs(constant - 1) > 5e-4:
            parts.append(f"the bound holds there with {constant:.3g} times what is stated")
        elif constant is not None:
            chains = self.search.means == "chains"
            parts.append("the bound is attained" + ", as far as chains tell" * chains)
        return "; ".join(parts)

    def row(self) -> dict[str, Any]:
        """The hunt as JSON holds it."""
        tightest = self.search.tightest
        return {
            "id": self.claim.id,
            "verdict": self.verdict,
            "expected": self.claim.expected,
            "as_expected": self.as_expected,
            "means": self.search.means,
            "alpha": self.search.alpha if self.search.means == "chains" else 0.0,
            "seed": self.search.seed,
            "points": len(self.search.looked),
            **counts(self.search),
            "tightest": None if tightest is None else tightest.row(),
            "first": None if self.first is None else self.first.row(),
            "smallest": None if self.smallest is None else self.smallest.row(),
            "by": self.by,
            "constant": self.constant,
            "silent": self.silent,
            "defects": self.defects(),
            "seconds": round(self.seconds, 2),
        }

    def defects(self) -> list[str]:
        """What kept points of the domain from being looked at, each kind once, with the first point."""
        kinds: dict[str, str] = {}
        for look in self.search.looked:
            if look.word in ("refused", "failed"):
                head = f"{look.word}: {look.note}"
                kinds.setdefault(_kind(head), f"{head} [{shown(look.point)}]")
        return list(kinds.values())[:10]


def hunt(
    search: Search, seconds: float = 60.0, points: int | None = None, each: Callable[[Look], None] | None = None
) -> Found:
    """Search until a violation is confirmed, or time or points are used up.

    **Args**: `search`: a new one, or one to go on with; `seconds`: the budget; `points`: how many looks in all;
    `each`: called after every look.

    **Returns**: how it ended.
    """
    started = time.perf_counter()
    claim = search.claim
    first = smallest = None
    by, tries = "", 0
    while smallest is None:
        search.run(seconds - (time.perf_counter() - started), points, each)
        if not search.violations:
            break
        first = search.violations[0]
        smaller = _smaller(search, first, time.perf_counter() + max(seconds / 3, 1.0))
        for candidate in (smaller, first)[: 1 if smaller is first else 2]:
            tries += 1
            word = confirmed(claim, candidate, search.share(tries), search.seed + tries)
            by = word.by
            if word.holds:
                smallest = candidate
                break
        if smallest is None:
            search.looked[search.looked.index(first)] = withdrawn(first, by)
            first, by = None, ""
    return Found(search, first, smallest, by, silent(claim), time.perf_counter() - started)


def _smaller(search: Search, first: Look, until: float) -> Look:
    def look(point):
        left = until - time.perf_counter()
        return search.look(point, left) if left > 0 else None

    return shrunk(search.space, first, look, _SIMPLER[search.means])


def shown(point: dict[str, Any]) -> str:
    """A point for a person."""
    return ", ".join(f"{name}={_number(value)}" for name, value in point.items()) or "its defaults"


def _number(value: Any) -> str:
    if isinstance(value, tuple):
        return f"({', '.join(map(_number, value))})"
    return f"{value:.6g}" if isinstance(value, float) else str(value)


def _beside(claim: Claim, look: Look) -> str:
    if look.index is None:
        return "the law of the chains is not the one stated"
    stated = _number(tuple(look.stated) if isinstance(look.stated, list | tuple) else look.stated)
    relation = {"==": "=", "between": "in"}.get(claim.relation, claim.relation)
    return f"{look.observed:.6g} at index {look.index}, stated {relation} {stated}"


def _kind(text: str) -> str:
    return "".join(letter for letter in text if not letter.isdigit())[:60]
