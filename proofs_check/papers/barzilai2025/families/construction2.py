"""Construction 2 (Theorem 5.2): a family that collapses after a heavy-tailed number of fits."""

from collections.abc import Mapping
from typing import Any, ClassVar, Self

import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float, Int, Key

from collapse_jax import random
from collapse_jax.data import Data, Samples
from collapse_jax.families._family import Family, host_array, whole
from collapse_jax.metrics import tv


class Intervals(Data):
    """A sample on J unit intervals: how many points lie in each, and the gap from its largest to its right end."""

    counts: Float[Array, "*batch J"]
    gaps: Float[Array, "*batch J"]

    def __add__(self, other: Any) -> Self:
        return type(self)(self.counts + other.counts, jnp.minimum(self.gaps, other.gaps))

    def none(self) -> Self:
        return type(self)(self.counts * 0, jnp.full_like(self.gaps, jnp.inf))


class SlowCollapse(Family):
    r"""Construction 2: one family for all n, which collapses after a heavy-tailed number of fits.

    $$h_\alpha = \sum_{j \ge 0} \Big(\prod_{k < j} \alpha_k\Big) (1 - \alpha_j)\, U[j, j + 1 - 2\alpha_j],
      \qquad 0 \le \alpha_j \le \tfrac14,$$

    with truth $\alpha = 0$, $U[0, 1]$. If $M_j$ is the largest offset seen in interval j, the estimate is
    $\alpha_j = \min(\frac14, \frac12 (1 - M_j))$; for an interval that was not visited every value is as likely, and
    the estimate keeps the one it has, 0 at first. Once a point lies in interval $J - 1 \ge 1$, the family's other
    half, $g_J = \frac12 U[0, J] + \frac12 (\text{a spike})$, is more likely; what is tracked here is $\alpha$, which
    says when that happens. For the number $T_1$ of synthetic samples until interval 1 is visited, under `Accumulate`,

    $$P(T_1 > t) = \int_0^1 n (1 - u)^{n - 1} \big(1 - \min(\tfrac u2, \tfrac14)\big)^{n t} du
      \to \frac{2}{2 + t} \quad (n \to \infty), \qquad \text{with infinite mean: never average it.}$$

    An observation is (interval, offset). The exact engine thins n binomially through the intervals and draws the
    largest of m uniforms in each, in O(J) whatever n is.

    **Args**: `J`: how many intervals are told apart; the last one stands for all beyond it, too.

    **Raises**: ValueError for J < 2.

    **References**: Barzilai and Shamir (2025), arXiv 2505.19046, theorem 5.2.
    """

    alphas: Float[Array, "*batch J"]
    parameters: ClassVar[Mapping[str, int]] = {"alphas": 1}
    ignores_unfilled: ClassVar[bool] = True

    def __init__(self, J: int = 6):
        if whole(J, "J", "a number of intervals") < 2:
            raise ValueError("J=1 leaves no interval to collapse to; use J >= 2")
        self.alphas = host_array(np.zeros(J), "alphas", 1)

    @property
    def J(self) -> int:
        return self.alphas.shape[-1]

    @property
    def furthest(self) -> Int[Array, "*batch"]:
        """The furthest interval that was visited; 0 for the truth, too."""
        return jnp.maximum(jnp.sum(jnp.asarray(self.alphas) > 0, -1) - 1, 0)

    def sample(self, key: Key[Array, ""], n: int) -> tuple[Int[Array, "*batch n"], Float[Array, "*batch n"]]:
        pass_key, place_key = random.split(key)
        u = random.uniform(pass_key, (*self.batch_shape, n, self.J - 1), jnp.result_type(float))
        passed = u < self.alphas[..., None, :-1]
        interval = jnp.sum(jnp.cumprod(passed, -1), -1).astype(jnp.int32)
        alpha = jnp.take_along_axis(self.alphas, interval, -1)
        return interval, (1 - 2 * alpha) * random.uniform(place_key, interval.shape, self.dtype)

    def statistic(self, key: Key[Array, ""], n) -> Intervals:
        gap_key, *keys = random.split(key, self.J)
        arriving, counts = jnp.broadcast_to(jnp.asarray(n, self.dtype), self.batch_shape), []
        for j, pass_key in enumerate(keys):
            leaving = random.binomial(pass_key, arriving, self.alphas[..., j], self.batch_shape, self.dtype)
            counts.append(arriving - leaving)
            arriving = leaving
        counts = jnp.stack([*counts, arriving], -1)
        log_max = -random.exponential(gap_key, counts.shape, self.dtype) / jnp.maximum(counts, 1)
        gaps = 2 * self.alphas - (1 - 2 * self.alphas) * jnp.expm1(log_max)
        return Intervals(counts, jnp.where(counts > 0, gaps, jnp.inf))

    def fit(self, data: Intervals | Samples) -> Self:
        if isinstance(data, Samples):
            interval, offset = data.values
            here = (interval[..., None] == jnp.arange(self.J)) & data.present[:, None]
            gaps = jnp.min(jnp.where(here, 1 - offset[..., None], jnp.inf), -2)
            data = Intervals(jnp.sum(here, -2).astype(self.dtype), gaps)
        return self.replace(alphas=jnp.where(data.counts > 0, jnp.minimum(data.gaps / 2, 0.25), self.alphas))


@tv.register(SlowCollapse)
def _(model: SlowCollapse, truth):
    # Of the half of the family that the data make more likely. The density is 0 on the last 2 alpha_0 of [0, 1], or
    # 1 / (2 J) on all of it once interval J - 1 >= 1 has been visited.
    reached = model.furthest
    return jnp.where(reached > 0, 1 - 0.5 / (reached + 1), 2 * model.alphas[..., 0])
