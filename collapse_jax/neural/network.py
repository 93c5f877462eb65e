"""What a net is to the library: weights to begin with, a loss, and a sample."""

from abc import abstractmethod
from typing import Any

import equinox as eqx
from jaxtyping import Array, Float32, Key, PyTree


class Network(eqx.Module):
    """A generative net, apart from its weights: three functions that say how it begins, is trained and speaks.

    **To add one** subclass this and

    - write `init(key)`: fresh weights, any `eqx.Module` whose arrays are float32;
    - write `loss(net, batch, key)`: the mean loss over a batch of observations;
    - write `sample(net, key, n)`: n observations, as a pytree whose leaves begin with that axis.

    Sizes are static fields (`eqx.field(static=True)`). A number such as a temperature is a leaf, converted to an array
    of float32, so that another value of it runs the same program. Give every array that is made a dtype: nets are
    float32 also where the rest of a run is not.
    """

    @abstractmethod
    def init(self, key: Key[Array, ""]) -> Any:
        """Fresh weights."""

    @abstractmethod
    def loss(self, net: Any, batch: PyTree[Array], key: Key[Array, ""]) -> Float32[Array, ""]:
        """Mean over the batch of what training makes small; `key` is for the noise that it needs."""

    @abstractmethod
    def sample(self, net: Any, key: Key[Array, ""], n: int) -> PyTree[Array]:
        """`n` observations."""


class Explicit(Network):
    r"""A net whose samples have a density that can be computed: $\log q(x)$ is the law of what `sample` draws.

    Its loss is $-\log q(x)$ in nats per observation, at temperature 1 where there is one, and needs no noise.
    """

    @abstractmethod
    def log_prob(self, net: Any, x: PyTree[Array]) -> Float32[Array, "n"]:
        r"""$\log q(x)$, one number per observation."""
