"""Corollary 1 and what follows for the symbols of a corpus: how many are left, and for how long one is remembered."""

import collapse_jax as cj
from collapse_jax import laws
from collapse_jax.laws.domain import Integers, NonNegative, Positive, domain
from proofs_check.claim import Check, Computed, claim
from proofs_check.curves import along
from proofs_check.papers.suresh2024 import theory
from proofs_check.papers.suresh2024.claims._setups import COIN, alive, coin


@claim(
    "suresh2024.cor1",
    statement=r"\sum_i \left(1 - e^{-n p_i g_k}\right) \le E\,|\mathrm{supp}\, p_k| \le \sum_i \left[1 - (1 - 3 n p_i^2 - 3 k p_i)_+\, e^{-n p_i g_k}\right]",
    relation="between",
    provenance="code",
    source="Corollary 1, as typed in the authors' notebook; Zipf-Mandelbrot law (i + b)^(-a) with its a = 1, b = 2.7",
    domain=domain(m=Integers(2), n=Integers(2), a=NonNegative, b=NonNegative),
)
def cor1(m=40, n=40, a=1.0, b=2.7, generations=10):
    """True; the lower side is the sharp one. The notebook has m = n = 1000, and divides by the number of symbols in the
    first sample (about 385) rather than by m."""
    p = theory.zipf_mandelbrot(m, a, b)
    left = laws.coalescent.support_curve(p, n, generations)
    return Check(
        cj.Categorical(p),
        cj.Replace(n),
        metric="support_size",
        generations=generations,
        predicted=lambda t: theory.unique_bounds(t, n, p),
        mutants={
            "no correction above": lambda t: (theory.unique_bounds(t, n, p)[0],) * 2,
            "one more symbol below": lambda t: (theory.unique_bounds(t, n, p)[0] + 1, m),
        },
        law=along(left),
    )


@claim(
    "suresh2024.discrete_thm",
    statement=r"P(p_{k,i} \ne 0) \ge 1 - e^{-\lambda_i / k}, \quad \lambda_i = n p_i",
    relation=">=",
    provenance="note",
    source="quoted in a summary: a symbol seen lambda times is forgotten after a number of generations linear in lambda",
    domain=COIN,
)
def discrete_thm(p=0.01, n=100, generations=50):
    """Theorem 1 with 1/k for g_k, hence low by a factor of up to 2."""
    return coin(
        alive,
        p,
        n,
        generations,
        (1, 2, 5, 10, 20, 50),
        predicted=lambda t: theory.remembered(t, n * p),
        mutants={
            "2 lambda/k": lambda t: theory.remembered(t / 2, n * p),
        },
        law=lambda t: 1 - laws.drift.distribution(p, n, t)[0],
    )


@claim(
    "suresh2024.discrete_thm.median",
    statement=r"\min\{k : g_k \le \tfrac{\log 2}{\lambda}\} = \frac{2 \lambda}{\log 2} - \frac13 \log\frac{2 \lambda}{\log 2} - 0.8 + O(1)",
    relation="==",
    regime="asymptotic",
    provenance="derived",
    source="1/g_k = k/2 + (log k)/6 + 0.399 + o(1); the time at which a Poisson count, or a rare symbol, is as likely lost as not",
    domain=domain(count=Positive),
)
def discrete_thm_median(count=(1, 2, 5, 10, 20, 50, 100)):
    """Linear in the count, with slope 2/log 2 = 2.89; rounding up to a whole generation is the remainder allowed."""
    from math import log

    def median(lam):
        k = 1
        while theory.g(k) > log(2) / lam:
            k += 1
        return float(k)

    return Computed(
        median,
        theory.median_time,
        {
            "slope 1/log 2, from g_k >= 1/k": lambda lam: lam / log(2),
            "slope 3/log 2, from g_k <= 3/k": lambda lam: 3 * lam / log(2),
            "without the logarithm": lambda lam: 2 * lam / log(2),
        },
        at=tuple(count),
        index="lambda",
        allowance=lambda lam: 1.0,
        rung="identity",
    )
