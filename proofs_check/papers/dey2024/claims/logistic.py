"""Logistic regression: the limit at large n, and what becomes of replacement at small n, where labels get separated."""

import collapse_jax as cj
from collapse_jax.laws.domain import Integers, Interval, domain
from proofs_check.claim import Check, Computed, claim
from proofs_check.curves import along
from proofs_check.papers.dey2024 import theory
from proofs_check.papers.dey2024.claims._setups import chi_square, fisher_error

BETA = (1.0, -0.5, 0.25)
CORNERS = ((1, -1, -1), (1, -1, 1), (1, 1, -1), (1, 1, 1))
"""An intercept and two covariates of +-1 each, visited at random."""

_LAW = r"n (\hat\beta_t - \beta)' I(\beta) (\hat\beta_t - \beta) \Rightarrow %s\, \chi^2_d"
_LARGE = domain(n=Integers(2000))


def _absorption(p, n, generations):
    """P(p_t is 0 or 1) of n tosses per generation, t = 1, .., G."""
    import numpy as np
    from scipy.stats import binom

    k = np.arange(n + 1)
    step = binom.pmf(k[None], n, k[:, None] / n)
    law, found = binom.pmf(k, n, p), []
    for _ in range(generations):
        found.append(law[0] + law[-1])
        law = law @ step
    return np.array(found)


@claim(
    "dey2024.logistic.augment",
    statement=_LAW % r"\Bigl(\sum_{k \le t} k^{-2}\Bigr)",
    relation="law",
    regime="asymptotic",
    provenance="note",
    source="notes on the theorem, which names logistic regression with a constant law of the covariates; fixed t, large n",
    domain=_LARGE,
)
def logistic_augment(n=10_000, generations=8):
    """The whole law at the last fit, within the resolution; d = 3, random covariates."""

    def law(ratio):
        return chi_square(3, ratio / n)

    return Check(
        cj.LogisticRegression(BETA, CORNERS),
        cj.Accumulate(n),
        metric=fisher_error,
        generations=generations,
        predicted=law(theory.augment(generations)),
        mutants={"one fit": law(1.0), "2": law(2.0), "discard": law(generations)},
    )


@claim(
    "dey2024.logistic.discard",
    statement=_LAW % "t" + r", \quad \beta \sim N(0, I) \text{ in every experiment}",
    relation="law",
    regime="asymptotic",
    provenance="note",
    source="notes on the theorem; protocol of the authors' script for synthetic data: fixed rows, five covariates and an intercept",
    domain=domain(("n >= 1000", "rows * (n // rows) >= n"), n=Integers(1), rows=Integers(7), seed=Integers(0)),
)
def logistic_discard(n=1_000_000, generations=3, rows=16, seed=123456):
    """Every chain draws a truth of its own and is compared with that; 16 rows are labelled over and over. At n = 10,000, that of
    the script, the limit law is refuted to within .01: truths under which some rows are nearly always labelled alike are
    far from it."""
    import numpy as np

    from proofs_check.papers.dey2024.families import PriorRows

    points = np.concatenate([np.ones((rows, 1)), np.random.default_rng(seed).normal(size=(rows, 5))], 1)

    def law(ratio):
        return chi_square(6, ratio / n)

    return Check(
        PriorRows(points),
        cj.Replace(n),
        metric=fisher_error,
        generations=generations,
        predicted=law(float(generations)),
        mutants={"one generation less": law(generations - 1.0), "augment": law(theory.augment(generations))},
    )


@claim(
    "dey2024.logistic.separation",
    statement=r"P(\text{no maximum-likelihood estimate by fit } t) \ge 1 - \frac{n^2}{n - 1}\, p (1 - p) \left(1 - \tfrac1n\right)^t \longrightarrow 1 \quad (\text{discard})",
    relation=">=",
    provenance="derived",
    source="at fixed n replacement leaves the theorem: labels end up separated. Here an intercept alone, the logit of a coin",
    domain=domain(n=Integers(2), p=Interval("(0, 1)"), t=Integers(1)),
)
def logistic_separation(p=0.3, n=20, t=(50, 100, 200)):
    """The exact absorption law of n tosses per generation: a sample of heads only, or of tails only, has no estimate."""
    absorbed = _absorption(p, n, max(t))
    v = p * (1 - p)
    return Computed(
        along(absorbed),
        lambda t: 1 - n**2 / (n - 1) * v * (1 - 1 / n) ** t,
        {
            "twice as fast": lambda t: 1 - v * n**2 / (n - 1) * (1 - 1 / n) ** (2 * t),
            "heterozygosity alone": lambda t: 1 - v * (1 - 1 / n) ** t,
        },
        at=tuple(t),
        bounds=(0, 1),
    )
