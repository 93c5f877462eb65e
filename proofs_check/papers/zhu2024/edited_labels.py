"""Labels of a design that are edited in place: the protocol of the paper's theorems."""

from collections.abc import Sequence
from typing import Any

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Int, Key

from collapse_jax import Family, LinearRegression, Workflow
from collapse_jax.workflows import Source
from collapse_jax.workflows.contaminated import either

__all__ = ["EditedLabels"]


def _edits(given: Any) -> Any:
    if isinstance(given, jax.Array):
        return given
    pairs = np.array(given) if isinstance(given, Sequence | np.ndarray) else np.zeros(0)
    if pairs.ndim != 2 or pairs.shape[-1] != 2 or not np.all((pairs[:, 0] >= 0) & (pairs[:, 0] <= pairs[:, 1])):
        raise ValueError(f"edits={given!r} says no rows; give pairs (first, end) with 0 <= first <= end, one per edit")
    return pairs.astype(np.int64)


class EditedLabels(Workflow):
    r"""Fit 1 sees real labels; before fit t + 1 the rows `first` .. `end` - 1 of edit t get labels of model t.

    An edited label is the prediction with new noise; the others stay as they are. The design is one X for ever, so that a
    row keeps its covariates.

    **Args**: `n`: rows, one number; `edits`: pairs (first, end), one per fit from the second on, the last of which
    repeats.

    **Raises**: ValueError for edits that are no rows, and, in a run, for rows beyond n, fresh designs and other families.
    """

    edits: Int[Array, "edits 2"] = eqx.field(converter=_edits, default=((0, 1),))
    needs_samples = True

    def start(self, key: Key[Array, ""], truth: Any, n: Any, source: Source) -> tuple[Any, Any]:
        labels = source.real(key, truth, n)
        return labels, truth.fit(labels)

    def step(self, key: Key[Array, ""], t: Array, n: Any, memory: Any, model: Any, source: Source) -> tuple[Any, Any]:
        fresh = source.draw(key, model, n)
        first, end = jnp.asarray(self.edits)[jnp.minimum(t - 2, len(self.edits) - 1)]
        row = jnp.arange(fresh.slots)
        edited = jnp.broadcast_to((row >= first) & (row < end), (*model.batch_shape, fresh.slots))
        labels = either(edited, fresh, memory)
        return labels, model.fit(labels)

    def check(self, family: Family, generations: int) -> None:
        sizes = self.schedule(generations)
        if len(set(sizes)) > 1 or np.max(self.edits) > sizes[0]:
            raise ValueError("EditedLabels keeps n rows for ever; give n as one number, and edits of rows below it")
        if not isinstance(family, LinearRegression) or not family.shares_design:
            raise ValueError("EditedLabels edits labels of a design; use LinearRegression with design='shared'")
