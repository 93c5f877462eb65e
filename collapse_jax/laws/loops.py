r"""Gaussian loops with real data in every fit and sampling bias $\lambda$, as affine maps of moments; derived.

Data of N(0, I) in d dimensions. Each fit pools n_r real observations with n from the last model, whose covariance is
scaled by $\lambda$: $N = n_r + n$ in all, $p = n_r/N$, $q = n/N$. Protocols of Alemohammad et al. (2023), Bertrand et
al. (2023) and, with corrected data, Gillman et al. (2024).
"""

from typing import Any

import numpy as np

from collapse_jax.host import afford
from collapse_jax.laws._check import real, whole
from collapse_jax.laws.domain import Choice, Integers, NonNegative, domain

__all__ = ["COLUMNS", "corrected_real", "fixed_real", "fresh_limit", "fresh_map", "fresh_real", "fresh_start"]

COLUMNS = ("1", "tr S", "m'm", "tr S^2", "(tr S)^2", "m'Sm", "m'm tr S", "(m'm)^2")
"""What the vectors of moments of `fresh_real` hold, for a fit N(m, S)."""

_Matrix = tuple[float | int, float | int]
_SIZES = domain(n_real=Integers(2), n=Integers(2), d=Integers(1), bias=NonNegative)


def _fits(generations: Any) -> int:
    """How many fits, if so many can be held and worked out."""
    G = whole(generations)
    afford(f"{G} generations", numbers=40 * G, operations=1000 * G, remedy="use fewer, or `fresh_limit`")
    return G


@domain(n_real=Integers(2), n=Integers(1), generations=Integers(1), bias=NonNegative, ddof=Choice(choices=(0, 1)))
def fixed_real(n_real: int, n: int, generations: int, bias: float | int = 1, ddof: int = 1) -> np.ndarray:
    r"""$E(\mu_t - m_0)^2$ and $E\,v_t$, d = 1, when every fit sees one real sample with mean $m_0$.

    With $M = E(\mu_t - m_0)^2$ and $S = E\,v_t$ the next fit has
    $M' = q^2 (M + \lambda S/n)$ and
    $(N - \mathrm{ddof})\,S' = (n_r - 1) + (n - 1 + n_r/N)\,\lambda S + \tfrac{n_r n}{N} M$; fit 1 sees real data only.
    Per coordinate in any dimension.

    **Args**: `n_real`: real observations; `n`: synthetic ones per fit; `generations`: how many fits, G; `bias`:
    $\lambda$; `ddof`: 0 for the maximum-likelihood variance, 1 for the unbiased one.

    **Returns**: rows (M, S), (G, 2).

    **Raises**: ValueError outside the domain.

    >>> fixed_real(50, 100, 200)[-1].round(5)
    array([0.00794, 0.9919 ])
    """
    n_real, n, bias = whole(n_real), whole(n), real(bias)
    N, M, S = n_real + n, 0.0, (n_real - 1) / (n_real - ddof)
    rows = [(M, S)]
    for _ in range(_fits(generations) - 1):
        between = n_real * n / N
        S, M = (
            ((n_real - 1) + (n - 1 + n_real / N) * bias * S + between * M) / (N - ddof),
            (n / N) ** 2 * (M + bias * S / n),
        )
        rows.append((M, S))
    return np.array(rows)


@domain(n_real=Integers(1), n=Integers(1), generations=Integers(1), gamma=NonNegative)
def corrected_real(
    n_real: int, n: int, generations: int, gamma: float | int, mean: Any = None, variance: Any = None
) -> np.ndarray:
    r"""$E\,\mu_t$, $E\,\mu_t^2$ and $E\,v_t$ (1/n variance), d = 1, one real sample and corrected synthetic data.

    The real sample has mean $m_0$ and 1/n variance $c_0$; synthetic observations are iid from
    $(p_t + \gamma N(0, 1))/(1 + \gamma)$, $w = 1/(1 + \gamma)$. With $a = E\mu_t$, $M = E\mu_t^2$, $S = E v_t$ and
    $e = w (S + M) + 1 - w$:
    $a' = p m_0 + q w a$, $M' = p^2 m_0^2 + 2 p q w\,m_0 a + q^2 [e/n + (1 - 1/n) w^2 M]$ and
    $S' = p (c_0 + m_0^2) + q e - M'$; fit 1 is $(m_0, m_0^2, c_0)$.

    **Args**: `n_real`, `n`: real observations, and synthetic ones per fit; `generations`: how many fits, G; `gamma`:
    $\gamma$; `mean`, `variance`: $m_0$ and $c_0$, by default averaged over real samples of N(0, 1).

    **Returns**: rows $(E\mu_t, E\mu_t^2, E v_t)$, (G, 3).

    **Raises**: ValueError outside the domain, and where one of `mean` and `variance` is given without the other.

    >>> corrected_real(50, 25, 2, 0.0).round(4)[:, 1]
    array([0.02  , 0.0244])
    """
    if (mean is None) != (variance is None):
        raise ValueError("a real sample has a mean and a variance; give both, or neither to average over samples")
    n_real, n, w = whole(n_real), whole(n), 1 / (1 + real(gamma))
    p, q = n_real / (n_real + n), n / (n_real + n)
    m0, m2, c0 = (0.0, 1 / n_real, 1 - 1 / n_real) if mean is None else (real(mean), real(mean) ** 2, real(variance))
    a, shared, M, S = m0, m2, m2, c0  # shared: E m_0 mu_t
    rows = [(a, M, S)]
    for _ in range(_fits(generations) - 1):
        e = w * (S + M) + 1 - w
        M = p**2 * m2 + 2 * p * q * w * shared + q**2 * (e / n + (1 - 1 / n) * w**2 * M)
        S = p * (c0 + m2) + q * e - M
        a, shared = p * m0 + q * w * a, p * m2 + q * w * shared
        rows.append((a, M, S))
    return np.array(rows)


# Linear forms in (1, tr S, m'm), and quadratic ones in all of COLUMNS, as coefficient vectors. A matrix x_0 I + x_1 S
# is the pair (x_0, x_1).


def _trace(x: _Matrix, d: int) -> np.ndarray:
    return np.array([x[0] * d, x[1], 0.0])


def _square(form: np.ndarray, other: np.ndarray) -> np.ndarray:
    """The product of two linear forms."""
    (a, b, c), (u, v, w) = form, other
    return np.array([a * u, a * v + b * u, a * w + c * u, 0, b * v, 0, b * w + c * v, c * w])


def _linear(form: np.ndarray) -> np.ndarray:
    return _square(form, np.array([1.0, 0, 0]))


def _trace_of_product(x: _Matrix, y: _Matrix, d: int) -> np.ndarray:
    return np.array([x[0] * y[0] * d, x[0] * y[1] + x[1] * y[0], 0, x[1] * y[1], 0, 0, 0, 0])


def _within(x: _Matrix) -> np.ndarray:
    """m'Xm."""
    return np.array([0, 0, x[0], 0, 0, x[1], 0, 0])


@_SIZES
def fresh_map(n_real: int, n: int, d: int, bias: float | int = 1) -> np.ndarray:
    r"""The matrix that takes `COLUMNS` of one fit to their expectation after the next: fresh real data, unbiased S.

    Given the model, $(N - 1) S' = A + B + \tfrac{n_r n}{N} \delta\delta'$ with $A \sim W(I, n_r - 1)$,
    $B \sim W(\lambda S, n - 1)$ and the difference of the two means $\delta \sim N(m, I/n_r + \lambda S/n)$, correlated
    with $m' \sim N(q m, (p I + q \lambda S)/N)$ by $(\lambda S - I)/N$; Wishart and normal moments close the map.

    **Args**: `n_real`, `n`: real and synthetic observations per fit; `d`: dimension; `bias`: $\lambda$.

    **Returns**: the matrix, (8, 8).

    **Raises**: ValueError outside the domain.
    """
    n_real, n, d, bias = whole(n_real), whole(n), whole(d), real(bias)
    N, k1, k2 = n_real + n, n_real - 1, n - 1
    p, q, c = n_real / N, n / N, n_real * n / N
    G, H, J = (1 / n_real, bias / n), (p / N, q * bias / N), (-1 / N, bias / N)
    scatter = np.array([k1 * d, k2 * bias, 0.0])  # tr(A + B)
    apart = _trace(G, d) + np.array([0, 0, 1])  # |delta|^2
    norm = _trace(H, d) + q**2 * np.array([0, 0, 1])  # |m'|^2
    apart2 = _square(apart, apart) + 2 * _trace_of_product(G, G, d) + 4 * _within(G)
    angle = _trace(J, d) + q * np.array([0, 0, 1])
    angle2 = _square(angle, angle) + _trace_of_product(G, H, d) + _trace_of_product(J, J, d)
    angle2 = angle2 + _within(H) + q**2 * _within(G) + 2 * q * _within(J)
    both = _square(apart, norm) + 2 * _trace_of_product(J, J, d) + 4 * q * _within(J)
    norm2 = _square(norm, norm) + 2 * _trace_of_product(H, H, d) + 4 * q**2 * _within(H)
    trace, square, trace_square, within = (np.eye(8)[i] for i in (1, 3, 4, 5))
    scatter2 = np.eye(8)[0] * (k1 * (k1 + 1) * d + k1 * d**2) + 2 * k1 * k2 * bias * trace
    scatter2 = scatter2 + bias**2 * (k2 * (k2 + 1) * square + k2 * trace_square)  # tr (A + B)^2
    along = k1 * _linear(apart) + k2 * bias * (_trace_of_product(G, (0, 1), d) + within)  # delta'(A + B) delta
    total2 = _square(scatter, scatter) + np.eye(8)[0] * 2 * k1 * d + 2 * k2 * bias**2 * square  # (tr(A + B))^2
    moved = k1 * _linear(norm) + k2 * bias * (_trace_of_product(H, (0, 1), d) + q**2 * within)  # m'(A + B)m
    return np.array([
        np.eye(8)[0],
        (_linear(scatter) + c * _linear(apart)) / (N - 1),
        _linear(norm),
        (scatter2 + 2 * c * along + c**2 * apart2) / (N - 1) ** 2,
        (total2 + 2 * c * _square(scatter, apart) + c**2 * apart2) / (N - 1) ** 2,
        (moved + c * angle2) / (N - 1),
        (_square(scatter, norm) + c * both) / (N - 1),
        norm2,
    ])  # fmt: skip


@domain(n=Integers(2), d=Integers(1))
def fresh_start(n: int, d: int) -> np.ndarray:
    """The expectations of `COLUMNS` of a fit on n observations of N(0, I).

    **Args**: `n`: observations; `d`: dimension.

    **Returns**: the vector, (8,).

    **Raises**: ValueError outside the domain.
    """
    n, d = whole(n), whole(d)
    k = n - 1
    square, squared = ((k + 1) * d + d**2) / k, d**2 + 2 * d / k
    return np.array([1, d, d / n, square, squared, d / n, d**2 / n, (d**2 + 2 * d) / n**2])


@domain(n_real=Integers(2), n=Integers(2), d=Integers(1), generations=Integers(1), bias=NonNegative)
def fresh_real(
    n_real: int, n: int, d: int, generations: int, bias: float | int = 1, first: int | None = None
) -> np.ndarray:
    r"""The expectations of `COLUMNS` at t = 1, .., G, fresh real data in every fit, unbiased covariance.

    $E\|\mu_t\|^2$ and $E\|\Sigma_t - I\|_F^2 = E\operatorname{tr} S^2 - 2 E \operatorname{tr} S + d$ follow.

    **Args**: `n_real`, `n`: real and synthetic observations per fit; `d`: dimension; `generations`: G; `bias`:
    $\lambda$; `first`: real observations of fit 1, by default `n_real`.

    **Returns**: one row per fit, (G, 8).

    **Raises**: ValueError outside the domain.

    >>> fresh_real(20, 60, 3, 15)[-1, 1:3].round(4)
    array([3.0661, 0.0871])
    """
    step, state = fresh_map(n_real, n, d, bias), fresh_start(n_real if first is None else first, d)
    rows = [state]
    for _ in range(_fits(generations) - 1):
        rows.append(step @ rows[-1])
    return np.array(rows)


@_SIZES
def fresh_limit(n_real: int, n: int, d: int, bias: float | int = 1) -> np.ndarray:
    r"""What the rows of `fresh_real` tend to, whatever the first fit saw.

    **Args**: `n_real`, `n`: real and synthetic observations per fit; `d`: dimension; `bias`: $\lambda$.

    **Returns**: the vector, (8,).

    **Raises**: ValueError outside the domain, and where the moments grow without bound.
    """
    step = fresh_map(n_real, n, d, bias)
    inner = step[1:, 1:]
    if np.abs(np.linalg.eigvals(inner)).max() >= 1:
        raise ValueError(f"bias={bias} makes the moments grow without bound; use a bias nearer to 1")
    return np.concatenate([[1.0], np.linalg.solve(np.eye(7) - inner, step[1:, 0])])
