"""Chains of nets that are known exactly, where training ends at the minimum of its loss."""

from typing import Any

from collapse_jax.laws.domain import Integers, Positive, Probability, domain


@domain(t=Integers(0), n=Integers(1), S0=Probability)
def softmax(t: int, n: int, S0: float) -> Any:
    r"""$E\,S_t = 1 - (1 - \tfrac1n)^t (1 - S_0)$, the mean sum of squares of a table of frequencies under replacement.

    **Args**: `t`: the fit; `n`: pairs per fit; `S0`: the sum of squares of the truth.

    **Returns**: the mean.

    **Source**: Seddik et al. (2024), equation 2, for one context.
    """
    return 1 - (1 - 1 / n) ** t * (1 - S0)


@domain(t=Integers(1, 4), n=Integers(1), s=Positive, sigma2=Positive, nodes=Integers(1))
def denoiser(t: int, n: int, s: float, sigma2: float, nodes: int = 32) -> float:
    r"""$E\,w_t$, $w = \frac{s}{s + \sigma^2}$, for a linear denoiser of one coordinate under replacement.

    A fit on n draws of variance v has $s_t = v\,\chi^2_n / n$, and hands on $v = \frac{s_t^2}{s_t + \sigma^2}$, the map of
    zhu2024.dae; the first fit has $v = s$. The mean is an integral over t chi-squared variables, by Gauss quadrature.

    **Args**: `t`: the fit, at most 4, as the nodes multiply; `n`: draws per fit; `s`: variance of the truth; `sigma2`:
    of the noise; `nodes`: per variable.

    **Returns**: the mean.
    """
    import numpy as np
    from scipy.special import roots_genlaguerre

    x, weight = roots_genlaguerre(nodes, n / 2 - 1)
    factor, weight = 2 * x / n, weight / weight.sum()
    second, mass = np.array([s]), np.ones(1)
    for fit in range(t):
        handed = second if fit == 0 else second**2 / (second + sigma2)
        second = (handed[:, None] * factor).ravel()
        mass = (mass[:, None] * weight).ravel()
    return float(mass @ (second / (second + sigma2)))
