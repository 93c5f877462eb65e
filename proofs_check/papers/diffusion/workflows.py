"""A diffusion model that has memorised its sample, without its reverse diffusion."""

from typing import Any

import jax.numpy as jnp
from jaxtyping import Array, Float

from collapse_jax import KDE, Around, Family
from collapse_jax.workflows._workflow import setting


class Shrunken(Around):
    r"""Any workflow on kernel density estimates that hand on $c\,x_I + h z$ in place of $x_I + h z$.

    With $c = e^{-t_0}$ and the bandwidth $h = \sqrt{1 - c^2}$ that is what a diffusion model with the score of the
    empirical law generates when it starts at $T = \infty$ and stops at $t_0$.

    **Args**: `workflow`: which data the next fit sees; `keep`: c.

    **Raises**: ValueError for a factor outside [0, 1] and, in a run, for families other than `KDE`.
    """

    keep: Float[Array, ""] | float = 1.0

    def __check_init__(self):
        setting(self.keep, "keep", lambda it: 0 <= it <= 1, "shrinks nothing; use exp(-t_0), in [0, 1]")

    def author(self, model: Any) -> Any:
        return model.replace(points=model.points * jnp.asarray(self.keep, model.dtype))

    def check(self, family: Family, generations: int) -> None:
        if not isinstance(family, KDE):
            raise ValueError(f"Shrunken moves points, which {type(family).__name__} does not keep; use KDE")
        super().check(family, generations)
