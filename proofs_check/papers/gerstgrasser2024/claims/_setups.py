"""The regression that the claims share."""

import collapse_jax as cj
from collapse_jax import laws
from proofs_check.claim import require


def regression(d, T, sigma2, design):
    require(
        d + 2 <= T, f"T={T} is too small for a mean: the expected risk is infinite for T <= d + 1; use T >= {d + 2}"
    )
    return cj.LinearRegression(d=d, sigma2=sigma2, design=design)


def fresh_variance(sizes, d, sigma2):
    """t -> the variance of the risk under replacement with fresh designs; None where it is infinite."""
    if min(sizes) < d + 4:
        return None
    return lambda t: laws.moments.fresh_risk_variance(sizes[:t], d, sigma2)
