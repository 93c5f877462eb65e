"""Attempts to mitigate: rows with weights, and mixing again and again."""

import math
from typing import Any

from scipy.optimize import minimize_scalar

from collapse_jax.laws.domain import Integers, NonNegative, Positive, Probability, domain, domain_of
from collapse_jax.laws.rate import exponent
from proofs_check.claim import Check, Computed, claim
from proofs_check.papers.dohmatob2024strong import finite, theory
from proofs_check.papers.dohmatob2024strong.claims._setups import RANGES, anisotropic, mixed, regression

_WEIGHTED = (
    r"E_{test} \simeq \alpha^2 c^2 + \sigma^2 d \left[\tfrac{(1 - \alpha)^2}{n_1} + \tfrac{\alpha^2}{n_2}\right]"
)
_DATA = domain(
    ("n_1 > d", "n_2 > d"), alpha=Probability, d=Integers(1), n_1=Integers(2), n_2=Integers(2), sigma2=Positive
)


@claim(
    "dohmatob2024strong.mix_weighted",
    statement=_WEIGHTED
    + r" \quad (\text{weights } \tfrac{1 - \alpha}{n_1} \text{ of real rows, } \tfrac{\alpha}{n_2} \text{ of synthetic ones})",
    relation="==",
    provenance="derived",
    source="leading order in d/n of least squares with weights; beside it the exact error, C = 4 of d/n is allowed",
    regime="asymptotic",
    domain=_DATA & RANGES,
)
def mix_weighted(alpha=0.3, d=3, n_1=200, n_2=300, c2=0.2, sigma2=1.0):
    """Any weight of synthetic rows that stays above 0 leaves a floor, alpha^2 c^2: the collapse is not removed."""
    stated = theory.weighted(alpha, d, n_1, n_2, c2, sigma2)
    pooled = n_2 / (n_1 + n_2)
    return Check(
        regression(d, 1.0, sigma2),
        mixed(d, n_1, n_2, c2, weight=alpha),
        metric="risk",
        generations=1,
        predicted=lambda t: stated,
        mutants={
            "plain pooling": lambda t: theory.weighted(pooled, d, n_1, n_2, c2, sigma2),
            "real rows alone": lambda t: theory.weighted(0, d, n_1, n_2, c2, sigma2),
            "no floor": lambda t: theory.weighted(alpha, d, n_1, n_2, 0, sigma2),
        },
        allowance=lambda t: 4 * d / (n_1 + n_2) * stated,
        law=lambda t: finite.weighted(alpha, d, n_1, n_2, c2, sigma2),
    )


@claim(
    "dohmatob2024strong.mix_weighted.remainder",
    statement=r"E_{test} / \left(\alpha^2 c^2 + \sigma^2 d [\tfrac{(1 - \alpha)^2}{n_1} + \tfrac{\alpha^2}{n_2}]\right) - 1 \propto 1/n",
    relation="==",
    provenance="derived",
    source="local exponent of the distance between the exact error and its leading order",
    regime="rate",
    domain=domain(alpha=Probability) & RANGES,
)
def weighted_remainder(alpha=0.3, d=4, c2=0.2):
    def apart(half):
        sizes = (round(half), round(half))
        return abs(finite.weighted(alpha, d, *sizes, c2, 1.0) / theory.weighted(alpha, d, *sizes, c2, 1.0) - 1)

    return Computed(
        lambda half: exponent(apart, half),
        lambda half: -1,
        {"n^-2": lambda half: -2, "n^-1/2": lambda half: -0.5, "-1.2": lambda half: -1.2},
        at=(800, 3200, 12800),
        index="n/2",
        allowance=lambda half: 80 / half,
        tolerance=1e-6,
    )


@claim(
    "dohmatob2024strong.mix_weighted.optimum",
    statement=r"\operatorname{argmin}_\alpha E_{test} \simeq \frac{\sigma^2 d/n_1}{c^2 + \sigma^2 d/n_1 + \sigma^2 d/n_2}",
    relation="==",
    provenance="derived",
    source="minimum of the exact error of weighted least squares, searched; the closed form is to leading order, C = 2 of d/n",
    regime="asymptotic",
    domain=domain(d=Integers(1), c2=NonNegative, sigma2=Positive),
)
def weighted_optimum(d=4, c2=0.05, sigma2=1.0):
    """The best weight falls to 0 as rows grow: then synthetic rows are not used at all."""

    def searched(n_1):
        found: Any = minimize_scalar(
            lambda alpha: finite.weighted(alpha, d, n_1, 3 * n_1, c2, sigma2), bounds=(1e-6, 0.9), method="bounded",
            options={"xatol": 1e-7},
        )  # fmt: skip
        return float(found.x)

    def stated(n_1):
        return theory.best_weight(d, n_1, 3 * n_1, c2, sigma2)

    return Computed(
        searched,
        stated,
        {
            "plain pooling": lambda n: 0.75,
            "no synthetic rows": lambda n: 0,
            "without the noise of synthetic labels": lambda n: 1 / (1 + c2 * n / d / sigma2),
        },
        at=(100, 400, 1600),
        index="n_1",
        allowance=lambda n: 2 * d / (4 * n) * stated(n),
        tolerance=1e-6,
    )


@claim(
    "dohmatob2024strong.mix_weighted.cor2",
    statement=r"E_{test} \simeq p_2^2 \alpha^2 c^2 + ((1 - \alpha) p_1 \sigma_1^2 + \alpha p_2 \sigma_2^2)\,\phi",
    relation="==",
    provenance="note",
    source="Corollary 2 (eq. 17-18) as quoted in a note, with weights (1 - alpha)/p_1 of real and alpha/p_2 of synthetic rows; the wording of the paper was not seen",
    regime="asymptotic",
    expected="REFUTED",
    domain=_DATA & RANGES,
)
def corollary_2(d=20, n_1=400, n_2=400, c2=0.5, sigma2=1.0):
    """Of the form as quoted, which may not be that of the paper: at alpha = p_2 it is p_2^4 c^2 where pooling gives p_2^2
    c^2. mix_weighted has what weights do."""
    n = n_1 + n_2

    def stated(percent):
        return theory.corollary_2(percent / 100, d / n, n_2 / n, c2, sigma2, sigma2)

    return Computed(
        lambda percent: finite.weighted(percent / 100, d, n_1, n_2, c2, sigma2),
        stated,
        {
            "without the square of p_2, half the noise": lambda percent: (
                stated(percent) + (1 - (n_2 / n) ** 2) * (percent / 100) ** 2 * c2
            ),
            "twice as much": lambda percent: 2 * stated(percent),
        },
        at=(25, 50, 75),
        index="100 alpha",
        allowance=lambda percent: 4 * d / n * stated(percent),
    )


@claim(
    "dohmatob2024strong.mix_iterative",
    statement=r"E_t = e + \rho\,E_{t-1},\ E_0 = c^2,\ e = \sigma^2 \tfrac{d}{n - d - 1} \quad (\text{fresh real rows and rows of the last model, } \lambda = 0)",
    relation="==",
    provenance="derived",
    source="the exact error of a single mix, round after round; rho is that of iso_under_exact",
    domain=domain_of(theory.iterative) & RANGES,
)
def mix_iterative(d=3, n_1=10, n_2=16, c2=2.0, s1=1.0, s2=1.5, rounds=5):
    noise = (n_1 * s1 + n_2 * s2) / (n_1 + n_2) * d / (n_1 + n_2 - d - 1)
    squared = (n_2 / (n_1 + n_2)) ** 2

    def law(t):
        error = c2
        for _ in range(t):
            error = noise + finite.rho(d, n_1, n_2) * error
        return error

    def contracted(by):
        return lambda t: noise * (1 - by**t) / (1 - by) + by**t * c2

    return Check(
        *anisotropic(d, n_1, n_2, c2, s1, s2),
        metric="risk",
        generations=rounds,
        predicted=lambda t: theory.iterative(t, d, n_1, n_2, c2, s1, s2),
        mutants={
            "p_2^2 for rho": contracted(squared),
            "p_2 for rho": contracted(squared**0.5),
            "the noise of real labels": lambda t: theory.iterative(t, d, n_1, n_2, c2, s1, s1),
        },
        law=law,
    )


def _limit(d, n_1, n_2, sigma2=1.0):
    return theory.under_exact(d, n_1, n_2, 0, sigma2, sigma2) / (1 - theory.rho(d, n_1, n_2))


@claim(
    "dohmatob2024strong.mix_iterative.cor3",
    statement=r"E_t \to \frac{\bar E}{1 - p_2^2} \quad (\phi \to 0)",
    relation="==",
    provenance="note",
    source="Corollary 3 (eq. 19) as quoted in a note; beside it the exact limit e/(1 - rho), which is above it by about p_2 phi/(1 + p_2) of it",
    regime="asymptotic",
    domain=domain(p_2=Probability) & RANGES,
)
def corollary_3(p_2=2 / 3, d=10):
    def at(inverse, law):
        n_2 = round(p_2 * d * inverse)
        return law(d * inverse - n_2, n_2)

    def stated(inverse):
        return at(inverse, lambda a, b: theory.corollary_3(theory.under_exact(d, a, b, 0, 1, 1), b / (a + b)))

    return Computed(
        lambda inverse: at(inverse, lambda a, b: _limit(d, a, b)),
        stated,
        {
            "1 / (1 - p_2)": lambda inverse: stated(inverse) * (1 + p_2),
            "clean data": lambda inverse: stated(inverse) * (1 - p_2**2),
        },
        at=(9, 30, 100, 1000, 10**5),
        index="n/d",
        allowance=lambda inverse: stated(inverse) * 0.6 / inverse,
    )


@claim(
    "dohmatob2024strong.mix_iterative.transient",
    statement=r"E_t - E_\infty = \Theta(p_2^{2 t}): \quad \frac{\log (E_t - E_\infty)/(E_{t-1} - E_\infty)}{\log p_2^2} \to 1 \quad (\phi \to 0)",
    relation="==",
    provenance="note",
    source="Corollary 3 (eq. 19) as quoted in a note; exactly the ratio is rho, of which p_2^2 is the limit",
    regime="asymptotic",
    domain=domain(p_2=Probability) & RANGES,
)
def transient(p_2=2 / 3, d=10):
    def ratio(inverse):
        n_2 = round(p_2 * d * inverse)
        return math.log(theory.rho(d, d * inverse - n_2, n_2)) / math.log(p_2**2)

    return Computed(
        ratio,
        lambda inverse: 1,
        {"rate p_2": lambda inverse: 0.5, "rate p_2^3": lambda inverse: 1.5},
        at=(9, 30, 100, 1000, 10**5),
        index="n/d",
        allowance=lambda inverse: 1 / inverse,
    )


@claim(
    "dohmatob2024strong.mix_iterative.gap",
    statement=r"\frac{e}{1 - \rho} \Big/ \frac{\bar E}{1 - p_2^2} - 1 \propto \phi",
    relation="==",
    provenance="derived",
    source="local exponent, in 1/phi, of what the limit of Corollary 3 leaves out: 5.5 % at n = 9 d",
    regime="rate",
    domain=RANGES,
)
def gap(d=10):
    def apart(inverse):
        third = round(d * inverse / 3)
        return (1 - 4 / 9) / (1 - theory.rho(d, third, 2 * third)) - 1

    return Computed(
        lambda inverse: exponent(apart, inverse),
        lambda inverse: -1,
        {"-2": lambda inverse: -2, "-1/2": lambda inverse: -0.5, "-1.1": lambda inverse: -1.1},
        at=(30, 90, 900),
        index="n/d",
        allowance=lambda inverse: 2 / inverse,
        tolerance=1e-6,
    )
