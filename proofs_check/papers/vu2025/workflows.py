"""Several models, one per coordinate of a vector, that draw on each other."""

from typing import Any

import equinox as eqx
import jax.numpy as jnp
import numpy as np

from collapse_jax import Around, Family, Gaussian


def _rows(value: Any) -> tuple[tuple[float, ...], ...]:
    return tuple(tuple(row) for row in np.asarray(value, float).tolist())


class Networked(Around):
    r"""Any workflow on Gaussian vectors, coordinate k being model k: synthetic data of k have the mean $\sum_j W_{kj} \mu_j$.

    **Args**: `workflow`: which data the next fit sees; `weights`: W, (K, K), rows that sum to 1.

    **Raises**: ValueError for weights of another shape than (K, K) and, in a run, for another family or dimension.
    """

    weights: tuple[tuple[float, ...], ...] = eqx.field(static=True, converter=_rows)

    def __check_init__(self):
        shape = np.shape(self.weights)
        if len(shape) != 2 or shape[0] != shape[1] or not np.allclose(np.sum(self.weights, 1), 1):
            raise ValueError(f"weights of shape {shape} are no network; give K rows of K numbers that sum to 1")

    def check(self, family: Family, generations: int) -> None:
        super().check(family, generations)
        if not isinstance(family, Gaussian) or family.d != len(self.weights):
            raise ValueError(f"{len(self.weights)} models are the coordinates of Gaussian(d={len(self.weights)})")

    def author(self, model: Any) -> Any:
        return model.replace(location=jnp.tensordot(np.asarray(self.weights, model.dtype), model.location, 1))
