"""Theorem 4.1 in its printed form, for four families; its constants are unspecified, so each claim says which was tested."""

import collapse_jax as cj
from collapse_jax.laws.domain import Integers, Real, domain
from proofs_check.claim import claim
from proofs_check.papers.barzilai2025 import theory
from proofs_check.papers.barzilai2025.claims._setups import LARGE, theorem41_check

_THM41 = (
    r"n \ge n_0(t, \delta): \quad "
    r"P\left(\|\theta^{(t)} - \theta^*\| > C \sqrt{\log(7 d / \delta) / n}\right) \le \delta"
)


_FORM = "Theorem 4.1, equation (1) rebuilt from its proof; constants are unspecified there, tested is C = (pi/sqrt 3) lambda_0^{-1/2}"


@claim(
    "barzilai2025.thm4_1",
    statement=_THM41 + r" \quad \text{(Gaussian mean)}",
    relation="<=",
    provenance="text",
    source=_FORM,
    domain=LARGE & domain(d=Integers(1, 1)),
)
def thm4_1(n=20, d=1, delta=0.05, generations=1000):
    """Flat in t up to t = 1000, with no condition on n: the sample size the theorem asks for grows with log t, the error
    does not. The exact law is barzilai2025.thm4_1.gaussian_law."""
    return theorem41_check(cj.Gaussian(d=d, known_cov=True), n, 1.0, delta, generations, "mean_error", d)


@claim(
    "barzilai2025.thm4_1.bernoulli",
    statement=_THM41 + r" \quad \text{(logit of a coin)}",
    relation="<=",
    provenance="text",
    source=_FORM,
    domain=LARGE & domain("n * min(p, 1 - p) >= 30"),
)
def thm4_1_bernoulli(p=0.3, n=200, delta=0.05, generations=100):
    """Satisfies A1-A3 in its logit. A fit that is 0 or 1 has no finite logit and counts as an error."""
    return theorem41_check(cj.Bernoulli(p), n, p * (1 - p), delta, generations)


@claim(
    "barzilai2025.thm4_1.truncated",
    statement=_THM41 + r" \quad \text{(truncated geometric law)}",
    relation="<=",
    provenance="text",
    source=_FORM,
    domain=LARGE & domain("log(n / 30) >= abs(theta)", theta=Real, K=Integers(1)),
)
def thm4_1_truncated(theta=-0.5, K=4, n=200, delta=0.05, generations=30):
    """A family on 0..K: bounded scores, so A1-A3 hold."""
    return theorem41_check(
        cj.TruncatedGeometric(theta, K), n, theory.geometric_information(theta, K), delta, generations
    )


_COVARIATES = ((-1.0, -1.0), (-1.0, 1.0), (1.0, -1.0), (1.0, 1.0), (0.0, 1.0))


def _logistic_information(beta):
    """The smallest eigenvalue of the Fisher information, equally likely covariates."""
    import numpy as np

    x = np.asarray(_COVARIATES)
    p = 1 / (1 + np.exp(-x @ np.asarray(beta)))
    return float(np.linalg.eigvalsh((x * (p * (1 - p))[:, None]).T @ x / len(x))[0])


@claim(
    "barzilai2025.thm4_1.logistic",
    statement=_THM41 + r" \quad \text{(logistic regression, bounded covariates)}",
    relation="<=",
    provenance="text",
    source=_FORM,
    domain=LARGE & domain(("log(n / 100) >= max(beta)", "log(n / 100) >= -min(beta)"), beta=Real),
)
def thm4_1_logistic(beta=(1.0, -0.5), n=300, delta=0.05, generations=10):
    """Two coefficients, covariates from five points. Separable data, which have no estimate, count as an error."""
    family = cj.LogisticRegression(beta, _COVARIATES)
    return theorem41_check(family, n, _logistic_information(beta), delta, generations, "squared_error", 2)
