"""Rounds of training on a law that is mixed with the truth."""

from typing import Any

import equinox as eqx
import numpy as np

from collapse_jax import Around, Family


def _law(value: Any) -> tuple[float, ...]:
    return tuple(np.asarray(value, float).tolist())


class Refreshed(Around):
    r"""Any workflow on a categorical model, drawing from $a\,p + (1 - a)\,\hat p_t$ in place of $\hat p_t$.

    Each observation is real with probability a, so that their number is random; `FreshReal` fixes it.

    **Args**: `workflow`: which data the next fit sees; `p`: the true law, (s,); `a`: share of fresh data.

    **Raises**: ValueError for a share outside [0, 1] and, in a run, for another number of symbols.
    """

    p: tuple[float, ...] = eqx.field(static=True, converter=_law)
    a: float = eqx.field(static=True, default=0.5)

    def __check_init__(self):
        if not 0 <= self.a <= 1:
            raise ValueError(f"a={self.a!r} is not a share of fresh data; use a number from 0 to 1")

    def check(self, family: Family, generations: int) -> None:
        super().check(family, generations)
        if np.shape(getattr(family, "p", ())) != (len(self.p),):
            raise ValueError(f"p has {len(self.p)} symbols, and the family has others; give its own p")

    def author(self, model: Any) -> Any:
        return model.replace(p=self.a * np.asarray(self.p, model.dtype) + (1 - self.a) * model.p)
