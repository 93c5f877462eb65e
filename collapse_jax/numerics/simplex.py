"""Probability vectors as users have them: normalised in the precision of their own arrays."""

from typing import Any

import numpy as np


def tolerance(dtype: Any, size: int) -> float:
    """How far from 1 a sum of `size` probabilities may be that were normalised in this precision."""
    kind = np.dtype(dtype)
    epsilon = 2.0**-7 if kind.name == "bfloat16" else float(np.finfo(kind).eps) if kind.kind == "f" else 0.0
    return max(1e-9, (size + 4) * epsilon)


def probabilities(p: Any, name: str, axes: int = 1) -> Any:
    """Probabilities along the last of so many axes, in float64.

    Numbers of lower precision are divided by their sum, whose distance from 1 is rounding; others are left as they are.

    **Raises**: ValueError for anything that is no probability vector to the precision of its own numbers.
    """
    try:
        given = np.asarray(p)
        if given.dtype.kind == "c":
            raise ValueError("an imaginary part would be lost")
        array = given.astype(np.float64)
    except (TypeError, ValueError, OverflowError):
        raise ValueError(f"{name}={p!r} is not numeric; give numbers") from None
    if array.ndim != axes or not array.size or not np.all(np.isfinite(array)):
        kind = ("", "a vector", "a matrix")[axes]
        raise ValueError(f"{name}={p!r} is not usable here; give {kind} of finite numbers")
    sums = array.sum(-1, keepdims=True)
    if np.any(array < 0) or np.any(np.abs(sums - 1) > tolerance(given.dtype, array.shape[-1])):
        what = "it" if axes == 1 else "each row"
        raise ValueError(f"{name} must hold non-negative probabilities that sum to 1; divide {what} by its sum")
    return array if given.dtype == np.float64 or given.dtype.kind in "biu" else array / sums
