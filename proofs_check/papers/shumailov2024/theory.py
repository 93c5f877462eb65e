r"""Gaussian autophagy (Shumailov et al. 2023/24, arXiv 2305.17493, Nature 631:755)."""

from typing import Any

from collapse_jax.laws.domain import Integers, domain
from collapse_jax.laws.identities import replace_steps, total


@domain("t <= len(n)", t=Integers(0), n=Integers(2))
def observation_variance(t: Any, n: Any) -> Any:
    r"""$\mathrm{Var}(X^t_j)/\sigma^2 = 1 + \sum_{i \le t} 1/n_i$ for one observation drawn from model t, unbiased variance.

    Exact with `ddof=1`: the $O(n^{-2})$ remainder recalled from the preprint vanishes (derived).
    """
    return 1 + total(t, replace_steps(n))
