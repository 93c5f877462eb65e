"""Synthetic observations whose labels may be wrong, and which a verifier keeps or leaves out."""

from typing import Any

import equinox as eqx
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float, Key

from collapse_jax.families import Family, LinearClassifier
from collapse_jax.families._family import host_array, whole
from collapse_jax.families.classifier import Labels
from collapse_jax.numerics import random, triangle
from collapse_jax.workflows._around import Around
from collapse_jax.workflows._workflow import Source, setting


def _vector(value: Any) -> Any:
    return None if value is None else host_array(np.atleast_1d(value), "a direction or mean", 1)


def _matrix(value: Any) -> Any:
    return None if value is None else host_array(value, "cov", 2)


class _OfClassifiers(Around):
    """A workflow around `LinearClassifier` only."""

    def check(self, family: Family, generations: int) -> None:
        if not isinstance(family, LinearClassifier):
            raise ValueError(
                f"{type(self).__name__} labels two Gaussian classes, which {type(family).__name__} does not have; use "
                "LinearClassifier"
            )
        for name in ("mean", "cov", "generator", "verifier"):
            value = getattr(self, name, None)
            if value is not None and np.shape(value)[0] != family.d:
                raise ValueError(f"{name} has {np.shape(value)[0]} entries for d={family.d}; give one per dimension")
        super().check(family, generations)


class Verified(_OfClassifiers):
    r"""Any workflow, its synthetic labels made and checked by coins: the protocol of El Firdoussi et al. (2024).

    Synthetic observations are $x = y \mu_b + C^{1/2} z$; the label is wrong with probability $\varepsilon$, and the
    observation is kept with probability $\phi$ if it is right and $\rho$ if it is wrong. Those left out still count in
    the mean that a penalty "per_sample" stands beside. Around `FixedReal(m, n_real=n)` it gives their mix of n real and
    m synthetic data at fit 2, around `Replace(m)` synthetic data only. With `generator_size` $\hat n$ every chain draws
    a covariance $\hat C = \hat n^{-1} \sum_i z_i z_i'$ of its own, $z_i \sim N(0, C)$, the generator's.

    **Args**: `workflow`: which data the next fit sees; `wrong`, `keep_right`, `keep_wrong`: $\varepsilon, \phi, \rho$,
    which may be traced; `mean`: $\mu_b$, that of the family by default; `cov`: C, that of the family by default;
    `generator_size`: $\hat n$, or None for C itself.

    **Raises**: ValueError for what is no probability and, in a run, for families other than `LinearClassifier`.

    >>> from collapse_jax import Replace
    >>> Verified(Replace(n=100), wrong=0.2, keep_wrong=0.1).keep_right
    1.0
    """

    wrong: Float[Array, ""] | float = 0.0
    keep_right: Float[Array, ""] | float = 1.0
    keep_wrong: Float[Array, ""] | float = 1.0
    mean: Float[Array, "d"] | None = eqx.field(converter=_vector, default=None)
    cov: Float[Array, "d d"] | None = eqx.field(converter=_matrix, default=None)
    generator_size: int | None = eqx.field(
        static=True,
        default=None,
        converter=lambda n: None if n is None else whole(n, "generator_size", "a sample size"),
    )

    def __post_init__(self):
        super().__post_init__()
        for name in ("wrong", "keep_right", "keep_wrong"):
            setting(getattr(self, name), name, lambda it: 0 <= it <= 1, "is no probability; use a number in [0, 1]")

    def start(self, key: Key[Array, ""], truth: Any, n: Any, source: Source) -> tuple[Any, Any]:
        if self.generator_size is None:
            return super().start(key, truth, n, source)
        key, factor_key = random.split(key)
        factor = self._drawn(factor_key, truth)
        memory, model = self.workflow.start(key, truth, n, source)
        return (factor, memory), model

    def step(self, key: Key[Array, ""], t: Array, n: Any, memory: Any, model: Any, source: Source) -> tuple[Any, Any]:
        if self.generator_size is None:
            return super().step(key, t, n, memory, model, source)
        factor, inner = memory
        own = Verified(self.workflow, self.wrong, self.keep_right, self.keep_wrong, self.mean)
        inner, found = own.step(key, t, n, inner, model.replace(cov_triangle=factor), source)
        return (factor, inner), found.replace(cov_triangle=model.cov_triangle)

    def lengthen(self, memory: Any, source: Source) -> Any:
        if self.generator_size is None:
            return super().lengthen(memory, source)
        return memory[0], self.workflow.lengthen(memory[1], source)

    def _root(self, model: Any) -> Any:
        if self.cov is None:
            return model.cov_triangle
        cov = jnp.asarray(self.cov, model.dtype)
        return triangle.cholesky(triangle.pack(cov))

    def _drawn(self, key: Key[Array, ""], truth: Any) -> Array:
        """The factor of a covariance of `generator_size` observations, one per chain."""
        normal_key, diagonal_key = random.split(key)
        d, batch = truth.d, truth.batch_shape
        z = random.normal(normal_key, (d * (d + 1) // 2, *batch), truth.dtype)
        assert self.generator_size is not None
        factor = random.bartlett(diagonal_key, self.generator_size, z) / self.generator_size**0.5
        root = self._root(truth)
        return factor if root is None else triangle.multiply(*triangle.meet(root, factor))

    def author(self, model: Any) -> Any:
        labels = Labels(self.wrong, self.keep_right, self.keep_wrong)
        mean = model.mean if self.mean is None else jnp.asarray(self.mean, model.dtype)
        return model.replace(labels=labels, mean=mean, cov_triangle=self._root(model))


class SelfLabelled(_OfClassifiers):
    r"""Any workflow, its synthetic labels those of a linear classifier, kept where a linear verifier agrees.

    $\tilde y = \operatorname{sign}(x'g)$, kept if $\tilde y\, x'v \ge s$: the setting that Feng et al. (2024) draw
    their verifiers from. The generator g is the last model by default. Unlike with `Verified`, labels and what is kept
    depend on x within its class, so that observations are drawn one by one, by both engines.

    **Args**: `workflow`: which data the next fit sees; `generator`: g, (d,), by default the last model; `verifier`: v,
    (d,), or None to keep all; `threshold`: s.

    **Raises**: ValueError, in a run, for families other than `LinearClassifier` and directions of another dimension.
    """

    generator: Float[Array, "d"] | None = eqx.field(converter=_vector, default=None)
    verifier: Float[Array, "d"] | None = eqx.field(converter=_vector, default=None)
    threshold: Float[Array, ""] | float = 0.0
    picks_observations = True

    def draw(self, key: Key[Array, ""], model: Any, n: Any, slots: int | None, source: Source) -> Any:
        data = source.draw(key, model, n, slots)
        x, _ = data.values
        if self.generator is None:
            score = jnp.einsum("...ni,...i->...n", x, model.w)
        else:
            score = x @ jnp.asarray(self.generator, x.dtype)
        label = jnp.where(score < 0, -1, 1).astype(x.dtype)
        if self.verifier is None:
            return data.holding((x, label))
        kept = label * (x @ jnp.asarray(self.verifier, x.dtype)) >= self.threshold
        return data.holding((jnp.where(kept[..., None], x, 0), jnp.where(kept, label, 0)))
