"""How kernel density estimates spread: second moment and variance of the fitted density (derived)."""

import math

import collapse_jax as cj
from collapse_jax import laws
from collapse_jax.laws.domain import Integers, domain
from proofs_check.claim import Check, Computed, claim
from proofs_check.curves import along
from proofs_check.papers.kazdan2024 import densities
from proofs_check.papers.kazdan2024.claims.kernels import SETTING, estimate


def second_moment(model, truth):
    """Of the fitted density along the first axis."""
    return model.present @ model.points[..., 0].T ** 2 / model.number + model.bandwidth**2


def _by_kernels(workflow, h, sigma, generations):
    """The second moment from the number of kernels between the truth and a draw."""
    kernels = laws.kde.kernels(laws.pedigree.of(workflow, generations))
    return along(sigma**2 + h**2 * kernels @ range(1, generations + 1))


def _by_conservation(second, step, n, generations):
    """The variance as what the second moment leaves: the mean moves by the variance of n draws, times the step squared."""
    moved, curve = second(1) * 0, []
    spread = second(0)
    for t in range(1, generations + 1):
        moved += step(t) ** 2 * spread / n
        spread = second(t) - moved
        curve.append(spread)
    return along(curve)


@claim(
    "kazdan2024.kde_replace_second_moment",
    statement=r"E \int x^2 f_t(x)\,dx = \sigma^2 + t h^2",
    relation="==",
    provenance="derived",
    source="replacement: every generation adds one kernel; spreads linearly",
    domain=SETTING,
)
def kde_replace_second_moment(n=6, h=0.5, sigma=1.0, generations=5):
    return Check(
        estimate(h, sigma),
        cj.Replace(n),
        metric=second_moment,
        generations=generations,
        predicted=lambda t: densities.replace_second_moment(t, h, sigma),
        mutants={
            "accumulate": lambda t: densities.accumulate_second_moment(t, h, sigma) if t > 1 else sigma**2,
            "t - 1 kernels": lambda t: densities.replace_second_moment(t - 1, h, sigma) if t > 1 else sigma**2,
        },
        bounds=(0, math.inf),
        law=_by_kernels(cj.Replace(n), h, sigma, generations),
    )


@claim(
    "kazdan2024.kde_replace_spread",
    statement=r"E \operatorname{Var} f_t = n h^2 + \left(1 - \tfrac1n\right)^{t-1} \left[(1 - \tfrac1n) \sigma^2 - (n - 1) h^2\right]",
    relation="==",
    provenance="derived",
    source="replacement: each run is a clump of bounded width that wanders. The width is kept where h^2 = sigma^2/n",
    domain=SETTING,
)
def kde_replace_spread(n=6, h=0.5, sigma=1.0, generations=5):
    def second(t):
        return densities.replace_second_moment(t, h, sigma) if t else sigma**2

    return Check(
        estimate(h, sigma),
        cj.Replace(n),
        metric="variance",
        generations=generations,
        predicted=lambda t: densities.replace_spread(t, n, h, sigma),
        mutants={
            "the whole second moment": lambda t: densities.replace_second_moment(t, h, sigma),
            "n + 1 for n": lambda t: densities.replace_spread(t, n + 1, h, sigma),
        },
        law=_by_conservation(second, lambda t: 1, n, generations),
    )


@claim(
    "kazdan2024.kde_accumulate_second_moment",
    statement=r"E \int x^2 f_t(x)\,dx = \sigma^2 + h^2 \sum_{k=1}^t \frac1k",
    relation="==",
    provenance="derived",
    source="accumulation: harmonic, the 'glacial' divergence that a summary of the paper speaks of",
    domain=SETTING,
)
def kde_accumulate_second_moment(n=5, h=0.5, sigma=1.0, generations=5):
    return Check(
        estimate(h, sigma),
        cj.Accumulate(n),
        metric=second_moment,
        generations=generations,
        predicted=lambda t: densities.accumulate_second_moment(t, h, sigma),
        mutants={
            "replace": lambda t: densities.replace_second_moment(t, h, sigma),
            "one kernel": lambda t: sigma**2 + h**2,
        },
        bounds=(0, math.inf),
        law=_by_kernels(cj.Accumulate(n), h, sigma, generations),
    )


@claim(
    "kazdan2024.kde_accumulate_spread",
    statement=r"E \operatorname{Var} f_t = V_t + h^2,\quad V_{t+1} = V_t + \frac{h^2}{t+1} - \frac{V_t + h^2}{n (t+1)^2}",
    relation="==",
    provenance="derived",
    source="accumulation; V_1 = (1 - 1/n) sigma^2",
    domain=SETTING,
)
def kde_accumulate_spread(n=5, h=0.5, sigma=1.0, generations=5):
    def second(t):
        return densities.accumulate_second_moment(t, h, sigma) if t else sigma**2

    return Check(
        estimate(h, sigma),
        cj.Accumulate(n),
        metric="variance",
        generations=generations,
        predicted=lambda t: densities.accumulate_spread(t, n, h, sigma),
        mutants={
            "the whole second moment": lambda t: densities.accumulate_second_moment(t, h, sigma),
            "replace": lambda t: densities.replace_spread(t, n, h, sigma),
        },
        law=_by_conservation(second, lambda t: 1 / t, n, generations),
    )


@claim(
    "kazdan2024.kde_accumulate_scott",
    statement=r"E \int x^2 f_t(x)\,dx = \sigma^2 + h_t^2 + \sum_{s<t} \frac{h_s^2}{s+1} < \infty,\quad h_s = (s n)^{-1/(d+4)}",
    relation="==",
    provenance="derived",
    source="the authors' 'scott' is scikit-learn's, which depends on the size of the pool and not on the spread of the data",
    domain=SETTING,
)
def kde_accumulate_scott(n=10, sigma=2.0, generations=5):
    """Any bandwidth that narrows as a power of the size of the pool stops the logarithmic spread. The mutants are what the
    name would let one expect."""

    pedigree = laws.pedigree.of(cj.Accumulate(n), generations)
    added = [0.0]
    for t, row in enumerate(pedigree.weights, 1):
        # data set k comes from model k, fitted on k n points
        added.append(sum(row[k] * (added[k] + (k * n) ** -0.4) for k in range(1, t)))

    def scaled(t):
        return sigma**2 * densities.scott_second_moment(t, n, 1.0, 1)

    return Check(
        cj.KDE("scott", scales=sigma),
        cj.Accumulate(n),
        metric=second_moment,
        generations=generations,
        predicted=lambda t: densities.scott_second_moment(t, n, sigma, 1),
        mutants={
            "Scott's rule, times the standard deviation": scaled,
            "n of the last generation only": lambda t: densities.accumulate_second_moment(t, n**-0.2, sigma),
        },
        bounds=(0, math.inf),
        law=lambda t: sigma**2 + added[t] + (t * n) ** -0.4,
    )


@claim(
    "kazdan2024.kde_fresh_second_moment",
    statement=r"E \int x^2 f_t(x)\,dx = \sigma^2 + \frac{h^2}{p} \left(1 - q^t\right) \longrightarrow \sigma^2 + \frac{h^2}{p}",
    relation="==",
    provenance="derived",
    source="a share p of real points in every fit, new ones or the same: bounded. The first fit sees real points only",
    domain=SETTING & domain(at=Integers(1)),
)
def kde_fresh_second_moment(n=12, n_real=6, h=0.5, sigma=1.0, at=(1, 2, 5, 20)):
    p = n_real / (n + n_real)
    law = _by_kernels(cj.FreshReal(n, n_real=n_real), h, sigma, max(at))
    return Computed(
        law,
        lambda t: sigma**2 + h**2 / p * (1 - (1 - p) ** t),
        {
            "the limit": lambda t: sigma**2 + h**2 / p,
            "linear": lambda t: densities.replace_second_moment(t, h, sigma),
        },
        at=tuple(at),
    )
