# The public names and where they live. `__init__.py` reads this file: it is the only list.
from collapse_jax import laws as laws
from collapse_jax import random as random
from collapse_jax import testing as testing
from collapse_jax.data import Samples as Samples
from collapse_jax.engine.collect import Interrupted as Interrupted
from collapse_jax.engine.grid import Sweep as Sweep
from collapse_jax.engine.processes import distributed as distributed
from collapse_jax.engine.request import Request as Request
from collapse_jax.engine.scan import trajectories as trajectories
from collapse_jax.engine.simulate import simulate as simulate
from collapse_jax.engine.sweep import sweep as sweep
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
from collapse_jax.metrics import FromFirst as FromFirst
from collapse_jax.metrics import HittingTime as HittingTime
from collapse_jax.metrics import PathMetric as PathMetric
from collapse_jax.metrics import SquaredStep as SquaredStep
from collapse_jax.metrics import metric as metric
from collapse_jax.metrics import metrics_for as metrics_for
from collapse_jax.results import Curve as Curve
from collapse_jax.results import Run as Run
from collapse_jax.results import Unsaved as Unsaved
from collapse_jax.results import merge as merge
from collapse_jax.workflows import Accumulate as Accumulate
from collapse_jax.workflows import AccumulateSubsample as AccumulateSubsample
from collapse_jax.workflows import Around as Around
from collapse_jax.workflows import FixedReal as FixedReal
from collapse_jax.workflows import FreshReal as FreshReal
from collapse_jax.workflows import RandomPool as RandomPool
from collapse_jax.workflows import Replace as Replace
from collapse_jax.workflows import ReplaceMultiple as ReplaceMultiple
from collapse_jax.workflows import Window as Window
from collapse_jax.workflows import Workflow as Workflow

__version__: str

def exported(room: str) -> list[str]: ...
