"""Round after round of verified data: the trajectory, where it ends, and the bound on the way."""

import collapse_jax as cj
from collapse_jax.laws.domain import Integers, Interval, domain
from proofs_check.claim import Check, Computed, claim
from proofs_check.papers.yi2025 import theory

_ROUNDS = domain(
    ("n * r * r >= s * s", "abs(mu - c) <= 4 * s"),
    mu=Interval("[-20, 20]"),
    c=Interval("[-20, 20]"),
    s=Interval("[0.05, 20]"),
    r=Interval("(0, 20]"),
    n=Integers(4),
    rounds=Integers(1),
)


def distance2(model, truth):
    """The squared distance of the fitted mean from 0, where the verifier's centre is."""
    return model.mean[..., 0] ** 2


def moments(mu, s, c, r, n, rounds, order=120):
    r"""$E(\theta_k - c)^2$ after k = 1 .. rounds of n accepted data each, by quadrature, and what its rule leaves open.

    Given $\theta_k$ the next mean has the truncated mean and 1/n of the truncated variance; its law is taken as normal between
    rounds, which leaves a third cumulant of order 1/n^2.
    """
    import numpy as np

    node, weight = np.polynomial.hermite_e.hermegauss(order)
    weight = weight / weight.sum()
    mean, variance, found = mu, s**2 / n, []
    for _ in range(rounds):
        at = mean + variance**0.5 * node
        inside, spread = theory.truncated_mean(at, s, c, r), theory.truncated_variance(at, s, c, r)
        mean = float(weight @ inside)
        variance = float(weight @ (inside - mean) ** 2 + weight @ spread / n)
        found.append((mean - c) ** 2 + variance)
    return found


@claim(
    "yi2025.verifier.trajectory",
    statement=r"\mu_k \to c: \quad \mu_0 - c = 2 s,\ r = 1.5 s \Rightarrow (\mu_k - c)/s = .8609,\ .4487,\ .2436,\ .1337,\ .0736",
    relation="==",
    provenance="derived",
    source="the map of the truncated mean, five rounds on infinitely many accepted data, beside the law itself by quadrature",
    domain=_ROUNDS,
)
def trajectory(mu=2.0, s=1.0, c=0.0, r=1.5):
    """The numbers in the statement are those of the defaults, in units of s."""
    import numpy as np

    nodes, weight = np.polynomial.legendre.leggauss(200)
    y = c + r * nodes

    def integrated(k):
        at = mu
        for _ in range(k):
            law = weight * np.exp(-((y - at) ** 2) / (2 * s**2))
            at = float(law @ y / law.sum())
        return at - c

    def closed(k, r=r):
        at = mu
        for _ in range(k):
            at = theory.truncated_mean(at, s, c, r)
        return at - c

    return Computed(
        integrated,
        closed,
        {
            "r 5 % larger": lambda k: closed(k, 1.05 * r),
            "at the local rate from the start": lambda k: (mu - c) * theory.local_rate(r / s) ** k,
        },
        at=(1, 2, 3, 4, 5),
        index="k",
        scale=abs(mu - c) + s / 10,
        tolerance=1e-7,
    )


@claim(
    "yi2025.verifier.limit",
    statement=r"\theta_k \to \theta_c, \text{ not } \theta_*: \quad E(\theta_k - \theta_*)^2 \to (\theta_c - \theta_*)^2 \quad (n_k \to \infty)",
    relation="==",
    regime="asymptotic",
    provenance="note",
    source="Theorem 4.1 as quoted; the rest after k rounds is at most the rate to the power k",
    domain=_ROUNDS,
)
def limit(mu=0.0, s=1.0, c=0.5, r=1.2):
    def error(k):
        at = mu
        for _ in range(k):
            at = theory.truncated_mean(at, s, c, r)
        return (at - mu) ** 2

    rate, stated = theory.local_rate(r / s), (c - mu) ** 2
    return Computed(
        error,
        lambda k: stated,
        {"the truth": lambda k: 0.0, "half way": lambda k: stated / 4, "5 % less": lambda k: 0.95 * stated},
        at=(5, 10, 20),
        index="k",
        scale=stated + 1e-12,
        allowance=lambda k: 2 * stated * rate**k,
    )


@claim(
    "yi2025.verifier.bound",
    statement=r"E(\theta_k - \theta_c)^2 \le \rho^{2k}\,E(\theta_0 - \theta_c)^2 + p\,\sigma^2 \sum_{j < k} \frac{\rho^{2 (k - j) - 1}}{n_j}",
    relation="<=",
    provenance="note",
    source="Theorem 4.1, equation (7), as quoted; one dimension, rho the variance ratio of the truncated normal",
    domain=_ROUNDS & domain(("r <= 6 * s", "abs(mu) <= 4 * s")),
)
def bound(mu=1.0, s=1.0, r=1.2, n=20, rounds=5):
    """The verifier's centre is 0. Every accepted datum lies within r of it, and so does the fit."""

    def stated(t):
        return theory.contraction_bound(t - 1, mu**2 + s**2 / n, theory.local_rate(r / s), s**2, n)

    from proofs_check.papers.yi2025.workflows import Accepted

    return Check(
        cj.Gaussian(mu, s**2, known_cov=True),
        Accepted(cj.Replace(n), 0.0, r),
        metric=distance2,
        generations=rounds + 1,
        at=tuple(range(2, rounds + 2)),
        predicted=stated,
        mutants={
            "no new noise": lambda t: theory.local_rate(r / s) ** (2 * t - 2) * mu**2 / 2,
            "rho^2 for rho": lambda t: theory.contraction_bound(
                t - 1, mu**2 + s**2 / n, theory.local_rate(r / s) ** 2, s**2, n
            ),
        },
        bounds=(0.0, (r * (1 + 1e-5)) ** 2),
    )


@claim(
    "yi2025.verifier.round",
    statement=r"E(\theta_1 - \theta_c)^2 = E\Bigl[(\mu' - c)^2 + \frac{v'}{n}\Bigr], \quad \mu', v' \text{ mean and variance of } N(\theta_0, \sigma^2) \text{ within } r \text{ of } c",
    relation="==",
    provenance="derived",
    source="one round after a fit on n real data; the law by Gauss and Hermite's rule",
    domain=_ROUNDS & domain(("abs(mu) <= 4 * s", "n * (8 * s + r - abs(mu)) ** 2 >= 441 * s * s")),
)
def one_round(mu=1.0, s=1.0, r=1.2, n=20):
    exact = moments(mu, s, 0.0, r, n, 1)[0]
    from proofs_check.papers.yi2025.workflows import Accepted

    return Check(
        cj.Gaussian(mu, s**2, known_cov=True),
        Accepted(cj.Replace(n), 0.0, r),
        metric=distance2,
        generations=6,
        at=(2,),
        predicted=lambda t: exact,
        mutants={
            "no sampling": lambda t: theory.truncated_mean(mu, s, 0.0, r) ** 2,
            "all of the variance": lambda t: exact + (s**2 - theory.truncated_variance(mu, s, 0.0, r)) / n,
        },
        bounds=(0.0, (r * (1 + 1e-5)) ** 2),
    )


@claim(
    "yi2025.verifier.slack",
    statement=r"E(\theta_k - \theta_c)^2 \to \frac{\sigma^2}{n} \frac{\rho}{1 - \rho^2} + O(n^{-2})",
    relation="==",
    regime="asymptotic",
    provenance="derived",
    source="the limit of equation (7) is met to first order: near its centre the verifier is linear; 4/n of it is left open",
    domain=domain(s=Interval("[0.05, 20]"), r=Interval("(0, 20]")),
)
def slack(s=1.0, r=1.2):
    rate = theory.local_rate(r / s)
    stated = s**2 * rate / (1 - rate**2)
    return Computed(
        lambda n: n * moments(0.0, s, 0.0, r, n, 60)[-1],
        lambda n: stated,
        {"rho^2 for rho": lambda n: s**2 * rate**2 / (1 - rate**2), "1 % more": lambda n: 1.01 * stated},
        at=(1_000, 10_000, 100_000),
        index="n",
        allowance=lambda n: 4 / n * stated,
        tolerance=1e-7,
    )
