"""The regression that the claims share."""

import collapse_jax as cj
from proofs_check.claim import require


def regression(d, T, sigma2, design):
    require(
        d + 2 <= T, f"T={T} is too small for a mean: the expected risk is infinite for T <= d + 1; use T >= {d + 2}"
    )
    return cj.LinearRegression(d=d, sigma2=sigma2, design=design)
