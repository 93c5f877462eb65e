"""Legends that list what is drawn, and error bars of several series that do not cover each other."""

from collections.abc import Mapping
from typing import Any

import numpy as np

__all__ = ["key_legend", "separate"]

_GREY = "#333333"
_APART = 5.0  # points between marks of one place: a marker and its edge
_SHIFTS = (0, 1, -1, 2, -2)


def key_legend(ax: Any, entries: list[tuple[dict[str, Any], str]], **place: Any) -> None:
    """A legend of line and marker kinds, grey unless a colour is given: of those that some panel shows.

    **Args**: `entries`: properties of a `Line2D`, and what it stands for; `place`: options of `Axes.legend`.
    """
    from matplotlib.lines import Line2D

    panels = ax.figure.axes
    handles = [
        Line2D(
            [],
            [],
            **{"color": _GREY, "linewidth": 1.2, "markersize": 4, "markerfacecolor": "white", **kind},
            label=name,
        )
        for style, name in entries
        if (kind := _drawn(panels, style)) is not None
    ]
    if handles:
        ax.legend(handles=handles, **{"frameon": False, "fontsize": 7.5, **place})


def _drawn(panels: Any, style: Mapping[str, Any]) -> dict[str, Any] | None:
    """The parts of a style, line and marker, that some panel shows; None if it shows neither."""
    from matplotlib.colors import same_color
    from matplotlib.lines import Line2D

    wanted, colour = Line2D([], [], **style), style.get("color")
    lines = [line for panel in panels for line in panel.lines if colour is None or same_color(line.get_color(), colour)]
    lines = [line for line in lines if np.isfinite(np.asarray(line.get_ydata(), float)).any()]
    line, marker = wanted.get_linestyle(), wanted.get_marker()
    has_line = line != "None" and any(one.get_linestyle() == line for one in lines)
    has_marker = marker != "None" and any(one.get_marker() == marker for one in lines)
    if not has_line and not has_marker:
        return None
    kept = dict(style)
    if not has_line:
        kept["linestyle"] = ""
    if not has_marker:
        kept.pop("marker", None)
    return kept


def separate(axes: Any) -> None:
    """Move series with error bars aside, by a few points, where they would cover those of another one.

    Marks of a steep series stay where they are, as beside its line they would seem to miss it. A panel is made wide
    enough for what was moved.

    **Args**: `axes`: panels of one figure, on which everything is drawn.
    """
    axes[0].figure.draw_without_rendering()  # limits and layout are final after that
    for ax in axes:
        taken: list[np.ndarray] = []
        for series in ax.containers:
            if not getattr(series, "has_yerr", False):
                continue
            boxes = _boxes(ax, series)
            width = _APART * ax.figure.dpi / 72
            moved = [_aside(boxes, k * width) for k in _SHIFTS]
            faults = [
                sum(_overlaps(one, other, width) for other in taken) + _astray(boxes, one, width) for one in moved
            ]
            best = int(np.argmin(faults))
            taken.append(_aside(boxes, _SHIFTS[best] * width))
            if best:
                _move(ax, series, _SHIFTS[best] * _APART)
                _make_room(ax, taken[-1], width)


def _make_room(ax: Any, boxes: np.ndarray, width: float) -> None:
    """Widen the limits of x so that marks at these pixels, where they were in sight, are not cut."""
    left, right = ax.bbox.x0, ax.bbox.x1
    places = boxes[:, 0]
    seen = places[(places > left - 3 * width) & (places < right + 3 * width)]
    if not seen.size or ax.xaxis_inverted():
        return
    room = min(left, seen.min() - 0.8 * width), max(right, seen.max() + 0.8 * width)
    if room != (left, right):
        middle = ax.bbox.y0
        ax.set_xlim(*(ax.transData.inverted().transform((pixel, middle))[0] for pixel in room))


def _aside(boxes: np.ndarray, by: float) -> np.ndarray:
    return boxes + np.array([by, 0, 0])


def _boxes(ax: Any, series: Any) -> np.ndarray:
    """Place, lower and upper end of every bar, in pixels, (bars, 3)."""
    ends = np.asarray([[path[0], path[-1]] for path in series.lines[2][0].get_segments()]).reshape(-1, 2, 2)
    low, high = ax.transData.transform(ends[:, 0]), ax.transData.transform(ends[:, 1])
    boxes = np.stack([low[:, 0], np.minimum(low[:, 1], high[:, 1]), np.maximum(low[:, 1], high[:, 1])], -1)
    return boxes[np.isfinite(boxes).all(-1)]


def _overlaps(a: np.ndarray, b: np.ndarray, width: float) -> int:
    """How many pairs of bars, with marks of this width, overlap."""
    near = np.abs(a[:, None, 0] - b[None, :, 0]) < 0.99 * width
    meet = (a[:, None, 1] < b[None, :, 2] + width) & (b[None, :, 1] < a[:, None, 2] + width)
    return int(np.sum(near & meet))


def _astray(boxes: np.ndarray, moved: np.ndarray, width: float) -> int:
    """How many bars would leave the line through their own middles, by more than a marker is high."""
    order = np.argsort(boxes[:, 0])
    x, y = boxes[order, 0], boxes[order, 1:].mean(-1)
    if len(x) < 2 or np.any(np.diff(x) <= 0):
        return 0
    at = moved[order]
    piece = np.clip(np.searchsorted(x, at[:, 0]) - 1, 0, len(x) - 2)  # its first and last piece go on beyond the ends
    line = y[piece] + (at[:, 0] - x[piece]) * (y[piece + 1] - y[piece]) / (x[piece + 1] - x[piece])
    return int(np.sum((line < at[:, 1] - 0.7 * width) | (line > at[:, 2] + 0.7 * width)))


def _move(ax: Any, series: Any, points: float) -> None:
    from matplotlib.transforms import ScaledTranslation

    moved = ax.transData + ScaledTranslation(points / 72, 0, ax.figure.dpi_scale_trans)
    line, caps, bars = series.lines
    for artist in (line, *caps, *bars):
        artist.set_transform(moved)
