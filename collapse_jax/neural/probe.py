"""What is measured of a net: several numbers from one sample."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import jax.numpy as jnp
from jaxtyping import Array, Float32, Key

from collapse_jax.neural.keys import fold
from collapse_jax.numerics import random

__all__ = ["Probe"]

_KEY = 0x70726F62  # what a probe draws is apart from what a run draws


@dataclass(frozen=True)
class Probe:
    """Several numbers of one net, so that what they are worked out from, such as a sample, is made once.

    Every chain has a key of its own, the same at every generation and in every workflow: what a probe draws does not
    show in the difference of two workflows.

    **Args**: `names`: of the numbers; `measure`: (fitted, truth, key) -> as many numbers, `fitted` being a net with
    `sample(key, n)`, `loss(batch, key)`, `network` and `net`.

    **Raises**: ValueError for names that are none, or that two numbers have.
    """

    names: tuple[str, ...]
    measure: Callable[[Any, Any, Any], Any]

    def __post_init__(self):
        names = (self.names,) if isinstance(self.names, str) else tuple(self.names)
        if not names or len(set(names)) < len(names) or not all(isinstance(name, str) and name for name in names):
            raise ValueError(f"names={self.names!r} do not name numbers; give different names, such as ('kl', 'tail')")
        object.__setattr__(self, "names", names)

    @classmethod
    def of(cls, **measures: Callable[[Any, Any, Any, Any], Any]) -> "Probe":
        """A probe of separate measures (network, net, truth, key) -> number, all given the same key.

        **Args**: `measures`: by the names of their numbers, `Probe.of(kl=measures.kl)`.

        **Returns**: the probe.
        """
        return cls(tuple(measures), _Each(tuple(measures.values())))

    def values(self, model: Any, key: Key[Array, ""]) -> Float32[Array, "numbers chains"]:
        """All numbers of the net of every chain.

        **Args**: `model`: fitted nets; `key`: split among the chains.

        **Returns**: one row per name.

        **Raises**: ValueError if `measure` gives more or fewer numbers than there are names.
        """

        def one(fitted, truth, key):
            found = self.measure(fitted, truth, key)
            numbers = list(found) if isinstance(found, tuple | list) else [found]
            if len(numbers) != len(self.names) or any(jnp.shape(number) for number in numbers):
                shapes = [jnp.shape(number) for number in numbers]
                raise ValueError(f"the probe returned shapes {shapes}; return {len(self.names)} numbers: {self.names}")
            return [jnp.asarray(number, jnp.float32) for number in numbers]

        return jnp.stack(model.each(one, key))

    def metric(self, name: str) -> Callable[[Any, Any], Array]:
        """One of the numbers as a metric of `simulate`, with the keys of a study of one block and seed 0.

        **Args**: `name`: one of `names`.

        **Returns**: a function (model, truth) -> one number per chain.

        **Raises**: ValueError for another name.
        """
        if name not in self.names:
            raise ValueError(f"no number {name!r}; the probe has {', '.join(self.names)}")
        return _Metric(self, self.names.index(name))


@dataclass(frozen=True)
class _Each:
    measures: tuple[Callable[[Any, Any, Any, Any], Any], ...]

    def __call__(self, fitted: Any, truth: Any, key: Any) -> list[Any]:
        return [measure(fitted.network, fitted.net, truth, key) for measure in self.measures]


def probe_key(seed: int, block: int) -> Key[Array, ""]:
    """The key that a block of chains is measured with."""
    return fold(random.key(_KEY), seed, block)


@dataclass(frozen=True)
class _Metric:
    """One number of a probe, with the name that a run records it by."""

    probe: Probe
    index: int

    @property
    def __name__(self) -> str:
        return self.probe.names[self.index]

    def __call__(self, model: Any, truth: Any) -> Array:
        del truth
        return self.probe.values(model, probe_key(0, 0))[self.index]
