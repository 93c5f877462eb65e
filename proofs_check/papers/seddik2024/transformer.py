"""A transformer in the place of the softmax classifier: the law of the next token, context by context."""

from typing import Any

import equinox as eqx
import jax
import jax.numpy as jnp
from jaxtyping import Array, Float32, Int32, Key

from collapse_jax.neural import Network, nets

Pairs = tuple[Int32[Array, "n"], Int32[Array, "n"]]


class Reader(Network):
    """Reads one token and says the next; contexts are uniform when pairs are drawn, and only the next token is learned.

    **Args**: `symbols`: tokens, each of which is a context; `width`: of the transformer's stream.
    """

    symbols: int = eqx.field(static=True, default=8)
    width: int = eqx.field(static=True, default=16)

    @property
    def _transformer(self) -> nets.Transformer:
        return nets.Transformer(self.symbols, 2, self.width)

    def init(self, key: Key[Array, ""]) -> Any:
        return self._transformer.init(key)

    def logits(self, net: Any, context: Int32[Array, "n"]) -> Float32[Array, "n symbols"]:
        """Of the next token."""
        return self._transformer.logits(net, jnp.stack([context, jnp.zeros_like(context)], -1))[:, 1]

    def loss(self, net: Any, batch: Pairs, key: Key[Array, ""]) -> Float32[Array, ""]:
        del key
        context, symbol = batch
        said = jax.nn.log_softmax(self.logits(net, context))
        return -jnp.mean(jnp.take_along_axis(said, symbol[:, None], -1))

    def sample(self, net: Any, key: Key[Array, ""], n: int) -> Pairs:
        first, second = jax.random.split(key)
        context = jax.random.randint(first, (n,), 0, self.symbols, jnp.int32)
        return context, jax.random.categorical(second, self.logits(net, context)).astype(jnp.int32)


def table(fitted: Any, truth: Any, key: Any) -> list[Float32[Array, ""]]:
    """The next-token law of every context, one number after the other: what a probe measures.

    **Args**: `fitted`: a net of a `Reader`; `truth`; `key`: not looked at.

    **Returns**: symbols squared probabilities.
    """
    del truth, key
    contexts = jnp.arange(fitted.network.symbols, dtype=jnp.int32)
    return list(jax.nn.softmax(fitted.network.logits(fitted.net, contexts)).ravel())
