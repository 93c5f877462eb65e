"""Covariances and distribution functions under weighting: exact for every n and m (derived)."""

from typing import Any

import numpy as np

import collapse_jax as cj
from collapse_jax.laws.domain import Integers, Interval, domain
from proofs_check.claim import Check, Computed, claim
from proofs_check.curves import along, quadratic_law
from proofs_check.papers.he2025 import theory

_SETTING = domain(n=Integers(3), m=Integers(3), w=Interval("(0, 1]"))


def _entrywise(cov, n, m, w, generations):
    """E ||S_t - S_0||_F^2, every pair of coordinates on its own, for a diagonal S_0.

    With x = E S_ii S_jj and y = E S_ij^2 a Wishart estimate on nu degrees of freedom has x + 2 y/nu and
    y + (x + y)/nu; the real and the synthetic part are uncorrelated given the past, and both are unbiased.
    """
    curve = np.zeros(generations)
    for i in range(len(cov)):
        for j in range(len(cov)):
            x0, y0 = cov[i] * cov[j], cov[i] ** 2 if i == j else 0.0
            real = np.array([[1, 2 / (n - 1)], [1 / (n - 1), 1 + 1 / (n - 1)]]) @ [x0, y0]
            synthetic = np.array([[1, 2 / (m - 1)], [1 / (m - 1), 1 + 1 / (m - 1)]])
            state = real
            for t in range(generations):
                curve[t] += state[1] - y0
                state = (1 - w) ** 2 * synthetic @ state + w**2 * real + 2 * w * (1 - w) * np.array([x0, y0])
    return along(curve)


@claim(
    "he2025.var_limit",
    statement=r"E(v_t - \sigma_0^2)^2 \to 2\sigma_0^4\,\frac{\frac{w^2}{n-1} + \frac{(1-w)^2}{m-1}}{1 - (1-w)^2\left(1 + \frac{2}{m-1}\right)} \quad (\text{and along finite } t)",
    relation="==",
    provenance="derived",
    source="exact for every n and m, where the asymptotic form is 2 C sigma^4/n; unbiased variances, d = 1",
    domain=_SETTING,
)
def var_limit(n=20, m=20, w=0.618033988749895, generations=8):
    def squared_error(model, truth):
        return (model.cov[..., 0, 0] / truth.cov[0, 0] - 1) ** 2

    return Check(
        cj.Gaussian(ddof=1),
        cj.FreshReal(m, n_real=n, weight=w),
        metric=squared_error,
        generations=generations,
        predicted=lambda t: theory.variance_error(t, n, m, w),
        mutants={
            "weight 1/2": lambda t: theory.variance_error(t, n, m, 0.5),
            "one real fit": lambda t: 2 / (n - 1),
            "n + 2 for n": lambda t: theory.variance_error(t, n + 2, m + 2, w),
        },
        bounds=(0, float("inf")),
        law=_entrywise([1.0], n, m, w, generations),
    )


@claim(
    "he2025.var_limit_optimum",
    statement=r"\operatorname{argmin}_w \lim E(v_t - \sigma_0^2)^2 = .62897,\ .62016,\ .61825 \text{ for } m = n = 20,\ 100,\ 1000",
    relation="==",
    provenance="derived",
    source="minimum of the exact limit: the golden ratio is optimal for the mean, and for the variance as n grows",
)
def var_limit_optimum():
    from scipy.optimize import brentq

    def found(n):
        stated: Any = theory.variance_error
        form = stated.__wrapped__  # without its domain: the weight is complex
        # r^(t-1) is 0 to rounding at t = 2000; the slope is a complex step
        root: Any = brentq(lambda w: form(2000, n, n, complex(w, 1e-200)).imag * 1e200, 0.3, 0.95, xtol=1e-15)
        return float(root)

    stated = {20: 0.628966, 100: 0.620160, 1000: 0.618245}
    return Computed(
        found,
        lambda n: stated[n],
        mutants={"the golden ratio": lambda n: (5**0.5 - 1) / 2, "1e-4 more": lambda n: stated[n] + 1e-4},
        at=tuple(stated),
        index="n",
        allowance=lambda n: 1e-6,
    )


@claim(
    "he2025.cov_limit",
    statement=r"E\,\|\Sigma_t - \Sigma_0\|_F^2 = A_t - \operatorname{tr}\Sigma_0^2, \quad (A, B) \mapsto \text{two linear equations; } \sim C\,\frac{\operatorname{tr}\Sigma_0^2 + (\operatorname{tr}\Sigma_0)^2}{n}",
    relation="==",
    provenance="derived",
    source="second moments of Wishart matrices; theory.covariance_error has the map; beside it, every entry on its own",
    domain=_SETTING,
)
def cov_limit(n=20, m=20, w=0.618033988749895, generations=8):
    cov = [1.0, 0.5]
    trace2, square = 1.25, 2.25

    def stated(n, m, w):
        return lambda t: theory.covariance_error(t, n, m, w, trace2, square)

    return Check(
        cj.Gaussian(cov=np.diag(cov), ddof=1),
        cj.FreshReal(m, n_real=n, weight=w),
        metric="covariance_error",
        generations=generations,
        predicted=stated(n, m, w),
        mutants={
            "weight 1/2": stated(n, m, 0.5),
            "twice the synthetic data": stated(n, 2 * m, w),
            "one real fit": lambda t: (trace2 + square) / (n - 1),
        },
        law=_entrywise(cov, n, m, w, generations),
    )


@claim(
    "he2025.cdf",
    statement=r"E(F_t(x) - F(x))^2 \to F(1-F)\,\frac{w^2/n + (1-w)^2/m}{1 - (1-w)^2(1 - 1/m)} \quad (\text{and along finite } t)",
    relation="==",
    provenance="derived",
    source="protocol from the authors' code: m points are resampled from w F_n + (1 - w) F_{t-1}; at one point x this is a coin",
    domain=domain(F=Interval("(0, 1)"), n=Integers(1), m=Integers(1), w=Interval("(0, 1]")),
)
def cdf(F=0.3, n=10, m=10, w=0.618033988749895, generations=6):
    workflow = cj.FreshReal(m, n_real=n, weight=w)
    return Check(
        cj.Bernoulli(F),
        workflow,
        metric="squared_error",
        generations=generations,
        predicted=lambda t: theory.cdf_error(t, n, m, w, F),
        mutants={
            "the form for a mean": lambda t: F * (1 - F) * theory.mean_error(t, n, m, w) * (1.1 if t > 1 else 1.0),
            "weight 1/2": lambda t: theory.cdf_error(t, n, m, 0.5, F),
            "one real sample": lambda t: F * (1 - F) / n,
        },
        law=quadratic_law(workflow, F * (1 - F), -1, generations),
    )


@claim(
    "he2025.cdf_cvm",
    statement=r"\int E(F_t - F)^2\,dF = \frac16 \left[L + \left(\tfrac1n - L\right) r^{t-1}\right] \quad (\text{Cramér and von Mises})",
    relation="==",
    provenance="derived",
    source="he2025.cdf at every x; the errors of coins from the pedigree of the workflow, by Gauss's rule in F",
    domain=domain(n=Integers(1), m=Integers(1), w=Interval("(0, 1]")),
)
def cdf_cvm(n=50, m=50, w=0.618033988749895):
    """The authors' code cuts this integral off at |x| = 5 and sums on a grid."""
    from collapse_jax.laws import pedigree

    nodes, weights = np.polynomial.legendre.leggauss(8)
    grid = (nodes + 1) / 2

    def value(t):
        found = pedigree.of(cj.FreshReal(m, n_real=n, weight=w), t)
        return float(weights @ [pedigree.quadratic_error(found, F * (1 - F), -1)[-1] for F in grid] / 2)

    def stated(F2, w):
        return lambda t: F2 * theory.cdf_error(t, n, m, w, 0.5) / 0.25

    return Computed(
        value,
        stated(1 / 6, w),
        mutants={"1/4, the largest variance": stated(1 / 4, w), "weight 1/2": stated(1 / 6, 0.5)},
        at=(1, 2, 5, 20),
    )
