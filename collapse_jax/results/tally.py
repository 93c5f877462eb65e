"""The canonical order of reduction: moments that do not depend on how a range of blocks was cut.

Sums in floating point depend on their order. A *node* is the sum over an aligned dyadic range
$[k 2^j, (k + 1) 2^j)$ of whole blocks, always its left half plus its right half; block indices are absolute. A range
of blocks is held as the fewest nodes that cover it, O(log blocks) of them, and adjacent ranges join by adding siblings.
Hence every layout of one range (devices, chunks, shards, resumption, continuation) gives the same bits.
"""

from dataclasses import dataclass, fields
from typing import Self

import numpy as np

from collapse_jax.results.estimate import Moments4

__all__ = ["Tally", "spans"]


def spans(first: int, whole: int) -> list[tuple[int, int]]:
    """(start, level) of the maximal aligned dyadic ranges that cover the blocks first .. first + whole - 1."""
    found, start, end = [], first, first + whole
    while start < end:
        level = (end - start).bit_length() - 1
        if start:
            level = min(level, (start & -start).bit_length() - 1)
        found.append((start, level))
        start += 1 << level
    return found


@dataclass(frozen=True, eq=False)
class Tally:
    """Moments of `whole` blocks from block `first` on, and of a partly filled one after them.

    `nodes` are those of `spans(first, whole)`, then the partly filled block if `partial`, which is never merged with
    others except in `moments`.
    """

    first: int
    whole: int = 0
    nodes: tuple[Moments4, ...] = ()
    partial: bool = False

    def __post_init__(self):
        expected = len(spans(self.first, self.whole)) + self.partial
        if len(self.nodes) != expected:
            raise ValueError(f"{self.whole} blocks from {self.first} on are {expected} nodes, not {len(self.nodes)}")

    @classmethod
    def of(cls, first: int, blocks: Moments4, partial: bool = False) -> Self:
        """The tally of the summaries of consecutive blocks, stacked along a leading axis; the last may be partial."""
        whole = len(blocks.count) - partial
        low, high, level = first, first + whole, blocks[:whole]
        left, right = [], [blocks[whole]] if partial else []
        while low < high:
            if low % 2:
                left.append(level[0])
                low, level = low + 1, level[1:]
            if high % 2 and low < high:
                right.append(level[-1])
                high, level = high - 1, level[:-1]
            if low < high:
                level = level[::2] + level[1::2]
            low, high = low // 2, high // 2
        return cls(first, whole, (*left, *reversed(right)), partial)

    def __add__(self, other: Self) -> Self:
        """This range and the one that follows it."""
        if self.partial or other.first != self.first + self.whole:
            raise ValueError(
                f"blocks from {other.first} on do not follow {self.whole} whole blocks from {self.first} on"
            )
        joined = list(zip(spans(self.first, self.whole), self.nodes, strict=True))
        last = other.nodes[-1:] if other.partial else ()
        for (start, level), node in zip(spans(other.first, other.whole), other.nodes, strict=False):
            while joined and joined[-1][0] == (start - (1 << level), level) and start >> level & 1:
                _, left = joined.pop()
                start, level, node = start - (1 << level), level + 1, left + node
            joined.append(((start, level), node))
        nodes = (*(node for _, node in joined), *last)
        return type(self)(self.first, self.whole + other.whole, nodes, other.partial)

    def without_partial(self) -> Self:
        """The whole blocks only."""
        return type(self)(self.first, self.whole, self.nodes[:-1]) if self.partial else self

    def moments(self, shape: tuple[int, ...]) -> Moments4:
        """Moments of all chains, arrays of `shape`: the nodes added from left to right."""
        if not self.nodes:
            return Moments4.none(shape)
        total = self.nodes[0]
        for node in self.nodes[1:]:
            total = total + node
        return total

    def stacked(self, shape: tuple[int, ...]) -> Moments4:
        """The nodes along a leading axis, as files hold them."""
        columns = ([getattr(node, item.name) for node in self.nodes] for item in fields(Moments4))
        return Moments4(*(np.stack(column) if column else np.zeros((0, *shape)) for column in columns))
