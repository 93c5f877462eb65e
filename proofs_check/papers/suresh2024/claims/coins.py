"""Theorem 1: when one side of a coin, or one symbol of many, is lost; and what its bounds enclose (derived)."""

from collapse_jax import laws
from collapse_jax.laws.domain import Integers, domain
from proofs_check.claim import Computed, claim
from proofs_check.papers.suresh2024 import theory
from proofs_check.papers.suresh2024.claims._setups import COIN, alive, coin, mixed

AT = (1, 2, 5, 10, 20, 50)


def _alive_law(p, n):
    return lambda t: 1 - laws.drift.distribution(p, n, t)[0]


@claim(
    "suresh2024.gk",
    statement=r"\frac1k \le g_k \le \frac3k, \quad g_1 = 1,\ g_{k+1} = 1 - e^{-g_k}",
    relation="between",
    provenance="code",
    source="typed in the authors' notebook, where it turns every rate into one over k",
    domain=theory.g_bounds,
)
def gk(k=(1, 2, 3, 10, 100, 1000)):
    """True; k g_k rises to 2, so that the constant 3 is never approached (suresh2024.gk.upper)."""
    return Computed(
        theory.g,
        theory.g_bounds,
        {"1.99/k above": lambda i: (1 / i, 1.99 / i), "1.01/k below": lambda i: (1.01 / i, 3 / i)},
        at=tuple(k),
        index="k",
        scale=1,
        rung="identity",
    )


@claim(
    "suresh2024.gk.upper",
    statement=r"g_k \le \frac{2}{k + 1}",
    relation="<=",
    provenance="derived",
    source="1/(1 - e^{-x}) >= 1/x + 1/2, applied k - 1 times; equality at k = 1",
    domain=theory.g_upper,
)
def gk_upper(k=(1, 2, 3, 10, 100, 1000)):
    return Computed(
        theory.g,
        theory.g_upper,
        {"1.99/(k + 1)": lambda i: 1.99 / (i + 1), "2/(k + 1.001)": lambda i: 2 / (i + 1.001)},
        at=tuple(k),
        index="k",
        rung="identity",
    )


@claim(
    "suresh2024.thm1",
    statement=r"1 - e^{-n p_0 g_k} \le P(p_k \ne 0) \le 1 - (1 - 3 n p_0^2 - 3 k p_0)\, e^{-n p_0 g_k}",
    relation="between",
    provenance="code",
    source="Theorem 1, as typed in the authors' notebook; at the parameters of one of its two panels",
    domain=COIN,
)
def thm1(p=0.01, n=100, generations=50):
    """True, and sharp below. The upper bound has its minimum .396 at k = 6 and then rises, passes 1 at k = 33 of the 50
    generations drawn, while the probability falls to .041: from there on it says nothing (suresh2024.sandwich does)."""
    return coin(
        alive,
        p,
        n,
        generations,
        AT,
        predicted=lambda t: theory.alive_bounds(t, n, p),
        mutants={
            "1/k for g_k, no correction above": lambda t: (0, theory.remembered(t, n * p)),
            "2/k for g_k below": lambda t: (theory.remembered(t / 2, n * p), 1),
        },
        law=_alive_law(p, n),
    )


@claim(
    "suresh2024.thm1.twosided",
    statement=r"1 - e^{-n p_0 g_k} - e^{-n q_0 g_k} \le P(0 < p_k < 1) \le 1 - \sum_{r = p_0, q_0} (1 - 3 n r^2 - 3 k r)_+\, e^{-n r g_k}",
    relation="between",
    provenance="code",
    source="Theorem 1 for both sides of the coin, q_0 = 1 - p_0, as the notebook draws it",
    domain=COIN,
)
def thm1_twosided(p=0.01, n=100, generations=100):
    """True. Its lower side is negative from k = 60 on (-.125 at k = 100, where the truth is .022), the upper one 1 from
    k = 33: at late generations the bounds of Seddik et al. on two symbols are the sharper ones, at early ones these."""
    return coin(
        mixed,
        p,
        n,
        generations,
        (*AT, 100),
        predicted=lambda t: theory.mixed_bounds(t, n, p),
        mutants={
            "1/k for g_k, no correction above": lambda t: (-1, theory.remembered(t, n * p)),
            "2/k for g_k below": lambda t: (theory.remembered(t / 2, n * p), 1),
        },
        law=lambda t: float(laws.drift.distribution(p, n, t)[1:-1].sum()),
    )


@claim(
    "suresh2024.exact",
    statement=r"P(p_k \ne 0) = 1 - E\,(1 - p_0)^{K_{k-1}}, \quad K_r\ \text{ancestors of n draws, r generations back}",
    relation="==",
    provenance="derived",
    source="the coalescent: a side is lost when none of the ancestors shows it; any number of symbols",
    domain=COIN,
)
def exact(p=0.05, n=30, generations=20):
    """What Theorem 1 encloses, without sampling; the law beside it is the binomial chain, forwards in time."""

    def probability(size, t):
        return 1 - laws.coalescent.absent((p, 1 - p), size, t)[0]

    return coin(
        alive,
        p,
        n,
        generations,
        AT,
        predicted=lambda t: probability(n, t),
        mutants={
            "1/k for g_k": lambda t: theory.remembered(t, n * p),
            "n + 5 for n": lambda t: probability(n + 5, t),
        },
        law=_alive_law(p, n),
    )


@claim(
    "suresh2024.sandwich",
    statement=r"1 - e^{-n p_0 g_k} \le P(p_k \ne 0) \le 1 - (1 - p_0)^{\kappa_{k-1}}, \quad \kappa_0 = n,\ \kappa_{r+1} = n\left[1 - (1 - \tfrac1n)^{\kappa_r}\right]",
    relation="between",
    provenance="derived",
    source="Theorem 1 below; Jensen's inequality twice above. Never says less than the truth by more than p_0",
    domain=COIN & domain(k=Integers(1)),
)
def sandwich(p=0.0025, n=400, k=(1, 2, 5, 20, 100, 500)):
    """For sizes at which the exact value is too costly: right to 2e-4 at n = 10,000, p_0 = .001, k = 10."""

    def exact(t):
        return 1 - laws.coalescent.absent((p, 1 - p), n, t)[0]

    return Computed(
        exact,
        lambda t: theory.sandwich(t, n, p),
        {
            "the lower side on both": lambda t: (theory.sandwich(t, n, p)[0],) * 2,
            "the upper side on both": lambda t: (theory.sandwich(t, n, p)[1],) * 2,
            "one ancestor less above": lambda t: (0, 1 - (1 - p) ** (theory.ancestors(t, n) - 1)),
        },
        at=tuple(k),
        index="k",
        bounds=(0, 1),
    )
