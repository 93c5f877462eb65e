"""Smooth families whose maximum-likelihood estimate has no closed form: an equation is solved for every chain."""

from collections.abc import Mapping
from typing import Any, ClassVar, Self

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
from jax import lax
from jaxtyping import Array, Bool, Float, Int, Key

from collapse_jax.data import Samples, Sums, Trials
from collapse_jax.families import _grouped
from collapse_jax.families._family import Engine, Family, host_array, whole
from collapse_jax.families._precision import check_count, check_offset
from collapse_jax.numerics import linalg, random
from collapse_jax.numerics.simplex import probabilities


class TruncatedGeometric(Family):
    r"""The natural exponential family $p_\theta(k) \propto e^{\theta k}$ on $\{0, \dots, K\}$.

    Its support is bounded, so it satisfies the smoothness assumptions A1-A3 of Barzilai and Shamir (2025); $K = 1$ is a
    coin by its logit. The estimate solves $E_\theta k = \bar x$; where all observations are 0 (or all are K) it is
    $-\infty$ (or $+\infty$), a point mass that every later sample repeats, and metrics of $\theta$ count the chain as
    non-finite. The exact engine draws the multinomial counts of the K + 1 values, in O(K) whatever n is.

    **Args**: `theta`: natural parameter; `K`: largest value.

    **Raises**: ValueError for a `theta` that is not finite or a `K` below 1.

    **References**: Barzilai and Shamir (2025), arXiv 2505.19046, section 4.
    """

    theta: Float[Array, "*batch"]
    K: int = eqx.field(static=True)
    parameters: ClassVar[Mapping[str, int]] = {"theta": 0}
    ignores_unfilled: ClassVar[bool] = True

    def __init__(self, theta: Any = 0.0, K: int = 4):
        self.theta = host_array(theta, "theta")
        self.K = whole(K, "K", "the largest value of a truncated geometric law")

    @property
    def p(self) -> Float[Array, "*batch s"]:
        """Probabilities of 0 .. K."""
        theta = jnp.asarray(self.theta)
        falling = _powers(-jnp.abs(theta), self.K)
        falling = falling / jnp.sum(falling, -1, keepdims=True)
        return jnp.where(theta[..., None] > 0, jnp.flip(falling, -1), falling)

    def check_precision(self, sizes: tuple[int, ...], engine: Engine, dtype: str) -> None:
        super().check_precision(sizes, engine, dtype)
        check_count(max(sizes), "n")

    def sample(self, key: Key[Array, ""], n: int) -> Float[Array, "*batch n"]:
        drawn = random.categorical(key, self.p, n).astype(self.dtype)
        return jnp.where(jnp.isnan(self.theta)[..., None], jnp.nan, drawn)

    def statistic(self, key: Key[Array, ""], n) -> Sums:
        counts = random.multinomial(key, n, self.p, self.dtype)
        total = counts @ jnp.arange(self.K + 1, dtype=self.dtype)
        return Sums(total * 0 + n, total)

    def reduce(self, data: Samples) -> Sums:
        total = data.total(data.values)
        return Sums(jnp.broadcast_to(data.number.astype(total.dtype), total.shape), total)

    def fit(self, data: Samples | Sums) -> Self:
        samples = isinstance(data, Samples)
        total, count = (data.total(data.values), data.number) if samples else (data.total, data.count)
        # By symmetry only theta <= 0 has to be solved for, where nothing cancels.
        mirrored = self.K * count - total
        low = jnp.minimum(total, mirrored)
        size = jnp.where(low > 0, _solve_mean(jnp.where(low > 0, low / count, self.K / 2), self.K), -jnp.inf)
        return self.replace(theta=jnp.where(total <= mirrored, size, -size))


def _powers(theta: Float[Array, "*batch"], K: int) -> Float[Array, "*batch s"]:
    r"""$e^{\theta k}$, k = 0 .. K, for $\theta \le 0$ including $-\infty$."""
    k = jnp.arange(K + 1, dtype=theta.dtype)
    return jnp.where(k == 0, 1, jnp.exp(theta[..., None] * jnp.maximum(k, 1)))


def _mean_and_variance(theta, K: int):
    k = jnp.arange(K + 1, dtype=theta.dtype)
    weight = _powers(theta, K)
    mass = jnp.sum(weight, -1)
    mean = jnp.sum(k * weight, -1) / mass
    return mean, jnp.sum((k - mean[..., None]) ** 2 * weight, -1) / mass


def _solve_mean(mean: Float[Array, "*batch"], K: int) -> Float[Array, "*batch"]:
    r"""The $\theta \le 0$ whose law has this mean in (0, K/2], to rounding.

    Newton's method for $\log\frac{m(\theta)}{K - m(\theta)}$, which is nearly straight in both tails, kept inside a
    bracket that shrinks; it starts at the fit of the geometric law without truncation, which lies below the solution.
    """
    target = lax.stop_gradient(mean)

    def improve(state):
        step, low, high, theta, _ = state
        m, variance = _mean_and_variance(theta, K)
        excess = jnp.log(m / (K - m)) - jnp.log(target / (K - target))
        low, high = jnp.where(excess < 0, theta, low), jnp.where(excess > 0, theta, high)
        newton = theta - excess * m * (K - m) / (K * variance)
        new = jnp.where((newton >= low) & (newton <= high), newton, (low + high) / 2)
        return step + 1, low, high, new, jnp.abs(new - theta) > 8 * jnp.finfo(theta.dtype).eps * (jnp.abs(new) + 1 / K)

    start = jnp.log(target / (1 + target))
    state = (jnp.int32(0), start, jnp.zeros_like(start), start, jnp.ones(start.shape, bool))
    # Six or so steps do; the cap only stops a last bit that alternates.
    theta = lax.stop_gradient(lax.while_loop(lambda s: jnp.any(s[-1]) & (s[0] < 60), improve, state)[3])
    m, variance = _mean_and_variance(theta, K)
    return theta + (mean - m) / variance


class LogisticRegression(Family):
    r"""$P(y = 1 \mid x) = 1 / (1 + e^{-x'\beta})$ with covariates from a finite set, fitted by maximum likelihood.

    Bounded covariates make this satisfy A1-A3 of Barzilai and Shamir (2025). An observation is (number of the point,
    label); visits and successes per point are sufficient, and the exact engine draws them, multinomial and binomial,
    in O(m) whatever n is. Newton's method starts at the model that drew the data and works in a basis orthonormal on
    the points, so that origin and units of the covariates do not matter; a block of chains in which it does not settle
    within a few steps goes to a slower, damped iteration (by Optimistix). Separable data have no
    maximiser, and visits to too few points more than one: `separated`. That is certified, by a direction $c$ that no
    label contradicts, $\pm x'c \ge 0$; should the iteration end with neither a fit nor a certificate, the chain is
    `unsolved`. Both are lost and counted as non-finite, never averaged.

    **Args**: `beta`: true parameter (d,); `points`: covariates (m, d), spanning all d dimensions (a constant column
    gives an intercept); `weights`: their probabilities (m,), equal by default.

    **Raises**: ValueError for shapes that do not match, points in a subspace, or weights that are no probabilities.

    **References**: Sun and Tran-Dinh (2019), Math. Programming 178 (the damped step, which converges from anywhere).
    """

    beta: Float[Array, "*batch d"]
    points: Float[Array, "m d"]
    weights: Float[Array, "m"]
    parameters: ClassVar[Mapping[str, int]] = {"beta": 1}
    ignores_unfilled: ClassVar[bool] = True
    tallies: ClassVar[bool] = True

    def __init__(self, beta: Any, points: Any, weights: Any = None):
        self.beta, self.points = host_array(np.atleast_1d(beta), "beta", 1), host_array(points, "points", 2)
        m, d = self.points.shape
        unit = np.max(np.abs(self.points), 0, initial=0)
        if d != self.beta.size or np.linalg.matrix_rank(self.points / np.where(unit > 0, unit, 1)) < d:
            raise ValueError(
                f"points {self.points.shape} do not determine beta with {self.beta.size} entries; give one row per "
                "point, as many columns as beta has entries, and as many linearly independent rows"
            )
        if np.shape(weights) not in ((), (m,)):
            raise ValueError(f"weights {np.shape(weights)} do not fit {m} points; give one probability for each point")
        self.weights = probabilities(np.full(m, 1 / m) if weights is None else weights, "weights")

    @property
    def logits(self) -> Float[Array, "*batch m"]:
        """$x'\\beta$ at every point."""
        return jnp.einsum("md,...d->...m", self.points, self.beta)

    @property
    def separated(self) -> Bool[Array, "*batch"]:
        """Whether the data of a fit had no maximiser, or more than one."""
        return jnp.any(jnp.isnan(self.beta), -1)

    @property
    def unsolved(self) -> Bool[Array, "*batch"]:
        """Whether a fit was given up without a proof that it has no maximiser."""
        return jnp.any(jnp.isinf(self.beta), -1)

    def check_precision(self, sizes: tuple[int, ...], engine: Engine, dtype: str) -> None:
        super().check_precision(sizes, engine, dtype)
        check_count(max(sizes), "n")
        # A logit is a sum of terms, of which rounding is a share each; its standard error is 2 / sqrt(n) at least.
        terms = np.max(np.abs(np.asarray(self.points)) @ np.abs(np.asarray(self.beta)))
        check_offset(terms, 2 / max(sizes) ** 0.5, "points", dtype)

    def sample(self, key: Key[Array, ""], n: int) -> tuple[Int[Array, "*batch n"], Bool[Array, "*batch n"]]:
        point_key, label_key = random.split(key)
        point = random.categorical(point_key, jnp.broadcast_to(self.weights, self.logits.shape), n)
        chance = jnp.take_along_axis(jax.nn.sigmoid(self.logits), point, -1)
        return point, random.uniform(label_key, point.shape, self.dtype) < chance

    def statistic(self, key: Key[Array, ""], n) -> Trials:
        point_key, label_key = random.split(key)
        if isinstance(n, int) and n <= random.MOST_TRIALS and random.settings().sampler == "quantile":
            visits = random.few_multinomial(point_key, n, self.weights, self.batch_shape, self.dtype)
            chance = jnp.moveaxis(jax.nn.sigmoid(self.logits), -1, 0)
            successes = random.few_binomial(label_key, visits, chance, n, self.dtype, -(-n // len(visits)))
            return Trials(jnp.moveaxis(visits, 0, -1), jnp.moveaxis(successes, 0, -1))
        visits = random.multinomial(point_key, n, jnp.broadcast_to(self.weights, self.logits.shape), self.dtype)
        chance = jax.nn.sigmoid(self.logits)
        return Trials(visits, random.binomial(label_key, visits, chance, visits.shape, self.dtype))

    def reduce(self, data: Samples) -> Trials:
        point, label = data.values
        seen = jax.nn.one_hot(point, self.points.shape[0], dtype=self.dtype)
        return Trials(data.total(seen), data.total(seen * label[..., None]))

    def fit(self, data: Trials | Samples) -> Self:
        if isinstance(data, Samples):
            data = self.reduce(data)
        m, d = self.points.shape
        if m * d * (d + 3) // 2 > _grouped.MOST_TERMS:
            return self._decided(data)
        beta, visits, successes = (jnp.moveaxis(leaf, -1, 0) for leaf in (self.beta, data.visits, data.successes))
        fitted, found = _grouped.newton(beta, visits, successes, self.points)
        lost = ~jnp.all(jnp.isfinite(self.beta), -1)
        quick = jnp.where((found & ~lost)[..., None], jnp.moveaxis(fitted, 0, -1), self.beta)
        return self.replace(beta=lax.cond(jnp.all(found | lost), lambda: quick, lambda: self._decided(data).beta))

    def _decided(self, data: Trials) -> Self:
        """The fit, or that there is none, from any start: slow, as one chain keeps all others waiting."""
        solve = jnp.vectorize(_logistic_fit, excluded={3}, signature="(d),(m),(m)->(d)")
        # In float64 whatever the precision of the chains: Optimistix does not mix others with it.
        wide = (leaf.astype(jnp.result_type(float)) for leaf in (self.beta, data.visits, data.successes, self.points))
        return self.replace(beta=solve(*wide).astype(self.dtype))


def _logistic_fit(beta, visits, successes, points):
    """The maximum-likelihood parameter of one chain; NaN if there is none, infinity if that could not be decided."""
    import optimistix as optx

    precision = float(jnp.finfo(beta.dtype).eps)
    start = jnp.where(jnp.isfinite(beta), beta, 0)
    # Points = basis x triangle', with columns of the basis orthogonal and of length sqrt(m).
    triangle = linalg.factor_of_rows(points) / np.sqrt(points.shape[0])
    basis = linalg.solve_lower(triangle, points.T).T

    def improve(state, _):
        gamma, before, _ = state
        logits = basis @ gamma
        up, down = jax.nn.sigmoid(logits), jax.nn.sigmoid(-logits)
        score = basis.T @ (successes * down - (visits - successes) * up)
        # F F' is the information. Its square root, by rows, resolves directions the information itself does not.
        factor = linalg.factor_of_rows(jnp.sqrt(visits * up * down)[:, None] * basis)
        newton = linalg.solve_lower_transposed(factor, linalg.solve_lower(factor, score[:, None]))[:, 0]
        # Log-likelihoods of labels are generalised self-concordant: this damped step increases them from anywhere.
        # Where all labels agree with the logit and the step they only become flatter, and need no damping.
        growth = basis @ newton
        agree = (growth >= 0) & (logits >= 0) & (successes == visits)
        agree |= (growth <= 0) & (logits <= 0) & (successes == 0)
        length = jnp.max(jnp.where(agree, 0, jnp.abs(growth)))
        damping = jnp.where(length > 0, jnp.log1p(length) / jnp.where(length > 0, length, 1), 1)
        pivots = jnp.abs(jnp.diagonal(factor))
        flat = jnp.min(pivots) <= 1e4 * precision * jnp.max(pivots)
        ended = flat | _separated(growth, visits, successes)
        ended_as = jnp.where(ended, 1, 0).astype(gamma.dtype)
        return jnp.where(ended, gamma, gamma + damping * newton), jnp.where(flat, before, newton), ended_as

    # Convergence is quadratic, so the step after the first small one is of rounding.
    iteration = optx.FixedPointIteration(
        rtol=precision**0.4, atol=precision**0.4, norm=lambda state: optx.max_norm(state[0])
    )
    origin = triangle.T @ start
    state = (origin, jnp.zeros_like(origin), jnp.zeros((), origin.dtype))
    solution = optx.fixed_point(improve, iteration, state, max_steps=100, throw=False)
    gamma, step, ended = solution.value
    solved = (solution.result == optx.RESULTS.successful) & (ended == 0)
    none = _separated(basis @ step, visits, successes) | _too_few(basis, visits, precision)
    fitted = linalg.solve_lower_transposed(triangle, gamma[:, None])[:, 0]
    found = jnp.where(solved, fitted, jnp.where(none, jnp.nan, jnp.inf))
    return jnp.where(jnp.all(jnp.isfinite(beta)), found, beta)


def _separated(growth, visits, successes):
    """Whether no label contradicts logits that grow by these amounts: then the likelihood grows without end.

    Steps of Newton's method turn into such a direction at the rate at which the fitted probabilities approach 0 and 1.
    """
    largest = jnp.max(jnp.where(visits > 0, jnp.abs(growth), 0))
    against = jnp.where(successes > 0, -growth, 0), jnp.where(successes < visits, growth, 0)
    return (largest > 0) & (jnp.max(jnp.maximum(*against)) <= 1e-9 * largest)


def _too_few(basis, visits, precision):
    """Whether the visited points lie in a subspace, along whose complement the likelihood is constant."""
    pivots = jnp.abs(jnp.diagonal(linalg.factor_of_rows(jnp.where(visits > 0, 1, 0)[:, None] * basis)))
    return jnp.min(pivots) <= 1e4 * precision * jnp.max(pivots)
