"""Models that draw at a temperature, or from their nucleus only, and are fitted on what was drawn."""

import numpy as np
from jaxtyping import Array, Float

from collapse_jax.families import Family
from collapse_jax.families.tempering import can_be_tempered, tempered
from collapse_jax.workflows._around import Around
from collapse_jax.workflows._workflow import setting


class Tempered(Around):
    r"""Any workflow whose models draw at a temperature and with top-p: $\tau_i \propto p_i^{1/T}$, then the nucleus.

    Of what a model has learnt the law $\tau$ is drawn from; fits see the draws and are not corrected for it. T < 1
    sharpens, T > 1 flattens, and a symbol of probability 0 is never drawn at any temperature. With top-p only the most
    probable symbols are drawn whose probabilities $\tau_i$ sum to at least that much. Real data are as they are.
    Around an `Urn` it is the model of Marchi, Soatto, Chaudhari and Tabuada (2024).

    Categorical models, coins, contexts and Markov chains know how; see `collapse_jax.families.tempering`.

    **Args**: `workflow`: which data the next fit sees; `temperature`: T > 0, a number, which may be traced; `top_p`: in
    (0, 1], a number, which may be traced.

    **Raises**: ValueError for a temperature that is not positive, and a top-p outside (0, 1].
    """

    temperature: Float[Array, ""] | float = 1.0
    top_p: Float[Array, ""] | float = 1.0

    def __check_init__(self):
        cold = "is not a positive number; use T > 0, a small one to draw the mode"
        setting(self.temperature, "temperature", lambda it: 0 < it < np.inf, cold)
        kept = "is no share of probability; use 0 < top_p <= 1, and 1 to keep all"
        setting(self.top_p, "top_p", lambda it: 0 < it <= 1, kept)

    def author(self, model: Family) -> Family:
        return tempered(model, self.temperature, self.top_p)

    def check(self, family: Family, generations: int) -> None:
        if not can_be_tempered(family):
            tempered(family, self.temperature, self.top_p)
        super().check(family, generations)
