"""Losses on real data that are the same for every net, and divergences of laws that can be computed."""

from typing import Any

import jax
import jax.numpy as jnp
from jaxtyping import Array, Float32, Key, PyTree

from collapse_jax.neural._single import share
from collapse_jax.neural.measures._measure import OfSample
from collapse_jax.neural.network import Explicit, Network
from collapse_jax.neural.truth import Truth
from collapse_jax.neural.truths import Digits

_REAL, _NOISE = 12345, 54321  # seeds of what all nets are measured with
_REPEATS = 4  # of every held-out observation, each with noise of its own


def held_out(truth: Truth, n: int = 1024) -> PyTree[Array]:
    """Real data that no net was trained on, the same for all.

    **Args**: `truth`: their law; `n`: how many, if the truth has none of its own.

    **Returns**: observations.
    """
    return truth.held_out if isinstance(truth, Digits) else truth.sample(jax.random.key(_REAL), n)


def held_out_loss(network: Network, net: Any, truth: Truth, key: Key[Array, ""]) -> Float32[Array, ""]:
    """The loss on held-out real data, with the same noise for every net; of a VAE minus its lower bound in nats.

    **Args**: `network`, `net`: what is measured; `truth`: the law of real data; `key`: not used.

    **Returns**: the mean over the data.
    """
    del key
    repeated = jax.tree.map(lambda leaf: jnp.concatenate([leaf] * _REPEATS), held_out(truth))
    return network.loss(net, repeated, jax.random.key(_NOISE))


def excess(network: Network, net: Any, truth: Truth, key: Key[Array, ""]) -> Float32[Array, ""]:
    r"""$\mathrm{KL}(p_0 \| q) \approx \frac1n \sum_i \log p_0(x_i) / q(x_i)$, held-out real data $x_i$, temperature 1.

    **Args**: `network`, `net`: what is measured; `truth`: the law of real data; `key`: not used.

    **Returns**: nats per observation.

    **Raises**: ValueError for a net whose loss is no likelihood, and a truth without a density.
    """
    del key
    explicit, x = _explicit(network), held_out(truth)
    return explicit.loss(net, x, jax.random.key(_NOISE)) + jnp.mean(truth.log_prob(x))


def _reverse_kl(network: Network, net: Any, truth: Truth, x: PyTree[Array]) -> Float32[Array, ""]:
    return jnp.mean(_explicit(network).log_prob(net, x) - truth.log_prob(x))


def _entropy(network: Network, net: Any, truth: Truth, x: PyTree[Array]) -> Float32[Array, ""]:
    del truth
    return -jnp.mean(_explicit(network).log_prob(net, x))


def forbidden(
    network: Network, net: Any, truth: Truth, x: PyTree[Array], below: float = -jnp.inf
) -> Float32[Array, ""]:
    """The share of observations whose true log density is not above a limit: by default of those that cannot be.

    **Args**: `network`, `net`: not used; `truth`: with a density; `x`: observations; `below`: the limit.

    **Returns**: a share.
    """
    del network, net
    return share(truth.log_prob(x) <= below)


def _explicit(network: Network) -> Explicit:
    if not isinstance(network, Explicit):
        raise ValueError(
            f"{type(network).__name__} has no likelihood; measure the held-out loss, or samples (a histogram, a "
            "Frechet distance)"
        )
    return network


reverse_kl = OfSample(_reverse_kl, 256)
entropy = OfSample(_entropy, 256)
forbidden_mass = OfSample(forbidden, 1024)
