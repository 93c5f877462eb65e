"""The mean and the variance of a chain with a schedule of sample sizes."""

import math

import collapse_jax as cj
from collapse_jax import laws
from collapse_jax.laws.domain import Integers, domain
from proofs_check.claim import Check, Computed, claim
from proofs_check.curves import interpolated, quadratic_law
from proofs_check.papers.xu2025 import theory

_SETTING = domain(n=Integers(3))


def _walk(growth, n, generations):
    sizes = theory.schedule(n, generations, growth)
    # n_k t^s is the whole schedule; squared mean errors of a Gaussian of known variance have variance 2 (sum 1/n)^2
    return Check(
        cj.Gaussian(known_cov=True),
        cj.Replace(sizes),
        metric="mean_error",
        generations=generations,
        predicted=lambda t: theory.mean_error(t, sizes),
        mutants={
            "constant sizes": lambda t: t / n,
            "one generation ahead": lambda t: theory.mean_error(t - 1, sizes) if t > 1 else 0.5 / n,
        }
        if growth != "constant"
        else {"n + 2 for n": lambda t: t / (n + 2), "accumulation": lambda t: laws.identities.harmonic2(t) / n},
        variance=lambda t: 2 * theory.mean_error(t, sizes) ** 2,
        law=quadratic_law(cj.Replace(sizes), 1.0, 0, generations),
    )


@claim(
    "xu2025.walk",
    statement=r"E\,\|\mu_t - \mu_0\|^2 = \operatorname{tr}\Sigma_0 \sum_{k \le t} \frac{1}{n_k} \quad (n_k = n k^2: \text{ at most } \tfrac{\pi^2}{6 n})",
    relation="==",
    provenance="derived",
    source="steps of a random walk; superlinear growth, as the paper asks for",
    domain=_SETTING,
)
def walk(n=10, generations=10):
    return _walk("square", n, generations)


@claim(
    "xu2025.walk_linear",
    statement=r"E\,\|\mu_t - \mu_0\|^2 = \frac{\operatorname{tr}\Sigma_0}{n} \sum_{k \le t} \frac1k \to \infty \quad (n_k = n k)",
    relation="==",
    provenance="derived",
    source="linear growth is not enough: the harmonic series",
    domain=_SETTING,
)
def walk_linear(n=10, generations=10):
    return _walk("linear", n, generations)


@claim(
    "xu2025.walk_threshold",
    statement=r"\sum_{k \le t} \frac{1}{n k^{1+s}} \in \left[\frac{\zeta(1 + s)}{n} - \frac{t^{-s}}{n s},\ \frac{\zeta(1 + s)}{n}\right] \text{ for every } s > 0",
    relation="between",
    provenance="note",
    source="superlinear growth is needed and enough; integral test for n_k = n k^{1+s}, s = 1/2",
    domain=domain(n=Integers(1)),
)
def walk_threshold(n=10):
    from scipy.special import zeta

    def within(s):
        return lambda t: ((zeta(1 + s) - t**-s / s) / n, zeta(1 + s) / n)

    return Computed(
        lambda t: sum(k**-1.5 for k in range(1, t + 1)) / n,
        within(0.5),
        mutants={"s = 0.6": within(0.6), "s = 0.45": within(0.45)},
        at=(1, 10, 100, 1000, 10000),
        rung="identity",
    )


@claim(
    "xu2025.var_moments",
    statement=r"E\,v_t^2 = \sigma_0^4 \prod_{k \le t} \left(1 + \frac{2}{n_k - 1}\right),\quad E\,v_t = \sigma_0^2 \quad (\text{unbiased variance})",
    relation="==",
    provenance="derived",
    source="independent chi-square factors; n_k = n k^2, for which the variance keeps a limit law instead of vanishing",
    domain=_SETTING,
)
def var_moments(n=20, generations=8):
    sizes = theory.schedule(n, generations, "square")

    def squared_variance(model, truth):
        return model.cov[..., 0, 0] ** 2

    def fourth(t):
        return math.prod((1 + 2 / (k - 1)) * (1 + 4 / (k - 1)) * (1 + 6 / (k - 1)) for k in sizes[:t])

    return Check(
        cj.Gaussian(ddof=1),
        cj.Replace(sizes),
        metric=squared_variance,
        generations=generations,
        predicted=lambda t: theory.second_moment(t, sizes),
        mutants={
            "constant sizes": lambda t: (1 + 2 / (n - 1)) ** t,
            "n for n - 1, and one variance": lambda t: 1.0,
        },
        bounds=(0, math.inf),
        variance=lambda t: fourth(t) - theory.second_moment(t, sizes) ** 2,
    )


@claim(
    "xu2025.var_moments_mle",
    statement=r"E\,v_t = \sigma_0^2 \prod_{k \le t} \left(1 - \frac{1}{n_k}\right) \quad (\text{1/n variance},\ n_k = n k)",
    relation="==",
    provenance="derived",
    source="linear growth: the product vanishes as t^(-1/n)",
    domain=_SETTING,
)
def var_moments_mle(n=4, generations=10):
    sizes = theory.schedule(n, generations, "linear")
    return Check(
        cj.Gaussian(ddof=0),
        cj.Replace(sizes),
        metric="variance",
        generations=generations,
        predicted=lambda t: theory.mle_variance(t, sizes),
        mutants={
            "constant sizes": lambda t: (1 - 1 / n) ** t,
            "unbiased variance": lambda t: 1.0,
            "n_k = n k^2": lambda t: theory.mle_variance(t, theory.schedule(n, generations, "square")),
        },
        bounds=(0, math.inf),
        variance=lambda t: laws.moments.gaussian_replace(sizes[:t], 0).variance,
        law=lambda t: 1 - quadratic_law(cj.Replace(sizes), 1.0, -1, generations)(t),
        law_error=1e-14,
    )


@claim(
    "xu2025.var_moments_law",
    statement=r"\log\frac{v_t}{\sigma_0^2} \sim \sum_{k \le t} \log\frac{\chi^2_{n_k - 1}}{n_k - 1} \quad (n_k = n k)",
    relation="law",
    provenance="derived",
    source="product of independent chi-squares with a schedule; distribution function by Gil-Pelaez inversion",
    domain=domain(n=Integers(3), generations=Integers(2)),
)
def var_moments_law(n=4, generations=10):
    """All of what var_moments says of two moments, which are heavy-tailed for constant sizes."""

    def law(n, growth):
        sizes = theory.schedule(n, generations, growth)

        def cdf(grid):
            return laws.gaussian.log_variance_cdf(grid, generations, sizes, 1)

        return lambda x: interpolated(cdf, x)

    return Check(
        cj.Gaussian(ddof=1),
        cj.Replace(theory.schedule(n, generations, "linear")),
        metric="log_variance",
        generations=generations,
        predicted=law(n, "linear"),
        mutants={
            "constant sizes": law(n, "constant"),
            "n_k = n k^2": law(n, "square"),
            "n + 1 for n": law(n + 1, "linear"),
        },
    )
