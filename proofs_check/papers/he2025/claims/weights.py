"""Limits of the mean, and the weights that minimise them."""

from typing import Any

import collapse_jax as cj
from collapse_jax.laws.domain import Integers, domain
from proofs_check.claim import Check, Computed, claim
from proofs_check.curves import quadratic_law
from proofs_check.papers.he2025 import theory


@claim(
    "he2025.mean_limit",
    statement=r"E\|\mu_t-\mu_0\|^2 \to \frac{w^2 + k(1-w)^2}{w(2-w)}\,\frac{\operatorname{tr}\Sigma_0}{n},\quad k = n/m, \text{ along } V_t = c\,\tfrac{1-q^{t-1}}{1-q} + \tfrac{q^{t-1}}{n}",
    relation="==",
    provenance="derived",
    source="arXiv 2502.18049: abstract and code available; limit as summarised there, finite-t form derived",
    domain=theory.mean_error,
)
def mean_limit(n=20, m=20, w=0.618033988749895, generations=12):
    """What is tested is V_t at finite t, exact for all n and m; fresh real data in every generation, with weight w."""
    return Check(
        cj.Gaussian(ddof=1),
        cj.FreshReal(m, n_real=n, weight=w),
        metric="mean_error",
        generations=generations,
        predicted=lambda t: theory.mean_error(t, n, m, w),
        mutants={
            "weight 1/2": lambda t: theory.mean_error(t, n, m, 0.5),
            "no gain over one real fit": lambda t: 1 / n,
            "limit without the synthetic noise": lambda t: w / (2 - w) / n,
        },
        law=quadratic_law(cj.FreshReal(m, n_real=n, weight=w), 1.0, 0, generations),
    )


@claim(
    "he2025.wstar",
    statement=r"\frac{\partial}{\partial w} C(w, k) = 0 \text{ at } w^* = \frac{\sqrt{k^2 + 4k} - k}{2};\quad k = 1: \frac{\sqrt 5 - 1}{2}",
    relation="==",
    provenance="note",
    source="abstract: the optimal weight, the reciprocal of the golden ratio at equal sizes; root of the derivative of the tested limit",
)
def wstar():
    from scipy.optimize import brentq

    form: Any = theory.factor  # below without its domain: the weight is complex

    def found(k):
        def slope(w):
            return form.__wrapped__(complex(w, 1e-200), k / 100).imag * 1e200

        root: Any = brentq(slope, 1e-6, 1 - 1e-9, xtol=1e-15)
        return float(root)

    return Computed(
        found,
        lambda k: theory.optimal_weight(k / 100),
        mutants={
            "pooling": lambda k: k / (100 + k),
            "1/2": lambda k: 0.5,
            "the golden ratio at every k": lambda k: (5**0.5 - 1) / 2,
            "1.000001 of it": lambda k: 1.000001 * theory.optimal_weight(k / 100),
        },
        at=(1, 10, 50, 100, 400, 10000),
        index="100 k",
        rung="identity",
    )


@claim(
    "he2025.wstar_value",
    statement=r"C(w^*, k) = w^*: \text{ at its optimum the loop has exactly } w^* \text{ of the error of one real fit}",
    relation="==",
    provenance="derived",
    source="w^2 + k w = k at w = w^*",
)
def wstar_value():
    return Computed(
        lambda k: theory.factor(theory.optimal_weight(k / 100), k / 100),
        lambda k: theory.optimal_weight(k / 100),
        mutants={
            "pooling": lambda k: theory.naive_factor(k / 100),
            "its square": lambda k: theory.optimal_weight(k / 100) ** 2,
        },
        at=(1, 10, 50, 100, 400, 10000),
        index="100 k",
        rung="identity",
    )


@claim(
    "he2025.wstar_golden",
    statement=r"E\,\|\mu_\infty - \mu_0\|^2 = \frac{\sqrt 5 - 1}{2}\,\frac{\operatorname{tr}\Sigma_0}{n} \quad (m = n,\ w = w^*)",
    relation="==",
    provenance="derived",
    source="he2025.wstar_value at k = 1, simulated at t = 20, when the transient is below 1e-8",
    domain=domain(n=Integers(2)),
)
def wstar_golden(n=20, generations=20):
    w = float(theory.optimal_weight(1.0))
    workflow = cj.FreshReal(n, n_real=n, weight=w)
    return Check(
        cj.Gaussian(ddof=1),
        workflow,
        metric="mean_error",
        generations=generations,
        at=(generations,),
        predicted=lambda t: w / n,
        mutants={"pooling, 2/3": lambda t: 2 / 3 / n, "1/2": lambda t: 0.5 / n, "one real fit": lambda t: 1 / n},
        allowance=lambda t: (1 - w) ** (2 * t - 2) / n,
        law=quadratic_law(workflow, 1.0, 0, generations),
    )


@claim(
    "he2025.naive",
    statement=r"E\,\|\mu_\infty - \mu_0\|^2 = \frac{1 + k}{2 + k}\,\frac{\operatorname{tr}\Sigma_0}{n} \quad (\text{pooled},\ k = n/m)",
    relation="==",
    provenance="derived",
    source="C at the weight k/(1 + k) that pooling has; known covariance",
    domain=domain(n=Integers(1), m=Integers(1)),
)
def naive(n=10, m=20, generations=30):
    workflow = cj.FreshReal(m, n_real=n)
    return Check(
        cj.Gaussian(known_cov=True),
        workflow,
        metric="mean_error",
        generations=generations,
        at=(generations,),
        predicted=lambda t: theory.naive_factor(n / m) / n,
        mutants={
            "the optimal weight": lambda t: theory.optimal_weight(n / m) / n,
            "n + m real data": lambda t: 1 / (n + m),
            "unlimited synthetic data": lambda t: 0.5 / n,
        },
        allowance=lambda t: (m / (n + m)) ** (2 * t - 2) / n,
        law=quadratic_law(workflow, 1.0, 0, generations),
    )


@claim(
    "he2025.naive_floor",
    statement=r"\frac{1 + k}{2 + k} > \frac12 \text{ for every } k > 0, \text{ while } w^* \to 0 \text{ as } k \to 0",
    relation=">=",
    provenance="derived",
    source="pooled mixing cannot use unlimited synthetic data; from the pedigree of the pooled loop, at t = 60 and with its geometric remainder",
    domain=domain(n=Integers(1)),
)
def naive_floor(n=10):
    from collapse_jax.laws import pedigree

    def pooled(m):
        # the error gains q^(2 t) times a constant at fit t, q the share of synthetic data
        q = m / (n + m)
        curve = pedigree.quadratic_error(pedigree.of(cj.FreshReal(m, n_real=n), 60), 1.0, 0)
        return float(n * (curve[-1] + (curve[-1] - curve[-2]) * q**2 / (1 - q**2)))

    return Computed(
        pooled,
        lambda m: 0.5,
        mutants={"0.51": lambda m: 0.51, "2/3": lambda m: 2 / 3},
        at=(1, 10, 100, 1000, 100000),
        index="m",
    )
