"""Short sentences of a probabilistic context-free grammar, with the exact likelihood of every one."""

from collections.abc import Sequence
from typing import Any, Self

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float32, Int, Int32, Key

from collapse_jax.neural._single import F32, pick, single
from collapse_jax.neural.truth import Truth
from collapse_jax.neural.truths._english import RULES, WORDS
from collapse_jax.numerics.simplex import probabilities


class Grammar(Truth):
    r"""Sentences of at most T words from a grammar in Chomsky's normal form, padded at the end.

    A symbol A becomes two symbols with probability $R_{ABC} = P(A \to B\, C)$ or a word with $W_{Aw} = P(A \to w)$; the
    first symbol begins. The law is that of the grammar, given that a sentence has at most T words: drawn exactly,
    length first, and computed exactly, by the inside recursion $I_A(i, l) = \sum_{B, C, k} R_{ABC}\, I_B(i, k)\, I_C(i
    + k, l - k)$, $I_A(i, 1) = W_{A x_i}$. Word w, the number of words, is the end: it fills what is left of a sentence.

    **Args**: `rules`: R, (a, a, a); `words`: W, (a, w); `length`: T; `vocabulary`: the words, for `text`.

    **Raises**: ValueError where what a symbol becomes is no law, and where no sentence is short enough.
    """

    rules: Float32[Array, "a a a"]
    words: Float32[Array, "a w"]
    spans: Float32[Array, "sizes a"]
    length: int = eqx.field(static=True)
    vocabulary: tuple[str, ...] = eqx.field(static=True)

    def __init__(self, rules: Any, words: Any, length: int = 12, vocabulary: Sequence[str] = ()):
        R, W = np.asarray(rules, np.float64), np.asarray(words, np.float64)
        if R.ndim != 3 or W.ndim != 2 or R.shape != (len(W),) * 3:
            raise ValueError(f"rules {R.shape} and words {W.shape} make no grammar; give (a, a, a) and (a, w)")
        probabilities(np.concatenate([R.reshape(len(R), -1), W], 1), "what every symbol becomes", 2)
        if vocabulary and len(vocabulary) != W.shape[1]:
            raise ValueError(f"vocabulary has {len(vocabulary)} words for {W.shape[1]}; give one per column of words")
        spans = np.zeros((length + 1, len(W)))
        spans[1:2] = W.sum(1)
        for l in range(2, length + 1):
            spans[l] = sum(np.einsum("abc,b,c->a", R, spans[k], spans[l - k]) for k in range(1, l))
        if not spans[:, 0].sum() > 0:
            raise ValueError(f"no sentence has at most {length} words; give a larger length")
        self.rules, self.words, self.spans = single(R), single(W), single(spans)
        self.length, self.vocabulary = length, tuple(vocabulary) or tuple(f"w{i}" for i in range(W.shape[1]))

    @classmethod
    def english(cls, length: int = 12) -> Self:
        """A small English: noun phrases with adjectives and prepositions, 31 words, the ends of sentences as the 32nd.

        **Args**: `length`: the most words of a sentence.

        **Returns**: the grammar.
        """
        symbols = list(dict.fromkeys([*RULES, *WORDS]))
        vocabulary = list(dict.fromkeys(word for words in WORDS.values() for word in words))
        rules, words = np.zeros((len(symbols),) * 3), np.zeros((len(symbols), len(vocabulary)))
        for symbol, ways in RULES.items():
            for (left, right), p in ways.items():
                rules[symbols.index(symbol), symbols.index(left), symbols.index(right)] = p
        for symbol, spoken in WORDS.items():
            zipf = 1 / np.arange(1, len(spoken) + 1)
            left = 1 - sum(RULES.get(symbol, {}).values())
            for word, p in zip(spoken, left * zipf / zipf.sum(), strict=True):
                words[symbols.index(symbol), vocabulary.index(word)] += p
        return cls(rules, words, length, vocabulary)

    @property
    def symbols(self) -> int:
        """Words, and the end."""
        return self.words.shape[-1] + 1

    def text(self, x: Int[Any, "n length"]) -> list[str]:
        """Sentences to read.

        **Args**: `x`: as `sample` draws them.

        **Returns**: the words up to the end, one string per sentence.
        """
        words = (*self.vocabulary, "")
        return [" ".join(words[w] for w in row).rstrip() for row in np.asarray(x)]

    def sample(self, key: Key[Array, ""], n: int) -> Int32[Array, "n length"]:
        u = jax.random.uniform(key, (n, 2 * self.length, 2), F32)
        return jax.vmap(self._sentence)(u)

    def _sentence(self, u: Float32[Array, "steps 2"]) -> Int32[Array, "length"]:
        """From left to right, with a stack of symbols and of the numbers of words that each will become."""
        T, a = self.length, len(self.words)
        stack = jnp.zeros((T + 1, 2), jnp.int32).at[0, 1].set(pick(u[0, 0], self.spans[:, 0]))
        sizes = jnp.arange(1, T, dtype=jnp.int32)

        def follow(carry, u):
            stack, top, said, sentence = carry
            symbol, size = stack[top]
            word = pick(u[0], self.words, symbol)
            rest = jnp.where(sizes < size, size - sizes, 0)  # no symbol becomes no word
            ways = self.rules[symbol] * self.spans[1:T, :, None] * self.spans[rest][:, None, :]
            way = pick(u[1], ways.reshape(-1))
            k, left, right = way // (a * a) + 1, way // a % a, way % a
            splits, speaks = (top >= 0) & (size > 1), (top >= 0) & (size == 1)
            both = jnp.stack([jnp.stack([right, size - k]), jnp.stack([left, k])]).astype(jnp.int32)
            at = jnp.where(splits, jnp.stack([top, top + 1]), T + 1)
            stack = stack.at[at].set(both, mode="drop")
            sentence = sentence.at[jnp.where(speaks, said, T)].set(word, mode="drop")
            one = jnp.int32(1)
            return (stack, jnp.where(splits, top + one, top - one), said + speaks.astype(jnp.int32), sentence), None

        begun = (stack, jnp.int32(0), jnp.int32(0), jnp.full(T, self.words.shape[-1], jnp.int32))
        return jax.lax.scan(follow, begun, u[1:])[0][3]

    def log_prob(self, x: Int32[Array, "n length"]) -> Float32[Array, "n"]:
        return jax.vmap(self._inside)(x)

    def _inside(self, x: Int32[Array, "length"]) -> Float32[Array, ""]:
        T, end = self.length, self.words.shape[-1]
        spoken = jnp.cumprod((x != end).astype(jnp.int32), dtype=jnp.int32)
        size = jnp.sum(spoken, dtype=jnp.int32)
        said = self.words[:, jnp.minimum(x, end - 1)].T
        scale = jnp.max(said, -1, keepdims=True)  # so that long sentences stay within float32
        place = jnp.arange(T, dtype=jnp.int32)
        table = jnp.zeros((T + 1, T, len(self.words)), F32).at[1].set(said / jnp.where(scale > 0, scale, 1))

        def widen(table, l):
            k = place[1:, None]
            right = table[jnp.maximum(l - k, 0), jnp.minimum(place + k, T - 1)]
            fits = ((k < l) & (place + l <= T))[..., None]
            pairs = jnp.einsum("kib,kic->ibc", table[1:T], jnp.where(fits, right, 0))
            return table.at[l].set(jnp.einsum("abc,ibc->ia", self.rules, pairs)), None

        table = jax.lax.scan(widen, table, jnp.arange(2, T + 1, dtype=jnp.int32))[0]
        whole = (jnp.sum((x != end).astype(jnp.int32), dtype=jnp.int32) == size) & (size > 0)
        logs = jnp.sum(jnp.where(spoken > 0, jnp.log(scale[:, 0]), 0))
        found = jnp.log(table[size, 0, 0]) + logs - jnp.log(jnp.sum(self.spans[:, 0]))
        return jnp.where(whole, found, -jnp.inf)
