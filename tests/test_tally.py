"""The canonical order of reduction, against a slow recursion over dyadic ranges."""

from dataclasses import fields
from functools import reduce
from itertools import pairwise
from operator import add

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from collapse_jax.results.estimate import Moments4
from collapse_jax.results.tally import Tally, spans

SHAPE = (2, 1)


def block(index):
    """The summary of one block: any numbers that rounding can tell apart."""
    rng = np.random.default_rng(index)
    x = rng.standard_cauchy((*SHAPE, 5)) / 3
    mean = x.mean(-1)
    sums = [((x - mean[..., None]) ** k).sum(-1) for k in (2, 3, 4)]
    return Moments4(np.full(SHAPE, 5.0), mean, *sums, x.min(-1), x.max(-1), np.full(SHAPE, float(index % 2)))


def stack(first, number):
    blocks = [block(first + i) for i in range(number)]
    return Moments4(*(np.array([getattr(b, f.name) for b in blocks]).reshape(-1, *SHAPE) for f in fields(Moments4)))


def same_bits(a, b):
    return all(np.array_equal(getattr(a, f.name), getattr(b, f.name)) for f in fields(Moments4))


def identical(a, b):
    about = [(t.first, t.whole, t.partial, len(t.nodes)) for t in (a, b)]
    return about[0] == about[1] and all(map(same_bits, a.nodes, b.nodes))


def node(start, level):
    """A node by its definition."""
    return block(start) if level == 0 else node(start, level - 1) + node(start + (1 << level - 1), level - 1)


ranges = st.tuples(st.integers(0, 70) | st.integers(2**31 - 90, 2**31 - 60), st.integers(0, 40))


@settings(deadline=None, max_examples=60)
@given(ranges)
def test_spans_are_the_fewest_aligned_ranges(at):
    first, whole = at
    found = spans(first, whole)
    assert [b for start, level in found for b in range(start, start + (1 << level))] == list(
        range(first, first + whole)
    )
    assert all(start % (1 << level) == 0 for start, level in found)
    fewest = {first + whole: 0}
    for start in range(first + whole - 1, first - 1, -1):
        ends = (start + (1 << level) for level in range(7) if start % (1 << level) == 0)
        fewest[start] = 1 + min(fewest[end] for end in ends if end in fewest)
    assert len(found) == fewest[first]


@settings(deadline=None, max_examples=40)
@given(ranges, st.booleans())
def test_nodes_are_sums_of_halves(at, partial):
    first, whole = at
    tally = Tally.of(first, stack(first, whole + partial), partial)
    expected = [node(*span) for span in spans(first, whole)] + [block(first + whole)] * partial
    assert len(tally.nodes) == len(expected)
    assert all(map(same_bits, tally.nodes, expected))
    if expected:
        assert same_bits(tally.moments(SHAPE), reduce(add, expected))


@settings(deadline=None, max_examples=80)
@given(ranges, st.lists(st.integers(0, 40), max_size=6), st.booleans(), st.randoms(use_true_random=False))
def test_any_cut_joined_in_any_order_is_the_whole(at, cuts, partial, random):
    first, whole = at
    ends = sorted({min(cut, whole) for cut in cuts} | {0, whole})
    tallies = [Tally.of(first + a, stack(first + a, b - a)) for a, b in pairwise(ends)]
    tallies.append(Tally.of(first + whole, stack(first + whole, partial), partial))
    while len(tallies) > 1:
        i = random.randrange(len(tallies) - 1)
        tallies[i : i + 2] = [tallies[i] + tallies[i + 1]]
    assert identical(tallies[0], Tally.of(first, stack(first, whole + partial), partial))
    assert identical(tallies[0].without_partial(), Tally.of(first, stack(first, whole)))


@settings(deadline=None, max_examples=20)
@given(ranges)
def test_stacked_nodes_are_the_nodes(at):
    tally = Tally.of(at[0], stack(*at))
    stacked = tally.stacked(SHAPE)
    assert stacked.count.shape == (len(tally.nodes), *SHAPE)
    assert all(same_bits(stacked[i], each) for i, each in enumerate(tally.nodes))


def test_nodes_stay_few():
    assert len(spans(1, 2**31 - 2)) == 60
    assert len(spans(0, 2**31)) == 1


def test_nothing_is_neutral():
    nothing = Tally(3)
    assert same_bits(nothing.moments(SHAPE), Moments4.none(SHAPE))
    some = Tally.of(3, stack(3, 4), partial=True)
    assert identical(nothing + some, some)
    assert identical(some.without_partial() + Tally(6), some.without_partial())


@pytest.mark.parametrize("other", [Tally(2), Tally(5)])
def test_ranges_that_are_not_adjacent_do_not_join(other):
    with pytest.raises(ValueError, match="do not follow"):
        Tally.of(0, stack(0, 3)) + other


def test_nothing_follows_a_partly_filled_block():
    with pytest.raises(ValueError, match="do not follow"):
        Tally.of(0, stack(0, 3), partial=True) + Tally(3)


def test_the_number_of_nodes_is_checked():
    with pytest.raises(ValueError, match="2 nodes, not 1"):
        Tally(0, 3, (block(0),))
