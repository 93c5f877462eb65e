"""What the claims share: curves over t = 1, 2, .. and distribution functions, as the functions a `Check` takes."""

from collections.abc import Callable
from typing import Any


def along(curve: Any) -> Callable[[int], Any]:
    """A curve over t = 1, 2, .. as a function of t."""
    return lambda t: curve[t - 1]


def quadratic_law(workflow: Any, v: float, v2: float, generations: int) -> Callable[[int], Any]:
    r"""$E(\tau_t - \tau_0)^2$ from the pedigree of the workflow: mean parameter, quadratic V, $V(\tau_0) = v$."""
    from collapse_jax.laws import pedigree

    return along(pedigree.quadratic_error(pedigree.of(workflow, generations), v, v2))


def least_squares_law(workflow: Any, d: int, T: int, sigma2: float, generations: int) -> Callable[[int], Any]:
    """The excess risk of least squares under a shared design, from the pedigree of the workflow."""
    from collapse_jax.laws import pedigree

    return along(pedigree.least_squares(pedigree.of(workflow, generations), d, T, sigma2))


def interpolated(cdf: Callable[[Any], Any], x: Any, *, log: bool = False, knots: int = 400) -> Any:
    """A smooth CDF at many sorted points from its values at `knots` of them, by monotone cubics in x or log x."""
    import numpy as np
    from scipy.interpolate import PchipInterpolator

    scale = np.log if log else np.asarray
    grid = np.geomspace(x[0], x[-1], knots) if log else np.linspace(x[0], x[-1], knots)
    return PchipInterpolator(scale(grid), cdf(grid), extrapolate=True)(scale(x))
