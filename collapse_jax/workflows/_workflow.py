"""The one abstract class of workflows, and what it is handed to draw with."""

import dataclasses
from abc import abstractmethod
from collections.abc import Callable, Sequence
from typing import Any, ClassVar

import equinox as eqx
import jax
import numpy as np
from jaxtyping import Array, Key

from collapse_jax.data import Data, Samples
from collapse_jax.families import Engine, Family
from collapse_jax.families._family import whole
from collapse_jax.families._redefined import fall_back
from collapse_jax.laws.pedigree import Pedigree
from collapse_jax.numerics import random

_FIT = 0x666974  # what a fit draws is apart from what it is fitted on


class Source(eqx.Module):
    """Draws data sets with one engine. `slots` is the largest sample size of the schedule, a static buffer length."""

    engine: Engine = eqx.field(static=True)
    slots: int = eqx.field(static=True)
    generations: int = eqx.field(static=True)
    settings: random.Settings = eqx.field(static=True)

    def draw(self, key: Key[Array, ""], model: Family, n, slots: int | None = None) -> Any:
        """`n` observations from every model: raw for the literal engine, their statistic for the exact one."""
        if self.engine == "exact" and not model.keeps_samples:
            return _statistic(key, model, n, self.settings)
        samples = _samples(key, model, slots or self.slots, self.settings)
        return samples if isinstance(n, int) else samples.first(n)

    def real(self, key: Key[Array, ""], truth: Family, n, slots: int | None = None) -> Any:
        """`n` observations of the truth: what `draw` gives, and what no workflow around this one alters."""
        return self.draw(key, truth, n, slots)

    def compact(self, model: Family, data: Any) -> Any:
        """`data` as a pool that grows keeps it: its statistic, if these are raw observations that have one."""
        reduced = _reduced(model, data) if isinstance(data, Samples) else None
        return data if reduced is None else reduced

    def first(self, key: Key[Array, ""], truth: Family, n) -> Any:
        """The truth fitted on `n` real observations."""
        short = None
        if self.engine == "exact" and truth.refits_truth:
            short = _refit(key, truth, n, False, self.settings)
        return self.fit(key, truth, self.real(key, truth, n)) if short is None else short

    def refit(self, key: Key[Array, ""], model: Family, n) -> Any:
        """Every model, itself the fit of n observations if `n` is a number, fitted on `n` fresh ones of its own."""
        short = _refit(key, model, n, isinstance(n, int), self.settings) if self.engine == "exact" else None
        return self.fit(key, model, self.draw(key, model, n)) if short is None else short

    def fit(self, key: Key[Array, ""], model: Family, data: Any) -> Any:
        """Every model refitted on `data`. Only a family whose fit is itself random (`learn`) makes use of the key."""
        if type(model).learn is Family.learn:
            return fit(model, data)
        return _learn(jax.random.fold_in(key, _FIT), model, data)


# jit inside jit: the truth at t = 1 and the scan body share one trace of the user's code. What is traced depends on the
# settings, which JAX does not see: they are arguments.
@eqx.filter_jit
def _statistic(key, model, n, settings: random.Settings):
    with random.using(settings):
        found = model.statistic(key, n)
    if not isinstance(found, Data):
        raise ValueError(
            f"{type(model).__name__}.statistic returned {kind(found)}; return a data set of collapse_jax.data, such as "
            "Sums(count, total)"
        )
    return found


@eqx.filter_jit
def _samples(key, model, slots: int, settings: random.Settings):
    with random.using(settings):
        return model.samples(key, slots)


@eqx.filter_jit
def _reduced(model, data):
    found = model.reduce(data)
    if found is not None and not isinstance(found, Data):
        raise ValueError(
            f"{type(model).__name__}.reduce returned {kind(found)}; return a data set of collapse_jax.data, such as "
            "Sums(count, total), or None"
        )
    return found


@eqx.filter_jit
def _refit(key, model, n, on_lattice: bool, settings: random.Settings):
    with random.using(settings):
        return model.refit(key, n, on_lattice=on_lattice)


@eqx.filter_jit
def _learn(key, model: Family, data: Data) -> Any:
    return _refitted(model, model.learn(key, data))


@eqx.filter_jit
def fit(model: Family, data: Data) -> Any:
    """`model.fit(data)`, traced once for the real and the synthetic fits."""
    name, given = type(model).__name__, type(data).__name__
    try:
        found = model.fit(data)
    except AttributeError as error:
        if isinstance(data, Samples) or f"'{given}' object" not in str(error):
            raise
        raise ValueError(
            f"{name}.fit does not take {given}, the sufficient statistic of its `statistic` or `reduce` ({error}); fit "
            "both, or use engine='literal' and no `reduce`"
        ) from error
    return _refitted(model, found)


def _refitted(model: Family, found: Any) -> Family:
    if not isinstance(found, Family):
        name = type(model).__name__
        raise ValueError(f"{name}.fit returned {kind(found)}; return the refitted model, as self.replace(...) makes it")
    return found


def kind(value: Any) -> str:
    """What a value is, in words, where it should have been something else."""
    if value is None:
        return "None"
    if isinstance(value, tuple):
        return f"a tuple of {len(value)}"
    shape = getattr(value, "shape", None)
    return f"an array of shape {shape}" if isinstance(shape, tuple) else f"a {type(value).__name__}"


def remembered(found: Any, method: str) -> tuple[Any, Family]:
    """What `start` or `step` of a workflow has returned, if it is what it should be.

    **Raises**: ValueError that says what to return.
    """
    if not isinstance(found, tuple) or len(found) != 2:
        raise ValueError(f"{method} returned {kind(found)}; return two things, the memory (() for none) and the model")
    if not isinstance(found[1], Family):
        raise ValueError(
            f"{method} returned {kind(found[1])} in second place; return the memory first, the model (a Family) second"
        )
    return found


def sizes(n: Any) -> int | tuple[int, ...]:
    """A validated sample size, or schedule of them."""
    if isinstance(n, Sequence | np.ndarray) and not isinstance(n, str) and getattr(n, "ndim", 1) and len(n):
        return tuple(whole(size, "n", "a sample size (or a sequence of them)") for size in n)
    return whole(n, "n", "a sample size (or a sequence of them)")


def setting(value: Any, name: str, holds: Callable[[Any], Any], remedy: str) -> None:
    """Refuse a setting that is no number, or outside of its range; what JAX traces cannot be looked at.

    **Raises**: ValueError, the value and the remedy.
    """
    if isinstance(value, jax.Array):
        return
    number = isinstance(value, int | float | np.number | np.ndarray) and np.ndim(value) == 0
    if not number or np.asarray(value).dtype.kind not in "iuf" or not holds(value):
        raise ValueError(f"{name}={value!r} {remedy}")


# What a subclass redefines of the methods that these stand for switches them off.
_SHORT_CUTS = {
    "pedigree": ("start", "step", "schedule"),
    "leaves_unfilled": ("start", "step", "schedule"),
    "lengthen": ("start", "step"),
    "refits": ("start", "step"),
}


class Workflow(eqx.Module):
    r"""Which data the next fit sees.

    `n` is the sample size per generation, a number or a schedule $n_1, n_2, \ldots$ with one entry per fit. Fit t = 1
    is the fit on real data in every workflow.

    **To add a workflow** subclass this and

    - add its own sizes or weights as fields after `n`;
    - write `start(key, truth, n, source)`: the memory it keeps and the first fitted model; what is real comes from
      `source.real`;
    - write `step(key, t, n, memory, model, source)`: memory and model at fit t >= 2, `n` being n_t. Use only
      `source.draw`, `source.real`, `source.fit`, and `+`, `append`, `reserve` of data sets: then both engines and
      every family work;
    - where its estimates are fixed linear combinations, write `pedigree`, and `collapse_jax.laws` knows its moments;
    - a subclass of another workflow that redefines `start` or `step` inherits no pedigree;
    - where memory is a pool with room for `source.generations`, hand data to `source.compact` first, and write
      `lengthen`, so that fits on raw observations do not run over room that is empty for most of a run;
    - set `needs_samples` if no sufficient statistic is closed under what it does; write `needs_samples_of` besides if
      that depends on the family (subsampling, where statistics that count observations are).

    **Args**: `n`: observations per generation, a number or a schedule with one size per fit.

    **Fields**: `needs_samples`: whether both engines keep raw observations; `refits`: whether every fit sees fresh
    observations of the last model and nothing else, so that `source.refit` is all that it does.
    """

    n: int | tuple[int, ...] = eqx.field(static=True, converter=sizes)
    needs_samples: ClassVar[bool] = False
    refits: ClassVar[bool] = False

    def __init_subclass__(cls, **options: Any):
        super().__init_subclass__(**options)
        fall_back(cls, Workflow, _SHORT_CUTS)

    @abstractmethod
    def start(self, key: Key[Array, ""], truth: Any, n: Any, source: Source) -> tuple[Any, Any]:
        """Memory and model after the first fit, on real data."""

    @abstractmethod
    def step(self, key: Key[Array, ""], t: Array, n: Any, memory: Any, model: Any, source: Source) -> tuple[Any, Any]:
        """Memory and model after fit `t`, given those after fit t - 1."""

    def lengthen(self, memory: Any, source: Source) -> Any:
        """The same memory with room for `source.generations`; as it is, where that does not depend on them."""
        del source
        return memory

    @property
    def lengthens(self) -> bool:
        """Whether `lengthen` says how memory grows, so that a run may begin with little room."""
        return type(self).lengthen is not Workflow.lengthen

    @property
    def layers(self) -> tuple["Workflow", ...]:
        """This workflow, and those that it goes around."""
        return (self,)

    def needs_samples_of(self, family: Family) -> bool:
        """Whether no sufficient statistic of this family is closed under this workflow: then data are always raw."""
        del family
        return self.needs_samples

    def schedule(self, generations: int) -> tuple[int, ...]:
        """Sample sizes n_1 .. n_G."""
        if isinstance(self.n, int):
            return (self.n,) * generations
        if len(self.n) < generations:
            raise ValueError(
                f"the schedule has {len(self.n)} sample sizes for {generations} generations; "
                "give one size per fit, or a single number"
            )
        return self.n[:generations]

    @property
    def described(self) -> dict[str, Any]:
        """What a record says of this workflow: its fields by name."""
        return {item.name: getattr(self, item.name) for item in dataclasses.fields(self)}

    def without_sizes(self) -> "Workflow":
        """This workflow with n = 1: what a program depends on that is given its sample sizes when it runs."""
        return dataclasses.replace(self, n=1)

    def pedigree(self, generations: int) -> Pedigree:
        """Which data set comes from which model, and its weight in which fit, where that is not left to chance."""
        del generations
        raise ValueError(
            f"{type(self).__name__} says no weights, and its pedigree is not known; write its method `pedigree`"
        )

    def fitted_sizes(self, generations: int) -> tuple[int, ...]:
        """Every sample size that some fit, alone or as part of a pool, has to cope with."""
        return self.schedule(generations)

    def leaves_unfilled(self, generations: int) -> bool:
        """Whether a fit on raw observations may see slots that are not filled."""
        del generations
        return True

    def check(self, family: Family, generations: int) -> None:
        """Raise ValueError, naming the remedy, where this workflow is not defined for the family."""
        del family, generations
