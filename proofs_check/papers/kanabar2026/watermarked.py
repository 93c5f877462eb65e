"""Data whose marks tell, with what probability, whether they are real."""

from typing import Any

import equinox as eqx
import jax
import jax.numpy as jnp

from collapse_jax import Categorical, Workflow, random
from collapse_jax.workflows.contaminated import either
from proofs_check.papers.kanabar2026 import theory


class Watermarked(Workflow):
    r"""`Contaminated(estimate="linear")` for categorical models with marks: every observation counts with weight a(W).

    **Args**: `n`: observations per fit, one number; `share`: of real data; `Q1`, `Q0`: laws of the mark of what is real
    and of what is not.
    """

    share: float = eqx.field(static=True, default=0.5)
    Q1: tuple[float, ...] = eqx.field(static=True, default=(0.8, 0.2))
    Q0: tuple[float, ...] = eqx.field(static=True, default=(0.2, 0.8))
    needs_samples = True

    def start(self, key: Any, truth: Any, n: Any, source: Any) -> tuple[Any, Any]:
        return truth, source.fit(key, truth, source.real(key, truth, n))

    def step(self, key: Any, t: Any, n: Any, memory: Any, model: Any, source: Any) -> tuple[Any, Any]:
        real_key, synthetic_key, which_key, mark_key = random.split(key, 4)
        real, synthetic = source.real(real_key, memory, n), source.draw(synthetic_key, model, n)
        is_real = random.uniform(which_key, (*model.batch_shape, n), model.dtype) < self.share
        symbols = either(is_real, real, synthetic).values
        one, zero = (jnp.asarray(q, model.dtype) for q in (self.Q1, self.Q0))
        chosen = jnp.cumsum(jnp.where(is_real[..., None], one, zero), -1)
        u = random.uniform(mark_key, (*model.batch_shape, n, 1), model.dtype)
        mark = jnp.minimum(jnp.sum(u >= chosen, -1), len(self.Q1) - 1)
        weight = (self.share * one / (self.share * one + (1 - self.share) * zero))[mark]
        counted = jnp.sum(weight[..., None] * jax.nn.one_hot(symbols, model.s, dtype=model.dtype), -2)
        moment = theory.moment(2, self.share, self.Q1, self.Q0)
        ess = n * (1 + (t - 1) * moment)
        return memory, model.replace(p=model.p + (counted - weight.sum(-1, keepdims=True) * model.p) / ess)

    def check(self, family: Any, generations: int) -> None:
        if not isinstance(family, Categorical) or family.keeps_samples:
            raise ValueError(
                f"Watermarked counts weighted symbols, and {type(family).__name__} has none to count; use Categorical "
                "with sampler='counts'"
            )
        if len(set(self.schedule(generations))) > 1:
            raise ValueError("Watermarked takes as many observations for every fit; give n as one number")
