"""The softmax classifier of one-hot contexts, whose fit is a table of frequencies."""

import equinox as eqx
import jax
import jax.numpy as jnp
from jaxtyping import Array, Float32, Int32, Key

from collapse_jax.neural._single import F32
from collapse_jax.neural.network import Explicit

Pairs = tuple[Int32[Array, "n"], Int32[Array, "n"]]


class _Weights(eqx.Module):
    logits: Float32[Array, "contexts symbols"]


class Softmax(Explicit):
    r"""$q(j, k) = \frac1c \operatorname{softmax}(W e_j)_k$: a logit for every pair of a context and a symbol.

    Trained to the end it is the frequency of every symbol in its context (Seddik et al. 2024, equation 2), so that its
    chains are those of `Contexts`, or with one context of `Categorical`: what training adds can be seen by itself. The
    logit of a symbol that was not seen falls for ever, by as much as there are steps.

    **Args**: `contexts`: c, uniform when pairs are drawn; `symbols`: s.
    """

    contexts: int = eqx.field(static=True, default=1)
    symbols: int = eqx.field(static=True, default=8)

    def init(self, key: Key[Array, ""]) -> _Weights:
        del key
        return _Weights(jnp.zeros((self.contexts, self.symbols), F32))

    def loss(self, net: _Weights, batch: Pairs, key: Key[Array, ""]) -> Float32[Array, ""]:
        del key
        return -jnp.mean(self.log_prob(net, batch))

    def log_prob(self, net: _Weights, x: Pairs) -> Float32[Array, "n"]:
        context, symbol = x
        return jax.nn.log_softmax(net.logits)[context, symbol] - jnp.log(jnp.asarray(self.contexts, F32))

    def sample(self, net: _Weights, key: Key[Array, ""], n: int) -> Pairs:
        first, second = jax.random.split(key)
        context = jax.random.randint(first, (n,), 0, self.contexts, jnp.int32)
        return context, jax.random.categorical(second, net.logits[context]).astype(jnp.int32)
