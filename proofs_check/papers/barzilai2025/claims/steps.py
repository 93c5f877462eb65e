"""Proposition C.1 and Lemma B.1: the size of one step, and the sum of weighted scores."""

import math

import collapse_jax as cj
from collapse_jax.laws.domain import Integers, domain
from proofs_check.claim import Check, claim
from proofs_check.curves import quadratic_law
from proofs_check.papers.barzilai2025 import theory
from proofs_check.papers.barzilai2025.claims._setups import SETTING


def _mean_of(model):
    return model.mean


@claim(
    "barzilai2025.propC1",
    statement=r"\|\theta^{(t)} - \theta^{(t-1)}\| \le \frac{8 C_1}{t \lambda_0}\sqrt{\frac{\log(4 d / \delta)}{n}} \text{ : exactly } E\,\|\cdot\|^2 = \frac{\sigma^2 d}{n t^2}",
    relation="==",
    provenance="derived",
    source="Proposition C.1 has an unspecified constant; for a Gaussian mean the step is N(0, sigma^2/(n t^2))",
    domain=SETTING,
)
def propC1(n=10, d=2, generations=20):
    """As printed the proposition asks for max(lambda_0/(4 C_2), r/2), where its proof needs the minimum."""
    return Check(
        cj.Gaussian(d=d, known_cov=True),
        cj.Accumulate(n),
        metric=cj.SquaredStep(parameter=_mean_of),
        generations=generations,
        predicted=lambda t: theory.step(t, n, d, 1.0),
        mutants={
            "1/t for 1/t^2": lambda t: d / (n * t),
            "step of the next fit": lambda t: theory.step(t + 1, n, d, 1.0),
        },
        relative_variance=2.0,  # of a chi-square law with one degree of freedom, of others less
    )


def _logit_of(model):
    import jax.numpy as jnp

    return (jnp.log(model.p) - jnp.log1p(-model.p))[..., None]


@claim(
    "barzilai2025.propC1.bernoulli",
    statement=r"n I(\theta^*)\, t^2\, E\left[\|\theta^{(t)} - \theta^{(t-1)}\|^2 \mid \text{fits in } (0, 1)\right] = 1 + O(1/n) \quad \text{(logit of a coin)}",
    relation="==",
    regime="asymptotic",
    provenance="derived",
    source="the O(1/t) of Proposition C.1 with its constant in the limit of large n",
    domain=SETTING,
)
def propC1_bernoulli(p=0.3, n=400, generations=20):
    """The remainder is allowed to be 10/n of the value. A sample of one face only has no logit; at p = .3, n = 400 its
    probability is below 1e-60, and one such chain would leave the claim undecided."""
    information = p * (1 - p)
    return Check(
        cj.Bernoulli(p),
        cj.Accumulate(n),
        metric=cj.SquaredStep(parameter=_logit_of),
        generations=generations,
        predicted=lambda t: theory.step(t, n, 1, 1 / information),
        mutants={
            "1/t for 1/t^2": lambda t: 1 / (n * information * t),
            "variance for information": lambda t: theory.step(t, n, 1, information),
        },
        allowance=lambda t: 10 / n * theory.step(t, n, 1, 1 / information),
    )


@claim(
    "barzilai2025.lemB1",
    statement=r"E\,\left\|\sum_{k < t} \tfrac{1}{k + 1} \nabla \ell_k(\theta^{(k)})\right\|^2 \le \frac{\pi^2}{6}\,\frac{K_2}{n}",
    relation="<=",
    provenance="derived",
    source="second-moment form of Lemma B.1, whose weights 1/(k + 1) are what makes Theorem 4.1 free of t",
    domain=SETTING & domain(generations=Integers(10)),
)
def lemB1(n=10, generations=30):
    """In an exponential family the weighted sum of scores is m(theta_t) - m(theta*), m the mean. Tested for a fair coin by
    its logit, whose variance K_2 = 1/4 is the largest there is, so that the bound is nearly attained."""
    return Check(
        cj.Bernoulli(0.5),
        cj.Accumulate(n),
        metric="squared_error",
        generations=generations,
        at=(1, 10, generations),
        predicted=lambda t: math.pi**2 / 6 / 4 / n,
        mutants={"weights 1/(k+1)^2": lambda t: math.pi**4 / 90 / 4 / n, "the real scores alone": lambda t: 1 / 4 / n},
        law=quadratic_law(cj.Accumulate(n), 0.25, -1, generations),
    )
