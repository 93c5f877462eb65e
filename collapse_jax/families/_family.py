"""The one abstract class of models."""

import dataclasses
from abc import abstractmethod
from collections.abc import Mapping
from typing import Any, ClassVar, Literal, Self

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Key, PyTree

from collapse_jax.data import Data, Samples
from collapse_jax.data import share as share
from collapse_jax.families._precision import check_size
from collapse_jax.families._redefined import contradicts, fall_back

Engine = Literal["exact", "literal"]


# Which methods a short cut stands for; what a subclass redefines of them switches it off (`_redefined`).
_SHORT_CUTS = {
    "statistic": ("sample",),
    "refit": ("sample", "statistic", "fit", "learn"),
    "reduce": ("fit",),
    "ignores_unfilled": ("fit",),
    "tallies": ("sample", "statistic", "fit"),
}


def host_array(value: Any, name: str, ndim: int | None = 0) -> Any:
    """A parameter in float64 on the host, of any shape if `ndim` is None; a run casts it to its own precision."""
    try:
        given = np.asarray(value)
        if given.dtype.kind == "c":
            raise ValueError("an imaginary part would be lost")
        array = given.astype(np.float64)
    except (TypeError, ValueError, OverflowError):
        raise ValueError(f"{name}={value!r} is not numeric; give numbers") from None
    if (ndim is not None and array.ndim != ndim) or not np.all(np.isfinite(array)):
        kinds = ("a finite number", "a vector of finite numbers", "a matrix of finite numbers")
        kind = "finite numbers" if ndim is None else kinds[ndim]
        raise ValueError(f"{name}={value!r} is not usable here; give {kind}")
    return array


def whole(value: Any, name: str, meaning: str) -> int:
    """A whole number >= 1, or ValueError naming it."""
    number = isinstance(value, int | float | np.number) and not isinstance(value, bool)
    if not number or not 1 <= value <= 10**15 or value != int(value):
        raise ValueError(f"{name}={value!r} is not {meaning}; use a whole number >= 1 (and at most 10^15)")
    return int(value)


class Family(eqx.Module):
    """A batch of fitted models that can draw data and be refitted on data.

    Constructed by the user it is the truth, without batch axes; inside a run the fitted parameters carry the chains
    as leading axes, while hyper-parameters (a noise level, a penalty) stay shared.

    **To add a family** subclass this and

    - list the fitted fields in `parameters`, each with its number of event axes (0 for a scalar);
    - write `sample(key, n)`: n raw observations per model, leaves of shape (*batch, n, *event);
    - write `fit(data)`: the refitted model, on `Samples` and, if the family has them, on its sufficient statistics;
    - optionally write `statistic(key, n)`: the sufficient statistic of n observations drawn from its exact law,
      which is what `engine="exact"` uses and must not cost more when n grows;
    - optionally write `reduce(data)`: the sufficient statistic of raw observations, so that pools of them, also with
      `engine="literal"`, are pools of statistics;
    - optionally write `check`, to reject sample sizes for which the estimator does not exist;
    - optionally write `refit`: the model fitted on n observations of its own, from the law of the estimator itself.

    **To change a family** subclass it and redefine what is different. What the subclass redefines wins: a `refit` that
    would pass over another `fit`, or a `statistic` of another law than that of `sample`, is not inherited. Where an
    inherited method does hold, say so: `statistic = Gaussian.statistic` in the class.

    A family of vectors or matrices may set `chains_last` and hold `parameters` with the chains as trailing axes, which
    is what a CPU vectorises; its properties then show them with the chains first.

    **Fields**: `parameters`: event axes by the name of each fitted field; `sample_name`: the letter that papers use
    for n; `chains_last`: whether the chains are trailing axes; `ignores_unfilled`: whether `fit` gives unfilled slots
    weight 0 whatever finite values they hold, so that they need not be made NaN; `tallies`: whether the statistic
    counts how often each possible observation was seen, and so has a `subsample`.
    """

    parameters: ClassVar[Mapping[str, int]]
    sample_name: ClassVar[str] = "n"
    chains_last: ClassVar[bool] = False
    ignores_unfilled: ClassVar[bool] = False
    tallies: ClassVar[bool] = False

    def __init_subclass__(cls, **options: Any):
        super().__init_subclass__(**options)
        fall_back(cls, Family, _SHORT_CUTS)

    @abstractmethod
    def sample(self, key: Key[Array, ""], n: int) -> PyTree[Array]:
        """`n` raw observations from every model of the batch."""

    @abstractmethod
    def fit(self, data: Any) -> "Family":
        """The model refitted on `data`, with the same hyper-parameters."""

    def learn(self, key: Key[Array, ""], data: Any) -> "Family":
        """`fit`, for a family whose fit is itself random: initial weights, the order of batches.

        All chains share the key; what differs between them has to be folded in.
        """
        del key
        return self.fit(data)

    def statistic(self, key: Key[Array, ""], n) -> Data:
        """The sufficient statistic of `n` observations (n may be traced), drawn from its exact law."""
        why, remedy = _why_not(type(self))
        raise ValueError(f"{type(self).__name__} has no exact engine{why}; use engine='literal'{remedy}")

    def refit(self, key: Key[Array, ""], n, *, on_lattice: bool) -> "Family | None":
        """These models fitted on n fresh observations of their own, if there is a short cut to their law; else None.

        `on_lattice` says that they are themselves fits of n observations, n being a constant: what `Replace` does.
        """
        del key, n, on_lattice
        return None

    def reduce(self, data: Samples) -> Data | None:
        """The sufficient statistic of raw observations, which `fit` takes in their place; None where there is none.

        `fit(reduce(a) + reduce(b))` is `fit(a + b)` up to rounding: a pool of ever more observations is then refitted
        at the cost of one draw.
        """
        del data
        return None

    def sized(self, sizes: tuple[int, ...]) -> Self:
        """These models, ready for a run of the exact engine whose fits see samples of these sizes.

        As they are, unless something static, such as what `statistic` returns, depends on the sizes, which may be
        traced later.
        """
        del sizes
        return self

    def begin(self, key: Key[Array, ""], chains: int, n: Any, engine: Engine) -> Self:
        """A batch of `chains` copies of the truth; overridden where a chain keeps a random environment."""
        del key, n, engine
        return self.broadcast((chains,))

    def check(self, sizes: tuple[int, ...], engine: Engine) -> None:
        """Raise ValueError, naming the remedy, if fits on samples of these sizes are not defined."""
        del sizes, engine

    def check_precision(self, sizes: tuple[int, ...], engine: Engine, dtype: str) -> None:
        """Raise ValueError, naming the remedy, where rounding in this precision would show in fits of these sizes."""
        del engine
        check_size(max(sizes), dtype)

    @property
    def described(self) -> dict[str, Any]:
        """What a record says of the truth: the arguments it could be made of again, by name; the fields by default."""
        return {item.name: getattr(self, item.name) for item in dataclasses.fields(self)}

    @property
    def refits_truth(self) -> bool:
        """Whether a run takes the short cut of `refit` for its first fit, on real data, too."""
        return False

    @property
    def keeps_samples(self) -> bool:
        """Whether the exact engine, too, works on the observations themselves rather than on a statistic."""
        return False

    @property
    def order(self) -> int:
        """d, if the exact engine may work on d x d matrices, one per chain; 0 if it never does."""
        return 0

    @property
    def shares_design(self) -> bool:
        """Whether all data sets of a chain share covariates drawn once."""
        return False

    @property
    def batch_shape(self) -> tuple[int, ...]:
        name, event_axes = next(iter(self.parameters.items()))
        shape = jnp.shape(getattr(self, name))
        return shape[event_axes:] if self.chains_last else shape[: len(shape) - event_axes]

    @property
    def dtype(self):
        """Precision of the fitted parameters, in which everything is drawn."""
        return jnp.asarray(getattr(self, next(iter(self.parameters)))).dtype

    def replace(self, **fields: Any) -> Self:
        """This model with some fields replaced."""
        names = list(fields)
        return eqx.tree_at(
            lambda model: [getattr(model, name) for name in names],
            self,
            [fields[name] for name in names],
            is_leaf=lambda leaf: leaf is None,
        )

    def broadcast(self, batch: tuple[int, ...]) -> Self:
        """Copies of this model (one, without batch axes)."""

        def copies(name):
            leaf = jnp.asarray(getattr(self, name))
            if self.chains_last:
                return jnp.broadcast_to(leaf.reshape(*leaf.shape, *(1,) * len(batch)), (*leaf.shape, *batch))
            return jnp.broadcast_to(leaf, (*batch, *leaf.shape))

        return self.replace(**{name: copies(name) for name in self.parameters})

    def blend(self, other: Any, weight: Any) -> Self:
        """`weight` times this estimate plus `1 - weight` times the other, parameter by parameter."""
        mixed = {name: weight * getattr(self, name) + (1 - weight) * getattr(other, name) for name in self.parameters}
        return self.replace(**mixed)

    def samples(self, key: Key[Array, ""], n: int) -> Samples:
        """`sample`, as a data set."""
        values, batch = self.sample(key, n), self.batch_shape
        shapes = [jnp.shape(leaf) for leaf in jax.tree.leaves(values)]
        if not shapes or any(shape[: len(batch) + 1] != (*batch, n) for shape in shapes):
            raise ValueError(
                f"{type(self).__name__}.sample returned {'shapes ' + str(shapes) if shapes else 'no array'} for {n} "
                f"observations from each of {batch} models; return shape (*batch, n, *event), here {(*batch, n)} first"
            )
        return Samples.of(values, len(batch), not self.ignores_unfilled)


def _why_not(cls: type) -> tuple[str, str]:
    """Of a family that inherits a `statistic` which does not hold for it, what contradicts it, and what helps."""
    own = [kind for kind in cls.__mro__ if vars(kind).get("statistic", Family.statistic) is not Family.statistic]
    if not own:
        return "", ""
    name = own[0].__name__
    redefined = " and ".join(contradicts(cls, "statistic", _SHORT_CUTS["statistic"], own[0]))
    return (
        f", as it redefines {redefined} and the statistic of {name} is of another law",
        f", write `statistic`, or, where that one holds, `statistic = {name}.statistic` in the class",
    )
