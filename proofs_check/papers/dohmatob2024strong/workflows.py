"""Regression on real rows beside rows labelled by a model of limited quality (Dohmatob et al. 2024, Strong)."""

from typing import Any

import equinox as eqx
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float, Key

from collapse_jax import LinearRegression, Workflow
from collapse_jax.families._family import host_array, whole
from collapse_jax.numerics import random
from collapse_jax.workflows import Source
from collapse_jax.workflows._workflow import setting


def _optional(value: Any) -> Any:
    return None if value is None else host_array(value, "sigma2")


class Surrogate(Workflow):
    r"""Fit t sees n_real fresh real rows and n_t rows labelled by $w_{t-1}$, the first of which is $w_0 = w^* + \delta$.

    $\delta \sim N(0, \operatorname{diag}(\Delta))$ once per chain, independent of all else: fit 1 is the single mix of
    Theorem 1, with synthetic data of quality $c^2 = \operatorname{tr} \Sigma \Delta$; later fits mix iteratively.
    With a `weight` $\alpha$ the fit minimises

    $$\frac{1 - \alpha}{n_{real}} \sum_{real} (y - x'w)^2 + \frac{\alpha}{n_t} \sum_{synthetic} (y - x'w)^2,$$

    times the number of rows, so that $\alpha = n_t / (n_{real} + n_t)$ is plain pooling.

    **Args**: `n`: synthetic rows per fit, a number or a schedule; `n_real`: real ones; `spread`: $\Delta$, one
    variance for all coordinates or one for each, (d,); `sigma2`: the noise variance of synthetic labels, by
    default that of real ones; `weight`: $\alpha$, or None to pool.

    **Raises**: ValueError for a negative variance, and for a weight outside [0, 1].
    """

    n_real: int = eqx.field(static=True, converter=lambda n: whole(n, "n_real", "a sample size"), default=1)
    spread: Float[Array, "..."] | float = eqx.field(converter=lambda x: host_array(x, "spread", None), default=1.0)
    sigma2: Float[Array, ""] | float | None = eqx.field(converter=_optional, default=None)
    weight: Float[Array, ""] | float | None = None

    def __check_init__(self):
        if np.ndim(self.spread) > 1 or np.any(np.asarray(self.spread) < 0):
            raise ValueError("spread is a variance for all coordinates, or one for each; use numbers >= 0")
        if self.sigma2 is not None and self.sigma2 < 0:
            raise ValueError("sigma2 must not be negative")
        if self.weight is not None:
            remedy = "is not a share of synthetic data; use 0 <= weight <= 1, or None to pool"
            setting(self.weight, "weight", lambda it: 0 <= it <= 1, remedy)

    def start(self, key: Key[Array, ""], truth: Any, n: Any, source: Source) -> tuple[Any, Any]:
        shift_key, fit_key = random.split(key)
        size = jnp.sqrt(jnp.asarray(self.spread, truth.dtype)).reshape(-1, *(1,) * len(truth.batch_shape))
        shift = size * random.normal(shift_key, truth.coefficients.shape, truth.dtype)
        surrogate = truth.replace(coefficients=truth.coefficients + shift)
        return truth, self._fit(fit_key, truth, surrogate, n, source)

    def step(self, key: Key[Array, ""], t: Array, n: Any, memory: Any, model: Any, source: Source) -> tuple[Any, Any]:
        return memory, self._fit(key, memory, model, n, source)

    def _fit(self, key: Any, truth: Any, author: Any, n: Any, source: Source) -> Any:
        real_key, synthetic_key = random.split(key)
        real = source.real(real_key, truth, self.n_real, self.n_real)
        noisy = author if self.sigma2 is None else author.replace(sigma2=jnp.asarray(self.sigma2, truth.dtype))
        synthetic = source.draw(synthetic_key, noisy, n)
        if self.weight is None:
            return source.fit(key, truth, real + synthetic)
        weight, rows = jnp.asarray(self.weight, truth.dtype), self.n_real + n
        return source.fit(
            key,
            truth,
            truth.weigh(real, (1 - weight) * rows / self.n_real) + truth.weigh(synthetic, weight * rows / n),
        )

    def fitted_sizes(self, generations: int) -> tuple[int, ...]:
        return tuple(self.n_real + n for n in self.schedule(generations))

    def check(self, family: Any, generations: int) -> None:
        if not isinstance(family, LinearRegression) or family.shares_design:
            raise ValueError("Surrogate shifts the parameters of a regression; use LinearRegression(design='fresh')")
        if np.ndim(self.spread) and np.size(self.spread) not in (1, family.d):
            raise ValueError(
                f"spread has {np.size(self.spread)} variances for d={family.d}; give one for each coordinate"
            )
