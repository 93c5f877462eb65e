"""Regression: a fixed design, fresh ones, logistic labels; and one weight for all of them."""

import numpy as np

import collapse_jax as cj
from collapse_jax.laws import pedigree
from collapse_jax.laws.domain import Integers, Interval, Positive, domain, domain_of
from collapse_jax.optimise import bracket
from proofs_check.claim import Check, Computed, claim
from proofs_check.curves import along, least_squares_law, quadratic_law
from proofs_check.papers.he2025 import theory

_WEIGHT = Interval("(0, 1]")
_GOLDEN = 0.618033988749895
_POINTS = ((1, -1), (1, 0), (1, 1))
"""An intercept and a covariate with three values, visited at random."""


@claim(
    "he2025.linreg_fixed",
    statement=r"E\|\hat\beta_t-\beta\|^2 \to \frac{w^2+(1-w)^2}{w(2-w)}\,\sigma^2 E\operatorname{tr}(X'X)^{-1},\quad \text{and along finite } t",
    relation="==",
    provenance="derived",
    source="the authors' code for a fixed X with m = n; exact for every t, here for Gaussian X, whose trace is d/(n - d - 1)",
    domain=domain("n >= d + 4", n=Integers(2), d=Integers(1), sigma2=Positive, w=_WEIGHT),
)
def linreg_fixed(n=40, d=5, sigma2=1.0, w=_GOLDEN, generations=10):
    workflow = cj.FreshReal(n, n_real=n, weight=w)
    one = sigma2 * d / (n - d - 1)

    def stated(t, w=w):
        return one * n * theory.mean_error(t, n, n, w)

    return Check(
        cj.LinearRegression(d=d, sigma2=sigma2, design="shared"),
        workflow,
        metric="risk",
        generations=generations,
        predicted=stated,
        mutants={
            "pooling": lambda t: stated(t, w=0.5),
            "no gain over one real fit": lambda t: one,
            "d/n for d/(n - d - 1)": lambda t: stated(t) * (n - d - 1) / n,
        },
        law=least_squares_law(workflow, d, n, sigma2, generations),
    )


@claim(
    "he2025.linreg_index",
    statement=r"E\,\ell_t = \max(t, 1)\,\sigma^2 \operatorname{tr}(X'X)^{-1} \quad (\text{entry } t = 0, 1, \ldots \text{ of the losses, all labels synthetic})",
    relation="==",
    provenance="code",
    source="the authors' routine for linear regression: entry 1 fits the real labels again; in their Gaussian routine it is t + 1",
)
def linreg_index(generations=6):
    """From the pedigree of what is coded: fits 1 and 2 see the real labels, fit t labels of model t - 1."""
    shares = np.eye(generations + 1)
    shares[1] = shares[0]
    fits = pedigree.of_weights(shares)
    variance = (pedigree.coefficients(fits) ** 2).sum(1)
    return Computed(
        lambda t: variance[t],
        lambda t: float(max(t, 1)),
        {"t + 1, that of the Gaussian routine": lambda t: t + 1.0, "1": lambda t: 1.0},
        at=tuple(range(generations + 1)),
    )


@claim(
    "he2025.unified",
    statement=r"E(\hat\theta_t-\theta)^2 \to \frac{w^2+k(1-w)^2}{w(2-w)}\,\frac{V(\theta)}{n},\quad k = \tfrac nm,\quad \text{also where } V \text{ depends on } \theta",
    relation="==",
    provenance="note",
    source="abstract: one optimal weight for all of the models; form derived, here the mean of a Poisson law, for which it is exact at every t",
    domain=domain(rate=Positive) & domain_of(theory.mean_error),
)
def unified(rate=3.0, n=20, m=40, w=0.5, generations=10):
    workflow = cj.FreshReal(m, n_real=n, weight=w)
    return Check(
        cj.Poisson(rate),
        workflow,
        metric="squared_error",
        generations=generations,
        predicted=lambda t: rate * theory.mean_error(t, n, m, w),
        mutants={
            "m = n": lambda t: rate * theory.mean_error(t, n, n, w),
            "pooling": lambda t: rate * theory.mean_error(t, n, m, n / (n + m)),
            "no gain over one real fit": lambda t: rate / n,
        },
        law=quadratic_law(workflow, rate, 0, generations),
    )


@claim(
    "he2025.unified.weight",
    statement=r"\arg\min_w \lim_t E(\hat\theta_t-\theta)^2 = \frac{\sqrt{k^2+4k}-k}{2},\quad k = \tfrac nm:\ 0.618\ldots \text{ if and only if } m = n",
    relation="==",
    provenance="note",
    source="abstract: the optimal weight and the golden ratio; found by a search over pedigrees of the loop after 40 fits",
    domain=domain(n=Integers(1)),
)
def unified_weight(n=100):
    """Whatever is estimated without bias and with a variance that does not drift has this pedigree, and this weight."""

    def found(m):
        def error(w):
            workflow = cj.FreshReal(m, n_real=n, weight=w)
            return float(pedigree.quadratic_error(pedigree.of(workflow, 40), 1.0, 0)[-1])

        best = bracket(error, 0.35, 1.0, points=17)
        if best.half_width > 5e-7:
            raise ValueError(f"the best weight is known to {best.half_width:g} only; use a smaller m")
        return best.argmin

    return Computed(
        found,
        lambda m: theory.optimal_weight(n / m),
        {
            "pooling": lambda m: n / (n + m),
            "the golden ratio at every k": lambda m: _GOLDEN,
            "4e-6 of it more": lambda m: theory.optimal_weight(n / m) * (1 + 4e-6),
        },
        at=(n // 4, n // 2, n, 2 * n, 4 * n),
        index="m",
        tolerance=1e-6,
        scale=1.0,
    )


@claim(
    "he2025.unified.least_squares",
    statement=r"E\|\hat\beta_t-\beta\|_\Sigma^2 \to \frac{w^2+k(1-w)^2}{w(2-w)}\,\frac{\sigma^2 d}{n-d-1},\quad k = \frac{n-d-1}{m-d-1} \quad (\text{new rows at every fit})",
    relation="==",
    provenance="derived",
    source="two least-squares fits averaged; for weights inside of one fit it is the limit of large n, where k = n/m",
    domain=domain(
        ("n >= d + 4", "m >= d + 4"), n=Integers(2), m=Integers(2), d=Integers(1), sigma2=Positive, w=_WEIGHT
    ),
)
def unified_least_squares(n=40, m=20, d=5, sigma2=1.0, w=0.7, generations=10):
    real, synthetic = n - d - 1, m - d - 1
    error = [sigma2 * d / real]
    for _ in range(generations - 1):
        error.append(w**2 * sigma2 * d / real + (1 - w) ** 2 * (error[-1] + sigma2 * d / synthetic))
    return Check(
        cj.LinearRegression(d=d, sigma2=sigma2, design="fresh"),
        cj.FreshReal(m, n_real=n, weight=w),
        metric="risk",
        generations=generations,
        predicted=lambda t: sigma2 * d * theory.mean_error(t, real, synthetic, w),
        mutants={
            "k = n/m": lambda t: sigma2 * d * n / real * theory.mean_error(t, n, m, w),
            "d/n for d/(n - d - 1)": lambda t: sigma2 * d * theory.mean_error(t, n, m, w),
            "m = n": lambda t: sigma2 * d * theory.mean_error(t, real, real, w),
        },
        law=along(error),
    )


def _fisher(model, truth):
    r"""$(\hat\beta - \beta)' I(\beta) (\hat\beta - \beta)$."""
    import jax
    import jax.numpy as jnp

    p = jax.nn.sigmoid(truth.logits)
    gap = jnp.einsum("md,...d->...m", truth.points, model.beta - truth.beta)
    return jnp.einsum("...m,m->...", gap**2, truth.weights * p * (1 - p))


@claim(
    "he2025.glm",
    statement=r"n\,(\hat\beta_t-\beta)' I(\beta) (\hat\beta_t-\beta) \Rightarrow n V_t\, \chi^2_d,\quad n V_t \to \frac{w^2+k(1-w)^2}{w(2-w)},\ k = \tfrac nm",
    relation="law",
    regime="asymptotic",
    provenance="note",
    source="abstract: generalized linear models; protocol of the authors' code, weights inside of the likelihood. Logistic, d = 2, fixed t, large n",
    domain=domain(n=Integers(1000), m=Integers(1000), w=_WEIGHT),
)
def glm(n=10_000, m=10_000, w=_GOLDEN, generations=5):
    """The whole law at the last fit, within the resolution."""
    from proofs_check.papers.he2025.workflows import WeightedLikelihood

    def law(variance):
        return lambda x: -np.expm1(-np.asarray(x) / (2 * variance))

    return Check(
        cj.LogisticRegression((1.0, -0.5), _POINTS),
        WeightedLikelihood(m, n_real=n, weight=w),
        metric=_fisher,
        generations=generations,
        predicted=law(theory.mean_error(generations, n, m, w)),
        mutants={
            "pooling": law(theory.mean_error(generations, n, m, n / (n + m))),
            "one real fit": law(1 / n),
            "replacement": law(generations / n),
        },
    )
