"""Figures for journals: their width, embedded fonts, a caption in LaTeX, and colours that every eye tells apart."""

import re

import numpy as np
import pytest

from proofs_check.figure import STYLES, Figure, Look, write
from proofs_check.journal import JOURNALS, apart, caption

LINE = Figure(
    "mine.line",
    "a line",
    lambda *, seed=0: {"y": np.arange(3.0)},
    lambda axes, data: axes[0].plot(data["y"], label="a line"),
    lambda config, data: "50 % of $x_1$ in mine_a.",
)


@pytest.mark.parametrize("name", sorted(JOURNALS))
def test_a_style_brings_its_width_letters_and_caption(tmp_path, name):
    paths = write(LINE, tmp_path, look=Look(style=name))
    assert [path.suffix for path in paths] == [".png", ".pdf", ".npz", ".json", ".tex"]
    pdf = paths[1].read_bytes()
    width = float(re.search(rb"/MediaBox \[ ?0 0 ([\d.]+)", pdf)[1]) / 72
    assert abs(width - JOURNALS[name][0]) < 0.02
    assert b"/Type3" not in pdf
    assert b"/FontFile2" in pdf
    assert r"\caption{50 \% of $x_1$ in mine\_a.}" in paths[4].read_text()


def test_a_width_of_ones_own_wins_and_a_style_of_matplotlibs_has_no_tex(tmp_path):
    assert Look(style="single", width=4).inches == 4
    assert Look(style="ggplot").inches is None
    assert len(write(LINE, tmp_path, look=Look(style="ggplot"))) == 4
    with pytest.raises(ValueError, match="no style 'neurip'; did you mean neurips"):
        Look(style="neurip")


def test_the_colours_of_curves_are_told_apart_by_every_eye():
    found = apart([style["color"] for style in STYLES])
    assert set(found) == {"normal", "protan", "deutan", "tritan", "grey"}
    assert min(found.values()) > 5  # twice what is just seen, with markers of five shapes besides
    assert apart(["#c80000", "#5c5c00"])["normal"] > 4 * apart(["#c80000", "#5c5c00"])["protan"]
    assert apart(["#000000", "#ffffff"])["normal"] == pytest.approx(100, abs=0.1)


def test_a_caption_keeps_its_formulas():
    assert "\\label{fig:a.b-c}" in caption("a.b_c", "x & y", "f.pdf")
    assert "x \\& y" in caption("a.b_c", "x & y", "f.pdf")
