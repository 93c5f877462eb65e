"""Accumulation, and subsampling the accumulated data at fixed compute (derived)."""

import collapse_jax as cj
from collapse_jax.laws import identities
from proofs_check.claim import Check, claim
from proofs_check.papers.kazdan2024 import theory
from proofs_check.papers.kazdan2024.claims._setups import SETTING, identity_gaussian, mean_law


@claim(
    "kazdan2024.accumulate",
    statement=r"E\,\Sigma_t = \Sigma_0 \prod_{k=1}^{t}\left(1 - \frac{1}{n k^2}\right) \longrightarrow \Sigma_0\,\frac{\sin(\pi/\sqrt n)}{\pi/\sqrt n}",
    relation="==",
    provenance="derived",
    source="limit quoted in a summary of the paper; product derived, exact for every n, d and covariance",
    domain=SETTING,
)
def accumulate(n=5, d=1, generations=12):
    """What is tested is the product, at t up to `generations`; its limit is the sine form shown."""
    return Check(
        identity_gaussian(d, n, 0),
        cj.Accumulate(n),
        metric="variance",
        generations=generations,
        predicted=lambda t: theory.accumulate_cov(t, n),
        mutants={
            "n + 1 for n": lambda t: theory.accumulate_cov(t, n + 1),
            "replacement": lambda t: theory.replace_cov(t, n, 0),
            "product without the real fit (from k = 2)": lambda t: theory.accumulate_cov(t, n) / (1 - 1 / n),
        },
        law=lambda t: 1 - mean_law(cj.Accumulate(n), generations)(t),
        law_error=1e-14,
    )


@claim(
    "kazdan2024.accumulate_mean",
    statement=r"E\|\mu_t - \mu_0\|^2 = \operatorname{tr}\Sigma_0\left[1 - \prod_{k=1}^{t}\left(1 - \frac{1}{n k^2}\right)\right]",
    relation="==",
    provenance="derived",
    source="conservation of the second moment: the mean gains what the variance loses",
    domain=SETTING,
)
def accumulate_mean(n=8, d=3, generations=10):
    return Check(
        identity_gaussian(d, n, 0),
        cj.Accumulate(n),
        metric="mean_error",
        generations=generations,
        predicted=lambda t: d * theory.accumulate_mean_error(t, n),
        mutants={
            "H2/n, the known-variance law": lambda t: d / n * identities.harmonic2(t),
            "n - 1 for n": lambda t: d * theory.accumulate_mean_error(t, n - 1),
        },
        law=lambda t: d * mean_law(cj.Accumulate(n), generations)(t),
    )


@claim(
    "kazdan2024.accsub_gauss",
    statement=r"E\,\Sigma_t = \frac{N v_t}{N - 1}\left(1 - \frac{1}{n}\right)\Sigma_0, \quad N = t n",
    relation="==",
    provenance="derived",
    source="protocol from the authors' code: fit n of the t n accumulated points, then append n drawn ones",
    domain=SETTING,
)
def accsub_gauss(n=6, generations=8):
    """v_t, the variance of the pool of t n points, solves an exact two-moment recursion (theory.kazdan2024) and tends
    to a positive limit: subsampling at fixed compute plateaus."""
    return Check(
        identity_gaussian(1, n, 0),
        cj.AccumulateSubsample(n),
        metric="variance",
        generations=generations,
        predicted=lambda t: theory.accumulate_subsample_cov(t, n),
        mutants={
            "accumulate": lambda t: theory.accumulate_cov(t, n),
            "replace": lambda t: theory.replace_cov(t, n, 0),
            "n + 1 for n": lambda t: theory.accumulate_subsample_cov(t, n + 1),
        },
    )
