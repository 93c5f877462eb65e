"""The Gaussian mean, for which the limit is exact at every n, and laws of squared errors."""

from collections.abc import Callable
from typing import Any

import collapse_jax as cj
from collapse_jax.laws.domain import Integers, domain
from proofs_check.claim import Check
from proofs_check.curves import quadratic_law
from proofs_check.papers.dey2024 import theory

SETTING = domain(n=Integers(1), m=Integers(1))


def mean_check(
    workflow: Any,
    generations: int,
    predicted: Callable[[Any], Any],
    mutants: dict[str, Any],
) -> Check:
    r"""$E(\mu_t - \mu_0)^2$ of a normal mean, variance 1 known: normal at every t, so that the metric's variance is twice
    the square of its mean, which the pedigree gives."""
    law = quadratic_law(workflow, 1.0, 0, generations)
    return Check(
        cj.Gaussian(known_cov=True),
        workflow,
        metric="mean_error",
        generations=generations,
        predicted=predicted,
        mutants=mutants,
        law=law,
        variance=lambda t: 2 * law(t) ** 2,
    )


def chi_square(d: int, factor: float) -> Callable[[Any], Any]:
    r"""Distribution function of `factor` times $\chi^2_d$."""
    from scipy.special import gammainc

    return lambda x: gammainc(d / 2, x / factor / 2)


def relative_error(model, truth):
    r"""$(\hat\theta / \theta - 1)^2$, of the family $\theta x^{\theta - 1}$ the squared error in units of $1/I(\theta)$."""
    return (model.theta / truth.theta - 1) ** 2


def fisher_error(model, truth):
    r"""$(\hat\beta - \beta)' I(\beta) (\hat\beta - \beta)$ of logistic regression; of `PriorRows` $\beta$ is the chain's own."""
    import jax.numpy as jnp

    true = getattr(model, "origin", None)
    true = truth.beta if true is None else true
    error, information = model.beta - true, theory.information(true, truth.points, truth.weights)
    return jnp.einsum("...i,...ij,...j->...", error, information, error)
