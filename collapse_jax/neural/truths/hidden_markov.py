"""A language with a grammar that nobody sees: a hidden Markov chain that utters symbols of Zipf's law."""

from typing import Any, Self

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float32, Int32, Key

from collapse_jax.neural._single import F32, pick, single
from collapse_jax.neural.truth import Truth
from collapse_jax.numerics.simplex import probabilities


class HiddenMarkov(Truth):
    r"""Sentences of T symbols: $z_1 \sim \pi$, $z_{t+1} \sim A_{z_t \cdot}$, $x_t \sim E_{z_t \cdot}$.

    $p(x) = \pi D_{x_1} A D_{x_2} \cdots A D_{x_T} 1$ with $D_x = \operatorname{diag}(E_{\cdot x})$: the forward
    recursion.

    **Args**: `start`: $\pi$, (k,); `transition`: A, (k, k); `emission`: E, (k, s); `length`: T.

    **Raises**: ValueError for what is no law, and for sizes that do not match.
    """

    start: Float32[Array, "k"]
    transition: Float32[Array, "k k"]
    emission: Float32[Array, "k s"]
    length: int = eqx.field(static=True)

    def __init__(self, start: Any, transition: Any, emission: Any, length: int = 16):
        pi, A, E = probabilities(start, "start"), probabilities(transition, "transition", 2), probabilities(
            emission, "emission", 2)  # fmt: skip
        if A.shape != (len(pi), len(pi)) or len(E) != len(pi) or length < 1:
            raise ValueError(
                f"start {pi.shape}, transition {A.shape}, emission {E.shape} and length={length} make no language; "
                "give (k,), (k, k), (k, s) and at least one symbol"
            )
        self.start, self.transition, self.emission, self.length = single(pi), single(A), single(E), length

    @classmethod
    def zipf(cls, states: int = 6, symbols: int = 32, exponent: float = 1.6, length: int = 16, seed: int = 0) -> Self:
        r"""States that follow one another with probability .85, each with its own order of Zipf's law.

        $E_{z, \sigma_z(r)} \propto r^{-a}$ with a random order $\sigma_z$, $A = .85\, (\text{next}) + .15 / k$, and the
        stationary law to begin with, which is uniform.

        **Args**: `states`: k; `symbols`: s; `exponent`: a; `length`: T; `seed`: of the orders.

        **Returns**: the language.
        """
        generator = np.random.default_rng(seed)
        zipf = 1 / np.arange(1, symbols + 1) ** exponent
        emission = np.stack([(zipf / zipf.sum())[generator.permutation(symbols)] for _ in range(states)])
        transition = 0.85 * np.roll(np.eye(states), 1, 1) + 0.15 / states
        return cls(np.full(states, 1 / states), transition, emission, length)

    @property
    def symbols(self) -> int:
        return self.emission.shape[-1]

    @property
    def marginal(self) -> Float32[Array, "s"]:
        """The frequencies of the symbols, on average over the places of a sentence."""

        def follow(state, _):
            return state @ self.transition, state

        states = jax.lax.scan(follow, self.start, None, self.length)[1]
        return jnp.mean(states, 0) @ self.emission

    def sample(self, key: Key[Array, ""], n: int) -> Int32[Array, "n length"]:
        hidden, uttered = jax.random.uniform(key, (2, self.length, n), F32)
        first = pick(hidden[0], self.start)

        def follow(state, drawn):
            forward, symbol = drawn
            return pick(forward, self.transition, state), pick(symbol, self.emission, state)

        return jax.lax.scan(follow, first, (jnp.roll(hidden, -1, 0), uttered))[1].T

    def log_prob(self, x: Int32[Array, "n length"]) -> Float32[Array, "n"]:
        return jnp.sum(self._surprises(x), 0)

    def _surprises(self, x: Int32[Array, "n length"]) -> Float32[Array, "length n"]:
        r"""$\log p(x_t \mid x_1, \ldots, x_{t-1})$ for every t."""

        def follow(state, symbol):
            seen = state * self.emission[:, symbol].T
            total = jnp.sum(seen, -1, keepdims=True)
            return (seen / total) @ self.transition, jnp.log(total[:, 0])

        return jax.lax.scan(follow, jnp.broadcast_to(self.start, (len(x), len(self.start))), x.T)[1]

    def entropy_rate(self, symbols: int = 100_000, texts: int = 16, seed: int = 0) -> tuple[float, float]:
        r"""$\lim_T \frac1T H(x_1, \ldots, x_T)$, to which $-\frac1T \log p(x_1, \ldots, x_T)$ of long texts tends.

        **Args**: `symbols`: in all texts together; `texts`: independent ones; `seed`: of the texts.

        **Returns**: the estimate in nats per symbol, and its standard error over the texts. The first tenth of every
        text, in which the recursion forgets where it began, is left out.
        """
        length = symbols // texts
        longer = type(self)(self.start, self.transition, self.emission, length)
        run = eqx.filter_jit(lambda truth, key: truth._surprises(truth.sample(key, texts)))
        surprises = np.asarray(run(longer, jax.random.key(seed)), np.float64)[length // 10 :]
        each = -surprises.mean(0)
        return float(each.mean()), float(each.std(ddof=1) / texts**0.5)
