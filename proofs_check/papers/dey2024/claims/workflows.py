"""Relative risks of workflows with fixed weights: discard, augment, batches of any sizes, any matrix of weights."""

import collapse_jax as cj
from collapse_jax.laws import pedigree
from collapse_jax.laws.domain import Integers, domain
from proofs_check.claim import Computed, claim
from proofs_check.papers.dey2024 import theory
from proofs_check.papers.dey2024.claims._setups import SETTING, mean_check

WEIGHTS = (
    (1.0,),
    (0.3, 0.7),
    (0.5, 0.0, 0.5),
    (0.1, 0.2, 0.3, 0.4),
    (0.0, 0.25, 0.0, 0.25, 0.5),
    (0.25, 0.15, 0.1, 0.1, 0.15, 0.25),
)
"""Weights of no workflow with a name."""


@claim(
    "dey2024.discard",
    statement=r"\operatorname{Var} Z_t = t, \quad Z_t = \sqrt n\, I^{1/2}(\hat\theta_t - \theta^*) \quad (\text{fits on the last batch})",
    relation="==",
    provenance="note",
    source="abstract, and notes on the theorem: asymptotic for exponential families, exact for a normal mean, as tested here",
    domain=SETTING,
)
def discard(n=20, generations=10):
    return mean_check(
        cj.Replace(n),
        generations,
        lambda t: theory.discard(t) / n,
        {
            "n + 1 for n": lambda t: theory.discard(t) / (n + 1),
            "one generation late": lambda t: (t - 1) / n,
            "augment": lambda t: theory.augment(t) / n,
        },
    )


@claim(
    "dey2024.augment",
    statement=r"\operatorname{Var} Z_t = \sum_{k=1}^{t} \frac{1}{k^2} \longrightarrow \frac{\pi^2}{6} \quad (\text{fits on all batches})",
    relation="==",
    provenance="note",
    source="abstract, and notes on the theorem: asymptotic for exponential families, exact for a normal mean, as tested here",
    domain=SETTING,
)
def augment(n=20, generations=30):
    return mean_check(
        cj.Accumulate(n),
        generations,
        lambda t: theory.augment(t) / n,
        {
            "n + 1 for n": lambda t: theory.augment(t) / (n + 1),
            "the limit 3/2": lambda t: (3 / 2 - 1 / (2 * t)) / n,
            "discard": lambda t: theory.discard(t) / n,
        },
    )


@claim(
    "dey2024.augment.efficiency",
    statement=r"\mathrm{ARE}_t = \Bigl(\sum_{k=1}^{t} \tfrac{1}{k^2}\Bigr)^{-1} \ge \frac{6}{\pi^2}",
    relation=">=",
    provenance="note",
    source="abstract: the efficiency of augmentation is never below 6/pi^2 = 0.6079, which is sharp",
    domain=domain(t=Integers(1)),
)
def efficiency(t=(1, 10, 100, 1000)):
    return Computed(
        theory.efficiency,
        lambda t: 1 / theory.LIMIT,
        {"1 % above": lambda t: 1.01 / theory.LIMIT, "2/3, the loops with 3/2": lambda t: 2 / 3},
        at=tuple(t),
        rung="identity",
    )


@claim(
    "dey2024.general_workflow",
    statement=r"\operatorname{Var} Z_t = \sum_{j} M_{tj}^2, \quad M = (I - W S)^{-1} W, \quad (S Z)_j = Z_{j-1}",
    relation="==",
    provenance="derived",
    source="derived from the limit objects: batch j, of weight W_tj in fit t, brings its own noise and the error of model j - 1",
    domain=domain("generations <= 6", n=Integers(1)),
)
def general_workflow(n=20, generations=6):
    """Estimates averaged with the weights of a matrix of no named workflow, beside the solution of the triangular system."""
    import numpy as np

    weights = np.zeros((6, 6))
    for row, given in zip(weights, WEIGHTS, strict=True):
        row[: len(given)] = given

    def independent(t):
        """The error if every batch were real."""
        return (weights[t - 1] ** 2).sum() / n

    return mean_check(
        cj.Linear(n, weights),
        generations,
        lambda t: theory.general_workflow(t, WEIGHTS) / n,
        {"n + 1 for n": lambda t: theory.general_workflow(t, WEIGHTS) / (n + 1), "all batches real": independent},
    )


@claim(
    "dey2024.general_workflow.named",
    statement=r"M \text{ of discard, augment, window and fixed real data is the matrix of their pedigrees}",
    relation="==",
    provenance="derived",
    source="one linear solve beside the recursion over data sets of collapse_jax.laws.pedigree",
    domain=domain(fits=Integers(3)),
)
def general_workflow_named(fits=10):
    """Both sides: Var Z at the last fit, one workflow per index."""
    named = (cj.Replace(7), cj.Accumulate(7), cj.Window(7, k=3), cj.FixedReal(7, n_real=7))
    trees = [pedigree.of(one, fits) for one in named]

    def solved(last):
        return lambda i: theory.general_workflow(last, trees[i - 1].weights.tolist())

    return Computed(
        lambda i: (pedigree.coefficients(trees[i - 1]) ** 2).sum(1)[-1],
        solved(fits),
        {"one fit less": solved(fits - 1), "weights alone": lambda i: (trees[i - 1].weights[-1] ** 2).sum()},
        at=(1, 2, 3, 4),
        index="workflow",
        rung="identity",
    )


@claim(
    "dey2024.general_workflow.real_and_latest",
    statement=r"\operatorname{Var} Z_t = 1 + \tfrac13 (1 - 4^{1-t}) \longrightarrow \tfrac43 \quad (\text{real batch and latest batch, } 1:1)",
    relation="==",
    provenance="derived",
    source="the general form with two weights of 1/2 in every row",
    domain=SETTING,
)
def real_and_latest(n=20, generations=8):
    return mean_check(
        cj.FixedReal(n, n_real=n),
        generations,
        lambda t: theory.real_and_latest(t) / n,
        {
            "n + 1 for n": lambda t: theory.real_and_latest(t) / (n + 1),
            "augment": lambda t: theory.augment(t) / n,
        },
    )


@claim(
    "dey2024.unequal_batches",
    statement=r"\operatorname{Var} \hat\theta_t = I^{-1} \sum_{g=1}^{t} \frac{n_g}{N_g^2}, \quad N_g = n_1 + \dots + n_g \quad (\text{augment})",
    relation="==",
    provenance="derived",
    source="the general form with weights n_j/N_t; exact at finite n for means",
    domain=domain("generations <= len(n)", n=Integers(1)),
)
def unequal_batches(n=(30, 10, 10, 5, 40, 10), generations=6):
    return mean_check(
        cj.Accumulate(n),
        generations,
        lambda t: theory.unequal_batches(t, n),
        {
            "n_1 + 1 for n_1": lambda t: theory.unequal_batches(t, (n[0] + 1, *n[1:])),
            "batches of equal size": lambda t: theory.augment(t) * len(n) / sum(n),
        },
    )
