"""Truths: where real data come from, with exact densities wherever there is one."""

from collapse_jax.neural.truths.digits import Digits, Judge
from collapse_jax.neural.truths.grammar import Grammar
from collapse_jax.neural.truths.hidden_markov import HiddenMarkov
from collapse_jax.neural.truths.next_token import NextToken
from collapse_jax.neural.truths.normals import Normals, eight_gaussians, two_moons
from collapse_jax.neural.truths.torus import Torus

__all__ = [
    "Digits",
    "Grammar",
    "HiddenMarkov",
    "Judge",
    "NextToken",
    "Normals",
    "Torus",
    "eight_gaussians",
    "two_moons",
]
