"""Closed forms of the rooms on curation: golden numbers, and the same function for every kind of number."""

import math

import flint
import jax
import jax.numpy as jnp
import numpy as np
import pytest
import sympy

from proofs_check.papers.amin2025 import theory as amin
from proofs_check.papers.amin2025.workflows import Relabelled
from proofs_check.papers.ferbach2024 import theory as ferbach
from proofs_check.papers.khelifa2026 import theory as khelifa
from proofs_check.papers.khelifa2026.workflows import Refreshed
from proofs_check.papers.vu2025 import theory as vu
from proofs_check.papers.vu2025.workflows import Networked
from proofs_check.papers.wei2026 import theory as wei
from proofs_check.papers.yi2025 import theory as yi

CALLS = {
    "best_of_two": (ferbach.best_of_two, (0.2, 0.3)),
    "one_step_gain": (ferbach.one_step_gain, (0.2, 0.3, 50)),
    "infinite_choice_distance": (ferbach.infinite_choice_distance, (4, 0.25, 2.0, 3.0, 6.0, 1.0)),
    "mixed_gain": (ferbach.mixed_gain, (0.5, 4, 6.0, 7.0)),
    "mixed_divergence": (ferbach.mixed_divergence, (0.5, 2)),
    "last_steps": (ferbach.last_steps, (4, 0.4)),
    "stability_rate": (ferbach.stability_rate, (0.5, 0.3, 0.2, 0.1)),
    "tilted_mean": (ferbach.tilted_mean, (3, 0.0, 1.0, 1.0, 4.0)),
    "uniform_reward": (ferbach.uniform_reward, (5.0,)),
    "odds_contraction": (wei.odds_contraction, (0.5, 0.7, 4)),
    "lock_in": (wei.lock_in, (3, 0.5, 0.7, 4, 0.01)),
    "contraction": (wei.contraction, (3, 0.1, 0.1)),
    "lipschitz_preference": (wei.lipschitz_preference, (0.5,)),
    "wrong": (amin.wrong, (5, 0.1, 0.2, 0.25)),
    "generations_needed": (amin.generations_needed, (0.01, 0.1, 0.2, 0.25)),
    "discounted": (khelifa.discounted, (4, 20, 3, 0.3)),
    "truncated_mean": (yi.truncated_mean, (0.0, 1.0, 1.0, 1.2)),
    "local_rate": (yi.local_rate, (1.2,)),
    "half_width": (yi.half_width, (-2.0, 0.5, 0.1)),
    "limit": (vu.limit, (1.0, -0.5, 0.3, 0.5, 0.6)),
    "average": (vu.average, (3, 2.0, 0.5, 0.5)),
}


@pytest.mark.parametrize(
    ("value", "golden", "digits"),
    [
        (ferbach.tilted_variance(3, 1.0, 4.0), 0.5714, 4),
        (ferbach.tilted_mean(3, 0.0, 1.0, 1.0, 4.0), 0.4286, 4),
        (ferbach.mixed_divergence(0.5, 2), math.log(2), 12),
        (ferbach.stability_rate(0.7, 1.0, 5.0, 0.0), 0.7 / 1.7, 12),
        (amin.wrong(5, 0.1, 0.2, 0.25), 0.39933, 5),
        (yi.local_rate(1.2), 0.394635, 6),
        (yi.local_rate(0.001) / (0.001**2 / 3), 1.0, 4),
        (vu.limit(1.0, 0.0, 0.0, 0.0, 0.25), 0.75, 12),
        (khelifa.discounted(1, 20, 3, 0.3), 0.1, 12),
        (wei.odds_contraction(0.5, 1.0, 10**9), math.exp(-0.5), 6),
    ],
)
def test_golden_numbers(value, golden, digits):
    assert round(value, digits) == pytest.approx(golden, abs=0.51 * 10**-digits)


@pytest.mark.parametrize("name", CALLS)
def test_one_formula_for_every_kind_of_number(name):
    form, given = CALLS[name]
    plain = float(form(*given))
    np.testing.assert_allclose(form(*[np.float64(x) if isinstance(x, float) else x for x in given]), plain, rtol=1e-13)
    with jax.enable_x64(True):
        traced = jax.jit(lambda *some: form(*some))(*map(jnp.asarray, given))
        np.testing.assert_allclose(traced, plain, rtol=1e-12)
    exact = form(*[sympy.Rational(str(x)) for x in given])
    assert float(sympy.N(exact, 30)) == pytest.approx(plain, rel=1e-12)
    ball = form(*[flint.arb(str(x)) if isinstance(x, float) else x for x in given])
    assert abs(float(ball.mid()) - plain) < 1e-12 * max(1, abs(plain)) + float(ball.rad())


@pytest.mark.usefixtures("untyped")
@pytest.mark.parametrize(
    ("ask", "remedy"),
    [
        (lambda cj: Relabelled(cj.Replace(5), 1.2, 0.0), "is no probability"),
        (lambda cj: Refreshed(cj.Replace(5), (0.5, 0.5), 1.5), "from 0 to 1"),
        (lambda cj: _run(cj, cj.Categorical((0.5, 0.3, 0.2)), Refreshed(cj.Replace(5), (0.5, 0.5))), "give its own p"),
        (lambda cj: Networked(cj.Replace(5), [[0.5, 0.4]]), "rows of K numbers"),
        (lambda cj: _run(cj, cj.Gaussian(ddof=1), Networked(cj.Replace(5), [[0.5, 0.5]] * 2)), "Gaussian\\(d=2\\)"),
    ],
)
def test_workflows_of_the_rooms_refuse_what_does_not_fit(ask, remedy):
    import collapse_jax as cj

    with pytest.raises(ValueError, match=remedy):
        ask(cj)


def _run(cj, family, workflow):
    return cj.simulate(family, workflow, "kl_forward", generations=2, chains=8)
