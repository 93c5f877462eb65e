"""Generators that turn the covariance of a fitted model into another one, direction by direction: diffusion models."""

import abc
import math
from typing import Any, Literal

import equinox as eqx
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float

from collapse_jax.families import Family, Gaussian
from collapse_jax.numerics import triangle
from collapse_jax.workflows._around import Around
from collapse_jax.workflows._workflow import setting


class Spectral(Around):
    r"""Any workflow whose Gaussian models hand on $N(V f V' \mu,\ V g(\lambda) V')$ in place of $N(\mu, V \lambda V')$.

    What a linear generator does to a Gaussian law: along every principal direction the variance $\lambda$ becomes
    $g(\lambda)$, and the mean is multiplied by $f(\lambda)$. **To add one** subclass this and write `spread`.

    **Args**: `workflow`: which data the next fit sees, such as `Replace(n=100)`.

    **Raises**: ValueError, in a run, for families other than `Gaussian`.
    """

    @abc.abstractmethod
    def spread(self, log_variance: Array) -> tuple[Array, Array]:
        r"""$\log g(\lambda)$ and $f(\lambda)$ from $\log \lambda$; logarithms, as variances may underflow."""

    def author(self, model: Any) -> Any:
        exponent, factor = jnp.asarray(model.exponent), jnp.asarray(model.triangle)
        base = 2 * math.log(2) * exponent
        if model.d == 1:
            log_variance, kept = self.spread(2 * jnp.log(jnp.abs(factor[0])) + base)
            power = _whole_power(log_variance)
            root = jnp.exp(log_variance / 2 - power * math.log(2))[None]
            exponent, factor = triangle.normalise(power.astype(exponent.dtype), root.astype(factor.dtype))
            return model.replace(exponent=exponent, triangle=factor, location=model.location * kept)
        directions, values, _ = jnp.linalg.svd(triangle.unpack(factor))
        log_variance, kept = self.spread(2 * jnp.log(values) + base[..., None])
        power = _whole_power(jnp.max(log_variance, -1))
        roots = directions * jnp.exp(log_variance / 2 - power[..., None] * math.log(2))[..., None, :]
        upper = jnp.linalg.qr(jnp.swapaxes(roots, -1, -2), mode="r")
        exponent, factor = triangle.normalise(power, triangle.pack(jnp.swapaxes(upper, -1, -2)))
        along = jnp.einsum("...ji,...j->...i", directions, model.mean) * kept
        mean = jnp.einsum("...ij,...j->...i", directions, along)
        return model.replace(exponent=exponent, triangle=factor, location=jnp.moveaxis(mean, -1, 0))

    def check(self, family: Family, generations: int) -> None:
        if not isinstance(family, Gaussian):
            raise ValueError(
                f"{type(self).__name__} changes a covariance, which {type(family).__name__} does not have; use "
                "Gaussian, or write an Around with the `author` of this family"
            )
        super().check(family, generations)


def _whole_power(log_variance: Array) -> Array:
    """The binary exponent of a standard deviation; 0 for a law without spread."""
    power = jnp.floor(log_variance / (2 * math.log(2)))
    return jnp.where(jnp.isfinite(power), power, 0)


class Diffused(Spectral):
    r"""Any workflow whose Gaussian models hand on what a diffusion model with their exact score generates.

    Data of variance $v$ along a direction are noised by $dX = -X\,dt + \sqrt2\,dW$ up to the horizon T, where their
    variance is $v_T$, $v_t = 1 + (v - 1) e^{-2t}$; the generator starts from $N(0, 1)$ there and stops at $t_0$:

    - `sampler="ode"`, the probability flow: $v' = v_{t_0} / v_T$;
    - `sampler="sde"`, the reverse diffusion: $v' = v_{t_0} + (1 - v_T)\, e^{-2 (T - t_0)}\, v_{t_0}^2 / v_T^2$.

    With guidance w (the flow only) the score is $(1 + w)$ times that of the model less w times that of a law of
    variance V about the same mean, and $v' = (v_{t_0} / v_T)^{1 + w}\, (V_T / V_{t_0})^w$; at $T = \infty$ and
    $t_0 = 0$ that is $v\,(v / V)^w$.

    **Args**: `workflow`: which data the next fit sees, such as `Replace(n=100)`; `horizon`: T; `stop`: $t_0$, below T;
    `sampler`: "ode" or "sde"; `guidance`: w; `against`: V. All but `sampler` may be traced.

    **Raises**: ValueError for times, variances or a sampler that are none, for guidance of the reverse diffusion, whose
    variance has no closed form, and, in a run, for families other than `Gaussian`.

    >>> from collapse_jax import Replace
    >>> Diffused(Replace(n=100), stop=0.05).horizon
    inf
    """

    horizon: Float[Array, ""] | float = math.inf
    stop: Float[Array, ""] | float = 0.0
    sampler: Literal["ode", "sde"] = eqx.field(static=True, default="ode")
    guidance: Float[Array, ""] | float = 0.0
    against: Float[Array, ""] | float = 1.0

    def __check_init__(self):
        setting(self.stop, "stop", lambda it: 0 <= it < np.inf, "is no time to stop at; use a number >= 0")
        setting(self.horizon, "horizon", lambda it: it > 0, "is no time to start from; use a number > 0, or infinity")
        setting(self.guidance, "guidance", lambda it: -1 < it < np.inf, "guides nothing; use a number > -1, 0 for none")
        setting(self.against, "against", lambda it: 0 < it < np.inf, "is no variance; use a number > 0")
        if self.sampler not in ("ode", "sde"):
            raise ValueError(f"sampler={self.sampler!r} is unknown; use 'ode' or 'sde'")
        known = all(isinstance(one, int | float) for one in (self.horizon, self.stop))
        if known and self.stop >= self.horizon:
            raise ValueError(f"stop={self.stop} is not before horizon={self.horizon}; use stop < horizon")
        if self.sampler == "sde" and not (isinstance(self.guidance, int | float) and self.guidance == 0):
            raise ValueError("the reverse diffusion with guidance has no closed form; use guidance=0, or sampler='ode'")

    def spread(self, log_variance: Array) -> tuple[Array, Array]:
        dtype = log_variance.dtype
        horizon, stop = (jnp.asarray(time, dtype) for time in (self.horizon, self.stop))
        last, first = _noised(log_variance, stop), _noised(log_variance, horizon)
        if self.sampler == "sde":
            factor = jnp.exp(last - first - horizon + stop)
            found = jnp.exp(last) - jnp.expm1(first) * factor**2
            log_spread = last + jnp.log1p(found * jnp.exp(-last) - 1)
        else:
            w, other = jnp.asarray(self.guidance, dtype), jnp.log(jnp.asarray(self.against, dtype))
            log_spread = (1 + w) * (last - first) + w * (_noised(other, horizon) - _noised(other, stop))
            factor = jnp.exp(log_spread / 2)
        return log_spread, jnp.exp(-stop) - jnp.exp(-horizon) * factor


def _noised(log_variance: Array, time: Array) -> Array:
    r"""$\log(v e^{-2t} + 1 - e^{-2t})$."""
    return jnp.logaddexp(log_variance - 2 * time, jnp.log(-jnp.expm1(-2 * time)))
