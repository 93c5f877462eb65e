"""Batch-native exact samplers: one key, one whole array.

Random bits are those of Threefry-2x32 with 20 rounds, the generator of JAX, in counter mode: `key(seed)` makes a key
whose rounds are written out (JAX's own are a loop, which XLA runs several times slower on a CPU) and which uses both
words of every evaluation (JAX's own discards one). Every function of `jax.random` works with such keys.

Two settings, held by `using(...)`, say how numbers are drawn:

- `draws`: the precision in which they are drawn, "float32", "float64" or None for that of the result. Normals are made
  of 63 random bits in float32, which ends them at |z| = 6.7 and rounds them to seven digits, of 104 in float64.
- `sampler`: "quantile" takes short cuts whose error is bounded far below what a run can resolve: a Gamma variate of
  shape 4 or more is a polynomial of one normal (`numerics.quantile` states and certifies its error), an index below n
  is the high word of a product (bias below n / 2^32), the next state of a coin is looked up (`binomial_of_lattice`).
  "rejection" is exact: whole-array Marsaglia-Tsang, 64-bit indices, binomials by rejection.

Every sampler takes the *shape* first-class, takes parameters that broadcast to it, and is safe at the edges (zero
degrees of freedom, probability 0 or 1).
"""

from collapse_jax.numerics.random.continuous import bartlett, chi2, exponential, gamma, normal, uniform
from collapse_jax.numerics.random.counts import MOST_TRIALS, few_binomial, few_multinomial
from collapse_jax.numerics.random.discrete import (
    binomial,
    binomial_of_lattice,
    categorical,
    integers,
    multinomial,
    poisson,
    subsets,
)
from collapse_jax.numerics.random.drawing import Draws, Sampler, Settings, settings, using
from collapse_jax.numerics.random.hypergeometric import hypergeometric, multivariate_hypergeometric
from collapse_jax.numerics.random.squares import chi2_each
from collapse_jax.numerics.random.threefry import key, split

__all__ = [
    "MOST_TRIALS",
    "Draws",
    "Sampler",
    "Settings",
    "bartlett",
    "binomial",
    "binomial_of_lattice",
    "categorical",
    "chi2",
    "chi2_each",
    "exponential",
    "few_binomial",
    "few_multinomial",
    "gamma",
    "hypergeometric",
    "integers",
    "key",
    "multinomial",
    "multivariate_hypergeometric",
    "normal",
    "poisson",
    "settings",
    "split",
    "subsets",
    "uniform",
    "using",
]
