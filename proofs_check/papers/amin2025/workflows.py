"""A filter and a labeler between one model and the next."""

from typing import Any

import numpy as np

from collapse_jax import Around


class Relabelled(Around):
    r"""Any workflow on coins, its synthetic data corrected: a 0 becomes a 1 with probability $\beta (1 - \gamma)$.

    **Args**: `workflow`: which data the next fit sees; `beta`: probability that a label is good; `gamma`: that the
    filter misses a bad answer.

    **Raises**: ValueError for what is no probability.
    """

    beta: Any = 0.2
    gamma: Any = 0.0

    def __check_init__(self):
        for name in ("beta", "gamma"):
            value = getattr(self, name)
            if isinstance(value, int | float | np.number) and not 0 <= value <= 1:
                raise ValueError(f"{name}={value!r} is no probability; use a number from 0 to 1")

    def author(self, model: Any) -> Any:
        return model.replace(p=model.p + (1 - model.p) * (self.beta * (1 - self.gamma)))
