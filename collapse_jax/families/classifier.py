"""Linear classifiers of two Gaussian classes, fitted by least squares to labels that may be wrong or left out."""

from collections.abc import Mapping
from typing import Any, ClassVar, Literal, Self

import equinox as eqx
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float, Key

from collapse_jax.data import Gram, Samples
from collapse_jax.families._family import Engine, Family, host_array
from collapse_jax.families._precision import covariance
from collapse_jax.numerics import random, ridge, triangle

__all__ = ["Labels", "LinearClassifier"]


class Labels(eqx.Module):
    r"""How labels are made and checked, by coins that know of x only its class.

    **Args**: `wrong`: probability $\varepsilon$ that a label is wrong; `keep_right`, `keep_wrong`: probabilities
    $\phi, \rho$ that an observation with a right, and with a wrong label is kept.
    """

    wrong: Float[Array, ""] | float = 0.0
    keep_right: Float[Array, ""] | float = 1.0
    keep_wrong: Float[Array, ""] | float = 1.0


class LinearClassifier(Family):
    r"""Two classes $x = y \mu + z$, $z \sim N(0, \Sigma)$, $y = \pm 1$, told apart by the sign of $x'w$.

    $$\hat w = \Bigl(\tfrac1N \sum_i q_i x_i x_i' + \gamma I\Bigr)^{-1} \tfrac1N \sum_i q_i \tilde y_i x_i,$$

    least squares on the labels $\tilde y$ of what is kept, $q_i = 1$; all N observations count in the mean, kept or
    not (`penalty="absolute"`: $\gamma$ stands beside the sums). Every model, fitted or not, hands on observations of
    the two classes with labels as `labels` says, by default right ones; workflows such as `Verified` replace that. An
    observation that is not kept is a row of zeros with label 0.

    Only $y_i x_i \sim N(\mu, \Sigma)$ and whether the label is right matter, so that the exact engine draws two counts,
    two means and a Wishart matrix, in O(d^3) whatever n is.

    **Args**: `mean`: $\mu$, (d,); `cov`: $\Sigma$, identity by default; `ridge`: $\gamma \ge 0$; `penalty`:
    "per_sample" or "absolute", which a ridge needs; without one, fits on fewer rows than dimensions are of least norm.

    **Raises**: ValueError for a $\Sigma$ that is not positive definite, a negative ridge, an unknown penalty and, in a
    run with the exact engine and no penalty, for n < d.
    """

    coefficients: Float[Array, "d *batch"]
    mean: Float[Array, "d *#batch"]
    cov_triangle: Float[Array, "p *#batch"] | None
    ridge: Float[Array, ""]
    labels: Labels | None
    penalty: Literal["absolute", "per_sample"] | None = eqx.field(static=True)
    parameters: ClassVar[Mapping[str, int]] = {"coefficients": 1}
    chains_last: ClassVar[bool] = True
    ignores_unfilled: ClassVar[bool] = True

    def __init__(
        self,
        mean: Any,
        *,
        cov: Any = None,
        ridge: Any = 0.0,
        penalty: Literal["absolute", "per_sample"] | None = None,
    ):
        mean = host_array(np.atleast_1d(host_array(mean, "mean", None)), "mean", 1)
        self.mean, self.ridge = mean, host_array(ridge, "ridge")
        zeros: Any = np.zeros(mean.shape)
        root: Any = None if cov is None else packed_root(cov, len(mean))
        self.coefficients, self.cov_triangle = zeros, root
        if penalty not in (None, "absolute", "per_sample") or (penalty is None) != (float(self.ridge) == 0):
            raise ValueError(
                f"ridge={ridge!r} with penalty={penalty!r} is not usable; give a ridge > 0 with penalty='per_sample' "
                "(beside the mean of squares) or 'absolute' (beside their sum), or neither"
            )
        if float(self.ridge) < 0:
            raise ValueError(f"ridge={ridge!r} is negative; use a number > 0, or leave it out")
        self.penalty, self.labels = penalty, None

    @property
    def d(self) -> int:
        return self.coefficients.shape[0]

    @property
    def order(self) -> int:
        return self.d

    @property
    def w(self) -> Float[Array, "*batch d"]:
        return jnp.moveaxis(jnp.asarray(self.coefficients), 0, -1)

    @property
    def described(self) -> dict[str, Any]:
        """What a configuration says of the truth."""
        shown: dict[str, Any] = {"mean": self.mean}
        if self.cov_triangle is not None:
            root = np.zeros((self.d, self.d))
            root[np.tril_indices(self.d)] = self.cov_triangle
            shown["cov"] = root @ root.T
        return shown | ({"ridge": self.ridge, "penalty": self.penalty} if self.penalty else {})

    def check(self, sizes: tuple[int, ...], engine: Engine) -> None:
        if engine == "exact" and self.penalty is None and min(sizes) < self.d:
            raise ValueError(
                f"n={min(sizes)} rows do not determine d={self.d} coefficients; use n >= {self.d}, a ridge, or "
                "engine='literal' for the minimum-norm fit"
            )

    def _beside(self, value: Any) -> Array:
        """A parameter that may lack the chains, ready to meet them."""
        value = jnp.asarray(value, self.dtype)
        return value.reshape(*value.shape, *(1,) * (1 + len(self.batch_shape) - value.ndim))

    def _spread(self, z: Float[Array, "d *batch"]) -> Float[Array, "d *batch"]:
        return z if self.cov_triangle is None else triangle.apply(*triangle.meet(self._beside(self.cov_triangle), z))

    def sample(self, key: Key[Array, ""], n: int) -> tuple[Float[Array, "*batch n d"], Float[Array, "*batch n"]]:
        normal_key, class_key, label_key = random.split(key, 3)
        batch = self.batch_shape
        z = random.normal(normal_key, (*batch, n, self.d), self.dtype)
        if self.cov_triangle is not None:
            z = jnp.einsum("...nj,...ij->...ni", z, triangle.unpack(self._beside(self.cov_triangle)))
        y = jnp.where(random.uniform(class_key, (*batch, n), self.dtype) < 0.5, -1, 1).astype(self.dtype)
        x = z + y[..., None] * jnp.moveaxis(self._beside(self.mean), 0, -1)[..., None, :]
        if self.labels is None:
            return x, y
        flip, keep = random.uniform(label_key, (2, *batch, n), self.dtype)
        wrong = flip < self.labels.wrong
        kept = keep < jnp.where(wrong, self.labels.keep_wrong, self.labels.keep_right)
        return jnp.where(kept[..., None], x, 0), jnp.where(kept, jnp.where(wrong, -y, y), 0)

    def statistic(self, key: Key[Array, ""], n) -> Gram:
        label_key, scatter_key, diagonal_key, mean_key = random.split(key, 4)
        batch, dtype, d = self.batch_shape, self.dtype, self.d
        count = jnp.broadcast_to(jnp.asarray(n, dtype), batch)
        groups, df = [(1, count)], n - 1
        if self.labels is not None:
            right, wrong, _ = jnp.moveaxis(random.multinomial(label_key, n, self._fates(), dtype), -1, 0)
            groups = [(1, right), (-1, wrong)]
            df = jnp.maximum(right - 1, 0) + jnp.maximum(wrong - 1, 0)
        scatter = random.bartlett(diagonal_key, df, random.normal(scatter_key, (d * (d + 1) // 2, *batch), dtype))
        if self.cov_triangle is not None:
            scatter = triangle.multiply(*triangle.meet(self._beside(self.cov_triangle), scatter))
        gram, cross = triangle.gram(scatter), jnp.zeros((d, *batch), dtype)
        row, column = np.array(triangle.entries(d)).T
        for (sign, size), one in zip(groups, random.split(mean_key, len(groups)), strict=True):
            noise = self._spread(random.normal(one, (d, *batch), dtype))
            total = self._beside(self.mean) * jnp.sqrt(size) + jnp.where(size > 0, noise, 0)  # sqrt(k) times the mean
            gram = gram + total[row] * total[column]
            cross = cross + sign * jnp.sqrt(size) * total
        return Gram(count, gram, cross)

    def _fates(self) -> Float[Array, "*batch 3"]:
        """Probabilities that an observation is kept with a right label, with a wrong one, or left out."""
        assert self.labels is not None
        right = (1 - self.labels.wrong) * self.labels.keep_right
        wrong = self.labels.wrong * self.labels.keep_wrong
        lost = (1 - self.labels.wrong) * (1 - self.labels.keep_right) + self.labels.wrong * (1 - self.labels.keep_wrong)
        shares = jnp.stack([jnp.asarray(one, self.dtype) for one in (right, wrong, lost)])
        return jnp.broadcast_to(shares, (*self.batch_shape, 3))

    def reduce(self, data: Samples) -> Gram | None:
        if self.penalty is None:
            return None  # normal equations do not know a minimum-norm fit
        return self._gram(data)

    def _gram(self, data: Samples) -> Gram:
        x, y = (jnp.where(mask, leaf, 0) for mask, leaf in
                zip((data.present[:, None], data.present), data.values, strict=True))  # fmt: skip
        count = jnp.broadcast_to(data.number.astype(self.dtype), self.batch_shape)
        gram, cross = jnp.einsum("...ni,...nj->...ij", x, x), jnp.einsum("...n,...ni->...i", y, x)
        return Gram(count, triangle.pack(gram), jnp.moveaxis(cross, -1, 0))

    def fit(self, data: Gram | Samples) -> Self:
        if isinstance(data, Samples) and self.penalty is None:
            x, y = data.values
            x, y = jnp.where(data.present[:, None], x, 0), jnp.where(data.present, y, 0)
            return self.replace(coefficients=jnp.moveaxis(ridge.from_rows(x, y), -1, 0))
        data = self._gram(data) if isinstance(data, Samples) else data
        strength = self.ridge * (data.count if self.penalty == "per_sample" else 1) if self.penalty else 0.0
        return self.replace(coefficients=ridge.from_normal_equations(data.gram, data.cross, strength))


def packed_root(cov: Any, d: int) -> np.ndarray:
    """The lower triangle L, packed by rows, of a positive definite covariance L L'; ValueError if it is not."""
    given = host_array(cov, "cov", None)
    covariance(given, d, cov)
    return np.linalg.cholesky(given)[np.tril_indices(d)]
