"""Exact propagation without sampling: laws and moments of recursive fits, generation by generation, in float64 NumPy.

`coalescent` and `drift` follow empirical distributions backwards and forwards in time, `selection` one symbol under a
pull, `urn` two colours that accumulate, `pedigree` any linear unbiased workflow, `second_moment` the categorical ones
by a derivation of its own, `kde` kernel density estimates, `gaussian` and `least_squares` whole CDFs, `loops` Gaussians
that keep seeing real data, `verified` classifiers fitted on labels that passed a check, `population` what curation
makes of a law, `rate` the slope of any of them, `moments` the variances that say how far a simulated mean can be
trusted. `domain` is how each says where it is defined.
Generation t = 1 is the fit on real data. Nothing here imports JAX; modules are loaded on first use.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collapse_jax.laws import (
        coalescent,
        domain,
        drift,
        gaussian,
        kde,
        least_squares,
        loops,
        moments,
        pedigree,
        population,
        rate,
        second_moment,
        selection,
        urn,
        verified,
    )

__all__ = [
    "coalescent",
    "domain",
    "drift",
    "gaussian",
    "kde",
    "least_squares",
    "loops",
    "moments",
    "pedigree",
    "population",
    "rate",
    "second_moment",
    "selection",
    "urn",
    "verified",
]


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module 'collapse_jax.laws' has no attribute {name!r}")
    return import_module(f"collapse_jax.laws.{name}")
