"""The protocol of the paper: generators that label for each other, and a student of every one of them."""

from typing import Any

import equinox as eqx
import jax.numpy as jnp
from jaxtyping import Array, Float, Key

from collapse_jax import Family, LinearRegression, Workflow, random
from collapse_jax.families._family import whole
from collapse_jax.workflows import Source
from collapse_jax.workflows._workflow import setting


class Downstream(Workflow):
    r"""Model t is the student of n = t - 1 generators; each fits $T_0$ rows without penalty, the student T rows with.

    Generator k has $\hat w_k = X_{k-1}^+ (X_{k-1} \hat w_{k-1} + \sigma_0 \varepsilon)$, $\hat w_0 = w_0$. The family is
    the student's: its `sigma2` is $\sigma^2$, the noise of its own labels, and its `ridge` is $\lambda$. All students
    are there in one run, as the memory holds the generator and the model returned is its student.

    **Args**: `n`: $T_0$, rows of every generator; `T`: rows of every student; `sigma2`: $\sigma_0^2$, variance of the
    noise of the generators' labels.

    **Raises**: ValueError for a negative variance and, in a run, for a family that is no `LinearRegression` and a
    shared design.
    """

    T: int = eqx.field(static=True, default=1, converter=lambda T: whole(T, "T", "a number of rows"))
    sigma2: Float[Array, ""] | float = 0.0

    def __post_init__(self):
        setting(self.sigma2, "sigma2", lambda it: it >= 0, "is no variance; use a number >= 0")

    def start(self, key: Key[Array, ""], truth: Any, n: Any, source: Source) -> tuple[Any, Any]:
        generator_key, student_key = random.split(key)
        first = self._generator(truth)
        generator = source.fit(generator_key, first, source.real(generator_key, first, n))
        return generator, source.fit(student_key, truth, source.real(student_key, truth, self.T, self.T))

    def step(self, key: Key[Array, ""], t: Array, n: Any, memory: Any, model: Any, source: Source) -> tuple[Any, Any]:
        generator_key, student_key = random.split(key)
        teacher = model.replace(coefficients=memory.coefficients)
        student = source.fit(student_key, teacher, source.draw(student_key, teacher, self.T, self.T))
        return source.fit(generator_key, memory, source.draw(generator_key, memory, n)), student

    def _generator(self, truth: Any) -> Any:
        sigma2 = jnp.asarray(self.sigma2, truth.dtype)
        return truth.replace(sigma2=sigma2, ridge=jnp.zeros_like(jnp.asarray(truth.ridge)))

    def fitted_sizes(self, generations: int) -> tuple[int, ...]:
        return (*self.schedule(generations), self.T)

    def check(self, family: Family, generations: int) -> None:
        if not isinstance(family, LinearRegression) or family.shares_design:
            raise ValueError("Downstream labels rows of regressions; use LinearRegression(..., design='fresh')")
