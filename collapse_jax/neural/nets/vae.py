"""A variational autoencoder of small grey images."""

import math
from typing import Any

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float32, Key

from collapse_jax.neural._single import F32
from collapse_jax.neural.nets._layers import linear, rows
from collapse_jax.neural.network import Network

_LEVELS = 16
_LOG_CHOOSE = np.array([math.log(math.comb(_LEVELS, k)) for k in range(_LEVELS + 1)], np.float32)


class _Weights(eqx.Module):
    encoder: tuple[eqx.nn.Linear, eqx.nn.Linear]
    decoder: tuple[eqx.nn.Linear, eqx.nn.Linear]


class VAE(Network):
    r"""A normal code z, and pixels from 0 to 16 that are binomial given z: $x_j \sim \mathrm{Bin}(16, \sigma(f_j(z)))$.

    Trained by the evidence lower bound: the loss is $-E_{z \sim q(\cdot \mid x)} \log p(x \mid z) + \mathrm{KL}(q(z
    \mid x) \,\|\, N(0, 1))$ in nats per image, not below minus the log likelihood.

    **Args**: `pixels`: of an image; `code`: dimension of z; `width`: of the hidden layers.
    """

    pixels: int = eqx.field(static=True, default=64)
    code: int = eqx.field(static=True, default=8)
    width: int = eqx.field(static=True, default=64)

    def init(self, key: Key[Array, ""]) -> _Weights:
        keys = jax.random.split(key, 4)
        return _Weights(
            (linear(self.pixels, self.width, keys[0]), linear(self.width, 2 * self.code, keys[1])),
            (linear(self.code, self.width, keys[2]), linear(self.width, self.pixels, keys[3])),
        )

    def loss(self, net: _Weights, batch: Float32[Array, "n pixels"], key: Key[Array, ""]) -> Float32[Array, ""]:
        mean, log_variance = jnp.split(_through(net.encoder, batch / (_LEVELS / 2) - 1), 2, -1)
        log_variance = jnp.clip(log_variance, -8, 4)
        code = mean + jnp.exp(log_variance / 2) * jax.random.normal(key, mean.shape, F32)
        logits = _through(net.decoder, code)
        seen = batch * jax.nn.log_sigmoid(logits) + (_LEVELS - batch) * jax.nn.log_sigmoid(-logits)
        ways = jnp.asarray(_LOG_CHOOSE)[batch.astype(jnp.int32)]
        divergence = 0.5 * jnp.sum(jnp.exp(log_variance) + mean**2 - 1 - log_variance, -1)
        return jnp.mean(divergence - jnp.sum(seen + ways, -1))

    def sample(self, net: _Weights, key: Key[Array, ""], n: int) -> Float32[Array, "n pixels"]:
        coded, tossed = jax.random.split(key)
        p = jax.nn.sigmoid(_through(net.decoder, jax.random.normal(coded, (n, self.code), F32)))
        heads = jax.random.uniform(tossed, (_LEVELS, n, self.pixels), F32) < p
        return jnp.sum(heads.astype(F32), 0)


def _through(layers: Any, x: Any) -> Any:
    return rows(layers[1], jax.nn.gelu(rows(layers[0], x)))
