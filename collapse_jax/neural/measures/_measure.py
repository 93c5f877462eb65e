"""Measures: numbers that say how far a net is from the truth, each by itself or several from one sample."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import jax
from jaxtyping import Array, Float32, Key

from collapse_jax.neural.network import Network
from collapse_jax.neural.truth import Truth

Measure = Callable[..., Float32[Array, ""]]


@dataclass(frozen=True)
class OfSample:
    """A measure that looks at a sample of the net.

    **Args**: `of`: (network, net, truth, x) -> number; `n`: the size of the sample x.
    """

    of: Callable[..., Float32[Array, ""]]
    n: int

    def __call__(self, network: Network, net: Any, truth: Truth, key: Key[Array, ""]) -> Float32[Array, ""]:
        return self.of(network, net, truth, network.sample(net, key, self.n))


class Together:
    """Several measures that share one sample of the net, as what a probe measures: (fitted, truth, key) -> numbers.

    It is as large as the largest of them asks for; the others see the first observations of it.

    **Args**: `measures`: by the names of their numbers.

    **Raises**: ValueError without any.
    """

    def __init__(self, **measures: Measure):
        if not measures:
            raise ValueError("no measures were given; name some, such as Together(kl=histogram_kl)")
        self.names, self._measures = tuple(measures), tuple(measures.values())

    def __call__(self, fitted: Any, truth: Truth, key: Key[Array, ""]) -> list[Float32[Array, ""]]:
        network, net = fitted.network, fitted.net
        sizes = [one.n for one in self._measures if isinstance(one, OfSample)]
        x = network.sample(net, key, max(sizes)) if sizes else None

        def number(one):
            if not isinstance(one, OfSample):
                return one(network, net, truth, key)
            return one.of(network, net, truth, jax.tree.map(lambda leaf: leaf[: one.n], x))

        return [number(one) for one in self._measures]
