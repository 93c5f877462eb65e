"""Pictures: legends of what is drawn, error bars side by side, and how a picture is set."""

import numpy as np
import pytest
from matplotlib.figure import Figure as Canvas
from PIL import Image

from proofs_check.cli import main
from proofs_check.figure import Figure, Look, points, write
from proofs_check.marks import _boxes, key_legend, separate

BLUE, RED = {"color": "#0a2a5e", "marker": "o"}, {"color": "#a13a06", "marker": "s"}


def panels(number=1):
    return Canvas(figsize=(4, 3), layout="constrained").subplots(1, number, squeeze=False).ravel()


def names(ax):
    return [] if ax.get_legend() is None else [text.get_text() for text in ax.get_legend().get_texts()]


def test_a_legend_lists_what_some_panel_shows():
    left, right = panels(2)
    left.plot([1, 2], [1, 2], color=BLUE["color"], linestyle="--")
    right.errorbar([1], [1], [0.1], fmt="s", color=RED["color"])
    left.plot([1, 2], [np.nan, np.nan], linestyle=":")
    entries = [(BLUE, "blue"), (RED, "red"), ({"linestyle": "--"}, "dashed"), ({"linestyle": ":"}, "dotted"),
               ({"marker": "v", "linestyle": ""}, "triangles")]  # fmt: skip
    key_legend(left, [(BLUE | {"linestyle": "--"}, "blue"), *entries[1:]])
    assert names(left) == ["blue", "red", "dashed"]
    blue, red, _ = left.get_legend().legend_handles
    assert (blue.get_marker(), blue.get_linestyle()) == ("None", "--")
    assert (red.get_marker(), red.get_linestyle()) == ("s", "None")
    key_legend(right, entries[3:])
    assert names(right) == []


@pytest.mark.parametrize("scale", ["linear", "log"])
@pytest.mark.parametrize("series", [1, 2, 3, 5])
def test_error_bars_of_neighbours_stand_side_by_side(scale, series):
    [ax] = panels()
    ax.set_xscale(scale)
    x = np.array([1.0, 4.0, 16.0])
    for i in range(series):
        mean = x + 0.01 * i
        data = {"a_mean": mean, "a_lower": mean - 1, "a_upper": mean + 1}
        points(ax, x, data, "a", [BLUE, RED][i % 2])
    before = [_boxes(ax, one) for one in ax.containers]
    separate([ax])
    places = []
    for one, was in zip(ax.containers, before, strict=True):
        marks = one.lines[0]
        places.append(marks.get_transform().transform(np.c_[marks.get_xdata(), marks.get_ydata()])[:, 0])
        assert len(was) == 3
    gaps = np.diff(np.sort(np.array(places), 0), axis=0) * 72 / ax.figure.dpi
    assert np.all(gaps > 4.9)
    assert series == 1 or gaps.max() < 5.1


@pytest.mark.parametrize("scale", ["linear", "log"])
def test_marks_that_were_moved_are_not_cut(scale):
    [ax] = panels()
    ax.set_xscale(scale)
    ax.set_xlim(1, 100)
    for style in (BLUE, RED, BLUE):
        mean = np.array([0.0, 1.0])
        points(ax, np.array([1.0, 100.0]), {"a_mean": mean, "a_lower": mean - 1, "a_upper": mean + 1}, "a", style)
    separate([ax])
    for one in ax.containers[1:]:
        marks = one.lines[0]
        pixels = marks.get_transform().transform(np.c_[marks.get_xdata(), marks.get_ydata()])[:, 0]
        assert ax.bbox.x0 < pixels.min() < pixels.max() < ax.bbox.x1


def test_series_that_are_far_apart_stay_where_they_are():
    [ax] = panels()
    for height, style in ((0, BLUE), (50, RED)):
        mean = np.array([0.0, 1.0]) + height
        points(ax, np.array([1.0, 2.0]), {"a_mean": mean, "a_lower": mean - 1, "a_upper": mean + 1}, "a", style)
    separate([ax])
    assert all(one.lines[0].get_transform() == ax.transData for one in ax.containers)


def test_a_steep_series_stays_on_its_line():
    [ax] = panels()
    x = np.arange(1.0, 13.0)
    for mean, style in ((0 * x + 1e-3, BLUE), (10 * x, RED)):
        points(ax, x, {"a_mean": mean, "a_lower": mean - 1e-3, "a_upper": mean + 1e-3}, "a", style)
    mean = 10 * x
    points(ax, x, {"a_mean": mean, "a_lower": mean - 1e-3, "a_upper": mean + 1e-3}, "a", BLUE)
    ax.set_xlim(0, 200)
    separate([ax])
    assert all(one.lines[0].get_transform() == ax.transData for one in ax.containers)


def test_titles_have_the_size_of_all_figures():
    [ax], _ = TOY()
    assert ax.title.get_fontsize() == 9.5


def _draw(axes, data):
    axes[0].plot(data["x"], data["x"])
    axes[0].set_title("a title that is long enough to leave a narrow picture by far, if nothing is done")


TOY = Figure(
    "toy.one", "a line", lambda *, seed=0: {"x": np.arange(3.0)}, _draw, lambda config, data: "One line. " * 20
)


def test_how_a_picture_is_set(tmp_path):
    heights = {}
    for look in (Look(width=3), Look(style="ggplot", width=3, caption=False)):
        png, _, _, about = write(TOY, tmp_path, look=look)
        with Image.open(png) as image:
            if look.width:
                assert abs(image.width - 200 * look.width) <= 1
            heights[look] = image.height
        assert "One line." in about.read_text(), "the caption is kept beside the picture"
    with_caption, without = heights.values()
    assert with_caption > without


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--width", "0"), "use 2 to 50"),
        (("--width", "nan"), "use 2 to 50"),
        (("--style", "ggplott"), "did you mean ggplot"),
        (("--style", "/no/such/file"), "a name that matplotlib knows, or a file"),
    ],
)
def test_what_no_picture_has_is_refused_before_anything_is_simulated(capsys, tmp_path, arguments, says):
    assert main(["figure", "seddik2024.fig1", "--out", str(tmp_path), *arguments]) == 2
    error = capsys.readouterr().err
    assert says in error
    assert error.count("\n") == 1
    assert not list(tmp_path.iterdir())
