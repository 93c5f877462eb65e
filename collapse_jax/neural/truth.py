"""What is true: where the real data come from, and how probable they are."""

from abc import abstractmethod

import equinox as eqx
from jaxtyping import Array, Float32, Key, PyTree


class Truth(eqx.Module):
    """A law that draws real data, and knows its own density if it has one.

    **To add one** subclass this, write `sample(key, n)`, a pytree whose leaves begin with the axis of n observations,
    and, where the law has a density, `log_prob(x)`. Floating-point arrays are float32.
    """

    @abstractmethod
    def sample(self, key: Key[Array, ""], n: int) -> PyTree[Array]:
        """`n` real observations."""

    def log_prob(self, x: PyTree[Array]) -> Float32[Array, "n"]:
        """The log density of every observation.

        **Args**: `x`: observations, as `sample` draws them.

        **Returns**: one number per observation, minus infinity for what cannot be.

        **Raises**: ValueError where the law has no density.
        """
        del x
        raise ValueError(
            f"{type(self).__name__} has no density; compare samples (a Frechet distance, a judge's labels), or use the "
            "loss on held-out data"
        )
