"""Families: models that can draw data and be refitted."""

from collapse_jax.families._family import Engine, Family
from collapse_jax.families.categorical import Categorical, Contexts, Empirical
from collapse_jax.families.classifier import LinearClassifier
from collapse_jax.families.dispersed import Gamma, NegativeBinomial
from collapse_jax.families.gaussian import Gaussian
from collapse_jax.families.kde import KDE, KernelEstimate
from collapse_jax.families.laplace import Laplace
from collapse_jax.families.likelihood import LogisticRegression, TruncatedGeometric
from collapse_jax.families.markov import Markov
from collapse_jax.families.mixture import SymmetricMixture
from collapse_jax.families.projections import RandomProjections
from collapse_jax.families.regression import LinearRegression
from collapse_jax.families.scalar import Bernoulli, Beta, Exponential, Poisson

__all__ = [
    "KDE",
    "Bernoulli",
    "Beta",
    "Categorical",
    "Contexts",
    "Empirical",
    "Engine",
    "Exponential",
    "Family",
    "Gamma",
    "Gaussian",
    "KernelEstimate",
    "Laplace",
    "LinearClassifier",
    "LinearRegression",
    "LogisticRegression",
    "Markov",
    "NegativeBinomial",
    "Poisson",
    "RandomProjections",
    "SymmetricMixture",
    "TruncatedGeometric",
]
