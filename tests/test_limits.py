"""Limits of means: their level computed exactly for laws on two points, and what each licence allows."""

import numpy as np
import pytest
from scipy import stats

from collapse_jax.results.estimate import Moments4
from proofs_check.betting import against_bounded
from proofs_check.limits import Known, cut_limit, licensed_limit, show_more_variance, unseen

R = 2048
ALPHA = 1e-6


def of_hits(hits, low=0.0, high=1.0):
    """Moments of R chains of which so many are `high`."""
    k, width = np.asarray(hits, float), high - low
    share = k / R
    one, other = width * (1 - share), -width * share
    sums = [k * one**power + (R - k) * other**power for power in (2, 3, 4)]
    least, most = np.where(k < R, low, high), np.where(k > 0, high, low)
    return Moments4(np.full(k.shape, float(R)), low + width * share, *sums, least, most, np.zeros(k.shape))


def of_values(x):
    d = x - x.mean(0)
    zero = np.zeros(x.shape[1:])
    return Moments4(
        np.full(zero.shape, float(len(x))),
        x.mean(0), (d**2).sum(0), (d**3).sum(0), (d**4).sum(0), x.min(0), x.max(0), zero,
    )  # fmt: skip


@pytest.mark.sample(3)
@pytest.mark.parametrize("p", [0.3, 0.01, 0.003, 1 / R, 1 / (4 * R), 1e-6, 0.99, 0.9999])
@pytest.mark.parametrize("licence", ["bound", "variance", "both"])
def test_the_level_is_kept_exactly(p, licence):
    """Every number of hits is looked at: the probability of a wrong limit is a sum of binomial probabilities."""
    known = Known(
        *((0.0, 1.0) if licence != "variance" else ()), variance=None if licence == "bound" else np.asarray(p * (1 - p))
    )
    hits = np.arange(R + 1)
    moments, mass = of_hits(hits), stats.binom.pmf(hits, R, p)
    assert mass[licensed_limit(moments, "lower", known, ALPHA).values > p].sum() <= ALPHA
    assert mass[licensed_limit(moments, "upper", known, ALPHA).values < p].sum() <= ALPHA


@pytest.mark.grid
@pytest.mark.parametrize("p", [0.3, 0.003, 1 / R, 1 / (4 * R), 1e-6])
def test_without_a_licence_the_cut_mean_is_within(p):
    """The mean above 0 is cut off wherever its event has a probability below q; then it is 0, else p."""
    hits = np.arange(R + 1)
    q = unseen(R, ALPHA)
    mass, cut = stats.binom.pmf(hits, R, p), p if p >= q else 0.0
    assert mass[cut_limit(of_hits(hits), "upper", ALPHA, 1.0) < cut].sum() <= ALPHA
    assert mass[cut_limit(of_hits(hits), "lower", ALPHA, 1.0) > p].sum() <= ALPHA


def test_what_is_unseen_is_unseen_with_the_probability_said():
    assert (1 - unseen(R, 2 * ALPHA)) ** R == pytest.approx(ALPHA)


def test_limits_close_in_on_the_mean():
    """With a known range or variance the half-width is a small multiple of the normal one, of any number of chains."""
    for chains, most in ((1 << 13, 1.5), (1 << 20, 1.5)):
        x = stats.beta(2, 5).ppf((np.arange(chains) + 0.5) / chains)[:, None]
        moments = of_values(x)
        normal = stats.norm.isf(ALPHA) * moments.standard_error
        for known in (Known(0.0, 1.0), Known(variance=moments.variance)):
            upper, lower = (licensed_limit(moments, side, known, ALPHA).values for side in ("upper", "lower"))
            assert normal < upper - moments.mean < most * normal
            assert normal < moments.mean - lower < most * normal


def test_what_is_known_licenses_its_side_only():
    moments = of_values(stats.expon.ppf((np.arange(999) + 0.5) / 999)[:, None])
    assert licensed_limit(moments, "lower", Known(0.0), ALPHA).by == ["bound"]
    assert licensed_limit(moments, "upper", Known(0.0), ALPHA) == ([np.inf], [""])
    assert licensed_limit(moments, "lower", Known(), ALPHA).by == [""]
    relative = Known(0.0, relative=1.0)
    assert licensed_limit(moments, "upper", relative, ALPHA).by == ["variance"]
    assert 1 < licensed_limit(moments, "upper", relative, ALPHA).values < 1.5


def test_limits_of_a_constant_are_within_its_range():
    moments = of_hits(np.array([0]))
    upper, by = licensed_limit(moments, "upper", Known(0.0, 1.0), ALPHA)
    assert by == ["bound"]
    assert -np.log(ALPHA) / R < upper < 1.5 * -np.log(ALPHA) / R
    assert licensed_limit(moments, "lower", Known(0.0, 1.0), ALPHA).values == 0
    assert cut_limit(moments, "upper", ALPHA, 1.0) == 0


def test_huge_values_have_limits_or_none():
    x = 1e150 * (1 + 0.1 * stats.norm.ppf((np.arange(4096) + 0.5) / 4096)[:, None])
    with np.errstate(over="ignore", invalid="ignore"):
        moments = of_values(x)
    assert not np.isfinite(moments.m4)
    limit = cut_limit(moments, "upper", ALPHA, 1e150)
    assert 1e150 < limit <= moments.maximum


def test_the_capital_is_a_lower_bound_of_that_of_every_value():
    rng = np.random.default_rng(0)
    x = rng.beta(0.3, 2, size=(500, 1))
    m = 0.1
    f = np.concatenate([0.5 ** np.arange(18, 0, -1), [0.75, 0.9, 0.98]])
    true = np.log(np.mean(np.prod(1 + f * (x - m) / m, 0)))
    assert against_bounded(of_values(x), np.array([m]), 0.0, 1)[0] <= true + 1e-9


@pytest.mark.parametrize(("declared", "contradicted"), [(1.0, False), (2.0, False), (0.7, True), (1e-4, True)])
def test_a_variance_that_is_too_small_is_noticed(declared, contradicted):
    moments = of_values(stats.norm.ppf((np.arange(1 << 15) + 0.5) / (1 << 15))[:, None])
    known = Known(variance=np.array([declared]))
    lower, upper = (licensed_limit(moments, side, known, ALPHA).values for side in ("lower", "upper"))
    found = show_more_variance(moments, np.zeros(1), lower, upper, known.variance, ALPHA)
    assert bool(found[0]) is contradicted


def test_a_constant_with_a_declared_variance_has_limits():
    moments = of_values(np.ones((4096, 1)))
    known = Known(variance=np.array([1.0]))
    lower, upper = (licensed_limit(moments, side, known, ALPHA).values for side in ("lower", "upper"))
    assert 0.8 < lower < 1 < upper < 1.2


def test_each_generation_has_its_own_licence():
    """Where the declared variance is far below that of the range it gives the tighter limit, elsewhere the range does."""
    x = stats.uniform.ppf((np.arange(4096) + 0.5) / 4096)[:, None] * [1.0, 1.0, 0.02] + [0, 0, 0.5]
    known = Known(0.0, 1.0, variance=np.array([1.0, 1.0, 4e-5]))
    assert licensed_limit(of_values(x), "upper", known, ALPHA).by.tolist() == ["bound", "bound", "variance"]
