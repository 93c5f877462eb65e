"""Distributions on symbols, as in the paper's discrete experiment: replacement is Wright-Fisher drift."""

import collapse_jax as cj
from collapse_jax import laws
from collapse_jax.laws.domain import Integers, domain, domain_of
from proofs_check.claim import Check, Computed, claim
from proofs_check.curves import quadratic_law
from proofs_check.papers.kazdan2024 import theory

_SETTING = domain(K=Integers(2), n=Integers(2))


def _uniform(K):
    return (1 / K,) * K


@claim(
    "kazdan2024.wf",
    statement=r"E\left(1 - \sum_i p_{t,i}^2\right) = (1 - S_0)\left(1 - \frac1n\right)^t, \quad S_0 = \sum_i p_i^2",
    relation="==",
    provenance="derived",
    source="protocol from the authors' code (K symbols, uniform, n draws, replacement); heterozygosity of Wright-Fisher drift",
    domain=_SETTING,
)
def wf(K=10, n=10, generations=10):
    """The law without sampling follows the count of one symbol forwards in time."""

    def held(t):
        return K * laws.drift.expectation(lambda x: x**2, 1 / K, n, t)

    return Check(
        cj.Categorical(_uniform(K), sampler="index"),
        cj.Replace(n),
        metric="sum_of_squares",
        generations=generations,
        predicted=lambda t: 1 - theory.heterozygosity(t, n, 1 / K),
        mutants={
            "n - 1 for n": lambda t: 1 - theory.heterozygosity(t, n - 1, 1 / K),
            "one generation late": lambda t: 1 - theory.heterozygosity(t - 1, n, 1 / K),
            "diploid, 1/(2n)": lambda t: 1 - theory.heterozygosity(t, 2 * n, 1 / K),
        },
        law=held,
    )


@claim(
    "kazdan2024.wf_accumulate",
    statement=r"E\left(1 - \sum_i p_{t,i}^2\right) = (1 - S_0) \prod_{k=1}^t \left(1 - \frac{1}{n k^2}\right)",
    relation="==",
    provenance="derived",
    source="the same under accumulation: diversity tends to a positive limit, with the sine of the Gaussian covariance",
    domain=_SETTING,
)
def wf_accumulate(K=10, n=10, generations=10):
    error = quadratic_law(cj.Accumulate(n), 1 - 1 / K, -1, generations)
    return Check(
        cj.Categorical(_uniform(K)),
        cj.Accumulate(n),
        metric="sum_of_squares",
        generations=generations,
        predicted=lambda t: 1 - (1 - 1 / K) * theory.accumulate_cov(t, n),
        mutants={
            "replacement": lambda t: 1 - theory.heterozygosity(t, n, 1 / K),
            "n + 1 for n": lambda t: 1 - (1 - 1 / K) * theory.accumulate_cov(t, n + 1),
        },
        law=lambda t: 1 / K + error(t),
    )


@claim(
    "kazdan2024.wf_time",
    statement=r"E\,T = -2 n \sum_i (1 - p_i) \log(1 - p_i) - \tfrac13 \log n - O(1)",
    relation="==",
    regime="asymptotic",
    provenance="derived",
    source="time until one symbol is left, for the K = 10 symbols of the published plot, where it is simulated",
    domain=_SETTING,
)
def wf_time(K=10, n=(10, 30, 100, 300, 1000)):
    """The exact value comes from the coalescent (17.5, 187.4 and 1,893 for n = 10, 100 and 1,000; the published plot
    shows about 17, 200 and 1,800); the diffusion may be off by log(n)/3 + 1 generations."""
    from math import log

    p = _uniform(K)
    return Computed(
        lambda k: laws.coalescent.expected_collapse_time(p, k),
        lambda k: theory.collapse_time(k, p),
        {
            "slope 2 n, of infinitely many symbols": lambda k: 2 * k,
            "half of it": lambda k: theory.collapse_time(k, p) / 2,
            "slope 1.89 n": lambda k: 1.89 * k,
        },
        at=tuple(n),
        index="n",
        allowance=lambda k: log(k) / 3 + 1,
    )


@claim(
    "kazdan2024.wf_time_entropy_rule",
    statement=r"E\,T = n H(p_0), \quad H(p) = -\sum_i p_i \log p_i",
    relation="==",
    provenance="note",
    source="expected iterations until total collapse, as a summary of a later paper of the same group gives them",
    expected="REFUTED",
    domain=_SETTING,
)
def wf_time_entropy_rule(K=10, n=(30, 100, 300)):
    """In nats. At n = 100 it says 69, 230 and 461 for K = 2, 10 and 100, where 137, 187 and 197 are exact: the functional
    that is like an entropy has 1 - p for p, and twice the size (kazdan2024.wf_time)."""
    p = _uniform(K)
    return Computed(
        lambda k: laws.coalescent.expected_collapse_time(p, k),
        lambda k: theory.entropy_rule(k, p),
        {"in bits": lambda k: theory.entropy_rule(k, p) / 0.6931471805599453},
        at=tuple(n),
        index="n",
    )


@claim(
    "kazdan2024.acc_subsample",
    statement=(
        r"E\left(1 - \sum_i p_{t,i}^2\right) = h_t u_t,\quad u_t = 1 - \frac{N - n}{n (N - 1)},\quad h_{t+1} = h_t"
        r" \left[1 - \frac{n^2 (1 - (1 - 1/n) u_t)}{(N + n)^2}\right],\ N = t n"
    ),
    relation="==",
    provenance="derived",
    source="protocol from the authors' code: fit n of the t n accumulated symbols, then append n drawn ones",
    domain=domain_of(theory.accumulate_subsample_heterozygosity) & domain(K=Integers(2)),
)
def acc_subsample(K=10, n=10, generations=8):
    """h_t is the diversity of the pool, with h_1 = (1 - S_0)(1 - 1/n). Subsampling at fixed compute plateaus here, too."""
    return Check(
        cj.Categorical(_uniform(K)),
        cj.AccumulateSubsample(n),
        metric="sum_of_squares",
        generations=generations,
        predicted=lambda t: 1 - theory.accumulate_subsample_heterozygosity(t, n, 1 / K),
        mutants={
            "accumulate": lambda t: 1 - (1 - 1 / K) * theory.accumulate_cov(t, n),
            "replacement": lambda t: 1 - theory.heterozygosity(t, n, 1 / K),
            "n + 1 for n": lambda t: 1 - theory.accumulate_subsample_heterozygosity(t, n + 1, 1 / K),
        },
    )
