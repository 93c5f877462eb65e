"""The protocols that the claims share: one fit on real data, then the one that is looked at."""

import collapse_jax as cj
from collapse_jax.laws.domain import Integers, Interval, domain
from proofs_check.papers.elfirdoussi2024.deterministic import Mix

RANGES = domain(gamma=Interval("(0, oo)"))
LABELS = domain(eps=Interval("(0, 1)"), phi=Interval("(0, 1]"), rho=Interval("[0, 1]"))
SETTING = LABELS & domain(
    "abs((1 - eps) * phi - eps * rho) >= 0.01",
    n=Integers(2), m=Integers(8), p=Integers(2, 500), gamma=Interval("[0.03, 10]"), n_hat=Integers(8), mu=Interval("(0, 3]")
)  # fmt: skip
MIX = Mix(n=8, m=80, eps=0.3, phi=0.3, rho=0.05, gamma=0.1)
C = 1.0
"""Of C/p times the limit, what is left open at p dimensions."""


def along(p, *values):
    """These values, then zeros."""
    return [*map(float, values), *[0.0] * (p - len(values))]


def spectrum(p):
    return [0.5 if k % 2 == 0 else 1.5 for k in range(p)]


def classifier(p, gamma, mu=1.0):
    return cj.LinearClassifier(along(p, mu), ridge=gamma, penalty="per_sample")


def mixed(mix, mean=None, cov=None, n_hat=None):
    inner = cj.FixedReal(mix.m, n_real=mix.n)
    return cj.Verified(inner, mix.eps, mix.phi, mix.rho, mean, cov, n_hat)


def synthetic(m, eps, phi, rho):
    return cj.Verified(cj.Replace(m), eps, phi, rho)


def within(limit, p):
    """The finite-p term, at most C/p of the limit."""
    return lambda t: C / p * abs(limit)
