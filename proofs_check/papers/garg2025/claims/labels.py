"""One design for ever: minimum norm and least squares, and labels that are not renewed."""

import numpy as np

import collapse_jax as cj
from collapse_jax.laws.domain import Integers, Interval, NonNegative, Positive, domain
from proofs_check.claim import Check, Computed, claim
from proofs_check.curves import least_squares_law
from proofs_check.papers.garg2025 import theory
from proofs_check.papers.garg2025.claims import _setups as setups

_SIZES = domain(n=Integers(2), d=Integers(1), r2=NonNegative, sigma2=Positive, w=Interval("(0, 1)"))
_WIDE, _TALL = domain("d >= n + 4") & _SIZES, domain("n >= d + 4") & _SIZES


@claim(
    "garg2025.minnorm",
    statement=r"E\|b_t-b\|^2 = \|b\|^2\left(1-\tfrac nd\right) + \sigma^2 v_t\,\frac{n}{d-n-1},\quad v_t = w^2+(1-w)^2(1+v_{t-1}),\ v_1=1",
    relation="==",
    provenance="derived",
    source="Theorem 3.1 as reviews describe it: minimum norm on a fixed design, the weight affects the variance only; form derived",
    domain=_WIDE,
)
def minnorm(n=4, d=12, r2=1.0, sigma2=1.0, w=0.4, generations=3):
    """Literal fits X^+ y, Gaussian design; exact for every n <= d - 2."""
    workflow = setups.mixed(n, weight=w)
    return Check(
        setups.min_norm(d, r2, sigma2, "shared"),
        workflow,
        metric="risk",
        generations=generations,
        predicted=lambda t: theory.minnorm(t, n, d, r2, sigma2, w),
        mutants={
            "weight 1 - w": lambda t: theory.minnorm(t, n, d, r2, sigma2, 1 - w),
            "no gain over one real fit": lambda t: theory.minnorm(1, n, d, r2, sigma2, w),
            "the bias shrinks with w": lambda t: theory.minnorm(t, n, d, r2 * (1 if t == 1 else w), sigma2, w),
            "d - n for d - n - 1": lambda t: theory.minnorm(t, n, d, r2, sigma2 * (d - n - 1) / (d - n), w),
        },
        law=setups.minnorm_law(workflow, d, r2, sigma2, generations),
    )


@claim(
    "garg2025.ols",
    statement=r"E\|b_t-b\|^2 = \sigma^2 v_t\,\frac{d}{n-d-1},\quad v_t \to \frac{w^2+(1-w)^2}{w(2-w)}",
    relation="==",
    provenance="derived",
    source="the protocol of the abstract with n >= d + 2, one design; form derived",
    domain=_TALL,
)
def ols(n=40, d=5, sigma2=1.0, w=0.4, generations=10):
    """The numbers are those of two samples fitted apart and averaged (he2025.linreg_fixed): on one design it is the same."""
    workflow = setups.mixed(n, weight=w)
    return Check(
        cj.LinearRegression(d=d, sigma2=sigma2, design="shared"),
        workflow,
        metric="risk",
        generations=generations,
        predicted=lambda t: theory.ols(t, n, d, sigma2, w),
        mutants={
            "weight 1 - w": lambda t: theory.ols(t, n, d, sigma2, 1 - w),
            "the limit at every t": lambda t: sigma2 * theory.limit(w) * d / (n - d - 1),
        },
        law=least_squares_law(workflow, d, n, sigma2, generations),
    )


@claim(
    "garg2025.ols.weight",
    statement=r"\arg\min_w \lim_t E\|b_t-b\|^2 = \frac{\sqrt5-1}{2} = 0.618\ldots \text{ for every } X, \Sigma \text{ and } \tfrac nd",
    relation="==",
    provenance="note",
    source="abstract and reviews: the reciprocal of the golden ratio, irrespective of design and aspect ratio",
)
def weight():
    """A search over the pedigrees of the loop, after 40 fits, at seven aspect ratios on both sides of n = d; bias does not
    move it. The design enters by its trace alone."""
    cases = dict.fromkeys((2, 5, 20, 38, 44, 80, 400), 40)

    def found(n):
        d = cases[n]
        bias, scale = (1 - n / d, n / (d - n - 1)) if n < d else (0.0, d / (n - d - 1))

        def risk(w):
            return bias + scale * float(setups.spread(setups.mixed(n, weight=w), setups.FITS)[-1])

        return setups.best(risk, low=0.35)

    return Computed(
        found,
        lambda n: theory.golden_ratio(),
        {
            "1/2": lambda n: 0.5,
            "2/3": lambda n: 2 / 3,
            "n/(n + d)": lambda n: n / (n + cases[n]),
            "4e-6 of it more": lambda n: theory.golden_ratio() * (1 + 4e-6),
        },
        at=tuple(cases),
        index="n (d = 40)",
        tolerance=1e-6,
        scale=1.0,
    )


@claim(
    "garg2025.fixed_labels",
    statement=r"E\|b_t-b\|^2 = \frac{\sigma^2 d}{n-d-1}\,\sum_{j=0}^{t-1}(1-w)^{2j} \quad \text{(one set of real labels for ever)}",
    relation="==",
    provenance="derived",
    source="the protocol without fresh labels; not the paper's main setting",
    domain=_TALL,
)
def fixed_labels(n=40, d=5, sigma2=1.0, w=0.4, generations=10):
    fit = np.eye(generations) * (1 - w)
    fit[:, 0] += w
    fit[0, 0] = 1.0
    workflow = cj.Linear(n, weights=fit)
    return Check(
        cj.LinearRegression(d=d, sigma2=sigma2, design="shared"),
        workflow,
        metric="risk",
        generations=generations,
        predicted=lambda t: sigma2 * d / (n - d - 1) * theory.fixed_labels(t, w),
        mutants={
            "fresh labels": lambda t: theory.ols(t, n, d, sigma2, w),
            "1 - w for its square": lambda t: sigma2 * d / (n - d - 1) * (1 - (1 - w) ** t) / w,
        },
        law=least_squares_law(workflow, d, n, sigma2, generations),
    )


@claim(
    "garg2025.fixed_labels.weight",
    statement=r"\arg\min_w \sum_{j=0}^{t-1}(1-w)^{2j} = 1 \text{ for every } t > 1:\ \text{synthetic labels never help}",
    relation="==",
    provenance="derived",
    source="every term falls in w",
    domain=domain(t=Integers(2)),
)
def fixed_labels_weight(t=(2, 3, 10, 40)):
    """The search ends at w = 1, the end of its range. Near it the sum is flat, 1 + (1 - w)^2 at t = 2."""
    return Computed(
        lambda k: setups.best(lambda w: theory.fixed_labels(k, w)),
        lambda k: 1.0,
        {"the golden ratio": lambda k: theory.golden_ratio(), "4e-6 below": lambda k: 1 - 4e-6},
        at=tuple(t),
        tolerance=1e-6,
        rung="identity",
    )
