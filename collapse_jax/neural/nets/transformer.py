"""A small transformer, a language model with causal attention."""

from typing import Any

import equinox as eqx
import jax
import jax.numpy as jnp
from jaxtyping import Array, Float32, Int32, Key

from collapse_jax.neural._single import F32, single
from collapse_jax.neural.nets._language import LanguageModel, before, drawn
from collapse_jax.neural.nets._layers import linear, rows


class _Block(eqx.Module):
    attend: eqx.nn.Linear
    project: eqx.nn.Linear
    up: eqx.nn.Linear
    down: eqx.nn.Linear


class _Weights(eqx.Module):
    embed: Float32[Array, "rows width"]
    place: Float32[Array, "length width"]
    blocks: _Block
    out: eqx.nn.Linear


class Transformer(LanguageModel):
    """Blocks of causal attention and of one hidden layer, each added to what it read in normalised form.

    **Args**: `symbols`: s; `length`: T; `width`: of the stream, a multiple of `heads`; `layers`: blocks; `heads`: of
    attention; `temperature`: at which sentences are drawn.

    **Raises**: ValueError for a width that the heads do not divide.
    """

    symbols: int = eqx.field(static=True, default=32)
    length: int = eqx.field(static=True, default=16)
    width: int = eqx.field(static=True, default=32)
    layers: int = eqx.field(static=True, default=1)
    heads: int = eqx.field(static=True, default=2)
    temperature: Float32[Array, ""] = eqx.field(converter=single, default=1.0)

    def __check_init__(self):
        if self.width % self.heads:
            raise ValueError(f"width={self.width} is no multiple of heads={self.heads}; use {self.heads * 16}, say")

    def init(self, key: Key[Array, ""]) -> _Weights:
        first, second, third, fourth = jax.random.split(key, 4)
        d = self.width

        def block(key):
            keys = jax.random.split(key, 4)
            sizes = ((d, 3 * d), (d, d), (d, 2 * d), (2 * d, d))
            return _Block(*(linear(*size, key) for size, key in zip(sizes, keys, strict=True)))

        return _Weights(
            0.3 * jax.random.normal(first, (self.symbols + 1, d), F32),
            0.3 * jax.random.normal(second, (self.length, d), F32),
            jax.vmap(block)(jax.random.split(third, self.layers)),
            linear(d, self.symbols, fourth),
        )

    def logits(self, net: _Weights, x: Int32[Array, "n length"]) -> Float32[Array, "n length symbols"]:
        stream = net.embed[before(x, self.symbols)] + net.place
        stream = jax.lax.scan(lambda z, block: (self._through(block, z), None), stream, net.blocks)[0]
        return rows(net.out, _normalised(stream))

    def _through(self, block: _Block, z: Float32[Array, "n length width"]) -> Float32[Array, "n length width"]:
        n, T, d = z.shape
        parts = jnp.split(rows(block.attend, _normalised(z)), 3, -1)
        query, key, value = (part.reshape(n, T, self.heads, -1) for part in parts)
        scores = jnp.einsum("nqhd,nkhd->nhqk", query, key) / (d // self.heads) ** 0.5
        seen = jax.nn.softmax(jnp.where(jnp.tri(T, dtype=bool), scores, -jnp.inf))
        z = z + rows(block.project, jnp.einsum("nhqk,nkhd->nqhd", seen, value).reshape(n, T, d))
        return z + rows(block.down, jax.nn.gelu(rows(block.up, _normalised(z))))

    def sample(self, net: _Weights, key: Key[Array, ""], n: int) -> Int32[Array, "n length"]:
        def speak(said, place):
            t, key = place
            logits = jax.lax.dynamic_index_in_dim(self.logits(net, said), t, 1, keepdims=False)
            return said.at[:, t].set(drawn(key, logits / self.temperature)), None

        places = jnp.arange(self.length, dtype=jnp.int32), jax.random.split(key, self.length)
        return jax.lax.scan(speak, jnp.zeros((n, self.length), jnp.int32), places)[0]


def _normalised(z: Any) -> Any:
    """Mean 0 and variance 1 along the stream."""
    apart = z - jnp.mean(z, -1, keepdims=True)
    return apart * jax.lax.rsqrt(jnp.mean(apart**2, -1, keepdims=True) + 1e-5)
