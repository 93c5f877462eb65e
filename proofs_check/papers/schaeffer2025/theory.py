r"""Eight definitions of model collapse beside exact laws (Schaeffer et al. 2025, arXiv 2503.03150; all derived).

$R_t$ is an expected risk after fit t. For a Gaussian mean with known variance $\sigma^2$ and n observations per
generation $R_t = c_t\,\sigma^2 / n$, where $c_t$ depends on the workflow only.
"""

from typing import Any

from collapse_jax.laws.domain import Integers, Positive, Probability, domain
from collapse_jax.laws.identities import harmonic2, product, replace_steps, total
from collapse_jax.laws.special import log

_TIME = domain(t=Integers(1))


@_TIME
def replace(t: Any) -> Any:
    r"""$R_t / R_1 = t$: replacement."""
    return t


@_TIME
def accumulate(t: Any) -> Any:
    r"""$R_t / R_1 = \sum_{k \le t} k^{-2} < \pi^2 / 6$: accumulation."""
    return harmonic2(t)


@_TIME
def replace_multiple(t: Any) -> Any:
    r"""$R_t / R_1 = \sum_{k \le t} 1 / k$: the last model labels t samples of n."""
    return total(t, lambda k: 1 / k)


@_TIME
def fresh(t: Any) -> Any:
    r"""$R_t / R_1 = \frac23 + \frac13 4^{1 - t}$: n fresh real and n synthetic observations, pooled."""
    return (2 + 4 ** (1 - t)) / 3


@domain(s=Integers(2))
def bend(ratio: Any, s: Any) -> Any:
    r"""$[R_{s^2} - 2 R_s + R_1] / R_1$, the second difference over logarithmic time: positive for at least log growth."""
    return ratio(s * s) - 2 * ratio(s) + 1


@domain(t=Integers(1), n=Integers(2), scale=Integers(2))
def coin_exponent(t: Any, n: Any, scale: Any) -> Any:
    r"""$a_t = \log_k \frac{1 - (1 - 1/n)^t}{1 - (1 - 1/(kn))^t}$, exponent of the risk of a coin under replacement."""
    return log(_lost(t, n) / _lost(t, scale * n)) / log(scale)


def _lost(t: Any, n: Any) -> Any:
    return 1 - product(t, replace_steps(n), -1)


@domain(c=Positive, n=Integers(1), level=Probability)
def outside(c: Any, n: Any, level: Any) -> Any:
    r"""$2\,\Phi\bigl(-q / \sqrt{1 + c_t / n}\bigr)$, expected mass of the model beyond the quantiles $\pm q$ of the truth.

    For a Gaussian mean with known variance; q leaves `level` of the truth outside.
    """
    from scipy.special import ndtr, ndtri

    return 2 * ndtr(ndtri(level / 2) / (1 + c / n) ** 0.5)
