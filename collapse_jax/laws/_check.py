"""Arguments as numbers of the kind that the engines compute with; their ranges are stated by `domain`."""

from collections.abc import Callable
from typing import Any

import numpy as np

from collapse_jax.numerics.simplex import probabilities


def whole(value: Any) -> int:
    """A whole number, from whatever kind holds it."""
    return int(real(value))


def real(value: Any) -> float:
    """A number in double precision."""
    try:
        return float(value)
    except TypeError:
        raise ValueError(f"{value!r} has no value yet, and this law is computed with numbers; substitute one") from None


def numbers(value: Any, name: str) -> np.ndarray:
    """Numbers of any shape in double precision."""
    try:
        given = np.asarray(value)
        if given.dtype.kind == "c":
            raise ValueError("an imaginary part would be lost")
        return given.astype(np.float64)
    except (TypeError, ValueError, OverflowError):
        raise ValueError(f"{name}={value!r} is not numeric; give a number or an array of them") from None


def callable_function(value: Any, name: str) -> Callable[..., Any]:
    """Something that can be called."""
    if not callable(value):
        raise ValueError(f"{name}={value!r} cannot be called; give a function of numbers")
    return value


def pmf(p: Any) -> np.ndarray:
    """A probability vector."""
    return probabilities(p, "p")
