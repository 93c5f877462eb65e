"""The geometric factor: a bound that a constant drift attains, and that sampling errors stay far below."""

import math

import numpy as np

import collapse_jax as cj
from collapse_jax.laws.domain import Integers, Interval, domain
from proofs_check.claim import Check, Computed, claim
from proofs_check.papers.fu2025 import theory

_FACTOR = r"\operatorname{TV}(p_i, p_0) \le \varepsilon\,\frac{1 - (1 - a)^i}{a} \text{ if } \operatorname{TV}(p_{i+1}, a p_0 + (1 - a) p_i) \le \varepsilon"


@claim(
    "fu2025.geom",
    statement=r"E\," + _FACTOR + r" \text{ on average}",
    relation="<=",
    provenance="derived",
    source="triangle inequality; a multinomial fitted on a n real and (1 - a) n synthetic draws, eps = sqrt((s - 1)/n)/2 by Cauchy-Schwarz",
    domain=domain(s=Integers(2), n_real=Integers(1), n=Integers(1)),
)
def geom(s=10, n_real=10, n=40, generations=8):
    """Valid and loose: independent errors add up in squares, which the bound does not use. The factor itself is
    attained by a constant drift, fu2025.geom_sharp."""
    a, eps = n_real / (n_real + n), math.sqrt((s - 1) / (n_real + n)) / 2
    first = math.sqrt((s - 1) / n_real) / 2  # fit 1 sees the real draws only

    def bound(eps):
        return lambda t: theory.geometric(t - 1, a, eps) + (1 - a) ** (t - 1) * first

    return Check(
        cj.Categorical(np.full(s, 1 / s)),
        cj.FreshReal(n, n_real=n_real),
        metric="tv",
        generations=generations,
        predicted=bound(eps),
        mutants={
            "half of the errors": lambda t: bound(eps / 2)(t) - (1 - a) ** (t - 1) * first / 2,
            "no first error": lambda t: theory.geometric(t - 1, a, eps) / 2,
        },
        scale=0.2,
    )


@claim(
    "fu2025.geom_sharp",
    statement=_FACTOR + r", \text{ with equality for a constant drift}",
    relation="==",
    provenance="derived",
    source="p_{i+1} = a p_0 + (1 - a) p_i + eps (delta_1 - delta_2), propagated symbol by symbol",
    domain=domain(a=Interval("(0, 1]"), eps=Interval("(0, 0.05]")),
)
def geom_sharp(a=0.2, eps=0.01):
    """So no better factor follows from the one-step errors alone."""
    truth = np.array([0.2, 0.5, 0.3])
    path = [truth]
    for _ in range(30):
        path.append(a * truth + (1 - a) * path[-1] + eps * np.array([1.0, -1.0, 0.0]))
    return Computed(
        lambda i: float(np.abs(path[i] - truth).sum() / 2),
        lambda i: theory.geometric(i, a, eps),
        mutants={
            "no forgetting": lambda i: i * eps,
            "the limit": lambda i: eps / a,
            "one step less": lambda i: theory.geometric(i - 1, a, eps),
        },
        at=(1, 2, 5, 10, 30),
        index="i",
        rung="identity",
    )
