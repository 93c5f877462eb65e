r"""A memory of tokens by Zipf's law (Dohmatob, Feng, Yang, Charton and Kempe 2024, arXiv 2402.07043).

$p_i = i^{-\beta}/\zeta(\beta)$, $c = 1 - 1/\beta$, and $E(T) = \sum_i p_i (1 - q_i)^T$ is the error after T tokens of a
law q. The paper gives rates; the constants here are derived, as leading terms whose relative error is of order 1/T.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from collapse_jax.laws.domain import Integers, Interval, Positive, Probabilities, Probability, domain
from collapse_jax.laws.special import exp, gamma_upper, log_gamma, zeta

__all__ = [
    "amplitude",
    "cut_error",
    "effective_tokens",
    "error",
    "exact_error",
    "exponent",
    "mixed_error",
    "narrowed_error",
    "narrowed_exponent",
    "row_error",
    "row_exponent",
    "row_terms",
    "tail_mass",
    "tail_mass_bound",
    "unseen_mass",
    "vocabulary",
]

_BETA = Interval("(1, oo)")
_LAW = domain("gamma >= beta", T=Positive, beta=_BETA, gamma=_BETA, k=Integers(1), share=Probability, n=Integers(0))


@_LAW.only(("beta",))
def exponent(beta: Any) -> Any:
    r"""$c = 1 - \frac1\beta$: the error falls as $T^{-c}$."""
    return 1 - 1 / beta


@_LAW.only(("beta",))
def amplitude(beta: Any) -> Any:
    r"""$A = \zeta(\beta)^{-1/\beta}\, \Gamma(1 - \frac1\beta) / \beta$, with which $E(T) \sim A\,T^{-c}$ (derived)."""
    return zeta(beta) ** (-1 / beta) * exp(log_gamma(1 - 1 / beta)) / beta


@_LAW.only(("T", "beta"))
def error(T: Any, beta: Any) -> Any:
    r"""$A\,T^{-c}$: the error on tokens of the true law (derived)."""
    return amplitude(beta) * T ** -(1 - 1 / beta)


@_LAW.only(("T", "beta"))
def exact_error(T: Any, beta: Any) -> Any:
    r"""$\zeta(\beta)^{-1/\beta} B(c, T + 1) / \beta = A\,T^{-c} [1 - \frac{c (c + 1)}{2 T} + \ldots]$: all powers of 1/T (derived)."""
    c = 1 - 1 / beta
    beta_function = exp(log_gamma(c) + log_gamma(T + 1) - log_gamma(T + 1 + c))
    return zeta(beta) ** (-1 / beta) / beta * beta_function


@_LAW.only(("k", "beta"))
def tail_mass(k: Any, beta: Any) -> Any:
    r"""$F_k = \sum_{i > k} p_i = \zeta(\beta, k + 1) / \zeta(\beta)$."""
    return zeta(beta, k + 1) / zeta(beta)


@_LAW.only(("k", "beta"))
def tail_mass_bound(k: Any, beta: Any) -> Any:
    r"""$F_k \le \frac{k^{-(\beta - 1)}}{(\beta - 1)\,\zeta(\beta)}$, as an integral bounds the sum."""
    return k ** -(beta - 1) / ((beta - 1) * zeta(beta))


@_LAW.only(("T", "beta", "k"))
def cut_error(T: Any, beta: Any, k: Any) -> Any:
    r"""$F_k + A\,T'^{-c}\, Q\left(c,\ T' (k + \frac12)^{-\beta} / \zeta(\beta)\right)$, $T' = T / (1 - F_k)$, for q cut at k (derived)."""
    gone = tail_mass(k, beta)
    tokens = T / (1 - gone)
    return gone + error(tokens, beta) * gamma_upper(exponent(beta), tokens * (k + 0.5) ** -beta / zeta(beta))


@domain(T=Positive, T_0=Positive, n=Integers(0))
def effective_tokens(T: Any, T_0: Any, n: Any) -> Any:
    r"""$T_n$ of $T_{r+1} = T_0 (1 - e^{-T_r / T_0})$, $T_0$ at the start being T: distinct ancestors, in mean field (derived)."""
    tokens = T
    for _ in range(n):
        tokens = T_0 * (1 - exp(-tokens / T_0))
    return tokens


@_LAW.only(("T", "beta"))
def vocabulary(T: Any, beta: Any) -> Any:
    r"""$\Gamma(1 - \frac1\beta)\,(T / \zeta(\beta))^{1/\beta}$: how many different tokens are among T (derived)."""
    return exp(log_gamma(1 - 1 / beta)) * (T / zeta(beta)) ** (1 / beta)


@_LAW.only(("beta", "gamma"))
def narrowed_exponent(beta: Any, gamma: Any) -> Any:
    r"""$e = (\beta - 1) / \beta'$, the exponent where training tokens have the exponent $\beta' \ge \beta$."""
    return (beta - 1) / gamma


@_LAW.only(("T", "beta", "gamma"))
def narrowed_error(T: Any, beta: Any, gamma: Any) -> Any:
    r"""$\frac{\Gamma(e)\, \zeta(\beta')^e}{\beta'\, \zeta(\beta)}\, T^{-e}$ (derived); `gamma` is $\beta'$."""
    e = (beta - 1) / gamma
    return exp(log_gamma(e)) * zeta(gamma) ** e / (gamma * zeta(beta)) * T**-e


@domain(T=Positive, beta=_BETA, k=Integers(1), share=Interval("(0, 1]"))
def mixed_error(T: Any, beta: Any, k: Any, share: Any) -> Any:
    r"""$A\,\hat T^{-c} Q(c, \hat T x) + A\,(\pi T)^{-c} P(c, \pi T x)$, $x = (k + \frac12)^{-\beta} / \zeta(\beta)$ (derived).

    $\hat T = T (\pi + \frac{1 - \pi}{1 - F_k})$ for a share $\pi$ of true tokens among tokens cut at k; P = 1 - Q.
    """
    c, x = exponent(beta), (k + 0.5) ** -beta / zeta(beta)
    head = T * (share + (1 - share) / (1 - tail_mass(k, beta)))
    rest = error(share * T, beta) * (1 - gamma_upper(c, share * T * x))
    return error(head, beta) * gamma_upper(c, head * x) + rest


@domain("len(p) <= len(q) <= len(p)", T=Positive, p=Probabilities, q=Probabilities)
def unseen_mass(T: Any, p: Sequence[Any], q: Sequence[Any]) -> Any:
    r"""$\sum_i p_i (1 - q_i)^T$ on finitely many tokens."""
    return sum(a * (1 - b) ** T for a, b in zip(p, q, strict=True))


@_LAW.only(("beta",))
def row_exponent(beta: Any) -> Any:
    r"""$\min(1 - \frac1\beta, \frac12)$: frequencies of next tokens are off by T to minus this power."""
    return (1.5 - 1 / beta - abs(0.5 - 1 / beta)) / 2


@domain("(beta - 2)**2 > 0", T=Positive, beta=_BETA)
def row_error(T: Any, beta: Any) -> Any:
    r"""$C\,T^{-c} + D\,T^{-1/2}$, both terms of `row_terms`: half the expected $\ell_1$ distance of frequencies from $p$."""
    return sum(row_terms(T, beta))


@domain("(beta - 2)**2 > 0", T=Positive, beta=_BETA)
def row_terms(T: Any, beta: Any) -> tuple[Any, Any]:
    r"""$C\,T^{-c}$ of the rare tokens and $D\,T^{-1/2}$ of the common ones, $\beta \ne 2$ (derived).

    $C = \frac{\zeta(\beta)^{-1/\beta}}{2 \beta} \int_0^\infty E|N_\lambda - \lambda|\, \lambda^{-1 - 1/\beta} d\lambda$ with N of
    Poisson's law, $D = \frac{1}{\sqrt{2 \pi}} \sum_i \sqrt{p_i (1 - p_i)}$; for $\beta > 2$ the integral, for $\beta < 2$
    the sum stands for its analytic continuation.
    """
    rare, common = _row_constants(float(beta))
    return rare * T ** -(1 - 1 / beta), common * T**-0.5


@lru_cache(maxsize=64)
def _row_constants(beta: float) -> tuple[float, float]:
    import numpy as np
    from scipy.special import gamma, gammaincc, gammaln

    a, total = 1 / beta, float(zeta(beta))

    def term(j):
        """One j of the integral over (j, j + 1], .., summed over what contributes |j - x|."""
        peak = np.exp(j * np.log(j) - a * np.log(j) - j - gammaln(j + 1))
        return peak - a * gammaincc(j - a, j) * np.exp(gammaln(j - a) - gammaln(j + 1))

    last = 400
    far = np.geomspace(last / 4, last * 8, 40)
    powers = a + 0.5 + np.arange(8) / 2
    series = np.linalg.lstsq(far[:, None] ** (powers[0] - powers), term(far) * far ** powers[0], rcond=None)[0]
    rest = sum(one * _continued(power, last + 1) for one, power in zip(series, powers, strict=True))
    integral = 2 * (gamma(1 - a) + term(np.arange(1.0, last + 1)).sum() + rest)

    p = np.arange(1, 1001.0) ** -beta / total
    roots = np.sum(np.sqrt(p * (1 - p)) - np.sqrt(p)) - total**-1.5 * _continued(1.5 * beta, 1001) / 2
    common = (roots + _continued(beta / 2, 1) / total**0.5) / (2 * np.pi) ** 0.5
    return float(total**-a / (2 * beta) * integral), float(common)


def _continued(s: float, a: float) -> float:
    r"""Hurwitz's $\zeta(s, a)$ for $s > -5$, $s \ne 1$, by Euler and Maclaurin."""
    x = a + 64
    near = sum((a + k) ** -s for k in range(64))
    rest = x ** (1 - s) / (s - 1) + x**-s / 2 + s * x ** (-s - 1) / 12
    return near + rest - s * (s + 1) * (s + 2) * x ** (-s - 3) / 720
