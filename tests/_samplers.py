"""What the tests of samplers share: draws of every precision and setting, and comparisons with a law.

A continuous sample is compared with its distribution function at 4,096 quantiles by the inequality of Dvoretzky, Kiefer
and Wolfowitz with Massart's constant, and at tails of 2^-k down to 20 expected draws by exact binomial tests. A result
in float32 is a rounded one: a threshold g there is a float32 number, and P(x <= g) is the law's mass below the middle
between g and its successor; nothing else is allowed for. Counts are compared by chi-square with neighbouring cells
pooled to 20 expected draws, and by the same inequality; in float32, cells that round to one number are one.

A million draws of every case by default, ten million with `-m slow`. Each comparison has the level `ALPHA`.
"""

import _oracle as oracle
import jax
import numpy as np
import pytest
from scipy import stats

from collapse_jax import random
from collapse_jax.random import Settings

ALPHA = oracle.alpha_of(600)  # at most 600 comparisons at either size
BLOCK = 10**6
# Name: (precision of the result, settings).
MODES = {
    "float32": ("float32", Settings()),
    "float64": ("float64", Settings()),
    "float64 of float32": ("float64", Settings(draws="float32")),
    "float32, rejection": ("float32", Settings(sampler="rejection")),
    "float64, rejection": ("float64", Settings(sampler="rejection")),
}
# Rejection in float32 is the same code as in float64, at another precision.
EVERY_MODE = [pytest.param(mode, marks=[pytest.mark.slow] * (mode == "float32, rejection")) for mode in MODES]
BY_DTYPE = ["float32", "float64"]
MADE = {}
OPTIONS = {}


def draw(mode, sampler, size, seed, *parameters):
    """`size` draws of `sampler(key, *parameters, shape, dtype)` in blocks, parameters traced; one program per sampler."""
    dtype, settings = MODES[mode]
    made = mode, sampler, min(size, BLOCK)
    if made not in MADE:
        options = OPTIONS if size < BLOCK / 4 else None
        MADE[made] = jax.jit(lambda key, *values: sampler(key, *values, made[-1:], dtype), compiler_options=options)
    with random.using(settings):
        keys = random.split(random.key(seed), max(size // BLOCK, 1))
        sample = np.concatenate([np.asarray(MADE[made](key, *parameters)) for key in keys])
    assert sample.dtype == dtype
    return sample


def known(sampler, *parameters):
    """A sampler whose parameters are known when the program is made."""
    return lambda key, shape, dtype: sampler(key, *parameters, shape, dtype)


def follows(law, sample, narrow, alpha=ALPHA):
    """Whether every comparison of the sample with the law passes; `narrow`: its numbers are rounded to float32."""
    number = len(sample)
    tail = 0.5 ** np.arange(1, np.log2(number / 20))
    low, middle, high = law.ppf(tail), law.ppf(np.arange(1, 4096) / 4096), law.isf(tail)
    thresholds = np.concatenate([low, middle, high])
    if narrow:
        thresholds = thresholds.astype("float32")
        limits = (thresholds.astype(float) + np.nextafter(thresholds, np.float32(np.inf)).astype(float)) / 2
        smallest = np.finfo("float32").tiny  # below it XLA may or may not flush to zero
    else:
        limits, smallest = thresholds, np.finfo(float).tiny
    below = np.searchsorted(np.sort(sample), thresholds, side="right")
    counted = abs(limits) >= smallest
    distance = abs(below / number - law.cdf(limits))[counted].max()
    bodies = distance <= np.sqrt(np.log(2 / alpha) / (2 * number))
    tails = np.concatenate([
        _two_sided(below[: len(tail)], number, law.cdf(limits[: len(tail)]))[counted[: len(tail)]],
        _two_sided(number - below[-len(tail) :], number, law.sf(limits[-len(tail) :]))[counted[-len(tail) :]],
    ])  # fmt: skip
    return bool(np.all(np.isfinite(sample)) and bodies and tails.min(initial=1) * 2 * len(tail) > alpha)


def _two_sided(count, number, probability):
    return 2 * np.minimum(stats.binom.cdf(count, number, probability), stats.binom.sf(count - 1, number, probability))


def narrow(mode):
    dtype, settings = MODES[mode]
    return "float32" in (dtype, settings.draws)


def follows_counts(values, probabilities, sample, alpha=ALPHA):
    """Whether the sample has this law: chi-square of pooled neighbours, the distribution function, and its support."""
    cells, place = np.unique(values.astype(sample.dtype), return_inverse=True)
    expected = len(sample) * np.bincount(place, probabilities)
    found, counts = np.unique(sample, return_counts=True)
    index = np.searchsorted(cells, found)
    if np.any(index == len(cells)) or np.any(cells[index] != found):
        return False
    observed = np.bincount(index, counts, len(cells))
    if np.any(observed[expected == 0] > 0):
        return False
    assert abs(expected.sum() / len(sample) - 1) < 1e-6, "the law of reference is incomplete"
    distance = abs(np.cumsum(observed - expected)).max() / len(sample)
    if distance > np.sqrt(np.log(2 / alpha) / (2 * len(sample))) + 1e-6:
        return False
    # A new cell begins where the expected number of draws so far passes a multiple of 20; what is left joins the last.
    observed, expected = observed[expected > 0], expected[expected > 0]
    pool = np.floor(np.cumsum(expected) / 20).astype(int)
    pool = np.minimum(np.concatenate([[0], pool[:-1]]), max(pool[-1] - 1, 0))
    observed, expected = (np.bincount(np.unique(pool, return_inverse=True)[1], x) for x in (observed, expected))
    if len(observed) == 1:
        return True
    return bool(stats.chisquare(observed, expected * observed.sum() / expected.sum()).pvalue > alpha)


def law_of_counts(law, most=np.inf):
    """The support of a binomial or Poisson law, but for 1e-20 by Bernstein's inequality, and its probabilities."""
    reach = 10 * law.std() + 50
    values = np.arange(max(np.floor(law.mean() - reach), 0), min(np.ceil(law.mean() + reach), most) + 1)
    return values, law.pmf(values)
