"""Definitions 5 and 6: a variance that vanishes, and modes that are lost."""

import math

import collapse_jax as cj
from collapse_jax.laws import coalescent
from collapse_jax.laws.domain import Integers, Interval, domain
from proofs_check.claim import Check, claim
from proofs_check.papers.schaeffer2025.claims._setups import SIZES

_FEW = domain(n=Integers(3))


@claim(
    "schaeffer2025.profile.variance_mean",
    statement=r"E\,v_t = v_0 \quad \text{(Gaussian, unbiased variance, replace)}",
    relation="==",
    provenance="derived",
    source="v_t is a martingale",
    domain=_FEW,
)
def variance_mean(n=20, generations=9):
    """By its expectation the variance does not collapse; see schaeffer2025.profile.variance_log."""
    growth = (1 + 2 / (n - 1)) ** generations - 1
    return Check(
        cj.Gaussian(ddof=1),
        cj.Replace(n),
        metric="variance",
        generations=generations,
        predicted=lambda t: 1.0,
        mutants={"maximum likelihood": lambda t: (1 - 1 / n) ** t},
        relative_variance=growth,
        at=(generations,),
    )


@claim(
    "schaeffer2025.profile.variance_log",
    statement=r"E \log \frac{v_t}{v_0} = t \left[\psi\!\left(\tfrac{n-1}{2}\right) - \log \tfrac{n-1}{2}\right] \to -\infty \quad \text{(Gaussian, unbiased variance, replace)}",
    relation="==",
    provenance="derived",
    source="log v_t is a random walk of logarithms of chi-square variables over their degrees of freedom",
    domain=_FEW,
)
def variance_log(n=20, generations=9):
    """Collapse by definition 5 in every chain, while the mean of the variance stays (schaeffer2025.profile.variance_mean)."""
    from scipy.special import digamma, polygamma

    half = (n - 1) / 2
    step = float(digamma(half)) - math.log(half)
    return Check(
        cj.Gaussian(ddof=1),
        cj.Replace(n),
        metric="log_variance",
        generations=generations,
        predicted=lambda t: t * step,
        mutants={"a step less": lambda t: (t - 1) * step, "no drift": lambda t: 0.0},
        variance=lambda t: t * float(polygamma(1, half)),
        at=(generations,),
    )


@claim(
    "schaeffer2025.profile.variance_accumulate",
    statement=r"E\,v_t \ge v_0\,\frac{\sin(\pi / \sqrt n)}{\pi / \sqrt n} \quad \text{(Gaussian, maximum likelihood, accumulate)}",
    relation=">=",
    provenance="derived",
    source="the limit of kazdan2024.accumulate",
    domain=SIZES & domain(generations=Integers(6)),
)
def variance_accumulate(n=10, generations=36):
    """No collapse by definition 5."""
    from collapse_jax.laws.identities import product_limit

    limit = product_limit(n)
    return Check(
        cj.Gaussian(ddof=0),
        cj.Accumulate(n),
        metric="variance",
        generations=generations,
        predicted=lambda t: limit,
        mutants={"5 % more": lambda t: 1.05 * limit},
        at=(6, generations),
        relative_variance=1.0,
    )


def _modes(p, workflow, generations, predicted, mutants, **options):
    from collapse_jax.metrics.losses import lost_modes  # imports JAX

    return Check(
        cj.Bernoulli(p),
        workflow,
        metric=lost_modes,
        generations=generations,
        predicted=predicted,
        mutants=mutants,
        bounds=(0.0, 1.0),  # one side at most is lost
        **options,
    )


def _sides(p):
    """The sides of a coin that are modes, by their probability."""
    return [q for q in (p, 1 - p) if 2 * q >= 1]


def _missed(p, n):
    return sum((1 - q) ** n for q in _sides(p))


@claim(
    "schaeffer2025.profile.modes_replace",
    statement=r"E\,\#\text{lost modes} = \sum_{i:\,p_i \ge 1/2} P(p_i^{(t)} = 0), \text{ increasing in } t \quad \text{(coin, replace)}",
    relation="==",
    provenance="derived",
    source="the coalescent: fit t has no i if none of the ancestors of its n draws among the real data is i",
    domain=SIZES & domain(p=Interval("(0, 1)"), generations=Integers(4)),
)
def modes_replace(p=0.5, n=8, generations=12):
    """Collapse by definition 6: more modes are lost than at the first fit."""

    def lost(t):
        absent = coalescent.absent((p, 1 - p), n, t)
        return sum(float(chance) for chance, q in zip(absent, (p, 1 - p), strict=True) if 2 * q >= 1)

    mutants = {"no more than at the first fit": lambda t: _missed(p, n), "a fit less": lambda t: lost(t - 1)}
    return _modes(p, cj.Replace(n), generations, lost, mutants, at=(4, generations))


@claim(
    "schaeffer2025.profile.modes_accumulate",
    statement=r"E\,\#\text{lost modes} = \sum_{i:\,p_i \ge 1/2} (1 - p_i)^n \text{ for every } t \quad \text{(coin, accumulate)}",
    relation="==",
    provenance="derived",
    source="a symbol that was seen once stays in the pool",
    domain=SIZES & domain(p=Interval("(0, 1)")),
)
def modes_accumulate(p=0.5, n=3, generations=12):
    """No collapse by definition 6: what the first fit has not lost is never lost."""
    mutants = {"a draw more": lambda t: _missed(p, n + 1), "a fifth more": lambda t: 1.2 * _missed(p, n)}
    return _modes(p, cj.Accumulate(n), generations, lambda t: _missed(p, n), mutants)
