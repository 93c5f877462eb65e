"""How a baseline is run: chains in blocks that fit in cache, means and variances kept."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.random import SFC64, Generator

Values = tuple[np.ndarray, ...]


@dataclass(frozen=True)
class Outcome:
    """Mean and variance over chains, (generations, metrics)."""

    mean: np.ndarray
    variance: np.ndarray
    chains: int

    @property
    def standard_error(self) -> np.ndarray:
        return np.sqrt(self.variance / self.chains)


@dataclass(frozen=True)
class Baseline:
    """A way to run chains in NumPy: `block` chains at a time, or one by one (block 0, `function` returns a path)."""

    function: Callable[..., Any]
    block: int = 0
    sizes: dict[str, Any] = field(default_factory=dict)

    def run(self, chains: int, generations: int, seed: int = 0) -> Outcome:
        rng = Generator(SFC64(seed))
        if not self.block:
            paths = np.array([self.function(rng, generations, **self.sizes) for _ in range(chains)], float)
            paths = paths.reshape(chains, generations, -1)
            return Outcome(paths.mean(0), paths.var(0, ddof=min(1, chains - 1)), chains)
        parts = []
        for start in range(0, chains, self.block):
            values = self.function(rng, min(self.block, chains - start), generations, **self.sizes)
            parts.append([[_moments(value) for value in measured] for measured in values])
        count = np.minimum(self.block, chains - np.arange(0, chains, self.block))[:, None, None]
        mean, m2 = np.moveaxis(np.array(parts), -1, 0)
        overall = (count * mean).sum(0) / chains
        return Outcome(overall, (m2 + count * (mean - overall) ** 2).sum(0) / max(chains - 1, 1), chains)


def _moments(value: np.ndarray) -> tuple[float, float]:
    mean = np.add.reduce(value) / value.size
    centred = value - mean
    return mean, float(centred @ centred)
