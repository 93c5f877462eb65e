r"""Gaussians under replacement and accumulation with the 1/n and the unbiased covariance, for every t and n.

A refit on n points keeps $E(1 - 1/n)^{-1} v' = v$ and adds $v/n$ to the error of the mean; with the 1/n covariance the
second moment is a martingale, so that $E v = 1 - E(\mu - \mu_0)^2$ in units of the true variance.
"""

from pathlib import Path

from collapse_jax.laws import identities
from collapse_jax.laws.domain import Integers, domain
from proofs_check.papers.kazdan2024 import theory
from proofs_check.proofs import Coq, Induction, proves

_COQ = Path(__file__).parent / "coq"

_N = domain(n=Integers(3))
_ND = domain(n=Integers(3), d=Integers(1))


@proves("kazdan2024.replace_cov")
def replace_cov():
    return Induction(
        stated=lambda t, n: theory.replace_cov(t, n, 0),
        at=lambda n, d, generations: {"n": n},
        mutants={
            "n - 1 for n": lambda t, n: theory.replace_cov(t, n - 1, 0),
            "starts one generation late": lambda t, n: theory.replace_cov(t - 1, n, 0),
            "unbiased covariance": lambda t, n: theory.replace_cov(t, n, 1),
        },
        over=_N,
        step=lambda t, v, n: v * (n - 1) / n,
        base=lambda n: (n - 1) / n,
    )


@proves("kazdan2024.replace_mean")
def replace_mean():
    return Induction(
        stated=lambda t, n, d: d * theory.replace_mean_error(t, n, 0),
        at=lambda n, d, generations: {"n": n, "d": d},
        mutants={
            "t/n, the unbiased law": lambda t, n, d: d * theory.replace_mean_error(t, n, 1),
            "n - 1 for n": lambda t, n, d: d * theory.replace_mean_error(t, n - 1, 0),
        },
        over=_ND,
        step=lambda t, error, n, d: error + (d - error) / n,
        base=lambda n, d: d / n,
    )


@proves("kazdan2024.replace_mean_unbiased")
def replace_mean_unbiased():
    return Induction(
        stated=lambda t, n, d: d * theory.replace_mean_error(t, n, 1),
        at=lambda n, d, generations: {"n": n, "d": d},
        mutants={
            "bounded, the 1/n law": lambda t, n, d: d * theory.replace_mean_error(t, n, 0),
            "(t - 1)/n": lambda t, n, d: d * (t - 1) / n,
        },
        over=_ND,
        step=lambda t, error, n, d: error + d / n,
        base=lambda n, d: d / n,
    )


def _pooled(t, v, n):
    r"""$E v'$ after n points join t n pooled ones of variance v, the 1/n variance of all of them.

    $v' = [t (v + \mu^2) + B]/(t + 1) - \mu'^2$ with $E B = v + \mu^2$ and $\mu' = \mu + \zeta/(t + 1)$, $E \zeta^2 =
    v/n$.
    """
    import sympy

    from proofs_check.proofs import moments

    mu, B, zeta = sympy.symbols("mu B zeta")
    new = (t * (v + mu**2) + B) / (t + 1) - (mu + zeta / (t + 1)) ** 2
    return moments(new, {B: [1, v + mu**2], zeta: [1, 0, v / n]})


@proves("kazdan2024.accumulate")
def accumulate():
    """The step is the expectation of the pooled variance, expanded."""
    return Induction(
        stated=theory.accumulate_cov,
        at=lambda n, d, generations: {"n": n},
        mutants={
            "n + 1 for n": lambda t, n: theory.accumulate_cov(t, n + 1),
            "replacement": lambda t, n: theory.replace_cov(t, n, 0),
            "product without the real fit (from k = 2)": lambda t, n: theory.accumulate_cov(t, n) / (1 - 1 / n),
        },
        over=_N,
        step=_pooled,
        base=lambda n: (n - 1) / n,
    )


@proves("kazdan2024.accumulate_mean")
def accumulate_mean():
    return Induction(
        stated=lambda t, n, d: d * theory.accumulate_mean_error(t, n),
        at=lambda n, d, generations: {"n": n, "d": d},
        mutants={
            "H2/n, the known-variance law": lambda t, n, d: d / n * identities.harmonic2(t),
            "n - 1 for n": lambda t, n, d: d * theory.accumulate_mean_error(t, n - 1),
        },
        over=_ND,
        step=lambda t, error, n, d: error + (d - error) / (n * (t + 1) ** 2),
        base=lambda n, d: d / n,
    )


@proves("kazdan2024.accumulate")
def accumulate_formally():
    return Coq.beside(
        accumulate.build(),
        file=_COQ / "accumulate.v",
        theorem="accumulated",
        statement="forall t n, n <> 0 -> variance t n = accumulate_cov t n",
        definition="accumulate_cov",
        values=((3, 10), (4, 3)),
    )
