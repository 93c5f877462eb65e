"""A net of twelve weights, its truth and a probe, for tests: a mixture of four normals on the line."""

import sys
from collections import Counter
from typing import Any

import equinox as eqx
import jax
import jax.numpy as jnp

from collapse_jax.neural import Network, NeuralFamily, Probe, Training, Truth

F32 = jnp.float32
TRACED = Counter()


def traced(part):
    """Count a trace, by a way that code is not followed: what a study is does not depend on the count."""
    sys.modules[__name__].TRACED[part] += 1


class Weights(eqx.Module):
    means: Any
    scales: Any
    logits: Any


class Mixture(Network):
    """Draws at a temperature, which is a number that may be traced."""

    temperature: Any = 1.0
    parts: int = eqx.field(static=True, default=4)

    def init(self, key):
        means = jax.random.normal(key, (self.parts,), F32)
        return Weights(means, jnp.zeros(self.parts, F32), jnp.zeros(self.parts, F32))

    def log_prob(self, net, x):
        apart = (x[:, None] - net.means) * jnp.exp(-net.scales)
        each = -0.5 * apart**2 - net.scales - 0.9189385
        return jax.nn.logsumexp(each + jax.nn.log_softmax(net.logits), -1)

    def loss(self, net, batch, key):
        traced("loss")
        return -jnp.mean(self.log_prob(net, batch))

    def sample(self, net, key, n):
        traced("sample")
        which, where = jax.random.split(key)
        k = jax.random.categorical(which, net.logits, shape=(n,))
        noise = jnp.sqrt(jnp.asarray(self.temperature, F32)) * jax.random.normal(where, (n,), F32)
        return net.means[k] + jnp.exp(net.scales[k]) * noise


class Two(Truth):
    apart: Any = 2.0

    def sample(self, key, n):
        traced("truth")
        side, noise = jax.random.split(key)
        sign = jnp.where(jax.random.uniform(side, (n,), F32) < 0.5, -1, 1).astype(F32)
        return sign * jnp.asarray(self.apart, F32) + 0.5 * jax.random.normal(noise, (n,), F32)


def measure(fitted, truth, key):
    """Held-out loss on the same real data, and the variance of the model's own."""
    traced("probe")
    held = truth.sample(jax.random.key(7), 64)
    return -jnp.mean(fitted.network.log_prob(fitted.net, held)), jnp.var(fitted.sample(key, 64))


PROBE = Probe(("loss", "variance"), measure)


def family(**training):
    given = {"steps": 30, "rate": 0.05, "batch": 8} | training
    return NeuralFamily(Two(), Mixture(), Training(**given))
