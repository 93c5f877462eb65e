"""Recursive fitting of generative models, at scale and beside its theory.

Four nouns and one verb: `simulate` a `Family` under a `Workflow`, record named metrics, compare with a law from
`collapse_jax.laws`. Names are loaded on first use, so that importing the package does not import JAX.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from collapse_jax._checkpoint import Unsaved as Unsaved
    from collapse_jax._collect import Interrupted as Interrupted
    from collapse_jax._processes import distributed as distributed
    from collapse_jax._run import Run as Run
    from collapse_jax._scan import trajectories as trajectories
    from collapse_jax._shard import merge as merge
    from collapse_jax._simulate import simulate as simulate
    from collapse_jax._sweep import Sweep as Sweep
    from collapse_jax._sweep import sweep as sweep
    from collapse_jax.data import Samples as Samples
    from collapse_jax.families import Bernoulli as Bernoulli
    from collapse_jax.families import Beta as Beta
    from collapse_jax.families import Categorical as Categorical
    from collapse_jax.families import Contexts as Contexts
    from collapse_jax.families import Exponential as Exponential
    from collapse_jax.families import Family as Family
    from collapse_jax.families import Gaussian as Gaussian
    from collapse_jax.families import LinearRegression as LinearRegression
    from collapse_jax.families import LogisticRegression as LogisticRegression
    from collapse_jax.families import Poisson as Poisson
    from collapse_jax.families import TruncatedGeometric as TruncatedGeometric
    from collapse_jax.metrics import METRICS as METRICS
    from collapse_jax.metrics import metrics_for as metrics_for
    from collapse_jax.path_metrics import FromFirst as FromFirst
    from collapse_jax.path_metrics import HittingTime as HittingTime
    from collapse_jax.path_metrics import PathMetric as PathMetric
    from collapse_jax.path_metrics import SquaredStep as SquaredStep
    from collapse_jax.workflows import Accumulate as Accumulate
    from collapse_jax.workflows import AccumulateSubsample as AccumulateSubsample
    from collapse_jax.workflows import FixedReal as FixedReal
    from collapse_jax.workflows import FreshReal as FreshReal
    from collapse_jax.workflows import RandomPool as RandomPool
    from collapse_jax.workflows import Replace as Replace
    from collapse_jax.workflows import ReplaceMultiple as ReplaceMultiple
    from collapse_jax.workflows import Window as Window
    from collapse_jax.workflows import Workflow as Workflow

_PUBLIC = {
    "data": ["Samples"],
    "families": [
        "Bernoulli",
        "Beta",
        "Categorical",
        "Contexts",
        "Exponential",
        "Family",
        "Gaussian",
        "LinearRegression",
        "LogisticRegression",
        "Poisson",
        "TruncatedGeometric",
    ],
    "metrics": ["METRICS", "metrics_for"],
    "path_metrics": ["FromFirst", "HittingTime", "PathMetric", "SquaredStep"],
    "_checkpoint": ["Unsaved"],
    "_collect": ["Interrupted"],
    "_processes": ["distributed"],
    "_run": ["Run"],
    "_scan": ["trajectories"],
    "_shard": ["merge"],
    "_simulate": ["simulate"],
    "_sweep": ["Sweep", "sweep"],
    "workflows": [
        "Accumulate",
        "AccumulateSubsample",
        "FixedReal",
        "FreshReal",
        "RandomPool",
        "Replace",
        "ReplaceMultiple",
        "Window",
        "Workflow",
    ],
}
_HOME = {name: module for module, names in _PUBLIC.items() for name in names}

__all__ = sorted(_HOME)  # pyright: ignore[reportUnsupportedDunderAll]


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'collapse_jax' has no attribute {name!r}")
    return getattr(import_module(f"collapse_jax.{_HOME[name]}"), name)


def __dir__() -> list[str]:
    return [*globals(), *__all__]
