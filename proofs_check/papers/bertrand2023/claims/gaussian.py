"""Gaussians: collapse on synthetic data alone, and the floor that a fixed real sample gives."""

import math

import numpy as np

import collapse_jax as cj
from collapse_jax import laws
from collapse_jax.laws.domain import Integers, Interval, domain
from proofs_check.claim import Check, claim
from proofs_check.curves import along, quadratic_law
from proofs_check.papers.bertrand2023 import theory


@claim(
    "bertrand2023.fully_synthetic",
    statement=r"E\,\sigma_t = \alpha(n)^t\,\sigma_0,\quad \alpha(n) = c_4(n) = \sqrt{\tfrac{2}{n-1}}\,\frac{\Gamma(n/2)}{\Gamma((n-1)/2)}",
    relation="==",
    provenance="recalled",
    source="arXiv 2310.00429, Gaussian collapse proposition (d = 1, equality); wording not checked, formula derived",
    domain=theory.fully_synthetic,
)
def fully_synthetic(n=10, generations=12):
    def standard_deviation(model, truth):
        return model.cov[..., 0, 0] ** 0.5

    return Check(
        cj.Gaussian(ddof=1),
        cj.Replace(n),
        metric=standard_deviation,
        generations=generations,
        predicted=lambda t: theory.fully_synthetic(t, n),
        mutants={
            "n + 2 for n": lambda t: theory.fully_synthetic(t, n + 2),
            "no shrinkage": lambda t: 1.0,
        },
        bounds=(0, math.inf),
        variance=lambda t: laws.moments.gaussian_replace([n] * t, 1).deviation,
    )


def _root_trace(model, truth):
    cov = model.cov
    # tr S^(1/2) = (tr S + 2 det S^(1/2))^(1/2) in two dimensions
    det = cov[..., 0, 0] * cov[..., 1, 1] - cov[..., 0, 1] ** 2
    return (cov[..., 0, 0] + cov[..., 1, 1] + 2 * det.clip(0) ** 0.5) ** 0.5


@claim(
    "bertrand2023.prop1",
    statement=r"E \operatorname{tr} \Sigma_t^{1/2} \le \alpha(n)^t \operatorname{tr} \Sigma_0^{1/2},\quad \alpha(n) = c_4(n),\ d = 2",
    relation="<=",
    provenance="recalled",
    source="arXiv 2310.00429, Gaussian collapse proposition, an inequality of matrices; here its trace, with the rate of d = 1",
    domain=domain(n=Integers(3), ratio=Interval("(0, 1]"), generations=Integers(1)),
)
def prop1(n=5, ratio=0.01, generations=6):
    """The stated rate alpha(n) < 1 is free of d. That c_4(n) serves in every dimension is a numerical finding; it is
    nearly attained for an elongated Gaussian, as here. The rate of the first step at Sigma_0 = I is smaller and does
    not serve from the second step on, when the covariance is no longer round."""

    total = 1 + ratio
    return Check(
        cj.Gaussian(cov=np.diag([1.0, ratio**2]), ddof=1),
        cj.Replace(n),
        metric=_root_trace,
        generations=generations,
        predicted=lambda t: theory.fully_synthetic(t, n) * total,
        mutants={
            "n - 1 for n": lambda t: theory.fully_synthetic(t, n - 1) * total,
            "one generation ahead": lambda t: theory.fully_synthetic(t + 1, n) * total,
        },
        bounds=(0, math.inf),
        # E (tr S^(1/2))^2 <= total^2, and E tr S^(1/2) >= E (S_11)^(1/2) = c_4^t
        variance=lambda t: total**2 - theory.fully_synthetic(t, n) ** 2,
    )


@claim(
    "bertrand2023.prop1.one_step",
    statement=r"E \operatorname{tr} \Sigma_t^{1/2} \le \alpha_2(n)^t \operatorname{tr} \Sigma_0^{1/2},\quad \alpha_2(n) = \tfrac12 E \operatorname{tr} \hat\Sigma^{1/2} \text{ of one fit at } \Sigma = I,\ d = 2",
    relation="<=",
    provenance="derived",
    source="bertrand2023.prop1 with the rate of its first step, a reading that the proposition as recalled leaves open; from Sigma_0 = I",
    expected="REFUTED",
    domain=domain(n=Integers(3), generations=Integers(1)),
)
def prop1_one_step(n=5, generations=10):
    """Equality at t = 1. After it the covariance is no longer round, the next steps shrink the root by less, and the
    rate c_4(n) of d = 1 is needed (bertrand2023.prop1)."""

    def second_moment(t):  # tr S + 2 det S^(1/2), of which the first is a martingale
        return 2 + 2 * ((n - 2) / (n - 1)) ** t

    return Check(
        cj.Gaussian(d=2, ddof=1),
        cj.Replace(n),
        metric=_root_trace,
        generations=generations,
        predicted=lambda t: 2 * theory.one_step(t, n),
        mutants={
            "one generation ahead": lambda t: 2 * theory.one_step(t + 1, n),
            "a tenth less": lambda t: 1.8 * theory.one_step(t, n),
        },
        bounds=(0, math.inf),
        variance=lambda t: second_moment(t) - theory.fully_synthetic(t, n) ** 2,
    )


_STATIONARY = domain(n_real=Integers(2), n=Integers(1), generations=Integers(20))
_FLOOR = r"\quad (\text{a real sample of } n_r \text{ in every fit, } n = \lambda n_r \text{ synthetic})"


@claim(
    "bertrand2023.fixed_real_finite.mean",
    statement=r"E(\mu_t - \mu_0)^2 \to \frac{1}{n_r} + \frac{a^2}{1 - a^2} \frac{V}{n},\ a = \tfrac{n}{n_r + n}"
    + _FLOOR,
    relation="==",
    provenance="derived",
    source="fixed point of the two-moment map; in place of the bound of Theorem 2, whose constants are not given",
    domain=_STATIONARY,
)
def fixed_real_mean(n_real=4, n=8, generations=24):
    return _fixed("mean_error", 0, theory.fixed_real_error, n_real, n, generations)


@claim(
    "bertrand2023.fixed_real_finite.variance",
    statement=r"E\,v_t \to V = 1 - \lim E(\mu_t - \mu_0)^2 \quad (\text{1/n variance})",
    relation="==",
    provenance="derived",
    source="fixed point of the two-moment map: a stationary law, no collapse, for every ratio of synthetic data",
    domain=_STATIONARY,
)
def fixed_real_variance(n_real=4, n=8, generations=24):
    return _fixed("variance", 1, theory.fixed_real_variance, n_real, n, generations)


def _fixed(metric, column, form, n_real, n, generations):
    """The limit, which is reached to rounding at the last generation: the transient falls as a^(2t)."""
    curve = laws.loops.fixed_real(n_real, n, generations, 1, 0)[:, column] + (1 / n_real if column == 0 else 0)
    return Check(
        cj.Gaussian(ddof=0),
        cj.FixedReal(n, n_real=n_real),
        metric=metric,
        generations=generations,
        at=(generations,),
        predicted=lambda t: form(n_real, n),
        mutants={
            "n_r - 1 for n_r": lambda t: form(n_real - 1, n + 1),
            "one real fit": lambda t: 1 / n_real if column == 0 else 1 - 1 / n_real,
        },
        allowance=lambda t: (n / (n_real + n)) ** (2 * t - 2),
        law=along(curve),
        law_error=1e-13,
    )


@claim(
    "bertrand2023.fixed_real_finite.known_variance",
    statement=r"E(\mu_t - \mu_0)^2 \to \frac{1}{n_r}\left(1 + \frac{\lambda}{1 + 2\lambda}\right) < \frac{3}{2 n_r}"
    + _FLOOR,
    relation="==",
    provenance="derived",
    source="geometric series of the pedigree; known variance",
    domain=_STATIONARY,
)
def known_variance(n_real=4, n=8, generations=24):
    workflow = cj.FixedReal(n, n_real=n_real)
    return Check(
        cj.Gaussian(known_cov=True),
        workflow,
        metric="mean_error",
        generations=generations,
        at=(generations,),
        predicted=lambda t: theory.known_variance_error(n_real, n),
        mutants={
            "the limit of large lambda": lambda t: 1.5 / n_real,
            "independent of lambda": lambda t: 1 / n_real,
            "lambda/(1 + lambda)": lambda t: (1 + n / (n_real + n)) / n_real,
        },
        allowance=lambda t: (n / (n_real + n)) ** (2 * t - 2),
        law=quadratic_law(workflow, 1.0, 0, generations),
    )
