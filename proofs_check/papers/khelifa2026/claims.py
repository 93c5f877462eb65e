"""Claims about rounds of training with fresh data (Khelifa, Turner and Venkataramanan 2026)."""

import collapse_jax as cj
from collapse_jax.laws.domain import Integers, Interval, Probabilities, Probability, domain
from proofs_check.claim import Check, Computed, claim
from proofs_check.papers.khelifa2026 import theory


def chi_square(model, truth):
    """Chi-square divergence of the fitted law from the truth."""
    return ((model.p - truth.p) ** 2 / truth.p).sum(-1)


@claim(
    "khelifa2026.refresh",
    statement=r"q = a\,p + (1 - a)\,\hat p: \quad \chi^2(q \| p) = (1 - a)^2\, \chi^2(\hat p \| p)",
    relation="==",
    provenance="note",
    source="the identity of section 4, as an audit of the source quotes it",
    domain=domain(a=Interval("[0, 1)"), s=Integers(2, 1000), cases=Integers(1)),
)
def refresh(a=0.3, s=6, cases=12):
    """On random pairs of laws."""
    import numpy as np

    def pair(i):
        return np.random.default_rng(i).dirichlet(np.ones(s), size=2)

    def divergence(q, p):
        return float(((q - p) ** 2 / p).sum())

    def mixed(i):
        p, fitted = pair(i)
        return divergence(a * p + (1 - a) * fitted, p)

    def stated(i, a=a):
        p, fitted = pair(i)
        return theory.refreshed(divergence(fitted, p), a)

    return Computed(
        mixed,
        stated,
        {"1 - a, not squared": lambda i: stated(i) / (1 - a), "a .01 smaller": lambda i: stated(i, max(a - 0.01, 0.0))}
        if a
        else {"1 - a = .98": lambda i: stated(i, 0.02)},
        at=tuple(range(1, cases + 1)),
        index="case",
        tolerance=1e-6,
        rung="identity",
    )


@claim(
    "khelifa2026.refresh.discounted",
    statement=r"E \chi^2(\hat p_t \| p) = \frac{s - 1}{n} \sum_{k < t} \left[\left(1 - \tfrac1n\right)(1 - a)^2\right]^k",
    relation="==",
    provenance="derived",
    source="the identity, with the error (s - 1) / n that a fit on n draws adds: a discounted sum of errors, exact",
    domain=domain("min(p) > 0", p=Probabilities, a=Probability, n=Integers(2), generations=Integers(2)),
)
def discounted(p=(0.4, 0.3, 0.3), a=0.3, n=3, generations=6):
    from proofs_check.papers.khelifa2026.workflows import Refreshed

    s, most = len(p), 1 / min(p) - 1
    by_step = [0.0]
    for _ in range(generations):
        by_step.append((1 - 1 / n) * theory.refreshed(by_step[-1], a) + (s - 1) / n)
    return Check(
        cj.Categorical(p),
        Refreshed(cj.Replace(n), p, a),
        metric=chi_square,
        generations=generations,
        predicted=lambda t: theory.discounted(t, n, s, a),
        mutants={
            "discount 1 - a": lambda t: theory.discounted(t, n, s, 1 - (1 - a) ** 0.5),
            "errors add up": lambda t: (s - 1) * t / n,
            "a .05 smaller": lambda t: theory.discounted(t, n, s, max(a - 0.05, 0.0)),
        },
        bounds=(0, most),
        law=lambda t: by_step[t],
    )
