"""Claims about models that train on each other's outputs (after Vu, Reeves and Wenger 2025)."""

import collapse_jax as cj
from collapse_jax.laws.domain import Integers, Interval, NonNegative, Real, domain
from proofs_check.claim import Check, Computed, claim
from proofs_check.papers.vu2025 import theory

_MODELS = domain(
    "len(private) >= 2",
    private=Real,
    public=Real,
    alpha=Interval("[0, 0.95]"),
    beta=Interval("(0, 1]"),
    n=Integers(1),
    generations=Integers(2, 1000),
)
PRIVATE = (-0.5, 0.2, 1.2)
_SOURCE = "the protocol from a summary; isotropic covariates, infinite data"


def _path(private, public, alpha, beta, generations, start=2.0):
    """All models by the stacked affine recursion; they start alike, away from the limit."""
    import numpy as np

    from collapse_jax.laws import population

    K = len(private)
    offset = (1 - alpha) * np.asarray([theory.own(public, one, beta) for one in private])
    return population.affine(offset, np.full((K, K), alpha / K), np.full(K, start), generations)


@claim(
    "vu2025.iso",
    statement=r"\theta_{k, \infty} = (1 - \alpha)\left[(1 - \beta)\theta_* + \beta\theta^{(k)}\right] + \alpha\left[(1 - \beta)\theta_* + \beta\bar\theta\right]",
    relation="==",
    regime="asymptotic",
    provenance="derived",
    source=_SOURCE,
    domain=_MODELS & domain("generations >= 300"),
)
def iso(private=PRIVATE, public=1.0, alpha=0.5, beta=0.6, generations=400):
    """By model, after many generations of the recursion."""
    end = _path(private, public, alpha, beta, generations)[-1]
    mean = sum(private) / len(private)

    def limit(k, alpha=alpha):
        return theory.limit(public, private[k - 1], mean, alpha, beta)

    return Computed(
        lambda k: float(end[k - 1]),
        limit,
        {
            "no exchange": lambda k: limit(k, 0.0),
            "all alike": lambda k: limit(k, 1.0),
            "alpha 10 % larger": lambda k: limit(k, min(1.1 * alpha, 1.0)),
        },
        at=tuple(range(1, len(private) + 1)),
        index="model",
        scale=1.0,
        tolerance=1e-6,
    )


@claim(
    "vu2025.iso.average",
    statement=r"\bar\theta_t - \bar\theta_\infty = \alpha^t\, (\bar\theta_0 - \bar\theta_\infty)",
    relation="==",
    provenance="derived",
    source=_SOURCE,
    domain=_MODELS & domain("alpha > 0"),
)
def iso_average(private=PRIVATE, public=1.0, alpha=0.5, beta=0.6, generations=10):
    path = _path(private, public, alpha, beta, generations)
    end = theory.own(public, sum(private) / len(private), beta)
    start = float(path[0].mean())
    return Computed(
        lambda t: float(path[t].mean()),
        lambda t: theory.average(t, start, end, alpha),
        {
            "rate alpha / K": lambda t: theory.average(t, start, end, alpha / len(private)),
            "alpha .03 smaller": lambda t: theory.average(t, start, end, max(alpha - 0.03, 0.0)),
        },
        at=tuple(range(1, generations + 1)),
        scale=abs(start - end),
    )


@claim(
    "vu2025.iso.disagreement",
    statement=r"\theta_{j, t} - \theta_{k, t} = (1 - \alpha)\, \beta\, (\theta^{(j)} - \theta^{(k)}) \quad \text{for every } t \ge 1",
    relation="==",
    provenance="derived",
    source=_SOURCE,
    domain=_MODELS,
)
def iso_disagreement(private=PRIVATE, public=1.0, alpha=0.5, beta=0.6, generations=10):
    """Between the first and the last model: it is there after one generation, and does not change."""
    path = _path(private, public, alpha, beta, generations)
    apart = private[-1] - private[0]
    return Computed(
        lambda t: float(path[t][-1] - path[t][0]),
        lambda t: theory.disagreement(apart, alpha, beta),
        {
            "beta alone": lambda t: theory.disagreement(apart, 0.0, beta),
            "fades as alpha^t": lambda t: theory.disagreement(apart, alpha, beta) * alpha**t,
            "3 % more": lambda t: 1.03 * theory.disagreement(apart, alpha, beta),
        },
        at=(1, 2, generations),
        scale=abs(beta * apart),
    )


@claim(
    "vu2025.iso.finite",
    statement=r"E\, \theta_{k, t} = (1 - \alpha)\left[(1 - \beta)\theta_* + \beta\theta^{(k)}\right] + \alpha\, E\, \bar\theta_{t-1}",
    relation="==",
    provenance="derived",
    source="means of Gaussians in place of regressions, n observations; for regressions a bias of order d / n is left",
    domain=_MODELS & domain(model=Integers(0)),
)
def iso_finite(private=PRIVATE, public=1.0, alpha=0.5, beta=0.6, n=20, generations=5, model=0):
    """Model k is coordinate k of a vector; its real data have the mean (1 - beta) theta_* + beta theta_k."""
    from proofs_check.papers.vu2025.workflows import Networked

    K = len(private)
    means = [theory.own(public, one, beta) for one in private]
    centre = sum(means) / K
    # The noise of one average is (1 - alpha)^2 / n of fresh data and alpha^2 / n of synthetic ones; its memory fades.
    noise = ((1 - alpha) ** 2 + alpha**2) / n / (1 - alpha**2)

    def coordinate(fitted, truth):
        return fitted.mean[..., model]

    def stated(t, alpha=alpha):
        return means[model] if t == 1 else (1 - alpha) * means[model] + alpha * centre

    return Check(
        cj.Gaussian(means, 1.0, known_cov=True),
        Networked(cj.FreshReal(n, n_real=n, weight=1 - alpha), [[1 / K] * K] * K),
        metric=coordinate,
        generations=generations,
        predicted=stated,
        mutants={
            "no exchange": lambda t: means[model],
            "all alike": lambda t: centre,
            "alpha .1 larger": lambda t: stated(t, min(alpha + 0.1, 1.0)),
        },
        variance=lambda t: noise + 1 / n,
        scale=1.0,
    )


@claim(
    "vu2025.spectral",
    statement=r"\theta_t = M + Q\,\theta_{t-1}: \quad \frac{\|\theta_{t+1} - \theta_\infty\|}{\|\theta_t - \theta_\infty\|} \to \rho(Q)",
    relation="==",
    regime="asymptotic",
    provenance="derived",
    source="stable if and only if rho(Q) < 1, as in the paper; a ring of three models with loops of their own",
    domain=domain(ring=NonNegative, loop=NonNegative, generations=Integers(20, 400)),
)
def spectral(ring=0.7, loop=0.4, generations=60):
    """Model k feeds itself by `loop` and the next by `ring`; the sum of both is what decides, here 1.1: they diverge,
    although each link is below 1. Both are shares of synthetic data, amplified."""
    import numpy as np

    from collapse_jax.laws import population

    Q = loop * np.eye(3) + ring * np.roll(np.eye(3), 1, axis=1)
    path = population.affine(np.zeros(3), Q, np.array([1.0, 1.0, 0.9]), generations)
    size = np.linalg.norm(path, axis=1)
    return Computed(
        lambda t: float(size[t] / size[t - 1]),
        lambda t: float(max(abs(np.linalg.eigvals(Q)))),
        {
            "the largest entry": lambda t: float(Q.max()),
            "3 % more": lambda t: 1.03 * float(max(abs(np.linalg.eigvals(Q)))),
        },
        at=(generations,),
        allowance=lambda t: 1e-6,
        tolerance=1e-6,
    )


@claim(
    "vu2025.networked",
    statement=r"F = (I + \lambda (I - W))^{-1} F_{data}: \quad \sum_k \|F_k - \bar F\|^2 \le \frac{1}{(1 + \lambda \mu_2)^2} \sum_k \|F_{data, k} - \bar F_{data}\|^2",
    relation="<=",
    provenance="note",
    source="Wei, Zhang and Zhang 2026, arXiv 2610.09409, Corollary 4.6: symmetric W, mu_2 the second eigenvalue of I - W",
    domain=domain(models=Integers(3, 60), lam=NonNegative),
)
def networked(models=6, lam=0.5):
    """A ring that passes half of its data to each neighbour; F is what F_{t+1} = (F_data + lam W F_t) / (1 + lam) tends
    to. Index k: F_data is the k-th harmonic of the ring; attained at k = 1."""
    import numpy as np

    from collapse_jax.laws import population

    eye = np.eye(models)
    W = (np.roll(eye, 1, axis=1) + np.roll(eye, -1, axis=1)) / 2
    gap = float(np.sort(np.linalg.eigvalsh(eye - W))[1])

    def spread(values):
        return float(((values - values.mean()) ** 2).sum())

    def ratio(k):
        data = np.cos(2 * np.pi * k * np.arange(models) / models)
        path = population.affine(data / (1 + lam), lam / (1 + lam) * W, data, round(60 * (1 + lam)))
        return spread(path[-1]) / spread(data)

    return Computed(
        ratio,
        lambda k: 1 / (1 + lam * gap) ** 2,
        {
            "its square": lambda k: 1 / (1 + lam * gap) ** 4,
            "four percent less": lambda k: 0.96 / (1 + lam * gap) ** 2,
        },
        at=tuple(range(1, models // 2 + 1)),
        index="k",
        tolerance=1e-6,
    )
