r"""Gaussian autophagy (Shumailov et al. 2023/24, arXiv 2305.17493, Nature 631:755)."""

from collections.abc import Sequence
from typing import Any


def observation_variance(t: int, n: Any) -> Any:
    r"""$\mathrm{Var}(X^t_j)/\sigma^2 = 1 + \sum_{i \le t} 1/n_i$ for one observation drawn from model t, unbiased variance.

    Exact with `ddof=1`: the $O(n^{-2})$ remainder recalled from the preprint vanishes (derived).
    """
    sizes = list(n) if isinstance(n, Sequence) else [n] * t
    return 1 + sum(1 / size for size in sizes[:t])
