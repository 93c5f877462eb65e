r"""Fitting a form to what was observed: weighted least squares, a test of fit, and intervals of the constants.

Constants that enter linearly are solved for; the others are searched from several starts. With N points and k free
constants the squared distance is $\chi^2_{N-k}$ if the form holds (Hotelling's correction for the estimated covariance
included), so the form is dropped where that exceeds its 1 - alpha quantile: the true form is dropped with probability
alpha.
"""

import inspect
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from itertools import product
from typing import Any

import numpy as np
from scipy import optimize, special

from proofs_check.conjecture.forms import Form
from proofs_check.conjecture.guess import Guess, guess
from proofs_check.conjecture.observed import Observed, table
from proofs_check.conjecture.problem import Conjecture

__all__ = ["Fit", "Model", "fit", "guessed", "of_formula", "tail"]

_SEARCHED = 2  # of the starts, the best
_FAR = 1e12


@dataclass(frozen=True)
class Model:
    """A form beside a design: which parameter is its size, and which others enter as powers.

    **Args**: `form`; `size`: the name of the size, "" for none; `powers`: further parameters, each of which multiplies
    the form as x^e_x.
    """

    form: Form
    size: str
    powers: tuple[str, ...] = ()

    @property
    def linear(self) -> tuple[str, ...]:
        return self.form.linear

    @property
    def others(self) -> tuple[str, ...]:
        """Constants that are searched."""
        return (*self.form.starts, *(f"e_{name}" for name in self.powers))

    @property
    def constants(self) -> tuple[str, ...]:
        return (*self.linear, *self.others)

    @property
    def starts(self) -> dict[str, tuple[float, ...]]:
        return {**self.form.starts, **{f"e_{name}": (-1.0, 0.0, 1.0) for name in self.powers}}

    def at(self, t: int, parameters: Mapping[str, Any], constants: Mapping[str, Any]) -> Any:
        """The value.

        **Args**: `t`: generation; `parameters`: of the design; `constants`: of the form, and the powers.

        **Returns**: a number, or an array where the parameters are arrays.
        """
        own = [constants[name] for name in self.form.constants]
        value = self.form.value(t, parameters[self.size] if self.size else 1, *own)
        for name in self.powers:
            value = value * parameters[name] ** constants[f"e_{name}"]
        return value


@dataclass(frozen=True)
class _Formula(Model):
    """A form that reads its parameters by name."""

    def at(self, t: int, parameters: Mapping[str, Any], constants: Mapping[str, Any]) -> Any:
        return self.form.value(t, parameters, *(constants[name] for name in self.form.constants))


@dataclass(frozen=True, eq=False)
class Fit:
    """A form fitted to what was observed.

    **Fields**: `model`; `constants`: the fitted values; `low`, `high`: their simultaneous limits, those of a guess from
    before it was made;
    `distance`: squared, in units of the errors; `freedom`: its degrees of freedom; `p`: how likely a distance so large
    is if the form holds; `guesses`: of constants that are fixed at one; `covariance`: of the free constants.
    """

    model: Model
    constants: dict[str, float]
    low: dict[str, float]
    high: dict[str, float]
    distance: float
    freedom: int
    p: float
    covariance: np.ndarray
    guesses: dict[str, Guess] = field(default_factory=dict)

    @property
    def free(self) -> tuple[str, ...]:
        """The constants that are no guess."""
        return tuple(name for name in self.model.constants if name not in self.guesses)

    def table(self, observed: Observed, **constants: float) -> np.ndarray:
        """The fitted law at the points of an observation, with some constants replaced.

        **Args**: `observed`: the points; `constants`: other values.

        **Returns**: numbers, (C, P).
        """
        return _table(self.model, observed, {**self.constants, **constants})

    def gradient(self, observed: Observed) -> np.ndarray:
        """Derivatives by the free constants in whitened units, (points, k).

        **Args**: `observed`: the points.

        **Returns**: one column per free constant.
        """
        return _gradient(self.model, observed, self.constants, self.free)


def fit(model: Model, observed: Observed, alpha: float, fixed: Mapping[str, Guess] | None = None) -> Fit | None:
    """The best constants of a form.

    **Args**: `model`; `observed`: the points; `alpha`: error probability of all intervals together; `fixed`: guesses.

    **Returns**: the fit; None where the form has as many constants as there are points, or no finite value.
    """
    fixed = fixed or {}
    known = {name: one.value for name, one in fixed.items()}
    linear = [name for name in model.linear if name not in fixed]
    others = [name for name in model.others if name not in fixed]
    free = [name for name in model.constants if name not in fixed]
    freedom = observed.points - len(free)
    if freedom < 1:
        return None
    target = observed.whitened(np.nan_to_num(observed.mean))

    def solved(values: Any) -> tuple[dict[str, float], np.ndarray]:
        constants = {**known, **dict(zip(others, values, strict=True)), **dict.fromkeys(linear, 0.0)}
        base = _whitened(model, observed, constants)
        if linear:
            columns = [_whitened(model, observed, {**constants, name: 1.0}) - base for name in linear]
            basis = np.stack(columns, 1)
            if not np.all(np.isfinite(basis)):
                return constants, np.full(target.shape, _FAR)
            constants |= zip(linear, map(float, np.linalg.lstsq(basis, target - base)[0]), strict=True)
        left = target - _whitened(model, observed, constants)
        return constants, np.where(np.isfinite(left), left, _FAR)

    constants, left = _searched(solved, [model.starts[name] for name in others], _bounds(model, others))
    distance = float(left @ left)
    if not distance < _FAR:
        return None
    jacobian = _gradient(model, observed, constants, free)
    covariance = _covariance(jacobian)
    half = -special.ndtri(alpha / (2 * max(1, len(model.constants)))) * np.sqrt(np.maximum(np.diag(covariance), 0))
    low = {name: constants[name] - float(h) for name, h in zip(free, half, strict=True)}
    high = {name: constants[name] + float(h) for name, h in zip(free, half, strict=True)}
    p = tail(distance, freedom, observed)
    return Fit(model, constants, low, high, distance, freedom, p, covariance, dict(fixed))


def tail(distance: float, freedom: int, observed: Observed) -> float:
    """The probability of a squared distance at least so large, the covariances being estimated from the chains.

    **Args**: `distance`: squared; `freedom`: degrees; `observed`: for the number of chains and of points per cell.

    **Returns**: a probability.
    """
    per_cell = observed.points / len(observed.cells)
    return float(special.chdtrc(freedom, distance * max(0.0, 1 - (per_cell + 1) / observed.chains)))


def guessed(found: Fit, observed: Observed, alpha: float, level: float, named: Mapping[str, float]) -> Fit:
    """The fit with those constants fixed at which a guess can be made, the surest first.

    **Args**: `found`: a fit; `observed`: its points; `alpha`: of the intervals; `level`: of the test of fit, which the
    guesses have to pass together; `named`: constants of the user's own.

    **Returns**: a fit with guesses, or the same.
    """
    while True:
        proposals = {name: guess(found.low[name], found.high[name], named) for name in found.free}
        sound = {name: one for name, one in proposals.items() if one is not None}
        better = None
        for name, one in sorted(sound.items(), key=lambda pair: (pair[1].chance, pair[1].cost)):
            tried = fit(found.model, observed, alpha, {**found.guesses, name: one})
            if tried is not None and tried.p >= level:
                better = replace(tried, low={**found.low, **tried.low}, high={**found.high, **tried.high})
                break
        if better is None:
            return found
        found = better


def of_formula(conjecture: Conjecture, size: str) -> Model:
    """The formula of the user as a form of all parameters that it names.

    **Args**: `conjecture`: with a formula; `size`: the first parameter.

    **Returns**: a model whose form takes the parameters of the design as its size.
    """
    formula = conjecture.formula
    assert formula is not None
    starts = {name: tuple(sorted({value, value / 3, 3 * value, -value})) for name, value in conjecture.free.items()}
    wanted = [name for name in inspect.signature(formula).parameters if name in conjecture.design]

    def value(t: Any, n: Any, *constants: Any) -> Any:
        given = dict(zip(starts, constants, strict=True))
        return formula(t=t, **{name: n[name] for name in wanted}, **given)

    form = Form("formula", r"\text{the formula given}", value, (), starts)
    return _Formula(form, size)


def _table(model: Model, observed: Observed, constants: Mapping[str, float]) -> np.ndarray:
    return table(observed, lambda t: model.at(t, observed.parameters, constants))


def _whitened(model: Model, observed: Observed, constants: Mapping[str, float]) -> np.ndarray:
    return observed.whitened(_table(model, observed, constants))


def _gradient(model: Model, observed: Observed, constants: Mapping[str, float], free: Any) -> np.ndarray:
    columns = []
    for name in free:
        step = 1e-5 * max(abs(constants[name]), 0.1)
        up = _whitened(model, observed, {**constants, name: constants[name] + step})
        down = _whitened(model, observed, {**constants, name: constants[name] - step})
        columns.append((up - down) / (2 * step))
    found = np.stack(columns, 1) if columns else np.zeros((observed.points, 0))
    return np.where(np.isfinite(found), found, 0.0)


def _covariance(jacobian: np.ndarray) -> np.ndarray:
    """That of the constants; huge in directions in which the form does not change."""
    if not jacobian.shape[1]:
        return np.zeros((0, 0))
    size = np.linalg.norm(jacobian, axis=0)
    size = np.where(size > 0, size, 1.0)
    _, singular, axes = np.linalg.svd(jacobian / size, full_matrices=False)
    scaled = axes.T / np.maximum(singular, 1e-9)
    return scaled @ scaled.T / np.outer(size, size)


def _bounds(model: Model, names: list[str]) -> tuple[list[float], list[float]]:
    pairs = [model.form.bounds.get(name, (-math.inf, math.inf)) for name in names]
    return [low for low, _ in pairs], [high for _, high in pairs]


def _searched(solved: Callable[[Any], Any], starts: list[tuple[float, ...]], bounds: Any) -> Any:
    """The best of several searches over the constants that are not linear."""
    if not starts:
        return solved(())
    tried = sorted(product(*starts), key=lambda values: float(np.sum(solved(values)[1] ** 2)))
    results = []
    for values in tried[:_SEARCHED]:
        search = optimize.least_squares(lambda x: solved(x)[1], values, bounds=bounds, x_scale="jac", xtol=1e-10)
        results.append((search.cost, list(map(float, search.x))))
    return solved(min(results)[1])
