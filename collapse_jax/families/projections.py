"""Linear regression on random projections of Gaussian covariates."""

from typing import Any, Literal, Self

import equinox as eqx
import jax.numpy as jnp
from jaxtyping import Array, Float, Key

from collapse_jax.data import Gram, Rows, Samples
from collapse_jax.families import _minimum_norm
from collapse_jax.families._family import Engine, whole
from collapse_jax.families.regression import LinearRegression
from collapse_jax.numerics import random, triangle


class RandomProjections(LinearRegression):
    r"""$y = x'w + \sigma\varepsilon$, $x \sim N(0, \Sigma)$, fitted on $S x$, $S \in R^{m \times d}$ with
    $S_{ij} \sim N(0, 1/m)$: $\hat w = S'\hat v$, a network of m linear features of which only the last layer is fitted.

    $$\hat v = \arg\min_v \|y - X S' v\|^2 + \lambda' \|v\|^2, \qquad
      \lambda' = \lambda \text{ (absolute)} \ \text{ or } \ \lambda N \text{ (per sample, N rows)}.$$

    S is drawn once per chain; the covariates of every fit are fresh. The model is the function $x \mapsto x'\hat w$, so
    that labels of the next fit and the risk mean what they mean for any regression.

    The exact engine draws $r = \min(m, d)$ features. With a Bartlett factor B, d x r, of the law of
    $S'S = B B'$, any $S'v = B \theta$ with $\|v\| = \|\theta\|$ at the least, so that the fit is ridge on $z = B'x$;
    and $y = z'\beta + \text{noise}$, $\beta = (B'\Sigma B)^{-1} B'\Sigma w$, the noise of variance
    $\sigma^2 + w'\Sigma w - \beta' B'\Sigma B \beta$ independent of z. So $(Z'Z, Z'y)$ takes $O(d r^2)$, whatever T is.

    **Args**: `w`: true parameter (d,); `m`: features; `sigma2`: noise variance; `cov`: $\Sigma$, identity by default;
    `ridge`: $\lambda \ge 0$; `penalty`: "absolute" or "per_sample", as in `LinearRegression`.

    **Raises**: ValueError as `LinearRegression`, and for m that is no number of features.

    Inside a run `projection` is S, or in the exact engine B', chains first.

    **References**: Dohmatob, Feng, Subramonian and Kempe (2024), arXiv 2410.04840 (Section 4).
    """

    projection: Float[Array, "*batch r d"] | None
    feature_triangle: Float[Array, "q *batch"] | None
    m: int = eqx.field(static=True)

    def __init__(
        self,
        w: Any,
        *,
        m: int,
        sigma2: Any = 1.0,
        cov: Any = None,
        ridge: Any = 0.0,
        penalty: Literal["absolute", "per_sample"] | None = None,
    ):
        super().__init__(w, sigma2=sigma2, cov=cov, design="fresh", ridge=ridge, penalty=penalty)
        self.m = whole(m, "m", "a number of features")
        self.projection = self.feature_triangle = None

    @property
    def order(self) -> int:
        return max(self.d, min(self.m, self.d))

    @property
    def described(self) -> dict[str, Any]:
        shown = super().described
        return {"m": self.m} | {name: value for name, value in shown.items() if name != "design"}

    @property
    def features(self) -> int:
        """How many features are told apart, min(m, d)."""
        return min(self.m, self.d)

    @property
    def _columns(self) -> int:
        return self.features

    def check(self, sizes: tuple[int, ...], engine: Engine) -> None:
        if engine == "exact" and min(sizes) < self.features and self.penalty and not self.ridge > 0:
            raise ValueError(
                f"T={min(sizes)} rows do not determine {self.features} features with ridge=0; use a ridge > 0, or "
                "penalty=None for the minimum-norm fit"
            )

    def check_precision(self, sizes: tuple[int, ...], engine: Engine, dtype: str) -> None:
        super().check_precision((max(*sizes, self.d),), engine, dtype)

    def begin(self, key: Key[Array, ""], chains: int, n: Any, engine: Engine) -> Self:
        batch = self.broadcast((chains,))
        scale = jnp.sqrt(jnp.asarray(self.m, self.dtype))
        if engine == "literal":
            return batch.replace(projection=random.normal(key, (chains, self.m, self.d), self.dtype) / scale)
        normal_key, scatter_key = random.split(key)
        z = random.normal(normal_key, (self.d * (self.d + 1) // 2, chains), self.dtype)
        lower = triangle.unpack(random.bartlett(scatter_key, self.m, z))
        projection = jnp.swapaxes(lower, -1, -2)[..., : self.features, :] / scale
        rooted = batch._rooted(projection)
        factor = triangle.cholesky(triangle.pack(jnp.einsum("...ik,...jk->...ij", rooted, rooted)))
        return batch.replace(projection=projection, feature_triangle=factor)

    def _rooted(self, projection: Float[Array, "*batch r d"]) -> Float[Array, "*batch r d"]:
        r"""$P \Sigma^{1/2}$."""
        return projection if self.cov_triangle is None else projection @ self.cov_factor

    def statistic(self, key: Key[Array, ""], n) -> Gram | Rows:
        normal_key, scatter_key, noise_key = random.split(key, 3)
        root, r = self.feature_triangle, self.features
        assert root is not None
        assert self.projection is not None
        along = self.w if self.cov_triangle is None else self.w @ self.cov_factor
        met = jnp.moveaxis(jnp.einsum("...rd,...d->...r", self._rooted(self.projection), along), -1, 0)
        whitened = triangle.solve(root, met)  # the length of what the features explain of x'w
        missed = jnp.maximum(jnp.sum(along**2, -1) - jnp.sum(whitened**2, 0), 0)
        z = random.normal(normal_key, (r * (r + 1) // 2, *self.batch_shape), self.dtype)
        factor = random.bartlett(scatter_key, n, z)
        noise = random.normal(noise_key, (r, *self.batch_shape), self.dtype)
        labels = triangle.apply_transposed(factor, whitened) + jnp.sqrt(self.sigma2 + missed) * noise
        factor = triangle.multiply(root, factor)
        count = jnp.broadcast_to(jnp.asarray(n, self.dtype), self.batch_shape)
        if self.determined != "always":
            return _minimum_norm.rows(count, factor, labels)
        return Gram(count, triangle.gram(factor), triangle.apply(factor, labels))

    def reduce(self, data: Samples) -> Rows:
        return super().reduce(self._projected(data))

    def fit(self, data: Any) -> Self:
        if isinstance(data, Gram):
            solved = jnp.moveaxis(self._solve_normal(data), 0, -1)
        elif isinstance(data, Rows) and self.determined != "always":
            solved = _minimum_norm.fitted(data.factor[..., :-1, :-1], data.factor[..., -1, :-1])
        elif isinstance(data, Rows):
            solved = self._solve_rows(data.rows[..., :-1], data.rows[..., -1], data.count)
        else:
            x, y = self._projected(data).values
            x, y = jnp.where(data.present[:, None], x, 0), jnp.where(data.present, y, 0)
            solved = self._solve_rows(x, y, data.number)
        assert self.projection is not None
        fitted = jnp.einsum("...rd,...r->...d", self.projection, solved)
        return self.replace(coefficients=jnp.moveaxis(fitted, -1, 0))

    def _projected(self, data: Samples) -> Samples:
        assert self.projection is not None
        x, y = data.values
        return data.holding((jnp.einsum("...nd,...rd->...nr", x, self.projection), y))
