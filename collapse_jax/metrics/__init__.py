r"""Named functions (model, truth) -> one number per chain.

`model` is the batch of fitted models, `truth` the family the run started from. A metric of your own is any named
function of that form; those here dispatch on the family and raise `ValueError` where a quantity is not defined.
`METRICS` maps names to them. Squared distances are reported as squares, because that is what the theorems bound.
"""

# isort: off
# In the order in which METRICS lists them.
from collapse_jax.metrics.registry import METRICS, Metric, Quantity, defined, metric, metrics_for, range_of, resolve
from collapse_jax.metrics.errors import covariance_error, mean_error, natural_error, risk, squared_error
from collapse_jax.metrics.moments import det, log_det, log_variance, trace, variance
from collapse_jax.metrics.discrete import absorbed, collapse_time, entropy, sum_of_squares, support_size
from collapse_jax.metrics.divergences import kl_forward, kl_reverse, l1, tv, w2
from collapse_jax.metrics.density import ise, nll
from collapse_jax.metrics.classification import accuracy, score, squared_score
from collapse_jax.metrics.path import FromFirst, HittingTime, PathMetric, Since, SquaredStep

# isort: on

__all__ = [
    "METRICS",
    "FromFirst",
    "HittingTime",
    "Metric",
    "PathMetric",
    "Quantity",
    "Since",
    "SquaredStep",
    "absorbed",
    "accuracy",
    "collapse_time",
    "covariance_error",
    "defined",
    "det",
    "entropy",
    "ise",
    "kl_forward",
    "kl_reverse",
    "l1",
    "log_det",
    "log_variance",
    "mean_error",
    "metric",
    "metrics_for",
    "natural_error",
    "nll",
    "range_of",
    "resolve",
    "risk",
    "score",
    "squared_error",
    "squared_score",
    "sum_of_squares",
    "support_size",
    "trace",
    "tv",
    "variance",
    "w2",
]
