"""From a counterexample to the smallest one near by: small whole numbers, round real ones."""

from collections.abc import Callable, Iterator

from proofs_check.hunting.looks import Look
from proofs_check.hunting.space import Point, Space

KEPT = 0.01
"""A smaller counterexample is off by this share of the scale, or as much as the larger: else chains cannot tell."""


def shrunk(space: Space, found: Look, look: Callable[[Point], Look | None], most: int = 200) -> Look:
    """The simplest violation that single steps from a violation lead to.

    **Args**: `space`: whose axes know what is simpler; `found`: the violation; `look`: how a point is looked at, None
    when time is up; `most`: how many points, at most.

    **Returns**: a violation, `found` itself if there is none simpler.
    """
    needed = min(KEPT, found.off)
    seen, tried = {repr(found.point)}, 0
    again = True
    while again and tried < most:
        again = False
        for point in _simpler(space, found.point):
            if repr(point) in seen or not space.holds(point) or tried >= most:
                continue
            seen.add(repr(point))
            tried += 1
            now = look(point)
            if now is None:
                return found
            if now.word == "violated" and now.off >= needed:
                found, again = now, True
                break
    return found


def _simpler(space: Space, point: Point) -> Iterator[Point]:
    for axis in space.axes:
        for value in axis.simpler(point[axis.name]):
            yield {**point, axis.name: value}
