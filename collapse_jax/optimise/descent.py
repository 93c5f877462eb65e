"""The smallest mean of a simulation, by gradients along the paths of its chains."""

from collections.abc import Callable
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

_STEPS, _POLISH, _RATE = 40, 6, 0.1
_FEW = 1 << 10
"""Chains that are enough to come near the optimum."""


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
    chains is a smooth function, with slopes $f_i'$ taken through the exact engine. Adam (by Optax) descends on a few of the chains, Newton's
    method on all of them ends where the mean slope is 0, and the true optimum lies within

    $$\hat\theta \pm z_{1 - \alpha/2}\, \frac{\sqrt{\mathrm{Var} f_i' / N}}{\bar f''(\hat\theta)}$$

    with probability $1 - \alpha$ for many chains, if the mean has one minimum. A minimum at an end of the range is one
    from which the slope is known to lead out, $|\bar f'| > z_{1-\alpha/2} \sqrt{\mathrm{Var} f_i'/N}$.

    **Args**: `build`: from a setting, a traced number, to (family, workflow), such as `family.replace(ridge=setting)`; `metric`: a name or a function; `low`,
    `high`: the range of the setting, ends included; `generations`, `chains`, `seed`: of the simulation; `alpha`:
    probability that the interval misses.

    **Returns**: the `Optimum`.

    **Raises**: ValueError where the slope along paths is not finite or 0 throughout, as for discrete data, and where the
    mean is not convex at the point found.
    """
    low, high, z = real(low), real(high), float(norm.isf(alpha / 2))
    key, size, fits = random.key(seed), whole(chains), whole(generations)

    def slopes(setting, number=size):
        def values(at):
            family, workflow = build(at)
            return trajectories(key, family, workflow, [metric], generations=fits, chains=number)[0][-1]

        return jax.jvp(values, (setting,), (jnp.ones_like(setting),))

    @jax.jit
    def measured(setting):
        def mean(at):
            f, slope = slopes(at)
            return jnp.mean(slope), (jnp.mean(f), jnp.std(slope) / size**0.5)

        slope, curvature, (level, error) = jax.jvp(mean, (setting,), (jnp.ones_like(setting),), has_aux=True)
        return level, slope, error, curvature

    with jax.enable_x64(True):
        found = jnp.asarray(_adam(lambda setting: slopes(setting, min(size, _FEW)), low, high))
        for _ in range(_POLISH):
            _, slope, error, curvature = map(float, measured(found))
            _check(slope, error, curvature, float(found))
            if curvature > 0:
                found = jnp.clip(found - slope / curvature, low, high)
        level, slope, error, curvature = map(float, measured(found))
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


def _adam(slopes: Callable[[Any], Any], low: float, high: float) -> Any:
    """Adam on the mean slope, from the middle of the range and kept within it; steps are shares of the range."""
    span = high - low
    optimiser = optax.adam(optax.cosine_decay_schedule(_RATE * span, _STEPS))

    @jax.jit
    def run(start):
        def step(carry, _):
            setting, state = carry
            gradient = jnp.mean(slopes(setting)[1])
            update, state = optimiser.update(gradient, state)
            return (jnp.clip(optax.apply_updates(setting, update), low, high), state), None

        return jax.lax.scan(step, (start, optimiser.init(start)), None, _STEPS)[0][0]

    return run(jnp.asarray((low + high) / 2, jnp.float64))


def _check(slope: float, error: float, curvature: float, setting: float) -> None:
    if not np.all(np.isfinite([slope, error, curvature])):
        raise ValueError(f"the slope along paths is not finite at {setting:g}; narrow the range")
    if slope == 0 and error == 0:
        raise ValueError(
            "no chain changes with the setting: data that are counted have no slope along their paths, and what is not "
            "handed on by `build` has none; search a law with `bracket`"
        )
