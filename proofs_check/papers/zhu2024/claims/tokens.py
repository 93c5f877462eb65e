"""Tokens replaced in place by what the model says: slower, not other, than replacement."""

import collapse_jax as cj
from collapse_jax.laws.domain import Integers, Interval, Probabilities, domain
from proofs_check.claim import Check, Computed, claim
from proofs_check.papers.zhu2024 import theory

P = (0.5, 0.3, 0.2)
S0 = sum(q * q for q in P)
SETTING = domain("max(p) < 1", p=Probabilities, n=Integers(2), rate=Interval("(0, 1]"))


def _one_edit(n, p, rate):
    r"""$1 - S_2$ by summing over the corpus of two symbols, the tokens edited and what replaces them."""
    import numpy as np
    from scipy.stats import binom

    total = 0.0
    for count in range(n + 1):
        corpus = binom.pmf(count, n, p)
        for gone in range(count + 1):
            for lost in range(n - count + 1):
                edits = binom.pmf(gone, count, rate) * binom.pmf(lost, n - count, rate)
                new = np.arange(gone + lost + 1)
                x = (count - gone + new) / n
                total += corpus * edits * float(binom.pmf(new, gone + lost, count / n) @ (2 * x * (1 - x)))
    return total


@claim(
    "zhu2024.toedit_discrete",
    statement=r"1 - S_{t+1} = (1 - S_t)\left[1 - \frac{\rho\,(2 - \rho)}{n}\right]",
    relation="==",
    provenance="derived",
    source="a corpus of n tokens, each replaced with probability rho by a draw from its own empirical law",
    domain=SETTING,
)
def toedit_discrete(p=P, n=20, rate=0.3, generations=15):
    """Editing slows collapse by the factor rho (2 - rho) and does not avoid it. The paper edits tokens of probability
    .99 or more, for one round, and has no statement about this loop."""
    square = sum(q * q for q in p)
    return Check(
        cj.Categorical(p),
        cj.Edited(n, rate=rate),
        metric="sum_of_squares",
        generations=generations,
        predicted=lambda t: theory.edited(t, n, square, rate),
        mutants={
            "rho for rho (2 - rho)": lambda t: theory.edited(t, n, square, 1 - (1 - rate) ** 0.5),
            "replacement": lambda t: theory.edited(t, n, square, 1.0),
        },
    )


@claim(
    "zhu2024.toedit_discrete.schedule",
    statement=r"\sum_t \rho_t < \infty \Rightarrow 1 - S_\infty = (1 - S_1) \prod_t \left[1 - \frac{\rho_t (2 - \rho_t)}{n}\right] > 0",
    relation="==",
    provenance="derived",
    source="the product of zhu2024.toedit_discrete for rates that fall; shown for rho_t = 2^(1-t) along finite t",
    domain=domain("max(p) < 1", p=Probabilities, n=Integers(2)),
)
def toedit_discrete_schedule(p=P, n=20, generations=15):
    square = sum(q * q for q in p)
    rates = tuple(2.0 ** (1 - t) for t in range(1, generations + 1))
    return Check(
        cj.Categorical(p),
        cj.Edited(n, rate=rates),
        metric="sum_of_squares",
        generations=generations,
        predicted=lambda t: theory.edited_schedule(t, n, square, rates),
        mutants={
            "the first rate for ever": lambda t: theory.edited(t, n, square, rates[1]),
            "no edits": lambda t: theory.edited(1, n, square, 0.0),
        },
    )


@claim(
    "zhu2024.toedit_discrete.one_edit",
    statement=r"1 - S_2 = (1 - S_0)\left(1 - \tfrac1n\right)\left[1 - \frac{\rho\,(2 - \rho)}{n}\right] \quad \text{(two symbols, every edit enumerated)}",
    relation="==",
    provenance="derived",
    source="zhu2024.toedit_discrete by summing over corpora and edits",
    domain=SETTING.only(("rate",)) & domain(p=Interval("(0, 1)"), n=Integers(1)),
)
def toedit_discrete_one_edit(p=0.3, rate=0.3, n=(2, 5, 9)):
    square = p * p + (1 - p) ** 2
    return Computed(
        lambda k: _one_edit(k, p, rate),
        lambda k: 1 - theory.edited(2, k, square, rate),
        {
            "rho for rho (2 - rho)": lambda k: 1 - theory.edited(2, k, square, 1 - (1 - rate) ** 0.5),
            "n + 1 for n": lambda k: 1 - theory.edited(2, k + 1, square, rate),
        },
        at=tuple(n),
        index="n",
    )
