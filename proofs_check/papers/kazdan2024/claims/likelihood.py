"""Negative log-likelihood of kernel density estimates under replacement, the metric of the paper's panels (derived)."""

import math

import collapse_jax as cj
from collapse_jax.laws.domain import Integers, Positive, domain
from proofs_check.claim import Check, Computed, claim
from proofs_check.papers.kazdan2024 import densities
from proofs_check.papers.kazdan2024.claims.kernels import SETTING, estimate


def _variance(h, sigma):
    """Of the likelihood: between that of the peak of a kernel and the mean over the kernels, so at most E of its square."""

    def variance(t):
        wide = sigma**2 + (t - 1) * h**2
        return (sigma**4 + 2 * sigma**2 * wide + 3 * wide**2) / (4 * h**4)

    return variance


@claim(
    "kazdan2024.kde_nll_slope",
    statement=r"\frac{E\,\mathrm{NLL}_{2t} - E\,\mathrm{NLL}_t}{t} \longrightarrow \frac12 \quad (n = 2,\ d = 1,\ \text{any}\ h)",
    relation="==",
    regime="asymptotic",
    provenance="derived",
    source="d/2 nats a generation, whatever h: the clump wanders by h^2 a step, and far points see its nearest kernel",
    domain=domain(h=Positive, sigma=Positive, at=Integers(1)),
)
def kde_nll_slope(h=0.5, sigma=1.0, at=(10**4, 10**6, 10**8)):
    """Exact for two points: the upper line of kazdan2024.kde_nll_between less E log cosh, which grows as the root of t. The
    allowance is what that takes away."""

    def slope(t):
        return (densities.nll_of_two(2 * t, h, sigma) - densities.nll_of_two(t, h, sigma)) / t

    return Computed(
        slope,
        lambda t: 0.5,
        {"d nats": lambda t: 1.0, "(1 - 1/n) d/2": lambda t: 0.25, "h nats": lambda t: h + 0.1},
        at=tuple(at),
        allowance=lambda t: 2 / (math.pi * h * t) * math.sqrt(2 * sigma**2 + 2 * t * h**2),
        tolerance=1e-7,
    )


@claim(
    "kazdan2024.kde_nll_between",
    statement=(
        r"\tfrac d2 \log 2\pi(\sigma^2 + t h^2) + \frac{d \sigma^2}{2(\sigma^2 + t h^2)} \le E\,\mathrm{NLL}_t \le"
        r" \tfrac d2 \log 2\pi h^2 + d\,\frac{2\sigma^2 + (t-1) h^2}{2 h^2}"
    ),
    relation="between",
    provenance="derived",
    source="Jensen over the models, and over the kernels; replacement",
    domain=SETTING & domain(d=Integers(1, 1)),
)
def kde_nll_between(n=4, h=1.0, sigma=1.0, d=1, generations=5):
    def around(low, high):
        return lambda t: (low(t), high(t))

    def lower(t):
        return densities.nll_lower(t, h, sigma, d)

    def upper(t):
        return densities.nll_upper(t, h, sigma, d)

    return Check(
        estimate(h, sigma, d),
        cj.Replace(n),
        metric="nll",
        generations=generations,
        predicted=around(lower, upper),
        mutants={
            "the lower line on both sides": around(lower, lower),
            "the upper line on both sides": around(upper, upper),
        },
        bounds=(d / 2 * math.log(2 * math.pi * math.e * sigma**2), math.inf),
        variance=_variance(h, sigma) if d == 1 else None,
    )


@claim(
    "kazdan2024.kde_nll_one",
    statement=r"E\,\mathrm{NLL}_t = \tfrac d2 \log 2\pi h^2 + d\,\frac{2\sigma^2 + (t-1) h^2}{2 h^2} \quad (n = 1)",
    relation="==",
    provenance="derived",
    source="one point is one kernel: the upper line of kazdan2024.kde_nll_between is attained, with slope d/2 from the start",
    domain=SETTING,
)
def kde_nll_one(h=1.0, sigma=1.0, generations=6):
    return Check(
        estimate(h, sigma),
        cj.Replace(1),
        metric="nll",
        generations=generations,
        predicted=lambda t: densities.nll_upper(t, h, sigma, 1),
        mutants={
            "slope d": lambda t: densities.nll_upper(2 * t - 1, h, sigma, 1),
            "slope 0": lambda t: densities.nll_upper(1, h, sigma, 1),
            "the line of t + 1": lambda t: densities.nll_upper(t + 1, h, sigma, 1),
        },
        bounds=(math.log(2 * math.pi * h**2) / 2, math.inf),
        variance=lambda t: (sigma**2 + (t - 1) * h**2) ** 2 / (2 * h**4),
    )


@claim(
    "kazdan2024.kde_nll_two",
    statement=r"E\,\mathrm{NLL}_t = \tfrac12 \log 2\pi h^2 + \frac{2\sigma^2 + (t-1) h^2}{2 h^2} - E \log\cosh\frac{u\,\delta}{2 h^2} \quad (n = 2)",
    relation="==",
    provenance="derived",
    source="two points at distance delta, u from their middle: their lines of descent meet k generations back at random",
    domain=SETTING,
)
def kde_nll_two(h=1.0, sigma=1.0, generations=6):
    """What kazdan2024.kde_nll_slope follows to large t, simulated."""
    return Check(
        estimate(h, sigma),
        cj.Replace(2),
        metric="nll",
        generations=generations,
        predicted=lambda t: densities.nll_of_two(t, h, sigma),
        mutants={
            "one point": lambda t: densities.nll_upper(t, h, sigma, 1),
            "one generation late": lambda t: densities.nll_of_two(max(t - 1, 1), h, sigma),
        },
        bounds=(math.log(2 * math.pi * h**2) / 2, math.inf),
        variance=_variance(h, sigma),
    )


@claim(
    "kazdan2024.kde_blobs_as_coded",
    statement=r"E|x_{\mathrm{test}} - x_{\mathrm{train}}|^2 = 2 d \left[s^2 + \frac{L^2}{3} \left(1 - \tfrac1K\right)\right]",
    relation="==",
    provenance="code",
    source="make_blobs is called again for the test set without centers=, so that its K = 3 centres are new ones",
    expected="REFUTED",
    domain=domain(s=Positive, half=Positive, d=Integers(1), K=Integers(2)),
)
def kde_blobs_as_coded(s=1.0, half=10.0, d=2, K=(2, 3, 5)):
    """Stated is the distance of two points of one mixture, centres uniform in [-L, L]^d and spread s; computed that of points
    of two mixtures. The panel shows how far two random mixtures are apart, not how a fit ages: its figure has both."""

    def apart(share):
        return 2 * d * (s**2 + half**2 / 3 * share)

    return Computed(
        lambda K: apart(1),
        lambda K: apart(1 - 1 / K),
        {"one centre more": lambda K: apart(1 - 1 / (K + 1))},
        at=tuple(K),
        index="K",
    )
