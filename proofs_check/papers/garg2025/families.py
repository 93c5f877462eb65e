"""The minimum-norm fit, where rows are fewer than dimensions."""

from typing import Any, Literal

from collapse_jax import Family, LinearRegression

__all__ = ["MinNorm"]


class MinNorm(LinearRegression):
    r"""$\hat w = X^+ y$ for any number of rows, always from raw rows: `LinearRegression` with its literal engine only.

    **Args**: `w`: true parameter (d,); `sigma2`: noise variance; `design`: "shared" or "fresh".
    """

    statistic = Family.statistic  # pyright: ignore[reportAssignmentType]

    def __init__(self, w: Any, *, sigma2: Any = 1.0, design: Literal["shared", "fresh"]):
        super().__init__(w, sigma2=sigma2, design=design)
