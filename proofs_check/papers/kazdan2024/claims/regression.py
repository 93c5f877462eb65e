"""Linear regression on one design: replacement, accumulation, and T of the accumulated rows."""

import collapse_jax as cj
from collapse_jax.laws.domain import Integers, Positive, domain
from proofs_check.claim import Check, Computed, claim
from proofs_check.curves import least_squares_law
from proofs_check.papers.kazdan2024 import theory

_SIZES = domain("T >= d + 4", d=Integers(1), T=Integers(1), sigma2=Positive)
_CODE = "protocol from the authors' code: one X per seed, error on noiseless labels; "


@claim(
    "kazdan2024.linreg_replace",
    statement=r"E\|w_t-w^*\|^2 = \frac{\sigma^2 d}{T-d-1}\,t \quad (\text{the labels of the last model only})",
    relation="==",
    provenance="derived",
    source=_CODE + "closed form derived",
    domain=_SIZES,
)
def linreg_replace(d=3, T=32, sigma2=1.0, generations=10):
    """The authors draw w* ~ N(0, I), which least squares does not notice."""
    return Check(
        cj.LinearRegression(d=d, sigma2=sigma2, design="shared"),
        cj.Replace(T),
        metric="risk",
        generations=generations,
        predicted=lambda t: theory.linreg_replace(t, d, T, sigma2),
        mutants={
            "t + 1 for t": lambda t: theory.linreg_replace(t + 1, d, T, sigma2),
            "T - d for T - d - 1": lambda t: theory.linreg_replace(t, d, T, sigma2) * (T - d - 1) / (T - d),
        },
        law=least_squares_law(cj.Replace(T), d, T, sigma2, generations),
    )


@claim(
    "kazdan2024.linreg_accumulate",
    statement=r"E\|w_t-w^*\|^2 = \frac{\sigma^2 d}{T-d-1}\sum_{k=1}^t \frac{1}{k^2} \quad (\text{all labels so far})",
    relation="==",
    provenance="derived",
    source=_CODE + "closed form derived; it needs the same X in every iteration, as coded",
    domain=_SIZES,
)
def linreg_accumulate(d=3, T=32, sigma2=1.0, generations=10):
    return Check(
        cj.LinearRegression(d=d, sigma2=sigma2, design="shared"),
        cj.Accumulate(T),
        metric="risk",
        generations=generations,
        predicted=lambda t: theory.linreg_accumulate(t, d, T, sigma2),
        mutants={
            "replacement": lambda t: theory.linreg_replace(t, d, T, sigma2),
            "the subsample": lambda t: theory.linreg_subsample(t, d, T, sigma2),
            "no growth": lambda t: theory.linreg_replace(1, d, T, sigma2),
        },
        law=least_squares_law(cj.Accumulate(T), d, T, sigma2, generations),
    )


@claim(
    "kazdan2024.accsub",
    statement=r"E\|w_t-w^*\|^2 = \frac{\sigma^2 d}{T-d-1}\Bigl[2 - \tfrac1t + \sum_{k=2}^{t} \tfrac{1}{k^2}\bigl(2 - \tfrac{1}{k-1}\bigr)\Bigr]\bigl(1 + O(d/T)\bigr)",
    relation="==",
    regime="asymptotic",
    provenance="derived",
    source=_CODE + "T of the t T rows without replacement; leading order derived, the paper has no statement",
    domain=_SIZES,
)
def accsub(d=2, T=60, sigma2=1.0, generations=3):
    """Literal rows; the remainder is allowed to be 2 d/T of the value. At d = 10, T = 32 it is 1.8 d/T: rows of X repeat in
    the subsample, and the published panels show that larger error."""

    def predicted(t):
        return theory.linreg_subsample(t, d, T, sigma2)

    return Check(
        cj.LinearRegression(d=d, sigma2=sigma2, design="shared"),
        cj.AccumulateSubsample(T),
        metric="risk",
        generations=generations,
        predicted=predicted,
        mutants={
            "accumulation": lambda t: theory.linreg_accumulate(t, d, T, sigma2),
            "with replacement": lambda t: theory.linreg_bootstrap(t, d, T, sigma2),
            "replacement": lambda t: theory.linreg_replace(t, d, T, sigma2),
        },
        allowance=lambda t: 2 * d / T * predicted(t),
    )


@claim(
    "kazdan2024.accsub.plateau",
    statement=r"2 + \sum_{k\ge2}\tfrac{1}{k^2}\bigl(2-\tfrac1{k-1}\bigr) = \frac{\pi^2}{2} - 2 = 2.93\ldots",
    relation="==",
    provenance="derived",
    source="the leading factor of kazdan2024.accsub as t grows; its remainder, the tail of the series, is below 2/t",
)
def plateau():
    """So a subsample of what is accumulated levels off at 2.93 times the error of one fit, accumulation at 1.64 times."""
    from math import pi

    return Computed(
        lambda t: theory.linreg_subsample(t, 1, 3, 1.0),
        lambda t: pi**2 / 2 - 2,
        {
            "3": lambda t: 3.0,
            "pi^2/3, with replacement": lambda t: pi**2 / 3,
            "pi^2/6, accumulation": lambda t: pi**2 / 6,
        },
        at=(100, 1000, 10_000),
        allowance=lambda t: 3 / t,
        rung="identity",
    )
