"""Replacement by its logarithm: what is light-tailed where the variance itself cannot be simulated (derived)."""

from math import log

import collapse_jax as cj
from collapse_jax import laws
from collapse_jax.laws.domain import Integers, domain
from proofs_check.claim import Check, claim
from proofs_check.curves import interpolated
from proofs_check.papers.kazdan2024 import theory
from proofs_check.papers.kazdan2024.claims._setups import SETTING, identity_gaussian


@claim(
    "kazdan2024.replace_log_det",
    statement=r"E \log\frac{\det\Sigma_t}{\det\Sigma_0} = t \sum_{i=0}^{d-1} \left[\psi\left(\tfrac{n-1-i}{2}\right) + \log\tfrac{2}{n}\right]",
    relation="==",
    provenance="derived",
    source="Bartlett decomposition: log det is a sum of log chi-squares",
    domain=SETTING & domain("n > d"),
)
def replace_log_det(n=12, d=3, generations=10):
    """Light-tailed where the determinant itself is not: det underflows and its mean sits in rare chains."""
    return Check(
        identity_gaussian(d, n, 0),
        cj.Replace(n),
        metric="log_det",
        generations=generations,
        predicted=lambda t: theory.replace_log_det(t, n, d, 0),
        mutants={
            "unbiased covariance": lambda t: theory.replace_log_det(t, n, d, 1),
            "log E det for E log det": lambda t: t * d * log((n - 1) / n),
        },
        variance=lambda t: laws.moments.log_det_variance(t, n, d),
    )


@claim(
    "kazdan2024.replace_as",
    statement=r"E \log v_t = t\left[\psi\left(\tfrac{n-1}{2}\right) - \log\tfrac{n-1}{2}\right] < 0 \quad (\text{unbiased variance})",
    relation="==",
    provenance="derived",
    source="log v_t is a random walk with this drift, hence v_t vanishes almost surely although E v_t = 1",
    domain=SETTING & domain(generations=Integers(30)),
)
def replace_as(n=10, generations=50):
    """The light-tailed companion of kazdan2024.replace_mean_of_v: the same chains, decided by their logarithm."""
    return Check(
        identity_gaussian(1, n, 1),
        cj.Replace(n),
        metric="log_variance",
        generations=generations,
        at=tuple(range(30, generations + 1, 10)),
        predicted=lambda t: theory.replace_log_det(t, n, 1, 1),
        mutants={
            "1/n variance": lambda t: theory.replace_log_det(t, n, 1, 0),
            "no drift (log E v_t)": lambda t: 0.0,
        },
        variance=lambda t: laws.moments.log_det_variance(t, n, 1),
    )


@claim(
    "kazdan2024.replace_mean_of_v",
    statement=r"E\,v_t = v_0 \quad (\text{unbiased variance})",
    relation="==",
    provenance="derived",
    source="a true statement that simulation cannot see: relative variance (1 + 2/(n-1))^t - 1",
    expected="UNDECIDED",
    domain=SETTING,
)
def replace_mean_of_v(n=10, generations=30):
    """A trap kept on purpose: late means are carried by chains too rare to be drawn (at n = 10, t = 100 a hundred chains
    show a tenth of the true value), and a check that trusted them would refute a theorem. The early generations can be
    trusted and refute the mutant; kazdan2024.replace_as decides the same chains by their logarithm."""
    return Check(
        identity_gaussian(1, n, 1),
        cj.Replace(n),
        metric="variance",
        generations=generations,
        predicted=lambda t: 1.0,
        mutants={"decays like the 1/n variance": lambda t: theory.replace_cov(t, n, 0)},
        variance=lambda t: (1 + 2 / (n - 1)) ** t - 1,
    )


@claim(
    "kazdan2024.replace_log_law",
    statement=r"\log\frac{v_t}{v_0} \sim \sum_{k=1}^{t} \log\frac{\chi^2_{n-1, k}}{n} \quad (\text{1/n variance},\ d = 1)",
    relation="law",
    provenance="derived",
    source="the variances of successive fits are independent factors; distribution function by Gil-Pelaez inversion",
    domain=domain(n=Integers(3), generations=Integers(2)),
)
def replace_log_law(n=20, generations=30):
    """The whole distribution of a quantity whose mean no simulation can see (kazdan2024.replace_mean_of_v)."""

    def law(size, ddof, t=generations):
        return lambda x: interpolated(lambda grid: laws.gaussian.log_variance_cdf(grid, t, size, ddof), x)

    return Check(
        identity_gaussian(1, n, 0),
        cj.Replace(n),
        metric="log_variance",
        generations=generations,
        predicted=law(n, 0),
        mutants={
            "unbiased variance": law(n, 1),
            "n - 1 for n": law(n - 1, 0),
            "one generation less": law(n, 0, generations - 1),
        },
    )
