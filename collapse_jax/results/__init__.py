"""What simulations measured: runs, their moments, and their files. Knows no family, no device and no engine."""

from collapse_jax.results.checkpoint import Checkpoint, Unsaved
from collapse_jax.results.curve import Curve
from collapse_jax.results.estimate import Moments4, binomial_limits, simultaneous_z
from collapse_jax.results.profile import Profile
from collapse_jax.results.record import configuration, describe, versions
from collapse_jax.results.run import Run
from collapse_jax.results.shard import merge
from collapse_jax.results.tally import Tally

__all__ = [
    "Checkpoint",
    "Curve",
    "Moments4",
    "Profile",
    "Run",
    "Tally",
    "Unsaved",
    "binomial_limits",
    "configuration",
    "describe",
    "merge",
    "simultaneous_z",
    "versions",
]
