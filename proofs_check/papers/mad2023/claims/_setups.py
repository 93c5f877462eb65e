"""The Gaussian and the loops that the claims share."""

import collapse_jax as cj
from collapse_jax.laws.domain import Integers, NonNegative, Positive, domain

BIASED = domain(n=Integers(3), d=Integers(1), bias=Positive)
"""Samples that leave a variance, and some spread."""
MIXED = domain(n_real=Integers(2), n=Integers(2), d=Integers(1), bias=NonNegative)


def gaussian(d=1):
    return cj.Gaussian(d=d, ddof=1)


def alone(n, bias):
    """Biased samples of the last model and nothing else."""
    return cj.Biased(cj.Replace(n), bias=bias)


def with_fixed(n, n_real, bias):
    return cj.Biased(cj.FixedReal(n, n_real=n_real), bias=bias)


def with_fresh(n, n_real, bias):
    return cj.Biased(cj.FreshReal(n, n_real=n_real), bias=bias)
