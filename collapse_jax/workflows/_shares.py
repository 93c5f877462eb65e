"""Shares of data, one for all fits or one for each."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

__all__ = ["per_fit", "shares"]


def shares(name: str, of: str) -> Callable[[Any], float | tuple[float, ...]]:
    """A converter to a share in [0, 1], or to a schedule of them; `of` says in an error what they are shares of."""

    def convert(value: Any) -> float | tuple[float, ...]:
        several = isinstance(value, Sequence | np.ndarray) and not isinstance(value, str) and np.ndim(value) == 1
        each: tuple[Any, ...] = tuple(value) if several else (value,)  # pyright: ignore[reportArgumentType]
        if not each or not all(isinstance(one, int | float | np.number) and 0 <= one <= 1 for one in each):
            raise ValueError(f"{name}={value!r} is no share of {of}; use numbers in [0, 1], one or one per fit")
        return tuple(map(float, each)) if several else float(each[0])

    return convert


def per_fit(share: float | tuple[float, ...], name: str, generations: int) -> np.ndarray:
    """The shares of fits 1 .. G, (G,); ValueError for a schedule that is too short."""
    each = np.full(generations, share) if isinstance(share, float) else np.array(share)
    if len(each) < generations:
        raise ValueError(f"{name} has {len(each)} entries for {generations} generations; give one per fit")
    return each[:generations]
