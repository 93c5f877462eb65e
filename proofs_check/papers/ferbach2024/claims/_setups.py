"""What the claims about curation share: one alphabet, its rewards, random cases, and moments of exp(reward)."""

import math

from collapse_jax.laws.domain import Integers, Interval, Probabilities, Real, domain

SETTING = domain(
    ("max(p) < 1", "len(p) <= len(reward) <= len(p)"),
    p=Probabilities,
    reward=Real,
    K=Integers(2, 10**6),
    lam=Interval("(0, oo)"),
)
P, REWARD = (0.25, 0.25, 0.25, 0.25), (0.0, 0.5, 1.0, 2.0)
ALIKE = (0.0, 0.02)
"""Rewards so close that the gain of Lemma 2.2 is nearly attained."""


def selection(reward, K=math.inf):
    from collapse_jax.laws.population import Selection

    return Selection(reward, K)


def retrained(p, reward, K, t, lam=math.inf):
    from collapse_jax.laws import population

    return population.retrained(p, selection(reward, K), t, lam)


def weights(reward):
    import numpy as np

    return np.exp(np.asarray(reward, float))


def moments(p, reward):
    """Mean and variance of exp(reward), and its largest value where p is positive."""
    import numpy as np

    p, w = np.asarray(p, float), weights(reward)
    mean = float(p @ w)
    return mean, float(p @ (w - mean) ** 2), float(w[p > 0].max())


def case(index):
    """Random probabilities, rewards and K: the same for the same index."""
    import numpy as np

    rng = np.random.default_rng(index)
    s = int(rng.integers(2, 7))
    return rng.dirichlet(np.ones(s)), tuple(rng.normal(scale=rng.uniform(0.05, 2), size=s)), int(rng.integers(2, 129))
