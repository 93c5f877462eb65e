r"""What one asks of the constructions and of Beta fits: functions (model, truth) -> one value per chain, shape (*batch).

Plain arithmetic on fields of the model, so that naming a metric imports no JAX.
"""

from typing import Any

__all__ = ["alpha", "collapsed", "furthest", "relative", "relative_error", "sacrificed"]


def alpha(model: Any, truth: Any) -> Any:
    r"""The parameter $\alpha$ of `SecondFitCollapse`."""
    return _field(model, "alpha")


def collapsed(model: Any, truth: Any) -> Any:
    r"""Whether $\alpha > 1/10$, where the spike starts to narrow, or an interval beyond 0 has been visited."""
    return _field(model, "furthest") > 0 if hasattr(model, "alphas") else _field(model, "alpha") > 0.1


def sacrificed(model: Any, truth: Any) -> Any:
    r"""Whether the most likely $\alpha$ exceeds (1 - max x) / 2, giving up the largest observation."""
    return _field(model, "alpha") > _field(model, "edge")


def furthest(model: Any, truth: Any) -> Any:
    """The furthest interval that `SlowCollapse` has visited; 0 at the first fit."""
    return _field(model, "furthest")


def relative(model: Any, truth: Any) -> Any:
    r"""$\theta / \theta^*$ of a Beta law; its distribution is free of $\theta^*$."""
    return _field(model, "theta") / truth.theta


def relative_error(model: Any, truth: Any) -> Any:
    r"""$|\theta / \theta^* - 1|$ of a Beta law, in units of $\theta^*$."""
    return abs(relative(model, truth) - 1)


def _field(model: Any, name: str) -> Any:
    if not hasattr(model, name):
        raise ValueError(
            f"{type(model).__name__} has no {name}; use the metric with a family of this paper that has it"
        )
    return getattr(model, name)
