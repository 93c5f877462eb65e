"""What the claims share: a Gaussian mean of known variance 1, refitted on n observations."""

from collections.abc import Mapping
from typing import Any

import collapse_jax as cj
from collapse_jax.laws.domain import Integers, Probability, domain
from proofs_check.claim import Check
from proofs_check.curves import quadratic_law

SIZES = domain(n=Integers(2), s=Integers(2), scale=Integers(2), p=Probability)
SOURCE = "the definition's name is the paper's; criterion and law derived here"


def gaussian_mean() -> Any:
    return cj.Gaussian(known_cov=True)


def risk(workflow: Any, generations: int, predicted: Any, mutants: Mapping[str, Any], **options: Any) -> Check:
    """The squared error of the mean: a multiple of a chi-square variable, of variance twice its squared mean."""
    return Check(
        gaussian_mean(),
        workflow,
        metric="squared_error",
        generations=generations,
        predicted=predicted,
        mutants=mutants,
        relative_variance=2.0,
        law=quadratic_law(workflow, 1.0, 0, generations),
        **options,
    )
