"""One metric over the generations: its mean, how sure it is, and what was not finite."""

from dataclasses import dataclass

import numpy as np

from collapse_jax.results.estimate import Moments4, simultaneous_z

__all__ = ["Curve"]


@dataclass(frozen=True)
class Curve:
    """One metric over the generations; every array has shape (generations,).

    `mean`, `variance` and `standard_error` are NaN at a generation where some chain was not finite: no chain is
    averaged away. `nonfinite` counts those chains.

    **Args**: `name`: of the metric; `generations`: 1, 2, ..; `finite`: the moments of the chains that were finite, to
    be used knowingly.
    """

    name: str
    generations: np.ndarray
    finite: Moments4

    def _honest(self, values: np.ndarray) -> np.ndarray:
        return np.where((self.finite.nonfinite > 0) | (self.finite.count == 0), np.nan, values)

    @property
    def mean(self) -> np.ndarray:
        return self._honest(self.finite.mean)

    @property
    def variance(self) -> np.ndarray:
        """Variance over chains."""
        return self._honest(self.finite.variance)

    @property
    def standard_error(self) -> np.ndarray:
        """Standard error of `mean`."""
        return self._honest(self.finite.standard_error)

    @property
    def minimum(self) -> np.ndarray:
        return self.finite.minimum

    @property
    def maximum(self) -> np.ndarray:
        return self.finite.maximum

    @property
    def nonfinite(self) -> np.ndarray:
        """Chains whose value was NaN or infinite."""
        return self.finite.nonfinite.astype(int)

    def at(self, index: int) -> str:
        """Mean and standard error at one place, as text."""
        return f"{self.mean[index]:.6g} +- {self.standard_error[index]:.2g}"

    @property
    def remark(self) -> str:
        """What a reader of the mean has to know; "" if nothing."""
        bad = int(self.nonfinite.max())
        return f"not finite in up to {bad:,} chains at one generation; see .nonfinite" if bad else ""

    @property
    def summary(self) -> str:
        """First and last mean, or why they are none, in one line."""
        if self.nonfinite.any():
            return self.remark
        return f"{self.at(0)} at t=1, {self.at(-1)} at t={self.generations[-1]}"

    def band(self, alpha: float = 0.01) -> tuple[np.ndarray, np.ndarray]:
        """Limits that hold the true means of *all* generations with probability 1 - alpha (normal, Bonferroni)."""
        half = simultaneous_z(alpha, len(self.generations)) * self.standard_error
        return self.mean - half, self.mean + half
