"""Data sets are a commutative monoid, and pooling is exact."""

import _oracle as oracle
import jax
import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from collapse_jax import data
from collapse_jax.data import Counts, Gram, Moments, Projections, Samples, Sums
from collapse_jax.numerics import triangle

ALPHA = oracle.alpha_of(10)
D = 3


@pytest.fixture(autouse=True, scope="module")
def _double():
    # Module scope: hypothesis runs many examples inside one function-scoped fixture.
    with jax.enable_x64(True):
        yield


def moments_of(x):
    """Count, mean and scatter of rows x (n, D), the scatter by NumPy's QR of scaled rows."""
    n = len(x)
    mean = x.mean(0) if n else np.zeros(D)
    centred = x - mean
    scale = np.abs(centred).max() if n and np.abs(centred).max() > 0 else 1.0
    padded = np.concatenate([centred / scale, np.zeros((D, D))])
    exponent = np.floor(np.log2(scale))
    factor = np.linalg.qr(padded, mode="r").T * scale * 2.0**-exponent
    return Moments(*(jnp.asarray(a, float) for a in (n, mean, exponent, factor[np.tril_indices(D)])))


def rows(seed, n, exponent, same=False):
    x = np.random.default_rng(seed).normal(size=(n, D)) + 1
    return (np.repeat(x[:1], n, 0) if same and n else x) * 10.0**exponent


pool = jax.jit(lambda a, b: a + b)
case = st.tuples(st.integers(0, 10**6), st.integers(0, 6), st.booleans())


def assert_describes(moments, x):
    """Relative to the size of the data, rounding apart, the moments are those of the rows x."""
    assert moments.count == len(x)
    if not len(x):
        return
    unit = np.abs(x).max()
    np.testing.assert_allclose(moments.mean / unit, (x / unit).mean(0), atol=1e-13)
    factor = np.asarray(triangle.unpack(moments.factor)) * 2.0 ** (np.asarray(moments.exponent) - np.log2(unit))
    centred = x / unit - (x / unit).mean(0)
    np.testing.assert_allclose(factor @ factor.T, centred.T @ centred, atol=1e-13 * len(x))


@settings(deadline=None, max_examples=40)
@given(case, case, case, st.sampled_from([0, -200, 150]))
def test_pooled_moments_are_moments_of_the_pool(a, b, c, exponent):
    x, y, z = (rows(seed, n, exponent, same) for seed, n, same in (a, b, c))
    ma, mb, mc = moments_of(x), moments_of(y), moments_of(z)
    assert_describes(pool(ma, mb), np.concatenate([x, y]))
    assert_describes(pool(mb, ma), np.concatenate([x, y]))
    assert_describes(pool(pool(ma, mb), mc), np.concatenate([x, y, z]))
    assert_describes(pool(ma, pool(mb, mc)), np.concatenate([x, y, z]))
    assert_describes(pool(ma, mb.none()), x)
    assert_describes(pool(ma.none(), mb), y)
    assert pool(ma.none(), mb.none()).count == 0


def test_a_small_group_does_not_vanish_beside_a_large_one():
    # Scatters of e^-900 and e^0 pool without underflow to NaN, and pooling tiny groups keeps their size.
    x, y = rows(1, 5, -200), rows(2, 5, 0)
    assert_describes(pool(moments_of(x), moments_of(y)), np.concatenate([x, y]))
    tiny = pool(moments_of(x), moments_of(rows(3, 4, -200)))
    assert tiny.exponent < -400 / np.log(2)


@settings(deadline=None, max_examples=25)
@given(st.lists(st.integers(0, 1000), min_size=9, max_size=9))
def test_sums_counts_and_grams_form_a_commutative_monoid(numbers):
    values = jnp.asarray(numbers, float).reshape(3, 3)
    for make in (
        lambda v: Sums(v[0], v[1:]),
        Counts,
        lambda v: Gram(v[0], v[1] * jnp.ones(3), v[2] * jnp.ones(2)),
        lambda v: Projections(v[0], v[1], v[2:]),
    ):
        a, b, c = map(make, values)
        for left, right in (((a + b) + c, a + (b + c)), (a + b, b + a), (a + a.none(), a)):
            assert all(
                jnp.array_equal(p, q) for p, q in zip(jax.tree.leaves(left), jax.tree.leaves(right), strict=True)
            )
        assert a.reserve(5) is a


def of(values):
    return Samples.of(jnp.asarray(values, float), 1)


def test_samples_reserve_and_append():
    first, second = np.arange(6.0).reshape(2, 3), 10 + np.arange(6.0).reshape(2, 3)
    pool_ = of(first).reserve(3)
    assert pool_.slots == 9
    assert pool_.number == 3
    np.testing.assert_array_equal(pool_.total(pool_.values), first.sum(1))
    pool_ = pool_.append(of(second))
    assert pool_.number == 6
    np.testing.assert_array_equal(pool_.values[:, :6], np.concatenate([first, second], 1))
    np.testing.assert_array_equal(pool_.total(pool_.values), (first + second).sum(1))
    joined = of(first) + of(second)
    np.testing.assert_array_equal(joined.values, pool_.values[:, :6])
    assert joined.number == 6


@pytest.mark.grid
def test_samples_of_a_schedule_leave_slots_empty():
    a, b = of(np.ones((2, 4))).first(jnp.asarray(2)), of(np.full((2, 4), 5.0)).first(3)
    pooled = a.reserve(2).append(b)
    assert pooled.number == 5
    np.testing.assert_array_equal(pooled.total(pooled.values), [17.0, 17.0])
    picked = pooled.subsample(jax.random.key(0), 5, False)
    np.testing.assert_array_equal(np.sort(picked.values), np.tile([1.0, 1, 5, 5, 5], (2, 1)))


@pytest.mark.parametrize(("replace", "few"), [(False, 2048), (False, 0), (True, 0)], ids=["Floyd", "sorted", "replace"])
def test_subsample_picks_present_slots_uniformly(replace, few, monkeypatch):
    monkeypatch.setattr(data, "_FEW", few)
    chains, n = 8000, 3
    values = np.tile(np.arange(8.0), (chains, 1))
    present = np.array([True, False, True, True, True, False, True, False])
    samples = Samples(jnp.asarray(values), jnp.asarray(present), jnp.int32(8), 1)
    picked = np.asarray(samples.subsample(jax.random.key(1), n, replace).values).astype(int)
    assert picked.shape == (chains, n)
    k = present.sum()
    distinct = (np.diff(np.sort(picked), axis=1) > 0).all(1)
    if replace:
        for column in picked.T:
            oracle.assert_counts(np.bincount(column, minlength=8), present / k, ALPHA)
        p = (1 - 1 / k) * (1 - 2 / k)
        oracle.assert_mean(distinct.mean(), np.sqrt(p * (1 - p) / chains), p, ALPHA)
    else:
        assert distinct.all()
        # Every 3-subset of the five present slots is as likely as any other.
        code = np.sort(picked) @ [64, 8, 1]
        subsets = np.unique(code)
        assert len(subsets) == 10
        oracle.assert_counts((code[:, None] == subsets).sum(0), np.full(10, 0.1), ALPHA)


def test_subsample_keeps_rows_together():
    x = jnp.arange(24.0).reshape(2, 4, 3)
    samples = Samples.of((x, x[..., 0]), 1)
    picked, label = samples.subsample(jax.random.key(0), 2, False).values
    np.testing.assert_array_equal(picked[..., 0], label)
    np.testing.assert_array_equal(picked[..., 1], label + 1)


@pytest.mark.slow
def test_chains_pick_independently():
    values = jnp.tile(jnp.arange(40.0), (50, 1))
    picked = Samples.of(values, 1).subsample(jax.random.key(2), 20, False).values
    assert len(np.unique(np.asarray(picked), axis=0)) == 50
