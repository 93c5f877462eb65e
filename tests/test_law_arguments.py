"""Laws refuse what they are not defined for, naming the remedy, and import no JAX."""

import math
import subprocess
import sys
from types import SimpleNamespace

import numpy as np
import pytest

import collapse_jax as cj
from collapse_jax.laws import coalescent, drift, gaussian, least_squares, pedigree, second_moment, selection, urn

P = np.array([0.5, 0.3, 0.2])
S0 = float(P @ P)


def errors(workflow, generations, v=1 - S0, v2=-1):
    return pedigree.quadratic_error(pedigree.of(workflow, generations), v, v2)


class Redone(cj.Replace):
    """Another workflow under an inherited pedigree."""

    def step(self, key, t, n, memory, model, source):
        return super().step(key, t, n, memory, model, source)


Named = type("Window", (cj.Workflow,), {"start": cj.Replace.start, "step": cj.Replace.step})


@pytest.mark.usefixtures("untyped")
@pytest.mark.parametrize(
    ("call", "remedy"),
    [
        (lambda: coalescent.occupancy(0), "whole n >= 1; n=0 is outside"),
        (lambda: coalescent.occupancy(2.5), "whole n >= 1; n=2.5"),
        (lambda: coalescent.power_sums(P, 3, 0), "whole t >= 1; t=0"),
        (lambda: coalescent.absent([0.5, 0.6], 3, 1), "sum to 1"),
        (lambda: coalescent.collapse_curve([1.5, -0.5], 3, 2), "non-negative"),
        (lambda: coalescent.zipf(4, 0.2), "1/support"),
        (lambda: coalescent.zipf(4, np.array([[0.5, 0.5]])), "no number; ask for one"),
        (lambda: urn.distributions([0.5, 0.5], 1, 2**64 - 1, 0.3, lambda x: x, 1), "at most 10\\^8"),
        (lambda: selection.tempered(1.5, 2.0), "values from 0 to 1"),
        (lambda: cj.LinearRegression(w=[1.0, 2.0], d=np.array([[0.5]]), design="shared"), "no dimension"),
        (lambda: drift.distribution(1.2, 3, 1), "0 <= p <= 1"),
        (lambda: drift.expectation(lambda _: 1.0, 0.2, 3, 1), "one number for each"),
        (lambda: second_moment.sum_of_squares([[3, 1]], 0.1), "give 1 sizes"),
        (lambda: second_moment.sum_of_squares([], 0.1), "empty"),
        (lambda: second_moment.sum_of_squares([[3], [2, 1]], 0.1, reused_real=True), "all of them or none"),
        (lambda: second_moment.random_pool(3, 1.1, 2), "0 <= S0 <= 1"),
        (lambda: gaussian.log_variance_cdf(0.0, 1, 1, 0), "n >= 2"),
        (lambda: gaussian.log_variance_cdf(0.0, 1, 5, 2), "ddof one of 0, 1"),
        (lambda: gaussian.log_variance_cdf(math.nan, 1, 5, 0), "NaN"),
        (lambda: least_squares.shared_cdf(1.0, 1.0, 5, 4, 1.0), "T >= d"),
        (lambda: least_squares.shared_cdf(1.0, -1.0, 3, 4, 1.0), "> 0"),
        (lambda: least_squares.fresh_replace_cdf(1.0, 1, 3, 9, 0.0), "> 0"),
        (lambda: least_squares.fresh_replace_cdf(300.0, 3, 150, 400, 1.0), "cancellation"),
        (lambda: pedigree.of(cj.RandomPool(5), 3), "second_moment.random_pool"),
        (lambda: pedigree.of(cj.AccumulateSubsample(5), 3), "left to chance"),
        (lambda: pedigree.of(cj.Window(2, 3, redraw=True), 3), "no observation"),
        (lambda: pedigree.of(SimpleNamespace(schedule=lambda G: (3,) * G), 3), "not known"),
        (lambda: pedigree.of(Redone(5), 3), "Redone says no weights.*write its method `pedigree`"),
        (lambda: pedigree.of(Named(5), 3), "write its method `pedigree`"),
        (lambda: pedigree.of_weights([[1.0, 0.0]]), "lower triangular"),
        (lambda: pedigree.of_weights([[0.5, 0.5], [0.5, 0.5]]), "sources 0"),
        (lambda: pedigree.of_weights([[0.5]]), "sum to 1"),
        (lambda: pedigree.Pedigree([0], [0], [[1.0]]), "size 0"),
        (lambda: pedigree.Pedigree([-1], [1], [[1.0]]), "negative"),
        (lambda: pedigree.Pedigree([0], [1, 2], [[1.0]]), "shapes"),
        (lambda: pedigree.least_squares(pedigree.of(cj.Replace(9), 2), 8, 9, 1.0), "d \\+ 2"),
        (lambda: pedigree.least_squares(pedigree.of(cj.Replace(9), 2), 3, 10, 1.0), "n=10"),
        (lambda: errors(cj.Replace(3), 2, v=-1.0), "v >= 0"),
    ],
)  # fmt: skip
def test_errors_name_the_remedy(call, remedy):
    with pytest.raises(ValueError, match=remedy):
        call()


def test_laws_do_not_import_jax():
    code = "import sys, collapse_jax.laws; sys.exit('jax' in sys.modules or 'equinox' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
