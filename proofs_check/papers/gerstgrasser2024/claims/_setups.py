"""The regression that the claims share."""

import collapse_jax as cj
from collapse_jax import laws
from collapse_jax.laws.domain import Choice, Integers, Positive, domain

SIZES = domain(
    d=Integers(1),
    T=Integers(1),
    sigma2=Positive,
    n=Integers(1),
    n_real=Integers(1),
    k=Integers(1),
    design=Choice(choices=("shared", "fresh")),
    seed=Integers(0),
)

ROWS = SIZES & domain("T >= d")
"""Where least squares has one solution, and its law exists."""

SETTING = SIZES & domain("T >= d + 2")
"""Where the expected risk is finite."""


def regression(d, T, sigma2, design):
    return cj.LinearRegression(d=d, sigma2=sigma2, design=design)


def fresh_variance(sizes, d, sigma2):
    """t -> the variance of the risk under replacement with fresh designs; None where it is infinite."""
    if min(sizes) < d + 4:
        return None
    return lambda t: laws.moments.fresh_risk_variance(sizes[:t], d, sigma2)
