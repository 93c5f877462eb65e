r"""Gaussian autophagy, and histograms (Shumailov et al. 2023/24, arXiv 2305.17493, Nature 631:755)."""

from typing import Any

from collapse_jax.laws.domain import Integers, Probability, domain
from collapse_jax.laws.identities import replace_steps, times, total
from collapse_jax.laws.special import chi_mean, log, sqrt

_SCHEDULE = domain("t <= len(n)", t=Integers(0), n=Integers(2))


@_SCHEDULE
def observation_variance(t: Any, n: Any) -> Any:
    r"""$\mathrm{Var}(X^t_j)/\sigma^2 = 1 + \sum_{i \le t} 1/n_i$ for one observation drawn from model t, unbiased variance.

    Exact with `ddof=1`: the $O(n^{-2})$ remainder recalled from the preprint vanishes (derived).
    """
    return 1 + total(t, replace_steps(n))


@_SCHEDULE
def w2(t: Any, n: Any) -> Any:
    r"""$E\,W_2^2(p_t, p_0)/\sigma^2 = \sum_{i \le t} \frac{1}{n_i} + 2 - 2 \prod_{i \le t} c_4(n_i)$, unbiased variance (derived)."""

    def shrinkage(k: Any) -> Any:
        size = 1 / replace_steps(n)(k)
        return chi_mean(size - 1) / sqrt(size - 1)

    return total(t, replace_steps(n)) + 2 - 2 * times(t, shrinkage)


@_SCHEDULE
def w2_expansion(t: Any, n: Any) -> Any:
    r"""$\frac32 \sum_{i \le t} 1/n_i$, the first order of `w2`."""
    return 3 * total(t, replace_steps(n)) / 2


@_SCHEDULE
def w2_remainder(t: Any, n: Any) -> Any:
    r"""$\frac12 (\sum_{i \le t} 1/n_i)^2$, more than the distance of `w2` from its first order (derived)."""
    return total(t, replace_steps(n)) ** 2 / 2


@_SCHEDULE
def w2_lower(t: Any, n: Any) -> Any:
    r"""$E\,W_2^2(p_t, p_0) \ge E\|\mu_t - \mu_0\|^2 = \operatorname{tr}\Sigma_0 \sum_{i \le t} 1/n_i$, in units of the trace (derived)."""
    return total(t, replace_steps(n))


@domain("n > d", t=Integers(0), n=Integers(2), d=Integers(1))
def log_det_upper(t: Any, n: Any, d: int) -> Any:
    r"""$E \log\frac{\det\Sigma_t}{\det\Sigma_0} \le -t \sum_{i=1}^{d} \bigl[\frac{1}{n - i} + \log\frac{n - 1}{n - i}\bigr]$, from $\psi(x) < \log x - \frac{1}{2x}$ (derived)."""
    return -t * total(d, lambda i: 1 / (n - i) + log((n - 1) / (n - i)))


@domain(q=Probability, n=Integers(1))
def lost_at_first(q: Any, n: Any) -> Any:
    r"""$(1 - q)^n$, the probability that none of n draws shows a state of probability q; about $e^{-1}$ for q = 1/n."""
    return (1 - q) ** n


@domain(t=Integers(0), n=Integers(1), S0=Probability)
def undecided(t: Any, n: Any, S0: Any) -> Any:
    r"""$P(p_t \text{ not a delta}) \le n (1 - S_0)(1 - 1/n)^t$, $S_0 = \sum_i q_i^2$ (Seddik et al. 2024, Theorem 1)."""
    return n * (1 - S0) * times(t, lambda k: 1 - replace_steps(n)(k))
