"""Lemmas of the appendices: information, smoothness, divergences, binomial and extreme-value tails."""

import math

import collapse_jax as cj
from collapse_jax.laws.domain import Integers, Interval, Positive, Real, domain
from proofs_check.claim import Computed, claim
from proofs_check.papers.barzilai2025 import theory
from proofs_check.papers.barzilai2025.claims._setups import LARGE, SETTING, theorem41_check


@claim(
    "barzilai2025.thmA2",
    statement=r"I(\theta) = -E\,\nabla^2 \log p_\theta = \operatorname{Cov}(\nabla \log p_\theta)",
    relation="==",
    provenance="text",
    source="Theorems A.1 and A.2, for the truncated geometric law",
    domain=domain(K=Integers(1), grid=Real),
)
def thmA2(K=4, grid=(-3, -1, 0, 1, 3)):
    """The second derivative of the log-partition function, by differences of its exact first derivative, beside the
    variance of the score."""

    def mean(theta):
        weights = [math.exp(theta * k) for k in range(K + 1)]
        return sum(k * w for k, w in enumerate(weights)) / sum(weights)

    def hessian(theta, h=1e-2):
        def difference(step):
            return (mean(theta + step) - mean(theta - step)) / (2 * step)

        one, two, four = difference(h), difference(h / 2), difference(h / 4)
        first, second = (4 * two - one) / 3, (4 * four - two) / 3
        return (16 * second - first) / 15

    return Computed(
        hessian,
        lambda theta: theory.geometric_information(theta, K),
        {"variance of a uniform law": lambda theta: K * (K + 2) / 12},
        at=tuple(grid),
        index="theta",
        rung="identity",
    )


_K3 = 1 / (6 * math.sqrt(3))


def _sigmoid(x):
    return 1 / (1 + math.exp(-x))


@claim(
    "barzilai2025.lemC1",
    statement=r"|\nabla^2 \log p_\theta(x) - \nabla^2 \log p_{\theta'}(x)| \le K_3 |\theta - \theta'|, \quad K_3 = \frac{1}{6 \sqrt 3} \text{ for the logit of a coin}",
    relation="<=",
    provenance="text",
    source="Lemma C.1; the value of K_3 is the largest third derivative of log(1 + e^theta)",
    domain=domain(grid=Integers(1)),
)
def lemC1(grid=200):
    """The steepest slope of p(1 - p) over pairs theta, theta + 1/k on a grid of [-6, 6]."""

    def steepest(k):
        points = [-6 + 12 * i / grid for i in range(grid + 1)]

        def curvature(theta):
            return _sigmoid(theta) * (1 - _sigmoid(theta))

        return max(abs(curvature(theta + 1 / k) - curvature(theta)) * k for theta in points)

    return Computed(
        steepest,
        lambda k: _K3,
        {"K_3 less 5 %": lambda k: 0.95 * _K3},
        at=(1, 2, 5, 10, 100),
        index="1 / distance",
        rung="identity",
    )


@claim(
    "barzilai2025.cor_kl_tv",
    statement=r"\mathrm{KL}(p_{\theta^*} \| p_\theta) \in \tfrac12 I \Delta^2 \pm \tfrac{K_3}{6} \Delta^3, \quad \Delta = |\theta - \theta^*|",
    relation="between",
    provenance="text",
    source="Appendix A.1, for the logit of a coin; with Pinsker it carries Theorem 4.1 over to KL and total variation",
    domain=SETTING & domain(distances=Positive),
)
def cor_kl_tv(p=0.3, distances=(0.01, 0.1, 0.5, 1.0, 2.0)):
    def divergence(i):
        theta = math.log(p / (1 - p)) + distances[i - 1]
        return p * math.log(p / _sigmoid(theta)) + (1 - p) * math.log((1 - p) / (1 - _sigmoid(theta)))

    def within(K3):
        return lambda i: theory.kl_quadratic(p * (1 - p), distances[i - 1], K3)

    return Computed(
        divergence,
        within(_K3),
        {"K_3 / 10": within(_K3 / 10), "without the remainder": within(0.0)},
        at=tuple(range(1, len(distances) + 1)),
        index="distance number",
        scale=1e-3,
        rung="identity",
    )


@claim(
    "barzilai2025.pinsker",
    statement=r"P\left(\mathrm{TV}(p_{\theta^*}, p_{\theta^{(t)}}) > C' \sqrt{\log(7 / \delta) / n}\right) \le \delta",
    relation="<=",
    provenance="text",
    source="Corollary of Theorem 4.1 (appendix A.1); tested for the logit of a coin with C' = (pi/sqrt 3) sqrt(p(1 - p))",
    domain=LARGE,
)
def pinsker(p=0.3, n=200, delta=0.05, generations=100):
    return theorem41_check(cj.Bernoulli(p), n, 1 / (p * (1 - p)), delta, generations, "squared_error")


@claim(
    "barzilai2025.lemF7",
    statement=r"P\left(\textstyle\sum \ge q \mid \sum \ge 1\right) \le \delta \quad \text{for } q \ge 2 + e^2 u n + 2 \log(1/\delta)",
    relation="<=",
    provenance="text",
    source="Lemma F.7, n coins of probability u; wording rebuilt from its use",
    domain=SETTING & domain(u=Interval("(0, 1)"), exponents=Integers(1)),
)
def lemF7(n=50, u=0.02, exponents=(1, 2, 3, 5)):
    """True and very loose; delta = 10^-k, u n = 1 by default."""
    from scipy.stats import binom

    def tail(k):
        q = math.ceil(theory.binomial_tail_threshold(u, n, 10.0**-k))
        return binom.sf(q - 1, n, u) / (1 - (1 - u) ** n)

    return Computed(
        tail,
        lambda k: 10.0**-k,
        {"delta^13": lambda k: 10.0 ** (-13 * k)},
        at=tuple(exponents),
        index="-log10(delta)",
        scale=1e-12,
    )


@claim(
    "barzilai2025.lemF8",
    statement=r"P\left(1 - x_{\max} \le \tfrac{\delta}{n}\right) \le \delta, \qquad P\left(1 - x_{\max} \ge \tfrac{\log(1/\delta)}{n}\right) \le \delta",
    relation="<=",
    provenance="text",
    source="Lemma F.8, the largest of n uniform variables; the larger of the two probabilities is shown",
    domain=SETTING & domain("n >= log(1 / delta)"),
)
def lemF8(delta=0.1, n=(3, 10, 100, 1000, 10**6)):
    def worse(k):
        return max(1 - (1 - delta / k) ** k, (1 - math.log(1 / delta) / k) ** k)

    return Computed(
        worse, lambda k: delta, {"less 10 %": lambda k: 0.9 * delta}, at=tuple(n), index="n", tolerance=1e-8
    )
