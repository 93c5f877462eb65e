"""Logistic regression: the limit at large n, and what becomes of replacement at small n, where labels get separated."""

import collapse_jax as cj
from collapse_jax.laws.domain import Integers, Interval, domain
from proofs_check.claim import Check, claim
from proofs_check.curves import along
from proofs_check.papers.dey2024 import theory
from proofs_check.papers.dey2024.claims._setups import chi_square
from proofs_check.papers.dey2024.families import PriorRows

BETA = (1.0, -0.5, 0.25)
CORNERS = ((1, -1, -1), (1, -1, 1), (1, 1, -1), (1, 1, 1))
"""An intercept and two covariates of +-1 each, visited at random."""

_LAW = r"n (\hat\beta_t - \beta)' I(\beta) (\hat\beta_t - \beta) \Rightarrow %s\, \chi^2_d"
_LARGE = domain(n=Integers(2000))


def _quadratic(error, information):
    import jax.numpy as jnp

    return jnp.einsum("...i,...ij,...j->...", error, information, error)


def _standardised(n):
    def quadratic_form(model, truth):
        information = theory.information(truth.beta, truth.points, truth.weights)
        return n * _quadratic(model.beta - truth.beta, information)

    return quadratic_form


def _law(workflow, n, generations, ratio, mutants):
    return Check(
        cj.LogisticRegression(BETA, CORNERS),
        workflow,
        metric=_standardised(n),
        generations=generations,
        predicted=chi_square(3, ratio),
        mutants={name: chi_square(3, factor) for name, factor in mutants.items()},
    )


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
    return _law(
        cj.Accumulate(n),
        n,
        generations,
        theory.augment(generations),
        {"one fit": 1.0, "2": 2.0, "discard": generations},
    )


@claim(
    "dey2024.logistic.discard",
    statement=_LAW % "t",
    relation="law",
    regime="asymptotic",
    provenance="note",
    source="notes on the theorem, which names logistic regression with a constant law of the covariates; fixed t, large n",
    domain=_LARGE,
)
def logistic_discard(n=50_000, generations=6):
    """The whole law at the last fit, within the resolution; what n leaves over grows with t."""
    return _law(
        cj.Replace(n),
        n,
        generations,
        float(generations),
        {"t - 1": generations - 1.0, "augment": theory.augment(generations)},
    )


@claim(
    "dey2024.logistic.prior",
    statement=_LAW % "t" + r", \quad \beta \sim N(0, I) \text{ in every experiment}",
    relation="law",
    regime="asymptotic",
    provenance="derived",
    source="protocol of the authors' script for synthetic data: n = 10,000, fixed rows, five covariates and an intercept, discard; law derived",
    domain=domain("n >= 1000", n=Integers(1)),
)
def logistic_prior(n=9_984, generations=3, rows=24, seed=123456):
    """Every chain draws a truth of its own and is compared with that; 24 rows, each labelled 416 times, stand for 10,000."""
    import numpy as np

    points = np.concatenate([np.ones((rows, 1)), np.random.default_rng(seed).normal(size=(rows, 5))], 1)

    def quadratic_form(model, truth):
        information = theory.information(model.origin, truth.points, truth.weights)
        return n * _quadratic(model.beta - model.origin, information)

    def law(ratio):
        return chi_square(6, ratio)

    return Check(
        PriorRows(points),
        cj.Replace(n),
        metric=quadratic_form,
        generations=generations,
        predicted=law(float(generations)),
        mutants={"one generation less": law(generations - 1.0), "augment": law(theory.augment(generations))},
    )


@claim(
    "dey2024.logistic.separation",
    statement=r"P(\text{no maximum-likelihood estimate by fit } t) = P(p_t \in \{0, 1\}) \quad (\text{discard, an intercept alone})",
    relation="==",
    provenance="derived",
    source="an intercept is the logit of a coin, and a coin of only heads or tails has none: absorption of a Wright-Fisher chain",
    domain=domain(n=Integers(2), p=Interval("(0, 1)")),
)
def logistic_separation(p=0.3, n=12, generations=12):
    """The exact absorption law beside fits that are certified to have no maximiser: they are lost, never averaged."""
    from math import log

    def absorbed(size):
        return along(_absorption(p, size, generations))

    def separated(model, truth):
        return model.separated

    return Check(
        cj.LogisticRegression([log(p / (1 - p))], [[1.0]]),
        cj.Replace(n),
        metric=separated,
        generations=generations,
        statistic="probability",
        at=tuple(t for t in (4, 8, 12) if t <= generations) or (generations,),
        predicted=absorbed(n),
        mutants={
            "n + 1 for n": absorbed(n + 1),
            "at the first fit or never": lambda t: absorbed(n)(1),
            "one generation late": lambda t: absorbed(n)(t - 1),
        },
    )


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
    "dey2024.logistic.small_n",
    statement=r"P\bigl(n (\hat\beta_t - \beta)' I(\beta) (\hat\beta_t - \beta) > t\, q\bigr) = P(\chi^2_3 > q), \quad n = 100,\ t = 8 \quad (\text{discard})",
    relation="==",
    regime="asymptotic",
    provenance="derived",
    source="the limit taken at its word at n = 100: outside of the theorem, whose n grows at fixed t",
    expected="REFUTED",
    domain=domain(n=Integers(20)),
)
def logistic_small_n(n=100, generations=8):
    """q is the quantile .95 of one fit. Chains whose labels are separated, and have no estimate, count as beyond."""
    from scipy.special import gammaincinv

    quantile = 2 * float(gammaincinv(1.5, 0.95))
    measure = _standardised(n)

    def beyond(model, truth):
        return ~(measure(model, truth) <= generations * quantile)

    def chance(ratio):
        return lambda t: 1 - float(chi_square(3, ratio)(generations * quantile))

    return Check(
        cj.LogisticRegression(BETA, CORNERS),
        cj.Replace(n),
        metric=beyond,
        generations=generations,
        at=(generations,),
        statistic="probability",
        predicted=chance(float(generations)),
        mutants={"augment": chance(theory.augment(generations)), "t - 1": chance(generations - 1.0)},
    )
