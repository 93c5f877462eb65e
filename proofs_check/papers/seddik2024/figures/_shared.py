"""The laws the figures start from."""

import numpy as np


def zipf(support: int, S0: float) -> np.ndarray:
    """The Zipf law on `support` symbols with this sum of squares; symbols of probability 0 need no simulation."""
    from collapse_jax.laws import coalescent

    return np.asarray(coalescent.zipf(support, S0), float)
