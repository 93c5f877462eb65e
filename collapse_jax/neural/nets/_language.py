"""What language models have in common: a law of the next symbol, its temperature, and the likelihood."""

from abc import abstractmethod
from typing import Any

import equinox as eqx
import jax
import jax.numpy as jnp
from jaxtyping import Array, Float32, Int32, Key

from collapse_jax.neural.network import Explicit


class LanguageModel(Explicit):
    r"""Sentences of T symbols, one after the other: $q(x) = \prod_t q(x_t \mid x_1, \ldots, x_{t-1})$.

    **To add one** write `init(key)`, `logits(net, x)`, whose place t sees only what is before it, and `sample(net, key,
    n)`. The temperature $\tau$ divides the logits where sentences are drawn; training knows nothing of it.

    **Fields**: `symbols`: s; `length`: T; `width`: of the hidden state; `temperature`: $\tau > 0$.
    """

    symbols: eqx.AbstractVar[int]
    length: eqx.AbstractVar[int]
    temperature: eqx.AbstractVar[Float32[Array, ""]]

    @abstractmethod
    def logits(self, net: Any, x: Int32[Array, "n length"]) -> Float32[Array, "n length symbols"]:
        """Of the next symbol at every place, at temperature 1."""

    def loss(self, net: Any, batch: Int32[Array, "n length"], key: Key[Array, ""]) -> Float32[Array, ""]:
        del key
        return -jnp.mean(_chosen(self.logits(net, batch), batch))

    def log_prob(self, net: Any, x: Int32[Array, "n length"]) -> Float32[Array, "n"]:
        return _chosen(self.logits(net, x) / self.temperature, x)


def _chosen(logits: Float32[Array, "n length symbols"], x: Int32[Array, "n length"]) -> Float32[Array, "n"]:
    each = jnp.take_along_axis(jax.nn.log_softmax(logits), x[..., None], -1)
    return jnp.sum(each[..., 0], -1)


def before(x: Int32[Array, "n length"], symbols: int) -> Int32[Array, "n length"]:
    """What a place sees last: the symbol before it, at the first place one that is no symbol."""
    return jnp.pad(x[:, :-1], ((0, 0), (1, 0)), constant_values=symbols)


def drawn(key: Key[Array, ""], logits: Float32[Array, "n symbols"]) -> Int32[Array, "n"]:
    """One symbol each."""
    noise = jax.random.gumbel(key, logits.shape, logits.dtype)
    return jnp.argmax(logits + noise, -1).astype(jnp.int32)
