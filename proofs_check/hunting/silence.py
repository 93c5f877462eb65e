"""Where a bound says nothing: it lies where the quantity cannot be anyway."""

import numpy as np

from proofs_check.claim import Claim
from proofs_check.hunting.looks import checked, generations_of, range_of

_MOST = 400  # indices tried one by one


def silent(claim: Claim) -> str:
    """Which indices a bound says nothing about, at the defaults: all between the tested ones are tried.

    **Args**: `claim`: whose bound.

    **Returns**: such as "the upper bound says nothing at t = 33 .. 50"; "" if it always says something.
    """
    if claim.relation not in ("<=", ">=", "between"):
        return ""
    check = checked(claim)
    low, high = range_of(check)
    at = generations_of(claim, check)
    tried = np.arange(at.min(), at.max() + 1) if np.ptp(at) < _MOST else np.unique(at)
    try:
        stated = np.asarray([check.predicted(int(t)) for t in tried], float)
    except Exception:  # between the tested indices a claim need not be defined
        tried = np.unique(at)
        stated = np.asarray([check.predicted(int(t)) for t in tried], float)
    letter = getattr(check, "index", "t")
    sides = {"lower": stated <= low, "upper": stated >= high}
    if claim.relation == "between":
        sides = {"lower": stated[:, 0] <= low, "upper": stated[:, 1] >= high}
    else:
        del sides["lower" if claim.relation == "<=" else "upper"]
    parts = []
    for side, empty in sides.items():
        if empty.any():
            runs = np.split(tried[empty], np.flatnonzero(np.diff(np.flatnonzero(empty)) > 1) + 1)
            text = ", ".join(str(run[0]) if len(run) == 1 else f"{run[0]} .. {run[-1]}" for run in runs[:5])
            parts.append(f"the {side} bound says nothing at {letter} = {text}")
    return "; ".join(parts)
