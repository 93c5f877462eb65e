"""Kernel density estimates, with a known law behind the first sample."""

from collections.abc import Mapping
from typing import Any, ClassVar, Literal, Self

import equinox as eqx
import jax.numpy as jnp
import numpy as np
from jax import lax
from jaxtyping import Array, Bool, Float, Key

from collapse_jax.data import Samples
from collapse_jax.families._family import Engine, Family, host_array, whole
from collapse_jax.families._points import Points, Running, frequency_step
from collapse_jax.laws.kde import Mixture
from collapse_jax.numerics import random
from collapse_jax.numerics.alone import alone
from collapse_jax.numerics.simplex import probabilities

Rule = Literal["fixed", "scott", "silverman"]

_MANY_POINTS = 4000  # up to which a bandwidth by rule is expected to shrink


class KDE(Family):
    r"""A Gaussian kernel density estimate on $\mathbb{R}^d$; the truth is a known law, a mixture of normal ones.

    $$p = \sum_k w_k N(m_k, s_k^2 I_d), \qquad f_t(x) = \frac1N \sum_{i=1}^N N(x; x_i, h^2 I_d),$$

    with $h = c$ for a number c, $c\,N^{-1/(d+4)}$ for "scott" and $c\,(N (d + 2)/4)^{-1/(d+4)}$ for "silverman", N
    being what the fit sees, so that the bandwidth is chosen anew in every generation. In scikit-learn these rules do
    not look at the spread of the data; with `scaled` h is also multiplied by their standard deviation, the root of
    the mean variance over the axes (ddof 1), as in SciPy. The model keeps its sample, and both engines draw an
    observation as $x_I + h z$.

    **Args**: `bandwidth`: c, or the name of a rule, whose `factor` is then c; `weights`, `means`, `scales`: of the
    truth, (K,), (K, d) and (K,); numbers where K = 1, or where all components share them; `d`: the dimension, where
    the means do not show it.

    **Raises**: ValueError for a bandwidth that is not positive, an unknown rule, or a truth that is no such mixture.
    """

    means: Float[Array, "*batch K d"]
    weights: Float[Array, "K"]
    scales: Float[Array, "K"]
    factor: Float[Array, ""]
    rule: Rule = eqx.field(static=True)
    scaled: bool = eqx.field(static=True)
    parameters: ClassVar[Mapping[str, int]] = {"means": 2}
    ignores_unfilled: ClassVar[bool] = True

    def __init__(
        self,
        bandwidth: Any,
        *,
        weights: Any = (1.0,),
        means: Any = 0.0,
        scales: Any = 1.0,
        d: int | None = None,
        factor: Any = 1.0,
        scaled: bool = False,
    ):
        if isinstance(bandwidth, str):
            if bandwidth not in ("scott", "silverman"):
                raise ValueError(f"bandwidth={bandwidth!r} is unknown; use a number, 'scott' or 'silverman'")
            self.rule, self.factor = bandwidth, host_array(factor, "factor")
        else:
            self.rule, self.factor = "fixed", host_array(bandwidth, "bandwidth")
        if not self.factor > 0:
            raise ValueError(f"a bandwidth of {self.factor} is no width of a kernel; use a number > 0")
        self.weights = probabilities(weights, "weights")
        size = self.weights.shape[0]
        where = host_array(means, "means", None)
        where = where.reshape(-1, 1) if where.ndim == 1 and len(where) == size and d in (None, 1) else where
        shape = (size, (where.shape[-1] if where.ndim else 1) if d is None else whole(d, "d", "a dimension"))
        try:
            self.means = host_array(np.broadcast_to(where, shape), "means", 2)
            self.scales = host_array(np.broadcast_to(host_array(scales, "scales", None), (size,)), "scales", 1)
        except ValueError:
            raise ValueError(
                f"means {where.shape} and scales {np.shape(scales)} do not fit {size} components; give (K, d) and (K,)"
            ) from None
        self.scaled = bool(scaled)
        Mixture(np.asarray(self.weights), np.asarray(self.means), np.asarray(self.scales))

    @property
    def d(self) -> int:
        return self.means.shape[-1]

    @property
    def law(self) -> Mixture:
        """The truth, as `collapse_jax.laws.kde` takes it."""
        return Mixture(*(np.asarray(part) for part in (self.weights, self.means, self.scales)))

    @property
    def keeps_samples(self) -> bool:
        return True

    @property
    def described(self) -> dict[str, Any]:
        """What a configuration says of the truth."""
        factor = np.asarray(self.factor)
        rule = {"bandwidth": factor} if self.rule == "fixed" else {"bandwidth": self.rule, "factor": factor}
        return {**rule, "weights": self.weights, "means": self.means, "scales": self.scales, "scaled": self.scaled}

    def check(self, sizes: tuple[int, ...], engine: Engine) -> None:
        del engine
        if self.scaled and min(sizes) < 2:
            raise ValueError("n=1 has no standard deviation to scale a bandwidth with; use n >= 2 or scaled=False")

    def sample(self, key: Key[Array, ""], n: int) -> Float[Array, "*batch n d"]:
        which_key, noise_key = random.split(key)
        z = random.normal(noise_key, (*self.batch_shape, n, self.d), self.dtype)
        if self.means.shape[-2] == 1:
            return self.means + jnp.asarray(self.scales)[0] * z
        rows = jnp.broadcast_to(jnp.asarray(self.weights), (*self.batch_shape, *self.weights.shape))
        which = random.categorical(which_key, rows, n)
        return jnp.take_along_axis(self.means, which[..., None], -2) + jnp.asarray(self.scales)[which][..., None] * z

    def reduce(self, data: Samples) -> Points:
        origin = jnp.ravel(self.means)[0]
        scales, weights = jnp.asarray(self.scales, self.dtype), jnp.asarray(self.weights, self.dtype)
        width = self.factor * _rate(self.rule, jnp.asarray(float(_MANY_POINTS), self.dtype), self.d)
        if self.scaled:
            squares = scales**2 + jnp.mean((self.means - origin) ** 2, -1).reshape(-1, len(scales))
            width = width * jnp.sqrt(jnp.min(squares @ weights))
        # As wide as the step may be if the last frequency is to be beyond the narrowest kernel, and a little more.
        narrowest = jnp.minimum(width, jnp.min(scales))
        return Points.of(data, frequency_step(narrowest, self.dtype), origin)

    def fit(self, data: Points | Samples) -> "KernelEstimate":
        samples = data.samples if isinstance(data, Points) else data
        width = jnp.zeros(samples.values.shape[: samples.axis], self.dtype)
        return KernelEstimate(samples.values, samples.present, width, self.factor, self.rule, self.scaled).fit(data)


class KernelEstimate(Family):
    """What `KDE` becomes once fitted: its points, which slots of them are filled, the bandwidth, and sums if kept.

    `running` holds sums over the points where a workflow pools them as they are drawn (`Source.compact`), else None.
    """

    points: Float[Array, "*batch slots d"]
    present: Bool[Array, "slots"]
    bandwidth: Float[Array, "*batch"]
    factor: Float[Array, ""]
    rule: Rule = eqx.field(static=True)
    scaled: bool = eqx.field(static=True)
    running: Running | None = None
    parameters: ClassVar[Mapping[str, int]] = {"points": 2, "bandwidth": 0}
    ignores_unfilled: ClassVar[bool] = True

    @property
    def d(self) -> int:
        return self.points.shape[-1]

    @property
    def keeps_samples(self) -> bool:
        return True

    @property
    def means(self) -> Float[Array, "*batch slots d"]:
        """The centres of the kernels, 0 in slots that are not filled."""
        return jnp.where(self.present[:, None], self.points, 0)

    @property
    def number(self) -> Array:
        """How many points there are."""
        return jnp.sum(self.present)

    @property
    def filled_first(self) -> Array:
        """The slots, those that are filled in front; most often they stand there."""
        slots = jnp.arange(self.present.shape[0])
        scattered = jnp.any(self.present != (slots < self.number))
        return lax.cond(scattered, lambda: jnp.argsort(~self.present, stable=True).astype(slots.dtype), lambda: slots)

    def replace(self, **fields: Any) -> Self:
        stale = self.running is not None and "running" not in fields and not {"points", "present"}.isdisjoint(fields)
        return super().replace(**fields, **({"running": None} if stale else {}))

    def sample(self, key: Key[Array, ""], n: int) -> Float[Array, "*batch n d"]:
        member_key, noise_key = random.split(key)
        batch, slots = self.batch_shape, self.present.shape[0]
        member = self.filled_first[random.integers(member_key, (*batch, n), self.number, slots)]
        rows = jnp.arange(member.size // max(n, 1), dtype=member.dtype).reshape(*batch, 1) * slots + member

        def chosen(rows, points):
            # One take of rows: where XLA cannot prove indices in range, it tests each.
            return points.reshape(-1, self.d).at[rows].get(mode="promise_in_bounds")

        # A pool that is read and lengthened in one loop is copied.
        centres = alone(chosen, rows, self.points)
        return centres + self.bandwidth[..., None, None] * random.normal(noise_key, (*batch, n, self.d), self.dtype)

    def reduce(self, data: Samples) -> Points | None:
        return None if self.running is None else Points.of(data, self.running.step, self.running.origin)

    def fit(self, data: Points | Samples) -> Self:
        samples, running = (data.samples, data.running) if isinstance(data, Points) else (data, None)
        number = samples.number.astype(self.dtype)
        width = self.factor * _rate(self.rule, number, self.d)
        if self.scaled:
            squares = jnp.mean(samples.var(ddof=1), -1) if running is None else running.scatter / self.d / (number - 1)
            width = width * jnp.sqrt(squares)
        bandwidth = jnp.broadcast_to(width, self.batch_shape).astype(self.dtype)
        return self.replace(points=samples.values, present=samples.present, bandwidth=bandwidth, running=running)

    def log_density(self, x: Float[Array, "*#batch m d"]) -> Float[Array, "*batch m"]:
        r"""$\log f_t$ at m places, the same for all models or not; does not underflow far from all points."""
        order, width = self.filled_first, self.bandwidth[..., None]
        shape = (*self.batch_shape, x.shape[-2])

        def exponents(i):
            point = lax.dynamic_index_in_dim(self.points, order[i], self.points.ndim - 2)
            return jnp.sum(((x - point) / width[..., None]) ** 2, -1) / 2

        far = jnp.full(shape, jnp.inf, self.dtype)
        nearest = lax.fori_loop(0, self.number, lambda i, least: jnp.minimum(least, exponents(i)), far)
        none = jnp.zeros(shape, self.dtype)
        total = lax.fori_loop(0, self.number, lambda i, sum: sum + jnp.exp(nearest - exponents(i)), none)
        return jnp.log(total / self.number) - nearest - self.d * (jnp.log(width) + np.log(2 * np.pi) / 2)


def _rate(rule: Rule, number: Array, d: int) -> Array:
    """What a rule multiplies its factor with."""
    base = {"fixed": jnp.ones_like(number), "scott": number, "silverman": number * (d + 2) / 4}[rule]
    return base ** (-1 / (d + 4))
