r"""Gaussians under replacement and accumulation with the 1/n and the unbiased covariance, for every t and n.

A refit on n points keeps $E(1 - 1/n)^{-1} v' = v$ and adds $v/n$ to the error of the mean; with the 1/n covariance the
second moment is a martingale, so that $E v = 1 - E(\mu - \mu_0)^2$ in units of the true variance.
"""

import functools
import itertools
from pathlib import Path

from collapse_jax.laws import identities
from collapse_jax.laws.domain import Integers, domain
from collapse_jax.laws.special import pi
from proofs_check.papers.kazdan2024 import theory
from proofs_check.proofs import Coq, Everywhere, Induction, proves
from proofs_check.proofs.certified import ball

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


@proves("kazdan2024.replace_det")
def replace_det():
    """Three dimensions: of a Wishart matrix the determinant is a product of chi-squares, whose means are n - 1, n - 2 and
    n - 3."""
    return Induction(
        stated=lambda t, n: theory.replace_det(t, n, 3, 0),
        at=lambda n, d, generations: {"n": n},
        mutants={
            "unbiased covariance": lambda t, n: theory.replace_det(t, n, 3, 1),
            "(1 - 1/n)^(d t), the determinant of the mean": lambda t, n: theory.replace_cov(t, n, 0) ** 3,
            "n + 1 for n": lambda t, n: theory.replace_det(t, n + 1, 3, 0),
        },
        over=domain(n=Integers(5)),
        step=lambda t, det, n: det * (n - 1) * (n - 2) * (n - 3) / n**3,
        base=lambda n: (n - 1) * (n - 2) * (n - 3) / n**3,
    )


@proves("kazdan2024.wf")
def wf():
    """A refit on n draws: E S' = S + (1 - S)/n."""
    return Induction(
        stated=lambda t, n, K: 1 - theory.heterozygosity(t, n, 1 / K),
        at=lambda K, n, generations: {"n": n, "K": K},
        mutants={
            "n - 1 for n": lambda t, n, K: 1 - theory.heterozygosity(t, n - 1, 1 / K),
            "diploid, 1/(2n)": lambda t, n, K: 1 - theory.heterozygosity(t, 2 * n, 1 / K),
        },
        over=domain(n=Integers(3), K=Integers(2)),
        step=lambda t, S, n, K: S + (1 - S) / n,
        base=lambda n, K: 1 / K + (1 - 1 / K) / n,
    )


@proves("kazdan2024.wf_accumulate")
def wf_accumulate():
    return Induction(
        stated=lambda t, n, K: 1 - (1 - 1 / K) * theory.accumulate_cov(t, n),
        at=lambda K, n, generations: {"n": n, "K": K},
        mutants={
            "replacement": lambda t, n, K: 1 - theory.heterozygosity(t, n, 1 / K),
            "n + 1 for n": lambda t, n, K: 1 - (1 - 1 / K) * theory.accumulate_cov(t, n + 1),
        },
        over=domain(n=Integers(3), K=Integers(2)),
        step=lambda t, S, n, K: S + (1 - S) / (n * (t + 1) ** 2),
        base=lambda n, K: 1 / K + (1 - 1 / K) / n,
    )


_LAST = 500


@functools.cache
def _plateau():
    """The risk of a subsample of all labels so far in units of one fit, t = 1, 2, .., in balls."""

    def step(risk, t):
        k = ball(t)
        return risk + 1 / (k * (k + 1)) + 2 / (k + 1) ** 2 - 1 / ((k + 1) ** 2 * k)

    return list(itertools.accumulate(range(1, _LAST), step, initial=ball(1)))


@proves("kazdan2024.accsub.plateau")
def plateau():
    """Every t up to 500: within 3/t of the stated limit; what lies beyond is dey2024.augment_subsample.limit, the same
    sum."""

    def gap(stated, t):
        return _plateau()[int(float(t)) - 1] - stated(t)

    every = {"t": (1, _LAST)}
    return Everywhere(
        stated=lambda t: pi(t) ** 2 / 2 - 2,
        at=dict,
        mutants={
            "3": lambda t: t * 0 + 3,
            "pi^2/3, with replacement": lambda t: pi(t) ** 2 / 3,
            "pi^2/6, accumulation": lambda t: pi(t) ** 2 / 6,
        },
        margin=lambda stated, t: 3 / t - gap(stated, t),
        box=every,
        pieces=((lambda stated, t: 3 / t + gap(stated, t), every),),
        whole=("t",),
    )
