"""A linear autoencoder that denoises, direction by direction."""

import equinox as eqx
import jax
import jax.numpy as jnp
from jaxtyping import Array, Float32, Key

from collapse_jax.neural._single import F32, single
from collapse_jax.neural.network import Network

_LEAST = 1e-6


class _Weights(eqx.Module):
    w: Float32[Array, "event"]


class LinearDenoiser(Network):
    r"""$W = \operatorname{diag}(w)$ that takes $x + \sigma e$ back to x; data have mean 0 and independent coordinates.

    The loss is $E_e \|W (x + \sigma e) - x\|^2 = \|W x - x\|^2 + \sigma^2 \|w\|^2$, least at $w = s / (s + \sigma^2)$
    for data of second moment s. The net says what it takes its data to be, $s = \sigma^2 w / (1 - w)$, and `sample`
    hands on what it makes of them, $W (x + \sigma e) \sim N(0, s^2 / (s + \sigma^2)) = N(0, \sigma^2 w^2 / (1 - w))$:
    the map of linear denoising autoencoders (zhu2024.dae). A w outside of [0, 1) is taken for the
    nearest inside.

    **Args**: `event`: dimension; `sigma2`: $\sigma^2$, a leaf.
    """

    event: int = eqx.field(static=True, default=2)
    sigma2: Float32[Array, ""] = eqx.field(converter=single, default=0.25)

    def init(self, key: Key[Array, ""]) -> _Weights:
        return _Weights(0.5 + 0.1 * jax.random.normal(key, (self.event,), F32))

    def loss(self, net: _Weights, batch: Float32[Array, "n event"], key: Key[Array, ""]) -> Float32[Array, ""]:
        del key
        return jnp.mean(jnp.sum(((net.w - 1) * batch) ** 2 + self.sigma2 * net.w**2, -1))

    def sample(self, net: _Weights, key: Key[Array, ""], n: int) -> Float32[Array, "n event"]:
        w = jnp.clip(net.w, 0, 1 - _LEAST)
        return w * jnp.sqrt(self.sigma2 / (1 - w)) * jax.random.normal(key, (n, self.event), F32)
