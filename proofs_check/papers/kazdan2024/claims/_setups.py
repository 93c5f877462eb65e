"""The Gaussian and the pedigree law that the claims share."""

import collapse_jax as cj
from collapse_jax.laws.domain import Integers, domain
from proofs_check.curves import quadratic_law

SETTING = domain(n=Integers(2), d=Integers(1))
"""Samples that leave a variance."""


def identity_gaussian(d, n, ddof):
    return cj.Gaussian(d=d, ddof=ddof)


def mean_law(workflow, generations, v2=-1):
    r"""$E(\mu_t - \mu_0)^2$ in units of $\sigma_0^2$, from the pedigree: V = Sigma has v2 = -1 with the 1/n covariance (the
    second moment is a martingale), and 0 with the unbiased one."""
    return quadratic_law(workflow, 1.0, v2, generations)
