"""The minimum-norm fit, where rows are fewer than dimensions."""

from collapse_jax import Family, LinearRegression

__all__ = ["MinNorm"]


class MinNorm(LinearRegression):
    r"""$\hat w = X^+ y$ for any number of rows, always from raw rows: `LinearRegression` with its literal engine only."""

    statistic = Family.statistic
