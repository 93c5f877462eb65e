"""New rows at every fit: the golden ratio for least squares, another weight for minimum norm."""

import collapse_jax as cj
from collapse_jax.laws.domain import Integers, Interval, NonNegative, Positive, domain
from proofs_check.claim import Check, Computed, claim
from proofs_check.curves import along
from proofs_check.papers.garg2025 import theory
from proofs_check.papers.garg2025.claims import _setups as setups

_SIZES = domain(n=Integers(2), d=Integers(1), r2=NonNegative, sigma2=Positive, w=Interval("(0, 1)"))


def _iterated(error, shrinks, adds, generations):
    curve = [error]
    for _ in range(generations - 1):
        curve.append(shrinks * curve[-1] + adds)
    return along(curve)


@claim(
    "garg2025.fresh_design",
    statement=r"E_t = (1-a)\|b\|^2 + a(1-w)^2 E_{t-1} + \sigma^2 (w^2+(1-w)^2)\frac{n}{d-n-1}, \quad a = \tfrac nd < 1 \text{ (minimum norm, new rows at every fit)}",
    relation="==",
    provenance="derived",
    source="a projection on n random directions keeps the share a of an error, and its complement the share 1 - a of b",
    domain=domain("d >= n + 4") & _SIZES,
)
def fresh_design(n=4, d=12, r2=1.0, sigma2=1.0, w=0.4, generations=3):
    noise, labels = sigma2 * n / (d - n - 1), w**2 + (1 - w) ** 2
    bias = (1 - n / d) * r2
    return Check(
        setups.min_norm(d, r2, sigma2, "fresh"),
        setups.mixed(n, weight=w),
        metric="risk",
        generations=generations,
        predicted=lambda t: theory.fresh_minnorm(t, n, d, r2, sigma2, w),
        mutants={
            "one design": lambda t: theory.minnorm(t, n, d, r2, sigma2, w),
            "a for 1": lambda t: theory.fresh_minnorm(t, n, d, r2 * (1 if t == 1 else n / d), sigma2, w),
            "the limit at every t": lambda t: theory.fresh_limit(n, d, r2, sigma2, w),
        },
        law=_iterated(bias + noise, n / d * (1 - w) ** 2, bias + noise * labels, generations),
    )


@claim(
    "garg2025.fresh_design.ols",
    statement=r"E_t = (1-w)^2 E_{t-1} + \sigma^2 (w^2+(1-w)^2)\frac{d}{n-d-1} \quad (n \ge d + 2,\ \text{new rows at every fit})",
    relation="==",
    provenance="derived",
    source="errors of least squares do not depend on what is fitted: the numbers of garg2025.ols",
    domain=domain("n >= d + 4") & _SIZES,
)
def fresh_ols(n=40, d=5, sigma2=1.0, w=0.4, generations=10):
    noise, labels = sigma2 * d / (n - d - 1), w**2 + (1 - w) ** 2
    return Check(
        cj.LinearRegression(d=d, sigma2=sigma2, design="fresh"),
        setups.mixed(n, weight=w),
        metric="risk",
        generations=generations,
        predicted=lambda t: theory.ols(t, n, d, sigma2, w),
        mutants={
            "weight 1 - w": lambda t: theory.ols(t, n, d, sigma2, 1 - w),
            "n - d for n - d - 1": lambda t: theory.ols(t, n, d, sigma2 * (n - d - 1) / (n - d), w),
        },
        law=_iterated(noise, (1 - w) ** 2, noise * labels, generations),
    )


@claim(
    "garg2025.fresh_design.weight",
    statement=r"\arg\min_w E_\infty = 1 - u,\quad a u^2 - (2 + a + a\rho)\,u + 1 = 0,\quad \rho = \frac{(1-a)\|b\|^2 (d-n-1)}{\sigma^2 n}",
    relation="==",
    provenance="derived",
    source="root of the derivative of the limit of garg2025.fresh_design: with new rows the best weight depends on signal over noise",
    domain=domain("d >= n + 2", n=Integers(1), d=Integers(1), sigma2=Positive),
)
def fresh_weight(n=20, d=40, sigma2=1.0):
    """The index is 10 times the signal; the golden ratio is the best weight only as rho -> 0 and a -> 1."""
    return Computed(
        lambda r: setups.best(lambda w: theory.fresh_limit(n, d, r / 10, sigma2, w)),
        lambda r: theory.fresh_weight(n, d, r / 10, sigma2),
        {
            "the golden ratio": lambda r: theory.golden_ratio(),
            "4e-6 of it more": lambda r: theory.fresh_weight(n, d, r / 10, sigma2) * (1 + 4e-6),
        },
        at=(0, 2, 10, 50, 200),
        index="10 |b|^2",
        tolerance=1e-6,
        scale=1.0,
        rung="identity",
    )
