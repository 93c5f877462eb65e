"""Everything is kept, n of it fitted at random: a plateau at pi^2/2 - 2."""

import collapse_jax as cj
from collapse_jax.laws.domain import Integers, Interval, domain
from proofs_check.claim import Check, Computed, claim
from proofs_check.curves import along
from proofs_check.papers.dey2024 import theory

_FORM = r"\operatorname{Var} Z_t = 2 - \frac1t + \sum_{k=2}^{t} \left(\frac{2}{k^2} - \frac{1}{k^2 (k-1)}\right)"


@claim(
    "dey2024.augment_subsample",
    statement=_FORM + r" \longrightarrow \frac{\pi^2}{2} - 2",
    relation="==",
    regime="asymptotic",
    provenance="code",
    source="the Gaussian limit process of the authors' code, for means and for medians, carried on exactly; the closed form is derived",
    domain=domain(generations=Integers(2)),
)
def augment_subsample(generations=100):
    """Their saved figure shows 2.90 at t = 100; the closed form is 2.90495 there."""
    return Computed(
        along(theory.limit_process(generations, "subsample", 1.0)),
        theory.subsample,
        {
            "without the subsample's own noise": lambda t: theory.subsample(t) - (1 - 1 / t),
            "3 % less": lambda t: 0.97 * theory.subsample(t),
            "augment": theory.augment,
        },
        at=tuple(t for t in (1, 2, 3, 5, 10, 20, 50, 100) if t <= generations),
    )


@claim(
    "dey2024.augment_subsample.limit",
    statement=_FORM + r" = \frac{\pi^2}{2} - 2 - O(1/t)",
    relation="==",
    provenance="derived",
    source="sum of 1/(k^2 (k-1)) = 2 - pi^2/6, k >= 2: subsampling costs a factor 1.78 over augmentation and does not collapse",
    domain=domain(t=Integers(2)),
)
def augment_subsample_limit(t=(10, 100, 1000)):
    """The remainder is between 0 and 3/t."""
    return Computed(
        theory.subsample,
        lambda t: theory.subsample_limit() - 1.5 / t,
        {"3": lambda t: 3 + 1.5 / t, "twice pi^2/6": lambda t: 2 * theory.LIMIT},
        at=tuple(t),
        allowance=lambda t: 1.5 / t,
        rung="identity",
    )


@claim(
    "dey2024.augment_subsample.finite_n",
    statement=r"E(\hat p_t - p)^2 = A_t + \frac{S_t}{n}\left(1 - \frac1t\right), \quad A_t \text{ the error of the pool's mean, } S_t \text{ its variance}",
    relation="==",
    provenance="derived",
    source="an exact recursion in two moments; n times it tends to dey2024.augment_subsample",
    domain=domain(n=Integers(2), p=Interval("(0, 1)")),
)
def augment_subsample_finite_n(p=0.3, n=10, generations=6):
    """Coins, so that the error has a range, and raw observations: no statistic is closed under subsampling."""
    v = p * (1 - p)
    return Check(
        cj.Bernoulli(p),
        cj.AccumulateSubsample(n),
        metric="squared_error",
        generations=generations,
        predicted=lambda t: theory.subsampled_error(t, n, v, -1),
        mutants={
            "the limit": lambda t: v / n * theory.subsample(t),
            "augment": lambda t: v / n * theory.augment(t),
            "n + 1 for n": lambda t: theory.subsampled_error(t, n + 1, v, -1),
        },
    )
