"""Divergences of the fitted law in one dimension, and what the unbiased variance does under accumulation (derived)."""

import math

import collapse_jax as cj
from collapse_jax import laws
from collapse_jax.laws.domain import Integers, domain
from proofs_check.claim import Check, Computed, claim
from proofs_check.papers.kazdan2024 import theory
from proofs_check.papers.kazdan2024.claims._setups import SETTING, identity_gaussian


def _kl_check(n, generations, ddof, mutants):
    return Check(
        identity_gaussian(1, n, ddof),
        cj.Replace(n),
        metric="kl_forward",
        generations=generations,
        predicted=lambda t: theory.replace_kl(t, n, ddof),
        mutants=mutants,
        variance=lambda t: laws.moments.kl_variance(t, n, ddof),
    )


@claim(
    "kazdan2024.replace_kl",
    statement=r"E\,\mathrm{KL}(p_t \| p_0) = \frac t2 \left[\log\frac n2 - \psi\left(\tfrac{n-1}{2}\right)\right] \quad (\text{1/n variance},\ d = 1)",
    relation="==",
    provenance="derived",
    source="E v_t + E (mu_t - mu_0)^2 = 1 leaves the logarithm, which is linear in t",
    domain=theory.replace_kl,
)
def replace_kl(n=10, generations=10):
    return _kl_check(
        n,
        generations,
        0,
        {
            "unbiased variance": lambda t: theory.replace_kl(t, n, 1),
            "t/n, leading order": lambda t: t / n,
            "n + 1 for n": lambda t: theory.replace_kl(t, n + 1, 0),
        },
    )


@claim(
    "kazdan2024.replace_kl_unbiased",
    statement=(
        r"E\,\mathrm{KL}(p_t \| p_0) = \frac t2 \left[\frac1n + \log\frac{n-1}{2} - \psi\left(\tfrac{n-1}{2}\right)\right]"
        r" \quad (\text{unbiased variance},\ d = 1)"
    ),
    relation="==",
    provenance="derived",
    source="the ddof=1 form of kazdan2024.replace_kl: the variance keeps its mean, the mean drifts by 1/n a generation",
    domain=theory.replace_kl,
)
def replace_kl_unbiased(n=30, generations=8):
    return _kl_check(
        n,
        generations,
        1,
        {
            "1/n variance": lambda t: theory.replace_kl(t, n - 1, 0),
            "without the drift of the mean": lambda t: theory.replace_kl(t, n, 1) - t / (2 * n),
            "n + 1 for n": lambda t: theory.replace_kl(t, n + 1, 1),
        },
    )


@claim(
    "kazdan2024.accumulate_unbiased",
    statement=r"E\,v_t = v_0 \prod_{k=2}^{t} \left[1 - \frac{1}{k (k n - 1)}\right] \quad (\text{unbiased variance})",
    relation="==",
    provenance="derived",
    source=(
        "accumulation with the covariance that a reader of manuscript v3 reports; the sine limit is that of the code's 1/n"
        " covariance. Correcting the bias does not stop the shrinking"
    ),
    domain=theory.accumulate_unbiased,
)
def accumulate_unbiased(n=3, generations=8):
    """The law without sampling is a ratio of Gamma functions at the roots of n k^2 - k - 1."""
    return Check(
        identity_gaussian(1, n, 1),
        cj.Accumulate(n),
        metric="variance",
        generations=generations,
        predicted=lambda t: theory.accumulate_unbiased(t, n),
        mutants={
            "1/n variance": lambda t: theory.accumulate_cov(t, n),
            "no shrinking": lambda t: 1.0,
            "n + 1 for n": lambda t: theory.accumulate_unbiased(t, n + 1),
        },
        law=lambda t: theory.accumulate_unbiased_gamma(t, n),
        law_error=1e-12,
    )


def _deviation(t, n):
    r"""$E\sqrt{v_t}$ by quadrature over chi-square and normal together, an exact moment where s = 0."""
    import numpy as np
    from scipy.special import roots_genlaguerre

    from collapse_jax.laws.special import chi_mean

    z, of_z = np.polynomial.hermite_e.hermegauss(48)
    half, of_half = roots_genlaguerre(48, (n - 3) / 2)
    of_z, of_half = of_z / of_z.sum(), of_half / of_half.sum()
    value = chi_mean(n - 1) / n**0.5
    for s in range(1, t):
        value *= of_half @ np.sqrt((s + 2 * half[:, None] / n + s / (s + 1) * z**2 / n) / (s + 1)) @ of_z
    return float(value)


@claim(
    "kazdan2024.accumulate_w2",
    statement=(
        r"E\,W_2^2(p_t, p_0) = 2 - 2 \prod_{s=0}^{t-1} E\sqrt{R_s},\quad R_s = \frac{1}{s+1}\left[s + \frac{\chi^2_{n-1}}{n}"
        r" + \frac{s}{s+1}\frac{z^2}{n}\right] \quad (\text{1/n variance},\ d = 1)"
    ),
    relation="==",
    provenance="derived",
    source="the ratios of successive variances are independent; the limit is positive and small, of order 1/n",
    domain=domain(n=Integers(4)),
)
def accumulate_w2(n=5, generations=12):
    return Check(
        identity_gaussian(1, n, 0),
        cj.Accumulate(n),
        metric="w2",
        generations=generations,
        predicted=lambda t: theory.accumulate_w2(t, n),
        mutants={
            "replacement": lambda t: theory.replace_w2(t, n, 0),
            "the root of the mean variance": lambda t: 2 - 2 * theory.accumulate_cov(t, n) ** 0.5,
            "n + 1 for n": lambda t: theory.accumulate_w2(t, n + 1),
        },
        law=lambda t: 2 - 2 * _deviation(t, n),
        law_error=1e-12,
    )


@claim(
    "kazdan2024.pdf_panel_as_coded",
    statement=r"\max_x \mathrm{pdf}(x; 0, \mathrm{scale} = v_t) = (2 \pi v_t)^{-1/2}",
    relation="==",
    provenance="code",
    source="the panel of densities draws norm.pdf(x, 0, cov): the variance stands where SciPy takes a standard deviation",
    expected="REFUTED",
    domain=SETTING & domain(at=Integers(1)),
)
def pdf_panel_as_coded(n=10, at=(2, 5, 10)):
    """At the expected variance under replacement. Curves that should have narrowed to 59 % by t = 10 narrow to 35 %."""

    def height(variance):
        return (2 * math.pi * variance) ** -0.5

    return Computed(
        lambda t: height(theory.replace_cov(t, n, 0) ** 2),
        lambda t: height(theory.replace_cov(t, n, 0)),
        {"at n + 1": lambda t: height(theory.replace_cov(t, n + 1, 0))},
        at=tuple(at),
    )
