"""Counts of few trials from tables and inversion, and the fit of grouped labels that starts where they came from."""

import _oracle as oracle
import jax
import jax.numpy as jnp
import numpy as np
import pytest
from scipy import stats

import collapse_jax as cj
from collapse_jax import random
from collapse_jax.data import Trials
from collapse_jax.families import _grouped
from collapse_jax.numerics.random import counts

pytestmark = pytest.mark.usefixtures("x64")
ALPHA = oracle.alpha_of(60)
DRAWS = 20_000
X = np.stack([np.ones(4), [-1.5, -0.5, 0.5, 2.0]], 1)


@pytest.mark.parametrize("most", [12, 500])
def test_binomial_counts_follow_their_law(most, cheap_jit):
    cases = [(n, p) for n in (1, most // 3, most) for p in (0.003, 0.3, 0.5, 0.731, 0.999)]
    n, p = (np.repeat(np.array(column)[:, None], DRAWS, 1) for column in zip(*cases, strict=True))
    draw = cheap_jit(lambda key: random.few_binomial(key, jnp.asarray(n), jnp.asarray(p), most, jnp.float32))
    for (trials, chance), row in zip(cases, np.asarray(draw(random.key(1))), strict=True):
        seen = np.bincount(row.astype(int), minlength=trials + 1)
        assert len(seen) == trials + 1
        oracle.assert_counts(seen, stats.binom(trials, chance).pmf(np.arange(trials + 1)), ALPHA, f"{trials} {chance}")


def test_what_is_certain_is_drawn_so_whatever_the_table(cheap_jit):
    n, p = jnp.asarray([0, 70, 70, 70, 100]), jnp.asarray([0.4, 0.0, 1.0, jnp.nan, 1.0])
    draw = cheap_jit(lambda key: random.few_binomial(key, n, p, 100, jnp.float64))
    np.testing.assert_array_equal(draw(random.key(0)), [0, 0, 70, np.nan, 100])


def test_a_table_holds_half_of_every_number_of_trials():
    most = 200
    table = counts._halves(most)
    columns = table.shape[1]
    bits = columns.bit_length() - 1
    share = ((table >> bits).astype(float) + 0.0) / 2.0 ** (32 - bits)
    other = (table & (columns - 1)).astype(int)
    for k in (0, 1, 7, most):
        mass = share[k].copy()
        np.add.at(mass, other[k], 1 - share[k])
        first = max((k - columns) // 2, 0)
        law = stats.binom(k, 0.5).pmf(first + np.arange(columns))
        assert np.sum(np.abs(mass / columns - law)) < 2.0**-23


def test_multinomial_counts_have_binomial_margins_and_the_sum(cheap_jit):
    n, p = 90, np.array([0.5, 0.0, 0.2, 0.3, 0.0])
    draw = cheap_jit(lambda key: random.few_multinomial(key, n, jnp.asarray(p), (DRAWS,), jnp.float32))
    found = np.asarray(draw(random.key(4)))
    assert found.shape == (5, DRAWS)
    np.testing.assert_array_equal(found.sum(0), n)
    for row, chance in zip(found, p, strict=True):
        pmf = stats.binom(n, chance).pmf(np.arange(n + 1))
        oracle.assert_counts(np.bincount(row.astype(int), minlength=n + 1), pmf, ALPHA)
    rows = found[[0, 2]]
    oracle.assert_mean(rows.prod(0).mean(), rows.prod(0).std() / DRAWS**0.5, n * (n - 1) * 0.1, ALPHA)


def test_both_samplers_of_labels_have_one_law(cheap_jit):
    family = jax.tree.map(jnp.asarray, cj.LogisticRegression([0.3, 0.8], X, [0.1, 0.2, 0.3, 0.4])).broadcast((5000,))
    found = []
    for sampler in ("quantile", "rejection"):
        with random.using(random.Settings(sampler=sampler)):
            found.append(cheap_jit(lambda key: family.statistic(key, 60))(random.key(9)))
    for j in range(4):
        for name in ("visits", "successes"):
            oracle.assert_same_law(*(np.asarray(getattr(data, name)[:, j]) for data in found), ALPHA, name)


def _newton(beta, visits, successes):
    last = (jnp.asarray(column)[:, None] for column in (beta, visits, successes))
    fitted, found = _grouped.newton(*last, jnp.asarray(X, beta.dtype))
    return fitted[:, 0], found[0]


VISITS, SUCCESSES = np.array([30.0, 20.0, 40.0, 10.0]), np.array([8.0, 7.0, 25.0, 9.0])


def test_a_grouped_fit_solves_the_score_equation_and_differentiates(cheap_jit):
    beta, found = cheap_jit(_newton)(jnp.zeros(2), VISITS, SUCCESSES)
    assert found
    p = 1 / (1 + np.exp(-X @ beta))
    np.testing.assert_allclose((SUCCESSES - VISITS * p) @ X, 0, atol=1e-10)
    slope = cheap_jit(jax.jacobian(lambda s: _newton(jnp.zeros(2), VISITS, s)[0]))(SUCCESSES)
    information = (X * (VISITS * p * (1 - p))[:, None]).T @ X
    np.testing.assert_allclose(slope, np.linalg.solve(information, X.T), rtol=1e-8)
    same = cheap_jit(jax.vmap(_newton, (0, None, None)))(jnp.asarray([[0.0, 0.0], [1.0, -1.0]]), VISITS, SUCCESSES)
    np.testing.assert_allclose(same[0], [beta, beta], rtol=1e-10)


@pytest.mark.parametrize(
    ("visits", "successes"),
    [
        ([5, 5, 5, 5], [0, 0, 5, 5]),
        ([5, 5, 5, 5], [0, 0, 3, 5]),
        ([5, 5, 5, 5], [5, 5, 5, 5]),
        ([0, 9, 0, 0], [0, 4, 0, 0]),
    ],
    ids=["apart", "apart but for one point", "all alike", "one point"],
)
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_a_grouped_fit_that_does_not_exist_is_not_reported(visits, successes, dtype, cheap_jit):
    data = (jnp.asarray(column, dtype) for column in (visits, successes))
    assert not cheap_jit(_newton)(jnp.zeros(2, dtype), *data)[1]


def test_one_chain_that_is_lost_leaves_the_others_as_they_are(cheap_jit):
    family = jax.tree.map(jnp.asarray, cj.LogisticRegression([0.0, 0.0], X)).broadcast((3,))
    family = family.replace(beta=family.beta.at[1].set(jnp.nan))
    alone = cheap_jit(lambda data: family.fit(data).beta)
    usual = Trials(jnp.stack([VISITS] * 3), jnp.stack([SUCCESSES] * 3))
    apart = Trials(usual.visits, usual.successes.at[2].set(jnp.asarray([0.0, 0.0, 40.0, 10.0])))
    beta, beside = alone(usual), alone(apart)
    assert np.isnan(beta[1]).all()
    np.testing.assert_allclose(beta[0], beta[2], rtol=1e-12)
    np.testing.assert_allclose(beside[0], beta[0], rtol=1e-10)
    assert np.isnan(beside[1:]).all()
