"""Linear regression with Gaussian covariates."""

from collections.abc import Mapping
from typing import Any, ClassVar, Literal, Self

import equinox as eqx
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float, Key

from collapse_jax import _linalg, random
from collapse_jax.data import Gram, Samples
from collapse_jax.families._family import Engine, Family, host_array, whole


class LinearRegression(Family):
    r"""$y = x' w + \sigma \varepsilon$, $x \sim N(0, \Sigma)$, fitted by least squares or ridge; n is the paper's T.

    $$\hat w = \arg\min_w \|y - X w\|^2 + \lambda' \|w\|^2, \qquad
      \lambda' = \lambda \text{ (absolute)} \ \text{ or } \ \lambda N \text{ (per sample, N rows)}.$$

    Two conventions decide which theorem applies and are explicit: `design="shared"` draws X once per chain and only
    relabels it, `design="fresh"` draws new covariates every generation; `penalty` is "absolute" (sum of squares, as
    in scikit-learn) or "per_sample". With fewer rows than dimensions and no penalty the fit is the minimum-norm
    interpolator, which only the literal engine does. The exact engine draws $(X'X, X'y)$ from a Bartlett factor,
    $G = R'R$, $g = R'(R w + \sigma z)$, in O(d^3) whatever T is.

    **Args**: `w`: true parameter (d,), zeros by default (least squares is equivariant); `d`: dimension if `w` is not
    given; `sigma2`: noise variance; `cov`: $\Sigma$, identity by default; `ridge`: $\lambda \ge 0$.

    **Raises**: ValueError for a negative `sigma2` or `ridge`, an unknown convention, a $\Sigma$ that is not positive
    definite, and, in a run, for T < d without a penalty in the exact engine.
    """

    w: Float[Array, "*batch d"]
    sigma2: Float[Array, ""]
    ridge: Float[Array, ""]
    cov_factor: Float[Array, "d d"]
    environment: Float[Array, "*batch rows d"] | None
    design: Literal["shared", "fresh"] = eqx.field(static=True)
    penalty: Literal["absolute", "per_sample"] | None = eqx.field(static=True)
    parameters: ClassVar[Mapping[str, int]] = {"w": 1}
    sample_name: ClassVar[str] = "T"

    def __init__(
        self,
        w: Any = None,
        *,
        d: int | None = None,
        sigma2: Any = 1.0,
        cov: Any = None,
        design: Literal["shared", "fresh"],
        ridge: Any = 0.0,
        penalty: Literal["absolute", "per_sample"] | None = None,
    ):
        if w is None and d is None:
            raise ValueError("give the true parameter w or the dimension d")
        self.w = host_array(np.zeros(whole(d, "d", "a dimension")) if w is None else np.atleast_1d(w), "w", 1)
        size = self.w.shape[-1]
        if (d is not None and d != size) or d == 0:
            raise ValueError(f"w has {size} entries but d={d}; leave one of them out, and use d >= 1")
        cov = np.eye(size) if cov is None else np.asarray(cov, np.float64)
        if cov.shape != (size, size) or not np.allclose(cov, cov.T) or np.any(np.linalg.eigvalsh(cov) <= 0):
            raise ValueError(f"cov must be a symmetric positive definite {size} x {size} matrix")
        if design not in ("shared", "fresh"):
            raise ValueError(
                f"design={design!r} is unknown; use 'shared' (one X per chain) or 'fresh' (new X every fit)"
            )
        if np.any(np.asarray(ridge) < 0) or np.any(np.asarray(sigma2) < 0):
            raise ValueError("sigma2 and ridge must not be negative")
        if penalty not in (None, "absolute", "per_sample") or (penalty is None and np.any(np.asarray(ridge) > 0)):
            raise ValueError(
                "a ridge needs penalty='absolute' (lambda |w|^2 beside the sum of squares) "
                "or penalty='per_sample' (beside the mean of squares)"
            )
        self.sigma2, self.ridge = host_array(sigma2, "sigma2"), host_array(ridge, "ridge")
        self.cov_factor = host_array(np.linalg.cholesky(cov), "cov", 2)
        self.environment = None
        self.design, self.penalty = design, penalty

    @property
    def d(self) -> int:
        return self.w.shape[-1]

    @property
    def shares_design(self) -> bool:
        return self.design == "shared"

    @property
    def cov(self) -> Float[Array, "d d"]:
        return self.cov_factor @ jnp.swapaxes(self.cov_factor, -1, -2)

    def check(self, sizes: tuple[int, ...], engine: Engine) -> None:
        n = min(sizes)
        if self.design == "shared" and len(set(sizes)) > 1:
            raise ValueError("a shared design has one fixed number of rows T; use equal sizes, or design='fresh'")
        if engine == "exact" and n < self.d and not (self.penalty and np.all(self.ridge > 0)):
            raise ValueError(
                f"T={n} rows do not determine d={self.d} parameters; use T >= {self.d}, a ridge, "
                "or engine='literal' for the minimum-norm fit"
            )

    def begin(self, key: Key[Array, ""], chains: int, n: int, engine: Engine) -> Self:
        batch = self.broadcast((chains,))
        if self.design == "fresh":
            return batch
        rows = batch._design(key, n) if engine == "literal" else batch._design_factor(key, n)
        return eqx.tree_at(lambda model: model.environment, batch, rows, is_leaf=lambda leaf: leaf is None)

    def _design(self, key: Key[Array, ""], n: int) -> Float[Array, "*batch n d"]:
        return random.normal(key, (*self.batch_shape, n, self.d), self.dtype) @ self.cov_factor.T

    def _design_factor(self, key: Key[Array, ""], n) -> Float[Array, "*batch d d"]:
        r"""Upper-triangular R with $R'R = X'X$ in law, for n rows: a Bartlett factor times $\Sigma^{1/2}$."""
        bartlett = random.bartlett(key, n, self.d, self.batch_shape, self.dtype)
        return jnp.swapaxes(_linalg.multiply(jnp.broadcast_to(self.cov_factor, bartlett.shape), bartlett), -1, -2)

    def sample(self, key: Key[Array, ""], n: int) -> tuple[Float[Array, "*batch n d"], Float[Array, "*batch n"]]:
        design_key, noise_key = random.split(key)
        x = self._design(design_key, n) if self.environment is None else self.environment
        noise = random.normal(noise_key, x.shape[:-1], self.dtype)
        return x, jnp.einsum("...nd,...d->...n", x, self.w) + jnp.sqrt(self.sigma2) * noise

    def statistic(self, key: Key[Array, ""], n) -> Gram:
        design_key, noise_key = random.split(key)
        factor = self._design_factor(design_key, n) if self.environment is None else self.environment
        noise = jnp.sqrt(self.sigma2) * random.normal(noise_key, self.w.shape, self.dtype)
        transposed = jnp.swapaxes(factor, -1, -2)
        count = jnp.broadcast_to(jnp.asarray(n, self.dtype), self.batch_shape)
        return Gram(
            count,
            _linalg.multiply(transposed, factor),
            _linalg.apply(transposed, _linalg.apply(factor, self.w) + noise),
        )

    def fit(self, data: Gram | Samples) -> Self:
        return self.replace(w=self._solve_rows(data) if isinstance(data, Samples) else self._solve_normal(data))

    def _strength(self, count) -> Array:
        """The penalty beside the sum of squares."""
        return self.ridge * count if self.penalty == "per_sample" else self.ridge

    def _solve_normal(self, data: Gram) -> Float[Array, "*batch d"]:
        strength = jnp.broadcast_to(self._strength(data.count), data.count.shape)
        gram = data.gram + strength[..., None, None] * jnp.eye(self.d, dtype=self.dtype)
        return _linalg.solve_positive(gram, data.cross)

    def _solve_rows(self, data: Samples) -> Float[Array, "*batch d"]:
        """Least squares as the papers write it, $w = X^+ y$: the minimum-norm fit where rows do not determine w."""
        x, y = data.values
        x = jnp.where(data.present[:, None], x, 0)
        y = jnp.where(data.present, y, 0)
        if self.penalty is not None:
            root = jnp.sqrt(self._strength(data.number)) * jnp.eye(self.d, dtype=self.dtype)
            x = jnp.concatenate([x, jnp.broadcast_to(root, (*x.shape[:-2], self.d, self.d))], -2)
            y = jnp.concatenate([y, jnp.zeros((*y.shape[:-1], self.d), self.dtype)], -1)
        return _linalg.least_squares(x, y)
