"""The blobs of the paper's density panels: mixtures whose centres every chain draws anew."""

from collections.abc import Mapping
from typing import Any, ClassVar, Self

import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float, Key

from collapse_jax import KDE, random
from collapse_jax.families import KernelEstimate

__all__ = ["Blobs"]


class BlobsEstimate(KernelEstimate):
    """A density estimate that keeps the test points of its chain."""

    own: Any = None
    other: Any = None
    parameters: ClassVar[Mapping[str, int]] = {**KernelEstimate.parameters, "own": 2, "other": 2}


class Blobs(KDE):
    r"""Kernel density estimates of K normal blobs in the plane, `make_blobs` of scikit-learn: centres uniform in [-10, 10]^2.

    Every chain draws its centres, a test set from the same ones (`own`), and one from new ones (`other`): what the
    authors' code has, as it calls `make_blobs` a second time.

    **Args**: `bandwidth`: h; `K`: how many blobs; `tests`: points of a test set; `half`: half the side of the square.
    """

    own: Float[Array, "*batch m d"]
    other: Float[Array, "*batch m d"]
    half: float
    parameters: ClassVar[Mapping[str, int]] = {"means": 2, "own": 2, "other": 2}

    def __init__(self, bandwidth: Any = 1.0, *, K: int = 3, tests: int = 500, half: float = 10.0):
        super().__init__(bandwidth, weights=np.full(K, 1 / K), means=np.zeros((K, 2)))
        empty: Any = np.zeros((tests, 2))
        self.own = self.other = empty
        self.half = half

    @property
    def described(self) -> dict[str, Any]:
        K, tests = len(self.weights), self.own.shape[-2]
        return {"bandwidth": np.asarray(self.factor), "K": K, "tests": tests, "half": self.half}

    def begin(self, key: Key[Array, ""], chains: int, n: Any, engine: Any) -> Self:
        del n, engine
        keys, batch = random.split(key, 4), self.broadcast((chains,))
        places = [self.half * (2 * random.uniform(one, batch.means.shape, self.dtype) - 1) for one in keys[:2]]
        own, other = (
            KDE.sample(batch.replace(means=place), one, self.own.shape[-2])
            for place, one in zip(places, keys[2:], strict=True)
        )
        return batch.replace(means=places[0], own=own, other=other)

    def fit(self, data: Any) -> BlobsEstimate:
        batch = data.values.shape[: data.axis]
        width = jnp.zeros(batch, self.dtype)
        kernels = data.values, data.present, width, self.factor, self.rule, self.scaled
        return BlobsEstimate(*kernels, own=self.own, other=self.other).fit(data)


def own_nll(model, truth):
    """Mean negative log density at new points of the chain's own mixture."""
    return -jnp.mean(model.log_density(model.own), -1)


def other_nll(model, truth):
    """Mean negative log density at points of another mixture, as the authors' code has it."""
    return -jnp.mean(model.log_density(model.other), -1)
