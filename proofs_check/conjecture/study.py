r"""From a protocol to a word: simulate, fit every form, confirm what fits on other chains and other parameters.

The error probability alpha is shared evenly by four events: that the true form, if it is in the library, is dropped by
the test of fit; that it is dropped by the confirmation; that an interval misses a constant of it; and that a form is
called RECOVERED which is off by more than the resolution at some point of the confirmation. The last holds whether the
library has the true form or not. All of it is about means of many chains, whose errors are close to normal; points
that few chains carry are left out.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from collapse_jax.results.estimate import simultaneous_z
from proofs_check.conjecture.fit import Fit, Model, fit, guessed, of_formula, tail
from proofs_check.conjecture.forms import FORMS
from proofs_check.conjecture.observed import Observed, observe
from proofs_check.conjecture.problem import Conjecture

__all__ = ["ALPHA", "CHAINS", "RESOLUTION", "WORDS", "Confirmation", "Finding", "investigate", "judge"]

ALPHA, CHAINS, RESOLUTION = 0.01, 1 << 15, 0.05

Word = Literal["RECOVERED", "FITS", "AMBIGUOUS", "NONE"]
WORDS: dict[Word, str] = {
    "RECOVERED": "one form of fewest constants fits, and fresh chains elsewhere keep it within the resolution",
    "FITS": "one form of fewest constants fits, and the confirmation is not precise enough to say more",
    "AMBIGUOUS": "several forms of equally few constants fit: the data do not tell them apart",
    "NONE": "no form of the library fits",
}


@dataclass(frozen=True)
class Confirmation:
    """A fitted form beside chains that it was not fitted to.

    **Fields**: `p`: how likely a distance so large is if the form holds; `off`: the largest relative distance from the
    law that simultaneous limits leave open.
    """

    p: float
    off: float


@dataclass(frozen=True, eq=False)
class Finding:
    """What was found out about a conjecture.

    **Fields**: `conjecture`; `observed`, `fresh`: what was fitted and what confirmed; `fits`: of every form, those of
    few constants first; `kept`: those that the test of fit and the confirmation leave, with their guesses, and their
    confirmations; `alpha`, `resolution`: as asked; `seed`.
    """

    conjecture: Conjecture
    observed: Observed
    fresh: Observed
    fits: list[Fit]
    kept: list[tuple[Fit, Confirmation]]
    alpha: float
    resolution: float
    seed: int

    @property
    def leading(self) -> list[tuple[Fit, Confirmation]]:
        """Those of the kept forms that have the fewest constants."""
        fewest = min((len(one.model.constants) for one, _ in self.kept), default=0)
        return [pair for pair in self.kept if len(pair[0].model.constants) == fewest]

    @property
    def word(self) -> Word:
        """One of `WORDS`."""
        if len(self.leading) != 1:
            return "AMBIGUOUS" if self.kept else "NONE"
        return "RECOVERED" if self.leading[0][1].off <= self.resolution else "FITS"

    @property
    def found(self) -> Fit | None:
        """The one form of fewest constants, if there is one."""
        return self.leading[0][0] if len(self.leading) == 1 else None


def investigate(
    conjecture: Conjecture,
    *,
    chains: int = CHAINS,
    seed: int = 0,
    alpha: float = ALPHA,
    resolution: float = RESOLUTION,
) -> Finding:
    """Look for the law of a protocol.

    **Args**: `conjecture`; `chains`: per cell of the design, twice as many for the confirmation; `seed`: of the fit,
    the confirmation has the next; `alpha`: error probability; `resolution`: relative accuracy of a recovered form.

    **Returns**: the `Finding`.

    **Raises**: ValueError for a size that is not defined, naming the remedy.
    """
    for name, value in {"alpha": alpha, "resolution": resolution}.items():
        if not 0 < value < 1:
            raise ValueError(f"{name}={value} is not possible; use a number between 0 and 1")
    if chains < 1000:
        raise ValueError(f"chains={chains} are too few for normal limits; use 1000 or more")
    observed = observe(conjecture, conjecture.design, conjecture.fitted, chains, seed)
    fresh = observe(conjecture, conjecture.held_out, conjecture.confirmed, 2 * chains, seed + 1)
    return judge(conjecture, observed, fresh, alpha=alpha, resolution=resolution, seed=seed)


def judge(
    conjecture: Conjecture,
    observed: Observed,
    fresh: Observed,
    *,
    alpha: float = ALPHA,
    resolution: float = RESOLUTION,
    seed: int = 0,
) -> Finding:
    """What two observations say: one that forms are fitted to, and one that confirms.

    **Args**: `conjecture`: whose; `observed`, `fresh`: the two; `alpha`, `resolution`, `seed`: as in `investigate`.

    **Returns**: the `Finding`.
    """
    level = alpha / 4
    fits = [found for model in models(conjecture) if (found := fit(model, observed, level)) is not None]
    standing = [(one, confirm(one, fresh, level)) for one in fits if one.p >= level]
    standing = [(one, seen) for one, seen in standing if seen.p >= level]
    fewest = min((len(one.model.constants) for one, _ in standing), default=0)
    kept = []
    for one, seen in standing:
        if len(one.model.constants) == fewest:
            better = guessed(one, observed, level, level, conjecture.constants)
            again = confirm(better, fresh, level)
            one, seen = (better, again) if again.p >= level else (one, seen)
        kept.append((one, seen))
    return Finding(conjecture, observed, fresh, fits, kept, alpha, resolution, seed)


def models(conjecture: Conjecture) -> Iterator[Model]:
    """The forms that a design can tell anything about, the formula of the user first.

    **Args**: `conjecture`: with its design.

    **Returns**: models; n enters only where it varies.
    """
    varied = [name for name, values in conjecture.design.items() if len(set(values)) > 1]
    size = next(iter(conjecture.design), "")
    if conjecture.formula is not None:
        yield of_formula(conjecture, size)
    for form in FORMS.values():
        if size in varied or not form.sized:
            yield Model(form, size, tuple(name for name in varied if name != size))


def confirm(found: Fit, fresh: Observed, alpha: float) -> Confirmation:
    """A fitted form beside fresh chains; the errors of its constants count as errors.

    **Args**: `found`: the fit; `fresh`: other chains; `alpha`: of the simultaneous limits.

    **Returns**: the `Confirmation`.
    """
    stated = found.table(fresh)
    known = np.isfinite(fresh.mean)
    if not np.all(np.isfinite(stated[known])):
        return Confirmation(0.0, float("inf"))
    left = fresh.whitened(np.where(known, fresh.mean - stated, 0.0))
    gradient = found.gradient(fresh)
    spread = np.eye(len(left)) + gradient @ found.covariance @ gradient.T
    distance = float(left @ np.linalg.solve(spread, left))
    half = simultaneous_z(alpha, fresh.points) * fresh.error
    with np.errstate(divide="ignore", invalid="ignore"):
        off: Any = (np.abs(fresh.mean - stated) + half) / np.abs(stated)
    return Confirmation(tail(distance, fresh.points, fresh), float(np.max(np.where(known, off, 0.0))))
