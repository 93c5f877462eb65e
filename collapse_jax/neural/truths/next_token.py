"""A table of next tokens: contexts at random, and a law of the next symbol for each."""

from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float32, Int32, Key

from collapse_jax.neural._single import F32, pick, single
from collapse_jax.neural.truth import Truth
from collapse_jax.numerics.simplex import probabilities


class NextToken(Truth):
    r"""Pairs of a context j, drawn with probability $w_j$, and the symbol that follows it, $P(k \mid j) = p_{jk}$.

    **Args**: `p`: rows of probabilities, (c, s); `weights`: those of the contexts, (c,), uniform by default.

    **Raises**: ValueError for rows or weights that are no laws.
    """

    p: Float32[Array, "c s"]
    weights: Float32[Array, "c"]

    def __init__(self, p: Any, weights: Any = None):
        rows = probabilities(p, "p", 2)
        self.p = single(rows)
        given = np.full(len(rows), 1 / len(rows)) if weights is None else weights
        self.weights = single(probabilities(given, "weights"))
        if len(self.weights) != len(rows):
            raise ValueError(f"weights has {len(self.weights)} entries for {len(rows)} contexts; give one per row of p")

    def sample(self, key: Key[Array, ""], n: int) -> tuple[Int32[Array, "n"], Int32[Array, "n"]]:
        first, second = jax.random.uniform(key, (2, n), F32)
        context = pick(first, self.weights)
        return context, pick(second, self.p, context)

    def log_prob(self, x: tuple[Int32[Array, "n"], Int32[Array, "n"]]) -> Float32[Array, "n"]:
        context, symbol = x
        return jnp.log(self.weights[context]) + jnp.log(self.p[context, symbol])
