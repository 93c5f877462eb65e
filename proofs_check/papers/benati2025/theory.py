r"""First extinction under replacement (Benati et al. 2025, arXiv 2509.20101).

$T_1$ is the first generation, t = 1 being the fit on real data, in which one of the s symbols is absent; n draws per
generation.
"""

from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import Any

from collapse_jax.laws.domain import Integers, Interval, Positive, Probabilities, domain
from collapse_jax.laws.special import exp, log

__all__ = ["alive_bound", "feller_survival", "mean", "mean_inclusion_exclusion", "mean_two", "signed_shares"]

_SYMBOLS = domain("min(p) > 0", p=Probabilities, n=Integers(1))


@_SYMBOLS.only(("p",))
def signed_shares(p: Sequence[Any]) -> Iterator[tuple[int, Any]]:
    r"""$(-1)^{|A|}$ and $p_A = \sum_{i \in A} p_i$ for every set A of symbols, none and all of them included."""
    for size in range(len(p) + 1):
        for chosen in combinations(p, size):
            yield (-1) ** size, sum(chosen)


@_SYMBOLS
def mean_inclusion_exclusion(n: Any, p: Sequence[Any]) -> Any:
    r"""$E[T_1] = 2 n \sum_A (-1)^{|A|} p_A \log p_A$, $2^s$ terms (Baxter et al.)."""
    return 2 * n * sum(sign * q * log(q) for sign, q in signed_shares(p) if 0 < q < 1)


@_SYMBOLS
def mean(n: Any, p: Sequence[Any]) -> Any:
    r"""$E[T_1] = 2 n \int_0^\infty \prod_i (1 - e^{-p_i u})\, u^{-2}\, du$, s factors, by quadrature in $\log u$."""
    step, total = 1 / 16, 0.0
    for k in range(-45 * 16, 45 * 16):
        u, product = 2.718281828459045 ** (k * step), 1.0
        for q in p:
            product = product * -_expm1(-q * u)
        total = total + product / u * step
    return 2 * n * total


def _expm1(x: float) -> float:
    from math import expm1

    return expm1(x)


@domain(n=Integers(1), q=Interval("(0, 1)"))
def mean_two(n: Any, q: Any) -> Any:
    r"""$E[T_1] = -2 n\, [q \log q + (1 - q) \log(1 - q)]$ for two symbols."""
    return -2 * n * (q * log(q) + (1 - q) * log(1 - q))


@domain("min(p) > 0", t=Positive, p=Probabilities, n=Integers(1))
def feller_survival(t: Any, n: Any, p: Sequence[Any]) -> Any:
    r"""$P(T_1 > t) = \prod_i (1 - e^{-2 n p_i / t})$ for independent square-root diffusions of zero drift."""
    product = 1
    for q in p:
        product = product * (1 - exp(-2 * n * q / t))
    return product


@domain(t=Integers(1), n=Integers(2), q=Interval("(0, 1)"))
def alive_bound(t: Any, n: Any, q: Any) -> Any:
    r"""$P(T_1 > t) \le \frac{n^2}{n - 1}\, q (1 - q) (1 - \frac1n)^t$ for two symbols, as $x (1 - x) \ge \frac{n - 1}{n^2}$ while both live (derived)."""
    return n**2 / (n - 1) * q * (1 - q) * (1 - 1 / n) ** t
