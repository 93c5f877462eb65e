"""What the error of Theorem 4.1 is exactly, or in the limit of large n: laws, its sharp constant, its dimension."""

import math
from typing import Any

import collapse_jax as cj
from collapse_jax.laws import identities
from collapse_jax.laws.domain import Integers, domain
from proofs_check.claim import Check, Computed, claim
from proofs_check.curves import quadratic_law
from proofs_check.papers.barzilai2025 import theory
from proofs_check.papers.barzilai2025.claims._setups import SETTING


def _flat(probability, n, p, generations):
    """P(sqrt(n I / H_t) |logit error| > z) at t = `generations`, z the normal quantile of `probability`, two-sided."""
    from scipy.special import ndtr, ndtri

    z, information = -float(ndtri(probability / 2)), p * (1 - p)
    radius2 = z**2 * identities.harmonic2(generations) / (n * information)
    measure: Any = cj.METRICS["natural_error"]

    def beyond(model, truth):
        return ~(measure(model, truth) <= radius2)

    def stated(growth):
        return lambda t: 2 * float(ndtr(-z * math.sqrt(identities.harmonic2(generations) / growth)))

    return Check(
        cj.Bernoulli(p),
        cj.Accumulate(n),
        metric=beyond,
        generations=generations,
        at=(generations,),
        statistic="probability",
        predicted=stated(identities.harmonic2(generations)),
        mutants={"as at t = 1": stated(1.0), "grows like log t": stated(1 + math.log(generations))},
        scale=max(probability, 0.2),
        allowance=lambda t: 0.3 * probability / math.sqrt(n),
    )


_FLAT = r"P\left(\sqrt{n I / H_t}\,|\theta^{(t)} - \theta^*| > z\right) = 2\Phi(-z) + O(n^{-1/2}), \quad H_t = \sum_{k \le t} k^{-2} < \tfrac{\pi^2}{6}"


@claim(
    "barzilai2025.thm4_1.median",
    statement=_FLAT + r" \quad (z = 0.674)",
    relation="==",
    regime="asymptotic",
    provenance="derived",
    source="quantiles of the logit of a coin are flat in t, with the Gaussian law as limit; here the median",
    domain=SETTING,
)
def thm4_1_median(p=0.3, n=1000, generations=100):
    """The remainder is allowed to be 0.3 n^{-1/2} of the probability."""
    return _flat(0.5, n, p, generations)


@claim(
    "barzilai2025.thm4_1.tail",
    statement=_FLAT + r" \quad (z = 1.960)",
    relation="==",
    regime="asymptotic",
    provenance="derived",
    source="as barzilai2025.thm4_1.median, at the quantile .95: the shape sqrt(log(1/delta)) is that of a normal law",
    domain=SETTING,
)
def thm4_1_tail(p=0.3, n=1000, generations=100):
    """The remainder is allowed to be 0.3 n^{-1/2} of the probability."""
    return _flat(0.05, n, p, generations)


@claim(
    "barzilai2025.thm4_1.gaussian_law",
    statement=r"\frac{n}{\sigma^2 H_t} \|\theta^{(t)} - \theta^*\|^2 \sim \chi^2_d, \quad H_t = \sum_{k \le t} k^{-2}",
    relation="law",
    provenance="derived",
    source="the step at t is N(0, sigma^2/(n t^2)), independent of the past: exact for every n, even n = 1",
    domain=SETTING,
)
def thm4_1_gaussian_law(n=1, d=3, generations=100):
    """The whole distribution at t = `generations`."""
    from scipy.special import gammainc

    def law(total, size):
        return lambda x: gammainc(size / 2, x * n / total / 2)

    return Check(
        cj.Gaussian(d=d, known_cov=True),
        cj.Accumulate(n),
        metric="mean_error",
        generations=generations,
        predicted=law(identities.harmonic2(generations), d),
        mutants={"the law of one fit": law(1.0, d), "sum of 1/k": law(math.log(generations) + 0.577, d)},
    )


@claim(
    "barzilai2025.thm4_1.sharp_constant",
    statement=r"d = 1: \quad C \ge \frac{\pi}{\sqrt 3}\, I^{-1/2} \text{ as } \delta \to 0, \text{ and this } C \text{ is enough for every } \delta",
    relation="<=",
    provenance="derived",
    source="quantiles of N(0, pi^2/6) beside sqrt(log(7/delta)), delta = 10^-k",
    domain=domain(k=Integers(1)),
)
def thm4_1_sharp_constant(k=(1, 2, 3, 5, 10, 30, 100, 300)):
    """The constant that delta = 10^-k needs for a Gaussian mean at t = infinity; it rises to pi/sqrt 3 = 1.8138."""
    from scipy.special import ndtri_exp

    def needed(k):
        quantile = -ndtri_exp(-k * math.log(10) - math.log(2))
        return quantile * math.pi / math.sqrt(6) / math.sqrt(math.log(7) + k * math.log(10))

    return Computed(
        needed,
        lambda k: theory.SHARP_CONSTANT,
        {"pi/sqrt 3 less 1 %": lambda k: 0.99 * theory.SHARP_CONSTANT, "sqrt 2, one fit": lambda k: math.sqrt(2)},
        at=tuple(k),
        index="-log10(delta)",
        rung="identity",
    )


@claim(
    "barzilai2025.thm4_1.sqrt_d",
    statement=r"E\,\|\theta^{(t)} - \theta^*\|^2 = \frac{\sigma^2 d}{n} \sum_{k \le t} \frac{1}{k^2}",
    relation="==",
    provenance="derived",
    source="Gaussian mean: the dimension of Theorem 4.1 is not only in its logarithm, K_1 hides sqrt d",
    domain=SETTING & domain(d=Integers(2)),
)
def thm4_1_sqrt_d(n=10, d=20, generations=30):
    def logarithmic(t):
        return identities.harmonic2(t) / n * math.log(7 * d) / math.log(7)

    return Check(
        cj.Gaussian(d=d, known_cov=True),
        cj.Accumulate(n),
        metric="mean_error",
        generations=generations,
        predicted=lambda t: theory.gaussian_error(t, n, d, 1.0),
        mutants={"log(7 d) for d": logarithmic, "one fit": lambda t: d / n, "linear in t": lambda t: d / n * t},
        law=quadratic_law(cj.Accumulate(n), d, 0, generations),
    )


@claim(
    "barzilai2025.any_n",
    statement=r"E(p_t - p_0)^2 = p_0 (1 - p_0)\left[1 - \prod_{k \le t}\left(1 - \tfrac{1}{n k^2}\right)\right] \quad \text{for every } n, t",
    relation="==",
    provenance="derived",
    source="quadratic variance function: the condition n >= c (log t + 1)^2 log^2(7 d t / delta) is not needed here",
    domain=SETTING & domain(generations=Integers(20)),
)
def any_n(p=0.3, n=2, generations=50):
    """Two observations per generation, far below the sample size that Theorem 4.1 asks for: the error stays bounded."""
    return Check(
        cj.Bernoulli(p),
        cj.Accumulate(n),
        metric="squared_error",
        generations=generations,
        at=(1, 2, 5, 20, generations),
        predicted=lambda t: identities.qvf_error(t, identities.accumulate_steps(n), -1, p * (1 - p)),
        mutants={
            "grows like log t": lambda t: p * (1 - p) / n * (1 + math.log(t)),
            "replacement": lambda t: identities.qvf_error(t, identities.replace_steps(n), -1, p * (1 - p)),
        },
        law=quadratic_law(cj.Accumulate(n), p * (1 - p), -1, generations),
    )
