"""Families and workflows that one paper's room has, against enumerations of all that can happen."""

from itertools import product

import numpy as np
import pytest
from scipy.stats import binom

import collapse_jax as cj
from collapse_jax.results.estimate import binomial_limits
from proofs_check.papers.griffiths2007 import theory as languages
from proofs_check.papers.griffiths2007.learners import Learner
from proofs_check.papers.kanabar2026 import theory as marks
from proofs_check.papers.kanabar2026.watermarked import Watermarked

pytestmark = pytest.mark.usefixtures("fast_compilation")
ALPHA = 1e-7
CHAINS = 4096
FEW = {"chains": CHAINS, "progress": False}


def speaks_one(model, truth):
    return model.language


def transition(a, e, s, n):
    """P(language 1 next | language), languages 1 and 2, by what can be heard in n utterances."""
    rows = []
    for says in ((s, (1 - s) * (1 - e), (1 - s) * e), (s, (1 - s) * e, (1 - s) * (1 - e))):
        total = 0.0
        for heard in product(range(3), repeat=n):
            of_one = a * np.prod([(s, 1 - e, e)[u] for u in heard])
            of_two = (1 - a) * np.prod([(s, e, 1 - e)[u] for u in heard])
            total += np.prod([says[u] for u in heard]) * of_one / (of_one + of_two)
        rows.append((total, 1 - total))
    return np.array(rows)


def test_the_enumeration_has_the_eigenvalue_of_one_utterance():
    found = np.linalg.eigvals(transition(0.3, 0.1, 0.2, 1)).min()
    assert found == pytest.approx(languages.eigenvalue(0.3, 0.1, 0.2), abs=1e-12)


@pytest.mark.parametrize(("n", "first"), [(1, 1.0), (3, 1.0), (3, 0.0)])
def test_learners_who_hear_several_utterances_follow_their_chain(n, first):
    a, e, s = 0.3, 0.1, 0.2
    run = cj.simulate(Learner(first, a, e, s), cj.Replace(n), speaks_one, generations=3, **FEW)
    law, step = np.array([first, 1 - first]), transition(a, e, s, n)
    for mean in run["speaks_one"].mean:
        law = law @ step
        low, high = binomial_limits(round(mean * CHAINS), CHAINS, ALPHA)
        assert low <= law[0] <= high


def test_who_hears_nothing_follows_the_prior_and_who_hears_all_repeats_it():
    deaf = cj.simulate(Learner(1.0, 0.3, 0.1, 1.0), cj.Replace(2), speaks_one, generations=2, **FEW)["speaks_one"]
    for mean in deaf.mean:
        low, high = binomial_limits(round(mean * CHAINS), CHAINS, ALPHA)
        assert low <= 0.3 <= high
    certain = Learner(0.0, 0.5, 1e-12, 0.0)
    run = cj.simulate(certain, cj.Replace(1), speaks_one, generations=3, **FEW)
    np.testing.assert_array_equal(run["speaks_one"].mean, 0)


def enumerated(p, n, share, Q1, Q0):
    """E (p_2 - p)^2 of the first of two symbols: every first count, and every author, symbol and mark of n data."""
    ess = n * (1 + marks.moment(2, share, Q1, Q0))
    weight = [share * one / (share * one + (1 - share) * zero) for one, zero in zip(Q1, Q0, strict=True)]
    value = 0.0
    for count in range(n + 1):
        x = count / n
        for data in product(product((True, False), (1, 0), range(len(Q1))), repeat=n):
            chance, moved = binom.pmf(count, n, p), x
            for real, symbol, mark in data:
                says = p if real else x
                chance *= (share * Q1[mark] if real else (1 - share) * Q0[mark]) * (says if symbol else 1 - says)
                moved += weight[mark] * (symbol - x) / ess
            value += chance * (moved - p) ** 2
    return value


def error(model, truth):
    return (model.p[..., 0] - truth.p[..., 0]) ** 2


CASES = [(1, 0.4, (0.7, 0.3), (0.2, 0.8)), (2, 0.6, (0.5, 0.4, 0.1), (0.1, 0.4, 0.5)), (2, 0.4, (0.9, 0.1), (0.0, 1.0))]


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"n{case[0]}")
def test_marked_data_are_weighted_as_the_enumeration_says(case):
    n, share, Q1, Q0 = case
    exact = enumerated(0.3, n, share, Q1, Q0)
    # two symbols: the error of the vector is twice that of the first
    assert marks.risk(2, n, share, Q1, Q0, 0.58) == pytest.approx(2 * exact, rel=1e-12)
    run = cj.simulate(
        cj.Categorical((0.3, 0.7)), Watermarked(n, share=share, Q1=Q1, Q0=Q0), error, generations=2, **FEW
    )
    low, high = run["error"].band(ALPHA)
    assert low[0] <= 0.21 / n <= high[0]
    assert low[1] <= exact <= high[1]


def test_marks_that_tell_nothing_leave_the_linear_estimate():
    plain = cj.Contaminated(8, share=0.4, estimate="linear")
    run = cj.simulate(cj.Categorical((0.3, 0.7)), plain, error, generations=3, **FEW)
    low, high = run["error"].band(ALPHA)
    risk = np.array([marks.risk(t, 8, 0.4, (0.5, 0.5), (0.5, 0.5), 0.58) / 2 for t in (1, 2, 3)])
    assert np.all((low <= risk) & (risk <= high))


@pytest.mark.parametrize(
    ("family", "workflow", "remedy"),
    [
        (cj.Gaussian(ddof=1), Watermarked(5), "use Categorical"),
        (cj.Categorical((0.3, 0.7), sampler="index"), Watermarked(5), "sampler='counts'"),
        (cj.Categorical((0.3, 0.7)), Watermarked((5, 6)), "one number"),
    ],
)
def test_marks_are_for_counted_symbols(family, workflow, remedy):
    with pytest.raises(ValueError, match=remedy):
        cj.simulate(family, workflow, error, generations=2, chains=4)
