"""Workflows: which data the next fit sees."""

from collapse_jax.workflows._around import Around
from collapse_jax.workflows._workflow import Source, Workflow, fit
from collapse_jax.workflows.biased import Biased
from collapse_jax.workflows.corrected import Corrected
from collapse_jax.workflows.mixed import FixedReal, FreshReal
from collapse_jax.workflows.recent import RecentModels
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
    "Biased",
    "Corrected",
    "FixedReal",
    "FreshReal",
    "RandomPool",
    "RecentModels",
    "Replace",
    "ReplaceMultiple",
    "Source",
    "Window",
    "Workflow",
    "fit",
]
