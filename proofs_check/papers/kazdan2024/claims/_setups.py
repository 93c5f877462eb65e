"""The Gaussian and the pedigree law that the claims share."""

import collapse_jax as cj
from proofs_check.claim import require
from proofs_check.curves import quadratic_law


def identity_gaussian(d, n, ddof):
    require(n > ddof, f"n={n} leaves no degrees of freedom for the variance with ddof={ddof}; use n >= 2 or ddof=0")
    return cj.Gaussian(d=d, ddof=ddof)


def mean_law(workflow, generations, v2=-1):
    r"""$E(\mu_t - \mu_0)^2$ in units of $\sigma_0^2$, from the pedigree: V = Sigma has v2 = -1 with the 1/n covariance (the
    second moment is a martingale), and 0 with the unbiased one."""
    return quadratic_law(workflow, 1.0, v2, generations)
