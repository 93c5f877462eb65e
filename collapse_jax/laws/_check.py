"""Arguments as the engines need them, or ValueError naming the remedy."""

from typing import Any

import numpy as np


def whole(value: Any, name: str, least: int = 1) -> int:
    """A whole number >= `least`."""
    number = isinstance(value, int | float | np.number) and not isinstance(value, bool)
    if not number or not np.isfinite(value) or value != int(value) or value < least:
        raise ValueError(f"{name}={value!r} is not usable here; use a whole number >= {least}")
    return int(value)


def positive(value: Any, name: str) -> float:
    """A finite number > 0."""
    if not isinstance(value, int | float | np.number) or not np.isfinite(value) or value <= 0:
        raise ValueError(f"{name}={value!r} is not usable here; use a finite number > 0")
    return float(value)


def probability(value: Any, name: str) -> float:
    """A number in [0, 1]."""
    if not isinstance(value, int | float | np.number) or not 0 <= value <= 1:
        raise ValueError(f"{name}={value!r} is not a probability; use 0 <= {name} <= 1")
    return float(value)


def pmf(p: Any) -> np.ndarray:
    """A probability vector."""
    array = np.asarray(p, np.float64)
    if array.ndim != 1 or not array.size or not np.all(array >= 0) or not abs(array.sum() - 1) <= 1e-9:
        raise ValueError(f"p={p!r} is not a probability vector; give non-negative numbers that sum to 1 (p / p.sum())")
    return array


def rows(d: Any, T: Any) -> tuple[int, int]:
    """Dimension and rows of a design of full column rank."""
    d, T = whole(d, "d"), whole(T, "T")
    if d > T:
        raise ValueError(f"T={T} rows do not determine d={d} coefficients; use T >= d")
    return d, T
