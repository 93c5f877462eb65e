"""A linear autoencoder that denoises, and hands on what it made."""

from typing import Any

import jax.numpy as jnp
from jaxtyping import Array, Float

from collapse_jax import Spectral
from collapse_jax.workflows._workflow import setting


class Denoised(Spectral):
    r"""Any workflow whose Gaussian models hand on $W (x + \sigma e)$, $W = \Sigma (\Sigma + \sigma^2)^{-1}$, in place of x.

    W minimises $E|W(x + \sigma e) - x|^2$ about the mean; a direction of variance s becomes $s^2 / (s + \sigma^2)$.

    **Args**: `workflow`: which data the next fit sees; `sigma2`: $\sigma^2$, may be traced.

    **Raises**: ValueError for a variance below 0 and, in a run, for families other than `Gaussian`.
    """

    sigma2: Float[Array, ""] | float = 1.0

    def __check_init__(self):
        setting(self.sigma2, "sigma2", lambda it: 0 <= it < float("inf"), "is no variance of noise; use a number >= 0")

    def spread(self, log_variance: Array) -> tuple[Any, Any]:
        noise = jnp.log(jnp.asarray(self.sigma2, log_variance.dtype))
        return 2 * log_variance - jnp.logaddexp(log_variance, noise), 1
