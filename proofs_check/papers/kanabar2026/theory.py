r"""Watermarks: every observation carries a mark W, of law $Q_1$ if it is real and $Q_0$ if it is synthetic (arXiv 2608.31091).

$\bar Q = \alpha Q_1 + (1 - \alpha) Q_0$; $a(w) = \alpha Q_1(w) / \bar Q(w)$ is the chance that an observation with mark w is
real; t = 1 is the fit on n real observations.
"""

from collections.abc import Sequence
from typing import Any

from collapse_jax.laws.domain import Integers, Interval, Probabilities, Probability, domain

__all__ = ["bec", "bec_chi2", "bec_printed", "chi2", "gain_bound", "masked_variance", "moment", "risk"]

_MARKS = domain(share=Interval("(0, 1]"), Q1=Probabilities, Q0=Probabilities)


@(_MARKS & domain(power=Integers(0)))
def moment(power: int, share: Any, Q1: Sequence[Any], Q0: Sequence[Any]) -> Any:
    r"""$E\,a(W)^k = \sum_w \bar Q(w)\, a(w)^k$."""
    total = 0
    for one, zero in zip(Q1, Q0, strict=True):
        mixed = share * one + (1 - share) * zero
        total = total + (mixed * (share * one / mixed) ** power if one or zero else 0)
    return total


@_MARKS
def chi2(share: Any, Q1: Sequence[Any], Q0: Sequence[Any]) -> Any:
    r"""$\chi^2(Q_1 \| \bar Q) = \sum_w Q_1(w)^2 / \bar Q(w) - 1$."""
    return moment(2, share, Q1, Q0) / share**2 - 1


@domain(eps=Probability)
def bec(eps: Any) -> tuple[tuple[Any, ...], tuple[Any, ...]]:
    r"""$Q_1, Q_0$ of labels that are erased with probability $\epsilon$: marks "real", "synthetic" and "erased"."""
    return (1 - eps, 0, eps), (0, 1 - eps, eps)


@domain(share=Interval("(0, 1]"), eps=Probability)
def bec_chi2(share: Any, eps: Any) -> Any:
    r"""$\chi^2 = (1 - \epsilon)(1/\alpha - 1)$ for erased labels (derived)."""
    return (1 - eps) * (1 / share - 1)


@domain(share=Interval("(0, 1]"), eps=Probability)
def bec_printed(share: Any, eps: Any) -> Any:
    r"""$\chi^2 = (1 - \epsilon) / \alpha$, as probably meant in Claim 1; the conversion has $1 - \epsilon / \alpha$."""
    return (1 - eps) / share


@_MARKS
def gain_bound(share: Any, Q1: Sequence[Any], Q0: Sequence[Any]) -> Any:
    r"""$1 + \chi^2 \le 1 / \max\{\alpha, \epsilon\}$ with $\epsilon = \min_w Q_0(w) / Q_1(w)$ (Proposition 1, $\epsilon$ as we read it)."""
    return 1 / max(share, min(zero / one for one, zero in zip(Q1, Q0, strict=True) if one))


@_MARKS & domain(t=Integers(1), n=Integers(1), S0=Probability)
def risk(t: int, n: Any, share: Any, Q1: Sequence[Any], Q0: Sequence[Any], S0: Any) -> Any:
    r"""$R_t = \mathrm{ESS}_t^{-2} \{\mathrm{ESS}_{t-1}^2 R_{t-1} + n\,[m_2 (1 - S_0 - R_{t-1}) + 2 m_3 R_{t-1} - m_2^2 R_{t-1}]\}$, $m_k = E\,a(W)^k$ (derived).

    Of the linear estimate $\hat p_t = \hat p_{t-1} + \mathrm{ESS}_t^{-1} \sum_i a(W_i) (\delta_{X_i} - \hat p_{t-1})$,
    $\mathrm{ESS}_t = n + (t - 1)\, n m_2$ and $m_2 = \alpha^2 (1 + \chi^2)$.
    """
    m2, m3 = moment(2, share, Q1, Q0), moment(3, share, Q1, Q0)
    found, ess = (1 - S0) / n, n
    for _ in range(t - 1):
        noise = n * (m2 * (1 - S0 - found) + 2 * m3 * found - m2**2 * found)
        found, ess = (ess**2 * found + noise) / (ess + n * m2) ** 2, ess + n * m2
    return found


@domain(p=Probability, n=Integers(1), share=Interval("(0, 1]"))
def masked_variance(p: Any, n: Any, share: Any) -> Any:
    r"""$\mathrm{Var}(\hat p) = \frac{p (1 - \alpha p)}{n \alpha}$ for a symbol that no model is allowed to say (equation 13)."""
    return p * (1 - share * p) / (n * share)
