"""Measures of sentences: rare symbols, different n-grams, and nats per symbol."""

from typing import Any

import jax.numpy as jnp
from jaxtyping import Array, Float32, Int32, Key

from collapse_jax.neural._single import F32
from collapse_jax.neural.measures import likelihood
from collapse_jax.neural.measures._measure import OfSample
from collapse_jax.neural.network import Network
from collapse_jax.neural.truths import HiddenMarkov


def excess_per_symbol(network: Network, net: Any, truth: HiddenMarkov, key: Key[Array, ""]) -> Float32[Array, ""]:
    r"""$\frac1T \mathrm{KL}(p_0 \| q)$ on held-out real sentences, at temperature 1.

    **Args**: as `excess`.

    **Returns**: nats per symbol.
    """
    return likelihood.excess(network, net, truth, key) / truth.length


def _reverse_kl(network: Any, net: Any, truth: Any, x: Int32[Array, "n length"]) -> Float32[Array, ""]:
    return likelihood.reverse_kl.of(network, net, truth, x) / truth.length


def _entropy(network: Any, net: Any, truth: Any, x: Int32[Array, "n length"]) -> Float32[Array, ""]:
    return likelihood.entropy.of(network, net, truth, x) / truth.length


def _tail_mass(network: Any, net: Any, truth: HiddenMarkov, x: Int32[Array, "n length"]) -> Float32[Array, ""]:
    """The share of the rarer half of the vocabulary, over its true share."""
    del network, net
    order = jnp.argsort(jnp.argsort(-truth.marginal))
    rare = (order >= truth.symbols // 2).astype(F32)
    return jnp.mean(rare[x]) / (rare @ truth.marginal)


def distinct(network: Any, net: Any, truth: Any, x: Int32[Array, "n length"], order: int = 2) -> Float32[Array, ""]:
    """How many different n-grams the sentences have.

    **Args**: `network`, `net`: not used; `truth`: its number of symbols; `x`: sentences; `order`: n.

    **Returns**: a number.
    """
    del network, net
    starts = x.shape[1] - order + 1
    places = [x[:, i : i + starts] * truth.symbols ** (order - 1 - i) for i in range(order)]
    gram = jnp.sum(jnp.stack(places), 0, dtype=jnp.int32)
    return jnp.sum(jnp.zeros(truth.symbols**order, F32).at[gram.ravel()].set(1))


reverse_kl_per_symbol = OfSample(_reverse_kl, 256)
entropy_per_symbol = OfSample(_entropy, 256)
tail_mass = OfSample(_tail_mass, 256)
distinct_bigrams = OfSample(distinct, 256)
