"""Learners of one of two languages, as a family: they hear utterances, and sample a language from their posterior."""

from collections.abc import Mapping
from typing import Any, ClassVar

import jax.numpy as jnp
from jaxtyping import Array, Float

from collapse_jax import Family, random
from collapse_jax.families._family import host_array


class Learner(Family):
    r"""Speaks language 1 (`language` = 1) or 2 (0); fitted by one draw from the posterior under the prior `a`.

    An observation is an utterance, 0 for one that both languages share, 1 or 2, and the uniform variate with which a
    learner who hears it first makes its choice.

    **Args**: `language`: 1 or 0; `a`: prior of language 1; `e`: noise; `s`: how often an utterance is shared.
    """

    language: Float[Array, "*batch"]
    a: float = 0.6
    e: float = 0.05
    s: float = 0.2
    parameters: ClassVar[Mapping[str, int]] = {"language": 0}
    ignores_unfilled: ClassVar[bool] = True

    def __init__(self, language: Any = 1.0, a: float = 0.6, e: float = 0.05, s: float = 0.2):
        self.language, self.a, self.e, self.s = host_array(language, "language"), float(a), float(e), float(s)

    def sample(self, key, n):
        shape = (*self.batch_shape, n)
        shared, noise, choice = (random.uniform(k, shape, self.dtype) for k in random.split(key, 3))
        of_one = (self.language[..., None] > 0.5) ^ (noise < self.e)
        return jnp.where(shared < self.s, 0, jnp.where(of_one, 1, 2)), choice

    def fit(self, data):
        heard, choice = data.values
        ratio = jnp.log((1 - self.e) / self.e)
        evidence = data.total((heard == 1) * ratio - (heard == 2) * ratio)
        posterior = self.a / (self.a + (1 - self.a) * jnp.exp(-evidence))
        return self.replace(language=(choice[..., 0] < posterior).astype(self.dtype))

    @property
    def keeps_samples(self) -> bool:
        return True
