"""The smallest mean of a simulation, by gradients along the paths of its chains."""

from collections.abc import Callable
from functools import lru_cache
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import optax
from scipy.stats import norm

from collapse_jax import random
from collapse_jax.engine.scan import trajectories
from collapse_jax.laws._check import real, whole
from collapse_jax.laws.domain import Integers, Interval, Real, domain
from collapse_jax.optimise.optimum import Optimum, where

_STEPS, _POLISH, _RATE = 25, 6, 0.15


@domain(
    "low < high",
    low=Real,
    high=Real,
    generations=Integers(1),
    chains=Integers(100),
    seed=Integers(0),
    alpha=Interval("(0, 0.5]"),
)
def descend(
    build: Callable[[Any], tuple[Any, Any]],
    metric: Any,
    low: float | int,
    high: float | int,
    *,
    generations: int,
    chains: int = 1 << 14,
    seed: int = 0,
    alpha: float = 0.01,
) -> Optimum:
    r"""Which setting makes the mean of a metric at the last fit smallest, with limits of a confidence interval.

    The same random numbers serve every setting $\theta$, so that $\bar f(\theta) = \frac1N \sum_i f_i(\theta)$ over the
    chains is a smooth function, with slopes $f_i'$ taken through the exact engine. Adam (by Optax) descends within the
    range, Newton's method ends where the mean slope is 0, and the true optimum lies within

    $$\hat\theta \pm z_{1 - \alpha/2}\, \frac{\sqrt{\mathrm{Var} f_i' / N}}{\bar f''(\hat\theta)}$$

    with probability $1 - \alpha$ for many chains, if the mean has one minimum. A minimum at an end of the range is one
    from which the slope is known to lead out, $|\bar f'| > z_{1-\alpha/2} \sqrt{\mathrm{Var} f_i'/N}$.

    **Args**: `build`: from a setting, a traced number, to (family, workflow), such as `family.replace(ridge=setting)`;
    `metric`: a name or a function; `low`, `high`: the range of the setting, ends included; `generations`, `chains`,
    `seed`: of the simulation; `alpha`: probability that the interval misses.

    **Returns**: the `Optimum`.

    **Raises**: ValueError where the slope along paths is not finite or 0 throughout, as for discrete data, and where
    the mean is not convex at the point found.
    """
    low, high, z = real(low), real(high), float(norm.isf(alpha / 2))
    key, measured = random.key(seed), _measured(build, metric, whole(generations), whole(chains))
    with jax.enable_x64(True):
        found = jnp.asarray((low + high) / 2, jnp.float64)
        optimiser = optax.adam(optax.cosine_decay_schedule(_RATE * (high - low), _STEPS))
        state = optimiser.init(found)
        for step in range(_STEPS + _POLISH):
            _, slope, error, curvature = measured(key, found)
            _check(float(slope), float(error), float(curvature), float(found))
            if step < _STEPS:
                change, state = optimiser.update(slope, state)
            else:
                change = -slope / curvature if curvature > 0 else jnp.zeros_like(slope)
            found = jnp.clip(found + jnp.asarray(change), low, high)  # pyright: ignore[reportArgumentType]
        level, slope, error, curvature = map(float, measured(key, found))
    argmin = float(found)
    outward = {low: slope > z * error, high: slope < -z * error}.get(argmin, False)
    if outward:
        interval = (argmin, argmin)
    elif curvature <= 0:
        raise ValueError(f"the mean is not convex at {argmin:g}; narrow the range, or use more chains")
    else:
        centre = argmin - slope / curvature
        interval = (max(low, centre - z * error / curvature), min(high, centre + z * error / curvature))
    return Optimum(argmin, interval, level, where(interval, low, high), float(alpha), _STEPS + _POLISH + 1)


@lru_cache(maxsize=16)
def _measured(
    build: Callable[[Any], tuple[Any, Any]], metric: Any, generations: int, chains: int
) -> Callable[..., Any]:
    """(key, setting) -> mean at the last fit, its slope, the standard error of the slope, and the second derivative."""

    @jax.jit
    def measured(key, setting):
        def values(at):
            family, workflow = build(at)
            return trajectories(key, family, workflow, [metric], generations=generations, chains=chains)[0][-1]

        def mean(at):
            f, slope = jax.jvp(values, (at,), (jnp.ones_like(at),))
            return jnp.mean(slope), (jnp.mean(f), jnp.std(slope) / chains**0.5)

        slope, curvature, (level, error) = jax.jvp(mean, (setting,), (jnp.ones_like(setting),), has_aux=True)
        return level, slope, error, curvature

    return measured


def _check(slope: float, error: float, curvature: float, setting: float) -> None:
    if not np.all(np.isfinite([slope, error, curvature])):
        raise ValueError(f"the slope along paths is not finite at {setting:g}; narrow the range")
    if slope == 0 and error == 0:
        raise ValueError(
            "no chain changes with the setting: data that are counted have no slope along their paths, and what is not "
            "handed on by `build` has none; search a law with `bracket`"
        )
