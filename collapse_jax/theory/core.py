r"""The second-moment identity behind most of the literature.

A natural exponential family in its mean parameter $\tau$ with quadratic variance function
$V(\tau) = v_0 + v_1 \tau + v_2 \tau^2$, and an estimator $\tau_t = \tau_{t-1} + a_t (\bar x_t - \tau_{t-1})$ on $n_t$
fresh draws, give with $e_t = a_t^2 / n_t$ exactly

$$E\,V(\tau_t) = V(\tau_0) \prod_{k \le t} (1 + v_2 e_k), \qquad
  E (\tau_t - \tau_0)^2 = \frac{V(\tau_0)}{v_2} \Bigl[\prod_{k \le t} (1 + v_2 e_k) - 1\Bigr].$$

Derived; it follows from $E[V(\tau_t) \mid \tau_{t-1}] = (1 + v_2 e_t) V(\tau_{t-1})$.
"""

from collections.abc import Callable, Sequence
from typing import Any

Steps = Callable[[int], Any]


def replace_steps(n: Any) -> Steps:
    r"""$e_t = 1/n_t$; `n` a number or a schedule $n_1, n_2, \ldots$"""
    return lambda t: 1 / (n[t - 1] if isinstance(n, Sequence) else n)


def accumulate_steps(n: Any) -> Steps:
    r"""$e_t = n_t / N_t^2$ with $N_t = n_1 + \cdots + n_t$; for constant n this is $1/(n t^2)$."""
    if isinstance(n, Sequence):
        return lambda t: n[t - 1] / sum(n[:t]) ** 2
    return lambda t: 1 / (n * t**2)


def product(t: int, steps: Steps, v2: Any) -> Any:
    r"""$\prod_{k \le t} (1 + v_2 e_k)$.

    >>> product(2, replace_steps(10), -1)
    0.81
    """
    value = 1
    for k in range(1, t + 1):
        value = value * (1 + v2 * steps(k))
    return value


def qvf_error(t: int, steps: Steps, v2: Any, v: Any) -> Any:
    r"""$E (\tau_t - \tau_0)^2$ from $V(\tau_0) = v$; for $v_2 = 0$ the limit $v \sum e_k$.

    >>> qvf_error(3, accumulate_steps(1), 0, 36)
    49.0
    """
    if v2 == 0:
        return v * sum(steps(k) for k in range(1, t + 1))
    return v * (product(t, steps, v2) - 1) / v2


def harmonic2(t: int) -> Any:
    r"""$H_t^{(2)} = \sum_{k \le t} k^{-2}$, rising to $\pi^2/6$."""
    return sum(1 / k**2 for k in range(1, t + 1))
