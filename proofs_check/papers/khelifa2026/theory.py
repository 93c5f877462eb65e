r"""Rounds of training on $q_t = a\,p + (1 - a)\,\hat p_t$ (Khelifa, Turner and Venkataramanan 2026, arXiv 2602.16601)."""

from typing import Any

from collapse_jax.laws.domain import Integers, NonNegative, Probability, domain

__all__ = ["discounted", "refreshed"]


@domain(chi2=NonNegative, a=Probability)
def refreshed(chi2: Any, a: Any) -> Any:
    r"""$\chi^2(a\,p + (1 - a)\,\hat p \,\|\, p) = (1 - a)^2\, \chi^2(\hat p \| p)$."""
    return (1 - a) ** 2 * chi2


@domain(t=Integers(1), n=Integers(1), s=Integers(1), a=Probability)
def discounted(t: Any, n: Any, s: Any, a: Any) -> Any:
    r"""$E \chi^2(\hat p_t \| p) = \frac{s - 1}{n} \sum_{k < t} \left[(1 - \frac1n)(1 - a)^2\right]^k$: n draws per round on s symbols (derived)."""
    kept = (1 - 1 / n) * (1 - a) ** 2
    return (s - 1) / n * (1 - kept**t) / (1 - kept)
