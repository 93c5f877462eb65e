"""The regressions that the claims share."""

import numpy as np

import collapse_jax as cj
from collapse_jax.laws.domain import Integers, Interval, NonNegative, Positive, domain

RANGES = domain(
    **dict.fromkeys(("d", "n", "n_1", "n_2", "rounds"), Integers(1)),
    **dict.fromkeys(("r2", "c2", "s1", "s2", "sigma2"), NonNegative),
    **dict.fromkeys(("lam", "ratio", "kappa"), Positive),
    p_2=Interval("[0, 1)"),
)
"""What the letters of the paper range over wherever a claim says no more."""


def regression(d, r2=1.0, s1=1.0, lam=0.0, cov=None):
    r"""Truth along one direction, $\|w^*\|^2 = r^2$: without covariance the law does not depend on it."""
    w = np.zeros(d)
    w[0] = r2**0.5
    penalty = {"ridge": lam, "penalty": "per_sample"} if lam else {}
    return cj.LinearRegression(w, sigma2=s1, cov=cov, design="fresh", **penalty)


def projections(d, m, r2=1.0, s1=1.0, lam=0.0):
    w = np.zeros(d)
    w[0] = r2**0.5
    penalty = {"ridge": lam, "penalty": "per_sample"} if lam else {}
    return cj.RandomProjections(w, m=m, sigma2=s1, **penalty)


def mixed(d, n_1, n_2, c2, s2=None, weight=None, spread=None):
    r"""Synthetic rows of quality $c^2$, spread evenly over the coordinates."""
    from proofs_check.papers.dohmatob2024strong.workflows import Surrogate

    return Surrogate(n_2, n_real=n_1, spread=c2 / d if spread is None else spread, sigma2=s2, weight=weight)


def anisotropic(d, n_1, n_2, c2, s1, s2):
    r"""Least squares with a covariance of condition 30, along whose eigenvectors a shift has equal shares of $c^2$."""
    variances = np.geomspace(3, 0.1, d)
    family = regression(d, 1.0, s1, cov=np.diag(variances))
    return family, mixed(d, n_1, n_2, c2, s2, spread=c2 / d / variances)
