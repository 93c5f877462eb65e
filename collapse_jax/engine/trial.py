"""Before a run of a family from elsewhere: does its fit look at observations that are not there?"""

from functools import lru_cache
from typing import Any

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np

from collapse_jax.data import Samples
from collapse_jax.engine.inline import inline
from collapse_jax.engine.request import Request
from collapse_jax.engine.xla import compiler_options
from collapse_jax.families import Family
from collapse_jax.numerics import random
from collapse_jax.workflows import Source, fit

__all__ = ["differs", "in_precision", "reads_unfilled", "trial"]

_CHAINS, _ENOUGH = 8, 32


def trial(request: Request) -> None:
    """Refuse a fit that depends on unfilled slots, where the run may have some.

    **Args**: `request`: the run that is about to begin.

    **Raises**: ValueError that names what the fit has to use instead.
    """
    family, workflow = request.family, request.workflow
    raw = request.engine == "literal" or workflow.needs_samples_of(family) or family.keeps_samples
    ours = type(family).__module__.partition(".")[0] == "collapse_jax"
    if ours or not raw or not workflow.leaves_unfilled(request.generations):
        return
    leaves, structure = jax.tree.flatten(family)
    values = tuple((np.asarray(leaf).tobytes(), np.shape(leaf)) for leaf in leaves)
    size = min(workflow.fitted_sizes(request.generations))
    problem = _tried(_Family(family, (type(family), structure, values)), size, request.dtype)
    if problem:
        raise ValueError(
            f"{problem}; {type(workflow).__name__} leaves slots unfilled, so let it use data.total, data.mean, "
            "data.var, data.median, data.quantile or data.weights with data.filled(0), data.number for the number of "
            "observations, and data.present for which slots are filled"
        )


class _Family:
    """A family by what it is made of, so that it is tried once."""

    def __init__(self, family: Family, key: Any):
        self.family, self._key = family, key

    def __hash__(self):
        return hash(self._key)

    def __eq__(self, other):
        return isinstance(other, _Family) and self._key == other._key


@lru_cache(maxsize=256)
def _tried(boxed: _Family, size: int, dtype: str) -> str:
    family = boxed.family
    try:
        family.check((_ENOUGH,), "literal")
        size = min(size, _ENOUGH)
    except ValueError:  # it needs more
        pass
    return reads_unfilled(family, size, dtype)


def reads_unfilled(family: Family, n: int, dtype: str = "float64") -> str:
    """Fit n observations alone, and among unfilled slots that hold this or that.

    **Args**: `family`: the truth; `n`: a sample size that it accepts; `dtype`: of the chains.

    **Returns**: a sentence that says which parameter depends on what is not there; "" if none does.
    """
    with jax.enable_x64(True):
        # One program, and one in which no two calls of LAPACK wait for each other.
        program = jax.jit(inline(lambda key: _fits(family, n, dtype, key))).lower(random.key(0))
        alone, first, second = program.compile(compiler_options(jax.default_backend(), 0))(random.key(0))
    name = type(family).__name__
    if depends := differs(first, second):
        return f"the fit of {name} depends on what stands in unfilled slots of data.values: {depends} changes with it"
    if depends := differs(alone, first):
        return f"the fit of {name} depends on how many slots are unfilled: {depends} changes with their number"
    return ""


def _fits(family: Family, n: int, dtype: str, key: Any) -> list[dict[str, Any]]:
    """Parameters fitted on n observations alone, among some filling of unfilled slots, and among another."""
    keys = random.split(key, 4)
    truth = in_precision(family, dtype).begin(keys[0], _CHAINS, n, "literal")
    source = Source("literal", n, 1, random.settings())
    true, one, other = (source.draw(key, truth, n) for key in keys[1:])
    another = other.values if family.ignores_unfilled else _blank(other.values)

    def parameters(data):
        kept = source.compact(truth, data)
        fitted = {"": fit(truth, data)} | ({} if kept is data else {" of reduced data": fit(truth, kept)})
        return {name + how: getattr(model, name) for how, model in fitted.items() for name in family.parameters}

    return [parameters(data) for data in (true, _among(true, one.values), _among(true, another))]


def in_precision(family: Family, dtype: str) -> Family:
    """A family with its real numbers in one precision, as a run holds it."""
    return jax.tree.map(lambda leaf: jnp.asarray(leaf, dtype) if eqx.is_inexact_array_like(leaf) else leaf, family)


def _among(data: Samples, others: Any) -> Samples:
    """The same observations between unfilled slots that hold these values."""
    empty = jnp.zeros_like(data.present)
    values = jax.tree.map(lambda a, b: jnp.concatenate([b, a, b], data.axis), data.values, others)
    return Samples(values, jnp.concatenate([empty, data.present, empty]), 3 * data.used, data.axis, data.blank)


def _blank(values: Any) -> Any:
    return jax.tree.map(lambda leaf: leaf * jnp.nan if jnp.issubdtype(leaf.dtype, jnp.inexact) else leaf, values)


def differs(one: dict[str, Any], other: dict[str, Any]) -> str:
    """The first parameter that differs by more than rounding, or ""."""
    for name in one:
        a, b = np.asarray(one[name]), np.asarray(other[name])
        if a.shape != b.shape:  # a model that keeps its sample
            continue
        tolerance = float(np.sqrt(np.finfo(a.dtype).eps)) if np.issubdtype(a.dtype, np.inexact) else 0
        scale = np.max(np.abs(a), where=np.isfinite(a), initial=0)
        if not np.allclose(a, b, rtol=tolerance, atol=tolerance * scale, equal_nan=True):
            return f"`{name}`"
    return ""
