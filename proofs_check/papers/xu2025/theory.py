r"""Replacement with a schedule $n_0, n_1, \ldots$ as a random walk (Xu, He and Cheng 2025, arXiv 2505.13947); derived.

Their n_0 is the real sample; here `sizes` is $n_1, n_2, \ldots$ with $n_1$ the real one, as in the rest of the library.
"""

from typing import Any

from collapse_jax.laws.domain import Choice, Integers, Positive, domain
from collapse_jax.laws.identities import times, total

_WALK = domain("t <= len(sizes)", t=Integers(1), sizes=Integers(1))


@_WALK
def mean_error(t: Any, sizes: Any) -> Any:
    r"""$E\|\mu_t - \mu_0\|^2/\operatorname{tr}\Sigma_0 = \sum_{k \le t} 1/n_k$, unbiased or known covariance."""
    return total(t, lambda k: 1 / sizes[k - 1])


@domain("t <= len(sizes)", t=Integers(1), sizes=Integers(2))
def second_moment(t: Any, sizes: Any) -> Any:
    r"""$E\,v_t^2/\sigma_0^4 = \prod_{k \le t} \bigl(1 + \frac{2}{n_k - 1}\bigr)$, unbiased variance, while $E\,v_t = \sigma_0^2$."""
    return times(t, lambda k: 1 + 2 / (sizes[k - 1] - 1))


@domain("t <= len(sizes)", t=Integers(1), sizes=Integers(2))
def mle_variance(t: Any, sizes: Any) -> Any:
    r"""$E\,v_t/\sigma_0^2 = \prod_{k \le t} (1 - 1/n_k)$, 1/n variance."""
    return times(t, lambda k: 1 - 1 / sizes[k - 1])


@domain(r=Positive, d=Integers(1))
def p_better(r: Any, d: int) -> Any:
    r"""$P(\|\mu_t - \mu_0\| < \|\mu_1 - \mu_0\|) = P(T_d > \tfrac{\sqrt d}{2} r)$, $r^2 = n_1 \sum_{k=2}^{t} 1/n_k$, known covariance.

    $T_d$ is Student's law with d degrees of freedom; $\tfrac1\pi \arctan \tfrac2r$ for d = 1.
    """
    from scipy.special import stdtr

    return stdtr(d, -(d**0.5) * r / 2)


@domain("t <= len(sizes)", t=Integers(2), sizes=Integers(1))
def ratio(t: Any, sizes: Any) -> Any:
    r"""$r = \sqrt{n_1 \sum_{k=2}^{t} 1/n_k}$."""
    return (sizes[0] * sum(1 / n for n in sizes[1:t])) ** 0.5


@domain(n=Integers(1), generations=Integers(1), growth=Choice(choices=("constant", "linear", "power 1.5", "square")))
def schedule(n: int, generations: int, growth: str) -> tuple[int, ...]:
    r"""$n_t$: n, $n t$, $\lceil n t^{1.5} \rceil$ or $n t^2$, the sizes of the figure."""
    power = {"constant": 0, "linear": 1, "power 1.5": 1.5, "square": 2}[growth]
    return tuple(int(-(-n * t**power // 1)) for t in range(1, generations + 1))
