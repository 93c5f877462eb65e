"""Exact propagation without sampling: laws and moments of recursive fits, generation by generation, in float64 NumPy.

`coalescent` and `drift` follow empirical distributions backwards and forwards in time, `pedigree` any linear unbiased
workflow, `second_moment` the categorical ones by a derivation of its own, `gaussian` and `least_squares` whole CDFs.
Generation t = 1 is the fit on real data. Nothing here imports JAX.
"""

from collapse_jax.laws import coalescent, drift, gaussian, least_squares, pedigree, second_moment

__all__ = ["coalescent", "drift", "gaussian", "least_squares", "pedigree", "second_moment"]
