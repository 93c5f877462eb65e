"""Errors and steps of means under accumulation, for every t, n and d."""

from collapse_jax.laws import identities
from collapse_jax.laws.domain import Integers, Positive, domain
from proofs_check.papers.barzilai2025 import theory
from proofs_check.proofs import Induction, proves

_ND = domain(n=Integers(1), d=Integers(1))


@proves("barzilai2025.thm4_1.sqrt_d")
def sqrt_d():
    """The pool's mean moves by the noise of n among t n points, independent of what was there."""
    return Induction(
        stated=lambda t, n, d: theory.gaussian_error(t, n, d, 1),
        at=lambda n, d, generations: {"n": n, "d": d},
        mutants={"one fit": lambda t, n, d: d / n, "linear in t": lambda t, n, d: d / n * t},
        over=_ND,
        step=lambda t, error, n, d: error + theory.step(t + 1, n, d, 1),
        base=lambda n, d: d / n,
    )


@proves("barzilai2025.any_n")
def any_n():
    return Induction(
        stated=lambda t, n, v: identities.qvf_error(t, identities.accumulate_steps(n), -1, v),
        at=lambda p, n, generations: {"n": n, "v": p * (1 - p)},
        mutants={"replacement": lambda t, n, v: identities.qvf_error(t, identities.replace_steps(n), -1, v)},
        over=domain(n=Integers(2), v=Positive),
        step=lambda t, error, n, v: error + (v - error) / (n * (t + 1) ** 2),
        base=lambda n, v: v / n,
    )
