"""Corrected loops: exact moments, the rate of the stability theorem, and what the toy script runs."""

import math

import collapse_jax as cj
from collapse_jax import laws
from collapse_jax.laws.domain import Integers, NonNegative, Positive, domain
from proofs_check.claim import Check, Computed, claim
from proofs_check.curves import along
from proofs_check.papers.gillman2024 import theory

_SETTING = domain(n_real=Integers(2), n=Integers(1), gamma=NonNegative)


@claim(
    "gillman2024.exact_mean",
    statement=r"E(\mu_t - \mu_0)^2 = r^{t-1} m + \sum_{k<t} r^{t-1-k} \left[p^2 m + \tfrac{q^2}{n} + 2 p x m (c + (1 - c) x^{k-1})\right]",
    relation="==",
    provenance="derived",
    source="fits on one real sample and n corrected observations; m = 1/n_r, x = q/(1 + gamma), r = x^2 (1 - 1/n), c = p/(1 - x)",
    domain=_SETTING,
)
def exact_mean(n=12, n_real=4, gamma=0.5, generations=6):
    """The law beside it is the three-moment map laws.loops.corrected_real, which does not use that second moments are
    conserved."""
    return Check(
        cj.Gaussian(ddof=0),
        cj.Corrected(cj.FixedReal(n, n_real=n_real), gamma=gamma),
        metric="mean_error",
        generations=generations,
        predicted=lambda t: theory.error(t, n_real, n, gamma),
        mutants={
            "no correction": lambda t: theory.error(t, n_real, n, 0),
            "twice the synthetic data": lambda t: theory.error(t, n_real, 2 * n, gamma),
            "the real sample alone": lambda t: 1 / n_real,
        },
        law=along(laws.loops.corrected_real(n_real, n, generations, gamma)[:, 1]),
    )


@claim(
    "gillman2024.exact_conserved",
    statement=r"E\,v_t + E(\mu_t - \mu_0)^2 = \sigma_0^2 \quad (\text{1/n variance})",
    relation="==",
    provenance="derived",
    source="real, synthetic and corrected observations all have second moment sigma_0^2 on average",
    domain=_SETTING,
)
def exact_conserved(n=12, n_real=4, gamma=0.5, generations=6):
    def second_moment(model, truth):
        return model.cov[..., 0, 0] + (model.mean[..., 0] - truth.mean[0]) ** 2

    found = laws.loops.corrected_real(n_real, n, generations, gamma)
    return Check(
        cj.Gaussian(ddof=0),
        cj.Corrected(cj.FixedReal(n, n_real=n_real), gamma=gamma),
        metric=second_moment,
        generations=generations,
        predicted=lambda t: 1.0,
        mutants={"the variance alone": along(found[:, 2]), "unbiased variance": lambda t: 1 + 1 / (n + n_real)},
        bounds=(0, math.inf),
        law=along(found[:, 1] + found[:, 2]),
    )


@claim(
    "gillman2024.exact_limit",
    statement=r"M \to \frac{\frac{p^2}{n_r} \frac{1 + q w}{1 - q w} + \frac{q^2}{n}}{1 - q^2 w^2 (1 - \frac1n)}",
    relation="==",
    provenance="derived",
    source="fixed point of the map in gillman2024.exact_mean, beside its two-hundredth iterate",
    domain=_SETTING & domain("n <= 4 * n_real"),
)
def exact_limit(n=25, n_real=50):
    """At the sizes of the toy example. Correction of any strength helps, and infinite strength is a fresh real sample
    of n beside the fixed one, 1/(n_r + n)."""
    strengths = (0.0, 0.01, 0.03, 0.1, 0.3, 1.0, 2.0, 5.0)

    def stated(n):
        return lambda k: theory.limit_error(n_real, n, strengths[k])

    return Computed(
        lambda k: laws.loops.corrected_real(n_real, n, 200, strengths[k])[-1, 1],
        stated(n),
        mutants={"n + 1 for n": stated(n + 1), "no correction": lambda k: theory.limit_error(n_real, n, 0)},
        at=tuple(range(len(strengths))),
        index="place in the list of gamma",
        rung="identity",
    )


@claim(
    "gillman2024.thm",
    statement=r"|\theta_t - \theta^*| \le \left(\frac{\rho}{1 + \gamma}\right)^t |\theta_0 - \theta^*|,\quad \rho = \frac{\lambda}{1 - \lambda},\ \lambda < \frac{1 + \gamma}{2 + \gamma}",
    relation="<=",
    provenance="recalled",
    source="stability theorem without its sampling error tau(n), for a well-specified model: the mean of a Gaussian",
    domain=domain(lam=Positive, gamma=NonNegative, start=Positive),
)
def thm(lam=0.05, gamma=0.5, start=1.0):
    """Infinitely many samples: the fit is the average of the real mean theta^* and of the corrected one,
    (theta_t + gamma theta^*)/(1 + gamma). True; the exact rate lambda/((1 + lambda)(1 + gamma)) is below 1 for all
    lambda, so the condition is of the proof."""
    path = [start]
    for _ in range(5):
        path.append(lam * (path[-1] / (1 + gamma)) / (1 + lam))
    bound = theory.rate_bound(lam, gamma)
    return Computed(
        lambda t: path[t],
        lambda t: bound**t * start,
        mutants={
            "4/5 of the rate": lambda t: (0.8 * bound) ** t * start,
            "gamma counted twice": lambda t: (bound / (1 + gamma)) ** t * start,
        },
        at=(1, 2, 3, 4, 5),
        rung="identity",
    )


@claim(
    "gillman2024.thm_rate",
    statement=r"\frac{E\,m_0\mu_{t+1} - c}{E\,m_0\mu_t - c} = \frac{\lambda}{(1 + \lambda)(1 + \gamma)},\quad c = \lim E\,m_0\mu_t",
    relation="==",
    provenance="derived",
    source="the conditional mean of the exact loop with finitely many samples contracts at this rate at every step, for any lambda",
    domain=domain(gamma=NonNegative),
)
def thm_rate(gamma=0.5):
    """Given a real sample of mean 1 and variance 1; no n but in lambda = n/n_r, and no condition on it."""

    def measured(k):
        means = laws.loops.corrected_real(10, k, 4, gamma, 1.0, 1.0)[:, 0]
        return (means[2] - means[1]) / (means[1] - means[0])

    return Computed(
        measured,
        lambda k: theory.rate(k / 10, gamma),
        mutants={
            "the stated bound": lambda k: k / 10 / (1 + gamma),
            "no correction": lambda k: theory.rate(k / 10, 0),
            "1 + 2 gamma": lambda k: theory.rate(k / 10, 2 * gamma),
        },
        at=(1, 3, 10, 30, 100),
        index="10 lambda",
        rung="identity",
    )


@claim(
    "gillman2024.exact_pool",
    statement=r"\sum_{i=1}^{t} \lfloor \tfrac it n \rfloor \in \left[\tfrac{(t+1) n}{2} - t,\ \tfrac{(t+1) n}{2}\right]",
    relation="between",
    provenance="code",
    source="synthetic points that the authors' toy script (accumulate_synth_examples=True) fits at generation t",
    domain=domain(n=Integers(1)),
)
def exact_pool(n=25):
    """25 at the first step and 6,025 at the 500th, beside 50 real ones."""
    return Computed(
        lambda t: sum(len(range(n)[: int((i + 1) / t * n)]) for i in range(t)),
        lambda t: ((t + 1) * n / 2 - t, (t + 1) * n / 2),
        mutants={
            "all points of all generations": lambda t: ((t + 1) * n - t, (t + 1) * n),
            "the last one only": lambda t: (n - t, n),
        },
        at=(2, 5, 20, 100, 500),
        rung="identity",
    )


@claim(
    "gillman2024.exact_pool_constant",
    statement=r"\sum_{i=1}^{t} \lfloor \tfrac it n \rfloor = n: \text{ the share of synthetic data is that of the theorem, } \lambda = n/n_r",
    relation="==",
    provenance="code",
    source="n_samples_synthetic = 25 of the authors' toy script, read as the number of synthetic points per fit",
    expected="REFUTED",
    domain=domain(n=Integers(1)),
)
def exact_pool_constant(n=25):
    """So the plotted curves are those of a loop whose lambda grows from .5 to 120; gillman2024.toy shows both."""
    return Computed(
        lambda t: float(theory.pool(t, n)),
        lambda t: float(n),
        mutants={"twice": lambda t: 2.0 * n},
        at=(2, 5, 20, 100, 500),
        rung="identity",
    )


@claim(
    "gillman2024.exact_envelope",
    statement=r"\frac{f(x)}{M g(x)} \le 1,\quad M = \frac{\max f}{\max g},\ g = N(0, I)",
    relation="<=",
    provenance="code",
    source="rejection sampler of the authors' toy script; here f = N(0, s^2 I), a density as the histogram of a fit may be, at |x| = 1, 2, 3",
    expected="REFUTED",
    domain=domain(s=Positive),
)
def exact_envelope(s=1.1):
    """The ratio of the maxima bounds f/g only where f falls off no slower than g; it is exp(x^2 (1 - 1/s^2)/2) here. A
    histogram of 25 points on ten by ten cells has such cells in practically every generation."""
    return Computed(
        lambda x: math.exp(-(x**2) / (2 * s**2)) / math.exp(-(x**2) / 2),
        lambda x: 1.0,
        mutants={"less than 0.9": lambda x: 0.9},
        at=(1, 2, 3),
        index="x",
        rung="identity",
    )
