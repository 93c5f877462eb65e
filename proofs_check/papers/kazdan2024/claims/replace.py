"""Replacement: covariance, mean and Wasserstein distance, with the 1/n and with the unbiased covariance (derived)."""

import collapse_jax as cj
from collapse_jax import laws
from collapse_jax.laws.domain import Integers, domain
from proofs_check.claim import Check, claim
from proofs_check.papers.kazdan2024 import theory
from proofs_check.papers.kazdan2024.claims._setups import SETTING, identity_gaussian, mean_law


@claim(
    "kazdan2024.replace_cov",
    statement=r"E\,\Sigma_t = \left(1 - \frac{1}{n}\right)^t \Sigma_0 \quad (\text{1/n covariance})",
    relation="==",
    provenance="derived",
    source="protocol from the authors' code (np.cov with bias=True); closed form derived",
    domain=SETTING,
)
def replace_cov(n=20, d=1, generations=6):
    return Check(
        identity_gaussian(d, n, 0),
        cj.Replace(n),
        metric="variance",
        generations=generations,
        predicted=lambda t: theory.replace_cov(t, n, 0),
        mutants={
            "n - 1 for n": lambda t: theory.replace_cov(t, n - 1, 0),
            "starts one generation late": lambda t: theory.replace_cov(t - 1, n, 0),
            "unbiased covariance": lambda t: theory.replace_cov(t, n, 1),
        },
        law=lambda t: 1 - mean_law(cj.Replace(n), generations)(t),
        law_error=1e-14,
        variance=(lambda t: laws.moments.gaussian_replace([n] * t, 0).variance) if d == 1 else None,
    )


@claim(
    "kazdan2024.replace_mean",
    statement=r"E\|\mu_t - \mu_0\|^2 = \operatorname{tr}\Sigma_0 \left[1 - \left(1 - \frac{1}{n}\right)^t\right] \quad (\text{1/n covariance})",
    relation="==",
    provenance="derived",
    source="protocol from the authors' code; closed form derived. Bounded: the variance that feeds it dies first",
    domain=SETTING,
)
def replace_mean(n=20, d=3, generations=10):
    return Check(
        identity_gaussian(d, n, 0),
        cj.Replace(n),
        metric="mean_error",
        generations=generations,
        predicted=lambda t: d * theory.replace_mean_error(t, n, 0),
        mutants={
            "t/n, the unbiased law": lambda t: d * theory.replace_mean_error(t, n, 1),
            "n - 1 for n": lambda t: d * theory.replace_mean_error(t, n - 1, 0),
        },
        law=lambda t: d * mean_law(cj.Replace(n), generations)(t),
    )


@claim(
    "kazdan2024.replace_mean_unbiased",
    statement=r"E\|\mu_t - \mu_0\|^2 = \frac{t}{n}\operatorname{tr}\Sigma_0 \quad (\text{unbiased covariance})",
    relation="==",
    provenance="derived",
    source="the ddof=1 form of kazdan2024.replace_mean: diverges linearly",
    domain=SETTING,
)
def replace_mean_unbiased(n=30, d=3, generations=8):
    return Check(
        identity_gaussian(d, n, 1),
        cj.Replace(n),
        metric="mean_error",
        generations=generations,
        predicted=lambda t: d * theory.replace_mean_error(t, n, 1),
        mutants={
            "bounded, the 1/n law": lambda t: d * theory.replace_mean_error(t, n, 0),
            "(t - 1)/n": lambda t: d * (t - 1) / n,
        },
        law=lambda t: d * mean_law(cj.Replace(n), generations, v2=0)(t),
    )


@claim(
    "kazdan2024.replace_w2",
    statement=r"E\,W_2^2(p_t, p_0) = 2 - 2 c^t,\quad c = \sqrt{\tfrac{2}{n}}\,\frac{\Gamma(n/2)}{\Gamma((n-1)/2)} \quad (\text{1/n variance},\ d = 1)",
    relation="==",
    provenance="derived",
    source="protocol from the authors' code; closed form derived, in units of the true variance",
    domain=SETTING,
)
def replace_w2(n=10, generations=10):
    """Saturates at 2. The statement, as quoted in a summary, that W2 diverges needs the unbiased variance
    (kazdan2024.replace_w2_unbiased)."""
    return Check(
        identity_gaussian(1, n, 0),
        cj.Replace(n),
        metric="w2",
        generations=generations,
        predicted=lambda t: theory.replace_w2(t, n, 0),
        mutants={
            "the unbiased law": lambda t: theory.replace_w2(t, n, 1),
            "n + 1 for n": lambda t: theory.replace_w2(t, n + 1, 0),
        },
        variance=lambda t: laws.moments.gaussian_replace([n] * t, 0).w2,
    )


@claim(
    "kazdan2024.replace_w2_unbiased",
    statement=r"E\,W_2^2(p_t, p_0) = \frac{t}{n} + 2 - 2 c_4(n)^t \quad (\text{unbiased variance},\ d = 1)",
    relation="==",
    provenance="derived",
    source="the ddof=1 form; with it the replace theorem, as quoted in a summary (W2 diverges), is true",
    domain=domain(n=Integers(3)),
)
def replace_w2_unbiased(n=30, generations=8):
    return Check(
        identity_gaussian(1, n, 1),
        cj.Replace(n),
        metric="w2",
        generations=generations,
        predicted=lambda t: theory.replace_w2(t, n, 1),
        mutants={
            "bounded, the 1/n law": lambda t: theory.replace_w2(t, n, 0),
            "leading order 3t/(2n), n - 2 for n": lambda t: 1.5 * t / (n - 2),
        },
        variance=lambda t: laws.moments.gaussian_replace([n] * t, 1).w2,
    )
