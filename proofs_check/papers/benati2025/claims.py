"""When the first symbol is lost: the mean, and the law that was said to go with it."""

from functools import lru_cache
from math import log

import collapse_jax as cj
from collapse_jax import laws
from collapse_jax.laws.domain import Integers, Interval, Probabilities, domain
from proofs_check.claim import Check, Computed, claim
from proofs_check.curves import along
from proofs_check.papers.benati2025 import theory

P = (0.5, 0.3, 0.2)
SETTING = domain(("min(p) > 0", "max(p) < 1"), p=Probabilities, n=Integers(2), q=Interval("(0, 1)"))


@lru_cache(maxsize=32)
def survival(p, n, generations):
    r"""$P(T_1 > t)$, t = 1, .., G, exactly: $\sum_A (-1)^{|A|} P(\text{no symbol of } A \text{ is left})$."""
    import numpy as np
    from scipy.stats import binom

    signs, shares = map(np.array, zip(*((s, min(q, 1.0)) for s, q in theory.signed_shares(p)), strict=True))
    law, alive = binom.pmf(np.arange(n + 1), n, shares[:, None]), []
    for _ in range(generations):
        alive.append(float(signs @ law[:, 0]))
        law = law @ laws.drift.transition(n)
    return np.array(alive)


def mean_time(p, n):
    """E[T_1], summed over 40 n generations, beyond which less than e^-40 n is left."""
    return 1 + float(survival(tuple(p), n, 40 * n).sum())


@claim(
    "benati2025.mean",
    statement=r"E[T_1] = \int_0^\infty \prod_i \left(1 - e^{-2 n p_i / t}\right) dt + O(\log n)",
    relation="==",
    regime="asymptotic",
    provenance="note",
    source="the mean of the law as quoted; exact for the diffusion, here beside the exact chain of n draws",
    domain=SETTING,
)
def mean(p=P, n=(10, 20, 40, 80)):
    """The chain is earlier by about (log n)/3 + 1 generations, as it can jump over the boundary."""
    return Computed(
        lambda k: mean_time(p, k),
        lambda k: theory.mean(k, p),
        {
            "n + 10 for n": lambda k: theory.mean(k + 10, p),
            "time to total collapse": lambda k: laws.coalescent.expected_collapse_time(p, k),
        },
        at=tuple(n),
        index="n",
        allowance=lambda k: 1.5 + log(k) / 3,
    )


@claim(
    "benati2025.mean.baxter",
    statement=r"2 n \int_0^\infty \prod_i \left(1 - e^{-p_i u}\right) \frac{du}{u^2} = 2 n \sum_A (-1)^{|A|}\, p_A \log p_A",
    relation="==",
    provenance="text",
    source="abstract of arXiv 2509.20101: the mean coincides exactly with the result of Baxter et al., of 2^s terms",
    domain=SETTING,
)
def mean_baxter(p=(0.4, 0.3, 0.2, 0.1), n=(10, 1000)):
    return Computed(
        lambda k: theory.mean(k, p),
        lambda k: theory.mean_inclusion_exclusion(k, p),
        {
            "single symbols only": lambda k: -2 * k * sum(q * log(q) for q in p),
            "a thousandth more": lambda k: 1.001 * theory.mean_inclusion_exclusion(k, p),
        },
        at=tuple(n),
        index="n",
        rung="identity",
    )


@claim(
    "benati2025.mean.two",
    statement=r"E[T_1] = -2 n\,[q \log q + (1 - q)\log(1 - q)] - \tfrac13 \log n - \tfrac12 + O(1)",
    relation="==",
    regime="asymptotic",
    provenance="derived",
    source="two symbols: the mean of the diffusion, and how much earlier the chain is; the remainder allowed is 0.05",
    domain=SETTING.only(("n",)),
)
def mean_two(n=(20, 50, 100, 200)):
    """q = 1/2; the remainder is a tenth of a generation, numbers of the exact chain."""
    return Computed(
        lambda k: mean_time((0.5, 0.5), k),
        lambda k: theory.mean_two(k, 0.5) - log(k) / 3 - 0.5,
        {
            "the diffusion alone": lambda k: theory.mean_two(k, 0.5),
            "(log n)/2": lambda k: theory.mean_two(k, 0.5) - log(k) / 2 - 0.5,
        },
        at=tuple(n),
        index="n",
        allowance=lambda k: 0.05,
    )


@claim(
    "benati2025.law",
    statement=r"P(T_1 > t) = \prod_i \left(1 - e^{-2 n p_i / t}\right)",
    relation="==",
    regime="asymptotic",
    provenance="note",
    source="the law of the first-extinction time, as a note quotes it; independent square-root diffusions",
    expected="REFUTED",
    domain=SETTING,
)
def law(q=0.5, n=100):
    """The form that was tested is the one quoted, against the chain of n draws; two hundredths are left open for
    n = 100 being finite. Its mean is right (benati2025.mean), its tail is a power of t where the chain's is exponential
    (benati2025.law.tail): P(T_1 > 400) is .026, and .049 by the formula."""
    exact = survival((q, 1 - q), n, 400)
    return Computed(
        along(exact),
        lambda t: theory.feller_survival(t, n, (q, 1 - q)),
        {"twice the draws": lambda t: theory.feller_survival(t, 2 * n, (q, 1 - q))},
        at=(25, 50, 100, 200, 400),
        scale=1.0,
        bounds=(0, 1),
        allowance=lambda t: 0.02,
    )


@claim(
    "benati2025.law.exact",
    statement=r"P(T_1 > t) = \sum_A (-1)^{|A|}\, P\left(p_A^{(t)} = 0\right)",
    relation="==",
    provenance="derived",
    source="inclusion and exclusion over sets of symbols; every set is one symbol of a binomial chain",
    domain=SETTING,
)
def law_exact(p=P, n=12, generations=12):
    alive = survival(tuple(p), n, generations)

    def all_alive(model, truth):
        return (model.p > 0).all(-1)

    return Check(
        cj.Categorical(p, sampler="index"),
        cj.Replace(n),
        metric=all_alive,
        generations=generations,
        statistic="probability",
        predicted=along(alive),
        mutants={
            "the product of the symbols": lambda t: _independent(p, n, t),
            "n + 1 for n": along(survival(tuple(p), n + 1, generations)),
        },
        law=along(alive),
    )


def _independent(p, n, t):
    alive = 1.0
    for q in p:
        alive *= 1 - laws.drift.distribution(q, n, t)[0]
    return alive


@claim(
    "benati2025.law.tail",
    statement=r"P(T_1 > t) \le \frac{n^2}{n - 1}\, q\,(1 - q) \left(1 - \tfrac1n\right)^t \quad \text{(two symbols)}",
    relation="<=",
    provenance="derived",
    source="E x (1 - x) = q (1 - q) (1 - 1/n)^t, and x (1 - x) >= (n - 1)/n^2 while both symbols live",
    domain=SETTING,
)
def law_tail(q=0.5, n=20):
    """An exponential bound on what was said to fall as t^-2."""
    exact = survival((q, 1 - q), n, 400)
    return Computed(
        along(exact),
        lambda t: theory.alive_bound(t, n, q),
        {
            "a fourth of it": lambda t: theory.alive_bound(t, n, q) / 4,
            "rate 2/n": lambda t: theory.alive_bound(2 * t, n, q),
        },
        at=(50, 100, 200, 400),
        bounds=(0, 1),
    )
