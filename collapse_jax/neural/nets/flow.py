"""A normalising flow of affine couplings."""

from typing import Any

import equinox as eqx
import jax
import jax.numpy as jnp
from jaxtyping import Array, Float32, Key

from collapse_jax.neural._single import F32
from collapse_jax.neural.nets._layers import Perceptron, normal_log_prob
from collapse_jax.neural.network import Explicit


class Flow(Explicit):
    r"""RealNVP: couplings that shift and stretch one half of the coordinates by what the other says, and exchange them.

    $(a, b) \mapsto (b\, e^{s(a)} + t(a),\, a)$ from a standard normal law to the data, $|s| \le 2$; so
    $\log q(x) = \log N(z; 0, 1) - \sum s$ is exact. The couplings are one stack, run in a loop.

    **Args**: `event`: dimension, an even number; `couplings`: how many; `width` and `depth`: of the hidden layers of
    each.

    **Raises**: ValueError for an odd dimension.
    """

    event: int = eqx.field(static=True, default=2)
    couplings: int = eqx.field(static=True, default=8)
    width: int = eqx.field(static=True, default=32)
    depth: int = eqx.field(static=True, default=2)

    def __check_init__(self):
        if self.event % 2 or self.event < 2:
            raise ValueError(f"event={self.event} has no two halves; use an even number of coordinates")

    def init(self, key: Key[Array, ""]) -> Perceptron:
        half = self.event // 2

        def coupling(key):
            return Perceptron.fresh(half, 2 * half, self.width, self.depth, key)

        return jax.vmap(coupling)(jax.random.split(key, self.couplings))

    def loss(self, net: Perceptron, batch: Float32[Array, "n event"], key: Key[Array, ""]) -> Float32[Array, ""]:
        del key
        return -jnp.mean(self.log_prob(net, batch))

    def log_prob(self, net: Perceptron, x: Float32[Array, "n event"]) -> Float32[Array, "n"]:
        def back(carry, coupling):
            (changed, a), density = carry
            stretch, shift = _coupling(coupling, a)
            return ((a, (changed - shift) * jnp.exp(-stretch)), density - jnp.sum(stretch, -1)), None

        begun = tuple(jnp.split(x, 2, -1)), jnp.zeros(len(x), F32)
        z, density = jax.lax.scan(back, begun, net, reverse=True)[0]
        return density + normal_log_prob(jnp.concatenate(z, -1))

    def sample(self, net: Perceptron, key: Key[Array, ""], n: int) -> Float32[Array, "n event"]:
        def forth(halves, coupling):
            a, b = halves
            stretch, shift = _coupling(coupling, a)
            return (b * jnp.exp(stretch) + shift, a), None

        z = jax.random.normal(key, (n, self.event), F32)
        return jnp.concatenate(jax.lax.scan(forth, tuple(jnp.split(z, 2, -1)), net)[0], -1)


def _coupling(net: Any, a: Any) -> Any:
    stretch, shift = jnp.split(net(a), 2, -1)
    return 2 * jnp.tanh(stretch / 2), shift
