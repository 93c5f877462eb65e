r"""Kernel regressions on images of digits, literally and by deterministic equivalents.

The 1,797 digits of scikit-learn stand in for MNIST and are the whole population: rows are drawn from them with replacement,
and a risk is the mean of $(\hat f - f)^2$ over all of them, f the labels without noise.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from collapse_jax.laws import equivalents
from collapse_jax.laws.spectrum import Spectrum

__all__ = ["Population", "images", "polynomial", "radial", "rectified_features", "refit"]

_JITTER = 1e-9  # of a kernel's diagonal: rows that are drawn twice would leave no solution without a penalty
_FITTED = slice(4, 300)  # eigenvalues between which the exponents are read off


def images() -> tuple[np.ndarray, np.ndarray]:
    """Pixels in [0, 1], (N, 64), and the digits shown, (N,).

    **Returns**: both.

    **Raises**: ValueError where scikit-learn is not installed.
    """
    try:
        from sklearn.datasets import load_digits  # pyright: ignore[reportMissingImports]
    except ImportError:
        raise ValueError("the digits come with scikit-learn; pip install collapse_jax[tables]") from None
    x, digit = map(np.asarray, load_digits(return_X_y=True))
    return x / 16, digit


def radial(x: np.ndarray, width: float) -> np.ndarray:
    r"""$e^{-\gamma\|x - x'\|^2}$ between all rows, $\gamma$ the `width`."""
    square = (x**2).sum(1)
    return np.exp(-width * np.maximum(square[:, None] + square - 2 * x @ x.T, 0))


def polynomial(x: np.ndarray, width: float, degree: int) -> np.ndarray:
    r"""$(1 + \gamma\,x^\top x')^q$ between all rows, $\gamma$ the `width`, q the `degree`."""
    return (1 + width * (x @ x.T)) ** degree


def rectified_features(rng: np.random.Generator, x: np.ndarray, k: int) -> np.ndarray:
    r"""The kernel of k random features $\max(v_i^\top x, 0)/\sqrt k$."""
    features = np.maximum(x.astype(np.float32) @ rng.standard_normal((x.shape[1], k), np.float32), 0)
    return (features @ features.T).astype(float) / k


class Population(NamedTuple):
    r"""Labels along the eigenvectors of a kernel.

    **Fields**: `spectrum`: of the covariance of the features; `source`: $w_j^2$, summed over outputs.
    """

    spectrum: Spectrum
    source: np.ndarray

    @classmethod
    def of(cls, kernel: np.ndarray, labels: np.ndarray) -> "Population":
        """Of a kernel, (N, N), and labels, (N, outputs)."""
        values, vectors = np.linalg.eigh(kernel / len(kernel))
        values = np.maximum(values[::-1], 1e-14 * values[-1])
        shares = ((vectors[:, ::-1].T @ labels) ** 2).sum(1) / len(kernel)
        return cls(Spectrum(values), shares / values)

    def exponents(self) -> tuple[float, float]:
        r"""Capacity $\beta$ and source r, from $\sum_{i \ge j}\Sigma_i \sim j^{1 - \beta}$ and
        $\sum_{i \ge j}\Sigma_i w_i^2 \sim j^{-2 r\beta}$ between the fifth and the 300th eigenvalue."""
        values = self.spectrum.values
        tails = (np.cumsum(part[::-1])[::-1][_FITTED] for part in (values, values * self.source))
        index = np.log(np.arange(1, len(values) + 1)[_FITTED])
        capacity, source = (-np.polyfit(index, np.log(tail), 1)[0] for tail in tails)
        return 1 + capacity, source / (2 * (1 + capacity))

    def risk(self, layers: Sequence[equivalents.Layer]) -> float:
        """The deterministic equivalent of the risk after these fits."""
        return equivalents.excess_risk(
            self.spectrum, self.source, equivalents.chain(self.spectrum, self.source, layers)
        )


def refit(
    rng: np.random.Generator, kernel: np.ndarray, T: int, penalty: float, rows: np.ndarray | None = None
) -> Callable[[np.ndarray, float], np.ndarray]:
    r"""Kernel ridge regression on T rows.

    **Args**: `rng`: draws the rows; `kernel`: between all of the population; `T`: rows; `penalty`: $\lambda$, per row;
    `rows`: these instead.

    **Returns**: from what labels, (N, outputs), and the deviation of the noise, to the fitted values on the population.
    """
    from scipy.linalg import cho_factor, cho_solve

    chosen = rng.integers(0, len(kernel), T) if rows is None else rows
    gram = kernel[np.ix_(chosen, chosen)]
    gram[np.diag_indices(T)] += T * penalty + _JITTER * gram.max()
    factor, across = cho_factor(gram, overwrite_a=True), kernel[:, chosen]

    def fitted(labels: np.ndarray, sigma: float) -> np.ndarray:
        noise = sigma * rng.standard_normal((T, labels.shape[1]))
        return across @ cho_solve(factor, labels[chosen] + noise)

    return fitted
