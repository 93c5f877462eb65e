"""Whether a chain is nearer to the truth than its own first fit."""

from typing import Any

__all__ = ["better_than_first"]


def better_than_first() -> Any:
    r"""The path metric $1[\|\mu_t - \mu_0\| < \|\mu_1 - \mu_0\|]$ of Gaussians; JAX is imported when it is made."""
    import jax.numpy as jnp

    from collapse_jax import PathMetric

    class BetterThanFirst(PathMetric):
        r"""$1[\|\mu_t - \mu_0\| < \|\mu_1 - \mu_0\|]$."""

        name: str = "better_than_first"

        def bounds(self, truth, generations):
            return 0.0, 1.0

        def start(self, truth, chains):
            return jnp.zeros((chains,), truth.dtype), jnp.zeros((chains,), truth.dtype)

        def update(self, state, t, model, truth):
            error = jnp.sum((model.mean - truth.mean) ** 2, -1)
            first = jnp.where(t == 1, error, state[0])
            return first, (error < first).astype(first.dtype)

        def value(self, state):
            return state[1]

    return BetterThanFirst()
