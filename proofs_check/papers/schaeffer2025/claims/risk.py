"""Definitions 1 and 2: a catastrophic increase of the risk, and any increase."""

import collapse_jax as cj
from proofs_check.claim import claim
from proofs_check.papers.schaeffer2025 import theory
from proofs_check.papers.schaeffer2025.claims._setups import SIZES, SOURCE, risk


@claim(
    "schaeffer2025.profile.catastrophic_replace",
    statement=r"R_t = t\,R_1 \quad \text{(Gaussian mean, replace): any factor is exceeded}",
    relation="==",
    provenance="derived",
    source=SOURCE,
    domain=SIZES,
)
def catastrophic_replace(n=10, generations=36):
    """Collapse by definition 1, however large "large" is, and by definition 2 at the second fit."""
    workflow = cj.Replace(n)
    mutants = {"one fit less": lambda t: theory.replace(t - 1) / n, "5 % more": lambda t: 1.05 * t / n}
    return risk(workflow, generations, lambda t: theory.replace(t) / n, mutants, at=(2, 6, generations))


@claim(
    "schaeffer2025.profile.catastrophic_accumulate",
    statement=r"R_t \le \frac{\pi^2}{6}\,R_1 \quad \text{(Gaussian mean, accumulate): no factor above } 1.65 \text{ is exceeded}",
    relation="<=",
    provenance="derived",
    source=SOURCE,
    domain=SIZES,
)
def catastrophic_accumulate(n=10, generations=36):
    """No collapse by definition 1."""
    mutants = {"1.55 for pi^2/6": lambda t: 1.55 / n, "no increase": lambda t: 1 / n}
    return risk(cj.Accumulate(n), generations, lambda t: 1.6449340668482264 / n, mutants)


@claim(
    "schaeffer2025.profile.any_increase_accumulate",
    statement=r"R_t = R_1 \sum_{k \le t} k^{-2} > R_1 \quad \text{(Gaussian mean, accumulate)}",
    relation="==",
    provenance="derived",
    source=SOURCE,
    domain=SIZES,
)
def any_increase_accumulate(n=10, generations=36):
    """The same runs collapse by definition 2 and not by definition 1."""
    mutants = {"no increase": lambda t: 1 / n, "the limit": lambda t: 1.645 / n}
    workflow = cj.Accumulate(n)
    return risk(workflow, generations, lambda t: theory.accumulate(t) / n, mutants, at=(2, 6, generations))


@claim(
    "schaeffer2025.profile.any_increase_fresh",
    statement=r"R_t = R_1 \left[\tfrac23 + \tfrac13\,4^{1 - t}\right] < R_1 \quad \text{(Gaussian mean, } n \text{ fresh real data in every fit)}",
    relation="==",
    provenance="derived",
    source=SOURCE,
    domain=SIZES,
)
def any_increase_fresh(n=10, generations=36):
    """No collapse by definition 2, nor by any other definition of the risk: it decreases."""
    mutants = {"no change": lambda t: 1 / n, "the golden ratio, .618": lambda t: 0.618 / n}
    workflow = cj.FreshReal(n, n_real=n)
    return risk(workflow, generations, lambda t: theory.fresh(t) / n, mutants, at=(2, 6, generations))
