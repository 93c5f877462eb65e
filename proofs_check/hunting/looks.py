"""One point of a domain, looked at: by the exact law, or by chains with a share of the error probability."""

import math
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, fields, replace
from typing import Any, Literal

import numpy as np

from proofs_check.claim import AnyCheck, Check, Claim, Computed, Experiment
from proofs_check.hunting.space import Point
from proofs_check.outcome import Outcome
from proofs_check.plan import QUICK, Plan
from proofs_check.prepared import LAW_TOLERANCE
from proofs_check.statement import REFUTED, Statement

Word = Literal["holds", "violated", "refused", "failed"]

ROUNDING = 1e-7
"""What an exact value is off by less, relative to the scale of the claim, is taken for rounding of either side."""

CHAINS = 1 << 14
"""The chains of one look without a law."""

_ABSOLUTE = 1e-12  # of the largest number of a look, and of 1: rounding of small differences


class TooSlow(Exception):
    """A point that took longer than it may."""


@dataclass(frozen=True)
class Look:
    """What one point showed.

    **Args**: `point`: the parameters; `word`: "refused" if the claim itself does not take them, "failed" if its code
    did; `ratio`: how near the statement is to failing there, 1 where it fails: of a bound observed / stated, of an
    equality the distance over what is left open; `index`: the generation, or index, where it is nearest; `observed`,
    `stated`: there; `off`: how far beyond the statement, relative to its scale; `note`: why it was refused, or failed.
    """

    point: Point
    word: Word
    ratio: float = -math.inf
    index: int | None = None
    observed: float | None = None
    stated: Any = None
    off: float = 0.0
    note: str = ""

    def row(self) -> dict[str, Any]:
        """The look as JSON holds it."""
        found = asdict(self)
        return {**found, "ratio": self.ratio if math.isfinite(self.ratio) else None}

    @classmethod
    def from_row(cls, row: dict[str, Any]) -> "Look":
        """The look that `row` wrote."""
        point = {name: tuple(value) if isinstance(value, list) else value for name, value in row["point"].items()}
        ratio = -math.inf if row["ratio"] is None else row["ratio"]
        return cls(**{**row, "point": point, "ratio": ratio})


def has_law(claim: Claim) -> bool:
    """Whether a claim is decided at its defaults without chains, or has an exact law beside them."""
    check = claim.check()
    return isinstance(check, Computed) or (isinstance(check, Check) and check.law is not None)


def checked(claim: Claim, point: Point | None = None) -> Check | Computed:
    """The check of a claim at a point, its defaults if that is None; ValueError for one that judges its own run."""
    check = claim.check(**(point or {}))
    if isinstance(check, Experiment):
        raise ValueError(
            f"{claim.id} runs and judges a protocol of its own, which is not searched; use `collapse verify`"
        )
    return check


@dataclass(frozen=True)
class _Bare(Claim):
    """A claim whose mutants are not asked: a hunt is for the statement, also where nothing wrong is told from it."""

    def check(self, **overrides: Any) -> AnyCheck:
        check = super().check(**overrides)
        return check if isinstance(check, Experiment) else replace(check, mutants={})


def bare(claim: Claim) -> Claim:
    """The claim without its mutants."""
    return _Bare(**{one.name: getattr(claim, one.name) for one in fields(claim)})


def by_law(claim: Claim, point: Point, seconds: float = math.inf) -> Look:
    """Look at a point by the exact values alone.

    **Args**: `seconds`: how long that may take.

    **Returns**: the look.
    """
    try:
        with _within(seconds), np.errstate(all="ignore"):
            return _exactly(claim, point)
    except TooSlow:
        return Look(point, "failed", note=f"not evaluated within {seconds:.3g} s")
    except ValueError as error:
        return Look(point, "refused", note=_line(claim, error))
    except Exception as error:
        return Look(point, "failed", note=f"{type(error).__name__}: {_line(claim, error)}")


def _exactly(claim: Claim, point: Point) -> Look:
    check = checked(claim, point)
    at = generations_of(claim, check)
    exact = check.value if isinstance(check, Computed) else check.law
    tolerance = check.tolerance if isinstance(check, Computed) else LAW_TOLERANCE
    if exact is None:
        raise ValueError("there is no exact law at these parameters")
    statement = Statement.of(claim.relation, check.predicted, check, at, tolerance, range_of(check))
    values = np.asarray([exact(int(t)) for t in at], float)
    if not np.all(np.isfinite(values)):
        raise ArithmeticError("the exact value is not finite")
    scale = statement.slack / tolerance
    stated = np.stack([statement.lower, statement.upper])
    largest = float(np.max(np.abs([1.0, *values, *stated[np.isfinite(stated)]])))
    error = 0.0 if isinstance(check, Computed) else check.law_error
    left = max(ROUNDING, 2 * tolerance) * scale + error + _ABSOLUTE * largest
    return _judged(point, claim, at, values, statement.lower, statement.upper, statement.allowance, left, scale)


def by_chains(claim: Claim, point: Point, alpha: float, seed: int, chains: int = CHAINS) -> Look:
    """Look at a point by chains.

    **Args**: `alpha`: the error probability of the word "violated" there; `seed`: of the chains; `chains`: at most.

    **Returns**: the look.
    """
    from proofs_check.verdict import verify

    plan = Plan(alpha, QUICK.resolution, chains, seed, parameters=point, hasty=True)
    try:
        return of_outcome(claim, point, verify(bare(claim), plan))
    except ValueError as error:
        return Look(point, "refused", note=_line(claim, error))
    except Exception as error:
        return Look(point, "failed", note=f"{type(error).__name__}: {_line(claim, error)}")


def of_outcome(claim: Claim, point: Point, outcome: Outcome) -> Look:
    """What chains showed at a point."""
    word: Word = "violated" if outcome.verdict == REFUTED else "holds"
    at, values = np.asarray(outcome.generations), np.asarray(outcome.observed, float)
    limits = np.asarray([outcome.lower, outcome.upper], float)
    half = np.where(np.isfinite(limits).all(0), (limits[1] - limits[0]) / 2, np.inf)
    if claim.relation == "law" or not len(at):
        return Look(point, word, 2.0 if word == "violated" else 0.0)
    stated = np.asarray(outcome.predicted, float)
    lower = stated[:, 0] if claim.relation == "between" else np.where(claim.relation == "<=", -np.inf, stated)
    upper = stated[:, 1] if claim.relation == "between" else np.where(claim.relation == ">=", np.inf, stated)
    scale = np.maximum(np.abs(np.where(np.isfinite([lower, upper]), [lower, upper], 0)), 1e-300)
    found = _judged(point, claim, at, values, lower, upper, np.asarray(outcome.allowance), half + 0 * scale, scale)
    return Look(point, word, found.ratio, found.index, found.observed, found.stated, found.off)


def _judged(point, claim, at, values, lower, upper, allowance, left, scale) -> Look:
    """The look at values beside limits, of which `left` per side is not held against the statement."""
    beyond = np.stack([lower - allowance - values, values - upper - allowance])
    if claim.relation == "==":
        ratios = (np.abs(values - upper) / (allowance + left.max(0)))[None]
    else:
        ratios = np.stack([_over(lower - allowance, values, left[0]), _over(values, upper + allowance, left[1])])
    violated = beyond > left
    where = np.where(violated, beyond / scale, -np.inf).max(0) if violated.any() else ratios.max(0)
    worst = int(np.argmax(where))
    stated = [float(lower[worst]), float(upper[worst])]
    shown = stated if claim.relation == "between" else stated[0] if claim.relation == ">=" else stated[1]
    off = float(np.max(beyond[:, worst] / scale[:, worst]))
    ratio = float(np.max(ratios))
    if not violated.any():
        ratio = min(ratio, 1.0)
    word: Word = "violated" if violated.any() else "holds"
    return Look(point, word, ratio, int(at[worst]), float(values[worst]), shown, off if violated.any() else 0.0)


def _over(small: np.ndarray, large: np.ndarray, left: np.ndarray) -> np.ndarray:
    """How much of `large` is taken by what must not exceed it; numbers that are not positive by their difference."""
    with np.errstate(all="ignore"):
        positive = np.where((small >= 0) & (large > 0), small / large, 1 + (small - large) / (np.abs(large) + left))
    return np.where(np.isfinite(small) & np.isfinite(large), positive, -np.inf)


def generations_of(claim: Claim, check: Check | Computed) -> np.ndarray:
    """The indices a check is about, after the checks of its protocol."""
    if isinstance(check, Computed):
        return np.asarray(check.at)
    from proofs_check.prepared import engine_of

    check.workflow.check(check.family, check.generations)
    check.family.check(check.workflow.fitted_sizes(check.generations), engine_of(check, Plan()))
    at = np.asarray(check.at or range(1, check.generations + 1))
    if at.size == 0 or at.min() < 1 or at.max() > check.generations:
        raise ValueError(f"`at` of {claim.id} lies outside of 1 .. generations")
    return at


def range_of(check: Check | Computed) -> tuple[float, float]:
    """What the quantity of a check cannot leave."""
    if isinstance(check, Computed):
        return check.bounds or (-math.inf, math.inf)
    if check.statistic == "probability":
        return 0.0, 1.0
    from collapse_jax.metrics import range_of as known
    from collapse_jax.metrics import resolve

    return check.bounds or known(resolve(check.metric)[1], check.family, check.generations)


def _line(claim: Claim, error: Exception) -> str:
    return " ".join(str(error).removeprefix(f"{claim.id}:").split())[:200]


@contextmanager
def _within(seconds: float) -> Iterator[None]:
    """Stop a calculation that takes longer; only the main thread can, elsewhere it runs on."""
    if math.isinf(seconds) or threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(*_: Any) -> None:
        raise TooSlow

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
