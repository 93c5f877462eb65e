"""Running moments that merge, and confidence limits; float64 NumPy on the host."""

from dataclasses import dataclass, fields
from typing import Self

import numpy as np
from scipy import special

__all__ = ["Moments4", "binomial_limits", "simultaneous_t", "simultaneous_z"]


@dataclass(frozen=True)
class Moments4:
    r"""Count, mean, central power sums $M_k = \sum (x - \bar x)^k$ for k = 2, 3, 4, extremes; arrays of one shape.

    `nonfinite` counts values that are NaN or infinite; the other fields describe the finite ones only, and it is for
    the reader of `nonfinite > 0` to refuse an average (`Run` and the verdicts do).
    """

    count: np.ndarray
    mean: np.ndarray
    m2: np.ndarray
    m3: np.ndarray
    m4: np.ndarray
    minimum: np.ndarray
    maximum: np.ndarray
    nonfinite: np.ndarray

    @classmethod
    def none(cls, shape: tuple[int, ...]) -> Self:
        """The neutral element."""
        zero = np.zeros(shape)
        return cls(zero, zero, zero, zero, zero, np.full(shape, np.inf), np.full(shape, -np.inf), zero)

    @np.errstate(over="ignore", invalid="ignore")  # third and fourth sums of values near 1e100 are infinite
    def __add__(self, other: Self) -> Self:
        """Both samples (Chan et al. 1979 for the variance, Pebay 2008 for the third and fourth sums).

        Nothing but +, -, * and /, which round alike on every machine.
        """
        na, nb = self.count, other.count
        n = na + nb
        safe = np.where(n > 0, n, 1)
        delta = other.mean - self.mean
        square, both = delta * delta, na * nb
        m2 = self.m2 + other.m2 + square * both / safe
        m3 = (
            self.m3
            + other.m3
            + square * delta * both * (na - nb) / (safe * safe)
            + 3 * delta * (na * other.m2 - nb * self.m2) / safe
        )
        m4 = (
            self.m4
            + other.m4
            + square * square * both * (na * na - both + nb * nb) / (safe * safe * safe)
            + 6 * square * (na * na * other.m2 + nb * nb * self.m2) / (safe * safe)
            + 4 * delta * (na * other.m3 - nb * self.m3) / safe
        )
        return type(self)(
            n,
            self.mean + delta * nb / safe,
            m2,
            m3,
            m4,
            np.minimum(self.minimum, other.minimum),
            np.maximum(self.maximum, other.maximum),
            self.nonfinite + other.nonfinite,
        )

    def __getitem__(self, index) -> Self:
        return type(self)(*(getattr(self, field.name)[index] for field in fields(self)))

    @property
    def variance(self) -> np.ndarray:
        """Unbiased sample variance; NaN with fewer than two values."""
        return np.where(self.count > 1, self.m2 / np.where(self.count > 1, self.count - 1, 1), np.nan)

    @property
    def standard_error(self) -> np.ndarray:
        """Standard error of the mean."""
        return np.sqrt(self.variance / np.where(self.count > 0, self.count, 1))

    @property
    def skewness(self) -> np.ndarray:
        """Sample skewness, 0 for a constant sample; at most sqrt(count), which it nears when one value dominates."""
        spread = np.where(self.m2 > 0, self.m2, 1)
        return np.where(self.m2 > 0, np.sqrt(self.count) * self.m3 / spread**1.5, 0)

    @property
    def kurtosis(self) -> np.ndarray:
        """Sample kurtosis (3 for a normal law), 1 for a constant sample; at most count."""
        spread = np.where(self.m2 > 0, self.m2, 1)
        return np.where(self.m2 > 0, self.count * self.m4 / spread**2, 1)

    @property
    def carriers(self) -> np.ndarray:
        r"""$M_2^2 / M_4$, how many values carry the spread: 1 where one does, count / 3 for a normal law.

        The standard error itself is known to about $1 / (2 \sqrt{M_2^2 / M_4})$ of its size.
        """
        return np.where(self.m4 > 0, (self.m2 / np.sqrt(np.where(self.m4 > 0, self.m4, 1))) ** 2, self.count)


def simultaneous_z(alpha: float, comparisons: int) -> float:
    """Two-sided normal quantile for `comparisons` intervals that all hold with probability 1 - alpha (Bonferroni)."""
    if not 0 < alpha < 1:
        raise ValueError(f"alpha={alpha} is not an error probability; use 0 < alpha < 1")
    return float(-special.ndtri(alpha / (2 * comparisons)))


def simultaneous_t(alpha: float, comparisons: int, freedom) -> np.ndarray:
    """Two-sided quantile of Student's law with `freedom` degrees for `comparisons` intervals (Bonferroni)."""
    simultaneous_z(alpha, comparisons)  # refuses what is no probability
    return special.stdtrit(np.asarray(freedom, float), 1 - alpha / (2 * comparisons))


def binomial_limits(hits, trials, alpha: float) -> tuple[np.ndarray, np.ndarray]:
    """Clopper-Pearson limits of a probability; exact coverage at least 1 - alpha, also with no hits at all."""
    hits, trials = np.asarray(hits, float), np.asarray(trials, float)
    low = np.where(hits > 0, special.betaincinv(np.maximum(hits, 1), trials - hits + 1, alpha / 2), 0.0)
    high = np.where(hits < trials, special.betaincinv(hits + 1, np.maximum(trials - hits, 1), 1 - alpha / 2), 1.0)
    return low, high
