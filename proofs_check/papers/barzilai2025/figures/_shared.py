"""What the figures share: the growth H_t of a squared error, and limits of a survival curve."""

import numpy as np

from collapse_jax.laws.identities import harmonic2
from proofs_check.figure import Data


def harmonic(generations: int) -> np.ndarray:
    """H_t = sum of 1 / k^2, t = 1 .. generations."""
    return np.asarray([harmonic2(t) for t in range(1, generations + 1)], float)


def survival_limits(key: str, limits: tuple[np.ndarray, np.ndarray]) -> Data:
    return {f"{key}_lower": limits[0], f"{key}_upper": limits[1]}
