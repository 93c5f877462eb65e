"""Local stability with infinitely many samples (Theorem 1), beside the exact Jacobian."""

from collapse_jax.laws.domain import Positive, domain
from proofs_check.claim import Computed, claim
from proofs_check.papers.bertrand2023 import population, theory


@claim(
    "bertrand2023.thm1",
    statement=r"\|\theta_t - \theta^*\| \le \rho^t\,\|\theta_0 - \theta^*\|,\ \rho = \frac{\lambda(\alpha + \varepsilon L)}{\alpha - \lambda(\alpha + \varepsilon L)},\ \lambda\left(1 + \tfrac{L \varepsilon}{\alpha}\right) < \tfrac12",
    relation="<=",
    provenance="note",
    source="Theorem 1, its condition confirmed by an audit of version 2; a logistic location on data of N(0, spread^2)",
    domain=domain(lam=Positive, spread=Positive, start=Positive),
)
def thm1(lam=0.05, spread=1.7, start=0.1):
    """True. At this small lambda it is within a fifth of the exact rate lambda s/(1 + lambda s), bertrand2023.jac; the
    condition on lambda is of the proof, not of the loop, whose exact rate is below 1 for every lambda."""
    found = population.curvatures(spread)
    rho = theory.rate_bound(lam, population.LIPSCHITZ, found.eps, found.alpha)
    path = [start]
    for _ in range(5):
        path.append(population.retrained(path[-1], lam, spread))
    return Computed(
        lambda t: abs(path[t]),
        lambda t: rho**t * start,
        mutants={
            "3/4 of the rate": lambda t: (0.75 * rho) ** t * start,
            "without lambda in the denominator, squared": lambda t: (rho / (1 + rho)) ** (2 * t) * start,
        },
        at=(1, 2, 3, 4, 5),
        rung="identity",
    )


@claim(
    "bertrand2023.jac",
    statement=r"\left.\frac{d\theta_{t+1}}{d\theta_t}\right|_{\theta^*} = \frac{\lambda s}{1 + \lambda s} < 1 \text{ for every } \lambda, \quad s = B/A",
    relation="==",
    provenance="derived",
    source="eigenvalues of the Jacobian of the paper's lemma; a logistic location on data of N(0, spread^2)",
    domain=domain(spread=Positive),
)
def jac(spread=3.0):
    """So the loop is stable far beyond lambda = 1/2, where Theorem 1 says nothing: an instability there, for which some
    look, does not exist in the population loop of a local maximum."""
    found = population.curvatures(spread)
    s = found.own / found.alpha
    return Computed(
        lambda k: population.slope(k / 10, spread),
        lambda k: theory.rate(k / 10, s),
        mutants={
            "as for a well-specified model": lambda k: theory.rate(k / 10, 1.0),
            "lambda s/(1 + lambda)": lambda k: k / 10 * s / (1 + k / 10),
            "1.000003 of it": lambda k: 1.000003 * theory.rate(k / 10, s),
        },
        at=(1, 4, 10, 30, 100, 1000),
        index="10 lambda",
        tolerance=1e-6,
        rung="identity",
    )
