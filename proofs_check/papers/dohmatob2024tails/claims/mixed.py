"""True tokens mixed in again with those of a cut law, or taken from its tail."""

import math

from collapse_jax import laws
from collapse_jax.laws.domain import domain
from proofs_check.claim import Computed, claim, require
from proofs_check.papers.dohmatob2024tails import theory
from proofs_check.papers.dohmatob2024tails.claims._setups import SETTING, asymptotic, shown, zipf


@claim(
    "dohmatob2024tails.thm3_1",
    statement=r"q = (1 - \pi)\, p(\cdot \mid i \le k) + \pi\, p(\cdot \mid i \ge N'): \quad E(T) \ge \sum_{k < i < N'} p_i \text{ for every } T",
    relation=">=",
    provenance="note",
    source="Theorem 3.1, extra tokens from the tail, as a note quotes it: too deep is worthless; the floor is derived",
    domain=SETTING,
)
def thm3_1(beta=2.0, k=10, share=0.5):
    """What lies between the cut and the extra tokens is never seen: N' well above k buys next to nothing."""
    total = float(theory.zeta(beta))

    def training(deep):
        kept = laws.hutter.cut(beta, k)[0]
        extra = share / (total * theory.tail_mass(deep - 1, beta))
        gap = (laws.hutter.Piece(k + 1, deep - 1, 0.0, beta),) if deep > k + 1 else ()
        return (
            laws.hutter.Piece(1, k, (1 - share) * kept.scale, beta),
            *gap,
            laws.hutter.Piece(deep, math.inf, extra, beta),
        )

    def floor(deep):
        return theory.tail_mass(k, beta) - theory.tail_mass(deep - 1, beta)

    return Computed(
        lambda deep: laws.hutter.unseen(1e12, beta, training(deep)),
        floor,
        {
            "the whole tail": lambda deep: theory.tail_mass(k, beta),
            "a thousandth more": lambda deep: 1.001 * floor(deep),
        },
        at=(2 * k, 10 * k, 100 * k),
        index="N'",
    )


@claim(
    "dohmatob2024tails.thm3_2",
    statement=r"q = \pi p + (1 - \pi)\, p(\cdot \mid i \le k): \quad \partial_{\log T} \log E = -c,\ 0,\ -c \text{ for } T \ll k^\beta,\ k^\beta \ll T \ll k^\beta/\pi,\ T \gg k^\beta/\pi",
    relation="==",
    regime="rate",
    provenance="note",
    source="Theorem 3.2 as notes quote it (grokking): a plateau of height k^-(beta - 1) which true tokens end at T of the order of k^beta/pi",
    domain=SETTING,
)
def thm3_2(beta=2.0, k=1000, share=1e-12):
    """Left open are the next terms: of the cut before the knee, F_k/E and c (c + 1)/T; on the plateau the tokens beyond the
    cut that were seen, pi T k^-beta; after it c (c + 1) k^beta/(pi T)."""
    c = theory.exponent(beta)
    knee = k**beta
    require(knee * share < 1e-4, "the plateau is too short for its slope; use a smaller share or k")
    first, plateau, last = knee / 1e4, knee * share**-0.5, 1e6 * knee / share
    places = (first, plateau, last)

    def allowance(i):
        T = places[i]
        if i == 0:
            return c * (c + 1) / T + 3 * theory.tail_mass(k, beta) / theory.error(T, beta)
        return 3 * share * T / knee if i == 1 else c * (c + 1) * knee / (share * T)

    def along(*slopes):
        return lambda i: slopes[i]

    return Computed(
        lambda i: laws.rate.exponent(
            lambda T: laws.hutter.unseen(T, beta, laws.hutter.mixed(beta, k, share)), places[i]
        ),
        along(-c, 0.0, -c),
        {
            "no plateau": along(-c, -c, -c),
            "the plateau stays": along(-c, 0.0, 0.0),
            "afterwards a hundredth steeper": along(-c, 0.0, -1.01 * c),
        },
        at=(0, 1, 2),
        index="stage",
        scale=1.0,
        allowance=allowance,
    )


@claim(
    "dohmatob2024tails.thm3_2.late",
    statement=r"E(T) = A\,(\pi T)^{-c}\, [1 + O(k^\beta / (\pi T))] \text{ for } T \gg k^\beta / \pi",
    relation="==",
    regime="asymptotic",
    provenance="derived",
    source="after the plateau as if only the true tokens counted; left open is k^beta/(pi T) of the value",
    domain=SETTING,
)
def thm3_2_late(beta=2.0, k=30, share=0.01):
    return Computed(
        lambda T: laws.hutter.unseen(float(T), beta, laws.hutter.mixed(beta, k, share)),
        lambda T: theory.error(share * T, beta),
        {
            "all tokens count": lambda T: theory.error(T, beta),
            "the plateau": lambda T: theory.tail_mass(k, beta),
            "a hundredth more": lambda T: 1.01 * theory.error(share * T, beta),
        },
        at=(10**6, 10**7, 10**8, 10**9),
        index="T",
        allowance=lambda T: k**beta / (share * T) * theory.error(share * T, beta),
    )


@claim(
    "dohmatob2024tails.thm3_2.sharp",
    statement=r"E = A\,\hat T^{-c} Q(c, \hat T x) + A\,(\pi T)^{-c} P(c, \pi T x) + \ldots,\quad x = \tfrac{(k + 1/2)^{-\beta}}{\zeta(\beta)},\ \hat T = T \left(\pi + \tfrac{1 - \pi}{1 - F_k}\right)",
    relation="==",
    regime="asymptotic",
    provenance="derived",
    source="both parts of the sum as incomplete gamma functions, at every T; errors as in thm2_1.sharp",
    domain=SETTING,
)
def thm3_2_sharp(beta=2.0, k=100, share=0.01):
    return asymptotic(
        lambda T: laws.hutter.unseen(float(T), beta, laws.hutter.mixed(beta, k, share)),
        lambda T: theory.mixed_error(T, beta, k, share),
        {
            "no true tokens": lambda T: theory.cut_error(T, beta, k),
            "true tokens only": lambda T: theory.error(share * T, beta),
            "a tenth more true tokens": lambda T: theory.mixed_error(T, beta, k, 1.1 * share),
        },
        beta,
        k,
        (100, 1000, 10_000, 100_000, 10**6, 10**7),
    )


@claim(
    "dohmatob2024tails.thm3_2.shown",
    statement=r"E(T) = \sum_i p_i (1 - q_i)^T,\quad q = \pi p + (1 - \pi)\, p(\cdot \mid i \le k)",
    relation="==",
    provenance="note",
    source="equation 9 as a note quotes it, true tokens mixed in; simulated on s tokens, T = 1, 2, 4, .., 64",
    domain=SETTING & domain("k < s", k=SETTING.ranges["k"], s=SETTING.ranges["s"]),
)
def thm3_2_shown(s=20, beta=2.0, k=6, share=0.1):
    p = zipf(s, beta)
    cut = zipf(s, beta, k)

    def mixed(share):
        return share * p + (1 - share) * cut

    return shown(p, mixed(share), {"no true tokens": cut, "twice as many": mixed(2 * share)})
