"""Workflows: which data the next fit sees."""

from collapse_jax.workflows._around import Around
from collapse_jax.workflows._workflow import Source, Workflow, fit
from collapse_jax.workflows.curated import Curated
from collapse_jax.workflows.linear import Linear
from collapse_jax.workflows.mixed import FixedReal, FreshReal
from collapse_jax.workflows.synthetic import (
    Accumulate,
    AccumulateSubsample,
    RandomPool,
    Replace,
    ReplaceMultiple,
    Window,
)

__all__ = [
    "Accumulate",
    "AccumulateSubsample",
    "Around",
    "Curated",
    "FixedReal",
    "FreshReal",
    "Linear",
    "RandomPool",
    "Replace",
    "ReplaceMultiple",
    "Source",
    "Window",
    "Workflow",
    "fit",
]
