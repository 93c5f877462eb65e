"""Laws on infinite samples: curation by enumeration, where they meet, and the same arithmetic in JAX."""

import math
from itertools import product

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from collapse_jax.laws import population
from collapse_jax.laws.population import Selection

P, REWARD = np.full(4, 0.25), (0.0, 0.5, 1.0, 2.0)


def enumerated(p, reward, K, rule):
    """The law of what is kept, by all draws of K."""
    weight, found = np.exp(reward), np.zeros(len(p))
    for drawn in product(range(len(p)), repeat=K):
        chosen = list(drawn)
        values = np.asarray(reward)[chosen]
        share = weight[chosen] / weight[chosen].sum()
        if rule == "best":
            share = (values == values.max()) / (values == values.max()).sum()
        np.add.at(found, chosen, np.prod(p[chosen]) * share)
    return found


@pytest.mark.parametrize(
    ("K", "golden"),
    [
        (2, (0.158210626524, 0.210303190476, 0.265307416400, 0.366178766600)),
        (4, (0.113068864409, 0.171631443025, 0.251005292057, 0.464294400508)),
        (8, (0.093547271014, 0.149269202579, 0.233795338832, 0.523388187575)),
    ],
)
def test_golden_numbers(K, golden):
    np.testing.assert_allclose(Selection(REWARD, K)(P), golden, atol=1e-12)


@pytest.mark.parametrize("rule", ["bradley-terry", "best"])
@pytest.mark.parametrize("K", [1, 2, 3, 5])
def test_what_is_kept_by_enumeration(rule, K):
    rng = np.random.default_rng(K)
    for reward in (rng.normal(scale=3, size=4), np.round(rng.normal(size=4)), np.zeros(4)):
        p = rng.dirichlet(np.ones(4))
        np.testing.assert_allclose(Selection(reward, K, rule)(p), enumerated(p, reward, K, rule), atol=1e-13)


def test_rewards_far_apart_and_many_choices_sum_to_one():
    for reward in ((-30.0, -5.0, 0.0), (0.0, 1e-9, 2e-9), (300.0, 0.0, -300.0)):
        p = np.array([0.9, 0.0999, 0.0001])
        for K in (2, 100, 10**4, 10**6):
            total = float((p * Selection(reward, K).advantage(p)).sum())
            assert total == pytest.approx(1, abs=1e-15 * K + 1e-10)


@pytest.mark.parametrize("rule", ["bradley-terry", "best"])
def test_unlimited_choice_is_the_limit(rule):
    p, reward = np.array([0.1, 0.2, 0.3, 0.4]), (2.0, 0.0, 2.0, 1.0)
    end = Selection(reward, math.inf, rule)(p)
    gaps = [np.abs(Selection(reward, K, rule)(p) - end).max() for K in (100, 10_000)]
    assert gaps[1] <= gaps[0] / 50
    if rule == "best":
        np.testing.assert_allclose(end, [0.25, 0, 0.75, 0])
    else:
        np.testing.assert_allclose(end, p * np.exp(reward) / (p @ np.exp(reward)))
    assert np.array_equal(Selection(reward, math.inf, "best")(np.array([0.0, 0.5, 0.0, 0.5])), [0, 0, 0, 1])


def test_a_verifier_is_the_best_of_many():
    """A reward of 1 for what is accepted: the law given acceptance, but for the chance that none of K is."""
    p, accepts = np.array([0.5, 0.3, 0.2]), np.array([0.0, 1.0, 1.0])
    share = float(p @ accepts)
    for K in (2, 20):
        never = (1 - share) ** K
        want = (1 - never) * p * accepts / share + never * p * (1 - accepts) / (1 - share)
        np.testing.assert_allclose(Selection(accepts, K, "best")(p), want, atol=1e-15)


def test_mixtures_with_real_data_at_their_ends():
    keep = Selection(REWARD, 4)
    np.testing.assert_array_equal(population.retrained(P, keep, 3, 0), np.tile(P, (4, 1)))
    alone = population.retrained(P, keep, 3)
    np.testing.assert_allclose(population.retrained(P, keep, 3, 1e14), alone, rtol=1e-12)
    np.testing.assert_allclose(alone[2], keep(keep(P)), rtol=1e-14)
    end = population.retrained(P, Selection(REWARD, 2), 200, 0.5)[-1]
    np.testing.assert_allclose(end, (0.207312813381, 0.226114188023, 0.250650325405, 0.315922673190), atol=1e-12)


def test_infinite_choice_alone_tilts_by_the_reward():
    p = np.array([0.4, 0.3, 0.2, 0.1])
    tilted = p * np.exp(7 * np.asarray(REWARD))
    np.testing.assert_allclose(population.retrained(p, Selection(REWARD, math.inf), 7)[-1], tilted / tilted.sum())


@pytest.mark.parametrize("eta", [0, 1e-9, 0.2, 0.9])
def test_the_equilibrium_is_where_the_map_rests(eta):
    rng = np.random.default_rng(5)
    for s in (1, 2, 6):
        p, reward = rng.dirichlet(np.ones(s)), rng.normal(scale=2, size=s)
        q = population.equilibrium(p, reward, eta)
        again = population.retrained(p, Selection(reward, math.inf), 1, eta / (1 - eta), q)[-1]
        np.testing.assert_allclose(again, q, rtol=1e-10, atol=1e-14)
    np.testing.assert_allclose(population.equilibrium((0.0, 0.4, 0.6), (9.0, 0.0, 1.0), 0.5)[0], 0)


def test_models_that_train_each_other_settle_where_the_solve_says():
    rng = np.random.default_rng(0)
    Q, m = 0.3 * rng.uniform(size=(3, 3)), rng.normal(size=3)
    path = population.affine(m, Q, np.zeros(3), 200)
    np.testing.assert_allclose(path[-1], np.linalg.solve(np.eye(3) - Q, m), rtol=1e-12)
    np.testing.assert_array_equal(path[1], m)


@pytest.mark.parametrize("rule", ["bradley-terry", "best"])
@pytest.mark.parametrize("K", [2, 7, math.inf])
def test_the_same_arithmetic_in_jax(rule, K):
    p = np.random.default_rng(1).dirichlet(np.ones(4), size=(3, 2))
    keep = Selection(REWARD, K, rule)
    with jax.enable_x64(True):
        traced = jax.jit(keep)(jnp.asarray(p))
        mapped = jax.vmap(jax.vmap(keep))(jnp.asarray(p))
        slope = jax.grad(lambda p: keep(p)[3])(jnp.asarray(p[0, 0]))
    np.testing.assert_allclose(traced, keep(p), rtol=1e-12)
    np.testing.assert_allclose(mapped, keep(p), rtol=1e-12)
    assert np.all(np.isfinite(slope))
    narrow = jax.jit(keep)(jnp.asarray(p, jnp.float32))
    assert narrow.dtype == jnp.float32
    np.testing.assert_allclose(narrow, keep(p), atol=20 * 2.0**-23)


@pytest.mark.usefixtures("untyped")
@pytest.mark.parametrize(
    ("call", "remedy"),
    [
        (lambda: Selection(REWARD, 0), "whole number from 1"),
        (lambda: Selection(REWARD, 2.5), "math.inf"),
        (lambda: Selection(REWARD, 10**7), "10\\^6"),
        (lambda: Selection(REWARD, 2, "worst"), "use 'bradley-terry' or 'best'"),  # pyright: ignore
        (lambda: Selection((0.0, math.nan), 2), "one finite number per symbol"),
        (lambda: Selection((0.0, 601.0), 2), "use rule='best'"),
        (lambda: Selection((), 2), "one finite number per symbol"),
        (lambda: Selection(REWARD, 2)(np.ones(3) / 3), "give one per symbol"),
        (lambda: population.retrained(P, Selection(REWARD), -1), "whole t >= 0"),
        (lambda: population.retrained(P, Selection(REWARD), 1, -0.5), "lam >= 0"),
        (lambda: population.retrained((0.5, 0.6), Selection((0.0, 1.0)), 1), "sum to 1"),
        (lambda: population.equilibrium(P, REWARD, 1.0), "eta < 1"),
        (lambda: population.affine([0.0], [[1.0, 0.0]], [0.0], 1), "give \\(K,\\)"),
        (lambda: population.affine([0.0], [[1.0]], [0.0], 10**14), "use a smaller t"),
    ],
)
def test_errors_name_the_remedy(call, remedy):
    with pytest.raises(ValueError, match=remedy):
        call()
