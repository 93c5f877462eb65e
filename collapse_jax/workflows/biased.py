"""Sampling with less, or more, spread than the model has."""

from typing import Any

import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float

from collapse_jax.families import Family, Gaussian
from collapse_jax.numerics import triangle
from collapse_jax.workflows._around import Around
from collapse_jax.workflows._workflow import setting


class Biased(Around):
    r"""Any workflow, its synthetic data drawn with the covariance scaled: $x \sim N(\mu, \lambda\,\Sigma)$.

    The sampling bias $\lambda$ of Alemohammad et al. (2023): below 1 the quality of single samples is bought with
    their diversity, 1 is none, and above $\lambda_c > 1$ a fully synthetic loop explodes. Real data are not altered,
    so that fit 1 sees unbiased data in every workflow.

    **Args**: `workflow`: which data the next fit sees, such as `Replace(n=100)`; `bias`: $\lambda$, may be traced.

    **Raises**: ValueError for a negative bias and, in a run, for families other than `Gaussian`.

    >>> from collapse_jax import Replace
    >>> Biased(Replace(n=100), bias=0.9).bias
    0.9
    """

    bias: Float[Array, ""] | float = 1.0

    def __post_init__(self):
        super().__post_init__()
        remedy = "scales no covariance; use a number >= 0, 1 for unbiased samples"
        setting(self.bias, "bias", lambda it: 0 <= it < np.inf, remedy)

    def author(self, model: Any) -> Any:
        root = jnp.sqrt(jnp.asarray(self.bias, model.dtype))
        exponent, factor = triangle.normalise(jnp.asarray(model.exponent), jnp.asarray(model.triangle) * root)
        return model.replace(exponent=exponent, triangle=factor)

    def check(self, family: Family, generations: int) -> None:
        if not isinstance(family, Gaussian):
            raise ValueError(
                f"Biased scales a covariance, which {type(family).__name__} does not have; use Gaussian, or write an "
                "Around whose `author` sharpens this family"
            )
        super().check(family, generations)
