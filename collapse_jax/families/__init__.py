"""Families: models that can draw data and be refitted."""

from collapse_jax.families._family import Engine, Family
from collapse_jax.families.categorical import Categorical, Empirical
from collapse_jax.families.gaussian import Gaussian
from collapse_jax.families.regression import LinearRegression
from collapse_jax.families.scalar import Bernoulli, Exponential, Poisson

__all__ = [
    "Bernoulli",
    "Categorical",
    "Empirical",
    "Engine",
    "Exponential",
    "Family",
    "Gaussian",
    "LinearRegression",
    "Poisson",
]
