"""The Gaussian mean, for which the limit is exact at every n, and laws of squared errors."""

from collections.abc import Callable
from typing import Any

import collapse_jax as cj
from collapse_jax.laws.domain import Integers, domain
from proofs_check.claim import Check
from proofs_check.curves import quadratic_law

SETTING = domain(n=Integers(1), m=Integers(1))


def mean_check(
    workflow: cj.Workflow,
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
