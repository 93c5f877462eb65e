"""Tokens of a law whose tail is cut off."""

import math

from collapse_jax import laws
from collapse_jax.laws.domain import domain
from proofs_check.claim import Computed, claim
from proofs_check.papers.dohmatob2024tails import theory
from proofs_check.papers.dohmatob2024tails.claims._setups import BETA, SETTING, asymptotic, rate, shown, zipf

GRID = tuple((10**a, 10**b) for a in (1, 2, 4, 6, 8) for b in (1, 2, 3, 4))
_NARROW = SETTING & domain(beta=BETA) & domain("beta <= 2")


def _cut(T, beta, k):
    return laws.hutter.unseen(float(T), beta, laws.hutter.cut(beta, k))


@claim(
    "dohmatob2024tails.thm2_1",
    statement=r"q_i \propto p_i 1_{i \le k}: \quad \tfrac14 m \le \frac{E}{T^{-c} + k^{-(\beta - 1)}} \le M",
    relation="between",
    regime="bounds",
    provenance="note",
    source="Theorem 2.1 as notes quote it, E of the order of T^-c + k^-(beta - 1); constants derived, on a grid of T and k",
    domain=_NARROW,
)
def thm2_1(beta=1.5):
    """M is the larger of A and 1/((beta - 1) zeta(beta)), m the smaller of A zeta(beta)^-c and the same."""
    tail, A, c = theory.tail_mass_bound(1, beta), theory.amplitude(beta), theory.exponent(beta)
    low, high = min(A * theory.zeta(beta) ** -c, tail) / 4, max(A, tail)

    def ratio(i):
        T, k = GRID[i]
        return _cut(T, beta, k) / (T**-c + k ** -(beta - 1.0))

    def only(part):
        def rule(i):
            T, k = GRID[i]
            share = part(float(T), float(k)) / (T**-c + k ** -(beta - 1.0))
            return low * share, high * share

        return rule

    return Computed(
        ratio,
        lambda i: (low, high),
        {
            "T alone": only(lambda T, k: T**-c),
            "k alone": only(lambda T, k: k ** -(beta - 1)),
            "k^-beta": only(lambda T, k: T**-c + k**-beta),
        },
        at=tuple(range(len(GRID))),
        index="case",
    )


@claim(
    "dohmatob2024tails.thm2_1.many_tokens",
    statement=r"E(T, k) \asymp k^{-(\beta - 1)} \text{ in } k \text{ for } T \gg k^\beta",
    relation="==",
    regime="rate",
    provenance="note",
    source="Theorem 2.1 as notes quote it, its second term; at T = k^(2 beta), left open is (beta - 1)/k",
    domain=SETTING,
)
def thm2_1_many_tokens(beta=1.5):
    return rate(
        lambda k: laws.hutter.unseen(k ** (2 * beta), beta, laws.hutter.cut(beta, int(k))),
        1 - beta,
        {"beta": -beta, "c": -theory.exponent(beta), "a hundredth steeper": 1.01 * (1 - beta)},
        (10, 100, 1000, 10_000),
        lambda k: (beta - 1) / k,
        "k",
    )


@claim(
    "dohmatob2024tails.thm2_1.few_tokens",
    statement=r"E(T, k) \asymp T^{-c} \text{ in } T \text{ for } T \ll k^\beta",
    relation="==",
    regime="rate",
    provenance="note",
    source="Theorem 2.1 as notes quote it, its first term; at k = T^(3/beta), left open are c (c + 1)/T and three times F_k/E",
    domain=SETTING,
)
def thm2_1_few_tokens(beta=1.5):
    c = theory.exponent(beta)

    def last(T):
        return math.ceil(T ** (3 / beta))

    return rate(
        lambda T: _cut(T, beta, last(T)),
        -c,
        {"beta - 1": 1 - beta, "1/beta": -1 / beta, "a hundredth steeper": -1.01 * c},
        (100, 1000, 10_000, 10**6),
        lambda T: c * (c + 1) / T + 3 * theory.tail_mass_bound(last(T), beta) / theory.error(T, beta),
    )


@claim(
    "dohmatob2024tails.thm2_1.upper",
    statement=r"E \le A\, T^{-c} + F_k",
    relation="<=",
    provenance="derived",
    source="the additive form with sharp constants; both terms are reached, and in between the sum is up to about twice too large",
    domain=SETTING,
)
def thm2_1_upper(beta=2.0):
    """At T = 10^4 and k = 100 the sum is 1.6 times the error."""

    def stated(i, factor=1.0):
        T, k = GRID[i]
        return factor * (theory.error(T, beta) + theory.tail_mass(k, beta))

    def larger(i):
        T, k = GRID[i]
        return 0.99 * max(theory.error(T, beta), theory.tail_mass(k, beta))

    return Computed(
        lambda i: _cut(GRID[i][0], beta, GRID[i][1]),
        stated,
        {"a hundredth less": lambda i: stated(i, 0.99), "the larger of the two": larger},
        at=tuple(range(len(GRID))),
        index="case",
    )


@claim(
    "dohmatob2024tails.thm2_1.sharp",
    statement=r"E = F_k + A\,T'^{-c}\, Q\left(c, \tfrac{T' (k + 1/2)^{-\beta}}{\zeta(\beta)}\right) + O\left(\tfrac{T^{-c}}{T} + k^{-\beta - 1}\right),\quad T' = \tfrac{T}{1 - F_k}",
    relation="==",
    regime="asymptotic",
    provenance="derived",
    source="the sum up to k as an incomplete gamma function, at every ratio of T and k^beta",
    domain=SETTING,
)
def thm2_1_sharp(beta=2.0, k=100):
    return asymptotic(
        lambda T: _cut(T, beta, k),
        lambda T: theory.cut_error(T, beta, k),
        {
            "both terms in full": lambda T: theory.error(T, beta) + theory.tail_mass(k, beta),
            "k + 1 for k": lambda T: theory.cut_error(T, beta, k + 1),
            "T for T'": lambda T: theory.cut_error(T * (1 - theory.tail_mass(k, beta)), beta, k),
        },
        beta,
        k,
        (100, 1000, 10_000, 100_000, 10**6),
    )


@claim(
    "dohmatob2024tails.thm2_1.shown",
    statement=r"E(T) = \sum_i p_i (1 - q_i)^T,\quad q_i \propto p_i 1_{i \le k}",
    relation="==",
    provenance="note",
    source="equation 9 as a note quotes it, tail cut at k; simulated on s tokens, T = 1, 2, 4, .., 64",
    domain=SETTING & domain("k < s", k=SETTING.ranges["k"], s=SETTING.ranges["s"]),
)
def thm2_1_shown(s=20, beta=2.0, k=6):
    p = zipf(s, beta)
    return shown(p, zipf(s, beta, k), {"no cut": p, "k + 1 for k": zipf(s, beta, k + 1)})
