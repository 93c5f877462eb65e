"""One metric over the generations: its mean, how sure it is, and what was not finite."""

from dataclasses import dataclass

import numpy as np

from collapse_jax.results.estimate import Moments4, simultaneous_t

__all__ = ["Curve"]

_FEW = 25


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

    @property
    def carriers(self) -> np.ndarray:
        r"""About how many chains carry the spread, $M_2^2 / M_4$: 1 where one does, a third for a normal law."""
        return self.finite.carriers

    @property
    def few(self) -> np.ndarray:
        """Where so few chains carry the spread that neither the mean nor its standard error can be trusted.

        Fewer than 25, so that the standard error is uncertain by more than a tenth, and than a twentieth of the chains,
        since a small run of an ordinary law is no such case. A tail that no chain has seen cannot be told from none.
        """
        return (self.carriers < _FEW) & (self.carriers < self.finite.count / 20)

    def at(self, index: int) -> str:
        """Mean and standard error at one place, as text; an exclamation mark where few chains carry them."""
        return f"{self.mean[index]:.6g} +- {self.standard_error[index]:.2g}{' !' * bool(self.few[index])}"

    @property
    def remark(self) -> str:
        """What a reader of the mean has to know; "" if nothing."""
        bad = int(self.nonfinite.max())
        if bad:
            return f"not finite in up to {bad:,} chains at one generation; see .nonfinite"
        if not self.few.any():
            return ""
        worst = int(np.argmin(np.where(self.few, self.carriers, np.inf)))
        return (
            f"! carried by about {self.carriers[worst]:.0f} of {self.finite.count[worst]:,.0f} chains at "
            f"t={self.generations[worst]}; the true mean may be far off, or infinite"
        )

    @property
    def summary(self) -> str:
        """First and last mean, or why they are none, in one line."""
        if self.nonfinite.any():
            return self.remark
        text = f"{self.at(0)} at t=1, {self.at(-1)} at t={self.generations[-1]}"
        return f"{text} ({self.remark})" if self.remark else text

    def band(self, alpha: float = 0.01) -> tuple[np.ndarray, np.ndarray]:
        """Limits that hold the true means of *all* generations with probability 1 - alpha (Student, Bonferroni).

        Exact where the mean of the chains is normal, with as few as two chains; see `few` for where it is not.

        **Args**: `alpha`: the error probability.

        **Returns**: lower and upper limits, (generations,) each.

        **Raises**: ValueError for an alpha that is no probability, and for less than two chains.
        """
        chains = int((self.finite.count + self.finite.nonfinite).max())
        if chains < 2:
            raise ValueError(f"a band needs the spread of chains, and there is {chains}; use chains=2 or more")
        freedom = np.maximum(self.finite.count - 1, 1)
        half = simultaneous_t(alpha, len(self.generations), freedom) * self.standard_error
        return self.mean - half, self.mean + half
