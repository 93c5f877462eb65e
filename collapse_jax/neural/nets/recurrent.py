"""A language model with a gated recurrent unit."""

import equinox as eqx
import jax
import jax.numpy as jnp
from jaxtyping import Array, Float32, Int32, Key

from collapse_jax.neural._single import F32, single
from collapse_jax.neural.nets._language import LanguageModel, before, drawn
from collapse_jax.neural.nets._layers import linear, rows


class _Weights(eqx.Module):
    embed: Float32[Array, "rows embedding"]
    cell: eqx.nn.GRUCell
    out: eqx.nn.Linear


class Recurrent(LanguageModel):
    r"""A gated recurrent unit that reads what was said and gives the law of the next symbol.

    $h_t = \mathrm{GRU}(h_{t-1}, e_{x_{t-1}})$, $q(x_t \mid x_{<t}) = \operatorname{softmax}(W h_t + b)_{x_t}$.

    **Args**: `symbols`: s; `length`: T; `width`: of h; `embedding`: of e; `temperature`: at which sentences are drawn.
    """

    symbols: int = eqx.field(static=True, default=32)
    length: int = eqx.field(static=True, default=16)
    width: int = eqx.field(static=True, default=32)
    embedding: int = eqx.field(static=True, default=16)
    temperature: Float32[Array, ""] = eqx.field(converter=single, default=1.0)

    def init(self, key: Key[Array, ""]) -> _Weights:
        first, second, third = jax.random.split(key, 3)
        embed = 0.3 * jax.random.normal(first, (self.symbols + 1, self.embedding), F32)
        cell = eqx.nn.GRUCell(self.embedding, self.width, key=second, dtype=F32)
        return _Weights(embed, cell, linear(self.width, self.symbols, third))

    def logits(self, net: _Weights, x: Int32[Array, "n length"]) -> Float32[Array, "n length symbols"]:
        def read(state, seen):
            state = jax.vmap(net.cell)(seen, state)
            return state, state

        silent = jnp.zeros((len(x), self.width), F32)
        states = jax.lax.scan(read, silent, jnp.swapaxes(net.embed[before(x, self.symbols)], 0, 1))[1]
        return jnp.swapaxes(rows(net.out, states), 0, 1)

    def sample(self, net: _Weights, key: Key[Array, ""], n: int) -> Int32[Array, "n length"]:
        def speak(carry, key):
            state, last = carry
            state = jax.vmap(net.cell)(net.embed[last], state)
            symbol = drawn(key, rows(net.out, state) / self.temperature)
            return (state, symbol), symbol

        silent = jnp.zeros((n, self.width), F32), jnp.full(n, self.symbols, jnp.int32)
        return jax.lax.scan(speak, silent, jax.random.split(key, self.length))[1].T
