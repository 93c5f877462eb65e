"""The proposition on fully synthetic loops, and where collapse begins."""

import math

from collapse_jax import laws
from collapse_jax.laws.domain import Integers, domain
from proofs_check.claim import Check, claim
from proofs_check.curves import along, interpolated
from proofs_check.papers.mad2023 import theory
from proofs_check.papers.mad2023.claims._setups import BIASED, alone, gaussian


def _moment_of_cov(n, bias):
    """The variance of v_t, t = 1, 2, .."""
    return lambda t: bias ** (2 * t - 2) * ((1 + 2 / (n - 1)) ** t - 1)


@claim(
    "mad2023.prop_cov",
    statement=r"E\,\Sigma_t = \lambda^{t-1}\,\Sigma_0",
    relation="==",
    provenance="text",
    source="the proposition, E[Sigma_t | Sigma_{t-1}] = lambda Sigma_{t-1}, with the first model trained on real data (Section 3.2, proof)",
    domain=BIASED,
)
def prop_cov(n=20, bias=0.8, generations=8):
    return Check(
        gaussian(),
        alone(n, bias),
        metric="variance",
        generations=generations,
        predicted=lambda t: theory.covariance(t, bias),
        mutants={
            "unbiased samples": lambda t: 1.0,
            "1/n covariance": lambda t: theory.covariance(t, bias) * (1 - 1 / n) ** t,
        },
        bounds=(0, math.inf),
        variance=_moment_of_cov(n, bias),
    )


@claim(
    "mad2023.prop_eq1",
    statement=r"E\,\Sigma_t = \lambda^t\,\Sigma_0 \quad (\text{the first model trained on real data})",
    relation="==",
    provenance="text",
    source="the proposition's eq. (1), which biases every draw, read for the protocol of Section 3.2",
    expected="REFUTED",
    domain=BIASED,
)
def prop_eq1(n=20, bias=0.8, generations=8):
    """Right for the process that eq. (1) writes down, whose first draw is biased too; one factor lambda too many for the
    loop of the experiments, in which G^1 sees real data: mad2023.prop_cov."""
    return Check(
        gaussian(),
        alone(n, bias),
        metric="variance",
        generations=generations,
        predicted=lambda t: theory.covariance(t + 1, bias),
        mutants={"one more": lambda t: theory.covariance(t + 2, bias)},
        bounds=(0, math.inf),
        variance=_moment_of_cov(n, bias),
    )


@claim(
    "mad2023.prop_mean",
    statement=r"E\,\|\mu_t - \mu_0\|^2 = \frac{\operatorname{tr}\Sigma_0}{n} \sum_{k=0}^{t-1} \lambda^k",
    relation="==",
    provenance="derived",
    source="the proposition, mu_t ~ N(mu_{t-1}, (lambda/n) Sigma_{t-1}), summed up",
    domain=BIASED,
)
def prop_mean(n=20, bias=0.8, generations=8):
    """Bounded for lambda < 1, t/n for lambda = 1."""
    # E D_t^2 and E D_t v_t, E v_t^2 as in laws.moments.gaussian_replace, with v scaled by lambda after fit 1
    dd, dv, vv, spread = 0.0, 0.0, 1.0, []
    for t in range(generations):
        scale = bias if t else 1.0
        dd += 6 * scale * dv / n + 3 * scale**2 * vv / n**2
        dv = scale * (dv + scale * vv / n)
        vv *= scale**2 * (1 + 2 / (n - 1))
        spread.append(dd - theory.mean_error(t + 1, n, bias) ** 2)
    return Check(
        gaussian(),
        alone(n, bias),
        metric="mean_error",
        generations=generations,
        predicted=lambda t: theory.mean_error(t, n, bias),
        mutants={
            "t/n": lambda t: t / n,
            "biased from the start": lambda t: bias * theory.mean_error(t, n, bias),
        },
        variance=along(spread),
    )


@claim(
    "mad2023.prop_as",
    statement=r"E \log v_t = (t - 1)\log\lambda + t\left[\psi(\tfrac{n-1}{2}) - \log\tfrac{n-1}{2}\right] \to -\infty \quad (\lambda \le 1,\ d = 1)",
    relation="==",
    provenance="derived",
    source="the proposition's Sigma_t -> 0 almost surely for lambda <= 1: log v_t is a random walk with this drift",
    domain=BIASED,
)
def prop_as(n=20, bias=0.8, generations=8):
    return Check(
        gaussian(),
        alone(n, bias),
        metric="log_variance",
        generations=generations,
        predicted=lambda t: theory.log_variance(t, n, bias),
        mutants={
            "log of the mean": lambda t: (t - 1) * math.log(bias),
            "n for n - 1": lambda t: theory.log_variance(t, n + 1, bias),
        },
        scale=0.5,
        variance=lambda t: laws.moments.log_det_variance(t, n, 1),
    )


@claim(
    "mad2023.lambda_c",
    statement=r"E \log v_t = -\log\lambda_c \text{ for every } t, \quad \lambda = \lambda_c = \tfrac\nu2 e^{-\psi(\nu/2)} > 1,\ \nu = n - 1",
    relation="==",
    provenance="derived",
    source="v_t vanishes almost surely if and only if lambda < lambda_c: the condition lambda <= 1 is sufficient, not sharp",
    domain=domain(n=Integers(3)),
)
def lambda_c(n=5, generations=6):
    """lambda_c is 3.56, 1.310, 1.122 and 1.0102 for n = 2, 5, 10 and 100."""
    bias = float(theory.critical_bias(n))
    return Check(
        gaussian(),
        alone(n, bias),
        metric="log_variance",
        generations=generations,
        predicted=lambda t: -math.log(bias),
        mutants={
            "lambda = 1 for lambda_c": lambda t: -t * math.log(bias),
            "no drift at all": lambda t: 0.0,
        },
        scale=1.0,
        variance=lambda t: laws.moments.log_det_variance(t, n, 1),
    )


@claim(
    "mad2023.lambda_c_law",
    statement=r"\log v_t \sim (t - 1) \log\lambda + \sum_{k=1}^{t} \log\frac{\chi^2_{n-1,k}}{n - 1}, \quad \lambda = \lambda_c",
    relation="law",
    provenance="derived",
    source="product of independent chi-squares; distribution function by Gil-Pelaez inversion",
    domain=domain(n=Integers(3), generations=Integers(2)),
)
def lambda_c_law(n=5, generations=12):
    """At the critical bias the walk has no drift: it spreads, and its median stays near 1, while E v_t grows."""
    bias = float(theory.critical_bias(n))

    def law(size, factor, t=generations):
        return lambda x: interpolated(lambda grid: laws.gaussian.log_variance_cdf(grid, t, size, 1, factor), x)

    return Check(
        gaussian(),
        alone(n, bias),
        metric="log_variance",
        generations=generations,
        predicted=law(n, bias),
        mutants={
            "lambda = 1": law(n, 1.0),
            "n + 1 for n": law(n + 1, bias),
            "one generation less": law(n, bias, generations - 1),
        },
    )
