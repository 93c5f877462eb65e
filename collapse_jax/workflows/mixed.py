"""Workflows in which real data take part in every fit."""

from typing import Any

import equinox as eqx
import jax.numpy as jnp
from jaxtyping import Array, Float, Key

from collapse_jax.families import Family
from collapse_jax.families._family import whole
from collapse_jax.laws.pedigree import Pedigree, chain, drawn, pooled, weighted
from collapse_jax.numerics import random
from collapse_jax.workflows._workflow import Source, Workflow, setting


def _size(n: Any) -> int:
    return whole(n, "n_real", "a sample size")


class FixedReal(Workflow):
    """Fit t sees one real sample of size n_real, reused as it is, and n_t observations drawn from model t - 1.

    **Args**: `n`: synthetic observations per fit, a number or a schedule; `n_real`: size of the real sample, all
    that fit 1 sees.
    """

    n_real: int = eqx.field(static=True, converter=_size, default=1)

    def start(self, key: Key[Array, ""], truth: Family, n: Any, source: Source) -> tuple[Any, Any]:
        real_key, synthetic_key = random.split(key)
        real = source.real(real_key, truth, self.n_real, self.n_real)
        return real, source.fit(key, truth, real + source.real(synthetic_key, truth, n).none())

    def step(self, key: Key[Array, ""], t: Array, n: Any, memory: Any, model: Any, source: Source) -> tuple[Any, Any]:
        return memory, source.fit(key, model, memory + source.draw(key, model, n))

    def pedigree(self, generations: int) -> Pedigree:
        data = [(0, self.n_real), *chain(self.schedule(generations))[1:]]
        return pooled(data, [[0], *([0, t] for t in range(1, generations))])

    def fitted_sizes(self, generations: int) -> tuple[int, ...]:
        return (self.n_real, *self.schedule(generations))


class FreshReal(Workflow):
    r"""Fit t sees n_real *new* real observations and n_t drawn from model t - 1.

    Without `weight` they are pooled. With a weight w the two samples are fitted apart and the estimates averaged,
    $\theta_t = w\,\hat\theta(\text{real}) + (1 - w)\,\hat\theta(\text{synthetic})$, means and covariances alike and
    without a between-group term, as in He, Xu and Cheng (2025); w = 0 is `Replace`, and w may be traced.

    **Args**: `n`: synthetic observations per fit, a number or a schedule; `n_real`: real ones per fit; `weight`: w,
    or None to pool.

    **Raises**: ValueError for a weight outside [0, 1].
    """

    n_real: int = eqx.field(static=True, converter=_size, default=1)
    weight: Float[Array, ""] | float | None = None

    def __check_init__(self):
        if self.weight is not None:
            remedy = "is not a share of real data; use 0 <= weight <= 1, or None to pool"
            setting(self.weight, "weight", lambda it: 0 <= it <= 1, remedy)

    def start(self, key: Key[Array, ""], truth: Family, n: Any, source: Source) -> tuple[Any, Any]:
        real_key, synthetic_key = random.split(key)
        real = source.real(real_key, truth, self.n_real, self.n_real)
        if self.weight is None:
            real = real + source.real(synthetic_key, truth, n).none()
        return truth, source.fit(key, truth, real)

    def step(self, key: Key[Array, ""], t: Array, n: Any, memory: Any, model: Any, source: Source) -> tuple[Any, Any]:
        real_key, synthetic_key = random.split(key)
        real = source.real(real_key, memory, self.n_real, self.n_real)
        synthetic = source.draw(synthetic_key, model, n)
        if self.weight is None:
            return memory, source.fit(key, model, real + synthetic)
        weight = jnp.asarray(self.weight, model.dtype)
        found = source.fit(real_key, model, real)
        return memory, found.blend(source.fit(synthetic_key, model, synthetic), weight)

    def pedigree(self, generations: int) -> Pedigree:
        real = (0, self.n_real)
        each = drawn([[real], *([real, one] for one in chain(self.schedule(generations))[1:])])
        return each if self.weight is None else weighted(each, float(self.weight))

    def leaves_unfilled(self, generations: int) -> bool:
        return self.weight is None or len(set(self.schedule(generations))) > 1

    def fitted_sizes(self, generations: int) -> tuple[int, ...]:
        return (self.n_real, *self.schedule(generations))

    def check(self, family: Family, generations: int) -> None:
        if self.weight is not None and family.keeps_samples:
            raise ValueError(
                "a weighted average of two empirical samples is not a sample; use weight=None to pool them, or "
                "sampler='counts'"
            )
