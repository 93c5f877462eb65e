"""Workflows: which data the next fit sees."""

from collapse_jax.workflows._around import Around
from collapse_jax.workflows._workflow import Source, Workflow, fit
from collapse_jax.workflows.biased import Biased
from collapse_jax.workflows.contaminated import Contaminated
from collapse_jax.workflows.corrected import Corrected
from collapse_jax.workflows.curated import Curated
from collapse_jax.workflows.edited import Edited
from collapse_jax.workflows.linear import Linear
from collapse_jax.workflows.mixed import FixedReal, FreshReal
from collapse_jax.workflows.recent import RecentModels
from collapse_jax.workflows.spectral import Diffused, Spectral
from collapse_jax.workflows.synthetic import (
    Accumulate,
    AccumulateSubsample,
    RandomPool,
    Replace,
    ReplaceMultiple,
    Window,
)
from collapse_jax.workflows.tempered import Tempered
from collapse_jax.workflows.urn import Urn
from collapse_jax.workflows.verified import SelfLabelled, Verified

__all__ = [
    "Accumulate",
    "AccumulateSubsample",
    "Around",
    "Biased",
    "Contaminated",
    "Corrected",
    "Curated",
    "Diffused",
    "Edited",
    "FixedReal",
    "FreshReal",
    "Linear",
    "RandomPool",
    "RecentModels",
    "Replace",
    "ReplaceMultiple",
    "SelfLabelled",
    "Source",
    "Spectral",
    "Tempered",
    "Urn",
    "Verified",
    "Window",
    "Workflow",
    "fit",
]
