"""Linear regression with Gaussian covariates."""

import copy
from collections.abc import Mapping
from typing import Any, ClassVar, Literal, Self

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float, Key

from collapse_jax.data import Gram, Projections, Rows, Samples
from collapse_jax.families import _bidiagonal, _minimum_norm
from collapse_jax.families._family import Engine, Family, host_array, whole
from collapse_jax.families._precision import check_offset, covariance
from collapse_jax.numerics import random, ridge, triangle

_ZEROS = "(also if it is zeros: w=[0.0] * d)"


class LinearRegression(Family):
    r"""$y = x' w + \sigma \varepsilon$, $x \sim N(0, \Sigma)$, fitted by least squares or ridge; n is the paper's T.

    $$\hat w = \arg\min_w \|y - X w\|^2 + \lambda' \|w\|^2, \qquad
      \lambda' = \lambda \text{ (absolute)} \ \text{ or } \ \lambda N \text{ (per sample, N rows)}.$$

    Two conventions decide which theorem applies and are explicit: `design="shared"` draws X once per chain and only
    relabels it, `design="fresh"` draws new covariates every generation; `penalty` is "absolute" (sum of squares, as
    in scikit-learn) or "per_sample". With fewer rows than dimensions and no penalty the fit is the minimum-norm
    interpolator. The exact engine draws $(X'X, X'y)$ from a Bartlett factor, a trapezoid for T < d,
    $G = R'R$, $g = R'(R w + \sigma z)$, in O(d^3) whatever T is; replacement without a penalty takes O(d), for T < d
    where there is no covariance.

    **Args**: `w`: true parameter (d,), zeros by default where that is no loss, as least squares is equivariant; with
    a penalty or fewer rows than dimensions, which have a bias, it has to be given; `d`: dimension if `w` is not
    given; `sigma2`: noise variance; `cov`: $\Sigma$, identity by default; `ridge`: $\lambda \ge 0$.

    **Raises**: ValueError for a negative `sigma2` or `ridge`, an unknown convention, a $\Sigma$ that is not positive
    definite, a penalty without `w`, and, in a run, for T < d without `w`, and with a penalty of 0 in the exact engine.

    Inside a run on a shared design `environment` is X, or in the exact engine the factor L of $X'X = L L'$; without
    a penalty `projected` is then $L' w$, so that drawing labels takes no product; `replace` keeps it in step.
    """

    coefficients: Float[Array, "d *batch"]
    sigma2: Float[Array, ""]
    ridge: Float[Array, ""]
    cov_triangle: Float[Array, "p"] | None
    environment: Float[Array, "*batch rows d"] | Float[Array, "p *batch"] | None
    projected: Float[Array, "d *batch"] | None
    design: Literal["shared", "fresh"] = eqx.field(static=True)
    penalty: Literal["absolute", "per_sample"] | None = eqx.field(static=True)
    default_w: bool = eqx.field(static=True)
    determined: Literal["always", "sometimes", "never"] = eqx.field(static=True)
    parameters: ClassVar[Mapping[str, int]] = {"coefficients": 1}
    ignores_unfilled: ClassVar[bool] = True
    chains_last: ClassVar[bool] = True
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
        if d is not None and np.ndim(d):
            raise ValueError(f"d={d!r} is no dimension; use a whole number >= 1")
        default = w is None
        w = host_array(
            np.zeros(whole(d, "d", "a dimension")) if w is None else np.atleast_1d(host_array(w, "w", None)), "w", 1
        )
        size = w.shape[-1]
        if (d is not None and d != size) or d == 0:
            raise ValueError(f"w has {size} entries but d={d}; leave one of them out, and use d >= 1")
        identity = np.eye(size)
        given, cov = cov, identity if cov is None else host_array(cov, "cov", None)
        covariance(cov, size, given)
        if not isinstance(design, str) or design not in ("shared", "fresh"):
            raise ValueError(
                f"design={design!r} is unknown; use 'shared' (one X per chain) or 'fresh' (new X every fit)"
            )
        sigma2, ridge = host_array(sigma2, "sigma2"), host_array(ridge, "ridge")
        if ridge < 0 or sigma2 < 0:
            raise ValueError("sigma2 and ridge must not be negative")
        known = penalty is None or (isinstance(penalty, str) and penalty in ("absolute", "per_sample"))
        if not known or (penalty is None and ridge > 0):
            raise ValueError(
                "a ridge needs penalty='absolute' (lambda |w|^2 beside the sum of squares) "
                "or penalty='per_sample' (beside the mean of squares)"
            )
        if default and ridge > 0:
            raise ValueError(f"a penalty pulls towards 0, the default of w, and would look perfect; give w {_ZEROS}")
        self.coefficients, self.default_w = w, default
        self.sigma2, self.ridge = sigma2, ridge
        # An identity is left out of the programs altogether.
        root = None if np.array_equal(cov, identity) else np.linalg.cholesky(cov)
        self.cov_triangle = None if root is None else host_array(root[np.tril_indices(size)], "cov", 1)
        self.environment = self.projected = None
        self.design, self.penalty, self.determined = design, penalty, "always"

    def replace(self, **fields: Any) -> Self:
        """This model with some fields replaced, and `projected` kept in step with them."""
        if self.projected is not None and "projected" not in fields and {"coefficients", "environment"} & fields.keys():
            factor = fields.get("environment", self.environment)
            fields["projected"] = triangle.apply_transposed(factor, fields.get("coefficients", self.coefficients))
        return super().replace(**fields)

    @property
    def d(self) -> int:
        return self.coefficients.shape[0]

    @property
    def order(self) -> int:
        return self.d

    @property
    def described(self) -> dict[str, Any]:
        """What a configuration says of the truth."""
        root = np.eye(self.d)
        if self.cov_triangle is not None:
            root[np.tril_indices(self.d)] = self.cov_triangle
        shown = {"w": self.coefficients, "sigma2": self.sigma2, "cov": root @ root.T, "design": self.design}
        return shown | ({"ridge": self.ridge, "penalty": self.penalty} if self.penalty else {})

    @property
    def w(self) -> Float[Array, "*batch d"]:
        return jnp.moveaxis(jnp.asarray(self.coefficients), 0, -1)

    @property
    def shares_design(self) -> bool:
        return self.design == "shared"

    @property
    def refits_truth(self) -> bool:
        return self.design == "fresh" and self.penalty is not None and self.cov_triangle is None

    @property
    def cov_factor(self) -> Float[Array, "d d"]:
        return jnp.eye(self.d, dtype=self.dtype) if self.cov_triangle is None else triangle.unpack(self.cov_triangle)

    @property
    def cov(self) -> Float[Array, "d d"]:
        return self.cov_factor @ jnp.swapaxes(self.cov_factor, -1, -2)

    def check(self, sizes: tuple[int, ...], engine: Engine) -> None:
        n = min(sizes)
        if self.design == "shared" and len(set(sizes)) > 1:
            raise ValueError("a shared design has one fixed number of rows T; use equal sizes, or design='fresh'")
        if n < self.d and self.default_w:
            raise ValueError(
                f"T={n} rows do not determine d={self.d} parameters, and a minimum-norm fit pulls towards 0, the "
                f"default of w: use T >= {self.d}, or give w {_ZEROS}"
            )
        if engine == "exact" and n < self.d and self.penalty and not np.all(self.ridge > 0):
            raise ValueError(
                f"T={n} rows do not determine d={self.d} parameters with ridge=0; use a ridge > 0, or penalty=None for "
                "the minimum-norm fit"
            )

    def sized(self, sizes: tuple[int, ...]) -> Self:
        few = [n < self._columns for n in sizes]
        if self.penalty is not None or not any(few):
            return self
        model = copy.copy(self)
        object.__setattr__(model, "determined", "never" if all(few) else "sometimes")
        return model

    @property
    def _columns(self) -> int:
        """How many parameters the rows have to determine."""
        return self.d

    def check_precision(self, sizes: tuple[int, ...], engine: Engine, dtype: str) -> None:
        super().check_precision(sizes, engine, dtype)
        cov = np.asarray(self.described["cov"])
        error = np.sqrt(np.asarray(self.sigma2) * np.diagonal(np.linalg.inv(cov)) / max(sizes))
        if np.all(error > 0):
            check_offset(self.coefficients, error, "w", dtype)
        n = min(sizes)
        if engine == "exact" and n < self.d and self.penalty is not None:
            strength = np.min(np.asarray(self.ridge)) * (n if self.penalty == "per_sample" else 1)
            least = 1e3 * float(np.finfo(dtype).eps) * np.linalg.eigvalsh(cov)[-1] * (n**0.5 + self.d**0.5) ** 2
            if strength < least:
                raise ValueError(
                    f"with T={n} rows for d={self.d} parameters a penalty of {strength:.3g} beside the sum of squares "
                    f"is lost in rounding; use at least {least:.2g}, T >= {self.d}, or engine='literal'"
                )

    def begin(self, key: Key[Array, ""], chains: int, n: Any, engine: Engine) -> Self:
        batch = self.broadcast((chains,))
        if self.design == "fresh":
            return batch
        if engine == "literal":
            return batch.replace(environment=batch._design(key, n))
        factor = batch._design_factor(key, n)
        projected = triangle.apply_transposed(factor, batch.coefficients) if self.penalty is None else None
        return batch.replace(environment=factor, projected=projected)

    def _design(self, key: Key[Array, ""], n: int) -> Float[Array, "*batch n d"]:
        z = random.normal(key, (*self.batch_shape, n, self.d), self.dtype)
        return z if self.cov_triangle is None else z @ self.cov_factor.T

    def _design_factor(self, key: Key[Array, ""], n) -> Float[Array, "p *batch"]:
        r"""Lower-triangular L with $L L' = X'X$ in law, for n rows: $\Sigma^{1/2}$ times a Bartlett factor."""
        normal_key, scatter_key = random.split(key)
        z = random.normal(normal_key, (self.d * (self.d + 1) // 2, *self.batch_shape), self.dtype)
        wishart = random.bartlett(scatter_key, n, z)
        return wishart if self.cov_triangle is None else triangle.multiply(self._root, wishart)

    @property
    def _root(self) -> Float[Array, "p *ones"]:
        r"""$\Sigma^{1/2}$, lower-triangular, ready to meet batches."""
        return jnp.asarray(self.cov_triangle).reshape(-1, *(1,) * len(self.batch_shape))

    def sample(self, key: Key[Array, ""], n: int) -> tuple[Float[Array, "*batch n d"], Float[Array, "*batch n"]]:
        design_key, noise_key = random.split(key)
        x = self._design(design_key, n) if self.environment is None else self.environment
        noise = random.normal(noise_key, x.shape[:-1], self.dtype)
        return x, jnp.einsum("...nd,...d->...n", x, self.w) + jnp.sqrt(self.sigma2) * noise

    def statistic(self, key: Key[Array, ""], n) -> Gram | Projections | Rows:
        design_key, noise_key = random.split(key)
        factor = self._design_factor(design_key, n) if self.environment is None else self.environment
        noise = jnp.sqrt(self.sigma2) * random.normal(noise_key, self.coefficients.shape, self.dtype)
        count = jnp.broadcast_to(jnp.asarray(n, self.dtype), self.batch_shape)
        projected = self.projected
        labels = (triangle.apply_transposed(factor, self.coefficients) if projected is None else projected) + noise
        if self.design == "shared" and self.penalty is None:
            return Projections(count, jnp.ones_like(count), labels)
        if self.determined != "always":
            return _minimum_norm.rows(count, factor, labels)
        return Gram(count, triangle.gram(factor), triangle.apply(factor, labels))

    def refit(self, key: Key[Array, ""], n, *, on_lattice: bool) -> Self | None:
        r"""One step of `Replace` from the law of the estimator, in O(d) random numbers whatever T is.

        Least squares on a fresh Gaussian design: $\hat w - w = \sigma\,\Sigma^{-1/2\prime} z / \sqrt{\chi^2_{T-d+1}}$,
        multivariate t, as $(X'X)^{-1}X'\varepsilon = L^{-1\prime} z'$ for a Bartlett factor L, whose inverse turns any
        direction into a uniform one. A ridge on one with $\Sigma = I$ and T known: `_bidiagonal.refit`; fewer rows than
        dimensions, without covariance: `_minimum_norm.refitted`.
        """
        if self.refits_truth and isinstance(n, int):
            fitted = _bidiagonal.refit(key, self.coefficients, n, self.sigma2, self._strength(n))
            return self.replace(coefficients=fitted)
        if self.design == "shared" or self.penalty is not None:
            return None
        if self.determined == "never" and self.cov_triangle is None:
            return self.replace(coefficients=_minimum_norm.refitted(key, self.coefficients, self.sigma2, n))
        if self.determined != "always":
            return None
        normal_key, chi2_key = random.split(key)
        z = random.normal(normal_key, self.coefficients.shape, self.dtype)
        length = jnp.sqrt(self.sigma2 / random.chi2(chi2_key, n - self.d + 1, self.batch_shape, self.dtype))
        direction = z if self.cov_triangle is None else triangle.solve_transposed(self._root, z)
        return self.replace(coefficients=self.coefficients + direction * length)

    def reduce(self, data: Samples) -> Rows:
        x, y = data.values
        rows = jnp.where(data.present[:, None], jnp.concatenate([x, y[..., None]], -1), 0)
        return Rows.of(jnp.broadcast_to(data.number.astype(self.dtype), self.batch_shape), rows)

    def weigh(self, data: Any, weight: Any) -> Any:
        r"""A data set whose rows count `weight` times in the sum of squares, $\sum_i \omega\,(y_i - x_i' w)^2$.

        The number of rows, by which a penalty per sample is multiplied, stays; so pools keep the usual penalty where
        the weights of all rows have mean 1.

        **Args**: `data`: what `source.draw` gives, of either engine; `weight`: $\omega \ge 0$, a number, which may be
        traced.

        **Returns**: a data set of the same kind.
        """
        if isinstance(data, Gram):
            return Gram(data.count, data.gram * weight, data.cross * weight)
        root = jnp.sqrt(jnp.asarray(weight, self.dtype))
        if isinstance(data, Rows):
            return Rows(data.count, data.factor * root)
        if isinstance(data, Samples):
            return data.holding(jax.tree.map(lambda leaf: leaf * root, data.values))
        raise ValueError("a shared design keeps labels, not rows, so they have one weight; use design='fresh'")

    def fit(self, data: Gram | Projections | Rows | Samples) -> Self:
        if isinstance(data, Samples):
            x, y = data.values
            x, y = jnp.where(data.present[:, None], x, 0), jnp.where(data.present, y, 0)
            return self.replace(coefficients=jnp.moveaxis(self._solve_rows(x, y, data.number), -1, 0))
        if isinstance(data, Rows) and self.determined != "always":
            found = _minimum_norm.fitted(data.factor[..., :-1, :-1], data.factor[..., -1, :-1])
            return self.replace(coefficients=jnp.moveaxis(found, -1, 0))
        if isinstance(data, Rows):
            x, y = data.rows[..., :-1], data.rows[..., -1]
            return self.replace(coefficients=jnp.moveaxis(self._solve_rows(x, y, data.count), -1, 0))
        if isinstance(data, Projections):
            assert self.environment is not None
            mean = data.labels / data.samples
            if self.determined != "always":
                found = _minimum_norm.fitted(triangle.unpack(self.environment), jnp.moveaxis(mean, 0, -1))
                return self.replace(coefficients=jnp.moveaxis(found, -1, 0))
            return self.replace(coefficients=triangle.solve_transposed(self.environment, mean), projected=mean)
        return self.replace(coefficients=self._solve_normal(data))

    def _strength(self, count) -> Array:
        """The penalty beside the sum of squares."""
        return self.ridge * count if self.penalty == "per_sample" else self.ridge

    def _solve_normal(self, data: Gram) -> Float[Array, "d *batch"]:
        return ridge.from_normal_equations(data.gram, data.cross, self._strength(data.count) if self.penalty else None)

    def _solve_rows(self, x, y, number) -> Float[Array, "*batch d"]:
        """Least squares as the papers write it, $w = X^+ y$: the minimum-norm fit where rows do not determine w."""
        return ridge.from_rows(x, y, self._strength(number) if self.penalty else None)
