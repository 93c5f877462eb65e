"""A location fitted by the median, and logistic regression on the rows of a table, as in the authors' scripts."""

from collections.abc import Mapping
from typing import Any, ClassVar, Self

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax
from jaxtyping import Array, Bool, Float, Int, Key

from collapse_jax import Family, LogisticRegression, Samples, random
from collapse_jax.data import Trials
from collapse_jax.families._family import Engine, host_array
from collapse_jax.metrics import mean_error
from collapse_jax.numerics import linalg

__all__ = ["GaussianMedian", "PriorRows", "Rows"]


class GaussianMedian(Family):
    r"""$N(\mu, \sigma^2)$ with known $\sigma$, $\mu$ fitted by the sample median: linear only in the limit, with
    efficiency $2/\pi$.

    **Args**: `location`: $\mu$; `sigma`: $\sigma$.

    **Raises**: ValueError for a sigma that is not positive.

    **References**: Dey and Donoho (2024), arXiv 2410.22812, the authors' code (Gaussian limits).
    """

    location: Float[Array, "*batch"]
    sigma: Float[Array, ""]
    parameters: ClassVar[Mapping[str, int]] = {"location": 0}

    def __init__(self, location: Any = 0.0, sigma: Any = 1.0):
        self.location, self.sigma = host_array(location, "location"), host_array(sigma, "sigma")
        if not self.sigma > 0:
            raise ValueError(f"sigma={sigma} is no standard deviation; use sigma > 0")

    @property
    def keeps_samples(self) -> bool:
        return True  # a median is no function of medians

    def sample(self, key: Key[Array, ""], n: int) -> Float[Array, "*batch n"]:
        z = random.normal(key, (*self.batch_shape, n), self.dtype)
        return self.location[..., None] + self.sigma * z

    def fit(self, data: Samples) -> Self:
        return self.replace(location=data.median())


@mean_error.register(GaussianMedian)
def _(model: GaussianMedian, truth):
    return (model.location - truth.location) ** 2


class Rows(LogisticRegression):
    r"""Logistic regression on the rows of a table: every data set labels each of the m rows n / m times.

    With `labels` the truth is the table itself: what is real are its labels, the same in every chain, and `beta` only
    says what fits are compared with. Models fitted on it draw labels from their own probabilities.

    **Args**: `beta`: (d,); `points`: the rows (m, d), with a constant column for an intercept; `labels`: (m,), 0 or 1.

    **Raises**: ValueError as `LogisticRegression` does, for labels that do not fit, and, in a run, for an n that is no
    multiple of m.
    """

    labels: Float[Array, "m"] | None = None
    ignores_unfilled: ClassVar[bool] = True

    def __init__(self, beta: Any, points: Any, labels: Any = None):
        super().__init__(beta, points)
        self.labels = None if labels is None else host_array(labels, "labels", 1)
        if self.labels is not None and (
            self.labels.shape != self.weights.shape or not np.isin(self.labels, (0, 1)).all()
        ):
            raise ValueError(
                f"labels of shape {self.labels.shape} for {len(self.weights)} rows; give 0 or 1 for each row"
            )

    def check(self, sizes: tuple[int, ...], engine: Engine) -> None:
        rows = len(self.weights)
        if wrong := [n for n in sizes if n % rows]:
            raise ValueError(f"n={wrong[0]} does not label {rows} rows equally often; use a multiple of {rows}")

    def sample(self, key: Key[Array, ""], n: int) -> tuple[Int[Array, "*batch n"], Bool[Array, "*batch n"]]:
        point = jnp.broadcast_to(jnp.arange(n) % len(self.weights), (*self.batch_shape, n))
        if self.labels is not None:
            return point, jnp.asarray(self.labels)[point] > 0
        chance = jnp.take_along_axis(jax.nn.sigmoid(self.logits), point, -1)
        return point, random.uniform(key, point.shape, self.dtype) < chance

    def statistic(self, key: Key[Array, ""], n) -> Trials:
        chance = jax.nn.sigmoid(self.logits)
        visits = jnp.full(chance.shape, n, self.dtype) / len(self.weights)
        if self.labels is not None:
            return Trials(visits, visits * self.labels)
        return Trials(visits, random.binomial(key, visits, chance, visits.shape, self.dtype))

    def fit(self, data: Trials | Samples) -> Self:
        if isinstance(data, Samples):
            point, label = data.values
            seen = jax.nn.one_hot(point, len(self.weights), dtype=self.dtype)
            data = Trials(data.total(seen), data.total(seen * label[..., None]))
        wide = (leaf.astype(jnp.result_type(float)) for leaf in (self.beta, data.visits, data.successes, self.points))
        return self.replace(beta=_fitted(*wide).astype(self.dtype), labels=None)


def _fitted(beta, visits, successes, points):
    """Maximum-likelihood parameters of all chains at once; NaN where labels are separated, infinity where undecided.

    Newton's method with the damped step of `LogisticRegression`, whose certificate is simpler on rows without ties:
    logits that agree in sign with every label only grow.
    """
    tolerance = float(jnp.finfo(beta.dtype).eps) ** 0.4
    triangle = linalg.cholesky(points.T @ points / len(points))
    basis = linalg.solve_lower(triangle, points.T).T

    def improve(state):
        step, gamma, ended = state
        logits = gamma @ basis.T
        up, down = jax.nn.sigmoid(logits), jax.nn.sigmoid(-logits)
        score = (successes * down - (visits - successes) * up) @ basis
        factor = linalg.cholesky(jnp.einsum("...m,mi,mj->...ij", visits * up * down, basis, basis))
        newton = linalg.solve_lower_transposed(factor, linalg.solve_lower(factor, score[..., None]))[..., 0]
        length = jnp.max(jnp.abs(newton @ basis.T), -1)
        damping = jnp.where(length > 0, jnp.log1p(length) / jnp.where(length > 0, length, 1), 1)
        agrees = jnp.where(logits > 0, successes == visits, successes == 0) & (logits != 0)
        separated = jnp.all(agrees | (visits == 0), -1)
        small = length <= tolerance * (1 + jnp.max(jnp.abs(logits), -1))
        moved = jnp.where((ended > 0)[..., None], gamma, gamma + damping[..., None] * newton)
        return step + 1, moved, jnp.where(ended > 0, ended, jnp.where(separated, 2, jnp.where(small, 1, 0)))

    alive = jnp.all(jnp.isfinite(beta), -1)
    start = jnp.where(alive[..., None], beta, 0) @ triangle
    ended = jnp.where(alive, 0, 3)  # a lost chain stays lost, and none waits for it
    state = (jnp.int32(0), start, ended)
    _, gamma, ended = lax.while_loop(lambda s: jnp.any(s[2] == 0) & (s[0] < 100), improve, state)
    flat = gamma.reshape(-1, gamma.shape[-1]).T
    fitted = linalg.solve_lower_transposed(triangle, flat).T.reshape(gamma.shape)
    lost = jnp.where(ended == 2, jnp.nan, jnp.inf)[..., None]
    found = jnp.where((ended == 1)[..., None], fitted, lost)
    return jnp.where(alive[..., None], found, beta)


class PriorRows(Rows):
    r"""`Rows` whose truth every chain draws for itself, $\beta \sim N(0, s^2 I)$, and remembers in `origin`.

    **Args**: `points`: the rows (m, d); `spread`: s.

    **References**: Dey and Donoho (2024), arXiv 2410.22812, the authors' code (logistic regression on synthetic data).
    """

    origin: Float[Array, "*batch d"] | None = None
    spread: Float[Array, ""] | None = None
    ignores_unfilled: ClassVar[bool] = True

    def __init__(self, points: Any, spread: Any = 1.0):
        super().__init__(np.zeros(np.shape(points)[1]), points)
        self.origin, self.spread = None, host_array(spread, "spread")

    def begin(self, key: Key[Array, ""], chains: int, n: Any, engine: Engine) -> Self:
        assert self.spread is not None
        beta = self.spread * random.normal(key, (chains, *jnp.shape(self.beta)), self.dtype)
        return self.replace(beta=beta, origin=beta)
