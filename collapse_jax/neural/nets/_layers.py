"""Layers that several nets are made of, in single precision; nothing in them but arrays."""

from typing import Any

import equinox as eqx
import jax
import jax.numpy as jnp
from jaxtyping import Array, Float32, Key

from collapse_jax.neural._single import F32


def linear(into: int, out: int, key: Key[Array, ""]) -> eqx.nn.Linear:
    """An affine map."""
    return eqx.nn.Linear(into, out, key=key, dtype=F32)


def rows(layer: Any, x: Float32[Array, "*batch into"]) -> Float32[Array, "*batch out"]:
    """An affine map of the last axis."""
    return x @ layer.weight.T + layer.bias


class Perceptron(eqx.Module):
    """An affine map after hidden layers."""

    layers: tuple[eqx.nn.Linear, ...]

    @classmethod
    def fresh(cls, into: int, out: int, width: int, depth: int, key: Key[Array, ""]) -> "Perceptron":
        sizes = [into, *[width] * depth, out]
        keys = jax.random.split(key, depth + 1)
        return cls(tuple(linear(into, out, key) for into, out, key in zip(sizes[:-1], sizes[1:], keys, strict=True)))

    def __call__(self, x: Float32[Array, "*batch into"]) -> Float32[Array, "*batch out"]:
        for layer in self.layers[:-1]:
            x = jax.nn.silu(rows(layer, x))
        return rows(self.layers[-1], x)


def normal_log_prob(z: Float32[Array, "*batch d"]) -> Float32[Array, "*batch"]:
    """The log density of a standard normal law."""
    return -0.5 * jnp.sum(z**2 + jnp.log(jnp.asarray(2 * jnp.pi, F32)), -1)
