"""What the claims share: the laws of the fits, spectra of designs, and the search for the best weight."""

import math

import numpy as np
from scipy.special import gammainc, gammaln

import collapse_jax as cj
from collapse_jax.laws import pedigree
from collapse_jax.optimise import bracket
from proofs_check.curves import along

FITS = 40
"""Fits after which nothing is left of the first one, for w >= 0.35."""


def mixed(n, weight):
    """`MixedLabels`, imported when it is used: listing claims imports no JAX."""
    from proofs_check.papers.garg2025.workflows import MixedLabels

    return MixedLabels(n, weight=weight)


def min_norm(d, r2, sigma2, design):
    """Fits of least norm on fewer rows than d, for d equal coefficients whose squares sum to r2."""
    return cj.LinearRegression([(r2 / d) ** 0.5] * d, sigma2=sigma2, design=design)


def spread(workflow, generations):
    r"""$\|C_t\|^2$, t = 1, .., G: the variance in units of one fit, from the pedigree."""
    return (pedigree.coefficients(pedigree.of(workflow, generations)) ** 2).sum(1)


def minnorm_law(workflow, d, r2, sigma2, generations):
    """The risk of minimum-norm fits on one design, from the pedigree of the workflow."""
    n = workflow.n
    return along(r2 * (1 - n / d) + sigma2 * n / (d - n - 1) * spread(workflow, generations))


def best(law, low=0.02, high=1.0):
    """The weight at which a law is smallest; it is known to 5e-7 or better, or refused."""
    found = bracket(law, low, high, points=17)
    if found.half_width > 5e-7:
        raise ValueError(f"the best weight is known to {found.half_width:g} only; use fits that forget the first one")
    return found.argmin


def wishart2(n, nodes=200):
    r"""Nodes and weights of the mean over both eigenvalues s of $X'X/n$, X Gaussian with n rows and d = 2.

    The density of one eigenvalue l of $X'X$ is $l^a e^{-l/2} \int |l - m|\, m^a e^{-m/2} dm$, $a = (n - 3)/2$, up to a
    constant, and the inner integral an incomplete gamma function.
    """
    x, w = np.polynomial.legendre.leggauss(nodes)
    top = n + 12 * math.sqrt(n) + 60
    root = (x + 1) / 2 * math.sqrt(top)  # in which the density has no branch at 0
    l, w = root**2, w * root
    a = (n - 3) / 2
    inner = l * (2 * gammainc(a + 1, l / 2) - 1) + 2 * (a + 1) * (1 - 2 * gammainc(a + 2, l / 2))
    density = np.exp(a * np.log(l / 2) - l / 2 - gammaln(a + 1)) * inner
    return l / n, w * density / (w @ density)


def marchenko_pastur(ratio, nodes=200):
    r"""Nodes and weights over the eigenvalues s > 0 of $X'X/n$ as $d/n \to \gamma$ = `ratio`; their mass is min(1, 1/ratio)."""
    theta = (np.arange(nodes) + 0.5) * np.pi / nodes
    s = 1 + ratio + 2 * math.sqrt(ratio) * np.cos(theta)
    return s, 2 / nodes * np.sin(theta) ** 2 / s
