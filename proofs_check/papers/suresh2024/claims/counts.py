"""Theorem 2: Poisson counts, whose zero absorbs (a critical branching process)."""

from functools import lru_cache

import collapse_jax as cj
from collapse_jax.laws.domain import Integers, Positive, domain
from proofs_check.claim import Check, Computed, claim
from proofs_check.curves import along, quadratic_law
from proofs_check.papers.suresh2024 import theory

SETTING = domain(n=Integers(1), rate=Positive, generations=Integers(1))


def alive(model, truth):
    """Whether a count other than 0 can still fall."""
    return model.rate > 0


@lru_cache(maxsize=2)
def _survival(mean, generations, states=400):
    """P(Z_k > 0), k = 1 .., of the chain Z_{k+1} ~ Poisson(Z_k), Z_1 ~ Poisson(mean), cut off at a number of states."""
    import numpy as np
    from scipy.stats import poisson

    z = np.arange(states)
    matrix = poisson.pmf(z, z[:, None])
    law, curve = poisson.pmf(z, mean), []
    for _ in range(generations):
        curve.append(1 - law[0])
        law = law @ matrix
    return curve


@claim(
    "suresh2024.thm2",
    statement=r"P(\Lambda_k \ne 0) = 1 - e^{-n \lambda_0 g_k}",
    relation="==",
    provenance="code",
    source="Theorem 2, as typed in the authors' notebook (which prints [1/k, 3/k] for g_k)",
    domain=SETTING,
)
def thm2(n=10, rate=0.3, generations=20):
    """Exact. The law beside it is the Markov chain of the totals, 400 states of it."""
    return Check(
        cj.Poisson(rate),
        cj.Replace(n),
        metric=alive,
        generations=generations,
        at=tuple(t for t in (1, 2, 5, 10, 20) if t <= generations) or (generations,),
        statistic="probability",
        scale=0.5,
        predicted=lambda t: theory.poisson_alive(t, n, rate),
        mutants={
            "1/k for g_k": lambda t: theory.remembered(t, n * rate),
            "2/k for g_k": lambda t: theory.remembered(t / 2, n * rate),
            "n + 2 for n": lambda t: theory.poisson_alive(t, n + 2, rate),
        },
        law=along(_survival(n * rate, generations)),
    )


@claim(
    "suresh2024.thm2.variance",
    statement=r"E (\Lambda_k - \lambda_0)^2 = \frac{k \lambda_0}{n}",
    relation="==",
    provenance="derived",
    source="the second-moment identity with V(lambda) = lambda, v_2 = 0",
    domain=SETTING,
)
def thm2_variance(n=10, rate=2.0, generations=4):
    """The mean stays while almost every chain is absorbed: what is left grows."""
    return Check(
        cj.Poisson(rate),
        cj.Replace(n),
        metric="squared_error",
        generations=generations,
        predicted=lambda t: theory.poisson_variance(t, n, rate),
        mutants={
            "n + 2 for n": lambda t: theory.poisson_variance(t, n + 2, rate),
            "one generation late": lambda t: theory.poisson_variance(t - 1, n, rate),
        },
        law=quadratic_law(cj.Replace(n), rate, 0, generations),
        variance=lambda t: _fourth(t, n, rate) - (t * rate / n) ** 2,
    )


def _fourth(t, n, rate):
    r"""$E (\Lambda_t - \lambda_0)^4$: cumulants of a total that is a sum of n lambda_0-Poisson many branching processes.

    The cumulants $c_j$ of $Z_t$ follow from $\log E e^{u Z_{k+1}} = K_k(e^u - 1)$, $K_1 = n \lambda_0 (e^u - 1)$.
    """
    c1 = n * rate
    c2 = c3 = c4 = c1
    for _ in range(t - 1):
        c2, c3, c4 = c1 + c2, c1 + 3 * c2 + c3, c1 + 7 * c2 + 6 * c3 + c4
    return (c4 + 3 * c2**2) / n**4


@claim(
    "suresh2024.thm2.time",
    statement=r"E \min(T, G) \ge \lambda \log\frac{G + \lambda}{1 + \lambda} \to \infty, \quad T = \min\{k : \Lambda_k = 0\},\ \lambda = n \lambda_0",
    relation=">=",
    provenance="derived",
    source="Theorem 2 with g_k >= 1/k: the mean time to collapse is infinite, although collapse is certain",
    domain=domain(count=Positive, G=Integers(2)),
)
def thm2_time(count=10.0, G=(2, 10, 100, 1000, 5000)):
    """No sample mean of collapse times should be reported for Poisson counts; medians and probabilities can be."""

    def time(last):
        value, g = 1.0, 1.0
        for _ in range(1, last):
            value, g = value + theory.remembered(1 / g, count), theory.remembered(1, g)
        return value

    return Computed(
        time,
        lambda last: theory.poisson_time(last, count),
        {
            "three times it": lambda last: 3 * theory.poisson_time(last, count),
            "linear in G, as if never absorbed": lambda last: float(last),
        },
        at=tuple(G),
        index="G",
    )
