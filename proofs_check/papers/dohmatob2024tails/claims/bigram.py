"""Next tokens at random: how far frequencies are off in total variation."""

from math import log, pi, sqrt

import collapse_jax as cj
from collapse_jax import laws
from collapse_jax.laws.domain import domain
from proofs_check.claim import Check, Computed, claim
from proofs_check.papers.dohmatob2024tails import theory
from proofs_check.papers.dohmatob2024tails.claims._setups import BETA, SETTING, SIZES, rate, zipf

_RARE = SETTING & domain("beta < 1.9", beta=BETA)
_COMMON = SETTING & domain("beta > 2.1", beta=BETA)


def _slope(beta, mutants, at):
    """Left open: what the smaller of two powers of T adds to the exponent, and 1/T of the value, at both ends."""
    gap, stated = abs(0.5 - 1 / beta), theory.row_exponent(beta)

    def allowance(T):
        smaller, larger = sorted(map(abs, theory.row_terms(float(T), beta)))
        return gap * smaller / (larger - smaller) + 3 / (T * larger)

    return rate(lambda T: laws.hutter.distance(int(T), beta), -stated, mutants, at, allowance)


@claim(
    "dohmatob2024tails.bigram",
    statement=r"\tfrac12 \sum_i E |\hat p_i - p_i| \asymp T^{-\min(1 - 1/\beta,\ 1/2)} \quad (\beta < 2: \text{ the rare tokens})",
    relation="==",
    regime="rate",
    provenance="recalled",
    source="tailed bigrams, error of one context after T tokens; De Moivre's mean absolute deviation on infinitely many tokens",
    domain=_RARE,
)
def bigram(beta=1.25):
    """Convergence is slow: the next term is smaller by T^(1/2 - 1/beta) only, and its size is what is left open."""
    c = theory.exponent(beta)
    return _slope(beta, {"1/2": -0.5, "1/beta": -1 / beta, "a fiftieth steeper": -1.02 * c}, (10**4, 10**5, 10**6))


@claim(
    "dohmatob2024tails.bigram.common",
    statement=r"\tfrac12 \sum_i E |\hat p_i - p_i| \asymp T^{-\min(1 - 1/\beta,\ 1/2)} \quad (\beta > 2: \text{ the common tokens})",
    relation="==",
    regime="rate",
    provenance="recalled",
    source="as bigram, for a light tail",
    domain=_COMMON,
)
def bigram_common(beta=4.0):
    c = theory.exponent(beta)
    return _slope(beta, {"c": -c, "1/beta": -1 / beta, "a fiftieth steeper": -0.51}, (10**6, 10**8, 10**10))


@claim(
    "dohmatob2024tails.bigram.sharp",
    statement=r"\tfrac12 \sum_i E |\hat p_i - p_i| = C\,T^{-c} + D\,T^{-1/2} + O(1/T)",
    relation="==",
    regime="asymptotic",
    provenance="derived",
    source="rare tokens as a Poisson integral, common ones as normal, each by its analytic continuation; left open is 1/T",
    domain=_RARE,
)
def bigram_sharp(beta=1.5):
    return Computed(
        lambda T: laws.hutter.distance(T, beta),
        lambda T: theory.row_error(T, beta),
        {
            "the rare tokens only": lambda T: theory.row_terms(T, beta)[0],
            "a hundredth more": lambda T: 1.01 * theory.row_error(T, beta),
        },
        at=(100, 1000, 10_000, 10**5, 10**6),
        index="T",
        allowance=lambda T: 1 / T,
    )


@claim(
    "dohmatob2024tails.bigram.sharp_common",
    statement=r"\tfrac12 \sum_i E |\hat p_i - p_i| = C\,T^{-c} + D\,T^{-1/2} + O(1/T) \quad (\beta > 2)",
    relation="==",
    regime="asymptotic",
    provenance="derived",
    source="as bigram.sharp, for a light tail",
    domain=_COMMON,
)
def bigram_sharp_common(beta=3.0):
    return Computed(
        lambda T: laws.hutter.distance(T, beta),
        lambda T: theory.row_error(T, beta),
        {
            "a normal law for every token": lambda T: theory.row_terms(T, beta)[1],
            "a hundredth more": lambda T: 1.01 * theory.row_error(T, beta),
        },
        at=(1000, 10_000, 10**6, 10**8),
        index="T",
        allowance=lambda T: 1 / T,
    )


@claim(
    "dohmatob2024tails.bigram.log",
    statement=r"\beta = 2: \quad \sqrt{T}\, E_T = \frac{\log T}{2 \sqrt{2 \pi\, \zeta(2)}} + \text{const} + O(T^{-1/2})",
    relation="==",
    regime="asymptotic",
    provenance="derived",
    source="between both cases a logarithm; shown as the increment from T to 100 T",
)
def bigram_log():
    def scaled(T):
        return sqrt(T) * laws.hutter.distance(T, 2.0)

    step = log(100) / (2 * sqrt(2 * pi * theory.zeta(2.0)))
    return Computed(
        lambda T: scaled(100 * T) - scaled(T),
        lambda T: step,
        {"no logarithm": lambda T: 0.0, "twice as much": lambda T: 2 * step, "a fiftieth more": lambda T: 1.02 * step},
        at=(10_000, 10**6, 10**8),
        index="T",
        allowance=lambda T: 1 / sqrt(T),
    )


@claim(
    "dohmatob2024tails.bigram.cut",
    statement=r"q_i \propto p_i 1_{i \le k}: \quad \lim_{T \to \infty} \tfrac12 \sum_i E|\hat q_i - p_i| = F_k \asymp k^{-\beta c} \quad (\beta \le 2)",
    relation="==",
    regime="rate",
    provenance="recalled",
    source="the second term of the tailed bigram with c' = min(c, 1/2); the distance between a law and the cut one is its tail",
    domain=domain(beta=BETA) & domain("beta <= 2", beta=BETA),
)
def bigram_cut(beta=1.5):
    """beta c = beta - 1. Above beta = 2 the remembered form k^(-beta/2) is an upper bound only: the tail is k^-(beta - 1)."""
    total = float(theory.zeta(beta))

    def gap(k):
        kept = laws.hutter.cut(beta, int(k))[0].scale
        return (
            (kept - 1 / total) * float(total - theory.zeta(beta, k + 1)) + float(theory.zeta(beta, k + 1)) / total
        ) / 2

    return rate(
        gap,
        1 - beta,
        {"beta": -beta, "beta/2": -beta / 2, "a hundredth steeper": 1.01 * (1 - beta)},
        (10, 100, 1000, 10_000),
        lambda k: (beta - 1) / k,
        "k",
    )


@claim(
    "dohmatob2024tails.bigram.shown",
    statement=r"\tfrac12 \sum_i E |\hat p_i - p_i| = \frac1T \sum_i m_i (1 - p_i)\, P(X_i = m_i),\quad m_i = \lfloor T p_i \rfloor + 1",
    relation="==",
    provenance="derived",
    source="De Moivre; one context of s next tokens, T = 1, 2, 4, .., 64, beside the sum over all counts",
    domain=SETTING,
)
def bigram_shown(s=20, beta=2.0):
    import numpy as np
    from scipy.stats import binom

    from proofs_check.papers.dohmatob2024tails.workflows import Shown

    p = zipf(s, beta)

    def stated(T):
        m = np.floor(T * p) + 1
        return float(np.sum(m * (1 - p) * binom.pmf(m, T, p)) / T)

    def counted(t):
        counts = np.arange(SIZES[t - 1] + 1)
        return float(np.sum(binom.pmf(counts, counts[-1], p[:, None]) * abs(counts / counts[-1] - p[:, None])) / 2)

    return Check(
        cj.Categorical(p, sampler="index"),
        Shown(SIZES, q=p),
        metric="tv",
        generations=len(SIZES),
        predicted=lambda t: stated(SIZES[t - 1]),
        mutants={
            "tokens not seen": lambda t: theory.unseen_mass(SIZES[t - 1], p, p),
            "twice the tokens": lambda t: stated(2 * SIZES[t - 1]),
        },
        bounds=(0, 1),
        law=counted,
    )
