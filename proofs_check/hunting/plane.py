"""Two parameters around a point, and how near the statement is to failing over them."""

import itertools
import time
from dataclasses import dataclass

import numpy as np

from proofs_check.hunting.found import Found, shown
from proofs_check.hunting.looks import Look
from proofs_check.hunting.search import Search

SIDE = 17


@dataclass(frozen=True)
class Plane:
    """Looks over two parameters, or along one.

    **Args**: `names`: of the parameters; `x`, `y`: where each look lies; `shade`: of a bound the ratio, of an equality
    the logarithm (base 10) of how far it is off, none where it holds; `violated`: whether it fails there; `title`: the
    other parameters.
    """

    names: tuple[str, ...]
    x: np.ndarray
    y: np.ndarray
    shade: np.ndarray
    violated: np.ndarray
    title: str


def plane(found: Found, seconds: float = 10.0) -> Plane | None:
    """The map of a hunt: a lattice around its tightest point by law, or the points that chains looked at.

    **Args**: `found`: the hunt; `seconds`: how long further looks may take.

    **Returns**: None where there is nothing to draw.
    """
    search, centre = found.search, found.smallest or found.search.tightest
    numbers = [index for index, axis in enumerate(search.space.axes) if axis.width == 1]
    if centre is None or not numbers:
        return None
    until = time.perf_counter() + seconds
    if search.means == "law":
        chosen = sorted(sorted(numbers, key=lambda index: -_influence(search, centre, index))[:2])
        looks = _lattice(search, centre, chosen, until)
    else:
        chosen, looks = numbers[:2], search.decided
    looks = [look for look in looks if look.word in ("holds", "violated")]
    axes = [search.space.axes[index] for index in chosen]
    places = [[axis.number(look.point[axis.name]) for look in looks] for axis in axes]
    equality = search.claim.relation in ("==", "law")
    shade = [np.log10(max(look.off, 1e-12)) if equality else look.ratio for look in looks]
    rest = {name: value for name, value in centre.point.items() if name not in {axis.name for axis in axes}}
    violated = np.asarray([look.word == "violated" for look in looks], bool)
    shade = np.where(violated | (not equality), np.asarray(shade, float), np.nan)
    x = np.asarray(places[0], float)
    y = np.asarray(places[1], float) if len(axes) > 1 else shade
    return Plane(tuple(axis.name for axis in axes), x, y, shade, violated, shown(rest) if rest else "")


def _influence(search: Search, centre: Look, index: int) -> float:
    """How much the ratio changes along one parameter."""
    axis = search.space.axes[index]
    found = []
    for u in (0.1, 0.35, 0.65, 0.9):
        point = {**centre.point, axis.name: axis.place([u])}
        if search.space.holds(point):
            look = search.look(point, 6.0)
            found += [look.ratio] if look.word in ("holds", "violated") else []
    return float(np.ptp(found)) / (1e-9 + float(np.max(np.abs(found)))) if len(found) > 1 else -1.0


def _lattice(search: Search, centre: Look, chosen: list[int], until: float) -> list[Look]:
    axes = [search.space.axes[index] for index in chosen]
    steps = np.linspace(0, 1, SIDE if len(axes) > 1 else 6 * SIDE)
    values = [list(dict.fromkeys(axis.place([float(u)]) for u in steps)) for axis in axes]
    looks = []
    for pair in itertools.product(*values):
        point = {**centre.point, **{axis.name: value for axis, value in zip(axes, pair, strict=True)}}
        if time.perf_counter() > until:
            break
        if search.space.holds(point):
            looks.append(search.look(point, 6.0))
    return looks
