"""Language models of the simplest kind: a Markov chain over symbols, fitted on a text by the frequencies of n-grams."""

from collections.abc import Hashable, Iterable, Mapping
from typing import Any, ClassVar, Literal, Self, get_args

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float, Int, Key

from collapse_jax.data import Counts, Samples
from collapse_jax.families import corpus
from collapse_jax.families._family import Family, share, whole
from collapse_jax.families.categorical import visited
from collapse_jax.numerics import random
from collapse_jax.numerics.simplex import probabilities

Unseen = Literal["keep", "uniform", "marginal"]


class Markov(Family):
    r"""A Markov chain over s symbols whose context is the last k - 1 of them: a bigram model (k = 2), an n-gram model.

    A sample is one text of n symbols after a first context, which is drawn from the law of contexts; an observation is
    a context and the symbol that follows. Fitted by frequencies, $\hat p_{jk} = c_{jk} / c_j$ and
    $\hat w_j = c_j / n$, $c_{jk}$ being how often symbol k followed context j. What the row of a context becomes that
    the text does not show is a convention, and the last symbol of a text may lead there: `unseen="keep"` its previous
    row, "uniform" the uniform law, "marginal" the frequencies of all symbols in the text.

    Counts of transitions suffice, but their law is not cheap, so both engines would draw symbol by symbol:
    `engine="literal"`. Workflows that pick observations (`RandomPool`) draw contexts apart, not a text.

    **Args**: `p`: rows of transition probabilities, (s^(k-1), s); the context $x_1 \ldots x_{k-1}$ has the row
    $\sum_i x_i s^{k-1-i}$; `weights`: the law of contexts, (s^(k-1),), uniform by default; `unseen`: the convention.

    **Raises**: ValueError for rows or weights that are no probabilities, a number of rows that is no power of s, and an
    unknown convention.
    """

    p: Float[Array, "*batch c s"]
    weights: Float[Array, "*batch c"]
    unseen: Unseen = eqx.field(static=True)
    parameters: ClassVar[Mapping[str, int]] = {"p": 2, "weights": 1}
    ignores_unfilled: ClassVar[bool] = True

    def __init__(self, p: Any, weights: Any = None, *, unseen: Unseen):
        self.p = probabilities(p, "p", 2)
        c, s = self.p.shape
        if s < 2 or s ** (self.order_of(c, s) - 1) != c:
            raise ValueError(f"p has {c} rows for {s} symbols; give s >= 2, and s, s^2, .. rows, one per context")
        self.weights = probabilities(np.full(c, 1 / c) if weights is None else weights, "weights")
        if self.weights.shape != (c,):
            raise ValueError(f"weights has {self.weights.size} entries for {c} contexts; give one per row of p")
        if unseen not in get_args(Unseen):
            raise ValueError(f"unseen={unseen!r} is unknown; use one of {', '.join(get_args(Unseen))}")
        self.unseen = unseen

    @staticmethod
    def order_of(c: int, s: int) -> int:
        """k, for c contexts over s symbols: the least with s^(k-1) >= c, at least 2."""
        k = 2
        while s > 1 and s ** (k - 1) < c:
            k += 1
        return k

    @classmethod
    def of(cls, symbols: Iterable[Hashable], k: int = 2, *, unseen: Unseen) -> Self:
        """The k-gram model of a sequence of symbols, numbered in sorted order.

        The sequence is read as a circle, so that every context in it is followed by something.

        **Args**: `symbols`: the sequence, such as a string or a list of words; `k`: length of the n-grams; `unseen`:
        as above.

        **Returns**: the model; contexts that do not occur have a uniform row and weight 0, and are never reached.

        **Raises**: ValueError for fewer than two different symbols, and for more than 10^8 transition probabilities.
        """
        sequence, k = list(symbols), whole(k, "k", "a length of n-grams")
        alphabet: dict[Any, int] = {symbol: i for i, symbol in enumerate(sorted(set(sequence), key=_key))}
        s = len(alphabet)
        if s < 2 or k < 2:
            raise ValueError(f"{s} symbols and k={k} make no chain; give a text of at least two symbols, and k >= 2")
        if s**k > 10**8:
            raise ValueError(f"{s} symbols make {s}^{k} transition probabilities; use a smaller k, or characters")
        text = np.array([alphabet[symbol] for symbol in sequence])
        context = np.sum([np.roll(text, k - 1 - i) * s ** (k - 2 - i) for i in range(k - 1)], 0)
        counts = np.zeros((s ** (k - 1), s))
        np.add.at(counts, (context, text), 1)  # pyright: ignore[reportArgumentType]
        visits = counts.sum(1)
        rows = np.where(visits[:, None] > 0, counts / np.maximum(visits, 1)[:, None], 1 / s)
        return cls(rows, visits / len(text), unseen=unseen)

    @classmethod
    def of_text(
        cls, text: str | None = None, k: int = 2, *, unseen: Unseen, by: Literal["characters", "words"] = "characters"
    ) -> Self:
        """The k-gram model of a text, by default the Zen of Python, which comes with every Python.

        Letters are made small, everything that is no letter becomes one space.

        **Args**: `text`: the text; `k`: length of the n-grams; `unseen`: as above; `by`: what a symbol is.

        **Returns**: the model.

        **Raises**: ValueError for an unknown `by`, and as `of` does.
        """
        text = corpus.zen() if text is None else text
        if by not in ("characters", "words"):
            raise ValueError(f"by={by!r} is unknown; use 'characters' or 'words'")
        return cls.of(corpus.characters(text) if by == "characters" else corpus.words(text), k, unseen=unseen)

    @property
    def s(self) -> int:
        return self.p.shape[-1]

    def sample(self, key: Key[Array, ""], n: int) -> tuple[Int[Array, "*batch n"], Int[Array, "*batch n"]]:
        first_key, text_key = random.split(key)
        contexts, s = self.p.shape[-2:]
        first = random.categorical(first_key, self.weights, 1)[..., 0]
        wide = jnp.result_type(float)
        cumulative = jnp.cumsum(self.p.astype(wide), -1)
        u = random.uniform(text_key, (n, *self.batch_shape), wide)

        def follow(context, u):
            row = jnp.take_along_axis(cumulative, context[..., None, None], -2)[..., 0, :]
            symbol = jnp.sum(u[..., None] * row[..., -1:] >= row, -1).astype(jnp.int32)
            return (context * s + symbol) % contexts, (context, symbol)

        pairs = jax.lax.scan(follow, first, u)[1]
        return tuple(jnp.moveaxis(part, 0, -1) for part in pairs)  # pyright: ignore[reportReturnType]

    def reduce(self, data: Samples) -> Counts:
        return Counts(visited(data, self.p.shape[-2], self.p.shape[-1], self.dtype))

    def fit(self, data: Samples | Counts) -> Self:
        counts = (data if isinstance(data, Counts) else self.reduce(data)).counts
        visits = jnp.sum(counts, -1, keepdims=True)
        number = jnp.sum(visits, (-2, -1))
        fallback = self.p
        if self.unseen == "uniform":
            fallback = 1 / self.s
        elif self.unseen == "marginal":
            fallback = share(jnp.sum(counts, -2, keepdims=True), number[..., None, None])
        rows = jnp.where(visits > 0, share(counts, jnp.where(visits > 0, visits, 1)), fallback)
        return self.replace(p=rows, weights=share(visits[..., 0], number[..., None]))


def _key(symbol: Any) -> tuple[str, str]:
    """An order of symbols that does not depend on the run, of different kinds too."""
    return type(symbol).__name__, str(symbol) if not isinstance(symbol, int) else f"{symbol:+021d}"
