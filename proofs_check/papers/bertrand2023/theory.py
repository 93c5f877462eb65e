r"""Fully synthetic Gaussian loop (Bertrand et al. 2023, arXiv 2310.00429); statement recalled, formula derived."""

from typing import Any

from collapse_jax.laws.domain import Integers, domain
from collapse_jax.laws.special import chi_mean, sqrt


@domain(t=Integers(0), n=Integers(2))
def fully_synthetic(t: Any, n: Any) -> Any:
    r"""$E\,\sigma_t/\sigma_0 = \alpha(n)^t$, $\alpha(n) = c_4(n) = E\sqrt{\chi^2_{n-1}/(n - 1)}$, unbiased variance, d = 1."""
    return (chi_mean(n - 1) / sqrt(n - 1)) ** t
