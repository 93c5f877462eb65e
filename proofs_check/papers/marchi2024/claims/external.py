"""How much external data keeps a closed loop from degenerating: the mean field and its bifurcation."""

import collapse_jax as cj
from collapse_jax import laws
from collapse_jax.laws.domain import Integers, Interval, domain
from proofs_check.claim import Check, Computed, claim
from proofs_check.curves import along
from proofs_check.papers.marchi2024 import theory
from proofs_check.papers.marchi2024.claims._setups import frequency_laws
from proofs_check.papers.marchi2024.claims.closed import larger_share

_FIELD = "mean field of the model; the constants of the paper's own condition were not available"


def _eigenvalues(T, s, share):
    """Largest and least eigenvalue of the mean field at the uniform law, along the simplex, by complex steps."""
    import numpy as np

    h, uniform = 1e-30, np.full(s, 1 / s)

    def field(theta):
        tau = theta ** (1 / T)
        return share / s + (1 - share) * tau / tau.sum() - theta

    columns = [np.imag(field(uniform + 1j * h * np.eye(s)[i])) / h for i in range(s)]
    jacobian = np.array(columns).T
    basis = np.linalg.svd(np.ones((1, s)))[2][1:]
    values = np.linalg.eigvalsh(basis @ jacobian @ basis.T)
    return float(values[-1]), float(values[0])


@claim(
    "marchi2024.threshold",
    statement=r"\text{uniform } p: \text{ all eigenvalues at the uniform law are } \frac{1 - \lambda}{T} - 1, \text{ stable iff } \lambda > 1 - T",
    relation="==",
    provenance="derived",
    source=_FIELD,
    domain=domain(s=Integers(2)),
)
def threshold(s=5):
    """Largest and least eigenvalue of the derivative, by complex steps, at twelve pairs of T and lambda."""
    points = [(T, share) for T in (0.3, 0.5, 0.8, 1.5) for share in (0.0, 0.2, 0.6)]
    return Computed(
        lambda k: _eigenvalues(*_at(points, k, s))[k % 2],
        lambda k: theory.uniform_slope(points[(k - 1) // 2][0], s, points[(k - 1) // 2][1]),
        {
            "lambda > T": lambda k: points[(k - 1) // 2][0] - points[(k - 1) // 2][1],
            "1 - lambda / T": lambda k: 1 - points[(k - 1) // 2][1] / points[(k - 1) // 2][0],
        },
        at=tuple(range(1, 2 * len(points) + 1)),
        index="eigenvalue",
        scale=1.0,
        rung="identity",
    )


def _at(points, k, s):
    T, share = points[(k - 1) // 2]
    return T, s, share


def _emerges(T, s):
    """The external share below which the mean field leaves the uniform law of two symbols, by bisection on its flow."""
    import numpy as np

    def leaves(share):
        x, before = 0.5 + 1e-3, 0.5
        for _ in range(4000):  # the map of a large step, which has the same fixed points
            if not before < x <= 0.5 + 2e-3:  # it is increasing, so that the flow never turns
                break
            tau = float(laws.selection.tempered(np.array(x), T))
            before, x = x, share / 2 + (1 - share) * tau
        return x > 0.5 + 2e-3

    low, high = 0.0, 1.0
    for _ in range(14):
        middle = (low + high) / 2
        low, high = (middle, high) if leaves(middle) else (low, middle)
    return (low + high) / 2


@claim(
    "marchi2024.threshold.two",
    statement=r"s = 2: \text{ an equilibrium with a leading symbol exists iff } \lambda < 1 - T \quad \text{(supercritical pitchfork)}",
    relation="==",
    provenance="derived",
    source=_FIELD + "; located by following the flow from .501",
)
def threshold_two():
    """Indices are 100 T. The remainder allowed is 10^-3: a leading share below .502 is not told from 1/2."""
    return Computed(
        lambda k: _emerges(k / 100, 2),
        lambda k: theory.threshold(k / 100),
        {
            "1/T - 1": lambda k: theory.threshold_ratio(k / 100),
            "(1 - T)/2": lambda k: theory.threshold(k / 100) / 2,
            "a hundredth more": lambda k: theory.threshold(k / 100) + 0.01,
        },
        at=(30, 50, 80),
        index="100 T",
        allowance=lambda k: 1e-3,
    )


@claim(
    "marchi2024.threshold.bistable",
    statement=r"s \ge 3: \text{ an equilibrium with a leading symbol exists up to } \lambda_* = \max_x \frac{\tau_1(x) - x}{\tau_1(x) - 1/s} > 1 - T",
    relation=">=",
    provenance="derived",
    source=_FIELD + "; the uniform law is stable besides it for 1 - T < lambda < lambda_*",
    domain=domain(T=Interval("[0.2, 0.7]")),
)
def threshold_bistable(T=0.5):
    """The margin over 1 - T, by number of symbols: .015 for three, .056 for five at T = 1/2; it narrows towards T = 0 and 1. Below lambda_* what is lost is not
    recovered by raising the external share to 1 - T. Two symbols have no such window."""
    return Computed(
        lambda s: theory.saddle_node(T, s)[0] - theory.threshold(T),
        lambda s: 0.01 * (s - 2),
        {"a tenth per symbol": lambda s: 0.1 * (s - 2)},
        at=(3, 4, 5, 8),
        index="s",
    )


@claim(
    "marchi2024.threshold.ratio",
    statement=r"\mu_c = \frac{\lambda_c}{1 - \lambda_c} = \tfrac1T - 1, \quad \mu = \beta_k / \alpha_k",
    relation="==",
    provenance="derived",
    source=_FIELD + "; real draws per synthetic one, as the sequel of 2026 counts them (lambda = mu/(1 + mu))",
)
def threshold_ratio():
    return Computed(
        lambda k: theory.threshold(k / 100) / (1 - theory.threshold(k / 100)),
        lambda k: theory.threshold_ratio(k / 100),
        {"1 - T": lambda k: theory.threshold(k / 100), "1/T": lambda k: 100 / k},
        at=(20, 50, 80, 99),
        index="100 T",
        rung="identity",
    )


@claim(
    "marchi2024.threshold.urn",
    statement=r"E \max_i \theta_i \text{ of the urn with } \beta_k = \beta \text{ real draws per generation, exactly}",
    relation="==",
    provenance="derived",
    source="the chain of counts of two symbols, simulated by the workflows Urn and Tempered; external share 1/2 at T = 1/2",
    domain=domain(T=Interval("[0.05, 3]"), n=Integers(1), n_real=Integers(0), first=Integers(2)),
)
def threshold_urn(T=0.5, n=2, n_real=2, first=10, generations=20):
    def exact(real):
        return laws.urn.expectation(lambda x: abs(x - 0.5) + 0.5, frequency_laws(T, first, generations, n, real))

    return Check(
        cj.Bernoulli(0.5),
        cj.Tempered(cj.Urn(n, n_real=n_real, first=first), temperature=T),
        metric=larger_share,
        generations=generations,
        predicted=along(exact(n_real)),
        mutants={"half the real draws": along(exact(n_real // 2)), "none": along(exact(0))},
        bounds=(0.5, 1),
    )
