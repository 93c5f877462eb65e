"""The protocol of the paper: labels mixed row by row."""

from typing import Any

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
from jax.core import Tracer
from jaxtyping import Array, Float, Key

from collapse_jax import Family, LinearRegression, Workflow
from collapse_jax.laws.pedigree import Pedigree
from collapse_jax.workflows import Source


def _weights(given: Any) -> Any:
    if isinstance(given, jax.Array):
        return jnp.atleast_1d(given)
    weights = np.atleast_1d(np.asarray(given, float))
    if weights.ndim != 1 or not np.all((weights >= 0) & (weights <= 1)):
        raise ValueError(f"weight={given!r} is not a share of real labels; use 0 <= weight <= 1")
    return weights


class MixedLabels(Workflow):
    r"""Fit t sees n rows with labels $w_t\, y + (1 - w_t)\, \tilde y$: y new labels of the truth, $\tilde y$ of model t - 1.

    Such a label is $x' (w b + (1 - w) b_{t-1})$ with noise of variance $\sigma^2 (w^2 + (1 - w)^2)$, so that one draw
    makes both. The rows are those of the family, one X for ever or new ones at every fit.

    **Args**: `n`: rows; `weight`: w, one number, which may be traced, or one per fit, of which the first is not used.

    **Raises**: ValueError for weights that are no shares, or too few of them, and for another family than
    `LinearRegression`.
    """

    weight: Float[Array, "fits"] = eqx.field(converter=_weights, default=(0.5,))

    def start(self, key: Key[Array, ""], truth: Any, n: Any, source: Source) -> tuple[Any, Any]:
        return truth, truth.fit(source.real(key, truth, n))

    def step(self, key: Key[Array, ""], t: Array, n: Any, memory: Any, model: Any, source: Source) -> tuple[Any, Any]:
        w = jnp.asarray(self.weight, model.dtype)
        w = w[0] if len(w) == 1 else w[t - 1]
        author = memory.blend(model, w).replace(sigma2=memory.sigma2 * (w**2 + (1 - w) ** 2))
        return memory, model.fit(source.draw(key, author, n))

    def weights(self, generations: int) -> np.ndarray:
        """The weights of fits 1 .. G."""
        given = np.asarray(self.weight)
        given = np.repeat(given, generations) if len(given) == 1 else given
        if len(given) < generations:
            raise ValueError(
                f"weight has {len(given)} entries for {generations} generations; give one per fit, or one number"
            )
        return given[:generations]

    def pedigree(self, generations: int) -> Pedigree:
        sizes, weights = self.schedule(generations), self.weights(generations)
        shares = np.zeros((generations, 2 * generations - 1))
        shares[0, 0] = 1
        for t in range(1, generations):
            shares[t, 2 * t - 1 : 2 * t + 1] = weights[t], 1 - weights[t]
        source = [0, *(s for t in range(1, generations) for s in (0, t))]
        return Pedigree(np.array(source), np.repeat(sizes, 2)[1:], shares)

    def check(self, family: Family, generations: int) -> None:
        if not isinstance(self.weight, Tracer):
            self.weights(generations)
        if not isinstance(family, LinearRegression):
            raise ValueError("MixedLabels mixes labels of a regression; use LinearRegression, or FreshReal(weight=)")
