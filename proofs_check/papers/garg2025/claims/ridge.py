"""Ridge on one design: the risk given the spectrum, and the best weight in the limit of large dimension."""

import numpy as np

import collapse_jax as cj
from collapse_jax.laws.domain import Integers, Interval, Positive, domain
from proofs_check.claim import Check, Computed, claim
from proofs_check.papers.garg2025 import theory
from proofs_check.papers.garg2025.claims import _setups as setups

_CASES = [(ratio, noise, lam) for ratio in (0.5, 1.0, 2.0) for noise in (0.1, 1.0, 5.0) for lam in (0.05, 0.5, 2.0)]
_LIMIT = r"R(w) = \int \Bigl[\|b\|^2 \Bigl(\frac{\lambda}{ws+\lambda}\Bigr)^2 + \frac{\sigma^2 d}{n}\,\frac{s}{(s+\lambda)^2}\,\frac{w^2+(1-w)^2}{1-(1-w)^2 \frac{s^2}{(s+\lambda)^2}}\Bigr] dF_\gamma(s)"


def _risk(ratio, noise, lam, r2=1.0):
    """The limit of the risk as a function of w, averaged over the law of Marchenko and Pastur."""
    s, weight = setups.marchenko_pastur(ratio)
    null = max(0.0, 1 - 1 / ratio) * r2
    return lambda w: null + float(weight @ theory.ridge_limit(s, r2, noise * ratio, lam, w))


@claim(
    "garg2025.ridge",
    statement=r"E\|b_t-b\|^2 = E\sum_j \Bigl[\tfrac{\|b\|^2}{d}(1-\mu_{t,j})^2 + \frac{\sigma^2 s_j u_{t,j}}{n(s_j+\lambda)^2}\Bigr],\quad \mu_{\infty,j} = \frac{w s_j}{w s_j+\lambda},\ u_{\infty,j} = \frac{w^2+(1-w)^2}{1-(1-w)^2 s_j^2/(s_j+\lambda)^2}",
    relation="==",
    provenance="derived",
    source="Theorem 3.2 as reviews describe it; form given the spectrum derived, averaged over both eigenvalues of a Gaussian design, d = 2",
    domain=domain(n=Integers(4), r2=Positive, sigma2=Positive, lam=Positive, w=Interval("(0, 1)")),
)
def ridge(n=8, r2=1.0, sigma2=1.0, lam=0.3, w=0.4, generations=8):
    """The law beside it iterates the mean and the variance along every eigenvector."""
    s, weight = setups.wishart2(n)

    def averaged(lam, w, n=n):
        return lambda t: 2 * float(weight @ theory.ridge(t, s, n, r2 / 2, sigma2, lam, w))

    def iterated():
        m, mean, spread, curve = s / (s + lam), np.zeros_like(s), np.zeros_like(s), []
        noise = sigma2 * s / (n * (s + lam) ** 2)
        for t in range(generations):
            share, labels = (1.0, 1.0) if t == 0 else (w, w**2 + (1 - w) ** 2)
            mean = m * (share + (1 - share) * mean)
            spread = (m * (1 - share)) ** 2 * spread + noise * labels
            curve.append(float(weight @ (r2 * (1 - mean) ** 2 + 2 * spread)))
        return curve

    law = iterated()
    return Check(
        cj.LinearRegression([(r2 / 2) ** 0.5] * 2, sigma2=sigma2, ridge=lam, penalty="per_sample", design="shared"),
        setups.mixed(n, weight=w),
        metric="risk",
        generations=generations,
        predicted=averaged(lam, w),
        mutants={
            "weight 1 - w": averaged(lam, 1 - w),
            "an absolute penalty": averaged(lam / n, w),
            "no synthetic labels": averaged(lam, 1.0),
        },
        law=lambda t: law[t - 1],
    )


@claim(
    "garg2025.ridge.given_design",
    statement=r"E[\|b_t-b\|^2 \mid X] = \sum_j \Bigl[(1-\mu_{t,j})^2 \beta_j^2 + \frac{\sigma^2 s_j u_{t,j}}{n(s_j+\lambda)^2}\Bigr], \quad \beta_j \text{ the coordinates of } b",
    relation="==",
    provenance="derived",
    source="one matrix of rows; means and covariances of b_t as matrices, beside the form in its eigenvalues",
    domain=domain(n=Integers(1), d=Integers(1), lam=Positive, w=Interval("(0, 1)"), seed=Integers(0)),
)
def given_design(n=4, d=7, lam=0.3, w=0.4, generations=8, seed=0):
    rng = np.random.default_rng(seed)
    x, b = rng.standard_normal((n, d)) * np.linspace(0.5, 2, d), rng.standard_normal(d)
    hat = np.linalg.solve(x.T @ x / n + lam * np.eye(d), x.T / n)
    s, axes = np.linalg.eigh(x.T @ x / n)
    s, coordinates = np.maximum(s, 1e-300), axes.T @ b

    def iterated(t):
        mean, cov = hat @ x @ b, hat @ hat.T
        for _ in range(t - 1):
            mean = hat @ x @ (w * b + (1 - w) * mean)
            cov = (1 - w) ** 2 * hat @ x @ cov @ x.T @ hat.T + (w**2 + (1 - w) ** 2) * hat @ hat.T
        return float(np.sum((mean - b) ** 2) + np.trace(cov))

    def stated(t, lam=lam, w=w):
        return float(sum(theory.ridge(t, e, n, c**2, 1.0, lam, w) for e, c in zip(s, coordinates, strict=True)))

    return Computed(
        iterated,
        stated,
        {"weight 1 - w": lambda t: stated(t, w=1 - w), "lambda + 1e-6": lambda t: stated(t, lam=lam + 1e-6)},
        at=tuple(range(1, generations + 1)),
        rung="identity",
    )


@claim(
    "garg2025.ridge.floor",
    statement=r"\arg\min_w R(w) \ge \tfrac12,\quad " + _LIMIT,
    relation=">=",
    provenance="note",
    source="reviews of the ridge theorem: real labels deserve at least half of the weight; d/n in {1/2, 1, 2}, three noises, three penalties",
)
def floor():
    """The law of Marchenko and Pastur in place of a design; the smallest of these 27 best weights is above 0.57."""
    return Computed(
        lambda case: setups.best(_risk(*_CASES[case])),
        lambda case: 0.5,
        {"the golden ratio": lambda case: theory.golden_ratio(), "0.63": lambda case: 0.63},
        at=tuple(range(len(_CASES))),
        index="case",
        tolerance=1e-6,
    )


@claim(
    "garg2025.ridge.log_convex",
    statement=r"\frac{d^2}{dw^2} \log R(w) \ge 0,\quad " + _LIMIT,
    relation=">=",
    provenance="note",
    source="reviews: the ridge risk is log-convex in w; second differences on 50 points of 27 cases",
)
def log_convex():
    def least(case):
        w = np.linspace(0.02, 1, 50)
        log = np.log([_risk(*_CASES[case])(float(x)) for x in w])
        return float(np.min(log[2:] - 2 * log[1:-1] + log[:-2]) / (w[1] - w[0]) ** 2)

    return Computed(
        least,
        lambda case: 0.0,
        {"curvature 0.27 at least": lambda case: 0.27, "1/2 at least": lambda case: 0.5},
        at=tuple(range(len(_CASES))),
        index="case",
        scale=1.0,
    )


@claim(
    "garg2025.ridge.snr",
    statement=r"\arg\min_w R(w) \text{ does not fall as } \|b\|^2/\sigma^2 \text{ rises},\quad " + _LIMIT,
    relation=">=",
    provenance="note",
    source="reviews: the best weight increases in the ratio of signal to noise; four ratios in steps of 6, nine pairs of aspect ratio and penalty",
)
def snr():
    cases = [(ratio, lam) for ratio in (0.5, 1.0, 2.0) for lam in (0.05, 0.5, 2.0)]

    def least(case):
        ratio, lam = cases[case]
        found = [setups.best(_risk(ratio, 1.0, lam, r2=0.1 * 6.0**k)) for k in range(4)]
        return float(np.min(np.diff(found)))

    return Computed(
        least,
        lambda case: 0.0,
        {"by 0.02 at least": lambda case: 0.02, "by 0.001 at least": lambda case: 0.001},
        at=tuple(range(len(cases))),
        index="case",
        scale=1.0,
        tolerance=1e-6,
    )
