r"""Rates of collapse under replacement (Suresh, Thangaraj and Khandavally 2024, arXiv 2412.17646).

Fit k = 1 is the one on n draws from the truth. Statements as they are typed in the authors' notebook.
$g_1 = 1$, $g_{k+1} = 1 - e^{-g_k}$.
"""

from collections.abc import Sequence
from typing import Any

from collapse_jax.laws.domain import Integers, Interval, NonNegative, Positive, Probabilities, Probability, domain
from collapse_jax.laws.identities import qvf_error, replace_steps
from collapse_jax.laws.special import chi_mean, exp, log, log_gamma, sqrt

_SYMBOL = domain(k=Integers(1), n=Integers(1), p=Probability)
_TAIL = domain(k=Integers(0), n=Integers(2), ratio=Positive)


@domain(k=Integers(1))
def g(k: int) -> float:
    r"""$g_k$, the probability that a critical branching process with Poisson offspring survives k - 1 generations."""
    value = 1.0
    for _ in range(k - 1):
        value = 1 - exp(-value)
    return value


@domain(k=Integers(1))
def g_bounds(k: Any) -> tuple[Any, Any]:
    r"""$1/k \le g_k \le 3/k$ as in the notebook."""
    return 1 / k, 3 / k


@domain(k=Integers(1))
def g_upper(k: Any) -> Any:
    r"""$g_k \le \frac{2}{k + 1}$, from $1/(1 - e^{-x}) \ge 1/x + 1/2$ (derived); equality at k = 1."""
    return 2 / (k + 1)


def _lost(k: int, n: Any, p: Any) -> Any:
    return exp(-n * p * g(k))


def _positive(x: Any) -> Any:
    return (x + abs(x)) / 2


@_SYMBOL
def alive_bounds(k: int, n: Any, p: Any) -> tuple[Any, Any]:
    r"""Theorem 1: $1 - e^{-n p g_k} \le P(p_k \ne 0) \le 1 - (1 - 3 n p^2 - 3 k p)\, e^{-n p g_k}$.

    The upper bound rises again, and passes 1, where $n p^2 + k p > 1/3$.
    """
    return 1 - _lost(k, n, p), 1 - (1 - 3 * n * p**2 - 3 * k * p) * _lost(k, n, p)


@_SYMBOL
def mixed_bounds(k: int, n: Any, p: Any) -> tuple[Any, Any]:
    r"""Theorem 1 for both ends: $1 - e^{-n p g_k} - e^{-n q g_k} \le P(0 < p_k < 1) \le 1 - \sum_{r = p, q} (1 - 3 n r^2 - 3 k r)_+ e^{-n r g_k}$, $q = 1 - p$.

    The lower bound is negative once $n g_k$ is small.
    """
    lost = [_lost(k, n, r) for r in (p, 1 - p)]
    weights = [_positive(1 - 3 * n * r**2 - 3 * k * r) for r in (p, 1 - p)]
    return 1 - sum(lost), 1 - sum(w * x for w, x in zip(weights, lost, strict=True))


@domain(k=Integers(1), n=Integers(1))
def ancestors(k: int, n: Any) -> Any:
    r"""$\kappa_{k-1} \ge E K_{k-1}$, the ancestors of n draws k - 1 generations back: $\kappa_0 = n$, $\kappa_{r+1} = n [1 - (1 - \frac1n)^{\kappa_r}]$."""
    count = n
    for _ in range(k - 1):
        count = n * (1 - (1 - 1 / n) ** count)
    return count


@_SYMBOL
def sandwich(k: int, n: Any, p: Any) -> tuple[Any, Any]:
    r"""$1 - e^{-n p g_k} \le P(p_k \ne 0) \le 1 - (1 - p)^{\kappa_{k-1}}$ (Jensen's inequality twice; derived)."""
    return 1 - _lost(k, n, p), 1 - (1 - p) ** ancestors(k, n)


@domain(k=Integers(1), n=Integers(1), p=Probabilities)
def unique_bounds(k: int, n: Any, p: Sequence[Any]) -> tuple[Any, Any]:
    r"""Corollary 1: $\sum_i (1 - e^{-n p_i g_k})$ and $\sum_i [1 - (1 - 3 n p_i^2 - 3 k p_i)_+\, e^{-n p_i g_k}]$ enclose the expected support."""
    lower = sum(1 - _lost(k, n, q) for q in p)
    return lower, sum(1 - _lost(k, n, q) * _positive(1 - 3 * n * q**2 - 3 * k * q) for q in p)


@domain(k=Positive, count=NonNegative)
def remembered(k: Any, count: Any) -> Any:
    r"""$P(p_{k,i} \ne 0) \ge 1 - e^{-\lambda_i / k}$, $\lambda_i = n p_i$ the expected count at first."""
    return 1 - exp(-count / k)


@domain(count=Positive)
def median_time(count: Any) -> Any:
    r"""Median k at which a symbol seen $\lambda$ times at first is lost, $\frac{2 \lambda}{\log 2} - \frac13 \log\frac{2\lambda}{\log 2} - 0.8$ (derived)."""
    linear = 2 * count / log(2)
    return linear - log(linear) / 3 - 0.8


@domain(k=Integers(1), n=Integers(1), rate=NonNegative)
def poisson_alive(k: int, n: Any, rate: Any) -> Any:
    r"""Theorem 2: $P(\Lambda_k \ne 0) = 1 - e^{-n \lambda_0 g_k}$, exactly."""
    return 1 - exp(-n * rate * g(k))


@domain(k=Integers(0), n=Integers(1), rate=NonNegative)
def poisson_variance(k: Any, n: Any, rate: Any) -> Any:
    r"""$\operatorname{Var} \Lambda_k = k \lambda_0 / n$ (derived)."""
    return qvf_error(k, replace_steps(n), 0, rate)


@domain(G=Integers(1), count=Positive)
def poisson_time(G: Any, count: Any) -> Any:
    r"""$E \min(T, G) \ge \lambda \log\frac{G + \lambda}{1 + \lambda}$, T the first k with $\Lambda_k = 0$, $\lambda = n \lambda_0$ (derived).

    From $g_k \ge 1/k$ and $1 - e^{-x} \ge x/(1 + x)$. It grows without bound: the mean time to collapse is infinite.
    """
    return count * log((G + count) / (1 + count))


@_TAIL
def gaussian_tail(k: Any, n: Any, ratio: Any) -> Any:
    r"""Theorem 3: $P(\sigma_k > \epsilon) \le \frac{\sigma_0}{\epsilon} e^{-k/(4 n - 1)}$, unbiased variance; `ratio` is $\sigma_0/\epsilon$."""
    return ratio * exp(-k / (4 * n - 1))


@_TAIL
def mixture_tail(k: Any, n: Any, ratio: Any) -> Any:
    r"""Theorem 4 (and an earlier form of Theorem 3): $P(\sigma_k > \epsilon) \le \frac{\sigma_0}{\epsilon} e^{-k/(4 n)}$."""
    return ratio * exp(-k / (4 * n))


@domain(k=Integers(0), n=Integers(2), ratio=Positive, r=Interval("(0, 2]"))
def moment_tail(k: Any, n: Any, ratio: Any, r: Any) -> Any:
    r"""Markov's inequality for $\sigma_k^r$: $(\frac{\sigma_0}{\epsilon})^r \bigl[(\tfrac{2}{n - 1})^{r/2} \frac{\Gamma((n - 1 + r)/2)}{\Gamma((n - 1)/2)}\bigr]^k$.

    The notebook draws it with r = 0.7 as "Our Upper Bound".
    """
    half = (n * 1.0 - 1) / 2 if isinstance(n, int) else (n - 1) / 2
    return ratio**r * exp(k * (log_gamma(half + r / 2) - log_gamma(half) - r * log(half) / 2))


@_TAIL
def first_moment_tail(k: Any, n: Any, ratio: Any) -> Any:
    r"""Markov's inequality for $\sigma_k$ itself, $\frac{\sigma_0}{\epsilon} c_4(n)^k$: the curve that Theorem 3 is drawn against."""
    return ratio * (chi_mean(n - 1) / sqrt(n - 1)) ** k


@domain(m=Integers(1), a=NonNegative, b=NonNegative)
def zipf_mandelbrot(m: int, a: Any, b: Any) -> list[Any]:
    r"""$p_i \propto (i + b)^{-a}$, i = 1 .. m, as the notebook codes it."""
    weights = [(i + b) ** -a for i in range(1, m + 1)]
    return [w / sum(weights) for w in weights]
