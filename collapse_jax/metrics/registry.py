"""How metrics are named, and how they find the formula for a family: one mechanism, which reaches subclasses.

A *quantity* is a function of a model with one implementation per family; a *metric* is a quantity
(model, truth) -> one number per chain with a name in `METRICS`. What is defined for a family follows from what has been
registered, so that `metrics_for` lists nothing by hand.
"""

import inspect
import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import singledispatch, update_wrapper
from typing import Any

from jaxtyping import Array, Float

from collapse_jax.metrics.path import PathMetric
from collapse_jax.results.identity import is_users

__all__ = [
    "METRICS",
    "NOT_NEGATIVE",
    "UNKNOWN",
    "Metric",
    "Quantity",
    "Values",
    "add",
    "code_of",
    "defined",
    "metric",
    "metrics_for",
    "range_of",
    "resolve",
]

Values = Float[Array, "*batch"]
Metric = Callable[[Any, Any], Any]
Bounds = tuple[float, float] | Callable[[Any], tuple[float, float]]

UNKNOWN = (-math.inf, math.inf)
NOT_NEGATIVE = (0.0, math.inf)

METRICS: dict[str, "Metric | PathMetric"] = {}


class Quantity:
    """A function whose implementation depends on the class of its first argument, a model.

    **Args**: `function`: what gives name and description, and, with `on`, the implementation for every family for
    which the quantity `on` is defined; `on`: that quantity; `bounds`: what the number of no chain can leave, infinite
    where unknown: a pair, or a function from the truth to one.

    **Raises**: ValueError, when it is called, for a family for which it is not defined.
    """

    __name__: str

    def __init__(self, function: Callable[..., Any], on: "Quantity | None" = None, bounds: Bounds = UNKNOWN):
        update_wrapper(self, function)
        self._bounds = bounds
        self._default = function
        self._on = on
        self._dispatch = singledispatch(function)
        self._when: dict[Any, Callable[[Any], bool]] = {}

    def register(self, *kinds: type, when: Callable[[Any], bool] | None = None) -> Callable[[Any], Any]:
        """Decorator: the implementation for these families and their subclasses, where `when(model)` holds."""

        def wrap(implementation: Callable[..., Any]) -> Callable[..., Any]:
            for kind in kinds:
                self._dispatch.register(kind, implementation)
            if when is not None:
                self._when[implementation] = when
            return implementation

        return wrap

    def implementation(self, model: Any) -> Callable[..., Any] | None:
        """What is called for this model; None where the quantity is not defined."""
        found = self._dispatch.dispatch(type(model))
        if found is self._default:
            return found if self._on is not None and self._on.implementation(model) is not None else None
        return found if self._when.get(found, lambda _: True)(model) else None

    def bounds(self, truth: Any) -> tuple[float, float]:
        """What the number of no chain that starts from this truth can leave."""
        if callable(self._bounds) and is_users(type(truth)):
            return UNKNOWN  # a fit of its own may leave what ours cannot
        low, high = self._bounds(truth) if callable(self._bounds) else self._bounds
        return float(low), float(high)

    def __call__(self, model: Any, *others: Any) -> Any:
        found = self.implementation(model)
        if found is None:
            raise ValueError(
                f"metric {self.__name__!r} is not defined for {type(model).__name__}; defined are "
                f"{', '.join(metrics_for(model))}"
            )
        return found(model, *others)

    def __repr__(self) -> str:
        return f"<metric {self.__name__}>"


def metric(
    *, on: Quantity | None = None, bounds: Bounds = UNKNOWN, name: str | None = None
) -> Callable[[Callable[..., Any]], Any]:
    """Decorator: a metric under the name of the function, or any callable as a metric under a name of its own.

    `metric(name="spread")(lambda model, truth: ...)` is a metric to hand to `simulate`, and not in `METRICS`; make it
    once, as a lambda made anew for every run is compiled anew.

    **Args**: `on`: the quantity that the function is made of, which decides for which families it holds; without it
    the function is only a description, and every family registers an implementation; `bounds`: as in `Quantity`;
    `name`: what runs call it.

    **Returns**: the decorator, which gives a `Quantity`, or, of a `name`, a function.

    **Raises**: ValueError for a name that is no text, and for `name` and `on` together.
    """
    if name is not None and (on is not None or not isinstance(name, str) or not name):
        raise ValueError(f"name={name!r} is no name of a metric; use a text, and no `on` beside it")

    def wrap(function: Callable[..., Any]) -> Any:
        if name is not None:
            return _Named(function, name)
        quantity = Quantity(function, on, bounds)
        add(function.__name__, quantity)
        return quantity

    return wrap


@dataclass(frozen=True, eq=False)
class _Named:
    """A callable under a name of its own."""

    function: Callable[..., Any]
    __name__: str

    def __post_init__(self):
        if not callable(self.function):
            raise ValueError(
                f"metric(name={self.__name__!r}) was given {self.function!r}; give a callable (model, truth) -> value"
            )

    def __call__(self, model: Any, truth: Any) -> Any:
        return self.function(model, truth)


def add(name: str, metric: Metric | PathMetric) -> None:
    """Give a metric its name.

    **Raises**: ValueError for a name that is taken.
    """
    if name in METRICS:
        raise ValueError(f"there is a metric {name!r} already; choose another name")
    METRICS[name] = metric


def defined(metric: Any, family: Any) -> bool:
    """Whether a metric is defined for a family; of what is not a quantity, that is not known, so yes."""
    if isinstance(metric, PathMetric):
        return all(defined(part, family) for part in vars(metric).values())
    return not isinstance(metric, Quantity) or metric.implementation(family) is not None


def metrics_for(family: Any) -> list[str]:
    """Names of the metrics that are defined for this family.

    **Args**: `family`: a `Family`, or a batch of fitted models.

    **Returns**: names that `simulate` takes, in the order of `METRICS`.
    """
    return [name for name, metric in METRICS.items() if defined(metric, family)]


def range_of(metric: Any, truth: Any, generations: int) -> tuple[float, float]:
    """What the number of no chain can leave in so many generations; infinite where it is not known.

    **Args**: `metric`: a metric, not its name; `truth`: the family the run starts from; `generations`: its horizon.

    **Returns**: (lower, upper).
    """
    if isinstance(metric, PathMetric):
        return metric.bounds(truth, generations)
    return metric.bounds(truth) if isinstance(metric, Quantity) else UNKNOWN


def code_of(metric: Any, family: Any) -> list[Any]:
    """The functions that are run when this metric is measured on this family."""
    if isinstance(metric, PathMetric):
        parts = [part for part in vars(metric).values() if callable(part)]
        return [type(metric), *(code for part in parts for code in code_of(part, family))]
    if not isinstance(metric, Quantity):
        return [metric]
    found = metric.implementation(family)
    below = [] if metric._on is None or found is not metric._default else code_of(metric._on, family)
    return [found, *below]


def resolve(metric: str | Metric | PathMetric) -> tuple[str, Metric | PathMetric]:
    """Name and function of a metric given by name or as a named function.

    **Args**: `metric`: a name in `METRICS`, a path metric, or a function defined with `def`.

    **Returns**: its name and itself.

    **Raises**: ValueError for an unknown name, and for a function without a lasting name.
    """
    if isinstance(metric, str):
        if metric not in METRICS:
            raise ValueError(f"unknown metric {metric!r}; known are {', '.join(METRICS)}")
        return metric, METRICS[metric]
    if isinstance(metric, PathMetric):
        return metric.name, metric
    name = getattr(metric, "__name__", "")
    if not callable(metric) or isinstance(metric, type) or not name or name == "<lambda>":
        raise ValueError(
            "a metric is a name or a named function (model, truth) -> value per chain; "
            "write `def my_metric(model, truth)` instead of a lambda, which would recompile every run, or name it "
            "once: my_metric = collapse_jax.metric(name='my_metric')(lambda model, truth: ...)"
        )
    try:
        inspect.signature(metric).bind(None, None)
    except TypeError:
        raise ValueError(f"metric {name!r} does not take (model, truth); give a function of these two") from None
    except ValueError:  # a callable that does not say what it takes
        pass
    return name, metric
