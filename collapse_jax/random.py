"""The samplers of `collapse_jax.numerics.random`, under the name by which users import them."""

from collapse_jax.numerics.random import *
from collapse_jax.numerics.random import __all__ as __all__
