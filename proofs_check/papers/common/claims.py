"""The quadratic-variance-function identity and what follows from it (derived; see collapse_jax.laws.identities)."""

import math

import collapse_jax as cj
from collapse_jax.laws import identities
from collapse_jax.laws.domain import Integers, Interval, Positive, domain
from proofs_check.claim import Check, claim
from proofs_check.curves import quadratic_law

_SETTING = domain(p=Interval("(0, 1)"), rate=Positive, mean=Positive, n=Integers(1))


_STATEMENT = r"E(\tau_t - \tau_0)^2 = \frac{V(\tau_0)}{v_2}\left[\prod_{k=1}^{t}(1 + v_2 e_k) - 1\right]"
_SOURCE = "E[V(tau_t) | tau_{t-1}] = (1 + v2 e_t) V(tau_{t-1}) for quadratic variance functions (Morris class)"


def _qvf(family, v, v2, workflow, n, generations):
    protocol = cj.Replace(n) if workflow == "replace" else cj.Accumulate(n)
    steps = identities.replace_steps if workflow == "replace" else identities.accumulate_steps
    other = identities.accumulate_steps if workflow == "replace" else identities.replace_steps
    return Check(
        family,
        protocol,
        metric="squared_error",
        generations=generations,
        predicted=lambda t: identities.qvf_error(t, steps(n), v2, v),
        mutants={
            "n + 1 for n": lambda t: identities.qvf_error(t, steps(n + 1), v2, v),
            "the other workflow": lambda t: identities.qvf_error(t, other(n), v2, v),
            "v2 off by one": lambda t: identities.qvf_error(t, steps(n), v2 - 1, v),
        },
        law=quadratic_law(protocol, v, v2, generations),
    )


def _claim(id, steps):
    return claim(
        id,
        statement=_STATEMENT + rf",\quad e_k = {steps}",
        relation="==",
        provenance="derived",
        source=_SOURCE,
        domain=_SETTING,
    )


@_claim("common.qvf_product.bernoulli_replace", "1/n,\\ v_2 = -1")
def bernoulli_replace(p=0.3, n=5, generations=6):
    return _qvf(cj.Bernoulli(p), p * (1 - p), -1, "replace", n, generations)


@_claim("common.qvf_product.bernoulli_accumulate", "1/(n k^2),\\ v_2 = -1")
def bernoulli_accumulate(p=0.3, n=5, generations=10):
    return _qvf(cj.Bernoulli(p), p * (1 - p), -1, "accumulate", n, generations)


@_claim("common.qvf_product.poisson_replace", "1/n,\\ v_2 = 0")
def poisson_replace(rate=2.0, n=5, generations=6):
    return _qvf(cj.Poisson(rate), rate, 0, "replace", n, generations)


@_claim("common.qvf_product.poisson_accumulate", "1/(n k^2),\\ v_2 = 0")
def poisson_accumulate(rate=2.0, n=5, generations=10):
    return _qvf(cj.Poisson(rate), rate, 0, "accumulate", n, generations)


@_claim("common.qvf_product.exponential_replace", "1/n,\\ v_2 = 1")
def exponential_replace(mean=1.0, n=20, generations=4):
    return _qvf(cj.Exponential(mean), mean**2, 1, "replace", n, generations)


@_claim("common.qvf_product.exponential_accumulate", "1/(n k^2),\\ v_2 = 1")
def exponential_accumulate(mean=1.0, n=10, generations=10):
    return _qvf(cj.Exponential(mean), mean**2, 1, "accumulate", n, generations)


@claim(
    "common.replace_t2_equals_accumulate",
    statement=r"n_t = n t^2: \quad E(\tau_t-\tau_0)^2 = \frac{V(\tau_0)}{v_2}\left[\prod_{k=1}^{t}\left(1 + \frac{v_2}{n k^2}\right) - 1\right]",
    relation="==",
    provenance="derived",
    source="both workflows have e_t = 1/(n t^2)",
    domain=_SETTING,
)
def replace_t2_equals_accumulate(p=0.3, n=5, generations=10):
    """Replacement with n t^2 observations has the second moments of accumulation with n, whatever the family."""
    schedule = [n * t**2 for t in range(1, generations + 1)]
    return Check(
        cj.Bernoulli(p),
        cj.Replace(schedule),
        metric="squared_error",
        generations=generations,
        predicted=lambda t: identities.qvf_error(t, identities.accumulate_steps(n), -1, p * (1 - p)),
        mutants={
            "n_t = n t": lambda t: identities.qvf_error(t, lambda k: 1 / (n * k), -1, p * (1 - p)),
            "constant n": lambda t: identities.qvf_error(t, identities.replace_steps(n), -1, p * (1 - p)),
        },
        law=quadratic_law(cj.Replace(schedule), p * (1 - p), -1, generations),
    )


@claim(
    "common.second_moment_conservation",
    statement=r"E\,v_t + E(\mu_t - \mu_0)^2 = \sigma_0^2 \quad (\text{1/n variance, accumulation})",
    relation="==",
    provenance="derived",
    source="the fitted second moment is a martingale",
    domain=_SETTING,
)
def second_moment_conservation(n=6, generations=8):
    def second_moment(model, truth):
        return model.cov[..., 0, 0] + (model.mean[..., 0] - truth.mean[0]) ** 2

    return Check(
        cj.Gaussian(ddof=0),
        cj.Accumulate(n),
        metric=second_moment,
        generations=generations,
        predicted=lambda t: 1.0,
        mutants={
            "unbiased variance, 1 + 1/n": lambda t: 1 + 1 / n,
            "the variance alone": lambda t: identities.product(t, identities.accumulate_steps(n), -1),
        },
        bounds=(0, math.inf),
        # Given M = v + mu^2 the mean of n squares has variance (2 v^2 + 4 v mu^2)/n, at most 2 M^2/n.
        variance=lambda t: identities.product(t, identities.accumulate_steps(n), 2) - 1,
    )
