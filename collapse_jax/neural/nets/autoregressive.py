"""An autoregressive density: the smallest net that shows how one is written."""

from typing import Any

import equinox as eqx
import jax
import jax.numpy as jnp
from jaxtyping import Array, Float32, Key

from collapse_jax.neural._single import F32
from collapse_jax.neural.nets._layers import Perceptron
from collapse_jax.neural.network import Explicit


class _Weights(eqx.Module):
    parts: tuple[Perceptron, ...]


class Autoregressive(Explicit):
    r"""One coordinate after the other, each a mixture of normals: $q(x) = \prod_j q(x_j \mid x_{<j})$.

    **Args**: `event`: dimension; `components`: normals of each mixture; `width`: of the two hidden layers of each net.
    """

    event: int = eqx.field(static=True, default=2)
    components: int = eqx.field(static=True, default=8)
    width: int = eqx.field(static=True, default=32)

    def init(self, key: Key[Array, ""]) -> _Weights:
        keys = jax.random.split(key, self.event)
        out = 3 * self.components
        return _Weights(tuple(Perceptron.fresh(max(j, 1), out, self.width, 2, key) for j, key in enumerate(keys)))

    def loss(self, net: _Weights, batch: Float32[Array, "n event"], key: Key[Array, ""]) -> Float32[Array, ""]:
        del key
        return -jnp.mean(self.log_prob(net, batch))

    def log_prob(self, net: _Weights, x: Float32[Array, "n event"]) -> Float32[Array, "n"]:
        each = [_density(_mixture(part, x[:, :j]), x[:, j]) for j, part in enumerate(net.parts)]
        return jnp.sum(jnp.stack(each), 0)

    def sample(self, net: _Weights, key: Key[Array, ""], n: int) -> Float32[Array, "n event"]:
        x = jnp.zeros((n, 0), F32)
        for part, one in zip(net.parts, jax.random.split(key, self.event), strict=True):
            chosen, moved = jax.random.split(one)
            logits, mean, log_spread = _mixture(part, x)
            k = jax.random.categorical(chosen, logits)[:, None]
            mean, spread = (jnp.take_along_axis(it, k, -1) for it in (mean, jnp.exp(log_spread)))
            x = jnp.concatenate([x, mean + spread * jax.random.normal(moved, (n, 1), F32)], -1)
        return x


def _mixture(part: Any, before: Any) -> Any:
    """Logits, means and log spreads; the first coordinate has nothing before it."""
    seen = before if before.shape[-1] else jnp.ones((len(before), 1), F32)
    logits, mean, log_spread = jnp.split(part(seen), 3, -1)
    means = mean * 4 + jnp.linspace(-2, 2, mean.shape[-1], dtype=F32)
    return logits, means, jnp.clip(log_spread - 1, -5, 3)


def _density(mixture: Any, x: Any) -> Any:
    logits, mean, log_spread = mixture
    each = jax.scipy.stats.norm.logpdf(x[:, None], mean, jnp.exp(log_spread))
    return jax.nn.logsumexp(jax.nn.log_softmax(logits) + each, -1)
