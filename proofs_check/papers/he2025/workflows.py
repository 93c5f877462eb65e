"""Weights inside of the likelihood, as the authors' code fits generalized linear models."""

from typing import Any

import jax
import jax.numpy as jnp
from jaxtyping import Array, Key

from collapse_jax import Family, FreshReal, LogisticRegression, random
from collapse_jax.workflows import Source

__all__ = ["WeightedLikelihood"]


class WeightedLikelihood(FreshReal):
    r"""Fit t maximises $\frac wn \sum_{\text{real}} \ell + \frac{1 - w}{m} \sum_{\text{synthetic}} \ell$, one fit for both samples.

    `FreshReal` with a weight averages two estimates instead, which is the same for means and to first order otherwise.

    **Args**: as `FreshReal`; `weight`: w, which has to be given.

    **Raises**: ValueError as `FreshReal` does, without a weight, and for another family than `LogisticRegression`.
    """

    def step(self, key: Key[Array, ""], t: Array, n: Any, memory: Any, model: Any, source: Source) -> tuple[Any, Any]:
        real_key, synthetic_key = random.split(key)
        real = source.compact(model, source.real(real_key, memory, self.n_real, self.n_real))
        synthetic = source.compact(model, source.draw(synthetic_key, model, n))
        w, total = jnp.asarray(self.weight, model.dtype), self.n_real + n
        weighted = jax.tree.map(
            lambda a, b: total * (w / self.n_real * a + (1 - w) / n * b),
            real,
            synthetic,
        )
        return memory, model.fit(weighted)

    def check(self, family: Family, generations: int) -> None:
        super().check(family, generations)
        if self.weight is None or not isinstance(family, LogisticRegression):
            raise ValueError("WeightedLikelihood weighs counts of labels; give a weight, and use LogisticRegression")
